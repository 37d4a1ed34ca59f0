"""The command `check`: a table for each function of one submission, and the exit status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Column, Table
from rich.text import Text

from cs231n.language import said
from cs231n.sentences import sentence
from grading.assignments.registry import assignment, assignments
from grading.classroom.reading import selection_of
from grading.classroom.worker import grade_submission, use_one_thread
from grading.cli.terminal import MARKS, escape
from grading.course.course_toml import chosen_assignment, composed_assignments
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.report.code import harmless_source, marked_lines
from grading.report.raised import exceptions_of, shown_messages
from grading.results.definition import FunctionResult
from grading.results.evidence import FunctionEvidence
from grading.results.shown import shown
from grading.sandbox import Sandbox
from grading.submission.contents import contents_of
from grading.submission.discover import one_student
from grading.submission.handed_in import Submission
from grading.verdict.grade import Graded
from grading.verdict.judge import number
from grading.verdict.prepared import prepare
from grading.verdict.questions import which_of

# Lines shown before and after the one in which an exception was raised.
BESIDE = 3


def grade_alone(file: Path, seed: str, isolation: str | None, reference: str | None = None) -> Graded:
    """Return what grading one submission gives; where no assignment is named, of the one that it is for.

    All at the path is one student's, whatever the folders and names in it.

    Parameters
    ----------
    reference : str, optional
        The assignment, as `grading.assignments.registry.assignment` takes it.

    Raises
    ------
    KitError
        If the path does not exist.
    """
    possible = [reference] if reference else [*assignments(), *composed_assignments().values()]
    submission = one_student(file)
    own = [str(folder) for one in possible for folder in assignment(one).folders]
    with Sandbox(isolation, hidden=(*HIDDEN_FROM_CHILDREN, *own)) as sandbox:
        use_one_thread()
        prepare(seed, possible[0])
        meant = _meant(submission, possible, sandbox)
        return grade_submission(submission, seed, sandbox, meant)


def _meant(submission: Submission, possible: Sequence[str], sandbox: Sandbox) -> str:
    """Return the assignment of which most is handed in; of several the first."""
    if len(possible) == 1:
        return possible[0]
    defined = selection_of(contents_of(submission), which_of(possible), sandbox).defined
    return max(possible, key=lambda reference: defined.get(reference, 0))


def check_command(file: Path, seed: str, isolation: str | None, named: str | None = None) -> int:
    """Grade one submission and print each function's checks. Returns the exit status."""
    console = Console()
    with console.status(said("grading")):
        outcome = grade_alone(file, seed, isolation, named and chosen_assignment(named))
    result, evidence = shown(outcome.result), {of.name: of for of in outcome.evidence.functions}
    for note in result.notes:
        console.print(escape(said("note: {note}", note=note)), soft_wrap=True, highlight=False)
    functions = result.functions
    if result.notes and all(function.status == "missing" for function in functions):
        functions = ()  # nothing could be read: the note says why
    for function in functions:
        console.print(_table(function))
        for raised in exceptions_of(function):
            console.print(_beside(f"[bold]{escape(raised.what)}[/]\n{escape(raised.explanation)}\n"))
        for excerpt in _excerpts(function, evidence[function.name]):
            console.print(Padding(excerpt, (0, 0, 1, 2)))
        if diagnosis := function.diagnosis:
            console.print(_beside(f"[bold]{escape(diagnosis.headline)}[/]\n{escape(diagnosis.hint)}\n"))
        for note in function.notes:
            console.print(_beside(escape(said("note: {note}", note=note))))
    points = said("{points} of {most} points", points=result.score, most=result.max_score)
    console.print(f"[bold]{points}[/]")
    return 0 if number(result.score) == result.max_score else 1


def _excerpts(function: FunctionResult, evidence: FunctionEvidence) -> Iterator[Syntax]:
    """Yield the code around each line in which a check ended with an exception."""
    for piece in evidence.text:
        for line in marked_lines(function, evidence, piece):
            here = line - piece.line + 1
            yield Syntax(
                harmless_source(piece.source),
                "python",
                theme="ansi_dark",
                background_color="default",
                line_numbers=True,
                start_line=piece.line,
                line_range=(max(here - BESIDE, 1), here + BESIDE),
                highlight_lines={line},
                word_wrap=True,
            )


def _beside(text: str) -> Padding:
    """Indent a text under a function's table, also the lines that it is broken into."""
    return Padding(Text.from_markup(text), (0, 0, 0, 2))


def _table(function: FunctionResult) -> Table:
    title = said(
        "{name}: {status}, {points} of {most}",
        name=function.name,
        status=sentence(function.status),
        points=number(function.score),
        most=number(function.max_score),
    )
    # Folded, since a text without spaces would be cut off: a title in Chinese, a name in a message.
    columns = [Column(overflow="fold") for _ in range(4)]
    table = Table(*columns, title=title, title_justify="left", show_header=False, box=None, padding=(0, 1))
    messages = shown_messages(function.checks, explained_above=bool(exceptions_of(function)))
    for check, message in zip(function.checks, messages, strict=True):
        points = f"{number(check.points)}/{number(check.max_points)}"
        shown = "" if check.status == "pass" else escape(message)
        table.add_row(MARKS[check.status], escape(check.title), points, shown)
    return table
