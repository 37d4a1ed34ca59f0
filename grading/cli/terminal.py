"""Output at a terminal: a student's text without control characters, and a mark for each status."""

from __future__ import annotations

import re

from rich import markup

# What moves a cursor, renames a window or turns text around when a terminal shows it.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

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


def escape(text: str) -> str:
    """Return a student's text as a terminal may show it: no markup, no commands to the terminal."""
    return markup.escape(visible(text))


def visible(text: str) -> str:
    """Return text without commands to the terminal, where there is no markup."""
    return _CONTROLS.sub("\ufffd", text).encode("utf-8", "backslashreplace").decode()
