"""The command `similar`: a table of the groups of submissions that are alike, and where their pages are."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from cs231n.language import said, translation
from grading.assignments import registry
from grading.assignments.vocabulary.notebook import Notebook
from grading.cli.terminal import count_of, escape, first_names, marked_up, say
from grading.course.course_toml import chosen_assignment
from grading.results.files import read_results
from grading.similar.pages import write_pages
from grading.similar.pairs import Comparison, Group, Submission, compare_class

SHOWN, MEMBERS, NAMES, REASONS = 50, 6, 20, 3


def similar_command(out: Path, earlier: Path | None, assignment: str | None) -> None:
    """Compare the submissions of a graded folder; print who is alike and write the pages."""
    comparison = compare_class(out, earlier, _notebooks(out, assignment))
    page = write_pages(out, comparison)
    console = Console()
    if comparison.groups:
        console.print(_table(comparison))
    if (more := len(comparison.groups) - SHOWN) > 0:
        say("and {count} more", count=more)
    if comparison.unread:
        template = "[yellow]not compared, no evidence beside the result: {students}; grade them again[/]"
        console.print(marked_up(template, students=first_names(comparison.unread, NAMES)))
    say(
        "{submissions}: {groups} groups are more similar than the class explains (a score over 100)",
        submissions=count_of(comparison.submissions + comparison.earlier),
        groups=len(comparison.groups),
    )
    say("evidence: {path}", path=page)


def _notebooks(out: Path, assignment: str | None) -> list[Notebook]:
    """Return what was handed out: of the assignment that is named, else of those that the results name."""
    names = (
        [assignment] if assignment else list(dict.fromkeys(result.assignment for result in read_results(out)))
    )
    found = (registry.assignment(chosen_assignment(name)).notebooks for name in names)
    return list(dict.fromkeys(notebook for notebooks in found for notebook in notebooks))


def _table(comparison: Comparison) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column(said("similar"), overflow="fold")
    for heading in (said("pairs"), said("score")):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(said("most in"), overflow="fold")
    for group in comparison.groups[:SHOWN]:
        names = first_names([_name(member) for member in group.members], MEMBERS)
        table.add_row(escape(names), str(group.count), f"{group.pairs[0].score:.0f}", escape(_most(group)))
    return table


def _name(member: Submission) -> str:
    return f"{member.student} {said('(earlier class)')}" if member.year else member.student


def _most(group: Group) -> str:
    return ", ".join(
        f"{alike.function} {translation(alike.kind)}".strip() for alike in group.pairs[0].alike[:REASONS]
    )
