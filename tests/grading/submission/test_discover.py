"""Claims about who handed in what: files, folders, zips and nbgrader's layout become submissions."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from grading.errors import SubmissionError
from grading.submission.discover import Submission, discover, files_of, read_bytes


def tree(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file)
    return root


def archive(path: Path, *members: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as opened:
        for member in members:
            opened.writestr(member, member)
    return path


def students(*paths: Path) -> list[str]:
    return [submission.student for submission in discover(paths)]


def labels(submission: Submission) -> list[str]:
    return [file.label for file in files_of(submission)]


def only(submissions: Iterable[Submission]) -> Submission:
    (one,) = submissions
    return one


@pytest.mark.parametrize("name", ["ada.ipynb", "ada.py"])
def test_a_lone_file_is_called_by_its_stem(tmp_path, name):
    submission = only(discover([tree(tmp_path, name) / name]))
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
    found = discover([tmp_path / "submitted"])
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
    submission = only(discover([archive(tmp_path / "ada.zip", *members)]))
    assert submission.student == "ada"
    assert labels(submission) == sorted(members)


@pytest.mark.parametrize("root", ["", "class/", "class/submitted/"])
def test_the_zip_of_a_class_has_a_submission_for_each_folder(tmp_path, root):
    path = archive(
        tmp_path / "class.zip",
        f"{root}ada/assignment3/StyleTransfer.ipynb",
        f"{root}grace/StyleTransfer.ipynb",
        f"__MACOSX/{root}grace/._StyleTransfer.ipynb",
    )
    found = discover([path])
    assert [submission.student for submission in found] == ["ada", "grace"]
    assert [labels(submission) for submission in found] == [
        ["assignment3/StyleTransfer.ipynb"],
        ["StyleTransfer.ipynb"],
    ]
    assert read_bytes(files_of(found[1])[0]) == f"{root}grace/StyleTransfer.ipynb".encode()


def test_a_folder_of_zips_is_a_class(tmp_path):
    archive(tmp_path / "ada.zip", "Style.ipynb")
    archive(tmp_path / "grace.zip", "grace/Style.ipynb")
    assert students(tmp_path) == ["ada", "grace"]


def test_a_zip_in_a_students_folder_is_opened(tmp_path):
    archive(tmp_path / "ada" / "assignment3" / "work.zip", "StyleTransfer.ipynb")
    tree(tmp_path, "grace/StyleTransfer.ipynb")
    found = discover([tmp_path])
    assert [labels(s) for s in found] == [
        ["assignment3/work.zip/StyleTransfer.ipynb"],
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
    assert labels(only(discover([tmp_path / "ada"]))) == ["StyleTransfer.ipynb"]


def test_links_are_not_followed(tmp_path):
    tree(tmp_path, "elsewhere/secret.py", "ada/StyleTransfer.ipynb")
    (tmp_path / "ada" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "ada" / "secret.py").symlink_to(tmp_path / "elsewhere" / "secret.py")
    assert labels(only(discover([tmp_path / "ada"]))) == ["StyleTransfer.ipynb"]


def test_two_students_of_one_name_are_an_error_that_names_both(tmp_path):
    archive(tmp_path / "one.zip", "ada/a.ipynb", "grace/a.ipynb")
    tree(tmp_path, "two/ada/Style.ipynb", "two/alan/Style.ipynb")
    with pytest.raises(SubmissionError, match=r"'ada': .*one\.zip/ada and .*two/ada"):
        discover([tmp_path / "one.zip", tmp_path / "two"])


@pytest.mark.parametrize(
    ("name", "says"), [("gone", "does not exist"), ("essay.pdf", r"no notebook, \.py or \.zip")]
)
def test_a_path_that_is_no_submission_is_told_so(tmp_path, name, says):
    tree(tmp_path, "essay.pdf")
    with pytest.raises(SubmissionError, match=says):
        discover([tmp_path / name])


def test_a_folder_without_work_is_told_so(tmp_path):
    with pytest.raises(SubmissionError, match="nothing to grade"):
        discover([tmp_path])


def test_a_broken_zip_costs_its_owner_only(tmp_path):
    archive(tmp_path / "ada.zip", "Style.ipynb")
    (tmp_path / "grace.zip").write_bytes(b"PK but no zip")
    found = discover([tmp_path])
    assert [s.student for s in found] == ["ada", "grace"]
    with pytest.raises(SubmissionError, match="cannot be opened as a zip"):
        files_of(found[1])
