"""Packages that submissions import and this machine lacks: for the instructor, who may install them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grading.results.definition import Result

_MISSING = re.compile(r"ModuleNotFoundError: No module named '([\w.]{1,100})'")


def missing_packages(results: Iterable[Result]) -> dict[str, list[str]]:
    """Return who imports each package that is not there, by the package's name.

    Parameters
    ----------
    results : iterable of Result
        Of a class.
    """
    found: dict[str, set[str]] = {}
    for result in results:
        for function in result.functions:
            for check in function.checks:
                for name in _MISSING.findall(check.message):
                    found.setdefault(name.partition(".")[0], set()).add(result.student)
    return {name: sorted(found[name]) for name in sorted(found)}
