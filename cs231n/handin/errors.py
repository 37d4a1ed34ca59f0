"""The error of reading what was handed in."""


class UnreadableError(Exception):
    """A file that cannot be read as a student's work; the message names it, says what it is and what to do."""
