"""Errors a user can meet: each says what was found, where, and what to do. They are shown without a traceback."""

from cs231n.sentences import as_sentence, sentence


class KitError(Exception):
    """A user's mistake, or something the machine lacks.

    The message is a sentence for a person: a template and its arguments, as `cs231n.sentences.sentence` takes them. It
    is English, and shown at the terminal in the language in use.
    """

    def __init__(self, template: str, /, **arguments: object) -> None:
        super().__init__(sentence(template, **arguments) if arguments else as_sentence(template))


class SubmissionError(KitError):
    """A submission that cannot be read or identified; names the file."""


class SandboxError(KitError):
    """Student code cannot be run safely on this machine, or the sandbox itself broke."""
