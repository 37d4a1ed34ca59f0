"""Fingerprints of wrong solutions, kept between runs (`private_cache`): of private inputs, and so of a seed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs231n.trials.trial import Trial, trial_key
from grading.assignments.vocabulary.function import Function
from grading.verdict import private_cache
from grading.verdict.diagnosis.compare import Signature
from grading.verdict.provenance import code_of


def place_of(function: Function, trial: Trial, wrong: Sequence[Sequence[str]]) -> Path:
    """Return where the fingerprints are kept that a function's wrong solutions, called by their mistakes, have."""
    return private_cache.place_of(code_of(function.notebook), function.name, trial_key(trial), wrong)


def keep(place: Path, prints: Sequence[Signature]) -> None:
    """Write fingerprints; where that is not possible, the next run computes them again."""
    sums: list[np.ndarray] = []
    # In the order in which the header will be read: JSON has its keys sorted.
    header = [{key: _plain(one[key], sums) for key in sorted(one)} for one in prints]
    private_cache.keep(place, header, {"sums": np.concatenate(sums)} if sums else {})


def kept(place: Path) -> list[Signature] | None:
    """Return the fingerprints that were written; None if there are none, or no whole ones."""
    with contextlib.suppress(ValueError):
        if found := private_cache.kept(place):
            header, arrays = found
            sums = iter(_pieces(header, arrays.get("sums", np.empty(0))))
            return [{key: _print(value, sums) for key, value in one.items()} for one in header]
    return None


def _plain(value: Any, sums: list[np.ndarray]) -> Any:
    """Return a value as JSON, a fingerprint of an array as a list; its sums are added to the others."""
    if not isinstance(value, tuple):
        return value
    shape, size, last = value
    if isinstance(last, np.ndarray):
        sums.append(last)
        last = len(last)
    return [shape, size, last.hex() if isinstance(last, bytes) else last]


def _print(value: Any, sums: Iterator[np.ndarray]) -> Any:
    if not isinstance(value, list):
        return value
    shape, size, last = value
    if isinstance(last, int):
        return tuple(shape), size, next(sums)
    return tuple(shape), size, last if last is None else bytes.fromhex(last)


def _pieces(header: Sequence[dict[str, Any]], sums: np.ndarray) -> list[np.ndarray]:
    values = [value for one in header for value in one.values() if isinstance(value, list)]
    lengths = [value[2] for value in values if isinstance(value[2], int)]
    return np.split(sums, np.cumsum(lengths)[:-1]) if lengths else []
