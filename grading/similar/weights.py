"""Weights: how much it says that two submissions are alike in something, by what is usual in this class.

What two submissions share in one kind of evidence on one function is added up, each trace by how rare it is in the
class (inverse document frequency). Its weight is minus the logarithm of the share of random pairs of the class that
are as alike; weights add up as the logarithms of likelihoods do. So a right answer that many write weighs nothing,
whatever its length, and no number is set by hand but how far kinds are trusted.

The threshold comes from the class as well: a gamma distribution (a sum of exponential ones, as the logarithms of
independent shares are) fitted to the middle of the scores of random pairs, which a few pairs that worked together
do not move, and a bound that it passes less than `EXPECTED` times in all pairs. There are two `READINGS`: one of all
kinds of evidence, and one of what is left when somebody has changed all names and comments. The score of a pair is
its sum in percent of the bound, in the reading in which that is more: above 100 it is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, sparse
from scipy.special import gammainccinv, gammaincinv  # scipy.stats, which calls them, is slow to import

from grading.similar.traces import CODE, FLOW, NAMES, ORDER, RESULTS, WHOLE, WORDS

Channel = tuple[str, str]
Keys = Mapping[Channel, frozenset[str]]  # of the traces of a submission
# Students choose the same wrong way seldom; the same name or the same cell often without each other.
TRUST = {CODE: 1.0, WHOLE: 0.5, FLOW: 1.0, NAMES: 0.5, WORDS: 1.0, RESULTS: 1.5, ORDER: 0.5}
READINGS = (frozenset(TRUST), frozenset({CODE, WHOLE, FLOW, RESULTS}))
EXPECTED = 4.0  # pairs above the bound that worked apart, in all readings
# Pairs that are looked at in full share traces that at most so many have; random pairs say what is usual.
RARE, SAMPLE, BLOCK = 100, 20_000, 500
LETTERS = 8  # traces of a function that say something when all are the same
LEAST = 10.0  # the sum of a candidate's rare traces: a few of them


@dataclass(frozen=True)
class _Index:
    """Which submission has which trace of a channel, (N, F), and each trace's inverse document frequency."""

    matrix: Any
    weights: Any
    columns: Mapping[str, int]

    @property
    def rarity(self) -> Mapping[str, float]:
        return {key: float(self.weights[column]) for key, column in self.columns.items()}


@dataclass(frozen=True)
class Scores:
    """Pairs of submissions, by their numbers, with the weight of each channel; and what is usual.

    Attributes
    ----------
    pairs : array of int, (P, 2)
    weights : array, (P, C)
    channels : tuple
        (function, kind) of each column of `weights`.
    totals : array, (P,)
        The score of each pair: above 100 it is not expected of people who worked apart.
    rarity : tuple
        For each channel, the inverse document frequency of each trace.
    """

    pairs: Any
    weights: Any
    channels: tuple[Channel, ...]
    totals: Any
    rarity: tuple[Mapping[str, float], ...]


def scores_of(submissions: Sequence[Keys], years: Sequence[int]) -> Scores:
    """Return the scores of the pairs that share what is rare.

    Parameters
    ----------
    submissions : sequence
        The keys of the traces of each.
    years : sequence of int
        0 for this class, 1 for an earlier one; pairs within an earlier one are left out.
    """
    channels = tuple(sorted({channel for keys in submissions for channel in keys}))
    of_interest = np.asarray(years) == 0
    once = _counted_once(submissions)
    sample = once[_random_pairs(len(once))]
    indexes = [_index(submissions, channel, once) for channel in channels]
    pairs = _candidates(indexes)
    pairs = pairs[of_interest[pairs].any(axis=1)] if len(pairs) else pairs
    weights, usual = (np.zeros((len(rows), len(channels))) for rows in (pairs, sample))
    for column, (channel, index) in enumerate(zip(channels, indexes, strict=True)):
        of_sample = _alike(index, sample)
        alike = np.sort(of_sample)
        trust = TRUST[channel[1]]
        weights[:, column] = trust * _surprise(_alike(index, pairs), alike)
        usual[:, column] = trust * _surprise(of_sample, alike)
    count = len(years) * (len(years) - 1) / 2 - (~of_interest).sum() * ((~of_interest).sum() - 1) / 2
    rarity = tuple(index.rarity for index in indexes)
    totals = np.zeros(len(pairs))
    for kinds in READINGS:
        read = [column for column, (_, kind) in enumerate(channels) if kind in kinds]
        bound = _bound(usual[:, read].sum(axis=1), count)
        totals = np.maximum(totals, 100 * weights[:, read].sum(axis=1) / bound)
    return Scores(pairs, weights, channels, totals, rarity)


