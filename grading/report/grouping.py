"""Grouping of a class by what each student's function did, whatever the code looks like.

Right functions are one group, and those with one named mistake. Others are alike where they fail the same checks, raise
the same exceptions and return arrays that are alike in all trials (`evidence.Array.sketch`). What can only be the same
or not is hashed, and the numbers are sorted: a class costs n log n.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from grading.results.definition import FunctionResult, Result
from grading.results.evidence import Array, Attempt, Call, FunctionEvidence
from grading.results.files import evidence_of, read_results
from grading.results.groups import WHOLE, Group, read_groups, write_groups
from grading.verdict.diagnosis.compare import MISFIT

# So many numbers of a sketch find a group again.
KEPT = 40
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Member:
    """What one student's function did: what can only be the same or not, and numbers that are alike within `near`."""

    student: str
    status: str
    mistake: str
    made_by: str
    key: str
    numbers: Numbers
    near: Numbers


def group_class(out: Path) -> tuple[Group, ...]:
    """Group the submissions of a graded folder, function by function, and write ``groups.json``.

    A group keeps its id as long as the folder is graded again: that of the group that did the same or has its name; on
    other inputs, of the one with which it shares most students.

    Parameters
    ----------
    out : Path
        A graded folder: ``results/*.json``, ``evidence/*.json``, and perhaps the groups of an earlier run.

    Returns
    -------
    tuple of Group
        Function by function, the largest first.

    Raises
    ------
    KitError
        If a result, its evidence or the groups there cannot be read.
    """
    before = defaultdict(list)
    for group in read_groups(out):
        before[group.function].append(group)
    groups = tuple(
        group
        for function, members in members_of(out).items()
        for group in _with_ids(function, clusters(members), before[function])
    )
    write_groups(out, groups)
    return groups


def members_of(out: Path) -> dict[str, list[Member]]:
    """Return what each student's function did, by function, in the order of the results."""
    members: dict[str, list[Member]] = defaultdict(list)
    for result in read_results(out):
        seen = evidence_of(out, result.student)
        for function in result.functions:
            members[function.name].append(member(result, function, seen.get(function.name)))
    return members


def member(result: Result, function: FunctionResult, evidence: FunctionEvidence | None) -> Member:
    """Return what a student's function did."""
    diagnosis = function.diagnosis
    made_by = _hash([result.grader.seed, result.grader.code])
    mistake = "+".join(sorted(diagnosis.parts)) if diagnosis and diagnosis.basis == "recognised" else ""
    if function.status in WHOLE or mistake:
        key = mistake or function.status
        return Member(result.student, function.status, mistake, made_by, key, np.empty(0), np.empty(0))
    observed = evidence.observed if evidence else ()
    statuses = [(check.id, check.status) for check in function.checks]
    raised = "" if observed else function.checks[0].message.partition(":")[0] if function.checks else ""
    returned = any(not call.raised for attempt in observed for call in attempt.calls)
    kinds = [_kinds(attempt, returned) for attempt in observed]
    found = list(_numbers(observed))
    numbers = np.array([number for number, _ in found], np.float64)
    near = np.array([tolerance for _, tolerance in found], np.float64)
    key = _hash([made_by, function.status, statuses, raised, kinds])
    return Member(result.student, function.status, "", made_by, key, numbers, near)


def _kinds(attempt: Attempt, returned: bool) -> list[Any]:
    """What of an attempt can only be the same or not."""
    return [sorted(attempt.checks), bool(attempt.ended), *(_kind(call, returned) for call in attempt.calls)]


def _kind(call: Call, returned: bool) -> list[Any]:
    if raised := call.raised:
        if returned:  # which exception it is where shapes do not fit depends on how it is written
            return ["misfit" if raised.type in MISFIT else raised.type]
        own_name = raised.type in ("NameError", "UnboundLocalError")
        return [raised.type, "" if own_name else raised.message]
    compared = [_kind_of(array) for array in call.arrays if array.sketch]
    return [compared or call.type]


def _kind_of(array: Array) -> list[Any]:
    finite = not {array.smallest, array.largest} & {"nan", "inf", "-inf"}
    shape = [] if len(array.shape) < 2 and array.shape in ((), (1,)) else array.shape
    return [array.name, shape, len(array.sketch), finite, _is_whole(array)]


