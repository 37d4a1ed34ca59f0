"""Claims about who handed in what: files, folders, zips and nbgrader's layout become submissions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from grading.errors import SubmissionError
from grading.submission.contents import files_of
from grading.submission.discover import discover
from grading.submission.handed_in import Submission

from .class_folders import archive, found_in, students, tree

STYLE = "StyleTransfer.ipynb"


def labels(submission: Submission) -> list[str]:
    return [file.label for file in files_of(submission)]


def only(submissions: Iterable[Submission]) -> Submission:
    (one,) = submissions
    return one


@pytest.mark.parametrize("name", ["ada.ipynb", "ada.py"])
def test_a_lone_file_is_called_by_its_stem(tmp_path, name):
    submission = only(found_in(tree(tmp_path, name) / name))
    assert submission.student == "ada"
    assert labels(submission) == [name]


def test_a_folder_of_folders_is_a_class(tmp_path):
    tree(tmp_path, "ada/NetworkVisualization.ipynb", "grace/StyleTransfer.ipynb", "alan/assignment3/Q3.ipynb")
    assert students(tmp_path) == ["ada", "alan", "grace"]


@pytest.mark.parametrize(
    "files",
    [
        ("NetworkVisualization.ipynb", "StyleTransfer.ipynb"),
        ("Network_Visualization.ipynb", "cs231n/net_visualization_pytorch.py"),
        ("network_visualization.py", "style_transfer.py"),
        ("assignment3/StyleTransfer.ipynb", "assignment1/knn.ipynb", "setup.py"),
        ("NetworkVisualization/work.ipynb", "StyleTransfer/work.ipynb"),
        ("spring2017/assignment3/StyleTransfer-PyTorch.ipynb",),
    ],
)
def test_the_folder_of_one_student_is_one_submission(tmp_path, files):
    assert students(tree(tmp_path / "ada", *files)) == ["ada"]


def test_folders_named_after_assignment_and_student_are_a_class(tmp_path):
    tree(tmp_path, "style-transfer-ada/StyleTransfer.ipynb", "style-transfer-grace/StyleTransfer.ipynb")
    assert students(tmp_path) == ["style-transfer-ada", "style-transfer-grace"]


def test_in_the_layout_of_nbgrader_the_folder_above_the_assignment_is_the_student(tmp_path):
    tree(tmp_path, "submitted/ada/assignment3/Style.ipynb", "submitted/grace/assignment3/Style.ipynb")
    found = found_in(tmp_path / "submitted")
    assert [(s.student, s.assignment) for s in found] == [("ada", "assignment3"), ("grace", "assignment3")]


@pytest.mark.parametrize(
    "members",
    [
        ("NetworkVisualization.ipynb", "StyleTransfer.ipynb"),
        ("assignment3/StyleTransfer.ipynb", "assignment3/cs231n/style_transfer_pytorch.py"),
        ("whatever/StyleTransfer.ipynb",),
        ("CS231n-master/assignment2/a.ipynb", "CS231n-master/assignment3/StyleTransfer.ipynb"),
        ("Solution.ipynb",),
    ],
)
def test_the_zip_of_one_student_is_called_by_its_stem(tmp_path, members):
    submission = only(found_in(archive(tmp_path / "ada.zip", *members)))
    assert submission.student == "ada"
    assert labels(submission) == ["ada.zip"]


@pytest.mark.parametrize("root", ["", "class/", "class/submitted/"])
def test_the_zip_of_a_class_has_a_submission_for_each_folder(tmp_path, root):
    path = archive(
        tmp_path / "class.zip",
        f"{root}ada/assignment3/StyleTransfer.ipynb",
        f"{root}grace/StyleTransfer.ipynb",
        f"__MACOSX/{root}grace/._StyleTransfer.ipynb",
    )
    found = found_in(path)
    assert [submission.student for submission in found] == ["ada", "grace"]
    assert [labels(submission) for submission in found] == [
        ["assignment3/StyleTransfer.ipynb"],
        ["StyleTransfer.ipynb"],
    ]
    assert files_of(found[1])[0].path.read_text() == f"{root}grace/StyleTransfer.ipynb"


def test_who_handed_in_no_code_in_the_zip_of_a_class_is_a_student_all_the_same(tmp_path):
    """Also in a zip, where a folder may have no entry of its own; `results` is nobody's."""
    path = archive(
        tmp_path / "class.zip",
        "class/ada/StyleTransfer.ipynb",
        "class/grace/StyleTransfer.ipynb",
        "class/alan/report.pdf",
        "class/emmy/",
        "class/results/ada.json",
        "__MACOSX/class/kurt/._a",
    )
    found = found_in(path)
    assert [(s.student, labels(s)) for s in found] == [
        ("ada", ["StyleTransfer.ipynb"]),
        ("alan", ["report.pdf"]),
        ("emmy", []),
        ("grace", ["StyleTransfer.ipynb"]),
    ]
    assert [out.label for out in found.left_out] == ["results"]


