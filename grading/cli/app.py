"""The command line: `python -m grading`. Each command imports what it needs, so that help answers at once."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grading import __version__
from grading.cli.export import export
from grading.cli.new import new
from grading.cli.options import Anonymous, Assignment, Isolation, Language, Out, Seed, SeedFile
from grading.cli.report import report
from grading.cli.terminal import say
from grading.course.settings import seed_of, use_language
from grading.errors import KitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grading.assignments.vocabulary.notebook import Notebook

app = typer.Typer(
    help="Grade CS231n's network visualization and style transfer, and build what students receive.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(export, name="export")
app.add_typer(new, name="new")
app.command()(report)


@contextlib.contextmanager
def _sandbox_started(isolation: str | None, assignment: str | None) -> Iterator[None]:
    """Start what the command will run student code in: it takes as long as importing PyTorch here, and goes on beside.

    Where a course composes its assignments, another may be wanted: then this one ends.
    """
    from grading.cli.signals import sigterm_as_ctrl_c
    from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
    from grading.sandbox.warm_parent import started_ahead

    own = [str(Path(assignment).absolute())] if assignment and Path(assignment).is_dir() else []
    with sigterm_as_ctrl_c(), started_ahead(isolation, (*HIDDEN_FROM_CHILDREN, *own)):
        yield


@app.command()
def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="What was downloaded: a class's folder or archive, or notebooks, .py and archives."
        ),
    ],
    out: Out = Path("graded"),
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Submissions at a time; default: one a processor."),
    ] = None,
    seed: Seed = None,
    seed_file: SeedFile = None,
    isolation: Isolation = None,
    assignment: Assignment = None,
    regrade: Annotated[bool, typer.Option("--regrade", help="Grade also what has not changed.")] = False,
    dask: Annotated[
        str,
        typer.Option("--dask", metavar="ADDRESS", help="Scheduler of a Dask cluster that grades."),
    ] = "",
    shard: Annotated[
        str,
        typer.Option(
            "--shard",
            metavar="I/N",
            help="Grade the Ith of N parts of the class into a folder that all share; the same command without it "
            "merges them.",
        ),
    ] = "",
    layout: Annotated[
        str,
        typer.Option(
            "--layout",
            metavar="NAME|REGEX",
            help="How the class's paths are called, where that is not found out: a name of the table in "
            "docs/instructors.md (moodle, canvas, folders, ...), or a pattern with groups such as (?P<student>...).",
        ),
    ] = "",
    one_student: Annotated[
        bool, typer.Option("--one-student", help="Each PATH is one student's, whatever is in it.")
    ] = False,
    is_class: Annotated[
        bool, typer.Option("--class", help="Each PATH is a class, whatever it looks like.")
    ] = False,
    gradebook: Annotated[
        Path | None,
        typer.Option(
            "--gradebook", help="A CSV file from the platform: say who of it has not handed in anything."
        ),
    ] = None,
    anonymous: Anonymous = False,
    language: Language = None,
) -> None:
    """Grade submissions; write results, grades.csv and a report for the class and each student.

    The same command again goes on where it was stopped, and grades only what has changed.
    """
    use_language(language)
    chosen = seed_of(seed, seed_file)
    with contextlib.nullcontext() if dask else _sandbox_started(isolation, assignment):
        from grading.classroom.shards import shard_of
        from grading.classroom.worker import Settings
        from grading.cli.grade import STOPPED, grade_command
        from grading.course.course_toml import choice_of, chosen_assignment
        from grading.exports.roster import read_roster
        from grading.sandbox import strongest

        roster = read_roster(gradebook) if gradebook else None
        choice = choice_of().with_options(layout, one_student=one_student, is_class=is_class)
        reference = chosen_assignment(assignment)
        settings = Settings(chosen, isolation or strongest(), jobs or default_jobs(), assignment=reference)
        part = shard_of(shard) if shard else None
        status = grade_command(
            paths, out, settings, regrade=regrade, dask=dask, choice=choice, roster=roster, shard=part,
            anonymous=anonymous,
        )  # fmt: skip
    if status == STOPPED:
        sys.stdout.flush()
        os._exit(STOPPED)  # a thread may still be computing the reference: nothing of it is needed


@app.command()
def check(
    file: Annotated[
        Path, typer.Argument(help="A notebook, .py, archive or folder: one student's, whatever is in it.")
    ],
    seed: Seed = None,
    seed_file: SeedFile = None,
    isolation: Isolation = None,
    assignment: Assignment = None,
    language: Language = None,
) -> None:
    """Grade one submission and show the result here. Exit status 0 if all checks pass, 1 if not."""
    use_language(language)
    chosen = seed_of(seed, seed_file)
    with _sandbox_started(isolation, assignment):
        from grading.cli.check import check_command

        status = check_command(file, chosen, isolation, assignment)
    raise typer.Exit(status)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A graded folder.")],
    new: Annotated[Path, typer.Argument(help="Another, such as that of a regrade.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Say who changes between two gradings, by how much, why. Exit status 0 if nothing differs, 1 if something does."""
    from grading.cli.diff import diff_command

    raise typer.Exit(diff_command(old, new, as_json))


@app.command()
def similar(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A graded folder.")],
    earlier: Annotated[
        Path | None,
        typer.Option("--with", metavar="OLD", help="The graded folder of an earlier class, to compare with."),
    ] = None,
    assignment: Assignment = None,
    language: Language = None,
) -> None:
    """Say whose functions are alike beyond what the task makes alike; write the evidence to DIR/report/similar."""
    use_language(language)
    from grading.cli.similar import similar_command

    similar_command(folder, earlier, assignment)


