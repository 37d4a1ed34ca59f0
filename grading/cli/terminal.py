"""Output at a terminal: a student's text without control characters, and a mark for each status."""

from __future__ import annotations

import re

import typer
from rich import markup

# What moves a cursor, renames a window, turns text around or hides when a terminal shows it, and what cannot be
# encoded: halves of characters, as they stand for bytes of a file's name.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)

MARKS = {
    "correct": "[green]✓[/]",
    "pass": "[green]✓[/]",
    "partial": "[yellow]◐[/]",
    "wrong": "[red]✗[/]",
    "fail": "[red]✗[/]",
    "error": "[red]![/]",
    "timeout": "[red]⏱[/]",
    "stub": "[dim]·[/]",
    "missing": "[dim]–[/]",
    "skipped": "[dim]·[/]",
}


def plain(text: object) -> str:
    """Return a text, in which a student's words or names may be, without commands to the terminal.

    >>> plain("\\x1b[31mred\\x07")
    '�[31mred�'
    """
    return (
        _CONTROLS.sub("\ufffd", str(text).replace("\t", "    ")).encode("utf-8", "backslashreplace").decode()
    )


def escape(text: object) -> str:
    """Return a text for a rich console: `plain`, and no markup."""
    return markup.escape(plain(text))


def say(text: object, *, err: bool = False) -> None:
    """Print a line."""
    typer.echo(plain(text), err=err)


def say_error(error: object) -> None:
    """Print why a command has ended."""
    typer.secho(f"error: {plain(error)}", fg="red", err=True)
