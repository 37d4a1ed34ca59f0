"""Units run in the order in which Python runs them; what fails for a name is tried again once the others have run."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grading.sandbox.inside.namespace import _Modules, run_units

Unit = dict[str, Any]


def units(place: str, *sources: str) -> list[Unit]:
    return [{"source": source, "place": place, "kind": "assignment"} for source in sources]


@pytest.fixture
def helper() -> Iterator[list[Unit]]:
    """The units of a module `own_helper` beside the notebook, to be filled in by a test."""
    texts: list[Unit] = []
    finder = _Modules({"own_helper": texts})
    sys.meta_path.insert(0, finder)
    yield texts
    sys.meta_path.remove(finder)
    sys.modules.pop("own_helper", None)


def names_after(*sources: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    assert run_units(units("N.ipynb, cell 1", *sources), namespace) == []
    return namespace


EVERYTHING = "from own_helper import *"


@pytest.mark.parametrize(
    ("order", "value"),
    [
        ((EVERYTHING, "a = 1"), 1),
        (("a = 1", EVERYTHING), 2),
        (("a = 1", EVERYTHING, "a = 3"), 3),
        (("import math as a", EVERYTHING), 2),
        ((EVERYTHING, "def a(): pass\n", EVERYTHING), 2),
    ],
)
def test_of_two_that_bind_a_name_the_later_one_counts(
    helper: list[Unit], order: tuple[str, ...], value: int
) -> None:
    helper += units("own_helper.py", "a = 2")
    assert names_after(*order)["a"] == value


def test_a_module_runs_in_its_own_order_too(helper: list[Unit]) -> None:
    helper += units("own_helper.py", "sqrt = 1", "from math import *", "pi = 3")
    found = names_after(EVERYTHING)
    assert (found["sqrt"](4), found["pi"]) == (2, 3)


def test_an_import_of_everything_may_stand_behind_the_cell_that_needs_it(helper: list[Unit]) -> None:
    helper += units("own_helper.py", "SIDE = 8")
    assert names_after("area = SIDE * SIDE", EVERYTHING)["area"] == 64


def test_of_a_module_that_fails_in_part_the_rest_is_imported(helper: list[Unit]) -> None:
    helper += units("own_helper.py", "import no_such_library", "a = 2", "b = no_such_library.c")
    assert names_after(EVERYTHING)["a"] == 2


def test_a_module_that_is_not_there_costs_what_uses_it() -> None:
    namespace: dict[str, Any] = {}
    (failure,) = run_units(units("N.ipynb, cell 1", "from own_helper import *", "a = 1"), namespace)
    assert (failure["type"], namespace["a"]) == ("ModuleNotFoundError", 1)


def test_the_kits_helpers_are_at_hand_in_a_module_and_are_no_names_of_its_own(helper: list[Unit]) -> None:
    """The student's own `rescale`, defined before the import, is not hidden by the course's."""
    helper += units("own_helper.py", "def scaled(x):\n    return rescale(x)\n")
    found = names_after("rescale = 'mine'", EVERYTHING, "from own_helper import jitter")
    assert found["rescale"] == "mine"
    assert callable(found["jitter"])
    assert callable(found["scaled"].__builtins__["rescale"])
    with pytest.raises(AttributeError, match="module 'own_helper' has no attribute 'nothing'"):
        _ = sys.modules["own_helper"].nothing


def test_the_text_of_what_is_run_stands_on_the_lines_of_its_cell() -> None:
    """Of a unit that stands below 30,000 others, and of one that was run before those above it."""
    cell = "a = 1\n" * 30_000 + "class Late:\n    def f(self):\n        return missing\n"
    late = {"source": cell[180_000:], "place": "N.ipynb, cell 9", "kind": "definition", "line": 30_001}
    early: list[Unit] = [
        {"source": "a = 1", "place": "N.ipynb, cell 9", "kind": "assignment", "line": number}
        for number in range(1, 30_001)
    ]
    namespace: dict[str, Any] = {}
    assert run_units([late, *early], namespace) == []
    assert inspect.getsource(namespace["Late"].f) == "    def f(self):\n        return missing\n"
    assert "".join(linecache.getlines("N.ipynb, cell 9")) == cell + "\n"
    assert traceback_line(namespace["Late"]().f) == 30_003


def test_an_error_of_syntax_and_an_expression_that_is_nested_deep_keep_their_line() -> None:
    twice = {"source": "def f(a, a): pass", "place": "N.ipynb, cell 1", "kind": "definition", "line": 7}
    (failure,) = run_units([twice], {})
    assert failure["type"] == "SyntaxError"
    assert "7" in f"{failure}"
    namespace: dict[str, Any] = {}
    text = "def g():\n    return " + "+".join(["x"] * 900)
    deep = {"source": text, "place": "N.ipynb, cell 2", "kind": "definition", "line": 5}
    assert run_units([deep], namespace) == []
    assert traceback_line(namespace["g"]) == 6


def traceback_line(function: Callable[[], object]) -> int:
    with pytest.raises(NameError) as error:
        function()
    return error.traceback[-1].lineno + 1
