"""Assignments: one folder for each notebook, and the vocabulary in which their authors write."""
