"""Output at a terminal: a student's text without control characters, and a mark for each status."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import typer
from rich import markup

from cs231n.command_lines import in_words, words_in
from cs231n.language import ENGLISH, in_use, plural, said, shown
from cs231n.sentences import Sentence, plain
from grading.cli.typer_words import ERRORS, HELP

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


def marked_up(template: str, /, **arguments: object) -> str:
    """Return a line for a rich console in the language in use: markup is the template's alone."""
    shown_here = {
        name: shown(value) if isinstance(value, Sentence) else value for name, value in arguments.items()
    }
    return said(
        template,
        **{
            name: value if isinstance(value, int | float) else escape(value)
            for name, value in shown_here.items()
        },
    )


def count_of(count: int) -> str:
    """Return so many submissions, in words."""
    return plural("{count} submission", "{count} submissions", count).format(count=count)


def say(text: object, /, *, err: bool = False, **arguments: object) -> None:
    """Print a line in the language in use: a text, or a template and its arguments."""
    text = text if isinstance(text, str) else str(text)
    typer.echo(plain(said(text, **arguments) if arguments else shown(text)), err=err)


def with_help_shown(command: Any) -> Any:
    """Return a command of typer, its help, that of all below it and their errors in the language in use."""
    for described in (command, *command.params):
        if getattr(described, "help", None):
            described.help = shown(described.help)
    if in_use() != ENGLISH:
        command.rich_markup_mode = None  # a table would cut off what has no spaces to be broken at
        for told in ("get_usage", "get_help"):
            setattr(command, told, _with_words(getattr(command, told)))
        for step in ("make_context", "invoke"):
            setattr(command, step, _saying_errors(getattr(command, step)))
    for below in getattr(command, "commands", {}).values():
        with_help_shown(below)
    return command


def _with_words(told: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda context: words_in(told(context), HELP)


def _saying_errors(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return a step of a command that says itself, in the language in use, what typer would say in English."""

    def said_here(*args: Any, **kwargs: Any) -> Any:
        try:
            return step(*args, **kwargs)
        except typer.TyperException as error:
            told = io.StringIO()
            error.show(told)  # type: ignore[attr-defined]
            lines = (in_words(line, ERRORS) for line in told.getvalue().splitlines())
            typer.echo(plain("\n".join(lines)), err=True)
            raise typer.Exit(error.exit_code) from None

    return said_here


def say_error(error: Exception) -> None:
    """Print why a command has ended, in the language in use."""
    typer.secho(plain(said("error: {error}", error=error.args[0])), fg="red", err=True)
