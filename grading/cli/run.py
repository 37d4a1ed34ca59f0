"""One call of the command line: how it begins, and how it ends where something is wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from cs231n.language import said
from cs231n.sentences import plain
from grading.cli.app import app
from grading.cli.terminal import say, say_error, with_help_shown
from grading.course.settings import use_language
from grading.errors import KitError

# No room is left, on the disk or for this user.
_FULL = (errno.ENOSPC, errno.EDQUOT)


def _check_folders() -> None:
    try:
        Path.cwd()
    except OSError as error:
        raise KitError("the current folder does not exist any more: change to one that does") from error
    try:
        tempfile.gettempdir()
    except OSError as error:
        raise KitError(
            "no temporary file can be made: make room in /tmp, or set TMPDIR to a folder that has it"
        ) from error


def _check_options() -> None:
    """Refuse options with control characters: such are names of files that a shell has put in the place of `*`."""
    for argument in sys.argv[1:]:
        if argument.startswith("-") and plain(argument) != argument:
            raise KitError("{argument} is no option: write ./* if it is a file's name", argument=argument)


def language_asked(arguments: Sequence[str]) -> str | None:
    """Return what follows --language: help and errors are shown before the command has read its options."""
    for number, argument in enumerate(arguments):
        name, sign, value = argument.partition("=")
        if name == "--language":
            return value if sign else next(iter(arguments[number + 1 :]), None)
    return None


def _leave_at_once() -> None:
    """End this process: to take apart all that torch has loaded would keep a person who stopped it for seconds."""
    worker = sys.modules.get("grading.classroom.worker")
    if worker is not None and hasattr(worker, "close_sandboxes"):  # it may be half imported
        worker.close_sandboxes()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(130)


def main() -> None:
    """Run the command line; a user's mistake is one sentence and exit status 2."""
    try:
        _check_folders()
        with contextlib.suppress(KitError):  # the command that reads the course's file says what is wrong
            use_language(language_asked(sys.argv[1:]))
        _check_options()
        with_help_shown(typer.main.get_command(app))()
    except KitError as error:
        say_error(error)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:  # Ctrl-C
            typer.secho(said("stopped"), fg="yellow", err=True)
            _leave_at_once()
        raise
    except Exception as error:
        from cs231n.datasets.registry import DataError

        if isinstance(error, DataError):
            say_error(error)
            sys.exit(2)
        if isinstance(error, OSError) and error.errno in _FULL:
            where = error.filename2 or error.filename or tempfile.gettempdir()
            say_error(
                KitError(
                    "{where} cannot be written ({why}): make room there; temporary files go where TMPDIR says",
                    where=where,
                    why=error.strerror,
                )
            )
            sys.exit(2)
        say(traceback.format_exc(), err=True)  # not by Python itself: the message may be a student's words
        sys.exit(1)