def test_a_zip_in_the_zip_of_a_class_is_its_owners(tmp_path):
    path = archive(tmp_path / "class.zip", "ada/work.zip", "grace/StyleTransfer.ipynb")
    found = found_in(path)
    assert [(s.student, labels(s)) for s in found] == [
        ("ada", ["work.zip"]),
        ("grace", ["StyleTransfer.ipynb"]),
    ]


def test_a_folder_of_zips_is_a_class(tmp_path):
    archive(tmp_path / "ada.zip", "Style.ipynb")
    archive(tmp_path / "grace.zip", "grace/Style.ipynb")
    assert students(tmp_path) == ["ada", "grace"]


def test_a_zip_in_a_students_folder_is_the_students(tmp_path):
    archive(tmp_path / "ada" / "assignment3" / "work.zip", "StyleTransfer.ipynb")
    tree(tmp_path, "grace/StyleTransfer.ipynb")
    found = found_in(tmp_path)
    assert [labels(s) for s in found] == [
        ["assignment3/work.zip"],
        ["StyleTransfer.ipynb"],
    ]


def test_what_tools_leave_is_no_work(tmp_path):
    tree(
        tmp_path / "ada",
        "StyleTransfer.ipynb",
        "._StyleTransfer.ipynb",
        ".ipynb_checkpoints/StyleTransfer-checkpoint.ipynb",
        "__MACOSX/StyleTransfer.ipynb",
        "__pycache__/x.py",
    )
    assert labels(only(found_in(tmp_path / "ada"))) == ["StyleTransfer.ipynb"]


def test_links_are_not_followed(tmp_path):
    tree(tmp_path, "elsewhere/secret.py", "ada/StyleTransfer.ipynb")
    (tmp_path / "ada" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "ada" / "secret.py").symlink_to(tmp_path / "elsewhere" / "secret.py")
    found = only(found_in(tmp_path / "ada"))
    assert labels(found) == ["StyleTransfer.ipynb"]
    assert found.notes == (
        "more is a link, which is not followed",
        "secret.py is a link, which is not followed",
    )


def test_two_students_of_one_name_are_an_error_that_names_both(tmp_path):
    tree(
        tmp_path,
        "one/ada/Style.ipynb",
        "one/alan/Style.ipynb",
        "two/Ada/Style.ipynb",
        "two/grace/Style.ipynb",
    )
    with pytest.raises(SubmissionError, match=r"'ada' and 'Ada': .*one/ada and .*two/Ada"):
        found_in(tmp_path / "one", tmp_path / "two")


@pytest.mark.parametrize(
    ("name", "says"),
    [("gone", "does not exist"), ("essay.pdf", "is neither a notebook nor a script nor an archive")],
)
def test_a_path_that_is_no_submission_is_told_so(tmp_path, name, says):
    tree(tmp_path, "essay.pdf")
    with pytest.raises(SubmissionError, match=says):
        found_in(tmp_path / name)


def test_a_folder_without_work_is_told_so(tmp_path):
    with pytest.raises(SubmissionError, match="nothing to grade"):
        found_in(tmp_path)


