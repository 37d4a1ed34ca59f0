"""Scores that came about in different ways never stand side by side in a course's gradebook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.assignments.registry import all_functions
from grading.errors import KitError
from grading.exports.columns import Choice
from grading.exports.gradebook_csv import fill
from grading.exports.gradescope import export_gradescope
from grading.exports.platforms import CANVAS, MOODLE
from grading.nbgrader.export import export_nbgrader

from .conftest import write_results

GRADEBOOK = "ID,Email address,Assignment 3 (1),Grade\nada,ada@example.org,,\n"
Export = Callable[[Path, Path, Path], object]
EXPORTS: dict[str, Export] = {
    "canvas": lambda out, table, _: fill(out, table, out / "new.csv", CANVAS, Choice()),
    "moodle": lambda out, table, _: fill(out, table, out / "new.csv", MOODLE, Choice()),
    "gradescope": lambda out, _, __: export_gradescope(out, all_functions()),
    "nbgrader": lambda out, _, course: export_nbgrader(out, course),
}


@pytest.mark.parametrize("aspect", ["version", "code", "seed", "isolation"])
@pytest.mark.parametrize("export", EXPORTS)
def test_results_that_came_about_differently_are_refused_with_the_remedy(
    export: str, aspect: str, tmp_path: Path, course: Path
) -> None:
    out = write_results(tmp_path / "out", {"ada": {}, "grace": {}})
    path = out / "results" / "grace.json"
    result = json.loads(path.read_text())
    result["grader"][aspect] = {"version": "0.2.0", "isolation": "process"}.get(aspect, "sha256:ffff")
    path.write_text(json.dumps(result))
    table = tmp_path / "table.csv"
    table.write_text(GRADEBOOK)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(
        KitError, match=rf"graded with different {aspect} .*grace: {aspect} .*grade the whole class again"
    ):
        EXPORTS[export](out, table, course)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_result_that_does_not_say_its_code_is_one_of_other_code(tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", {"ada": {}, "grace": {}})
    for students in (["grace"], ["grace", "ada"]):
        for student in students:
            path = out / "results" / f"{student}.json"
            result = json.loads(path.read_text())
            result["grader"].pop("code", None)
            path.write_text(json.dumps(result))
        if students == ["grace"]:
            with pytest.raises(KitError, match=r"different code .*grace: code not recorded"):
                export_gradescope(out, all_functions())
    assert len(export_gradescope(out, all_functions()).paths) == 2  # both by the same older version
