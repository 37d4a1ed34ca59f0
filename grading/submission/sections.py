"""People who are in several sections of a class: one submission each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cs231n.sentences import first_of, sentence
from grading.submission import ids
from grading.submission.handed_in import File, Submission
from grading.submission.moments import moment_of

NAMED = 5


def one_each(sections: Mapping[str, Sequence[Submission]]) -> tuple[Submission, ...]:
    """Return a submission for each person of some sections of one platform, which gives nobody's id to two.

    Parameters
    ----------
    sections : mapping of str to sequence of Submission
        By the name of the folder or archive.
    """
    found: dict[str, dict[str, Submission]] = {}
    for name, people in sections.items():
        for submission in people:
            found.setdefault(ids.key(submission.student), {})[name] = submission
    return tuple(_joined(of_person) for of_person in found.values())


def _joined(several: Mapping[str, Submission]) -> Submission:
    """Return the last of a person's submissions, if the platform says when each was handed in; else all as one."""
    with_files = {name: submission for name, submission in several.items() if submission.files} or several
    if len(several) == 1:
        return next(iter(several.values()))
    moments = {moment_of(submission.attempt): name for name, submission in with_files.items()}
    if None not in moments and len(moments) == len(with_files):
        name = moments[max(moments, key=str)]
        others = first_of([other for other in several if other != name], NAMED)
        note = sentence(
            "is in several sections; graded is what was handed in last, that of {name}, not {others}",
            name=name,
            others=others,
        )
        return replace(several[name], notes=(*several[name].notes, note))
    files = [
        File(f"{name}/{file.label}", file.path)
        for name, submission in with_files.items()
        for file in submission.files or ()
    ]
    note = sentence(
        "is in several sections ({names}), and all is taken for one person's",
        names=first_of([*several], NAMED),
    )
    notes = dict.fromkeys(said for submission in several.values() for said in submission.notes)
    return replace([*with_files.values()][-1], files=tuple(files), notes=(*notes, note))
