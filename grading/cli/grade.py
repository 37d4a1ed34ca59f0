"""The command `grade`: progress, kept results, policies of the course, and where to look next."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cs231n.language import said
from cs231n.sentences import sentence
from grading.assignments.registry import assignment, file_patterns, names_of, rubric
from grading.classroom.executors import dask_workers
from grading.classroom.ledger import writing
from grading.classroom.previous_results import check_place, kept_results, stale_results
from grading.classroom.run import Run, StoppedError, grade_class, results_folder
from grading.classroom.shards import Shard, announce, forget, unfinished
from grading.classroom.spool import spool
from grading.classroom.worker import Settings, sandbox_of
from grading.cli.grade_summary import LINES_SHOWN, ToGrade, tell_class
from grading.cli.signals import TooSlowError, at_most, sigterm_as_ctrl_c
from grading.cli.terminal import MARKS, count_of, escape
from grading.course.comments import check_groups, with_groups
from grading.course.course_toml import check_students, for_students, functions_of_course, policies_of
from grading.course.policies import read_policies, write_policies
from grading.course.settings import COURSE, Policies
from grading.course.submission_times import submission_times
from grading.course.visibility import visibility_of
from grading.exports.people import People
from grading.report.anonymous import write_anonymous_report
from grading.report.grades_csv import write_grades_csv
from grading.report.grouping import group_class
from grading.report.pages import write_report, write_student_pages
from grading.report.pseudonyms import FILE
from grading.results.definition import Result
from grading.results.download_names import add_download_names
from grading.results.groups import read_groups
from grading.results.text import duration
from grading.sandbox.isolation import check_isolation
from grading.sandbox.readable import check_out_of_sight
from grading.submission.choice import Choice
from grading.submission.discover import discover
from grading.submission.handed_in import Submission

# What a shell says of a command that Ctrl-C ended.
STOPPED = 130
# A stopped run has this long for the table and the class's page.
PAGES_SECONDS = 0.8


def grade_command(
    paths: list[Path],
    out: Path,
    settings: Settings,
    *,
    regrade: bool = False,
    dask: str = "",
    choice: Choice | None = None,
    roster: People | None = None,
    shard: Shard | None = None,
    anonymous: bool = False,
) -> int:
    """Grade submissions with a progress bar, write everything, and say where the page is.

    Parameters
    ----------
    paths : list of Path
    out : Path
    settings : Settings
    regrade : bool
        Also grade what has not changed.
    dask : str
        The address of a Dask scheduler whose workers grade; "" for this machine.
    choice : Choice, optional
        How the class is to be read; by default that is found out.
    roster : People, optional
        Of the course: who of it has no submission is named in the end.
    shard : Shard, optional
        The part of the class that is graded here.
    anonymous : bool
        Also write pages under pseudonyms.

    Returns
    -------
    int
        0, or `STOPPED`.
    """
    with names_of(assignment(settings.assignment)), spool(lambda: sandbox_of(settings)) as unpack:
        if not dask:
            check_isolation(settings.isolation)
            if settings.isolation != "process":
                check_out_of_sight((out, *paths))
        found = discover(paths, file_patterns(), unpack=unpack, choice=choice)
        check_place(out, found)
        others = kept_results(out, found, settings)
        policies = _policies(out, found, others, settings.assignment)
        asked = ToGrade(found, settings, out, policies, roster, anonymous)
        asked.say("{layout}", layout=found.layout)
        if shard:
            return _grade_shard(asked, shard, regrade, dask)
        return _grade_class(asked, others, regrade, dask)


def _grade_shard(asked: ToGrade, shard: Shard, regrade: bool, dask: str) -> int:
    """Grade a part of a class, and make its students' pages; tables and the class's page are the merge's."""
    total, out = len(asked.submissions), asked.out
    mine = tuple(one for one in asked.submissions if shard.has(one.student))
    asked.submissions = replace(asked.submissions, people=mine)
    with results_folder(out, shared=True), sigterm_as_ctrl_c():
        with writing(out):
            announce(out, shard, asked.settings)
        try:
            run = _grade_with_bar(asked, regrade, dask, shared=True)
        except StoppedError as stopped:
            asked.say(
                "[yellow]stopped:[/] {graded} of {count} graded: the same command goes on",
                graded=len(stopped.run.usages),
                count=len(mine),
            )
            return STOPPED
        with writing(out):
            write_student_pages(out, [one.student for one in mine], asked.policies)
            announce(out, shard, asked.settings, ended=True)
    asked.say(
        "shard {shard}: {mine} of {submissions} in {duration}, {kept} kept",
        shard=shard,
        mine=len(mine),
        submissions=count_of(total),
        duration=duration(run.seconds),
        kept=len(run.kept),
    )
    asked.say(
        "when all shards have ended, the same command without --shard makes the tables and the class's page"
    )
    return 0


