"""Pairs and groups of submissions of a graded folder that are alike beyond what the task makes alike.

A solution that thirty students share is one group, not 435 pairs: groups are what pairs above the threshold connect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.results.definition import Result
from grading.results.evidence import Evidence
from grading.results.files import evidence_path, read_evidence, read_results
from grading.similar.given import Given, given_in, released_cells
from grading.similar.traces import traces_of
from grading.similar.weights import TRUST, Keys, Scores, scores_of

SHOWN = 100.0  # the score above which a pair is


@dataclass(frozen=True)
class Submission:
    """Whose it is, its year (0 for this class, 1 for the earlier one), and where its evidence lies."""

    student: str
    year: int
    result: Result
    path: Path

    @property
    def evidence(self) -> Evidence:
        """The evidence, read anew: not all of a class is kept in memory."""
        return read_evidence(self.path)


@dataclass(frozen=True)
class Alike:
    """In what a pair is alike: a function ("" for the whole submission), a kind of evidence, its weight.

    `one_in` says how seldom it is: one of so many pairs of the class is as alike. `shared` are the keys that say most.
    """

    function: str
    kind: str
    weight: float
    one_in: float
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions, their score, and in what they are alike, what weighs most first."""

    first: Submission
    second: Submission
    score: float
    alike: tuple[Alike, ...]


@dataclass(frozen=True)
class Group:
    """Submissions that pairs above the threshold connect.

    `names` are the students of each of these pairs, `pairs` the strongest that hold it together, one fewer than its
    members.
    """

    members: tuple[Submission, ...]
    names: tuple[tuple[str, str], ...]
    pairs: tuple[Pair, ...]

    @property
    def count(self) -> int:
        """How many pairs of it are above the threshold."""
        return len(self.names)


@dataclass(frozen=True)
class Comparison:
    """What was found in a class.

    Attributes
    ----------
    submissions, earlier : int
        How many were compared, of this class and of the earlier one.
    pairs : int
        How many pairs that makes.
    groups : tuple of Group
        The highest score first.
    unread : tuple of str
        Students whose result has no evidence beside it.
    given : Given
        What was left out since the task hands it out.
    """

    submissions: int
    earlier: int
    pairs: int
    groups: tuple[Group, ...]
    unread: tuple[str, ...]
    given: Given


def compare_class(out: Path, earlier: Path | None, notebooks: Sequence[Notebook]) -> Comparison:
    """Return the groups of a graded folder, and of it with an earlier one.

    Parameters
    ----------
    out : Path
    earlier : Path, optional
        The graded folder of an earlier year: pairs within it are not reported.
    notebooks : sequence of Notebook
        What is handed out.

    Raises
    ------
    KitError
        If a folder is not a graded one, a file in it cannot be read, or no evidence is there.
    """
    given = given_in(cell for notebook in notebooks for cell in released_cells(notebook))
    submissions: list[Submission] = []
    unread: list[str] = []
    keys: list[Keys] = []
    for year, folder in enumerate((out, earlier) if earlier else (out,)):
        for submission in _submissions(folder, year):
            if submission.path.is_file():
                submissions.append(submission)
                keys.append(_keys(submission, given))
            else:
                unread.append(submission.student)
        if not any(submission.year == year for submission in submissions):
            raise KitError(
                "{folder} holds no evidence of a function: grade the class again with this version "
                "(python -m grading grade PATH --out {out} --regrade)",
                folder=folder / "evidence",
                out=folder,
            )
    scores = scores_of(keys, [submission.year for submission in submissions])
    old = sum(submission.year for submission in submissions)
    new = len(submissions) - old
    return Comparison(
        submissions=new,
        earlier=old,
        pairs=new * (new - 1) // 2 + new * old,
        groups=tuple(sorted(_groups(scores, submissions, keys), key=lambda g: -g.pairs[0].score)),
        unread=tuple(unread),
        given=given,
    )


def _submissions(folder: Path, year: int) -> Iterator[Submission]:
    for result in read_results(folder):
        path = evidence_path(folder, result.student)
        yield Submission(result.student, year, result, path or folder / "evidence" / "none")


def _keys(submission: Submission, given: Given) -> Keys:
    found = traces_of(submission.result, submission.evidence, given)
    return {channel: frozenset(trace.key for trace in traces) for channel, traces in found.items()}


def _groups(scores: Scores, submissions: Sequence[Submission], keys: Sequence[Keys]) -> Iterator[Group]:
    totals = scores.totals
    strong = np.flatnonzero(totals > SHOWN)
    if not len(strong):
        return
    size = (len(submissions), len(submissions))
    edges = scores.pairs[strong]
    # the tree of the strongest pairs: a spanning tree of least cost
    cost = sparse.coo_matrix((totals.max() + 1 - totals[strong], (edges[:, 0], edges[:, 1])), shape=size)
    tree = sparse.csgraph.minimum_spanning_tree(cost.tocsr()).tocoo()
    _, labels = sparse.csgraph.connected_components(cost, directed=False)
    rows = {(int(a), int(b)): int(row) for row, (a, b) in zip(strong, edges, strict=True)}
    for label in np.unique(labels[edges[:, 0]]):
        held = [rows[int(a), int(b)] for a, b in zip(tree.row, tree.col, strict=True) if labels[a] == label]
        members = np.flatnonzero(labels == label).tolist()
        yield Group(
            tuple(submissions[member] for member in members),
            tuple(
                (submissions[a].student, submissions[b].student)
                for a, b in edges[labels[edges[:, 0]] == label].tolist()
            ),
            tuple(
                _pair(scores, row, submissions, keys) for row in sorted(held, key=lambda row: -totals[row])
            ),
        )


def _pair(
    scores: Scores,
    row: int,
    submissions: Sequence[Submission],
    keys: Sequence[Keys],
) -> Pair:
    first, second = (int(number) for number in scores.pairs[row])
    alike = []
    for column in np.argsort(-scores.weights[row]):
        function, kind = channel = scores.channels[column]
        weight = float(scores.weights[row, column])
        if weight > 0:
            rarity = scores.rarity[column]
            both = keys[first][channel] & keys[second][channel]
            shared = tuple(
                key for key in sorted(both, key=lambda one: (-rarity[one], one)) if rarity[key] > 0
            )
            alike.append(Alike(function, kind, weight, float(np.exp(weight / TRUST[kind])), shared))
    return Pair(submissions[first], submissions[second], float(scores.totals[row]), tuple(alike))
