"""Whose functions are alike beyond what the task makes alike: read from a graded folder, shown with its evidence."""
