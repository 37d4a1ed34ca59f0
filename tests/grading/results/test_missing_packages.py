"""What imports a package that is not here is told to the instructor."""

from __future__ import annotations

import msgspec

from grading.results.definition import Result
from grading.results.missing_packages import missing_packages


def result(student: str, *messages: str) -> Result:
    checks = [
        {"id": "a", "title": "t", "status": "error", "points": 0, "max_points": 1, "message": message}
        for message in messages
    ]
    function = {
        "name": "f", "defined_as": "f", "notebook": "N", "file": "N.ipynb", "status": "error", "score": 0,
        "max_score": 1, "notes": [], "diagnosis": None, "checks": checks,
    }  # fmt: skip
    grader = {"version": "1", "code": "sha256:0000", "seed": "sha256:0000", "isolation": "process"}
    whole = {
        "student": student, "assignment": "a", "grader": grader, "score": 0, "max_score": 1, "notes": [],
        "functions": [function],
    }  # fmt: skip
    return msgspec.convert(whole, Result)


def test_each_missing_package_is_named_with_who_imports_it() -> None:
    told = "NameError: name 'x' (N.ipynb, cell 1: ModuleNotFoundError: No module named 'einops.layers')"
    ours = [result("grace", told, told), result("ada", told), result("alan", "ValueError: no")]
    assert missing_packages(ours) == {"einops": ["ada", "grace"]}