def _counted_once(submissions: Sequence[Keys]) -> Any:
    """Return numbers of submissions, one of those that are the same to the letter in most functions.

    What thirty students have handed in of one solution would else be what is usual in the class. Which one it is, and
    in which order they are, follows from what was handed in: not from names, nor from the order of the class.
    """
    columns: dict[Any, int] = {}
    rows, places = [], []
    for row, keys in enumerate(submissions):
        for function in {function for function, _ in keys if function}:
            text = frozenset(
                (kind, key) for kind in (CODE, NAMES, WORDS) for key in keys.get((function, kind), ())
            )
            if len(text) >= LETTERS:
                rows.append(row)
                places.append(columns.setdefault((function, text), len(columns)))
    same = sparse.csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(submissions), len(columns)))
    shared = (same @ same.T).tocoo()
    functions = np.maximum(np.asarray(same.sum(axis=1)).ravel(), 2)
    keep = shared.data > functions[shared.row] / 2
    graph = sparse.coo_matrix((shared.data[keep], (shared.row[keep], shared.col[keep])), shape=shared.shape)
    _, labels = sparse.csgraph.connected_components(graph, directed=False)
    order = np.asarray(sorted(range(len(submissions)), key=[*map(_digest, submissions)].__getitem__))
    return order[np.sort(np.unique(labels[order], return_index=True)[1])]


def _digest(keys: Keys) -> bytes:
    """Return the hash of what a submission holds: the same whoever handed it in."""
    return hashlib.sha256(
        repr(sorted((channel, sorted(held)) for channel, held in keys.items())).encode()
    ).digest()


def _index(submissions: Sequence[Keys], channel: Channel, once: Any) -> _Index:
    columns: dict[str, int] = {}
    rows, places = [], []
    for row, keys in enumerate(submissions):
        for key in sorted(keys.get(channel, ())):
            rows.append(row)
            places.append(columns.setdefault(key, len(columns)))
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(submissions), len(columns)))
    weights = np.log(len(once) / np.maximum(1, _sum(matrix[once])))
    weights[_sum(matrix) < 2] = 0  # shared by nobody
    return _Index(matrix, weights, columns)


def _sum(matrix: Any) -> Any:
    return np.asarray(matrix.sum(axis=0)).ravel()


def _alike(index: _Index, pairs: Any) -> Any:
    """Return how alike pairs are in a channel, (P,): the sum of what they share, times its part of all they have."""
    matrix, weights = index.matrix, index.weights
    if not len(pairs):
        return np.zeros(0)
    total = matrix @ weights
    shared = np.concatenate(
        [
            matrix[part[:, 0]].multiply(matrix[part[:, 1]]) @ weights
            for part in np.array_split(pairs, len(pairs) // 50_000 + 1)
        ]
    )
    larger = np.maximum(total[pairs].max(axis=1), 1e-9)
    return shared * shared / larger


def _surprise(alike: Any, usual: Any) -> Any:
    """Return minus the logarithm of the share of random pairs (`usual`, sorted) that are as alike."""
    as_alike = len(usual) - np.searchsorted(usual, alike - 1e-9)
    return -np.log(np.minimum(1, (as_alike + 1) / (len(usual) + 1)))


def _random_pairs(count: int) -> Any:
    """Return pairs of different submissions, (P, 2): all of a small class, else a sample, the same in every run."""
    if count * (count - 1) // 2 <= SAMPLE:
        return np.stack(np.triu_indices(count, 1), axis=1)
    random = np.random.default_rng(0)
    first = random.integers(count, size=SAMPLE)
    return np.stack([first, (first + random.integers(1, count, size=SAMPLE)) % count], axis=1)


def _candidates(indexes: Sequence[_Index]) -> Any:
    """Return the pairs that share enough of what at most `RARE` have, (P, 2), by an inverted index."""
    rare = []
    for index in indexes:
        count = _sum(index.matrix)
        keep = (count > 1) & (count <= RARE) & (index.weights > 0)
        rare.append(index.matrix[:, keep] @ sparse.diags(np.sqrt(index.weights[keep])))
    none = np.zeros((0, 2), dtype=int)
    return np.concatenate([none, *_products(sparse.hstack(rare, format="csr"))]) if rare else none


def _products(matrix: Any) -> Iterator[Any]:
    transposed = matrix.T.tocsc()
    for start in range(0, matrix.shape[0], BLOCK):
        shared = (matrix[start : start + BLOCK] @ transposed).tocoo()
        keep = (shared.data >= LEAST) & (shared.row + start < shared.col)
        yield np.stack([shared.row[keep] + start, shared.col[keep]], axis=1)


def _bound(usual: Any, pairs: float) -> float:
    """Return the sum that less than `EXPECTED` of so many pairs reach, over all readings, if all worked apart."""
    if not len(usual):
        return 1.0
    middle, high = np.maximum(np.quantile(usual, (0.5, 0.9)), (1e-3, 2e-3))
    wanted = high / middle

    def excess(shape: float) -> float:
        return float(gammaincinv(shape, 0.9) / gammaincinv(shape, 0.5) - wanted)

    shape = optimize.brentq(excess, 0.05, 1000) if excess(1000) < 0 < excess(0.05) else 1.0
    scale = middle / gammaincinv(shape, 0.5)
    return float(scale * gammainccinv(shape, min(0.5, EXPECTED / len(READINGS) / max(pairs, 1))))
