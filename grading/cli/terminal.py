"""Output at a terminal: a student's text without control characters, and a mark for each status."""

from __future__ import annotations

import typer
from rich import markup

from cs231n.sentences import plain

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


def escape(text: object) -> str:
    """Return a text for a rich console: `plain`, and no markup."""
    return markup.escape(plain(text))


def say(text: object, *, err: bool = False) -> None:
    """Print a line."""
    typer.echo(plain(text), err=err)


def say_error(error: object) -> None:
    """Print why a command has ended."""
    typer.secho(f"error: {plain(error)}", fg="red", err=True)
