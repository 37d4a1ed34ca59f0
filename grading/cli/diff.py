"""The command `diff`: a table of who changes between two gradings, the greatest change first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cs231n.language import said, shown
from cs231n.sentences import sentence
from grading.cli.terminal import escape, marked_up
from grading.course.diff import TEXTS, Comparison, StudentChange, compare
from grading.results.definition import ASPECTS, NOT_SAID, Grader, aspect_in_words


def diff_command(old: Path, new: Path, as_json: bool) -> int:
    """Compare two gradings. Returns the exit status: 0 if nothing differs, 1 if something does."""
    comparison = compare(old, new)
    console = Console()
    if as_json:
        text = json.dumps(comparison.as_json(), indent=1, ensure_ascii=True)
        console.out(text, highlight=False)
    else:
        _show(comparison, console)
    return 0 if comparison.equal else 1


def _show(comparison: Comparison, console: Console) -> None:
    changes = [student for student in comparison.students if not student.in_words_only]
    if changes:
        console.print(_table(changes))
    for line in _how_made(comparison):
        console.print(line, soft_wrap=True, highlight=False)
    in_words = len(comparison.students) - len(changes)
    if in_words:
        console.print(
            marked_up(
                "{in_words} of {compared}: only what is said differs, no points",
                in_words=in_words,
                compared=comparison.compared,
            )
        )
    changed = sum(bool(student.difference) for student in comparison.students)
    before, after = comparison.means
    counts = {"changed": changed, "compared": comparison.compared, "before": before, "after": after}
    if comparison.students:
        line = marked_up(
            "{changed} of {compared} change in points, mean {before:.1f} → {after:.1f}", **counts
        )
    else:
        line = marked_up("the verdicts of {compared} are the same", compared=comparison.compared)
    console.print(line)


def _table(students: list[StudentChange]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column(said("student"), overflow="fold")
    for heading in (said("before"), said("after"), said("change")):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(said("why"), overflow="fold")
    for student in students:
        colour = "green" if student.difference > 0 else "red" if student.difference < 0 else "dim"
        table.add_row(
            escape(student.student),
            _points(student.before),
            _points(student.after),
            f"[{colour}]{student.difference:+g}[/]" if student.difference else "",
            "\n".join(_reasons(student)),
        )
    return table


def _reasons(student: StudentChange) -> list[str]:
    lines = [escape(shown(why)) for why in student.why]
    for change in student.functions:
        if change.why != (TEXTS,):
            points = (
                f"{_points(change.before)} → {_points(change.after)}" if change.before != change.after else ""
            )
            why = ", ".join(map(shown, change.why))
            lines.append(f"[bold]{escape(change.function)}[/] {points + '; ' if points else ''}{escape(why)}")
    return lines


def _how_made(comparison: Comparison) -> list[str]:
    """Say in what the two were graded otherwise, for then a change may come of that; and in what alike."""
    before, after = (_ways(made) for made in comparison.graders)
    lines, alike = [], []
    for aspect in before:
        if before[aspect] == after[aspect]:
            alike.append(shown(aspect_in_words(aspect, before[aspect])))
        elif before[aspect] and after[aspect]:
            is_only_code = aspect == "code" and before["version"] == after["version"]
            how = sentence("graded with another {aspect}", aspect=ASPECTS[aspect])
            how = sentence("same version, other code") if is_only_code else how
            ways = {"how": how, "before": before[aspect], "after": after[aspect]}
            lines.append(marked_up("[yellow]{how}: {before} → {after}[/]", **ways))
    if any(before.values()) and alike:
        lines.append(marked_up("both graded with {ways}", ways=", ".join(alike)))
    return lines


def _ways(made: Sequence[tuple[Grader, int]]) -> dict[str, str]:
    """Return, for each aspect of how results came about, all there is of it in one folder."""
    return {
        aspect: " and ".join(sorted({getattr(grader, aspect) or NOT_SAID for grader, _ in made}))
        for aspect in Grader.__struct_fields__
    }


def _points(points: float | None) -> str:
    return "–" if points is None else f"{points:g}"
