"""Reading behind a wall: starts the reader in the sandbox, and turns whatever it does into a sentence."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass, replace

from cs231n.handin.kinds import NOTEBOOK, SCRIPT
from cs231n.sentences import first_of, sentence
from grading.sandbox import Child, ChildEndedError, Limits, Sandbox
from grading.submission.handed_in import Contents
from grading.submission.reader import request_of
from grading.submission.selection import Questions, Selection, decoded, empty, with_notes
from grading.verdict.reference import reference_seconds

PROGRAM = "grading.submission.reader:answer"
# Of one submission. A large one takes 2 s and 300 MB. On a slow machine the limits on time grow (`Limits.scaled`).
LIMITS = Limits(call_cpu_seconds=8, call_wall_seconds=30, function_cpu_seconds=10, memory_mb=1536, file_mb=0)

# To start a reader costs more than to read what is usual: so many plain notebooks and scripts, of so many bytes in all,
# are read by one. Nothing of a student's is run there, and what goes wrong in a reader that has read before is tried
# again in one that has not.
READS, USUAL_BYTES = 16, 4 << 20


@dataclass
class _Reader:
    child: Child
    left: int = READS


_idle: weakref.WeakKeyDictionary[Sandbox, list[_Reader]] = weakref.WeakKeyDictionary()


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
    usual = _is_usual(contents)
    idle = _idle_of(sandbox)
    if usual:
        with contextlib.suppress(ChildEndedError, ValueError, IndexError):  # another thread may take the last
            return _read_by(idle.pop(), contents, questions, idle)
    reader = _Reader(sandbox.start(LIMITS.scaled(reference_seconds())))
    return _read_by(reader, contents, questions, idle if usual else None)


def _idle_of(sandbox: Sandbox) -> list[_Reader]:
    if sandbox not in _idle:
        idle = _idle.setdefault(sandbox, [])
        sandbox.at_close.callback(_hang_up, idle)
    return _idle[sandbox]


def dismiss(sandbox: Sandbox) -> None:
    """End the readers that wait for a submission: what a sandbox uses without them is to be measured."""
    idle = _idle_of(sandbox)
    while idle:
        idle.pop().child.close()


def _hang_up(idle: list[_Reader]) -> None:
    while idle:
        idle.pop().child.channel.close()


def _read_by(
    reader: _Reader, contents: Contents, questions: Questions, idle: list[_Reader] | None
) -> Selection:
    """Let a reader read; afterwards it joins those that are idle, or is ended."""
    reader.left -= 1
    try:
        parts = [raw for _, raw in contents.files]
        answer = reader.child.run(PROGRAM, request_of(contents, questions), parts)
        first = next(answer, b"")
        if next(answer, None) is not None:
            raise ValueError("more than one answer")
        found = decoded(first, questions)
    except BaseException:
        reader.child.end().close()  # nobody waits until it is cleared away
        raise
    if idle is None or not reader.left:
        reader.child.end().close()
    else:
        idle.append(reader)
    return found


def _is_usual(contents: Contents) -> bool:
    """Whether all that is handed in is plain notebooks and scripts of moderate size."""
    plain = all(label.endswith((NOTEBOOK, SCRIPT)) for label, _ in contents.files)
    return plain and sum(len(raw) for _, raw in contents.files) <= USUAL_BYTES


def _why(contents: Contents, reason: str) -> str:
    """Say what was not read. The reader's own words are not repeated: they may be the student's."""
    labels = [label for label, _ in contents.files]
    files = first_of(labels, 3)
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
