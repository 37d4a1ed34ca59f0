"""The command `similar`: a table of the groups of submissions that are alike, and where their pages are."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from grading.assignments import registry
from grading.assignments.vocabulary.notebook import Notebook
from grading.cli.terminal import escape
from grading.course.course_toml import chosen_assignment
from grading.results.files import read_results
from grading.similar.pages import named, write_pages
from grading.similar.pairs import Comparison, Group, compare_class

SHOWN, MEMBERS, REASONS = 50, 6, 3


def similar_command(out: Path, earlier: Path | None, assignment: str | None) -> None:
    """Compare the submissions of a graded folder; print who is alike and write the pages."""
    comparison = compare_class(out, earlier, _notebooks(out, assignment))
    page = write_pages(out, comparison)
    console = Console()
    if comparison.groups:
        console.print(_table(comparison))
    if (more := len(comparison.groups) - SHOWN) > 0:
        console.print(f"and {more} more groups")
    if comparison.unread:
        console.print(
            f"[yellow]not compared, no evidence beside the result: {escape(named(comparison.unread))}; "
            "grade them again[/]"
        )
    compared = f"{comparison.submissions} submissions"
    if comparison.earlier:
        compared += f" and {comparison.earlier} of the earlier class"
    console.print(
        f"{compared}: {len(comparison.groups)} groups are more similar than the class explains "
        "(a score over 100)"
    )
    console.print(f"evidence: {escape(page)}", soft_wrap=True)


def _notebooks(out: Path, assignment: str | None) -> list[Notebook]:
    """Return what was handed out: of the assignment that is named, else of those that the results name."""
    names = (
        [assignment] if assignment else list(dict.fromkeys(result.assignment for result in read_results(out)))
    )
    found = (registry.assignment(chosen_assignment(name)).notebooks for name in names)
    return list(dict.fromkeys(notebook for notebooks in found for notebook in notebooks))


def _table(comparison: Comparison) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("similar", overflow="fold")
    for heading in ("pairs", "score"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("most in", overflow="fold")
    for group in comparison.groups[:SHOWN]:
        names = named([f"{m.student} (earlier)" if m.year else m.student for m in group.members], MEMBERS)
        table.add_row(escape(names), str(group.count), f"{group.pairs[0].score:.0f}", escape(_most(group)))
    return table


def _most(group: Group) -> str:
    return ", ".join(f"{alike.function} {alike.kind}".strip() for alike in group.pairs[0].alike[:REASONS])
