"""Downloads of Canvas and Moodle in which all files lie side by side: their names say whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.errors import SubmissionError
from grading.submission.contents import files_of
from grading.submission.handed_in import Submission

from .class_folders import archive, found_in, students, tree


def labels(submission: Submission) -> list[str]:
    return [file.label for file in files_of(submission)]


CANVAS = (
    "adalovelace_101_9001_NetworkVisualization.ipynb",
    "adalovelace_101_9002_StyleTransfer-1.ipynb",
    "hoppergrace_LATE_102_9003_NetworkVisualization.ipynb",
    "hoppergrace_LATE_102_9004_style_transfer.py",
    "turingalan_103_9005_report.pdf",
)


def test_the_flat_download_of_canvas_has_one_submission_for_each_student(tmp_path):
    tree(tmp_path, *CANVAS)
    found = found_in(tmp_path)
    assert [(s.student, labels(s)) for s in found] == [
        ("adalovelace_101", ["NetworkVisualization.ipynb", "StyleTransfer-1.ipynb"]),
        ("hoppergrace_102", ["NetworkVisualization.ipynb", "style_transfer.py"]),
        ("turingalan_103", ["report.pdf"]),
    ]
    assert files_of(found[0])[0].path.read_text() == CANVAS[0]
    assert found.layout == "a Canvas download, 3 people"


@pytest.mark.parametrize("root", ["", "submissions/"])
def test_so_has_its_zip(tmp_path, root):
    found = found_in(archive(tmp_path / "submissions.zip", *(f"{root}{name}" for name in CANVAS)))
    assert [s.student for s in found] == ["adalovelace_101", "hoppergrace_102", "turingalan_103"]
    assert labels(found[1]) == ["NetworkVisualization.ipynb", "style_transfer.py"]
    assert files_of(found[1])[1].path.read_text() == f"{root}{CANVAS[3]}"


def test_zips_that_students_gave_to_canvas_are_theirs(tmp_path):
    archive(tmp_path / "adalovelace_101_9001_assignment3.zip", "assignment3/StyleTransfer.ipynb")
    tree(tmp_path, CANVAS[2])
    assert [(s.student, labels(s)) for s in found_in(tmp_path)] == [
        ("adalovelace_101", ["assignment3.zip"]),
        ("hoppergrace_102", ["NetworkVisualization.ipynb"]),
    ]


def test_two_students_of_one_name_are_told_apart_by_their_numbers(tmp_path):
    tree(tmp_path, "lee_11_901_StyleTransfer.ipynb", "lee_12_902_StyleTransfer.ipynb")
    assert students(tmp_path) == ["lee_11", "lee_12"]


def test_the_flat_download_of_moodle_has_one_submission_for_each_student(tmp_path):
    tree(
        tmp_path,
        "Ada Lovelace_501_assignsubmission_file_NetworkVisualization.ipynb",
        "Ada Lovelace_501_assignsubmission_file_StyleTransfer.ipynb",
        "Grace Hopper_502_assignsubmission_file_StyleTransfer.ipynb",
    )
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["Ada Lovelace_501", "Grace Hopper_502"]
    assert labels(found[0]) == ["NetworkVisualization.ipynb", "StyleTransfer.ipynb"]


@pytest.mark.parametrize(
    "names", [("hw_3_2_StyleTransfer.ipynb",), ("my_style_transfer_2021.ipynb", "photo_2021_05.jpg")]
)
def test_numbers_in_a_students_own_names_make_no_download(tmp_path, names):
    tree(tmp_path / "ada", *names)
    assert students(tmp_path / "ada") == ["ada"]


@pytest.mark.parametrize("around", ["style-transfer-submissions", "week 3"])
def test_a_class_of_folders_called_after_notebook_and_student_is_never_one_student(
    around: str, tmp_path: Path
) -> None:
    tree(
        tmp_path, *(f"{around}/style-transfer-{student}/StyleTransfer.ipynb" for student in ("ada", "grace"))
    )
    with pytest.raises(SubmissionError, match="looks like a class"):
        found_in(tmp_path)
    assert len(found_in(tmp_path / around)) == 2


def test_many_copies_of_one_notebook_are_no_one_students_for_certain(tmp_path: Path) -> None:
    names = ["StyleTransfer.ipynb", *(f"StyleTransfer ({number}).ipynb" for number in range(1, 30))]
    tree(tmp_path, *names)
    with pytest.raises(SubmissionError, match="can be read in two ways"):
        found_in(tmp_path)
    assert len(found_in(tmp_path, is_class=True)) == 30
    assert len(found_in(tmp_path, one_student=True)) == 1
    versions = (
        f"StyleTransfer{version}.ipynb" for version in ("-Copy1", "-Copy2", "_v1", "_v2", "_final", "_old")
    )
    assert len(found_in(tree(tmp_path / "ada", *names[:5], *versions))) == 1


@pytest.mark.parametrize(
    "mark", ["source/a3/StyleTransfer.ipynb", "gradebook.db", "autograded/ada/a3/x.ipynb"]
)
def test_of_the_folder_of_an_nbgrader_course_only_what_was_submitted_is_graded(
    mark: str, tmp_path: Path
) -> None:
    tree(tmp_path, *(f"submitted/{student}/a3/StyleTransfer.ipynb" for student in ("ada", "eve")), mark)
    found = found_in(tmp_path)
    assert [(one.student, one.assignment) for one in found] == [("ada", "a3"), ("eve", "a3")]
    assert [out.label for out in found.left_out] == [mark.partition("/")[0]]
