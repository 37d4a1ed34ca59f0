"""The verdict on one submission: functions are tried, observed, judged, diagnosed."""
