"""An assignment is a list of notebooks: the kit's, those of a folder, or what a course composes of them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from grading.assignments.registry import all_functions, assignment, composed, function_named, names_of
from grading.cli.check import grade_alone
from grading.course.course_toml import chosen_assignment, functions_of_course
from grading.errors import KitError
from grading.notebooks.new_assignment import write_assignment
from grading.verdict.provenance import code_hash
from grading.verdict.reference import reference_functions


@pytest.fixture
def softmax(tmp_path: Path) -> Path:
    write_assignment("Softmax", tmp_path / "rooms" / "softmax")
    return tmp_path / "rooms" / "softmax"


def course(folder: Path, assignments: str) -> Path:
    (folder / "course.toml").write_text(f'seed = "0123456789abcdef"\n[assignments]\n{assignments}\n')
    return folder / "course.toml"


def test_a_course_composes_an_assignment_of_the_kits_notebooks_and_its_own(
    softmax: Path, tmp_path: Path
) -> None:
    toml = course(tmp_path, 'midterm = ["StyleTransfer", "rooms/softmax"]')
    midterm = assignment(chosen_assignment("midterm", toml))
    assert midterm.name == "midterm"
    assert [notebook.name for notebook in midterm.notebooks] == ["StyleTransfer", "Softmax"]
    assert midterm.points == 55
    assert midterm.folders == (softmax,)
    assert "softmax_loss" in [function.name for function in functions_of_course(toml)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('midterm = ["StileTransfer"]', r"got 'StileTransfer'; did you mean 'StyleTransfer'\?"),
        ("midterm = []", "must be a list of notebooks"),
        ('lecture = ["StyleTransfer"]', "is the name of an assignment of the kit"),
    ],
)
def test_what_a_course_cannot_mean_is_said_by_its_key(line: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(
        KitError, match=rf"course\.toml: assignments\.\w+ (must list notebooks and folders, )?{words}"
    ):
        chosen_assignment("midterm", course(tmp_path, line))


def test_a_folder_may_hold_several_rooms_that_import_each_other(softmax: Path) -> None:
    write_assignment("Other", softmax.parent / "other")
    for name in ("checks.py", "mistakes/softmax_loss.py", "notebook.py", "__init__.py"):
        file = softmax.parent / "other" / name
        file.write_text(file.read_text().replace("softmax_loss", "other_loss"))
    checks = softmax.parent / "other" / "checks.py"
    checks.write_text(
        checks.read_text().replace(
            "CLOSE = 1e-4", "from .own import CLOSE\nfrom ..softmax.checks import _arguments"
        )
    )
    (checks.parent / "own.py").write_text("CLOSE = 1e-4\n")
    mistakes = checks.parent / "mistakes" / "softmax_loss.py"
    mistakes.write_text(
        "from other.own import CLOSE\n"
        + mistakes.read_text().replace("from __future__ import annotations\n", "")
    )
    both = assignment(str(softmax.parent))
    assert (both.name, [notebook.name for notebook in both.notebooks]) == ("rooms", ["Other", "Softmax"])
    assert [function.name for function in both.functions] == ["other_loss", "softmax_loss"]


def test_two_functions_of_one_name_cannot_be_in_one_assignment(softmax: Path, tmp_path: Path) -> None:
    write_assignment("Again", tmp_path / "again")
    with pytest.raises(KitError, match="both has two functions called 'softmax_loss': rename one"):
        assignment(composed("both", [softmax, tmp_path / "again"]))


def test_a_function_may_have_the_name_of_one_of_the_kits(tmp_path: Path) -> None:
    write_assignment("Mine", tmp_path / "mine")
    for file in (tmp_path / "mine").rglob("*.py"):
        file.write_text(file.read_text().replace("softmax_loss", "tv_loss"))
    mine, kits = assignment(str(tmp_path / "mine")), function_named("tv_loss")
    with names_of(mine):
        assert function_named("tv_loss") is mine.functions[0]
        assert len(all_functions()) == 18
        own = reference_functions()["tv_loss"]
    assert function_named("tv_loss") is kits
    assert reference_functions()["tv_loss"] is not own


def test_a_reference_means_the_same_in_another_process(softmax: Path) -> None:
    reference = composed("midterm", ["StyleTransfer", softmax])
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(code_hash, reference).result() == code_hash(reference)


@pytest.mark.usefixtures("shared")
def test_work_for_an_assignment_of_the_course_is_recognised(
    softmax: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course(tmp_path, 'midterm = ["rooms/softmax"]')
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Softmax.py").write_text("def softmax_loss(s, y):\n    return s.sum()\n")
    assert grade_alone(tmp_path / "Softmax.py", "tests", None).result.assignment == "midterm"