def test_scripts_of_nobody_are_not_taken_for_students(tmp_path):
    tmp_path = tmp_path / "class" / "scripts"
    tree(tmp_path, "ada.py", "grace.py")
    with pytest.raises(
        SubmissionError,
        match=r"which students wrote them: .* name the scripts \(.*\*\.py\) or say --class; .* --one-student",
    ):
        found_in(tmp_path)
    assert students(tmp_path / "ada.py", tmp_path / "grace.py") == ["ada", "grace"]
    assert students(tmp_path, is_class=True) == ["ada", "grace"]
    assert students(tmp_path, one_student=True) == ["scripts"]
    assert students(tmp_path.parent) == [tmp_path.name]


def test_a_broken_zip_costs_its_owner_only(tmp_path):
    archive(tmp_path / "ada.zip", "Style.ipynb")
    (tmp_path / "grace.zip").write_bytes(b"PK but no zip")
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "grace"]
    assert labels(found[1]) == ["grace.zip"]


STYLE, VISUAL = "StyleTransfer.ipynb", "NetworkVisualization.ipynb"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ((f"cls/ada/{STYLE}", f"cls/grace/{STYLE}"), "cls"),
        ((f"cls/ada/{STYLE}", "cls/grace/Style_Transfer_PyTorch.ipynb", "cls/alan/notes.txt"), "cls"),
        ((f"cls/ada/assignment3/{VISUAL}", f"cls/grace/assignment3/{VISUAL}"), "cls"),
        ((f"hw3/ada/{STYLE}", f"hw3/grace/{STYLE}"), "hw3"),
        ((f"cls/hw3/ada/{STYLE}", f"cls/hw3/grace/{STYLE}", "cls/hw3/rename.py"), "cls/hw3"),
        ((f"2023/ada/{STYLE}", f"2023/grace/{STYLE}", f"2024/alan/{STYLE}", f"2024/kurt/{STYLE}"), "2023"),
    ],
)
def test_a_class_that_would_be_graded_as_one_student_is_told_by_its_name(tmp_path, files, named):
    tree(tmp_path, *files)
    with pytest.raises(SubmissionError, match=f"{tmp_path / named} looks like a class, not a student: name "):
        found_in(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        (f"assignment1/{STYLE}", f"assignment2/{STYLE}", f"assignment3/{STYLE}"),
        (f"repo/old/{STYLE}", f"repo/assignment3/{STYLE}"),
        (f"work/{STYLE}", f"work_backup/{STYLE}", f"work (1)/{STYLE}"),
        (STYLE, f"ada/{STYLE}", f"grace/{STYLE}"),
        (f"hw3/{STYLE}", f"hw3/ada/{STYLE}", f"hw3/grace/{STYLE}"),
        (f"style/{STYLE}", f"saliency/{VISUAL}"),
        (f"PyTorch/{STYLE}", f"TensorFlow/{STYLE}", f"final_version_2/{STYLE}"),
        ("hw3/cs231n/x.py", f"hw3/me/{STYLE}", f"hw3/partner/{STYLE}"),
        (f"cs231n-2017/{STYLE}", f"cs231n-2018/{STYLE}", f"EECS498/{STYLE}"),
        (f".cache/{STYLE}", f"work/{STYLE}"),
    ],
)
def test_copies_in_one_students_folder_are_no_class(tmp_path, files):
    tree(tmp_path / "ada", *files)
    tree(tmp_path, f"grace/{STYLE}")
    found = found_in(tmp_path)
    assert [(s.student, s.notes) for s in found] == [("ada", ()), ("grace", ())]


def test_one_odd_student_does_not_stop_a_class_but_gets_a_note(tmp_path):
    tree(tmp_path, f"ada/foo/{STYLE}", f"ada/bar/{STYLE}", f"grace/{STYLE}", f"alan/{STYLE}")
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "alan", "grace"]
    assert [s.notes for s in found[1:]] == [(), ()]
    assert found[0].notes == (
        "ada holds the same notebook in several folders (bar, foo), and all is taken for one student's",
    )


def test_what_a_student_calls_folders_never_stops_a_class_nor_makes_others(tmp_path):
    tree(tmp_path, *(f"mine/{name}/{STYLE}" for name in ("ada", "grace", "alan", "kurt", "emmy")))
    tree(tmp_path, f"ada/{STYLE}", f"grace/{STYLE}")
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "grace", "mine"]
    assert [bool(s.notes) for s in found] == [False, False, True]
    assert len(labels(found[2])) == 5


