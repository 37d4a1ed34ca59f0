"""The command `grade`: progress, kept results, policies of the course, and where to look next."""

from __future__ import annotations

import contextlib
import functools
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grading.assignments.registry import assignment, file_patterns, names_of, rubric
from grading.classroom.executors import dask_workers
from grading.classroom.ledger import writing
from grading.classroom.previous_results import check_place, kept_results, stale_results
from grading.classroom.run import Run, StoppedError, grade_class, results_folder
from grading.classroom.shards import Shard, announce, forget, unfinished
from grading.classroom.spool import spool
from grading.classroom.worker import Settings, sandbox_of
from grading.cli.terminal import MARKS, escape
from grading.course.comments import check_groups, with_groups
from grading.course.course_toml import check_students, for_students, functions_of_course, policies_of
from grading.course.policies import Grade, final_grades, read_policies, write_policies
from grading.course.settings import COURSE, DEMO_SEED, Policies, is_open_to_others
from grading.course.submission_times import submission_times
from grading.exports.people import People
from grading.exports.roster import Compared, compare
from grading.report.anonymous import write_anonymous_report
from grading.report.grades_csv import write_grades_csv
from grading.report.grouping import group_class
from grading.report.pages import write_report, write_student_pages
from grading.report.pseudonyms import FILE
from grading.results.definition import Result
from grading.results.download_names import add_download_names
from grading.results.groups import read_groups
from grading.results.missing_packages import missing_packages
from grading.results.not_graded import UNREAD, add_not_graded
from grading.results.text import duration
from grading.sandbox.isolation import check_isolation
from grading.sandbox.readable import check_out_of_sight
from grading.submission.discover import Class, discover
from grading.submission.handed_in import Submission
from grading.submission.layouts import Choice

# What a shell says of a command that Ctrl-C ended.
STOPPED = 130
# A stopped run has this long for the table and the class's page.
PAGES_SECONDS = 0.8
NAMES_SHOWN = 5
# What was left out, or could not be read: so many lines.
LINES_SHOWN = 50
NOTES_SHOWN = 3


class _TooSlowError(Exception):
    """Something took longer than `_at_most`."""


@dataclass
class _Class:
    """What is graded, and into which folder."""

    submissions: Class
    settings: Settings
    out: Path
    policies: Policies
    roster: People | None = None
    anonymous: bool = False
    console: Console = field(default_factory=Console)

    def say(self, sentence: str) -> None:
        """Print a line, with markup, however wide the terminal is."""
        self.console.print(sentence, soft_wrap=True, highlight=False)


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
        asked = _Class(found, settings, out, policies, roster, anonymous)
        asked.say(escape(found.layout))
        if shard:
            return _grade_shard(asked, shard, regrade, dask)
        return _grade_class(asked, others, regrade, dask)


def _grade_shard(asked: _Class, shard: Shard, regrade: bool, dask: str) -> int:
    """Grade a part of a class, and make its students' pages; tables and the class's page are the merge's."""
    total, out = len(asked.submissions), asked.out
    mine = tuple(one for one in asked.submissions if shard.has(one.student))
    asked.submissions = replace(asked.submissions, people=mine)
    with results_folder(out, shared=True), _sigterm_as_ctrl_c():
        with writing(out):
            announce(out, shard, asked.settings)
        try:
            run = _grade_with_bar(asked, regrade, dask, shared=True)
        except StoppedError as stopped:
            asked.say(
                f"[yellow]stopped:[/] {len(stopped.run.usages)} of {len(mine)} graded: the same command goes on"
            )
            return STOPPED
        with writing(out):
            write_student_pages(out, [one.student for one in mine], asked.policies)
            announce(out, shard, asked.settings, ended=True)
    asked.say(
        f"shard {shard}: {len(mine)} of {_submissions(total)} in {duration(run.seconds)}, {len(run.kept)} kept"
    )
    asked.say(
        "when all shards have ended, the same command without --shard makes the tables and the class's page"
    )
    return 0


def _grade_class(asked: _Class, others: Sequence[str], regrade: bool, dask: str) -> int:
    out = asked.out
    with results_folder(out) as alone, _sigterm_as_ctrl_c():
        for part in unfinished(out, asked.settings)[:LINES_SHOWN]:
            asked.say(f"[yellow]not ended:[/] shard {escape(part)}; what it lacks is graded here")
        if not alone:
            asked.say(f"[yellow]{escape(str(out))} cannot be locked[/]: start no second grading into it")
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
            _tell(asked, run, others)
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


def _grade_with_bar(asked: _Class, regrade: bool, dask: str, *, shared: bool = False) -> Run:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=asked.console) as bar:
        task = bar.add_task("grading", total=len(asked.submissions))

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


def _tell(asked: _Class, run: Run, others: Sequence[str]) -> None:
    if asked.settings.seed == DEMO_SEED:
        asked.say("[yellow]seed: the demo's, which is public[/] – grade a course with a seed of its own")
    elif COURSE.exists() and is_open_to_others(COURSE):
        asked.say(f"[yellow]{COURSE} can be read by other users[/] – it holds the seed: chmod 600 {COURSE}")
    if asked.settings.isolation == "process":
        asked.say("[yellow]isolation: process[/] – limits, but no walls around student code")
    count = len(asked.submissions)
    if run.kept:
        asked.say(f"{len(run.kept)} of {count} unchanged, kept (--regrade grades them again)")
    if others:
        asked.say(f"{_submissions(len(others))} of an earlier run still in {escape(str(asked.out))}")
    found = _Found()
    not_now = frozenset(others)
    for grade in final_grades(asked.out):  # one in memory at a time
        found.comments.update(remark.text for function in grade.functions for remark in function.remarks)
        if grade.student not in not_now:
            found.add(grade)
    _tell_not_graded(asked, found)
    _tell_unknown_times(asked)
    for comment in asked.policies.comments:
        if comment.text not in found.comments:
            asked.say(f"[yellow]comment on nobody:[/] {escape(comment.about)}")
    mean = found.score / count
    asked.say(f"{_submissions(count)} in {duration(run.seconds)}, mean score {mean:.1f} of {found.most:g}")


