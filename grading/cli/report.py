"""The command `report`: the pages of a graded folder anew, or as they are handed out to students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cs231n.language import said
from grading.cli.export import say_all
from grading.cli.options import Anonymous, Language, OtherAssignment, Results
from grading.cli.terminal import say
from grading.course.settings import COURSE, DEMO_SEED, read_course, use_language
from grading.errors import KitError
from grading.results.text import first_names


def report(
    directory: Results,
    audience: Annotated[
        str,
        typer.Option(
            "--for", metavar="students", help="Write each student's page to hand out, for nobody else."
        ),
    ] = "",
    form: Annotated[
        str,
        typer.Option(
            "--as",
            help="pages: a zip for each student; moodle: one for its feedback files; canvas: one to re-upload.",
        ),
    ] = "pages",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The zip to write, or the folder of zips; default: in DIR."),
    ] = None,
    early: Annotated[
        bool, typer.Option("--early", help="Also before the moment that course.toml says (students.release).")
    ] = False,
    assignment: OtherAssignment = None,
    anonymous: Anonymous = False,
    language: Language = None,
) -> None:
    """Write the pages of a graded folder anew; with --for students those to hand out, each with its own alone."""
    use_language(language)
    if audience not in ("", "students"):
        raise KitError("pages can be written --for students, not for {audience!r}", audience=audience)
    if audience and anonymous:
        raise KitError("--anonymous is about pages for graders and lectures: leave it out, or --for students")
    if audience:
        raise typer.Exit(_hand_out(directory, form, out, early, assignment))
    if form != "pages" or out:
        raise KitError("--as and --out are about pages to hand out: add --for students")
    from grading.classroom.ledger import writing
    from grading.report.anonymous import write_anonymous_report
    from grading.report.grouping import group_class
    from grading.report.pages import write_report
    from grading.report.pseudonyms import FILE
    from grading.results import groups

    with writing(directory):
        if not (directory / groups.FILE).exists():  # an older folder's, or removed because it was damaged
            group_class(directory)
        say(said("report: {path}", path=write_report(directory)))
        if bare := tuple(_without_evidence(directory)):
            without = said(
                "no code on the pages, no evidence beside the result: {students}; grade them again",
                students=first_names(bare),
            )
            say(without)
        if anonymous:
            seed = read_course(COURSE).get("seed") if COURSE.exists() else None
            pages = write_anonymous_report(directory, str(seed or DEMO_SEED))
            who = directory / FILE
            say(said("anonymous: {path}; who is who, for you alone: {who}", path=pages, who=who))


def _without_evidence(directory: Path) -> Iterator[str]:
    from grading.results.files import evidence_path, read_results

    for result in read_results(directory):
        path = evidence_path(directory, result.student)
        if not (path and path.is_file()):
            yield result.student


def _hand_out(directory: Path, form: str, out: Path | None, early: bool, assignment: str | None) -> int:
    """Write the pages to hand out, and say what became of each; status 1 if one was not written."""
    from grading.assignments.registry import rubric
    from grading.course.course_toml import chosen_assignment, functions_of_course
    from grading.course.policies import read_policies
    from grading.course.visibility import visibility_of
    from grading.exports.handout import hand_out

    course, now = visibility_of(), datetime.now(UTC)
    if course.release and course.held_back(now) and not early:
        raise KitError(
            "{course} holds results back until {release} (students.release): wait until then, change it there, or say "
            "--early",
            course=COURSE,
            release=course.release.isoformat(" ", "minutes"),
        )
    known = rubric(chosen_assignment(assignment)) if assignment else functions_of_course()
    private = course.shows_private(now, read_policies(directory).deadline)
    done = hand_out(directory, form, out, known, private=private)
    say_all(said("held back"), done.held)
    whose = defaultdict[str, list[str]](list)
    for student, reason in done.unnamed.items():
        whose[reason].append(student)
    say_all(said("not written"), tuple(f"{first_names(of)}: {reason}" for reason, of in whose.items()))
    if not private:
        say(
            said(
                "titles, messages and pictures of private checks are left out, as {course} says",
                course=COURSE,
            )
        )
    if done.count:
        say(said("pages to hand out: {path}", path=done.path))
    say(
        said(
            "{count} written, {held} held back, {others} not named for the platform",
            count=done.count, held=len(done.held), others=len(done.unnamed),
        )
    )  # fmt: skip
    return 1 if done.held or done.unnamed else 0
