"""Item analysis of a class: how hard each check is, whether it tells strong from weak, what it alone decided.

Classical test theory, with checks as items that are passed (1) or not (0). A check counts a submission in which it was
tried: not where its function is missing or a stub, not where it was skipped after two others had ended the process, and
no submission on which the grader itself failed. Figures stand for twenty submissions and more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cs231n.language import plural, said
from grading.results.definition import CheckResult, Result
from grading.results.text import first_names

# A correlation of fewer submissions is noise.
LEAST = 20
# Customary bounds: below them a check hardly tells anyone apart (Ebel and Frisbie, 1991), and a score is too uncertain
# to compare two people by (Nunnally, 1978).
LOW_DISCRIMINATION, LOW_ALPHA = 0.2, 0.7
_NAMED = 3
_NOT_TRIED, _FAILED, _PASSED = -1, 0, 1

Table = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Item:
    """A check over a class.

    Attributes
    ----------
    function, check, title : str
    tried, passed : int
        Submissions.
    discrimination : float or None
        Corrected item-total correlation: between passing it and the share of the *other* checks passed, of those that
        were tried in the same submission. None where either does not vary, or fewer than `LEAST` are counted.
    alone : int
        Submissions in which no other check of the function failed, and this one did.
    """

    function: str
    check: str
    title: str
    tried: int
    passed: int
    discrimination: float | None
    alone: int

    @property
    def difficulty(self) -> float | None:
        """Proportion that passed, so that an easy check has a high one; None where nobody was tried."""
        return self.passed / self.tried if self.tried else None


@dataclass(frozen=True)
class ItemAnalysis:
    """The checks of a class in the order of the rubric.

    Attributes
    ----------
    submissions : int
    items : tuple of Item
    alpha : float or None
        Cronbach's alpha over the `complete` submissions, those in which every check was tried; None where fewer than
        `LEAST` are, or all have the same total.
    complete : int
    """

    submissions: int
    items: tuple[Item, ...]
    alpha: float | None
    complete: int

    @property
    def never_failed(self) -> list[Item]:
        """Checks that everybody passed who was tried."""
        return [item for item in self.items if item.tried and item.passed == item.tried]

    @property
    def always_failed(self) -> list[Item]:
        """Checks that nobody passed."""
        return [item for item in self.items if item.tried and not item.passed]


class Marks:
    """What a class passed: a byte for each submission and check, so that 100,000 submissions fit in little memory."""

    def __init__(self) -> None:
        self._checks: dict[tuple[str, str], CheckResult] = {}
        self._columns: dict[tuple[str, str], int] = {}
        self._rows: list[bytes] = []

    def add(self, result: Result) -> None:
        """Count a submission, unless the grader failed on it."""
        if not result.graded:
            return
        row = np.full(len(self._columns) + sum(len(f.checks) for f in result.functions), _NOT_TRIED, np.int8)
        for function in result.functions:
            for check in function.checks:
                name = function.name, check.id
                self._checks.setdefault(name, check)
                column = self._columns.setdefault(name, len(self._columns))
                if check.status != "skipped":
                    row[column] = _PASSED if check.status == "pass" else _FAILED
        self._rows.append(row[: len(self._columns)].tobytes())

    def analysis(self) -> ItemAnalysis | None:
        """Return the item analysis; None of fewer than `LEAST` submissions."""
        if len(self._rows) < LEAST:
            return None
        width, pad = len(self._columns), np.int8(_NOT_TRIED).tobytes()
        whole = b"".join(row.ljust(width, pad) for row in self._rows)
        table = np.frombuffer(whole, np.int8).reshape(len(self._rows), width)
        functions = np.array([function for function, _ in self._columns])
        items = tuple(
            Item(
                function,
                check,
                self._checks[function, check].title,
                tried=int(np.count_nonzero(table[:, column] != _NOT_TRIED)),
                passed=int(np.count_nonzero(table[:, column] == _PASSED)),
                discrimination=_discrimination(table, column),
                alone=_alone(table[:, functions == function], table[:, column]),
            )
            for (function, check), column in self._columns.items()
        )
        complete = table[(table != _NOT_TRIED).all(axis=1)]
        return ItemAnalysis(len(table), items, _alpha(complete), len(complete))


def _discrimination(table: Table, column: int) -> float | None:
    """Return the correlation of a check with the share of the others passed; see `Item`."""
    tried = (table != _NOT_TRIED).sum(axis=1)
    counted = (table[:, column] != _NOT_TRIED) & (tried > 1)
    item = table[counted, column].astype(np.float64)
    rest = ((table[counted] == _PASSED).sum(axis=1) - item) / (tried[counted] - 1)
    if len(item) < LEAST or np.ptp(item) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(item, rest)[0, 1])


def _alone(of_function: Table, item: Table) -> int:
    """Return in how many submissions a check is the only one of its function that failed."""
    failed = (of_function == _FAILED).sum(axis=1)
    return int(np.count_nonzero((item == _FAILED) & (failed == 1)))


def _alpha(complete: Table) -> float | None:
    """Return Cronbach's alpha, k / (k - 1) (1 - sum of the items' variances / variance of the totals).

    Source: Cronbach (1951), Psychometrika 16, 297-334.
    """
    count, width = complete.shape
    if count < LEAST or width < 2:
        return None
    variance = complete.sum(axis=1, dtype=np.int64).var(ddof=1)
    if variance == 0:
        return None
    return float(width / (width - 1) * (1 - complete.var(axis=0, ddof=1).sum() / variance))


def advice(analysis: ItemAnalysis) -> str:
    """Say in one sentence what to make of the figures: what most deserves a second look."""
    if failed := analysis.always_failed:
        return plural(
            "Nobody passes {checks}: see whether the assignment says what it asks.",
            "Nobody passes {checks}: see whether the assignment says what they ask.",
            len(failed),
        ).format(checks=_names(failed))
    telling = [item for item in analysis.items if item.discrimination is not None]
    # Below zero by more than chance: the standard error of a correlation near zero is 1 / sqrt(n).
    if against := [item for item in telling if (item.discrimination or 0) < -2 / math.sqrt(item.tried)]:
        return said(
            "Look first at {checks}: who passes there does worse elsewhere than who fails, as where a check is unclear "
            "or chance decides.",
            checks=_names(against),
        )
    if 2 * len(never := analysis.never_failed) > len(analysis.items):
        return said(
            "{count} of {total} checks failed nobody: they guard the assignment, and the others alone tell "
            "submissions apart.",
            count=len(never),
            total=len(analysis.items),
        )
    if analysis.alpha is not None and analysis.alpha < LOW_ALPHA:
        return said(
            "Make little of small differences between scores: the checks hardly agree on who is strong."
        )
    if weak := [item for item in telling if (item.discrimination or 0) < LOW_DISCRIMINATION]:
        return said(
            "Hardly related to the rest of a submission: {checks}. Something else is asked there, or chance decides.",
            checks=_names(weak),
        )
    return said("No check stands out: none failed everybody, and none is at odds with the others.")


def _names(items: Sequence[Item]) -> str:
    """Name a few checks, `check` of their function each."""
    return first_names([f"`{item.function}: {item.check}`" for item in items], _NAMED)