@app.command()
def build(
    out: Annotated[Path, typer.Option("--out", help="Folder for the notebooks.")] = Path("notebooks"),
    assignment: Assignment = None,
) -> None:
    """Generate the student notebooks; of all of the kit's also the table of stubs, RUBRIC.md and the schema."""
    from grading.assignments.registry import shipped_notebooks
    from grading.notebooks.build import build_notebooks
    from grading.notebooks.rubric_page import write_rubric
    from grading.notebooks.stub_table import TABLE, write_stub_table
    from grading.results.schema import write_schema

    for path in build_notebooks(out, _notebooks_of(assignment) if assignment else shipped_notebooks()):
        say(path)
    if assignment:
        return
    if write_stub_table():
        say(TABLE)
    say(write_rubric())
    if schema := write_schema():
        say(schema)


@app.command()
def reference(
    update: Annotated[bool, typer.Option("--update", help="Rewrite the stored answers.")] = False,
    out: Annotated[Path, typer.Option("--out", help="Folder for notebooks and pictures.")] = Path(
        "build/reference"
    ),
    assignment: Assignment = None,
) -> None:
    """Run the solution notebooks end to end; say whether the stored answers still match."""
    from grading.assignments.registry import shipped_notebooks
    from grading.notebooks.reference import run_reference

    wanted = _notebooks_of(assignment) if assignment else shipped_notebooks()
    raise typer.Exit(0 if run_reference(out, wanted, update) else 1)


@app.command()
def release(
    directory: Annotated[Path, typer.Argument(help="Folder for the student's bundle.")],
    assignment: Assignment = None,
    language: Language = None,
) -> None:
    """Write what a student receives: notebooks, cs231n, datasets, requirements and a README."""
    use_language(language)
    from grading.assignments import registry
    from grading.course.course_toml import chosen_assignment
    from grading.notebooks.release import write_release

    wanted = registry.assignment(chosen_assignment(assignment)) if assignment else None
    files = write_release(directory, wanted)
    say(
        "{count} files in {directory}: hand out the folder; its README says how to start",
        count=len(files),
        directory=directory,
    )


@app.command()
def translate(
    language: Annotated[str, typer.Argument(help="Its code: zh, de, pt_BR.")],
) -> None:
    """Bring the catalogues of a language up to the English texts; say how many have no translation yet."""
    from grading.language.catalogues import update_catalogues

    for path, texts, missing in update_catalogues(language):
        say("{path}: {texts} texts, {missing} without a translation", path=path, texts=texts, missing=missing)


@app.command()
def examples(directory: Annotated[Path, typer.Argument(help="Folder for the class.")]) -> None:
    """Write a class of example submissions, and the verdict that each must get."""
    from grading.cli.examples import examples_command

    say(examples_command(directory))


@app.command()
def course(
    directory: Annotated[Path, typer.Argument(help="Folder of the course.")],
    assignment: Assignment = None,
    language: Language = None,
) -> None:
    """Make a course folder: course.toml with a private seed, nbgrader_config.py, source/ of all assignments or one."""
    use_language(language, directory / "course.toml")
    from grading.nbgrader.course_folder import write_course

    for sentence in write_course(directory, assignment):
        say(sentence)


@app.command()
def submit(
    folder: Annotated[Path, typer.Argument(help="Where the notebooks are, or the folder above.")] = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", help="The zip to write; default: ASSIGNMENT.zip.")
    ] = None,
    assignment: Assignment = None,
) -> None:
    """Pack a student's notebooks; say what is in the zip and what is still a stub (python -m cs231n.submit)."""
    from cs231n.submit import NAME, SubmitError
    from cs231n.submit import submit as pack_and_tell
    from grading.assignments import registry
    from grading.course.course_toml import chosen_assignment

    wanted = registry.assignment(chosen_assignment(assignment)) if assignment else None
    answers = [notebook.public_answers for notebook in wanted.notebooks] if wanted else None
    try:
        pack_and_tell(folder, out or Path(f"{wanted.name}.zip" if wanted else NAME), answers)
    except SubmitError as error:
        raise KitError(*error.args) from error


@app.command()
def gradescope_autograder(
    out: Annotated[Path, typer.Option("--out", help="The zip to write.")] = Path("autograder.zip"),
    course: Annotated[Path, typer.Option("--course", help="The course's course.toml.")] = Path("course.toml"),
    assignment: Assignment = None,
) -> None:
    """Pack the kit, with the course's seed, as an autograder that Gradescope runs for each submission."""
    from grading.exports.gradescope_autograder import image_size, write_autograder

    files = write_autograder(out, course, assignment)
    say(
        "{files} files in {out}: upload it to Gradescope (Configure Autograder), and keep it to yourself",
        files=files,
        out=out,
    )
    say(
        "the image that Gradescope builds of it holds {size:.1f} GB of packages beside the system (about 4 GB more "
        "where torch without CUDA cannot be had)",
        size=image_size() / 1e9,
    )


@app.command()
def doctor(
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Attacks tried at a time.")] = 0,
    isolation: Isolation = None,
) -> None:
    """Attack the sandbox of this machine with hostile examples; say what holds. Exit status 1 if a wall is missing."""
    from grading.cli.doctor import doctor_command

    raise typer.Exit(doctor_command(isolation, jobs or default_jobs()))


def _notebooks_of(assignment: str) -> tuple[Notebook, ...]:
    from grading.assignments import registry
    from grading.course.course_toml import chosen_assignment

    return registry.assignment(chosen_assignment(assignment)).notebooks


def default_jobs() -> int:
    """Return how many submissions are graded at a time: as many as there are processors to use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(wanted: bool) -> None:
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Grade CS231n's network visualization and style transfer, and build what students receive."""
