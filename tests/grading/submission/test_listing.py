"""Whatever members an archive has and however files are called: a label names no place, and no file is two people's."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission import ids
from grading.submission.discover import discover
from grading.submission.handed_in import File
from grading.submission.listing import (
    Listing,
    is_archive,
    is_notebook,
    is_script,
    is_work,
    stem,
    unpacked,
    walked,
)

PATTERNS = file_patterns()
CLASS = Path("class.zip")
PARTS = st.one_of(
    st.sampled_from(
        [
            "ada",
            "Ada",
            "grace",
            "..",
            ".",
            "",
            "C:",
            "cs231n",
            "assignment3",
            "submitted",
            "results",
            "__MACOSX",
            ".hid",
            "con",
            "Team 7",
            "Lovelace_Ada_ada_12",
            "submission_12",
            "Ada Lovelace_12_assignsubmission_file",
            "Hopper, Grace(grace)",
            "Submission attachment(s)",
            "12-7 - Ada Lovelace - Jan 5, 2026 1023 AM",
        ]
    ),
    st.text(max_size=6),
)
NAMES = st.sampled_from(
    [
        "StyleTransfer.ipynb",
        "StyleTransfer_ada.ipynb",
        "ada - NetworkVisualization.ipynb",
        "Copy of StyleTransfer.ipynb",
        "ada.zip",
        "ada.7z",
        "x.py",
        "report.pdf",
        "timestamp.txt",
        "submission_metadata.yml",
        "ada_12_901_StyleTransfer.ipynb",
        "ada_12_902_StyleTransfer-1.ipynb",
        "anon_aB3dE_903_x.ipynb",
        "HW_ada_attempt_2026-01-02-03-04-05_x.ipynb",
        "HW_ada_attempt_2026-01-03-03-04-05_x.ipynb",
        "Ada_1_assignsubmission_file_x.ipynb",
        "._x.ipynb",
    ]
)
LABELS = st.builds(
    lambda parts, name, slash: slash.join([*parts, name]),
    st.lists(PARTS, max_size=4),
    st.one_of(NAMES, PARTS),
    st.sampled_from(["/", "/", "\\", "//"]),
)


def members(labels: Sequence[str]) -> list[File]:
    return [File(label, Path(str(number))) for number, label in enumerate(labels)]


def is_place_below(label: str) -> bool:
    parts = label.split("/")
    plain = all(part not in ("", ".", "..") and "\\" not in part for part in parts)
    return plain and not re.match("[A-Za-z]:", label)


@given(st.lists(LABELS, max_size=12))
@example(["/NetworkVisualization.ipynb", "../../x.ipynb", "C:\\Users\\ada\\x.ipynb", "a\x1b[2J\u202e.ipynb"])
@example(["ada/x.ipynb", "ada/x.ipynb", "ada//x.ipynb", "ada/x (2).ipynb"])
def test_a_members_label_names_no_place_outside_and_is_one_members(labels: list[str]) -> None:
    listing = unpacked(CLASS, members(labels))
    assert all(is_place_below(file.label) for file in listing.files)
    assert not any(unicodedata.category(c) in ("Cc", "Zl") for file in listing.files for c in file.label)
    assert max(Counter(file.label for file in listing.files).values(), default=1) == 1
    assert [file.label for file in listing.files] == sorted(file.label for file in listing.files)


@settings(max_examples=200)
@given(st.lists(LABELS, min_size=1, max_size=12))
@example(["ada.zip", "ada.zip/StyleTransfer.ipynb", "grace/StyleTransfer.ipynb"])
def test_no_file_of_any_class_is_two_peoples_and_none_disappears(labels: list[str]) -> None:
    listing = unpacked(CLASS, members(labels))
    try:
        found = discover([CLASS_ON_DISK], PATTERNS, unpack=lambda _: members(labels))
    except SubmissionError:
        return
    if found.layout == "one student":
        assert [file.path.name for file in found[0].files] == [CLASS.name]
        return
    ids.checked([submission.student for submission in found])
    whose = Counter(file.path for submission in found if not submission.members for file in submission.files)
    assert max(whose.values(), default=1) == 1
    graded = {file.path for submission in found for file in submission.files}
    named = [out.label for out in found.left_out]
    notes = " ".join(note for submission in found for note in submission.notes)
    for file in listing.files:
        if is_work(file.label) and file.path not in graded:
            left_out = any(part in named for part in file.label.split("/"))
            assert left_out or file.label.rpartition("/")[2] in notes or "attempts" in notes, file.label


CLASS_ON_DISK = Path(__file__).parent / CLASS


@pytest.fixture(autouse=True, scope="module")
def _archive(tmp_path_factory: pytest.TempPathFactory) -> None:
    global CLASS_ON_DISK
    CLASS_ON_DISK = tmp_path_factory.mktemp("class") / CLASS
    CLASS_ON_DISK.write_bytes(b"its members are invented")


@pytest.mark.parametrize(
    ("name", "kind", "short"),
    [
        ("a.ipynb", is_notebook, "a"),
        ("A.Ipynb", is_notebook, "A"),
        ("a.ipynb.txt", is_notebook, "a"),
        ("a.ipynb.json", is_notebook, "a"),
        ("a.py", is_script, "a"),
        ("a.tar.gz", is_archive, "a"),
        ("HW3.ZIP", is_archive, "HW3"),
        ("a.b.7z", is_archive, "a.b"),
        ("a.zip.html", is_archive, "a"),
    ],
)
def test_what_a_file_is_is_told_by_its_name_also_where_a_browser_added_to_it(
    name: str, kind: object, short: str
) -> None:
    assert callable(kind)
    assert kind(name)
    assert stem(name) == short


def test_the_listing_of_a_folder_is_that_of_what_lies_below_it(tmp_path: Path) -> None:
    for name in (
        "ada/x.ipynb",
        "ada/a/y.ipynb",
        "ada-2/z.ipynb",
        "ada.zip",
        "ada/.DS_Store",
        "ada/.git/config",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    below = walked(tmp_path).below("ada")
    assert [file.label for file in below.files] == ["a/y.ipynb", "x.ipynb"]
    assert below.folders == ("a",)
    assert below.path == tmp_path / "ada"
    assert isinstance(below, Listing)


def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "a.ipynb").touch()
    listing = walked(tmp_path)
    assert [file.label for file in listing.files] == ["a.ipynb"]
    assert [(out.label, out.why) for out in listing.left_out] == [("pipe.ipynb", "is no ordinary file")]


def test_two_folders_whose_names_cannot_be_shown_stay_two(tmp_path: Path) -> None:
    for name in ("a\ufffdb", "a\tb", "a\u202eb"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Style.ipynb").write_text(name)
    found = discover([tmp_path], PATTERNS)
    texts = [[file.path.read_text() for file in one.files or ()] for one in found]
    assert sorted(texts) == sorted([[name] for name in ("a\ufffdb", "a\tb", "a\u202eb")])


def test_of_members_of_one_name_the_last_keeps_it_and_none_is_lost() -> None:
    members = [File("王芳.ipynb", Path(str(number))) for number in range(3)]
    files = unpacked(CLASS, members).files
    assert {file.label: file.path.name for file in files} == {
        "王芳.ipynb": "2",
        "王芳 (2).ipynb": "1",
        "王芳 (3).ipynb": "0",
    }
