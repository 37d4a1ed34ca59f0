"""Who handed in nothing that can be graded is a person of the class all the same."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grading.errors import SubmissionError

from .class_folders import found_in, students, tree

STYLE = "StyleTransfer.ipynb"


def packed(path: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return path.read_bytes()


def labels(*paths: Path, **choice: object) -> dict[str, list[str]]:
    return {s.student: [file.label for file in s.files] for s in found_in(*paths, **choice)}


def test_a_class_in_which_everybody_handed_in_a_pdf_has_a_line_for_each(tmp_path: Path) -> None:
    tree(tmp_path / "class", "ada/report.pdf", "grace/report.docx", "alan/a/b/notes.txt")
    (tmp_path / "class" / "emmy").mkdir()
    expected = {"ada": ["report.pdf"], "alan": ["a/b/notes.txt"], "emmy": [], "grace": ["report.docx"]}
    assert labels(tmp_path / "class") == expected
    assert labels(tmp_path) == expected
    assert found_in(tmp_path / "class").layout == "a folder of students, 4 people"


@pytest.mark.parametrize("around", ["", "class/"])
def test_also_in_an_archive_and_in_nbgraders_layout(around: str, tmp_path: Path) -> None:
    packed(tmp_path / "class.zip", {f"{around}ada/report.pdf": b"%PDF", f"{around}grace/report.pdf": b"%PDF"})
    assert students(tmp_path / "class.zip") == ["ada", "grace"]
    tree(tmp_path / "submitted", "ada/assignment3/report.pdf")
    assert [(s.student, s.assignment) for s in found_in(tmp_path / "submitted")] == [("ada", "assignment3")]


def test_named_one_by_one_each_folder_is_a_student(tmp_path: Path) -> None:
    tree(tmp_path, "ada/report.pdf", "grace/report.pdf", f"alan/{STYLE}")
    assert students(tmp_path / "ada", tmp_path / "grace") == ["ada", "grace"]
    assert students(*(tmp_path / name for name in ("ada", "alan", "grace"))) == ["ada", "alan", "grace"]


def test_parts_of_an_assignment_are_no_people(tmp_path: Path) -> None:
    tree(tmp_path / "ada", "part1/report.pdf", "part2/report.pdf", "cover.pdf")
    assert students(tmp_path / "ada") == ["ada"]


def test_documents_alone_are_people_only_where_the_instructor_says_so(tmp_path: Path) -> None:
    tree(tmp_path / "class", "ada.pdf", "grace.docx")
    with pytest.raises(SubmissionError, match=r"nothing to grade.*ada\.pdf.*grace\.docx.*--class"):
        found_in(tmp_path / "class")
    assert students(tmp_path / "class", is_class=True) == ["ada", "grace"]


def test_a_document_among_files_that_are_students_is_a_students(tmp_path: Path) -> None:
    tree(tmp_path, "ada.ipynb", "grace.pdf", "alan.ipynb", "report.pdf", "hw3.pdf", "grades.csv")
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "alan", "grace"]
    assert [out.label for out in found.left_out] == ["grades.csv", "hw3.pdf", "report.pdf"]


def test_a_document_called_after_somebody_with_a_notebook_is_that_persons(tmp_path: Path) -> None:
    tree(tmp_path, f"Ada - {STYLE}", "Ada - report.pdf", f"Grace - Copy of {STYLE}", "Alan - report.pdf")
    assert labels(tmp_path) == {
        "Ada": [f"Ada - {STYLE}", "Ada - report.pdf"],
        "Alan": ["Alan - report.pdf"],
        "Grace": [f"Grace - Copy of {STYLE}"],
    }


def test_copies_that_google_makes_are_their_owners(tmp_path: Path) -> None:
    tree(
        tmp_path / "a",
        f"Ada - Copy of {STYLE}",
        f"Copy of Grace - {STYLE}",
        f"Kopie von {STYLE} - Alan.ipynb",
    )
    assert students(tmp_path / "a") == ["Ada", "Alan", "Grace"]


@pytest.mark.parametrize("folder", ["", "download/"])
def test_a_class_in_an_archive_in_an_archive_is_a_class(folder: str, tmp_path: Path) -> None:
    people = {f"{name}/{STYLE}": b"{}" for name in ("ada", "grace")}
    moodle = {f"{name}_assignsubmission_file/{STYLE}": b"{}" for name in ("Ada L_123", "Grace H_124")}
    for name, members, expected in (
        ("plain", people, ["ada", "grace"]),
        ("moodle", moodle, ["Ada L_123", "Grace H_124"]),
    ):
        (tmp_path / name).mkdir()
        inner = packed(tmp_path / "inner.zip", members)
        packed(tmp_path / name / "class.zip", {f"{folder}class.zip": inner})
        assert students(tmp_path / name / "class.zip") == expected
        assert len(students(tmp_path / name / "class.zip", one_student=True)) == 1


def test_a_folder_with_nothing_but_the_downloaded_archive_is_that_class(tmp_path: Path) -> None:
    packed(tmp_path / "class.zip", {f"{name}/{STYLE}": b"{}" for name in ("ada", "grace")})
    tree(tmp_path, "worksheet.csv")
    assert students(tmp_path) == ["ada", "grace"]


def test_an_archive_in_an_archive_of_one_student_stays_one_students(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {STYLE: b"{}"})
    packed(tmp_path / "ada.zip", {"hw/hw3.zip": inner})
    packed(tmp_path / "grace.zip", {"hw3.zip": b"PK\x03\x04 broken"})
    assert students(tmp_path / "ada.zip") == ["ada"]
    assert students(tmp_path / "grace.zip") == ["grace"]


def test_a_file_called_after_notebook_and_person_is_that_persons_whatever_its_suffix(tmp_path: Path) -> None:
    names = [f"StyleTransfer_{end}" for end in ("ada.ipynb", "bob.ipynb", "grace.json", "alan", "emmy.png")]
    tree(tmp_path, *names, "notes.txt")
    found = found_in(tmp_path)
    assert [submission.student for submission in found] == ["ada", "alan", "bob", "grace"]
    assert [out.label for out in found.left_out] == ["StyleTransfer_emmy.png", "notes.txt"]


@pytest.mark.parametrize("name", ["StyleTransfer.json", "StyleTransfer.txt", "StyleTransfer"])
def test_a_file_named_alone_is_looked_into_as_one_in_a_folder_is(name: str, tmp_path: Path) -> None:
    tree(tmp_path, name)
    assert labels(tmp_path / name) == {"StyleTransfer": [name]}
