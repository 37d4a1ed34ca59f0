"""Grading of a class: a map over submissions, with resume, cache and lock."""
