"""The result format: defined, read and written here alone."""
