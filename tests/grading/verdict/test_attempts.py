"""Functions share a child where that changes nothing; who is wrong, or spoils things for others, is tried alone."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.assignments.example_class import EXAMPLES
from grading.sandbox import Budget, Child, Limits, Sandbox
from grading.sandbox.clock import Clock
from grading.verdict import attempts
from grading.verdict.attempts import Attempts

from ..conftest import RIGHT, HandIn, write_submission
from ..sandbox.one_child import ENDLESS
from .test_grade import NAMES, by_name, graded, statuses


def children_of(sandbox: Sandbox, patch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each child that is opened: whether in haste, which those are that several functions share."""
    seen: list[bool] = []
    open_child = sandbox.open

    def counted(job: dict[str, Any], reference_seconds: float = 0.0, **how: Any) -> Any:
        seen.append(how["hasty"])
        return open_child(job, reference_seconds, **how)

    patch.setattr(sandbox, "open", counted)
    return seen


@pytest.fixture
def opened(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    return children_of(sandbox, monkeypatch)


@pytest.fixture(scope="module")
def right_one(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], list[bool]]:
    """The result of a submission in which all is right, and the children that were opened for it."""
    with pytest.MonkeyPatch.context() as patch:
        seen = children_of(sandbox, patch)
        return graded(write_submission(tmp_path_factory.mktemp("right") / "ada"), sandbox), seen


