"""A course folder: a seed for its owner's eyes, nbgrader's settings, the source; what is there already is kept."""

import os
import stat
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import torch
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from cs231n import language
from grading.assignments.registry import assignment, assignments, rubric
from grading.errors import KitError
from grading.locations import KIT
from grading.nbgrader import config as kits_own
from grading.nbgrader.config import COURSE_VARIABLE
from grading.nbgrader.course_folder import write_course
from grading.nbgrader.in_kernel import points_of
from grading.notebooks.build import read_notebook
from grading.notebooks.new_assignment import write_assignment
from grading.verdict.stored_answers import write_answers


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv(COURSE_VARIABLE, "")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("courses") / "vision 2030"
    write_course(folder)
    return folder


def loaded(path: Path) -> Any:
    return PyFileConfigLoader(path.name, str(path.parent)).load_config()


def test_the_seed_is_random_and_only_its_owner_can_read_it(course: Path, tmp_path: Path) -> None:
    write_course(tmp_path)
    seeds = [tomllib.loads((folder / "course.toml").read_text())["seed"] for folder in (course, tmp_path)]
    assert len(set(seeds)) == 2
    assert all(len(seed) == 64 for seed in seeds)
    assert stat.S_IMODE((course / "course.toml").stat().st_mode) == 0o600


def test_a_course_made_in_a_language_keeps_it(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "_chosen", "zh")
        write_course(tmp_path)
    told = (tmp_path / "course.toml").read_text(encoding="utf-8")
    assert tomllib.loads(told)["language"] == "zh"
    assert "私有" in told
    notebook = (tmp_path / "source" / "assignment3" / "StyleTransfer.ipynb").read_text(encoding="utf-8")
    assert "格拉姆矩阵" in notebook


def test_nbgrader_gets_its_settings_and_kernels_find_the_grader(course: Path) -> None:
    config = loaded(course / "nbgrader_config.py")
    assert config.CourseDirectory.root == str(course)
    assert config.CourseDirectory.course_id == "vision_2030"
    assert "START OF YOUR CODE" in config.ClearSolutions.code_stub["python"]
    assert os.environ[COURSE_VARIABLE] == str(course)
    loaded(course / "nbgrader_config.py")
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [str(KIT), "/elsewhere"]
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/usr/bin"]


def test_the_kits_own_file_makes_the_repository_a_course() -> None:
    config = loaded(Path(kits_own.__file__))
    assert config.CourseDirectory.root == str(KIT / "build" / "course")


def test_settings_of_the_instructor_win() -> None:
    config = Config()
    kits_own.configure(config, Path("course"))
    config.Execute.timeout = 5
    assert config.Execute.timeout == 5
    assert config.Execute.skip_cells_with_tag == "demo"


@pytest.mark.parametrize("assignment", assignments())
def test_the_source_has_solutions_hidden_tests_and_what_the_notebooks_import(
    course: Path, assignment: str
) -> None:
    source = course / "source" / assignment
    assert {path.stem for path in source.glob("*.ipynb")} == {asked.notebook for asked in rubric(assignment)}
    for asked in rubric(assignment):
        text = "\n".join(cell.source for cell in read_notebook(source / f"{asked.notebook}.ipynb").cells)
        assert f'check = points_of("{asked.name}")\n### END HIDDEN TESTS\ncheck({asked.name})' in text
        assert "BEGIN SOLUTION" in text
    answers = {path.stem for path in (source / "cs231n" / "answers").glob("*.npz")}
    assert answers == {asked.notebook for asked in rubric(assignment)}
    assert (source / "cs231n" / "datasets" / "registry.py").is_file()


@pytest.mark.parametrize("assignment", assignments())
def test_the_points_of_the_cells_are_those_of_the_rubric(course: Path, assignment: str) -> None:
    points = {}
    for path in (course / "source" / assignment).glob("*.ipynb"):
        for cell in read_notebook(path).cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade") and not marks["solution"]:
                points[marks["grade_id"]] = marks["points"]
    assert points == {f"check_{asked.name}": asked.points for asked in rubric(assignment)}


def test_an_nbgrader_course_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("# ours")
    (tmp_path / "course.toml").write_text('seed = "ours"')
    (tmp_path / "source" / "assignment2").mkdir(parents=True)
    said = "\n".join(write_course(tmp_path))
    assert (tmp_path / "nbgrader_config.py").read_text() == "# ours"
    assert (tmp_path / "course.toml").read_text() == 'seed = "ours"'
    assert "configure(get_config(), Path(__file__).parent)" in said


def test_a_source_that_may_have_been_worked_on_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "source" / "assignment3").mkdir(parents=True)
    with pytest.raises(KitError, match="remove it"):
        write_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_the_source_of_a_courses_own_assignment_is_written_and_its_cells_find_their_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_assignment("Softmax", tmp_path / "softmax")
    write_answers(assignment(str(tmp_path / "softmax")).notebooks)
    course = tmp_path / "course"
    write_course(course, str(tmp_path / "softmax"))
    assert [path.name for path in (course / "source").iterdir()] == ["softmax"]
    assert [path.name for path in (course / "source" / "softmax").glob("*.ipynb")] == ["Softmax.ipynb"]
    monkeypatch.setenv(COURSE_VARIABLE, str(course))
    check = points_of("softmax_loss")
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: None)
    assert check(torch.nn.functional.cross_entropy) == 10
    with pytest.raises(KitError, match="no function 'softmax' is asked"):
        points_of("softmax")
