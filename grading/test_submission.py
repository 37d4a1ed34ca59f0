"""The checks as pytest items; see `conftest.py`. Student code runs in the sandbox, not here."""

import pytest

from cs231n.sentences import plain
from grading.results.definition import CheckResult


def test_check(check_result: CheckResult) -> None:
    """A check of the rubric passes."""
    if check_result.status != "pass":
        pytest.fail(
            plain(f"{check_result.title}: {check_result.status}: {check_result.message}"), pytrace=False
        )