# A sample for every day: wrong, and dying beside what is right.
SAMPLE = {"half_done", "crash"}


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example.name, marks=() if example.name in SAMPLE else (pytest.mark.long,))
        for example in EXAMPLES
    ],
)
def test_together_is_what_it_is_alone(
    example: str, examples: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results of a class, byte for byte: beside other functions, and each function in a child of its own.

    With time enough for all, for each child of its own has to load what it needs again.
    """
    monkeypatch.setattr(sandbox, "limits", Limits(submission_seconds=1e6))
    shared = graded(examples / example, sandbox)
    monkeypatch.setattr(Attempts, "run_batched", lambda *_: {})
    assert json.dumps(shared) == json.dumps(graded(examples / example, sandbox))


def body(function: str) -> str:
    return textwrap.dedent(RIGHT[function][1])


def test_a_right_submission_needs_one_child(right_one: tuple[dict[str, Any], list[bool]]) -> None:
    result, opened = right_one
    assert statuses(result) == dict.fromkeys(NAMES, "correct")
    assert len(opened) < len(NAMES) / 2
    assert opened[0]


def test_what_is_wrong_is_tried_again_alone_and_the_rest_is_not(
    hand_in: HandIn,
    sandbox: Sandbox,
    opened: list[bool],
    right_one: tuple[dict[str, Any], list[bool]],
) -> None:
    result = graded(hand_in("grace", content_loss="return w * ((current - target) ** 2).mean()"), sandbox)
    assert len(opened) == len(right_one[1]) + 1
    assert not opened[-1]
    assert by_name(result)["content_loss"]["diagnosis"]["id"] == "content-mean"


@pytest.mark.parametrize(
    ("wrong", "more"), [("return X + 1", 0), ("return X + None", 1)], ids=["value", "raises"]
)
def test_a_loop_comes_first_and_is_not_tried_again_when_it_is_wrong(
    wrong: str,
    more: int,
    hand_in: HandIn,
    sandbox: Sandbox,
    opened: list[bool],
    right_one: tuple[dict[str, Any], list[bool]],
) -> None:
    """What is first in its child has none before it; whoever comes after one that raised has a child to itself."""
    result = graded(hand_in("grace", make_fooling_image=wrong), sandbox)
    others = {name: status for name, status in statuses(result).items() if name != "make_fooling_image"}
    assert set(others.values()) == {"correct"}
    assert statuses(result)["make_fooling_image"] in ("wrong", "partial", "error")
    assert all(opened)
    assert len(opened) == len(right_one[1]) + more


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    "spoil",
    [
        "torch.Tensor.sum = lambda *_, **__: torch.zeros(())",
        "torch.set_default_dtype(torch.float64); torch.set_num_threads(2); np.abs = None",
        "import cs231n.trials.networks as n; n.network = None; n.pictures = None",
        "import os; os._exit(3)",
        "import sys; sys.modules['torch'] = None; sys.setrecursionlimit(60)",
        "import threading, time; threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()",
    ],
)
def test_who_spoils_things_for_others_costs_itself_alone(
    spoil: str, hand_in: HandIn, sandbox: Sandbox
) -> None:
    for function in ("make_fooling_image", "tv_loss"):
        result = graded(hand_in("grace", **{function: f"{spoil}\nreturn None"}), sandbox)
        assert {
            name: status for name, status in statuses(result).items() if name != function
        } == dict.fromkeys(set(NAMES) - {function}, "correct")
        assert by_name(result)[function]["status"] != "correct"


def test_a_slow_function_that_is_right_has_all_its_time_alone(
    hand_in: HandIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, opened: list[bool]
) -> None:
    # Looked at before each request and after its answer, so that a busy machine's late look misses nothing.
    monkeypatch.setattr(Clock, "_next_tick", staticmethod(lambda: 0.0))
    monkeypatch.setattr(Limits, "hasty", lambda limits: replace(limits, call_cpu_seconds=0.1))
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=1e6, function_cpu_seconds=10**6))
    slow = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
    result = graded(hand_in("ada", content_loss=slow + body("content_loss")), sandbox)
    assert statuses(result) == dict.fromkeys(NAMES, "correct")
    assert not all(opened)


def test_what_the_grader_computes_for_one_function_it_does_not_for_another(
    hand_in: HandIn, sandbox: Sandbox
) -> None:
    """style_loss is given a right gram_matrix: whatever it keeps of that is of no use to the student's own."""
    keep = "import builtins\nbuiltins.kept = gram_matrix\n"
    use = "import builtins\nreturn builtins.kept(features, normalize)"
    for old in (
        "",
        "zero = [1, 2][0]\n",
    ):  # an index makes a function need a changed PyTorch, which orders them
        result = graded(
            hand_in("grace", style_loss=keep + body("style_loss"), gram_matrix=old + use), sandbox
        )
        assert by_name(result)["gram_matrix"]["status"] == "error"
        assert by_name(result)["style_loss"]["status"] == "correct"


def test_what_was_translated_for_one_function_is_not_noted_of_another(
    hand_in: HandIn, sandbox: Sandbox
) -> None:
    asks = "features = features.cuda()\n" + body("gram_matrix")
    result = graded(hand_in("ada", gram_matrix=asks), sandbox)
    assert statuses(result) == dict.fromkeys(NAMES, "correct")
    assert [name for name, function in by_name(result).items() if function["notes"]] == ["gram_matrix"]


def test_a_child_takes_one_function_after_another(sandbox: Sandbox) -> None:
    empty: dict[str, Any] = {"holder": "", "package": "", "names": [], "units": [], "modules": {}}
    nothing = {**empty, "provided": {}, "older_form": None, "image_size": None, "served": []}
    child = sandbox.open({"function": "f", "defined_as": "f", **nothing})
    assert isinstance(child, Child)
    assert child.failures == []
    unit = {"source": "k = 1 / 0", "place": "cell 1", "kind": "assignment"}
    assert child.load({"function": "g", "defined_as": "g", **nothing, "units": [unit]}) is None
    assert [failure["type"] for failure in child.failures] == ["ZeroDivisionError"]
    child.close()


HOG = "while True: pass"
SLEEPER = "import time\ntime.sleep(1e6)"


@pytest.fixture
def budgets(monkeypatch: pytest.MonkeyPatch) -> list[Budget]:
    """The budgets of the submissions that are graded, as they are left."""
    made: list[Budget] = []

    def counted(seconds: float) -> Budget:
        made.append(Budget(seconds))
        return made[-1]

    monkeypatch.setattr(attempts, "Budget", counted)
    return made


@pytest.mark.parametrize("hostile", [HOG, SLEEPER], ids=["computes", "sleeps"])
def test_functions_that_never_end_use_one_budget_together(
    hostile: str,
    hand_in: HandIn,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    budgets: list[Budget],
) -> None:
    monkeypatch.setattr(sandbox, "limits", replace(ENDLESS, submission_seconds=2))
    result = graded(hand_in("grace", **dict.fromkeys(NAMES, hostile)), sandbox)
    assert statuses(result) == dict.fromkeys(NAMES, "timeout")
    assert "all functions share one time limit" in json.dumps(result)
    assert "not run: the time that all functions" in json.dumps(result)
    assert budgets[0].left <= 0.5  # nothing of it is used twice, and what is left is no time for a trial


@pytest.mark.long
def test_what_never_ends_costs_no_other_function_its_time(
    hand_in: HandIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried first; the others are tried alone and wrong, so each needs a child of its own after it."""
    monkeypatch.setattr(sandbox, "limits", replace(ENDLESS, submission_seconds=12))
    wrong = "return w * ((current - target) ** 2).mean()"
    answers = {NAMES[0]: HOG, NAMES[1]: SLEEPER, "content_loss": wrong}
    result = graded(hand_in("grace", **answers), sandbox)
    expected = dict.fromkeys(NAMES, "correct") | dict.fromkeys(NAMES[:2], "timeout")
    assert statuses(result) == expected | {"content_loss": "wrong"}


def test_together_no_more_than_two_slow_functions_are_waited_for(
    hand_in: HandIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, opened: list[bool]
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.2))
    graded(hand_in("grace", **dict.fromkeys(NAMES[:4], HOG)), sandbox)
    assert opened.count(True) == 2
