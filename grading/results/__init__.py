"""The result format: defined, read and written here only."""
