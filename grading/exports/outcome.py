"""Outcome of one function as others show it: HTML below an autograder cell, Markdown in a comment, plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import escape

from cs231n.language import said
from cs231n.sentences import sentence
from grading.results.definition import CheckResult, FunctionResult
from grading.results.text import harmless, number, prose

MARKS = {
    "pass": ("✓", "#1a7f4b"),
    "fail": ("✗", "#b3261e"),
    "error": ("!", "#b3261e"),
    "timeout": ("⏱", "#b3261e"),
    "skipped": ("·", "#777"),
}
_HARD_BREAK = "  \n"  # of Markdown
_CELL = "text-align:left;vertical-align:top;padding:1px 10px 1px 0"


def as_text(function: FunctionResult) -> str:
    """Return the outcome as lines: points, the named mistake, and a line for each check."""
    lines = [_headline(function)]
    if function.diagnosis:
        lines += [f"{function.diagnosis.headline}{said('.')}", function.diagnosis.hint]
    for check in function.checks:
        why = "" if check.status == "pass" or not check.message else f": {_one_line(check.message)}"
        lines.append(f"{MARKS[check.status][0]} {check.title}{why}")
    return "\n".join(lines)


def as_html(function: FunctionResult) -> str:
    """Return the outcome as a small table; whatever came from the student's code is escaped."""
    mistake = ""
    if function.diagnosis:
        mistake = (
            f"<p><b>{prose(function.diagnosis.headline)}{said('.')}</b> {prose(function.diagnosis.hint)}</p>"
        )
    rows = "".join(_row(check) for check in function.checks)
    return (
        f'<div><b>{escape(_headline(function))}</b>{mistake}<table style="margin:4px 0">{rows}</table></div>'
    )


def _row(check: CheckResult) -> str:
    mark, colour = MARKS[check.status]
    points = said("{points} of {most}", points=number(check.points), most=number(check.max_points))
    note = "" if check.status == "pass" else escape(_one_line(check.message))
    return (
        f'<tr><td style="{_CELL};color:{colour};font-weight:600">{mark}</td>'
        f'<td style="{_CELL};white-space:nowrap">{points}</td>'
        f'<td style="{_CELL}">{prose(check.title)}</td><td style="{_CELL};color:#777">{note}</td></tr>'
    )


def as_comment(function: FunctionResult, notes: Iterable[str] = ()) -> str:
    """Return the outcome as Markdown for nbgrader's comment field, which is shown to the student as HTML.

    Parameters
    ----------
    function : FunctionResult
    notes : iterable of str
        Further sentences: why its points count otherwise, what is to be known of the submission.
    """
    lines = [f"{_headline(function)}{said('.')}"]
    if function.diagnosis:
        lines.append(f"**{function.diagnosis.headline}{said('.')}** {function.diagnosis.hint}")
    if failed := list(_failed(function)):
        lines.append("\n".join(failed))
    lines += [
        said("Note: {note}", note=_HARD_BREAK.join(map(quoted, filter(str.strip, note.splitlines()))))
        for note in notes
    ]
    return "\n\n".join(lines)


def _failed(function: FunctionResult) -> Iterator[str]:
    for check in function.failed:
        yield f"- {check.title}" + (f": {quoted(check.message)}" if check.message else "")


def _headline(function: FunctionResult) -> str:
    return headline(function, function.score, function.max_score)


def headline(verdict: FunctionResult, score: float, most: float) -> str:
    """Return a function's status and points, those of its verdict or those that the course has made of them."""
    return said(
        "{name}: {status}, {points} of {most} points",
        name=verdict.name,
        status=sentence(verdict.status),
        points=number(score),
        most=number(most),
    )


def _one_line(text: str) -> str:
    return " ".join(harmless(text).split())


def quoted(text: str) -> str:
    """Set text that may be a student's as code, in which Markdown and HTML mean nothing."""
    return f"`{_one_line(text).replace('`', chr(0x27))}`"