def test_folders_without_work_do_not_hide_a_class(tmp_path):
    tree(tmp_path, f"cls/20231234/{STYLE}", f"cls/20231235/{STYLE}", "slides/a.pdf", "papers/b.pdf")
    with pytest.raises(SubmissionError, match="cls looks like a class"):
        found_in(tmp_path)


def test_a_class_of_nbgraders_layout_with_two_assignments_is_no_class_of_classes(tmp_path):
    for student in ("ada", "grace"):
        tree(tmp_path, f"{student}/knn/knn.ipynb", f"{student}/pictures/{STYLE}")
    assert students(tmp_path) == ["ada", "grace"]


@pytest.mark.parametrize("files", [(), ("notes.txt",), ("report.pdf", "assignment3/notes.txt")])
def test_who_handed_in_nothing_to_grade_is_a_student_all_the_same(tmp_path, files):
    tree(tmp_path, f"grace/{STYLE}")
    (tmp_path / "ada").mkdir()
    tree(tmp_path / "ada", *files)
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "grace"]
    assert labels(found[0]) == sorted(files)


def test_an_empty_assignment_in_nbgraders_layout_is_its_students(tmp_path):
    tree(tmp_path, f"grace/assignment3/{STYLE}")
    (tmp_path / "ada" / "assignment3").mkdir(parents=True)
    assert [(s.student, s.assignment) for s in found_in(tmp_path)] == [
        ("ada", "assignment3"),
        ("grace", "assignment3"),
    ]


@pytest.mark.parametrize(
    "file",
    [
        "graded/results/ada.json",
        "graded/report/ada.html",
        "monday/grades.csv",
        "monday/run.json",
        "stopped/results/ada.json",
        "results/ada.json",
        "pictures/ada/tv_loss.npz",
        "report/index.html",
        ".cache/notes.txt",
        "__pycache__/x.pyc",
        "__MACOSX/._ada",
        "datasets/cat.jpg",
    ],
)
def test_a_folder_that_is_nobodys_is_no_student(tmp_path, file):
    tree(tmp_path, f"ada/{STYLE}", file)
    assert students(tmp_path) == ["ada"]


def test_a_folder_beside_flat_notebooks_or_zips_is_no_student(tmp_path):
    tree(tmp_path, "ada.ipynb", "grace.ipynb", "lists/names.txt")
    archive(tmp_path / "alan.zip", STYLE)
    assert students(tmp_path) == ["ada", "alan", "grace"]


def test_the_examples_are_a_class(examples: Path) -> None:
    assert students(examples) == sorted(path.parent.name for path in examples.glob("*/StyleTransfer.ipynb"))
    assert len(students(examples)) == 30


@pytest.mark.parametrize("hidden", ["alan", "alan/work"])
def test_a_folder_that_may_not_be_read_is_a_students_and_costs_nobody_else(
    hidden: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "ada/Style.ipynb", "alan/work/Style.ipynb", "alan/more.txt", "grace/Style.ipynb")
    scandir = os.scandir

    def forbidden(path: str) -> object:
        if Path(path) == tmp_path / hidden:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    found = found_in(tmp_path)
    assert [s.student for s in found] == ["ada", "alan", "grace"]
    assert labels(found[0]) == ["Style.ipynb"]
    if hidden == "alan/work":
        assert found[1].notes == ("work cannot be read (Permission denied): hand it in again",)


def test_what_is_asked_is_called_tells_one_student_from_a_class(tmp_path):
    folder = tree(tmp_path / "ada", "softmax.ipynb", "scratch.ipynb")
    assert [s.student for s in discover([folder], [re.compile("softmax")])] == ["ada"]
    assert [s.student for s in discover([folder], [re.compile("pooling")])] == ["scratch", "softmax"]


