"""The experiment that self-check and grader share: trials, observations, judges."""
