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
from grading.errors import KitError
from grading.grade import number
from grading.run import Settings, grade_class, grade_submission, use_one_thread
from grading.sandbox import DEFAULT_ISOLATION, Sandbox
from grading.submission.discover import discover

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


def grade_command(paths: list[Path], out: Path, jobs: int, seed: str, isolation: str | None) -> None:
    """Grade submissions with a progress bar, write everything, and say where the page is."""
    from grading.report import write_grades_csv, write_report

    submissions = discover(paths)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("grading", total=len(submissions))

        def progress(result: dict[str, Any]) -> None:
            bar.update(task, advance=1)
            bar.console.print(_line(result), highlight=False)

        settings = Settings(seed, isolation or DEFAULT_ISOLATION, jobs)
        results = grade_class(submissions, settings, out, progress)
    write_grades_csv(out)
    index = write_report(out)
    if seed == DEMO_SEED:
        console.print("[yellow]seed: the demo's, which is public[/] – grade a course with a seed of its own")
    if settings.isolation == "process":
        console.print("[yellow]isolation: process[/] – limits, but no walls around student code")
    scores = [result["score"] for result in results]
    console.print(
        f"{len(results)} submissions, mean score {sum(scores) / len(scores):.1f} of {results[0]['max_score']}"
    )
    console.print(f"grades: {out / 'grades.csv'}", soft_wrap=True, highlight=False)
    console.print(f"report: {index}", soft_wrap=True, highlight=False)


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
    for function in result["functions"]:
        console.print(_table(function))
        diagnosis = function["diagnosis"]
        if diagnosis:
            console.print(f"  [bold]{escape(diagnosis['title'])}[/]\n  {escape(diagnosis['hint'])}\n")
        for note in function["notes"]:
            console.print(f"  note: {escape(note)}")
    for note in result["notes"]:
        console.print(f"note: {escape(note)}")
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
