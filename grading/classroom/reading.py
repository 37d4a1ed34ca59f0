"""Reading behind a wall: starts the reader in the sandbox, and turns whatever it does into a sentence."""

from __future__ import annotations

from dataclasses import replace

from cs231n.sentences import sentence
from grading.sandbox import ChildEndedError, Limits, Sandbox
from grading.submission.handed_in import Contents
from grading.submission.reader import request_of
from grading.submission.selection import Questions, Selection, decoded, empty, with_notes
from grading.verdict.reference import reference_seconds

PROGRAM = "grading.submission.reader:answer"
# Of one submission. A large one takes 2 s and 300 MB. On a slow machine the limits on time grow (`Limits.scaled`).
LIMITS = Limits(call_cpu_seconds=8, call_wall_seconds=30, function_cpu_seconds=10, memory_mb=1536, file_mb=0)


def selection_of(contents: Contents, questions: Questions, sandbox: Sandbox) -> Selection:
    """Let a reader behind the walls read a submission.

    Parameters
    ----------
    contents : Contents
    questions : Questions
    sandbox : Sandbox

    Returns
    -------
    Selection
        Whatever the reader does costs this submission alone: then nothing is found in it, and a note says why.

    Raises
    ------
    SandboxError
        If the sandbox has ended.
    """
    if not contents.files:  # nothing to open
        contents = replace(
            contents, notes=contents.notes or (sentence("no notebook and no .py file was handed in"),)
        )
        return empty(contents.student, questions, contents.notes)
    try:
        with sandbox.place():
            found = _asked(contents, questions, sandbox)
    except ChildEndedError as error:
        return empty(contents.student, questions, (*contents.notes, _why(contents, error.ended.reason)))
    except ValueError:
        return empty(contents.student, questions, (*contents.notes, _why(contents, "died")))
    return with_notes(found, contents.student, contents.notes)


def _asked(contents: Contents, questions: Questions, sandbox: Sandbox) -> Selection:
    child = sandbox.start(LIMITS.scaled(reference_seconds()))
    try:
        parts = [raw for _, raw in contents.files]
        answer = child.run(PROGRAM, request_of(contents, questions), parts)
        first = next(answer, b"")
        if next(answer, None) is not None:
            raise ValueError("more than one answer")
    finally:
        child.end().close()  # nobody waits until it is cleared away
    return decoded(first, questions)


def _why(contents: Contents, reason: str) -> str:
    """Say what was not read. The reader's own words are not repeated: they may be the student's."""
    labels = [label for label, _ in contents.files]
    files = ", ".join([*labels[:3], *([f"{len(labels) - 3} more"] if len(labels) > 3 else [])])
    if reason == "timeout":
        return sentence(
            "{files}: not read within {seconds} s of computing: hand in only the notebooks, their outputs cleared",
            files=files,
            seconds=LIMITS.call_cpu_seconds,
        )
    return sentence(
        "{files}: could not be read: what reads it stopped, or needed more than {memory} MB. Hand in only the "
        "notebooks, their outputs cleared",
        files=files,
        memory=LIMITS.memory_mb,
    )
