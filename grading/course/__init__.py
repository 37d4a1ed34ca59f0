"""Decisions of a course: points, deadlines, overrides, comments; final grades; differences of two gradings."""
