"""The commands `export TARGET DIR`. Each imports what it needs, so that help answers at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cs231n.sentences import sentence
from grading.cli.options import OtherAssignment, Results
from grading.cli.terminal import say

export = typer.Typer(
    help="Take the grades of a results folder to where a course keeps them.", no_args_is_help=True
)

Downloaded = Annotated[Path, typer.Option("--gradebook", help="The CSV file downloaded from the platform.")]
Target = Annotated[Path | None, typer.Option("--out", help="The file to write; default: in DIR.")]
Column = Annotated[str, typer.Option("--column", help="The column to fill; default: that of the assignment.")]
IdColumn = Annotated[str, typer.Option("--id-column", help="The column that holds the students' ids.")]
Scale = Annotated[bool, typer.Option("--scale", help="Convert to the points that the platform counts.")]


@export.command()
def nbgrader(
    directory: Results,
    course: Annotated[Path, typer.Option("--course", help="Folder of the nbgrader course.")] = Path(),
) -> None:
    """Gradebook, notebooks for formgrader, and feedback to release, of an nbgrader course."""
    from grading.course.course_toml import functions_of_course
    from grading.course.policies import read_policies
    from grading.course.settings import COURSE
    from grading.course.visibility import visibility_of
    from grading.nbgrader.export import export_nbgrader

    settings = COURSE if COURSE.exists() else course / COURSE
    private = visibility_of(settings).shows_private(datetime.now(UTC), read_policies(directory).deadline)
    done = export_nbgrader(directory, course, functions_of_course(settings), private=private)
    _say_notes(done.notes)
    say_all(sentence("held back"), done.held)
    say(
        "{count} students are in the gradebook of {course}", count=len(done.students), course=course.resolve()
    )
    say("next, there: grade the inline questions in formgrader, export again, nbgrader release_feedback")
    if done.held:
        raise typer.Exit(1)


@export.command()
def gradescope(
    directory: Results,
    visibility: Annotated[
        str | None,
        typer.Option("--visibility", help="When students see the private checks; else as course.toml says."),
    ] = None,
    assignment: OtherAssignment = None,
) -> None:
    """A results.json for each submission, in DIR/gradescope."""
    from grading.assignments.registry import rubric
    from grading.course.course_toml import chosen_assignment, functions_of_course
    from grading.course.visibility import visibility_of
    from grading.exports.gradescope import export_gradescope

    known = rubric(chosen_assignment(assignment)) if assignment else functions_of_course()
    course, now = visibility_of(), datetime.now(UTC)
    private = visibility or course.of_private_tests(now)
    written = export_gradescope(directory, known, private, with_points=not course.held_back(now))
    say_all(sentence("held back"), written.held)
    say("{path}: a results.json for each submission", path=directory / "gradescope")
    say("{count} written, {held} held back", count=len(written.paths), held=len(written.held))
    if written.held:
        raise typer.Exit(1)


# Platforms whose own file is filled in, and what their command's help says.
FILLED_IN = {
    "canvas": sentence("A gradebook exported from Canvas, filled in, to be imported there."),
    "moodle": sentence("A grading worksheet or gradebook from Moodle, filled in, to be uploaded there."),
    "blackboard": sentence("A grade centre's download from Blackboard, filled in, to be uploaded there."),
    "brightspace": sentence("An export of grades from Brightspace, filled in, to be imported there."),
}


def _add_command(platform: str, explanation: str) -> None:
    @export.command(platform, help=explanation)
    def fill_in(
        directory: Results,
        gradebook: Downloaded,
        out: Target = None,
        column: Column = "",
        id_column: IdColumn = "",
        scale: Scale = False,
    ) -> None:
        _fill(platform, directory, gradebook, out, (column, id_column, scale))


for _platform, _explanation in FILLED_IN.items():
    _add_command(_platform, _explanation)


@export.command()
def csv(directory: Results) -> None:
    """The table of the report anew: a line for each student, scores of all functions."""
    from grading.report.grades_csv import write_grades_csv

    say("grades: {path}", path=write_grades_csv(directory))


def _fill(
    platform: str, directory: Path, gradebook: Path, out: Path | None, choice: tuple[str, str, bool]
) -> None:
    """Fill a platform's gradebook, and say what became of every grade; status 1 if one was not written."""
    from grading.exports.columns import Choice
    from grading.exports.gradebook_csv import fill
    from grading.exports.platforms import PLATFORMS

    # Blackboard calls its text .xls, and looks at the name when it is uploaded.
    target = out or directory / f"{platform}{gradebook.suffix or '.csv'}"
    filled = fill(directory, gradebook, target, PLATFORMS[platform], Choice(*choice))
    _say_notes(filled.notes)
    say_all(sentence("held back"), filled.held)
    say_all(sentence("not found in the gradebook"), filled.missing)
    say_all(sentence("in the gradebook without a submission"), filled.without)
    say("{path}: upload it in place of what you downloaded", path=filled.path)
    say(filled.summary)
    if not filled.complete:
        raise typer.Exit(1)


def say_all(what: str, lines: tuple[str, ...]) -> None:
    """Say of each line what it is about: what was not written."""
    for line in lines:
        say("{what}: {line}", what=what, line=line, err=True)


def _say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        say("note: {note}", note=note, err=True)
