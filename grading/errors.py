"""Errors a user can meet: each says what was found, where, and what to do. They are shown without a traceback."""


class KitError(Exception):
    """A user's mistake, or something the machine lacks; the message is a sentence for a person."""


class SubmissionError(KitError):
    """A submission that cannot be read or identified; names the file."""


class SandboxError(KitError):
    """Student code cannot be run safely on this machine, or the sandbox itself broke."""
