"""What `grade` says of a class in the end: scores, notes, what could not be graded, who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from cs231n.language import plural, said
from cs231n.sentences import sentence
from grading.classroom.ledger import writing
from grading.classroom.run import Run
from grading.classroom.worker import Settings
from grading.cli.terminal import count_of, marked_up
from grading.course.policies import Grade, final_grades
from grading.course.settings import COURSE, DEMO_SEED, Policies, is_open_to_others
from grading.exports.people import People
from grading.exports.roster import Compared, compare
from grading.results.missing_packages import missing_packages
from grading.results.not_graded import UNREAD, add_not_graded
from grading.results.text import duration, first_names
from grading.submission.discover import Class

# What was left out, or could not be read: so many lines.
LINES_SHOWN = 50
NOTES_SHOWN = 3


@dataclass
class ToGrade:
    """What is graded, and into which folder."""

    submissions: Class
    settings: Settings
    out: Path
    policies: Policies
    roster: People | None = None
    anonymous: bool = False
    console: Console = field(default_factory=Console)

    def say(self, template: str, /, **arguments: object) -> None:
        """Print a line in the language in use, however wide the terminal is; see `marked_up`."""
        self.console.print(marked_up(template, **arguments), soft_wrap=True, highlight=False)


def tell_class(asked: ToGrade, run: Run, others: Sequence[str]) -> None:
    """Print what is to be known of a class that was graded; of `others`, graded earlier, how many there are."""
    if asked.settings.seed == DEMO_SEED:
        asked.say("[yellow]seed: the demo's, which is public[/] – grade a course with a seed of its own")
    elif COURSE.exists() and is_open_to_others(COURSE):
        asked.say(
            "[yellow]{course} can be read by other users[/] – it holds the seed: chmod 600 {course}",
            course=COURSE,
        )
    if asked.settings.isolation == "process":
        asked.say("[yellow]isolation: process[/] – limits, but no walls around student code")
    count = len(asked.submissions)
    if run.kept:
        asked.say(
            "{kept} of {count} unchanged, kept (--regrade grades them again)", kept=len(run.kept), count=count
        )
    if others:
        asked.say(
            "{submissions} of an earlier run still in {out}",
            submissions=count_of(len(others)),
            out=asked.out,
        )
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
            asked.say("[yellow]comment on nobody:[/] {about}", about=comment.about)
    mean = found.score / count
    asked.say(
        "{submissions} in {duration}, mean score {mean:.1f} of {most:g}",
        submissions=count_of(count),
        duration=duration(run.seconds),
        mean=mean,
        most=found.most,
    )


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


def _tell_not_graded(asked: ToGrade, found: _Found) -> None:
    """Name who has notes, what could not be graded and why, and who is missing; for the class's page, too."""
    if found.noted:
        asked.say("{line}", line=_notes_line(sorted(found.noted)))
    compared = None
    if asked.roster is not None:
        compared = compare(asked.roster, [submission.student for submission in asked.submissions])
    not_graded = _not_graded(asked, found, compared)
    with writing(asked.out):
        add_not_graded(asked.out, not_graded)
    for what, lines in not_graded.items():
        for line in lines[:LINES_SHOWN]:
            heading = (
                sentence("nothing found of") if what == UNREAD else sentence("{what}:", what=sentence(what))
            )
            asked.say("[yellow]{heading}[/] {line}", heading=heading, line=line)
        if len(lines) > LINES_SHOWN:
            asked.say("and {count} more, on the class's page", count=len(lines) - LINES_SHOWN)
    if compared:
        asked.say(
            "{without} of the gradebook without a submission, {unknown} not in the gradebook",
            without=len(compared.without),
            unknown=count_of(len(compared.unknown)),
        )


def _not_graded(asked: ToGrade, found: _Found, compared: Compared | None) -> dict[str, list[str]]:
    """Return what could not be graded, and who is missing: lines by what they say."""
    lines = {
        UNREAD: found.unread,
        "left out": [
            said("{label} {why}", label=out.label, why=out.why) for out in asked.submissions.left_out
        ],
        "not installed here": [
            said(
                "{package}, which is imported by {students}; to grade that, install it and say --regrade",
                package=package,
                students=first_names(sorted(students)),
            )
            for package, students in sorted(found.lacking.items())
        ],
        "without a submission": list(compared.without) if compared else [],
        "not in the gradebook": list(compared.unknown) if compared else [],
    }
    return {what: found for what, found in lines.items() if found}


def _tell_unknown_times(asked: ToGrade) -> None:
    if asked.policies.deadline:
        unknown = sorted({s.student for s in asked.submissions} - {*asked.policies.submitted})
        if unknown:
            asked.say(
                "[yellow]no time of submission is known[/], and nobody late: {names} (add their times to "
                "course.toml)",
                names=first_names(unknown),
            )


def _notes_line(students: Sequence[str]) -> str:
    return plural(
        "{submissions} has notes: {names} (see the report)",
        "{submissions} have notes: {names} (see the report)",
        len(students),
    ).format(submissions=count_of(len(students)), names=first_names(students))
