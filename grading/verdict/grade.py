"""Grades one submission: a pure function of what was handed in, the seed and the kit's version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from cs231n.sentences import joined, sentence
from cs231n.trials.exceptions import explain
from grading.assignments.registry import assignment, assignments, names_of
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment
from grading.results.definition import (
    CheckResult,
    CheckStatus,
    FunctionResult,
    FunctionStatus,
    Grader,
    Result,
)
from grading.results.evidence import Evidence, FunctionEvidence
from grading.results.sentences import recorded
from grading.sandbox import Sandbox
from grading.sandbox.shared.notes import NOTES
from grading.submission.selection import Piece, Selected, Selection, sentence_of
from grading.verdict.alike import Alike, Tried, key_of
from grading.verdict.attempts import Attempts, Task
from grading.verdict.evidence import evidence_of
from grading.verdict.judge import check_result, number, status_of
from grading.verdict.pictures import Picture as ReportPicture
from grading.verdict.pictures import picture_of
from grading.verdict.private_inputs import StudentText
from grading.verdict.provenance import grader
from grading.verdict.served import serving
from grading.verdict.tampering import serious, tampering_note, ways_of, without_trust
from grading.verdict.verdicts import Verdicts

# What a function is that was not run.
UNTRIED: dict[str, FunctionStatus] = {"missing": "missing", "stub": "stub", "broken": "error"}


@dataclass(frozen=True)
class Graded:
    """A submission's result, what that rests on, the pictures for its report, and what it used."""

    result: Result
    evidence: Evidence
    pictures: dict[str, ReportPicture]
    cpu_seconds: float
    max_rss_mb: float


def grade(
    selection: Selection, seed: str, sandbox: Sandbox, reference: str = "", alike: Alike | None = None
) -> Graded:
    """Grade what was found in a submission.

    Parameters
    ----------
    selection : Selection
        The reader's answer to `grading.verdict.questions.questions_of(reference)`.
    seed : str
        The course's private seed; the inputs of the private checks follow from it.
    sandbox : Sandbox
        Where its code runs.
    reference : str
        Which assignment is asked (`grading.assignments.registry.assignment`); "" for the default.
    alike : Alike, optional
        The verdicts on functions of other submissions, which count for the same text.

    Returns
    -------
    Graded
        With one entry for each function asked, in the order of the rubric.
    """
    asked = assignment(reference)
    with names_of(asked):
        made_by = grader(seed, sandbox.isolation, reference)
        return _grade(selection, seed, sandbox, asked, made_by, alike or Alike())


def _grade(
    selection: Selection,
    seed: str,
    sandbox: Sandbox,
    assignment: Assignment,
    made_by: Grader,
    alike: Alike,
) -> Graded:
    found = {one.function: one for one in selection.functions}
    modules = [piece for numbers in selection.modules.values() for piece in selection.text(numbers)]
    texts = {name: StudentText(selection.text(one.pieces), modules) for name, one in found.items()}
    attempts = Attempts(sandbox)
    if any(one.state == "filled" for one in found.values()):
        sandbox.load_named(_all_texts(found, texts, modules, assignment))
    tasks = {
        asked.name: Task(
            job_of(found[asked.name], asked, selection),
            asked.trials(seed),
            asked.doubts(seed),
            asked.public_checks,
            serve=serving(asked.needs),
        )
        for asked in assignment.functions
        if found[asked.name].state == "filled"
    }
    keys = {
        name: key_of(task, texts[name].pieces, seed, sandbox.isolation, sandbox.limits, assignment.name)
        for name, task in tasks.items()
    }
    verdicts = Verdicts(assignment, tasks, texts, keys, alike, attempts).on_all()
    ways = {name: ways_of(texts[name].pieces) for name in tasks}
    beside = serious(ways_of(modules))
    graded = [
        _grade_function(
            asked, found[asked.name], texts[asked.name], tasks, verdicts, ways.get(asked.name, {}), beside
        )
        for asked in assignment.functions
    ]
    attempts.totals()
    functions = tuple(function for function, _, _ in graded)
    evidence = Evidence(selection.student, tuple(evidence for _, evidence, _ in graded))
    pictures = {function.name: picture for function, _, picture in graded if picture}
    notes = _notes_on(selection, assignment)
    result = Result(
        student=selection.student,
        assignment=assignment.name,
        grader=made_by,
        score=number(sum(function.score for function in functions)),
        max_score=number(sum(function.max_score for function in functions)),
        notes=tuple(map(str, notes)),
        functions=functions,
        note_sentences=tuple(map(recorded, notes)),
    )
    return Graded(result, evidence, pictures, attempts.cpu_seconds, attempts.max_rss_mb)


def _trusted(asked: Function, tried: Tried, ways: Mapping[str, str]) -> Tried:
    """Return the verdict without what only the function's own process tells, where its text is not to be trusted."""
    checks = without_trust(asked, tried.checks, serious(ways))
    return tried if checks == tried.checks else replace(tried, checks=checks, status=status_of(checks))


