"""A status says how far a function came, a mistake costs its own function, and a result is a pure function."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grading.assignments.registry import rubric
from grading.classroom.worker import grade_submission, use_one_thread
from grading.results.files import result_bytes
from grading.sandbox import Limits, Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.grade import grade
from grading.verdict.judge import check_result, number, status_of
from grading.verdict.provenance import grader
from grading.verdict.questions import read_here

from ..conftest import HandIn

SEED = "tests"


def graded(folder: Path, sandbox: Sandbox, seed: str = SEED) -> dict[str, Any]:
    use_one_thread()
    result = json.loads(result_bytes(grade(read_here(Submission(folder.name, folder)), seed, sandbox).result))
    return result


def by_name(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {function["name"]: function for function in result["functions"]}


def statuses(result: dict[str, Any]) -> dict[str, str]:
    return {name: function["status"] for name, function in by_name(result).items()}


NAMES = [asked.name for asked in rubric()]


def test_a_right_solution_written_otherwise_has_all_points(hand_in: HandIn, sandbox: Sandbox) -> None:
    result = graded(hand_in("ada"), sandbox)
    assert statuses(result) == dict.fromkeys(NAMES, "correct")
    assert (result["student"], result["score"], result["max_score"]) == ("ada", 100, 100)
    assert result["grader"] == msgspec.to_builtins(grader(SEED, sandbox.isolation))
    assert SEED not in json.dumps(result["grader"])
    assert all(f["diagnosis"] is None for f in result["functions"])


ONE_OF_EACH = {
    "compute_saliency_maps": """
        image = X.detach().clone().requires_grad_()
        model(image).gather(1, y[:, None]).sum().backward()
        return image.grad.amax(1)
        """,
    "make_fooling_image": None,
    "class_visualization_update_step": "pass",
    "content_loss": "return w * ((current - target) ** 2).mean()",
    "gram_matrix": "return features @ rows",
    "style_loss": "while True: total = 0",
}


def test_every_status_can_be_had_in_one_submission(
    hand_in: HandIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.5))
    result = graded(hand_in("grace", **ONE_OF_EACH), sandbox)
    assert statuses(result) == {
        "compute_saliency_maps": "partial",
        "make_fooling_image": "missing",
        "class_visualization_update_step": "stub",
        "content_loss": "wrong",
        "gram_matrix": "error",
        "style_loss": "timeout",
        "tv_loss": "correct",
    }
    found = by_name(result)
    saliency = found["compute_saliency_maps"]
    assert 0 < saliency["score"] < 20
    assert saliency["diagnosis"]["parts"] == ["saliency-no-abs"]
    assert found["content_loss"]["diagnosis"]["id"] == "content-mean"
    missing = found["make_fooling_image"]
    assert (missing["defined_as"], missing["notebook"], missing["file"]) == (None, None, None)
    assert {c["status"] for c in missing["checks"]} == {"skipped"}
    assert {c["status"] for c in found["gram_matrix"]["checks"]} == {"error"}
    assert "NameError: name 'rows' is not defined" in found["gram_matrix"]["checks"][0]["message"]
    hung = [c["status"] for c in found["style_loss"]["checks"]]
    assert hung.count("timeout") == 2  # and the rest is not waited for
    assert hung.count("skipped") == len(hung) - 2
    assert result["score"] == saliency["score"] + found["tv_loss"]["score"]


def test_a_wrong_gram_matrix_does_not_cost_the_style_loss(hand_in: HandIn, sandbox: Sandbox) -> None:
    result = statuses(
        graded(
            hand_in("alan", **{**dict.fromkeys(NAMES[:5]), "gram_matrix": "return features.sum()"}), sandbox
        )
    )
    assert (result["gram_matrix"], result["style_loss"]) == ("wrong", "correct")


def test_a_call_that_dies_costs_its_checks_and_no_other(hand_in: HandIn, sandbox: Sandbox) -> None:
    """The next trial runs in a fresh child."""
    body = """
    import os
    if img.shape[2] == 29:
        os._exit(0)
    return tv_weight * (img.diff(dim=2).square().sum() + img.diff(dim=3).square().sum())
    """
    function = by_name(graded(hand_in("ada", **{**dict.fromkeys(NAMES), "tv_loss": body}), sandbox))[
        "tv_loss"
    ]
    checks = {c["id"]: c for c in function["checks"]}
    assert [id for id, c in checks.items() if c["status"] != "pass"] == ["non_square_images"]
    assert checks["non_square_images"]["status"] == "error"
    assert checks["non_square_images"]["message"] == "the process ended (exit status 0)"
    assert function["status"] == "partial"


def test_printing_to_the_limit_and_warnings_cost_nothing(hand_in: HandIn, sandbox: Sandbox) -> None:
    body = """
    import sys, warnings
    print("好" * 100_000); print("x", file=sys.stderr); warnings.warn("careful")
    return w * (current - target).pow(2).sum()
    """
    result = graded(hand_in("ada", **{**dict.fromkeys(NAMES), "content_loss": body}), sandbox)
    assert statuses(result)["content_loss"] == "correct"


HOSTILE = {
    "half a character": "raise ValueError('\\ud800 <script>alert(1)</script>')",
    "an address": "raise ValueError(object())",
    "an image of none": "return X[:0]",
    "a network of its own": "return [model]",
    "too large": "return torch.zeros(300 << 20, dtype=torch.uint8)",
    "infinite": "return X / 0",
    "complex": "return X * 1j",
}


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("kind", HOSTILE)
def test_odd_results_are_graded_like_any_other(kind: str, hand_in: HandIn, sandbox: Sandbox) -> None:
    bodies = {**dict.fromkeys(NAMES), "make_fooling_image": HOSTILE[kind]}
    result = graded(hand_in("alan", **bodies), sandbox)
    function = by_name(result)["make_fooling_image"]
    assert function["status"] in ("wrong", "error", "partial")
    assert function["score"] <= 2  # the original is left as it was
    text = json.dumps(result, ensure_ascii=False)
    text.encode("utf-8")
    assert not re.search("0x[0-9a-f]{6}", text)


def test_messages_carry_two_significant_digits(hand_in: HandIn, sandbox: Sandbox) -> None:
    bodies = {
        "content_loss": "return 1.2345678 * w * (current - target).pow(2).sum()",
        "tv_loss": "return tv_weight * img.abs().sum()",
        "class_visualization_update_step": """
            g = torch.autograd.grad(model(img)[0, target_y], img)[0]
            img.data += 0.7654321 * learning_rate * g / g.norm()
        """,
        "make_fooling_image": "model(X)\nreturn X + 0.123456 * torch.ones_like(X)",
    }
    result = graded(hand_in("ada", **{**dict.fromkeys(NAMES), **bodies}), sandbox)
    messages = [c["message"] for f in result["functions"] for c in f["checks"] if c["status"] == "fail"]
    numbers = [n for message in messages for n in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+", message)]
    assert len(numbers) > 10
    for text in numbers:
        digits = text.partition("e")[0].replace(".", "").lstrip("0")
        assert len(digits) <= 2, text


def test_the_same_submission_has_the_same_result_to_the_byte_with_one_seed(
    hand_in: HandIn, sandbox: Sandbox
) -> None:
    bodies = {**dict.fromkeys(NAMES), "gram_matrix": "return {'a', 'b'}[0]"}
    bodies["compute_saliency_maps"] = ONE_OF_EACH["compute_saliency_maps"]
    folder = hand_in("grace", **bodies)
    first, second, other = (json.dumps(graded(folder, sandbox, seed)) for seed in (SEED, SEED, "other"))
    assert first == second
    assert first != other
    assert statuses(json.loads(first)) == statuses(json.loads(other))


def test_a_submission_that_cannot_be_read_is_graded_as_empty_with_the_reason(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    broken = tmp_path / "alan.zip"
    broken.write_bytes(b"no zip at all")
    result = json.loads(result_bytes(grade_submission(Submission("alan", broken), SEED, sandbox).result))
    assert (result["score"], result["max_score"]) == (0, 100)
    assert set(statuses(result).values()) == {"missing"}
    assert any("alan.zip is no archive, whatever its name says" in note for note in result["notes"])


def test_pictures_are_of_the_students_arrays_and_the_expected_ones(hand_in: HandIn, sandbox: Sandbox) -> None:
    folder = hand_in(
        "ada", compute_saliency_maps=ONE_OF_EACH["compute_saliency_maps"], gram_matrix="return features"
    )
    pictures = grade(read_here(Submission("ada", folder)), SEED, sandbox).pictures
    assert pictures.keys() == {
        "compute_saliency_maps",
        "make_fooling_image",
        "class_visualization_update_step",
    }  # a Gram matrix of another shape has none
    maps = pictures["compute_saliency_maps"]
    assert maps.yours.shape == maps.expected.shape == (3, 128, 128)
    assert (maps.yours < 0).any()
    assert not (maps.expected < 0).any()
    np.testing.assert_allclose(
        pictures["make_fooling_image"].yours, pictures["make_fooling_image"].expected, atol=1e-3
    )


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ("pass pass pass", "correct"),
        ("pass fail error timeout", "partial"),
        ("fail fail", "wrong"),
        ("fail error", "wrong"),
        ("error error", "error"),
        ("error error skipped", "error"),
        ("error timeout", "timeout"),
        ("timeout timeout skipped", "timeout"),
        ("fail timeout", "timeout"),
        ("skipped skipped", "timeout"),
    ],
)
def test_the_first_status_that_holds_is_given(entries: str, status: str) -> None:
    check = rubric()[0].checks[0]
    assert status_of([check_result(check, word, "") for word in entries.split()]) == status


@pytest.mark.parametrize(
    ("value", "shown"), [(2.0, "2"), (2.5, "2.5"), (1 / 3, "0.3333"), (0.1 + 0.2, "0.3")]
)
def test_points_are_shown_as_people_write_them(value: float, shown: str) -> None:
    assert json.dumps(number(value)) == shown
