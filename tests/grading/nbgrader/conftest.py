"""Results as the grader writes them, made without grading; and a course whose gradebook knows the assignment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from once import made_once

from grading.assignments.registry import rubric
from grading.assignments.vocabulary.function import Function
from grading.nbgrader.course_folder import write_course
from grading.results.text import page_name

ASSIGNMENT = "assignment3"
# `python -m nbgrader`, but that its jsonschema compiles no grammar of addresses (as in tests/conftest.py).
NBGRADER = (
    "import sys; sys.modules['rfc3987_syntax'] = None; from nbgrader.apps.nbgraderapp import main; main()"
)
DIAGNOSIS = {
    "id": "tv-not-squared",
    "parts": ["tv-not-squared"],
    "title": "Not squared",
    "hint": "Asked are squares.",
}


def function_result(asked: Function, passed: int, message: str) -> dict[str, Any]:
    """The first `passed` checks of a function pass."""
    checks = [
        {
            "id": check.id,
            "title": check.title,
            "status": "pass" if index < passed else "fail",
            "points": check.points if index < passed else 0,
            "max_points": check.points,
            "message": "" if index < passed else message,
        }
        for index, check in enumerate(asked.checks)
    ]
    score = sum(check["points"] for check in checks)
    right = passed >= len(checks)
    return {
        "name": asked.name,
        "defined_as": asked.name,
        "notebook": asked.notebook,
        "file": f"{asked.notebook}.ipynb",
        "status": "correct" if right else "partial" if score else "wrong",
        "score": score,
        "max_score": asked.points,
        "notes": [],
        "diagnosis": None if right else DIAGNOSIS,
        "checks": checks,
    }


def write_results(
    out: Path, students: Mapping[str, Mapping[str, int]], message: str = "it is 2 times the expected value"
) -> Path:
    """Write results and pages: student -> function -> how many of its checks pass (all, if it is not named)."""
    for student, passed in students.items():
        functions = [function_result(a, passed.get(a.name, len(a.checks)), message) for a in rubric()]
        result = {
            "student": student,
            "assignment": ASSIGNMENT,
            "grader": {
                "version": "0.1.0",
                "code": "sha256:90ab12cd34ef5678",
                "seed": "sha256:0123456789abcdef",
                "isolation": "bubblewrap",
            },
            "score": sum(function["score"] for function in functions),
            "max_score": 100,
            "notes": [],
            "functions": functions,
        }
        for folder, name, text in (
            ("results", f"{student}.json", json.dumps(result)),
            ("report", page_name(student), f"<html><body>the page of {student}</body></html>"),
        ):
            (out / folder).mkdir(parents=True, exist_ok=True)
            (out / folder / name).write_text(text, encoding="utf-8")
    return out


@pytest.fixture(autouse=True)
def _environment_kept() -> Iterator[None]:
    """A course's nbgrader_config.py sets variables for the kernels that nbgrader would start."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def generated_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course after `nbgrader generate_assignment`; tests work on copies of it."""

    def generate(course: Path) -> None:
        write_course(course, ASSIGNMENT)
        command = [sys.executable, "-c", NBGRADER, "generate_assignment", ASSIGNMENT]
        subprocess.run(command, cwd=course, check=True, capture_output=True)

    return made_once(tmp_path_factory, "generated_course", generate)


@pytest.fixture
def course(generated_course: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(generated_course, tmp_path / "course"))


@pytest.fixture
def submit(course: Path, examples: Path) -> Callable[..., Path]:
    """`submit("ada", "all_right")` puts an example's notebooks where `nbgrader collect` would."""

    def put(student: str, example: str = "all_right") -> Path:
        folder = course / "submitted" / student / ASSIGNMENT
        shutil.copytree(examples / example, folder)
        (folder / "timestamp.txt").write_text("2030-02-01 12:00:00.000000 UTC", encoding="utf-8")
        (folder / "submission_secret.txt").write_text("a secret of " + student, encoding="utf-8")
        return folder

    return put