def _notes_on(selection: Selection, assignment: Assignment) -> tuple[str, ...]:
    """Say what an instructor should know of the files, and whether they are of another assignment."""
    notes: list[str] = list(map(sentence_of, selection.notes))
    if other := _other_assignment(selection.defined):
        notes.append(
            sentence(
                "nothing of {assignment} is in it, but of {other}: that is graded with --assignment {other}",
                assignment=assignment.name,
                other=other,
            )
        )
    return tuple(notes)


def _other_assignment(defined: Mapping[str, int]) -> str:
    """Return the kit's assignment that covers most of what is in the files, the smallest of several; "" if none."""
    known = [one for one in assignments().values() if defined.get(one.name)]
    return max(known, key=lambda one: (defined[one.name], -len(one.functions))).name if known else ""


def _grade_function(
    asked: Function,
    found: Selected,
    text: StudentText,
    tasks: Mapping[str, Task],
    verdicts: Mapping[str, Tried],
    ways: Mapping[str, str],
    beside: Mapping[str, str],
) -> tuple[FunctionResult, FunctionEvidence, ReportPicture | None]:
    """Grade a function by what was seen of it, if it was tried."""
    task, tried = tasks.get(asked.name), verdicts.get(asked.name)
    diagnosis, picture = None, None
    notes: list[str] = list(map(sentence_of, found.notes))
    status: FunctionStatus
    if task is None or tried is None:
        checks = _untried(asked, found)
        status = UNTRIED[found.state]
        evidence = evidence_of(asked.name, text.pieces)
    else:
        # Whether what is right was tried alone, and so its doubts, is a matter of the machine's load.
        kept = task.trials if tried.status == "correct" else task.trials | task.doubts
        tried = _trusted(asked, tried, ways)
        seen, checks, status, diagnosis = tried.seen, tried.checks, tried.status, tried.diagnosis
        notes += [sentence(NOTES[key]) for key in NOTES if key in seen.notes]
        if tampering := tampering_note({**ways, **beside}):
            notes.append(tampering)
        picture = picture_of(asked, task.trials, seen.trials)
        evidence = evidence_of(asked.name, text.pieces, kept, seen.trials, asked)
    result = FunctionResult(
        name=asked.name,
        defined_as=found.defined_as,
        notebook=None if found.state == "missing" else asked.notebook,
        file=found.file,
        status=status,
        score=number(sum(check.points for check in checks)),
        max_score=number(asked.points),
        notes=tuple(map(str, notes)),
        diagnosis=diagnosis,
        checks=checks,
        note_sentences=tuple(map(recorded, notes)),
    )
    return result, evidence, picture


def _untried(asked: Function, found: Selected) -> tuple[CheckResult, ...]:
    """Return the checks of a function that was not run."""
    messages: dict[str, tuple[CheckStatus, str]] = {
        "missing": ("skipped", sentence("the function was not found")),
        "stub": ("skipped", sentence("not filled in")),
        "broken": ("error", sentence_of(found.message) if found.message else ""),
    }
    status, message = messages[found.state]
    type_, _, said = message.partition(": ")
    raised = {"type": type_, "message": said, "place": "", "line": ""}
    explanation = explain(raised, asked.hints) if found.state == "broken" else None
    first = joined([message, explanation.sentences()], "\n") if explanation else message
    return tuple(
        check_result(check, status, message if index else first) for index, check in enumerate(asked.checks)
    )


def _all_texts(
    found: Mapping[str, Selected],
    texts: Mapping[str, StudentText],
    modules: Sequence[Piece],
    assignment: Assignment,
) -> Iterator[str]:
    """Yield all that children of a submission may be told to run."""
    for piece in (*modules, *(piece for text in texts.values() for piece in text.pieces)):
        yield piece.source
    for asked in assignment.functions:
        yield from (asked.provided[name] for name in found[asked.name].names if name in asked.provided)


def job_of(found: Selected, asked: Function, selection: Selection) -> dict[str, Any]:
    """Return what a child is told of a function: its text, and that of all it refers to."""
    pieces, names = selection.text(found.alone if asked.needs else found.pieces), set(found.names)
    form = asked.older_forms.get(found.defined_as or "")
    return {
        "function": asked.name,
        "defined_as": found.defined_as,
        "holder": found.holder,
        "package": found.package,
        "names": sorted(names),
        "provided": {name: asked.provided[name] for name in sorted(names) if name in asked.provided},
        "older_form": form.for_child() if form else None,
        "image_size": asked.image_size,
        "units": list(map(structs.asdict, pieces)),
        "modules": {
            name: list(map(structs.asdict, selection.text(numbers)))
            for name, numbers in selection.modules.items()
        },
        "served": [asked.needs] if asked.needs else [],
    }