def _is_whole(array: Array) -> bool:
    """Whether its numbers are whole: these are alike only where they are the same."""
    return array.dtype.startswith(("int", "uint", "bool"))


def _numbers(observed: Sequence[Attempt]) -> Iterator[tuple[float, float]]:
    """Yield the numbers of all sketches, each with the difference up to which two are alike."""
    for attempt in observed:
        for array in (array for call in attempt.calls for array in call.arrays):
            for number in array.sketch:
                yield number, 0.0 if _is_whole(array) else attempt.tolerance


def clusters(members: Sequence[Member]) -> list[list[Member]]:
    """Return the members that did the same together, the largest cluster first, each in the order of the members."""
    by_key = defaultdict(list)
    for one in members:
        by_key[one.key, len(one.numbers)].append(one)
    found = [cluster for alike in by_key.values() for cluster in _apart(alike)]
    # Of two of one size, names decide nothing: the order is that of the ids, on anonymous pages as well.
    return sorted(found, key=lambda cluster: (-len(cluster), cluster[0].key, tuple(cluster[0].numbers)))


def _apart(members: list[Member]) -> Iterator[list[Member]]:
    """Take members apart wherever one of their numbers, sorted, leaves a gap that is not noise."""
    numbers, near = np.stack([one.numbers for one in members]), members[0].near
    parts = [np.arange(len(members))]
    while parts:
        part = parts.pop()
        order = np.argsort(numbers[part], axis=0, kind="stable")
        gaps = np.diff(np.take_along_axis(numbers[part], order, axis=0), axis=0) > near
        columns = np.flatnonzero(gaps.any(axis=0))
        if columns.size:
            column = columns[0]
            parts += np.split(part[order[:, column]], np.flatnonzero(gaps[:, column]) + 1)
        else:
            yield [members[index] for index in np.sort(part)]


def _with_ids(function: str, found: Sequence[list[Member]], before: Sequence[Group]) -> Iterator[Group]:
    """Make groups of clusters: with the id of the nearest group of an earlier run, or the next number."""
    known = _matched(found, before)
    highest = max((group.number for group in before), default=0)
    for index, cluster in enumerate(found):
        if index not in known:
            highest += 1
        first = cluster[0]
        yield Group(
            id=known.get(index, f"{function}-{highest}"),
            function=function,
            students=tuple(one.student for one in cluster),
            mistake=first.mistake,
            status=first.status,
            made_by=first.made_by,
            key=first.key,
            sketch=tuple(first.numbers[:KEPT].tolist()),
        )


def _matched(found: Sequence[list[Member]], before: Sequence[Group]) -> dict[int, str]:
    """Return the id of the nearest group of an earlier run, by the number of the cluster, where there is one."""
    pairs = sorted([*_same(found, before), *_shared(found, before)])
    known: dict[int, str] = {}
    taken = set()
    for *_, index, id in pairs:
        if index not in known and id not in taken:
            known[index] = id
            taken.add(id)
    return known


def _same(found: Sequence[list[Member]], before: Sequence[Group]) -> Iterator[tuple[int, float, int, str]]:
    """Yield clusters with the groups that did the same, on the same inputs if it has no name; the nearest first."""
    by_key = defaultdict(list)
    for index, cluster in enumerate(found):
        by_key[cluster[0].key, min(len(cluster[0].numbers), KEPT)].append(index)
    for group in before:
        if indices := by_key.get((group.key, len(group.sketch))):
            numbers = np.stack([found[index][0].numbers[:KEPT] for index in indices])
            far = np.abs(numbers - np.array(group.sketch)).max(axis=1, initial=0)
            near = found[indices[0]][0].near[:KEPT].max(initial=0)
            yield from (
                (0, float(far[i]), index, group.id) for i, index in enumerate(indices) if far[i] <= near
            )


def _shared(found: Sequence[list[Member]], before: Sequence[Group]) -> Iterator[tuple[int, float, int, str]]:
    """Yield clusters with the groups whose students they share, where what was seen cannot be compared."""
    group_of = {student: group for group in before for student in group.students}
    for index, cluster in enumerate(found):
        if cluster[0].status not in WHOLE:
            shared = Counter(
                group.id
                for one in cluster
                if (group := group_of.get(one.student))
                and group.status not in WHOLE
                and group.made_by != one.made_by
            )
            yield from ((1, -count, index, id) for id, count in shared.items())


def _hash(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
