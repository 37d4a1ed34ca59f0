"""What was handed in is read as raw bytes: bounded, without links, and what is left out is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grading.submission import contents, listing, shares
from grading.submission.contents import contents_of
from grading.submission.handed_in import Contents, File, Submission
from grading.submission.listing import is_work
from grading.submission.readings import whole


def read(path: Path) -> Contents:
    return contents_of(Submission("ada", path))


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "Style.ipynb").write_bytes(b"{}")
    return folder


def test_files_come_by_their_path_in_the_submission(ada: Path) -> None:
    (ada / "more").mkdir()
    (ada / "more" / "work.zip").write_bytes(b"PK")
    (ada / "picture.png").write_bytes(b"x")
    assert read(ada) == Contents("ada", (("Style.ipynb", b"{}"), ("more/work.zip", b"PK")))
    assert read(ada / "Style.ipynb").files == (("Style.ipynb", b"{}"),)


def test_named_files_come_under_their_labels(ada: Path) -> None:
    handed_in = Submission("ada", ada, files=(File("Gram.ipynb", ada / "Style.ipynb"),), notes=("late",))
    assert contents_of(handed_in) == Contents("ada", (("Gram.ipynb", b"{}"),), ("late",))


def test_a_link_is_named_and_not_followed(ada: Path, tmp_path: Path) -> None:
    other = tmp_path / "grace"
    other.mkdir()
    (other / "Gram.ipynb").write_bytes(b"hers")
    (ada / "Gram.ipynb").symlink_to(other / "Gram.ipynb")
    (ada / "folder").symlink_to(other)
    found = read(ada)
    assert found.files == (("Style.ipynb", b"{}"),)
    assert found.notes == (
        "Gram.ipynb is a link, which is not followed: hand in the file itself",
        "folder is a link, which is not followed: hand in the file itself",
    )
    by_name = contents_of(Submission("ada", ada, files=(File("Gram.ipynb", ada / "Gram.ipynb"),)))
    assert by_name.files == ()
    assert by_name.notes[0].startswith("Gram.ipynb cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(ada: Path) -> None:
    os.mkfifo(ada / "Gram.ipynb")
    assert read(ada).notes == ("Gram.ipynb is no ordinary file: hand in the file itself",)


def test_what_is_too_large_is_left_out_and_named(ada: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "FILE_LIMIT", 3 << 20)
    monkeypatch.setattr(contents, "TOTAL_LIMIT", 4 << 20)
    (ada / "a.ipynb").write_bytes(bytes((3 << 20) + 1))
    (ada / "b.ipynb").write_bytes(bytes(3 << 20))
    (ada / "c.ipynb").write_bytes(bytes(2 << 20))
    found = read(ada)
    assert [label for label, _ in found.files] == ["Style.ipynb", "b.ipynb"]
    assert found.notes[0].startswith("a.ipynb has more than 3 MB and was not read: clear the outputs")
    assert found.notes[1].startswith("c.ipynb was not read: more than 4 MB were handed in")


def test_too_many_files_and_too_deep_folders_are_named(ada: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "ENTRIES_LIMIT", 2)
    monkeypatch.setattr(listing, "FOLDERS_DEEP", 1)
    (ada / "a" / "b").mkdir(parents=True)
    for name in ("x.py", "y.py", "z.py"):
        (ada / name).touch()
    assert read(ada).notes == (
        "x.py lies behind 2 others: hand in the file itself",
        "a lies behind 2 others: hand in the file itself",
    )
    monkeypatch.setattr(shares, "ENTRIES_LIMIT", 9)
    assert read(ada).notes == ("a/b lies more than 1 folders deep: hand in the file itself",)


@pytest.mark.parametrize("around", ["", "hw3/"])
def test_what_one_folder_holds_in_excess_takes_no_room_of_anothers(
    around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "SHARE_LIMIT", 20)
    names = (f"eve/{folder}/{number}.txt" for folder in range(5) for number in range(10))
    for name in ("ada/Style.ipynb", "eve/Style.ipynb", "zoe/a/Style.ipynb", *names):
        (tmp_path / around / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / around / name).touch()
    found = listing.walked(tmp_path)
    work = [file.label for file in found.files if file.label.endswith(".ipynb")]
    assert work == [f"{around}{name}/Style.ipynb" for name in ("ada", "eve", "zoe/a")]
    assert {out.label.removeprefix(around)[:4] for out in found.left_out} == {"eve/"}
    looked_into = {file.label.rpartition("/")[0] for file in found.files}
    left_out = {out.label for out in found.left_out}
    assert {f"{around}eve/{folder}" for folder in range(5)} <= looked_into | left_out


def test_where_room_ends_each_folder_that_was_not_looked_into_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "ENTRIES_LIMIT", 8)
    for name in ("ada", "eve", "zoe"):
        (tmp_path / name).mkdir()
        for number in range(4):
            (tmp_path / name / f"{number}.ipynb").touch()
    found = listing.walked(tmp_path)
    assert [out.label for out in found.left_out] == ["eve/1.ipynb", "ada"]


def test_so_many_links_are_named_and_the_others_counted(tmp_path: Path) -> None:
    (tmp_path / "Style.ipynb").touch()
    for number in range(50):
        (tmp_path / f"{number}").symlink_to("/nowhere")
    assert len(whole(listing.walked(tmp_path)).notes) == contents.NAMED + 1


def test_who_handed_in_nothing_to_grade_is_told_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    assert read(tmp_path).notes == (
        "report.pdf: neither a notebook nor a .py file nor an archive of them; hand in the notebooks",
    )
    assert read(tmp_path / "gone").notes == (
        "gone cannot be read (No such file or directory): hand it in again",
    )


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("Style.ipynb", True), ("STYLE.IPYNB", True), ("Style.ipynb.txt", True), ("Style.ipynb.json", True),
        ("Style.ipynb (1)", True),
        ("HW3.ZIP", True), ("hw.tar.gz", True), ("hw.rar", True), ("hw.7z", True), ("._Style.ipynb", False),
        ("notes.txt", False), ("picture.png", False),
    ],
)  # fmt: skip
def test_what_is_read_is_told_by_the_name(name: str, is_read: bool) -> None:
    assert is_work(name) == is_read


def test_who_handed_in_nothing_that_is_called_like_work_is_looked_into(tmp_path: Path) -> None:
    for name in ("Style.json", "Gram", "report.pdf", "a.png"):
        (tmp_path / name).write_bytes(name.encode())
    found = read(tmp_path)
    assert [label for label, _ in found.files] == ["Gram", "Style.json"]
    assert [note.split(":")[0] for note in found.notes] == ["a.png, report.pdf"]
    (tmp_path / "own.py").touch()
    assert [label for label, _ in read(tmp_path).files] == ["own.py"]


def test_what_a_platform_writes_beside_is_not_taken_for_a_students_notebook(tmp_path: Path) -> None:
    names = ("timestamp.txt", "comments.txt", "HW_3_ada_attempt_2026-01-02-03-04-05.txt")
    for name in names:
        (tmp_path / name).write_text("x")
    found = read(tmp_path)
    assert not found.files
    assert found.notes[0].endswith(
        "neither a notebook nor a .py file nor an archive of them; hand in the notebooks"
    )
