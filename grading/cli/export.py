"""The commands `export TARGET DIR`. Each imports what it needs, so that help answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grading.cli.terminal import say

if TYPE_CHECKING:
    from grading.exports.gradebook_csv import Filled

export = typer.Typer(
    help="Take the grades of a results folder to where a course keeps them.", no_args_is_help=True
)

Results = Annotated[
    Path, typer.Argument(metavar="DIR", help="What `python -m grading grade` wrote (its --out).")
]
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
    from grading.nbgrader.export import export_nbgrader

    done = export_nbgrader(directory, course)
    _say_notes(done.notes)
    say(f"{len(done.students)} students are in the gradebook of {course.resolve()}")
    say("next, there: grade the inline questions in formgrader, export again, nbgrader release_feedback")


@export.command()
def gradescope(
    directory: Results,
    visibility: Annotated[
        str, typer.Option("--visibility", help="When students see the private checks.")
    ] = "after_published",
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment", metavar="NAME|PATH", help="If it is neither the kit's nor in course.toml."
        ),
    ] = None,
) -> None:
    """A results.json for each submission, in DIR/gradescope."""
    from grading.assignments.registry import rubric
    from grading.course.course_toml import chosen_assignment, functions_of_course
    from grading.exports.gradescope import export_gradescope

    known = rubric(chosen_assignment(assignment)) if assignment else functions_of_course()
    written = export_gradescope(directory, known, visibility)
    say(f"{len(written)} results in {directory / 'gradescope'}")


@export.command()
def canvas(
    directory: Results,
    gradebook: Downloaded,
    out: Target = None,
    column: Column = "",
    id_column: IdColumn = "",
    scale: Scale = False,
) -> None:
    """A gradebook exported from Canvas, filled in, to be imported there."""
    from grading.exports.canvas import export_canvas
    from grading.exports.gradebook_csv import Choice

    choice = Choice(column, id_column, scale)
    _say(export_canvas(directory, gradebook, out or directory / "canvas.csv", choice))


@export.command()
def moodle(
    directory: Results,
    gradebook: Downloaded,
    out: Target = None,
    column: Column = "",
    id_column: IdColumn = "",
    scale: Scale = False,
) -> None:
    """A grading worksheet or gradebook from Moodle, filled in, to be uploaded there."""
    from grading.exports.gradebook_csv import Choice
    from grading.exports.moodle import export_moodle

    choice = Choice(column, id_column, scale)
    _say(export_moodle(directory, gradebook, out or directory / "moodle.csv", choice))


@export.command()
def csv(directory: Results) -> None:
    """The table of the report anew: a line for each student, scores of all functions."""
    from grading.report.grades_csv import write_grades_csv

    say(f"grades: {write_grades_csv(directory)}")


def _say(filled: Filled) -> None:
    _say_notes(filled.notes)
    say(f"{filled.count} grades in {filled.path}: upload it in place of what you downloaded")


def _say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        say(f"note: {note}", err=True)