def _grade_class(asked: ToGrade, others: Sequence[str], regrade: bool, dask: str) -> int:
    out = asked.out
    with results_folder(out) as alone, sigterm_as_ctrl_c():
        for part in unfinished(out, asked.settings)[:LINES_SHOWN]:
            asked.say("[yellow]not ended:[/] shard {part}; what it lacks is graded here", part=part)
        if not alone:
            asked.say("[yellow]{out} cannot be locked[/]: start no second grading into it", out=out)
        with writing(out):
            write_policies(out, asked.policies)
            add_download_names(out, {s.student: s.downloaded for s in asked.submissions if s.downloaded})
        try:
            run = _grade_with_bar(asked, regrade, dask)
        except StoppedError as stopped:
            _tell_stopped(asked, stopped.run)
            return STOPPED
        try:
            _group(asked)
            tell_class(asked, run, others)
            _write_pages(asked)
        except KeyboardInterrupt:
            asked.say("[yellow]stopped:[/] all are graded; the same command makes the pages that are missing")
            return STOPPED
        forget(out)
    return 0


def _policies(
    out: Path, submissions: Sequence[Submission], others: Sequence[str], reference: str
) -> Policies:
    """Return the course's policies, and when everybody handed in; of earlier students as it was known then."""
    policies = policies_of(COURSE, rubric(reference), functions_of_course(COURSE))
    visibility_of(COURSE)  # what cannot be used is refused before anything is graded
    known_students = {submission.student for submission in submissions} | {*others}
    if (
        len(known_students) > 1
    ):  # one graded alone (on Gradescope, say) is not the whole class that the file is about
        check_students(COURSE, policies, known_students)
        check_groups(COURSE, policies.comments, read_groups(out), out)
    policies = with_groups(for_students(policies, known_students), read_groups(out))
    if not policies.deadline:
        return policies
    before = read_policies(out).submitted
    known = {student: before[student] for student in others if student in before}
    known |= submission_times(policies.deadline, COURSE, submissions)
    known |= policies.submitted
    return replace(policies, submitted=dict(sorted(known.items())))


def _grade_with_bar(asked: ToGrade, regrade: bool, dask: str, *, shared: bool = False) -> Run:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=asked.console) as bar:
        task = bar.add_task(said("grading"), total=len(asked.submissions))

        def progress(_student: str, result: Result | None) -> None:
            bar.update(task, advance=1)
            if result:
                bar.console.print(_line(result), highlight=False)

        grade = functools.partial(
            grade_class, asked.submissions, out=asked.out, progress=progress, regrade=regrade, shared=shared
        )
        if not dask:
            return grade(asked.settings)
        with dask_workers(dask) as (executor, places):
            return grade(replace(asked.settings, jobs=places), executor=executor)


def _tell_stopped(asked: ToGrade, run: Run) -> None:
    """Say what there is; make the table and the class's page, if that is quick. Groups are those of a whole class."""
    graded, count, out = len(run.usages), len(asked.submissions), asked.out
    where = (
        sentence("; what was graded is in {out}: the same command goes on from there", out=out)
        if graded
        else ""
    )
    asked.say(
        "[yellow]stopped:[/] {graded} of {count} graded{where}", graded=graded, count=count, where=where
    )
    if not graded:
        return
    try:
        with at_most(PAGES_SECONDS):
            if stale := stale_results(asked.out, asked.settings):
                asked.say(
                    "{stale} others in {out} are of an earlier run, graded otherwise: grade again before you "
                    "compare",
                    stale=stale,
                    out=out,
                )
            _write_pages(asked)
    except TooSlowError:
        asked.say("the table and the class's page are left for then")


def _group(asked: ToGrade) -> None:
    """Group the class, and give comments on groups to their members: before any grade is told."""
    with writing(asked.out):
        write_policies(asked.out, with_groups(asked.policies, group_class(asked.out)))


def _write_pages(asked: ToGrade) -> None:
    with writing(asked.out):
        grades, index = write_grades_csv(asked.out), write_report(asked.out)
        pseudonymous = write_anonymous_report(asked.out, asked.settings.seed) if asked.anonymous else None
    asked.say("grades: {path}", path=grades)
    asked.say("report: {path}", path=index)
    if pseudonymous:
        asked.say(
            "anonymous: {path}; who is who, for you alone: {who}", path=pseudonymous, who=asked.out / FILE
        )


def _line(result: Result) -> str:
    marks = " ".join(MARKS[function.status] for function in result.functions)
    return f"{marks}  {result.score:>5} / {result.max_score}  {escape(result.student)}"
