"""One result, written by hand as its file would be: every status is in it."""

import copy
from typing import Any

import pytest


def check(id: str, status: str, points: float, max_points: float, message: str) -> dict[str, Any]:
    return {
        "id": id,
        "title": f"The check {id}",
        "status": status,
        "points": points,
        "max_points": max_points,
        "message": message,
        "sentence": None,
    }


def function(name: str, status: str, *checks: dict[str, Any], **different: Any) -> dict[str, Any]:
    return {
        "name": name,
        "defined_as": name,
        "notebook": "StyleTransfer",
        "file": "Style.ipynb",
        "status": status,
        "score": sum(c["points"] for c in checks),
        "max_score": sum(c["max_points"] for c in checks),
        "notes": [],
        "diagnosis": None,
        "checks": [*checks],
        "note_sentences": [],
    } | different


DIAGNOSIS = {
    "id": "a-mistake+another",
    "parts": ["a-mistake", "another"],
    "title": "A mistake; another",
    "hint": "Look at …\nAnd there.",
    "basis": "recognised",
    "title_sentence": None,
    "hint_sentence": None,
}
GRADER = {
    "version": "1.0",
    "code": "sha256:0123456789abcdef",
    "seed": "sha256:fedcba9876543210",
    "isolation": "bubblewrap",
}
FUNCTIONS = [
    function(
        "first",
        "partial",
        check("one", "pass", 2.5, 2.5, "relative error 0.00"),
        check("two", "fail", 0, 4, "relative error 0.81"),
        notes=["an old idiom was translated"],
        note_sentences=[{"id": "an old idiom was translated", "args": {}}],
        diagnosis=DIAGNOSIS,
    ),
    function("second", "correct", check("one", "pass", 10, 10, "")),
    function(
        "third",
        "timeout",
        check("one", "timeout", 0, 5, "it used more than 20 s"),
        check("two", "skipped", 0, 5, "not tried"),
    ),
    function("fourth", "error", check("one", "error", 0, 5, "ValueError: “x” is odd")),
    function("fifth", "stub", check("one", "skipped", 0, 5, "not filled in")),
    function(
        "sixth",
        "missing",
        check("one", "skipped", 0, 5, "not found"),
        defined_as=None,
        notebook=None,
        file=None,
    ),
    function("seventh", "wrong", check("one", "fail", 0, 5, "off")),
]


@pytest.fixture
def good() -> dict[str, Any]:
    document = {
        "student": "ada",
        "assignment": "assignment3",
        "grader": GRADER,
        "score": 12.5,
        "max_score": 46.5,
        "notes": ["graded Style.ipynb"],
        "functions": FUNCTIONS,
        "note_sentences": [{"id": "graded {file}", "args": {"file": "Style.ipynb"}}],
    }
    return copy.deepcopy(document)
