"""From observations that are not right to the name of the mistake, or a description."""
