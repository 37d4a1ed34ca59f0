"""Switch of the translations in this process: for a GPU where the text asks for one, for old code where it fails.

A right function must get the same verdict whichever of them are made (`benchmarks.right_variants` tries it). Code
that runs as it is written is not touched: what old code needs is put in place when something has failed as old code
fails, and then the text is run again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from cs231n.trials.exceptions import describe
from grading.sandbox.inside import no_gpu, old_numpy, old_pytorch
from grading.sandbox.shared import signs

_AGE = re.compile("|".join((*old_pytorch.SYMPTOMS, *old_numpy.SYMPTOMS)))
_BY_SIGN: dict[str, Callable[[], None]] = {
    signs.GPU: no_gpu.stay_on_cpu,
    signs.COMPILE: no_gpu.do_not_compile,
}
_BY_FAILURE: tuple[Callable[[], None], ...] = (old_pytorch.install, old_numpy.install)
_installed: set[Callable[[], None]] = set()

Failures = list[dict[str, str]]


def install(texts: Iterable[str]) -> Failures:
    """Change this process as far as the student's texts make it necessary; return what of that failed."""
    found = signs.signs_in(texts)
    return _install(change for sign, change in _BY_SIGN.items() if sign in found)


def fails_for_its_age(failure: dict[str, Any] | None) -> bool:
    """Say whether an exception, as it is described, is one that code of older PyTorch or NumPy raises today."""
    return failure is not None and _AGE.search(failure["message"]) is not None


def old_code_runs() -> bool:
    """Say whether the translations of old code are in place."""
    return old_numpy.install in _installed


def let_old_code_run() -> Failures:
    """Put the translations of old code in place; return what of that failed."""
    return _install(_BY_FAILURE)


def _install(changes: Iterable[Callable[[], None]]) -> Failures:
    failures = []
    for change in changes:
        if change not in _installed:
            _installed.add(change)
            try:
                change()
            except Exception as error:
                place = f"the translation {change.__name__}"
                failures.append({**describe(error), "unit": place, "kind": "translation"})
    return failures
