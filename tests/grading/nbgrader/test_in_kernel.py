"""In a notebook's kernel the checks give the points of the hardened grader, and leave the notebook as it was."""

from __future__ import annotations

import importlib.util
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grading.assignments.registry import file_patterns, rubric
from grading.assignments.vocabulary.function import Function
from grading.nbgrader import in_kernel
from grading.nbgrader.config import COURSE_VARIABLE
from grading.nbgrader.in_kernel import course_seed, judged_here, points_of
from grading.sandbox import Limits, Sandbox
from grading.submission.discover import discover
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

from ..conftest import RIGHT, HandIn

ASKED = {asked.name: asked for asked in rubric()}
BODIES = {
    "gram_matrix": "return features[0].flatten(1) @ features[0].flatten(1).T / features[0].numel()",
    "style_loss": RIGHT["style_loss"][1],
    "tv_loss": "return tv_weight * (img.diff(dim=2) ** 2).sum() + tv_weight * (img.diff(dim=3)[..., :-1] ** 2).sum()",
    "content_loss": "raise ValueError('<b>oops</b>')",
}


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., ModuleType]:
    """Make a module as a notebook's cells would: right but for the bodies given; None leaves a function out."""

    def run(**bodies: str | None) -> ModuleType:
        cells = ["import sys, time, torch"]
        for name, (parameters, right) in RIGHT.items():
            body = bodies.get(name, right)
            if body is not None:
                text = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
                cells.append(f"def {name}({parameters}):\n{text}\n")
        path = tmp_path / "cells.py"
        path.write_text("\n".join(cells), encoding="utf-8")
        spec = importlib.util.spec_from_file_location("cells", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return run


def judged(module: ModuleType, name: str) -> Any:
    return judged_here(ASKED[name], getattr(module, name), "tests")


def test_points_and_diagnosis_are_those_of_the_hardened_grader(
    notebook: Callable[..., ModuleType], hand_in: HandIn, sandbox: Sandbox
) -> None:
    (submission,) = discover([hand_in("ada", **BODIES)], file_patterns())
    module = notebook(**BODIES)
    for hardened in grade(read_here(submission), "tests", sandbox).result.functions:
        here = judged(module, hardened.name)
        assert (here.status, here.score, here.max_score) == (
            hardened.status, hardened.score, hardened.max_score,
        )  # fmt: skip
        assert here.diagnosis == hardened.diagnosis
        assert [(c.id, c.status, c.points) for c in here.checks] == [
            (c.id, c.status, c.points) for c in hardened.checks
        ]


def test_a_wrong_gram_matrix_costs_the_style_loss_nothing_and_stays_in_place(
    notebook: Callable[..., ModuleType],
) -> None:
    module = notebook(gram_matrix="return None")
    students = module.gram_matrix
    assert judged(module, "style_loss").status == "correct"
    assert module.gram_matrix is students
    without = notebook(gram_matrix=None)
    assert judged(without, "style_loss").status == "correct"
    assert not hasattr(without, "gram_matrix")


def test_the_notebooks_network_is_still_its_own(notebook: Callable[..., ModuleType]) -> None:
    module = notebook()
    module.model = "the student's network"  # type: ignore[attr-defined]
    judged(module, "compute_saliency_maps")
    assert module.model == "the student's network"
    assert not hasattr(module, "cnn")


def test_a_stub_has_no_points_though_some_checks_would_pass(notebook: Callable[..., ModuleType]) -> None:
    module = notebook(make_fooling_image="X_fooling = X.clone()\nreturn X_fooling")
    verdict = judged(module, "make_fooling_image")
    assert (verdict.status, verdict.score) == ("stub", 0)


def test_a_hang_costs_its_checks_and_is_ended(
    notebook: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_kernel, "Limits", lambda: replace(Limits(), call_cpu_seconds=0.3))
    module = notebook(
        content_loss="""
        while w == 3.5:
            try:
                time.time()
            except Exception:
                pass
        return w * (current - target).pow(2).sum()
        """
    )
    verdict = judged(module, "content_loss")
    assert verdict.status == "partial"
    assert [check.status for check in verdict.checks] == ["pass", "timeout", "pass"]


def test_the_cell_shows_the_outcome_and_returns_a_number(
    notebook: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    monkeypatch.delenv(COURSE_VARIABLE, raising=False)
    monkeypatch.chdir(Path(__file__).parent)
    module = notebook(tv_loss="print('mind', file=sys.stderr)\nreturn img.pow(2).sum()")
    points = points_of("tv_loss")(module.tv_loss)
    assert isinstance(points, float)
    assert 0 <= points < 10
    (outcome,) = shown
    assert outcome["text/plain"].startswith("tv_loss: partial")
    out = capfd.readouterr()
    assert out.err == ""
    assert "mind" in out.out


def test_the_points_never_exceed_those_of_the_cell(notebook: Callable[..., ModuleType]) -> None:
    module = notebook()
    for asked in rubric():
        verdict = judged_here(asked, getattr(module, asked.name), "tests")
        assert verdict.score == verdict.max_score == asked.points


def test_the_seed_is_that_of_the_course_whose_kernel_this_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.toml").write_text('seed = "of the course"\n', encoding="utf-8")
    (tmp_path / "course.toml").chmod(0o600)
    monkeypatch.setenv(COURSE_VARIABLE, str(tmp_path))
    assert course_seed() == "of the course"


def test_what_has_no_source_is_tried(notebook: Callable[..., ModuleType]) -> None:
    asked: Function = ASKED["tv_loss"]
    assert judged_here(asked, max, "tests").status == "error"
