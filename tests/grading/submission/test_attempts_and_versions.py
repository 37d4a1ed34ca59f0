"""Attempts, versions and copies: of one person's the last with work counts, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.submission.moments import when

from .class_folders import found_in, people, tree

STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"


def test_of_several_attempts_the_last_with_work_is_graded_and_the_others_are_named(tmp_path: Path) -> None:
    start = "HW3_ada_attempt_2026-01-"
    tree(tmp_path, f"{start}02-09-00-00_{VISUAL}", f"{start}10-08-00-00_{STYLE}", f"{start}10-08-00-00.txt")
    tree(tmp_path, f"{start}11-08-00-00.txt", f"HW3_grace_attempt_2026-01-01-00-00-00_{STYLE}")
    found = found_in(tmp_path)
    assert people(found) == {"ada": [f"{start}10-08-00-00.txt", STYLE], "grace": [STYLE]}
    assert found[0].notes == (
        "3 attempts were handed in; graded is that of 2026-01-10-08-00-00, not 2026-01-02-09-00-00 "
        f"({VISUAL})",
    )


@pytest.mark.parametrize(
    "moments",
    [
        ["Dec 31, 2025 1159 PM", "Jan 1, 2026 1205 AM", "Jan 1, 2026 1204 PM", "Jan 1, 2026 104 PM"],
        ["30 April 2026 0900", "1 Mai 2026 0800", "2 Mai 2026 0700"],
        ["2026-01-02-23-00-00", "2026-01-10-01-00-00"],
        ["9", "10", "1" * 18, "1" * 5000],  # of so many digits Python makes no number
    ],
)
def test_moments_are_sorted_as_time_goes(moments: list[str]) -> None:
    assert [when(moment) for moment in moments] == sorted(map(when, moments))


def test_a_notebook_uploaded_again_to_canvas_replaces_the_first(tmp_path: Path) -> None:
    start = "lovelaceada_123_"
    tree(tmp_path, f"{start}9001_{STYLE}", f"{start}9007_StyleTransfer-1.ipynb", f"{start}9002_part-1.py")
    tree(tmp_path, f"{start}9003_part-2.py")
    found = found_in(tmp_path)
    assert set(people(found)["lovelaceada_123"]) == {"StyleTransfer-1.ipynb", "part-1.py", "part-2.py"}
    assert found[0].notes == (f"uploaded again, and graded as uploaded last: not {start}9001_{STYLE}",)


@pytest.mark.parametrize(
    "files",
    [
        (STYLE, "StyleTransfer-Copy1.ipynb", "Copy of StyleTransfer.ipynb", "StyleTransfer (1).ipynb"),
        ("StyleTransfer_final.ipynb", "StyleTransfer_v2.ipynb", VISUAL, "scratch.ipynb"),
        ("StyleTransfer-PyTorch.ipynb", "StyleTransfer-TensorFlow.ipynb"),
        ("StyleTransfer_ada.ipynb", "NetworkVisualization_ada.ipynb"),
    ],
)
def test_copies_and_versions_are_one_students(files: tuple[str, ...], tmp_path: Path) -> None:
    assert list(people(found_in(tree(tmp_path / "ada", *files)))) == ["ada"]


ATTEMPTS = {
    "a Schoology download, 2 people": (
        "Lovelace, Ada - s1/Revision 1 - On time/StyleTransfer.ipynb",
        "Lovelace, Ada - s1/Revision 10 - Late/StyleTransfer.ipynb",
        "Lovelace, Ada - s1/Revision 9 - Late/StyleTransfer.ipynb",
        "Hopper, Grace - s2/Revision 1 - On time/hw3.zip",
    ),
    "student work of Microsoft Teams, 2 people": (
        "Student Work/Working files/Ada/Assignment 3/StyleTransfer.ipynb",
        "Student Work/Submitted files/Ada/Assignment 3/Version 10/StyleTransfer.ipynb",
        "Student Work/Submitted files/Ada/Assignment 3/Version 9/StyleTransfer.ipynb",
        "Student Work/Submitted files/Grace/Assignment 3/Version 1/hw3.zip",
    ),
    "an Autolab download, 2 people": (
        "ada@school.edu_9_StyleTransfer.ipynb",
        "ada@school.edu_10_StyleTransfer.ipynb",
        "grace@school.edu_1_handin.zip",
    ),
    "nbgrader's exchange, 2 people": (
        "ada+a3+2026-01-02 10:00:00.000000 UTC+x/StyleTransfer.ipynb",
        "ada+a3+2026-01-10 10:00:00.000000 UTC+y/StyleTransfer.ipynb",
        "grace+a3+2026-01-02 10:00:00.000000 UTC+z/StyleTransfer.ipynb",
    ),
    "an OpenOLAT download, 2 people": (
        "Sheet_3/ada/1_task/StyleTransfer.ipynb",
        "Sheet_3/ada/2_submissions/StyleTransfer.ipynb",
        "Sheet_3/ada/3_corrections/StyleTransfer.ipynb",
        "Sheet_3/ada/10_revisions_1/StyleTransfer.ipynb",
        "Sheet_3/grace/1_task/StyleTransfer.ipynb",
        "Sheet_3/grace/2_submissions/hw3.zip",
        "Sheet_3/solutions/StyleTransfer.ipynb",
        "Sheet_3/points.xlsx",
    ),
}


@pytest.mark.parametrize("title", ATTEMPTS)
def test_of_numbered_attempts_the_last_is_graded_and_nobody_is_there_twice(title, tmp_path):
    tree(tmp_path, *ATTEMPTS[title])
    found = found_in(tmp_path)
    assert found.layout == title
    ada, grace = sorted(found, key=lambda one: "race" in one.student)
    assert "10" in ada.files[0].path.relative_to(tmp_path).as_posix()
    assert len(ada.files) == len(grace.files) == 1
    assert "graded is" in "".join(ada.notes)


def test_a_forms_number_of_a_second_file_of_one_name_is_nobodys_name(tmp_path):
    tree(tmp_path, "StyleTransfer - Ada Lovelace.ipynb", "StyleTransfer (1) - Grace Hopper.ipynb")
    assert [one.student for one in found_in(tmp_path)] == ["Ada Lovelace", "Grace Hopper"]


BY_ATTEMPT = [
    (
        f"2021001_王芳_20240501120000_{STYLE}",
        f"2021001_王芳_20240502120000_{STYLE}",
        "2021002_李娜_20240501120000_作业.pdf",
    ),
    (
        "2021001_王芳-2024-05-01T12_00_00.zip",
        "2021001_王芳-2024-05-02T12_00_00.zip",
        f"2021002_李娜-2024-05-01T12_00_00/{STYLE}",
    ),
    (
        f"2021001_王芳_Submission_9/{STYLE}",
        f"2021001_王芳_Submission_10/{STYLE}",
        f"2021002_李娜_Submission_1/{STYLE}",
    ),
    (
        f"2024-05-01 12_00_00.678901 - 2021001_王芳/{STYLE}",
        f"2024-05-02T12_00 - 2021001_王芳/{STYLE}",
        "2024-05-01 12_00_00 - 2021002_李娜.zip",
    ),
]


@pytest.mark.parametrize("files", BY_ATTEMPT)
def test_a_moment_or_an_attempt_in_every_name_is_no_part_of_the_persons(
    files: tuple[str, ...], tmp_path: Path
) -> None:
    found = found_in(tree(tmp_path / "class", *files))
    assert [submission.student for submission in found] == ["2021001_王芳", "2021002_李娜"]
    assert [file.path for file in found[0].files or ()] == [tmp_path / "class" / files[1]]
    assert "2 attempts were handed in" in found[0].notes[0]
    assert not found[1].notes


def test_what_is_called_after_an_assignment_and_a_number_is_nobodys_attempt(tmp_path: Path) -> None:
    files = [f"hw_submission_1/{STYLE}", f"hw_submission_2/{STYLE}", f"lab_submission_1/{STYLE}"]
    assert len(found_in(tree(tmp_path, *files))) == 3


def test_versions_of_one_notebook_with_moments_are_one_students(tmp_path: Path) -> None:
    tree(tmp_path / "ada", "StyleTransfer_20240501120000.ipynb", "StyleTransfer_20240502120000.ipynb")
    assert list(people(found_in(tmp_path / "ada"))) == ["ada"]


@pytest.mark.parametrize("around", ["", "assignment3/"])
def test_of_folders_called_after_moments_the_last_with_work_was_handed_in(
    around: str, tmp_path: Path
) -> None:
    for moment in ("2024-05-01 12:00:00", "2024-05-02 12:00:00"):
        tree(tmp_path / "class", f"ada/{around}{moment}/{STYLE}", f"ada/{around}{moment}/timestamp.txt")
    tree(tmp_path / "class", f"ada/{around}2024-05-03 12:00:00/report.pdf", f"grace/{around}{STYLE}")
    ada, _ = found_in(tmp_path / "class")
    assert [file.label for file in ada.files or ()] == [f"{around}{STYLE}", f"{around}timestamp.txt"]
    assert {file.path.parent.name for file in ada.files or ()} == {"2024-05-02 12:00:00"}
    assert ada.notes[0].startswith("2 attempts were handed in; graded is that of 2024-05-02 12:00:00")


def test_in_a_course_with_several_assignments_the_time_is_that_of_the_one_asked(tmp_path: Path) -> None:
    for name, notebook in (("assignment1", "knn.ipynb"), ("assignment3", STYLE)):
        tree(tmp_path / "submitted", f"ada/{name}/{notebook}", f"ada/{name}/timestamp.txt")
    (ada,) = found_in(tmp_path / "submitted")
    assert ada.assignment == "assignment3"


def test_copies_that_a_browser_numbered_name_each_other(tmp_path: Path) -> None:
    tree(tmp_path / "class", "王芳.zip", "王芳 (1).zip", "李娜.zip")
    notes = {submission.student: submission.notes for submission in found_in(tmp_path / "class")}
    assert [
        name for name, found in notes.items() if any("are they one person" in note for note in found)
    ] == [
        "王芳",
        "王芳 (1)",
    ]


def test_a_later_version_in_chinese_is_nobodys_name(tmp_path: Path) -> None:
    tree(tmp_path / "王芳", STYLE, "StyleTransfer最终版2.ipynb", "StyleTransfer 修改版.ipynb")
    assert list(people(found_in(tmp_path / "王芳"))) == ["王芳"]
    tree(tmp_path / "class", "2021001王芳-StyleTransfer-最终版.ipynb", "李娜_StyleTransfer修改版.ipynb")
    assert set(people(found_in(tmp_path / "class"))) == {"2021001王芳", "李娜"}


@pytest.mark.parametrize("own", ["Version 1", "1_submissions", "Revision 1 - Late"])
def test_what_one_student_calls_a_folder_is_no_layout_of_the_class(own: str, tmp_path: Path) -> None:
    for name in ("ada", "alan", "grace"):
        tree(tmp_path / "submitted", f"{name}/a3/{STYLE}", f"{name}/a3/timestamp.txt")
    tree(tmp_path / "submitted", f"eve/a3/{own}/{STYLE}", f"eve/{own}/{STYLE}", "eve/a3/timestamp.txt")
    found = found_in(tmp_path / "submitted")
    assert [submission.assignment for submission in found][:2] == ["a3", "a3"]


@pytest.mark.parametrize("version", ["", "Version 1/"])
def test_of_teams_few_have_handed_in_again(version: str, tmp_path: Path) -> None:
    for name in ("ada", "grace", "emmy"):
        tree(tmp_path, f"Submitted files/{name}/A3/{STYLE}", f"Working files/{name}/A3/{STYLE}")
    tree(tmp_path, f"Submitted files/alan/A3/{version}{STYLE}")
    assert list(people(found_in(tmp_path))) == ["ada", "alan", "emmy", "grace"]
    tree(tmp_path, f"Submitted files/alan/A3/Version 2/{STYLE}")
    below = found_in(tmp_path / "Submitted files")
    assert list(people(below)) == ["ada", "alan", "emmy", "grace"]
    if version:
        assert [file.path.parent.name for file in below[1].files or ()] == ["Version 2"]


@pytest.mark.parametrize(
    ("files", "alike"),
    [
        (
            ["1_2021001_王芳_{}", "2_2021002_李娜_{}", "3_2021001_王芳_{}"],
            {"1_2021001_王芳", "3_2021001_王芳"},
        ),
        (
            ["Grace Hopper_{}", "Grace Hopper_StyleTransfer 1.ipynb", "Ada_{}"],
            {"Grace Hopper", "Grace Hopper 1"},
        ),
        (["student 1/{}", "student 2/{}", "student 3/{}"], set()),
        ([f"{name}_20260102/{{}}" for name in ("ada", "grace", "alan", "emmy")], set()),
    ],
)
def test_lines_that_may_be_one_persons_name_each_other(
    files: list[str], alike: set[str], tmp_path: Path
) -> None:
    found = found_in(tree(tmp_path, *(file.format(STYLE) for file in files)))
    assert len(found) == len(files)
    named = {one.student: note for one in found for note in one.notes if "are they one person?" in note}
    assert named.keys() == alike


def test_a_note_on_attempts_names_what_lies_in_none_by_its_file(tmp_path: Path) -> None:
    files = ("Submitted files/ada/A3/Version 2", "Working files/ada/A3", "Submitted files/eve/A3")
    tree(tmp_path, *(f"{folder}/{STYLE}" for folder in files))
    assert found_in(tmp_path)[0].notes == (f"graded is Version 2, not {STYLE}",)
