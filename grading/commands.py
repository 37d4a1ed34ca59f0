"""What `grade` and `check` do at a terminal: progress, a table, and where to look next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from rich import markup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grading.course import DEMO_SEED
from grading.earlier import check_place, kept_results, stale_results
from grading.errors import KitError
from grading.grade import number
from grading.run import Settings, StoppedError, grade_class, grade_submission, prepare, use_one_thread
from grading.sandbox import DEFAULT_ISOLATION, Sandbox
from grading.sandbox.program import check_isolation
from grading.submission.discover import Submission, discover

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


# What a shell says of a command that Ctrl-C ended.
STOPPED = 130
NAMES_SHOWN = 5


def grade_command(paths: list[Path], out: Path, jobs: int, seed: str, isolation: str | None) -> int:
    """Grade submissions with a progress bar, write everything, and say where the page is.

    Returns
    -------
    int
        0, or `STOPPED`.
    """
    settings = Settings(seed, isolation or DEFAULT_ISOLATION, jobs)
    submissions = discover(paths)
    check_isolation(settings.isolation)
    check_place(out, submissions)
    kept = kept_results(out, submissions, settings)
    prepare(out)
    console = Console()
    try:
        results = _grade_with_bar(submissions, settings, out, console)
    except StoppedError as stopped:
        _tell_stopped(stopped, len(submissions), settings, out, console)
        return STOPPED
    if seed == DEMO_SEED:
        console.print("[yellow]seed: the demo's, which is public[/] – grade a course with a seed of its own")
    if settings.isolation == "process":
        console.print("[yellow]isolation: process[/] – limits, but no walls around student code")
    if kept:
        console.print(
            f"{len(results)} graded now, {len(kept)} kept from an earlier run in {escape(str(out))}",
            soft_wrap=True,
            highlight=False,
        )
    if noted := [result["student"] for result in results if result["notes"]]:
        console.print(_notes_line(noted), soft_wrap=True, highlight=False)
    mean = sum(result["score"] for result in results) / len(results)
    console.print(f"{_submissions(len(results))}, mean score {mean:.1f} of {results[0]['max_score']}")
    _write_pages(out, console)
    return 0


def _grade_with_bar(
    submissions: list[Submission], settings: Settings, out: Path, console: Console
) -> list[dict[str, Any]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("grading", total=len(submissions))

        def progress(result: dict[str, Any]) -> None:
            bar.update(task, advance=1)
            bar.console.print(_line(result), highlight=False)

        return grade_class(submissions, settings, out, progress)


def _write_pages(out: Path, console: Console) -> None:
    from grading.report.grades_csv import write_grades_csv
    from grading.report.pages import write_report

    grades, index = write_grades_csv(out), write_report(out)
    console.print(f"grades: {escape(str(grades))}", soft_wrap=True, highlight=False)
    console.print(f"report: {escape(str(index))}", soft_wrap=True, highlight=False)


def _tell_stopped(stopped: StoppedError, total: int, settings: Settings, out: Path, console: Console) -> None:
    """Say what there is, and make its pages."""
    graded, place = len(stopped.results), escape(str(out))
    where = f"; what was graded is in {place}" if graded else ""
    console.print(f"[yellow]stopped:[/] {graded} of {total} graded{where}", soft_wrap=True, highlight=False)
    if not graded:
        return
    if stale := stale_results(out, settings):
        console.print(
            f"{stale} others in {place} are of an earlier run, graded otherwise: grade again before you compare",
            soft_wrap=True,
            highlight=False,
        )
    _write_pages(out, console)


def _submissions(count: int) -> str:
    return f"{count} submission{'' if count == 1 else 's'}"


def _notes_line(students: list[str]) -> str:
    names = ", ".join(escape(student) for student in students[:NAMES_SHOWN])
    more = f" and {len(students) - NAMES_SHOWN} more" if len(students) > NAMES_SHOWN else ""
    verb = "has" if len(students) == 1 else "have"
    return f"{_submissions(len(students))} {verb} notes: {names}{more} (see the report)"


def escape(text: str) -> str:
    """Return a student's text as a terminal may show it: no markup, no commands to the terminal."""
    return markup.escape(_CONTROLS.sub("\ufffd", text))


def _line(result: dict[str, Any]) -> str:
    marks = " ".join(MARKS[function["status"]] for function in result["functions"])
    return f"{marks}  {result['score']:>5} / {result['max_score']}  {escape(result['student'])}"


def grade_alone(file: Path, seed: str, isolation: str | None) -> dict[str, Any]:
    """Return the result of one submission.

    Raises
    ------
    KitError
        If the path holds none, or several.
    """
    submissions = discover([file])
    if len(submissions) != 1:
        raise KitError(f"{file} holds {len(submissions)} submissions: name one, or use `grade`")
    with Sandbox(isolation or DEFAULT_ISOLATION) as sandbox:
        use_one_thread()
        return grade_submission(submissions[0], seed, sandbox).result


def check_command(file: Path, seed: str, isolation: str | None) -> int:
    """Grade one submission and print each function's checks. Returns the exit status."""
    console = Console()
    with console.status("grading"):
        result = grade_alone(file, seed, isolation)
    for note in result["notes"]:
        console.print(f"note: {escape(note)}", soft_wrap=True, highlight=False)
    functions = result["functions"]
    if result["notes"] and all(function["status"] == "missing" for function in functions):
        functions = []  # nothing could be read: the note says why
    for function in functions:
        console.print(_table(function))
        diagnosis = function["diagnosis"]
        if diagnosis:
            console.print(f"  [bold]{escape(diagnosis['title'])}[/]\n  {escape(diagnosis['hint'])}\n")
        for note in function["notes"]:
            console.print(f"  note: {escape(note)}")
    console.print(f"[bold]{result['score']} of {result['max_score']} points[/]")
    return 0 if number(result["score"]) == result["max_score"] else 1


def _table(function: dict[str, Any]) -> Table:
    title = f"{function['name']}: {function['status']}, {function['score']} of {function['max_score']}"
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 1))
    for entry in function["checks"]:
        points = f"{entry['points']}/{entry['max_points']}"
        message = "" if entry["status"] == "pass" else escape(entry["message"])
        table.add_row(MARKS[entry["status"]], escape(entry["title"]), points, message)
    return table
