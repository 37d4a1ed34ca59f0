"""What students did to a notebook never costs an answer the eye of a person, nor a class its export."""

from __future__ import annotations

import ast
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.assignments.registry import notebook_named
from grading.errors import SandboxError
from grading.nbgrader import folder as limits
from grading.nbgrader.export import export_nbgrader
from grading.notebooks.build import as_text, read_notebook
from grading.notebooks.translated import in_language
from grading.sandbox.isolation import why_not

from ..submission.archive_making import BY_LIBARCHIVE, KINDS
from ..submission.archive_making import zipped as zipped_bytes
from .conftest import ASSIGNMENT, write_results
from .damages import (
    ANSWER,
    PLACED,
    QUESTION,
    REVIEWED,
    STYLE,
    answered,
    cells_deleted,
    renamed,
    to_markdown,
    zipped,
)
from .nbgrader_commands import cell, edit
from .test_export import grade_by_hand, rows

Submit = Callable[..., Path]
OTHER = "question_total_variation"  # of the same notebook; nobody has answered it


@pytest.fixture
def exported(course: Path, submit: Submit, tmp_path: Path) -> Callable[..., dict[str, dict[str, Any]]]:
    """`exported(damage)` hands in, damages, exports; returns the rows of the gradebook."""

    def export(damage: Callable[[Path], None]) -> dict[str, dict[str, Any]]:
        damage(submit("ada"))
        export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course)
        return rows(course, "ada")

    return export


def shown(course: Path, name: str = QUESTION) -> str:
    source: str = cell(read_notebook(course / "autograded" / "ada" / ASSIGNMENT / STYLE), name).source
    return source


def state(row: dict[str, Any]) -> tuple[float | None, bool]:
    return row["auto_score"], row["needs_manual_grade"]


def test_in_a_notebook_of_another_language_an_answer_is_told_from_what_was_handed_out(
    exported: Any, course: Path
) -> None:
    def chinese(folder: Path) -> None:
        notebook = read_notebook(folder / STYLE)
        notebook = in_language(notebook, notebook_named("StyleTransfer"), "zh")
        place = notebook.cells.index(cell(notebook, QUESTION))
        notebook.cells.insert(place + 1, nbformat.v4.new_markdown_cell(ANSWER))  # type: ignore[no-untyped-call]
        (folder / STYLE).write_text(as_text(notebook), encoding="utf-8")

    cells = exported(chinese)
    assert state(cells[QUESTION]) == (None, True)
    assert ANSWER in shown(course)
    assert "把各层合起来" not in shown(course)
    assert state(cells[OTHER]) == (0, False)


@pytest.mark.parametrize("damage", PLACED)
def test_a_written_answer_is_shown_where_it_is_graded(damage: str, exported: Any, course: Path) -> None:
    cells = exported(PLACED[damage])
    assert state(cells[QUESTION]) == (None, True)
    assert ANSWER in shown(course)
    assert state(cells[OTHER]) == (0, False)
    assert cells[OTHER]["auto_comment"] == "No response."


@pytest.mark.parametrize("damage", REVIEWED)
def test_an_answer_that_cannot_be_placed_is_quoted_to_a_person(
    damage: str, exported: Any, course: Path
) -> None:
    row = exported(REVIEWED[damage])[QUESTION]
    assert state(row) == (None, True)
    assert ANSWER in row["auto_comment"]
    assert ANSWER in shown(course)


def test_an_answer_in_a_zip_is_found(exported: Any, course: Path) -> None:
    assert state(exported(zipped)[QUESTION]) == (None, True)
    assert ANSWER in shown(course)


def test_a_question_whose_cell_was_deleted_comes_up_with_a_comment(exported: Any) -> None:
    row = exported(cells_deleted)[QUESTION]
    assert state(row) == (None, True)
    assert row["auto_comment"].startswith("The cell of this question is not in `StyleTransfer.ipynb`")


def test_a_file_that_cannot_be_read_has_its_questions_reviewed(exported: Any) -> None:
    row = exported(lambda folder: (folder / STYLE).write_text('{"cells": [', encoding="utf-8"))[QUESTION]
    assert state(row) == (None, True)
    assert "Handed in were `StyleTransfer.ipynb`" in row["auto_comment"]


def test_cells_that_are_no_longer_code_are_code_again(exported: Any, course: Path) -> None:
    cells = exported(to_markdown)
    for name in ("content_loss", "gram_matrix", "tv_loss"):
        ast.parse(shown(course, name))
        assert f"def {name}" in shown(course, name)
        assert "which does not run: it was made code again" in cells[f"check_{name}"]["auto_comment"]


def test_the_notebook_that_the_grader_took_is_shown(course: Path, submit: Submit, tmp_path: Path) -> None:
    """Both are filled in; the result says which was graded."""
    folder = submit("ada")
    (folder / "other.ipynb").write_bytes((folder / STYLE).read_bytes())
    edit(folder / "other.ipynb", answered)
    out = write_results(tmp_path / "out", {"ada": {}})
    path = out / "results" / "ada.json"
    path.write_text(path.read_text().replace(STYLE, "other.ipynb"))
    done = export_nbgrader(out, course)
    assert done.notes == ("ada: other.ipynb is shown as StyleTransfer.ipynb",)
    assert shown(course) == f"**Your answer:**\n\n{ANSWER}"


