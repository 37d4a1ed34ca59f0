"""The third notebook is an assignment of its own: asked for by name, counted apart, never mixed with the first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import grading.classroom.worker
from grading.assignments.registry import all_functions, assignment, assignments, notebooks, rubric
from grading.classroom.keys import key_of
from grading.classroom.worker import Settings, grade_submission
from grading.cli.check import grade_alone
from grading.cli.grade import grade_command
from grading.course.course_toml import policies_of
from grading.errors import KitError
from grading.sandbox import Limits, Sandbox
from grading.submission.handed_in import Contents, Submission

FILTERS = "def filters_to_images(weight):\n    return weight * 0\n"
POINTS = {"assignment3": 100, "network-visualization": 55, "style-transfer": 45, "lecture": 100}
TV = "def tv_loss(img, tv_weight):\n    return 0 * img.sum()\n"


@pytest.fixture
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class is graded in the warm sandbox of the tests."""
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A class of one, who has handed in something of both assignments."""
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "VisualizingAndUnderstanding.py").write_text(FILTERS)
    (folder / "StyleTransfer.py").write_text(TV)
    return folder


def result(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "results" / "ada.json").read_text())
    return found


def test_the_assignments_of_the_kit_count_what_was_announced_and_no_name_is_in_two_notebooks() -> None:
    names = [asked.name for asked in all_functions()]
    assert len(set(names)) == len(names)
    assert {name: one.points for name, one in assignments().items()} == POINTS


@pytest.mark.usefixtures("warm")
def test_a_class_is_graded_for_the_assignment_that_is_named(ada: Path, tmp_path: Path) -> None:
    for name in assignments():
        out = tmp_path / name
        assert grade_command([ada.parent], out, Settings("tests", assignment=name)) == 0
        graded = result(out)
        assert graded["assignment"] == name
        assert graded["max_score"] == POINTS[name]
        assert [f["name"] for f in graded["functions"]] == [asked.name for asked in rubric(name)]  # type: ignore[attr-defined]
        assert json.loads((out / "run.json").read_text())["assignment"] == name
        assert name in (out / "report" / "ada.html").read_text()


@pytest.mark.usefixtures("warm")
def test_results_of_one_assignment_are_not_replaced_by_those_of_the_other(ada: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert grade_command([ada.parent], out, Settings("tests")) == 0
    before = (out / "results" / "ada.json").read_bytes()
    with pytest.raises(KitError, match="another assignment: name another folder with --out"):
        grade_command([ada.parent], out, Settings("tests", assignment="lecture"))
    assert (out / "results" / "ada.json").read_bytes() == before


@pytest.mark.usefixtures("warm")
def test_who_handed_in_the_other_assignment_alone_is_told_apart_from_who_handed_in_nothing(
    ada: Path, tmp_path: Path
) -> None:
    (ada / "StyleTransfer.py").unlink()
    assert grade_command([ada.parent], tmp_path / "out", Settings("tests")) == 0
    assert result(tmp_path / "out")["notes"] == [
        "nothing of assignment3 is in it, but of lecture: that is graded with --assignment lecture"
    ]


def test_of_several_assignments_that_cover_what_is_there_the_smallest_is_named(
    ada: Path, sandbox: Sandbox
) -> None:
    notes = grade_submission(Submission("ada", ada), "tests", sandbox, "network-visualization").result.notes
    assert "--assignment style-transfer" in notes[-1]


@pytest.mark.usefixtures("shared")
def test_a_lone_submission_is_graded_for_what_it_holds(ada: Path) -> None:
    assert grade_alone(ada, "tests", None).result.assignment == "assignment3"
    assert grade_alone(ada, "tests", None, "lecture").result.assignment == "lecture"
    assert grade_alone(ada / "VisualizingAndUnderstanding.py", "tests", None).result.assignment == "lecture"


def test_a_result_of_one_assignment_is_never_taken_for_that_of_the_other() -> None:
    contents = Contents("ada", ())
    keys = {key_of(contents, "lecture", "bubblewrap", Limits(), name) for name in assignments()}
    assert len(keys) == len(assignments())


def test_an_assignment_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(KitError, match="'assignment4': write assignment3, network-visualization"):
        assignment("assignment4")


def test_a_course_decides_about_both_and_only_the_graded_one_hears_of_it(tmp_path: Path) -> None:
    course = tmp_path / "course.toml"
    course.write_text(
        'seed = "0123456789abcdef"\ndrop = ["pca", "tv_loss"]\n[points]\nfilters_to_images = 3\n'
        '[[override]]\nstudent = "ada"\nfunction = "filters_to_images"\nscore = 2\nreason = "by mail"\n'
    )
    core = policies_of(course, rubric(), all_functions())
    assert (core.drop, core.points, core.overrides) == (("tv_loss",), {}, ())
    lecture = policies_of(course, rubric("lecture"), all_functions())
    assert lecture.drop == ("pca",)
    assert lecture.points == {"filters_to_images": 3}
    assert [override.score for override in lecture.overrides] == [2]


def test_no_function_of_the_other_assignment_is_defined_in_its_notebooks() -> None:
    for notebook in notebooks():
        defined = set(re.findall(r"^def (\w+)", notebook.source.read_text(encoding="utf-8"), re.MULTILINE))
        others = {
            name for asked in all_functions() if asked.notebook != notebook.name for name in asked.names
        }
        assert not defined & others, notebook.name
