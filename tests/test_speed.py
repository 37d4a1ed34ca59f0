"""No test depends on how fast the machine is: what takes how long is measured in `benchmarks`, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = {"monotonic", "perf_counter", "process_time", "thread_time"}
DURATION = re.compile(r"(?:\w+_)?(?:seconds|elapsed|took|duration|cpu)")
# A limit on waiting ends a test that hangs. Below a second it is no limit but a pause.
SHORTEST_LIMIT, LONGEST_PAUSE = 300, 1


def faults(text: str) -> Iterator[str]:
    """What in a test's text could fail on a machine that is slow, busy or stopped for a while."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                yield from _fault_of_keyword(node, keyword)
        elif isinstance(node, ast.Assert):
            compared = [part for part in ast.walk(node.test) if isinstance(part, ast.Compare)]
            yield from (
                f"{node.lineno}: {ast.unparse(one)} asserts an end in time"
                for one in compared
                if _bounds_time(one)
            )


def _fault_of_keyword(call: ast.Call, keyword: ast.keyword) -> Iterator[str]:
    value = keyword.value
    if keyword.arg == "deadline" and isinstance(call.func, ast.Name) and call.func.id == "settings":
        yield f"{call.lineno}: a deadline of its own; tests/conftest.py has the one profile"
    limit = value.value if isinstance(value, ast.Constant) else None
    if (
        keyword.arg == "timeout"
        and isinstance(limit, int | float)
        and LONGEST_PAUSE <= limit < SHORTEST_LIMIT
    ):
        yield f"{call.lineno}: timeout={limit} may be too short; {SHORTEST_LIMIT} or more ends a hang"


def _bounds_time(compare: ast.Compare) -> bool:
    sides = [compare.left, *compare.comparators]
    for operator, left, right in zip(compare.ops, sides, sides[1:], strict=False):
        upper = isinstance(operator, ast.Lt | ast.LtE) and _is_time(left)
        lower = isinstance(operator, ast.Gt | ast.GtE) and _is_time(right)
        if upper or lower:
            return True
    return False


def _is_time(expression: ast.expr) -> bool:
    for node in ast.walk(expression):
        if isinstance(node, ast.Attribute) and (node.attr in CLOCKS or DURATION.fullmatch(node.attr)):
            return True
        if isinstance(node, ast.Name) and DURATION.fullmatch(node.id):
            return True
        key = (
            node.slice.value
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
            else ""
        )
        if isinstance(key, str) and DURATION.fullmatch(key):
            return True
    return False


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_depends_on_how_fast_the_machine_is(path: Path) -> None:
    if path.name != "conftest.py" or path.parent != TESTS:
        assert not list(faults(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "line",
    [
        "assert seconds < 2",
        "assert time.monotonic() - began < 10",
        "assert 5 > time.process_time() - began",
        "assert again[-1].seconds <= 20",
        "assert 0.2 < used['cpu'] < 5",
        "assert float(said['took']) < 3000",
        "subprocess.run(command, timeout=60)",
        "settings(max_examples=3, deadline=200)",
    ],
)
def test_what_would_depend_on_it_is_found(line: str) -> None:
    assert len(list(faults(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "assert used['cpu'] > 0.2",
        "assert cost.seconds >= 1",
        "assert waiting.result(timeout=600) >= left",
        "assert not wait([waiting], timeout=0.2).done",
        "assert width < 2",
        "assert {'seconds', 'machine'} <= run.keys()",
        "while time.monotonic() < give_up: pass",
    ],
)
def test_what_holds_on_any_machine_is_let_through(line: str) -> None:
    assert not list(faults(line))
