"""Archives of all kinds are opened, by what they hold; what cannot be opened is named, with a remedy."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from grading.submission import archives, formats
from grading.submission.archives import opened, safe_parts
from grading.submission.handed_in import Contents
from grading.submission.reader import read
from grading.submission.selection import sentence_of
from grading.verdict.questions import questions_of

from .archive_making import BY_LIBARCHIVE, KINDS, notebook, rarred, tarred, zipped

QUESTIONS = questions_of("assignment3")
WORK = notebook("def tv_loss(img, tv_weight):\n    return 0\n")
MEMBERS = (("hw/Style.ipynb", WORK), ("hw/notes.md", b"nothing"), ("hw/own.py", b"k = 1\n"))
FILES = {"hw/Style.ipynb": WORK, "hw/own.py": b"k = 1\n"}


def open_up(
    raw: bytes, label: str = "work.zip", *more: tuple[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    found = opened(Contents("ada", ((label, raw), *more)))
    return dict(found.files), list(found.notes)


@pytest.mark.parametrize("called", ["work", "work.zip", "Style.ipynb"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_opened_whatever_it_is_called(kind: str, called: str) -> None:
    if kind in BY_LIBARCHIVE:
        pytest.importorskip("libarchive")
    assert open_up(KINDS[kind](*MEMBERS), called) == (FILES, [])


@pytest.mark.parametrize("kind", BY_LIBARCHIVE)
def test_without_libarchive_the_file_is_named_and_what_to_do(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "_libarchive", lambda: None)
    head = rarred() if kind == "rar" else b"7z\xbc\xaf\x27\x1c" + bytes(300)
    files, (note,) = open_up(head, f"work.{kind}")
    assert not files
    assert note.startswith(f"work.{kind} is a .{kind} archive, which cannot be opened here: hand in a .zip")


def test_a_compressed_notebook_is_opened() -> None:
    import gzip

    assert open_up(gzip.compress(WORK), "Style.ipynb.gz") == ({"Style.ipynb": WORK}, [])


def test_beside_other_files_the_archive_stands_in_the_labels() -> None:
    files, _ = open_up(zipped(*MEMBERS), "work.zip", ("Gram.ipynb", WORK))
    assert list(files) == ["work.zip/hw/Style.ipynb", "work.zip/hw/own.py", "Gram.ipynb"]


def test_an_archive_in_an_archive_is_opened_three_deep() -> None:
    raw = zipped(("c.zip", zipped(("Style.ipynb", WORK))))
    assert list(open_up(zipped(("b.zip", raw)))[0]) == ["b.zip/c.zip/Style.ipynb"]
    files, notes = open_up(zipped(("a.zip", zipped(("b.zip", raw)))))
    assert not files
    assert notes[0].startswith("a.zip/b.zip/c.zip is an archive in an archive in an archive")


def test_names_cannot_leave_the_archive() -> None:
    names = (
        "/Style.ipynb",
        "../../a.py",
        "..\\..\\b.py",
        "C:\\c.py",
        "d/./../e.py",
        "\x1b]0;x\x07/f\u202eg.py",
    )
    files, notes = open_up(zipped(*((name, b"k = 1\n") for name in names)))
    assert list(files) == ["Style.ipynb", "a.py", "b.py", "c.py", "d/e.py", "_]0;x_/f_g.py"]
    assert not notes
    assert safe_parts("../") == safe_parts("/") == safe_parts("") == ()


def test_names_in_the_codes_of_other_systems_are_read() -> None:
    raw = zipped(("XXXX/Style.ipynb", WORK)).replace(b"XXXX", "作业".encode("gbk"))
    assert list(open_up(raw)[0]) == ["作业/Style.ipynb"]
    assert list(open_up(tarred(("é/Style.ipynb", WORK)))[0]) == ["é/Style.ipynb"]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gbk", ("联通", "王芳", "作业")),  # the first alone is UTF-8, too
        ("gb18030", ("王玥", "㛃儿", "李娜")),
        ("utf-8", ("联通", "José", "王芳")),
        ("cp437", ("Andréa", "Núñez", "Müller", "José_1")),  # all but the last are GBK, too
    ],
)
def test_the_names_of_an_archive_are_all_in_one_code(encoding: str, names: tuple[str, ...]) -> None:
    raw = zipped(
        *((f"{number}{'X' * len(name.encode(encoding))}.py", WORK) for number, name in enumerate(names))
    )
    for number, name in enumerate(names):
        written = name.encode(encoding)
        raw = raw.replace(b"%d%s.py" % (number, b"X" * len(written)), b"%d%s.py" % (number, written))
    found = opened(Contents("ada", (("class.zip", raw),)))
    assert [label for label, _ in found.files] == [f"{number}{name}.py" for number, name in enumerate(names)]


def test_an_encrypted_archive_is_named() -> None:
    raw = bytearray(zipped(*MEMBERS))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        here = raw.find(signature)
        raw[here + offset] |= 1
    files, notes = open_up(bytes(raw))
    assert (files, notes) == ({}, ["work.zip is encrypted: pack it again without a password"])


def test_bytes_that_do_not_unpack_cost_their_file_alone() -> None:
    raw = zipped(("hw/Style.ipynb", WORK), ("hw/own.py", b"k = 1\n"))
    size, name = struct.unpack("<I", raw[18:22])[0], len("hw/Style.ipynb")
    spoilt = raw[: 30 + name] + b"\xff" * size + raw[30 + name + size :]
    files, (note,) = open_up(spoilt)
    assert list(files) == ["hw/own.py"]
    assert note.startswith("hw/Style.ipynb is damaged in its archive (")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in BY_LIBARCHIVE])
def test_half_an_archive_is_named(kind: str) -> None:
    raw = KINDS[kind](("Style.ipynb", notebook(*map(str, range(4000)))))
    files, notes = open_up(raw[: len(raw) // 2], f"work.{kind}")
    assert not files
    assert notes
    assert all("hand it in again" in note or "pack it again" in note for note in notes)


def test_what_is_no_archive_is_named() -> None:
    files, notes = open_up(b"<!DOCTYPE html>", "work.zip")
    assert (files, notes) == ({}, ["work.zip is no archive, whatever its name says: hand in the notebooks"])
    assert open_up(zipped(("a.png", b"x")))[1] == [
        "work.zip holds no notebook and no .py file: hand in the notebooks"
    ]


def test_of_two_members_with_one_name_the_last_is_graded_and_that_is_said() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw = zipped(("Style.ipynb", b"first"), ("Style.ipynb", b"last"))
    assert open_up(raw) == (
        {"Style.ipynb": b"last"},
        ["Style.ipynb was handed in twice under one name: the last was graded"],
    )


def test_a_link_in_an_archive_is_named_and_left_out() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        link = zipfile.ZipInfo("Style.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert open_up(whole.getvalue()) == (
        {},
        ["Style.ipynb is a link, which is not followed: hand in the file itself"],
    )


def test_a_bomb_is_stopped_where_it_grows_and_named() -> None:
    bomb = zipped(("a/Style.ipynb", bytes(60 << 20)), ("b.py", b"k = 1\n"))
    assert len(bomb) < 100_000
    files, (note,) = open_up(bomb)
    assert list(files) == ["b.py"]
    assert note.startswith("a/Style.ipynb was not unpacked, for it is too large")


def test_so_is_one_of_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MEMBERS_LIMIT", 10)
    files, (note,) = open_up(zipped(*((f"{number}.py", b"") for number in range(11))))
    assert len(files) == 10
    assert note.startswith("work.zip holds more than 10 files")


def test_the_programs_that_libarchive_would_start_are_not_asked_for() -> None:
    """Its formats and filters that open further files or run programs: mtree, lrzip, grzip, lzop."""
    for raw in (b"#mtree\n./Style.ipynb type=file contents=/etc/passwd\n", b"LRZI\0\x06" + bytes(40)):
        assert formats.format_of(raw) == ""


@pytest.mark.parametrize("called", ["Style", "Style.json", "Style.txt", "Style.ipnyb"])
def test_without_a_file_that_is_called_like_work_what_is_in_others_decides(called: str) -> None:
    assert open_up(zipped((f"hw/{called}", WORK), ("hw/a.md", b"x"))) == ({f"hw/{called}": WORK}, [])
    assert open_up(zipped((called, WORK), ("hw/own.py", b"k = 1")))[0] == {"hw/own.py": b"k = 1"}
    assert open_up(zipped(("inner", zipped(("Style.ipynb", WORK)))))[0] == {"inner/Style.ipynb": WORK}


@pytest.mark.parametrize("called", ["hw.z01", "hw.zip.001", "hw.part2.rar", "hw.r00", "hw.7z.002"])
def test_a_part_of_an_archive_is_named_as_that(called: str) -> None:
    assert open_up(b"Rar!\x1a\x07\x01\x00", called)[1] == [
        f"{called} is one part of an archive that was split: pack it again in one piece, or hand in the notebooks"
    ]


def test_an_empty_archive_is_named_as_that() -> None:
    assert open_up(b"")[1] == ["work.zip is empty: pack it again, or hand in the notebooks"]


def test_a_damaged_archive_has_the_same_note_each_time() -> None:
    pytest.importorskip("libarchive")
    (note,) = open_up(b"7z\xbc\xaf\x27\x1c" + b"x" * 4, "hw.7z")[1]
    assert "archive_p" not in note


def test_a_member_without_a_name_and_one_that_is_too_large_to_look_into_cost_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert open_up(zipped(("", b"x"), ("Style.ipynb", WORK))) == ({"Style.ipynb": WORK}, [])
    monkeypatch.setattr(archives, "UNSURE_LIMIT", 10)
    assert open_up(zipped(("data", bytes(100)))) == (
        {},
        ["work.zip holds no notebook and no .py file: hand in the notebooks"],
    )


def test_of_what_is_not_called_like_work_so_much_is_unpacked_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    monkeypatch.setattr(archives, "_within_bounds", lambda member: read.append(member.name))
    open_up(zipped(*((f"data{number}", b"x") for number in range(50))))
    assert len(read) == archives.BY_CONTENT


@pytest.mark.parametrize(
    ("members", "says"),
    [
        (
            ("2021001-王芳/Style Transfer.ipynb", "2021002-李娜/Style Transfer.ipynb"),
            "2021001-王芳, 2021002-李娜",
        ),
        (("1班/ada.zip/StyleTransfer.ipynb", "1班/eve.zip/StyleTransfer.ipynb"), "ada.zip, eve.zip"),
        (("StyleTransfer.ipynb", "old/StyleTransfer.ipynb"), ""),
        (("final/StyleTransfer.ipynb", "old/StyleTransfer.ipynb"), ""),
    ],
)
@pytest.mark.parametrize("beside", [(), (("other.zip", zipped(("Gram.ipynb", WORK))),)])
def test_an_archive_of_a_student_that_looks_like_a_class_has_a_note(
    members: tuple[str, ...], says: str, beside: tuple[tuple[str, bytes], ...]
) -> None:
    found = read(
        Contents("1班", (("1班.zip", zipped(*((name, WORK) for name in members))), *beside)), QUESTIONS
    )
    notes = [str(sentence_of(note)) for note in found.notes]
    odd = [note for note in notes if "holds the same notebook in several folders" in note]
    assert len(odd) == bool(says)
    assert all(f"({says})" in note for note in odd)
