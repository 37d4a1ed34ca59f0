"""Fingerprints of wrong solutions, kept between runs: to compute them takes seconds, to read them milliseconds.

They lie beside the caches, in a folder that no wall shows to student code, and only their owner may read them: they are
of private inputs. Their names are hashes of the code that decides, of those inputs and so of the seed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs231n.datasets.registry import cache_dir
from cs231n.trials import wire
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.registry import notebook_named
from grading.assignments.vocabulary.function import Function
from grading.locations import KIT
from grading.results.atomic import write_atomically
from grading.verdict.diagnosis.compare import Signature
from grading.verdict.provenance import hash_of_code, made_by

FOLDER = "diagnosis"
# So many are kept, those of late.
MOST = 64


def place_of(function: Function, trial: Trial, wrong: Sequence[Sequence[str]]) -> Path:
    """Return where the fingerprints are kept that a function's wrong solutions, called by their mistakes, have."""
    code = _code(notebook_named(function.notebook).folder)
    parts = [code, made_by(), function.name, trial_key(trial), wrong]
    name = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return cache_dir() / FOLDER / name


@functools.cache
def _code(folder: Path) -> str:
    return hash_of_code(KIT, [folder])


def keep(place: Path, prints: Sequence[Signature]) -> None:
    """Write fingerprints; where that is not possible, the next run computes them again."""
    sums: list[np.ndarray] = []
    # In the order in which the header will be read: JSON has its keys sorted.
    header = [{key: _plain(one[key], sums) for key in sorted(one)} for one in prints]
    with contextlib.suppress(OSError, wire.FrameError):
        place.parent.mkdir(mode=0o700, exist_ok=True)
        arrays = {"sums": np.concatenate(sums)} if sums else {}
        write_atomically(place, wire.pack(header, arrays), mode=0o600)
        by_age = sorted(place.parent.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in by_age[:-MOST]:
            file.unlink(missing_ok=True)


def kept(place: Path) -> list[Signature] | None:
    """Return the fingerprints that were written; None if there are none, or no whole ones."""
    try:
        header, arrays = wire.unpack(place.read_bytes())
        sums = iter(_pieces(header, arrays.get("sums", np.empty(0))))
        return [{key: _print(value, sums) for key, value in one.items()} for one in header]
    except (OSError, wire.FrameError, ValueError):
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