@dataclass
class _Found:
    """What is said of a class in the end."""

    score: float = 0
    most: float = 0
    noted: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    comments: set[str] = field(default_factory=set)

    def add(self, grade: Grade) -> None:
        result = grade.result
        self.score, self.most = self.score + grade.score, max(self.most, grade.max_score)
        if result.notes:
            self.noted.append(result.student)
            if all(function.status == "missing" for function in result.functions):
                # what was read is said last, after how the submission was found: that is why nothing is there
                self.unread.append(f"{result.student}: {'; '.join(result.notes[-NOTES_SHOWN:])}")
        for package, students in missing_packages([result]).items():
            self.lacking.setdefault(package, []).extend(students)


def _tell_not_graded(asked: _Class, found: _Found) -> None:
    """Name who has notes, what could not be graded and why, and who is missing; for the class's page, too."""
    if found.noted:
        asked.say(_notes_line(sorted(found.noted)))
    compared = None
    if asked.roster is not None:
        compared = compare(asked.roster, [submission.student for submission in asked.submissions])
    not_graded = _not_graded(asked, found, compared)
    with writing(asked.out):
        add_not_graded(asked.out, not_graded)
    for what, lines in not_graded.items():
        for line in lines[:LINES_SHOWN]:
            asked.say(f"[yellow]{what}{' of' if what == UNREAD else ':'}[/] {escape(line)}")
        if len(lines) > LINES_SHOWN:
            asked.say(f"and {len(lines) - LINES_SHOWN} more, on the class's page")
    if compared:
        asked.say(
            f"{len(compared.without)} of the gradebook without a submission, "
            f"{_submissions(len(compared.unknown))} not in the gradebook"
        )


def _not_graded(asked: _Class, found: _Found, compared: Compared | None) -> dict[str, list[str]]:
    """Return what could not be graded, and who is missing: lines by what they say."""
    lines = {
        UNREAD: found.unread,
        "left out": [f"{out.label} {out.why}" for out in asked.submissions.left_out],
        "not installed here": [
            f"{package}, which is imported by {_names(sorted(students))}; to grade that, install it and say --regrade"
            for package, students in sorted(found.lacking.items())
        ],
        "without a submission": list(compared.without) if compared else [],
        "not in the gradebook": list(compared.unknown) if compared else [],
    }
    return {what: said for what, said in lines.items() if said}


def _tell_unknown_times(asked: _Class) -> None:
    if asked.policies.deadline:
        unknown = sorted({s.student for s in asked.submissions} - {*asked.policies.submitted})
        if unknown:
            asked.say(
                f"[yellow]no time of submission is known[/], and nobody late: {escape(_names(unknown))}"
            )


def _tell_stopped(asked: _Class, run: Run) -> None:
    """Say what there is; make the table and the class's page, if that is quick."""
    graded, place = len(run.usages), escape(str(asked.out))
    where = f"; what was graded is in {place}: the same command goes on from there" if graded else ""
    asked.say(f"[yellow]stopped:[/] {graded} of {len(asked.submissions)} graded{where}")
    if not graded:
        return
    try:
        with _at_most(PAGES_SECONDS):
            if stale := stale_results(asked.out, asked.settings):
                asked.say(
                    f"{stale} others in {place} are of an earlier run, graded otherwise: grade again before you compare"
                )
            _group(asked)
            _write_pages(asked)
    except _TooSlowError:
        asked.say("the table and the class's page are left for then")


def _group(asked: _Class) -> None:
    """Group the class, and give comments on groups to their members: before any grade is told."""
    with writing(asked.out):
        write_policies(asked.out, with_groups(asked.policies, group_class(asked.out)))


def _write_pages(asked: _Class) -> None:
    with writing(asked.out):
        grades, index = write_grades_csv(asked.out), write_report(asked.out)
        pseudonymous = write_anonymous_report(asked.out, asked.settings.seed) if asked.anonymous else None
    asked.say(f"grades: {escape(str(grades))}")
    asked.say(f"report: {escape(str(index))}")
    if pseudonymous:
        asked.say(
            f"anonymous: {escape(str(pseudonymous))}; who is who, for you alone: {escape(str(asked.out / FILE))}"
        )


@contextlib.contextmanager
def _sigterm_as_ctrl_c() -> Iterator[None]:
    """What a service manager or `kill` sends stops a run in the same good order."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise in what takes longer; whatever it writes, it writes atomically."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _submissions(count: int) -> str:
    return f"{count} submission{'' if count == 1 else 's'}"


def _notes_line(students: Sequence[str]) -> str:
    verb = "has" if len(students) == 1 else "have"
    return f"{_submissions(len(students))} {verb} notes: {escape(_names(students))} (see the report)"


def _names(students: Sequence[str]) -> str:
    names = ", ".join(students[:NAMES_SHOWN])
    return f"{names} and {len(students) - NAMES_SHOWN} more" if len(students) > NAMES_SHOWN else names


def _line(result: Result) -> str:
    marks = " ".join(MARKS[function.status] for function in result.functions)
    return f"{marks}  {result.score:>5} / {result.max_score}  {escape(result.student)}"
