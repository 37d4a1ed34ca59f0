"""One submission: what was asked is tried, observed, judged, diagnosed."""