@pytest.mark.parametrize("in_a_folder", [True, False])
@pytest.mark.parametrize("beside", ["", "edsger.zip"])
def test_the_downloads_of_two_sections_are_one_class_but_beside_a_students_archive(
    in_a_folder, beside, tmp_path
):
    paths = [
        archive(tmp_path / "all/submissions.zip", f"ada_11_101_{STYLE}", f"grace_12_102_{STYLE}"),
        archive(tmp_path / "all/submissions (1).zip", f"alan_13_103_{STYLE}", f"emmy_14_104_{STYLE}"),
    ]
    if beside:
        paths.append(archive(tmp_path / "all" / beside, STYLE))
    expected = ["edsger", "submissions", "submissions (1)"]
    if not beside:
        expected = ["ada_11", "alan_13", "emmy_14", "grace_12"]
    assert students(*([tmp_path / "all"] if in_a_folder else paths)) == expected


@pytest.mark.parametrize("packed", [False, True])
def test_who_handed_in_only_what_jupyter_keeps_for_itself_is_told_so(packed, tmp_path):
    files = [
        f"ada/.ipynb_checkpoints/{STYLE.replace('.', '-checkpoint.')}",
        f"grace/{STYLE}",
        f"grace/.ipynb_checkpoints/{STYLE.replace('.', '-checkpoint.')}",
        f"alan/{STYLE}",
    ]
    path = archive(tmp_path / "all.zip", *files) if packed else tree(tmp_path / "all", *files)
    ada, alan, grace = sorted(found_in(path), key=lambda submission: submission.student)
    assert not ada.files
    assert "is a copy that Jupyter keeps for itself, and there is no notebook beside it" in ada.notes[0]
    assert not alan.notes
    assert not grace.notes


def test_the_downloads_of_sections_may_lie_in_a_folder_each(tmp_path):
    archive(tmp_path / "One/submissions.zip", f"ada_11_101_{STYLE}", f"grace_12_102_{STYLE}")
    archive(tmp_path / "Two/submissions.zip", f"alan_13_103_{STYLE}", f"emmy_14_104_{STYLE}")
    assert students(tmp_path) == ["ada_11", "alan_13", "emmy_14", "grace_12"]


@pytest.mark.parametrize(
    "files",
    [
        (f"ada_11_101_{STYLE}", f"grace_12_102_{STYLE}"),
        (f"ada_11_assignsubmission_file/{STYLE}", f"grace_12_assignsubmission_file/{STYLE}"),
        (f"ada/{STYLE}", f"grace/{STYLE}"),
    ],
)
def test_a_classs_archive_beside_the_folder_it_was_unpacked_to_is_left_out(files, tmp_path):
    archive(tmp_path / "in/all.zip", *files)
    tree(tmp_path / "in/all", *files)
    found = found_in(tmp_path / "in")
    assert [submission.student[:3] for submission in found] == ["ada", "gra"]
    assert [(out.label, "lies beside the folder of its name" in out.why) for out in found.left_out] == [
        ("all.zip", True)
    ]


def test_an_archive_beside_the_folder_of_its_name_is_the_same_persons(tmp_path):
    for name in ("ada", "grace"):
        archive(tmp_path / f"class/{name}.zip", STYLE)
        tree(tmp_path / "class", f"{name}/{STYLE}")
    archive(tmp_path / "class/alan.zip", STYLE)
    found = found_in(tmp_path / "class")
    assert [submission.student for submission in found] == ["ada", "alan", "grace"]
    assert labels(found[0]) == [STYLE, "ada.zip"]
    tree(tmp_path / "hw", f"work/{STYLE}")
    archive(tmp_path / "hw/work.zip", STYLE)
    assert students(tmp_path / "hw") == ["work"]


@pytest.mark.parametrize(("later", "is_noted"), [(3600, True), (10, False), (-3600, False)])
def test_a_copy_of_jupyters_that_is_newer_than_its_notebook_has_a_note(later, is_noted, tmp_path):
    copy = f"ada/.ipynb_checkpoints/{STYLE.replace('.', '-checkpoint.')}"
    tree(tmp_path, f"ada/{STYLE}", copy, f"grace/{STYLE}")
    os.utime(tmp_path / "ada" / STYLE, (1_700_000_000, 1_700_000_000))
    os.utime(tmp_path / copy, (1_700_000_000 + later, 1_700_000_000 + later))
    ada, _ = found_in(tmp_path)
    assert [file.label for file in ada.files] == [STYLE]
    assert bool(ada.notes) == is_noted