def test_a_score_that_a_person_gave_to_a_moved_answer_stays(
    exported: Any, course: Path, tmp_path: Path
) -> None:
    exported(PLACED["answer_below"])
    grade_by_hand(course, "ada", QUESTION, 3.5)
    export_nbgrader(tmp_path / "out", course)
    row = rows(course, "ada")[QUESTION]
    assert (row["manual_score"], row["needs_manual_grade"]) == (3.5, False)


def bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("StyleTransfer.ipynb", bytes(limits.UNPACKED_LIMIT + 1))


def outside(folder: Path) -> None:
    with zipfile.ZipFile(folder / "out.zip", "w") as archive:
        for name in ("../../escaped.txt", "/escaped.txt", "a/../../escaped.txt"):
            archive.writestr(name, "x")


def damaged(folder: Path) -> None:
    (folder / "work.zip").write_bytes(b"PK\x03\x04" + os.urandom(100))


def odd_cells(folder: Path) -> None:
    (folder / STYLE).write_text(
        '{"cells": [3, {}, {"cell_type": "code", "source": [1, "x"], "metadata": {"nbgrader": 3}, "outputs": {}},'
        ' {"cell_type": "markdown", "source": null, "metadata": {"nbgrader": {"grade_id": []}}}]}'
    )


def linked(folder: Path) -> None:
    (folder / STYLE).unlink()
    (folder / STYLE).symlink_to(folder.parents[1] / "grace" / ASSIGNMENT / STYLE)


@pytest.mark.parametrize("hostile", [bomb, outside, damaged, odd_cells, linked])
def test_whatever_one_student_hands_in_all_others_are_exported(
    hostile: Callable[[Path], None], course: Path, submit: Submit, tmp_path: Path
) -> None:
    renamed(submit("grace"))
    hostile(submit("ada"))
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}, "grace": {}}), course)
    assert state(rows(course, "ada")[QUESTION]) in ((None, True), (0, False))
    assert state(rows(course, "grace")[QUESTION]) == (None, True)
    if hostile is linked:
        assert not (course / "autograded" / "ada" / ASSIGNMENT / STYLE).exists()
    assert not list(tmp_path.rglob("escaped*"))


def test_a_folder_that_is_a_link_is_not_looked_into(course: Path, submit: Submit, tmp_path: Path) -> None:
    answered_by_grace = submit("grace")
    edit(answered_by_grace / STYLE, answered)
    (course / "submitted" / "ada").symlink_to("grace")
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}, "grace": {}}), course)
    assert not (course / "autograded" / "ada").exists()


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.xz", "7z"])
def test_an_archive_is_opened_behind_the_walls(kind: str, tmp_path: Path) -> None:
    if kind in BY_LIBARCHIVE:
        pytest.importorskip("libarchive")
    if why := why_not("bubblewrap"):
        pytest.skip(why)
    (tmp_path / "ada").mkdir()
    (tmp_path / "spool").mkdir()
    inner = zipped_bytes(("deep.ipynb", b"2"))
    raw = KINDS[kind](("work/Style.ipynb", b"1"), ("work/inner.zip", inner), ("../../grace.ipynb", b"3"))
    (tmp_path / "ada" / f"work.{kind}").write_bytes(raw)
    found = limits.files_in(tmp_path / "ada", tmp_path / "spool")
    assert {file.label: file.path.read_bytes() for file in found.files} == {
        f"work.{kind}/work/Style.ipynb": b"1",
        f"work.{kind}/grace.ipynb": b"3",
        f"work.{kind}/work/inner.zip/deep.ipynb": b"2",
    }
    assert not found.notes
    assert all(file.path.is_relative_to(tmp_path / "spool") for file in found.files)


def test_an_archive_that_grows_too_large_is_named_and_kept_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "ada").mkdir()
    bomb(tmp_path / "ada")
    found = limits.files_in(tmp_path / "ada", tmp_path / "spool")
    assert [file.label for file in found.files] == ["bomb.zip"]
    assert found.notes[-1].startswith("bomb.zip ")
    assert "hand in the notebooks" in found.notes[-1]


def test_where_no_walls_can_be_put_up_a_zip_is_opened_within_bounds_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise SandboxError("bubblewrap is not installed")

    monkeypatch.setattr(limits, "strongest", none)
    (tmp_path / "ada").mkdir()
    (tmp_path / "spool").mkdir()
    (tmp_path / "ada" / "work.zip").write_bytes(zipped_bytes(("Style.ipynb", b"1")))
    (tmp_path / "ada" / "more.tar").write_bytes(KINDS["tar"](("Style.ipynb", b"1")))
    found = limits.files_in(tmp_path / "ada", tmp_path / "spool")
    assert {file.label for file in found.files} == {"more.tar", "work.zip/Style.ipynb"}
    assert found.notes == (
        "more.tar cannot be opened here (bubblewrap is not installed): unpack it",
        "work.zip was opened without walls (bubblewrap is not installed)",
    )
