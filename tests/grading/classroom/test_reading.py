"""Whatever the reader does, or an archive makes it do, costs that submission alone, with a sentence."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.assignments.registry import notebooks
from grading.classroom import reading, spool
from grading.classroom.reading import selection_of
from grading.classroom.spool import unpacked
from grading.errors import SubmissionError
from grading.locations import KIT
from grading.sandbox import ChildEndedError, Ended, Sandbox
from grading.sandbox.readable import KIT_INSIDE
from grading.submission.contents import contents_of
from grading.submission.handed_in import Contents, Submission
from grading.submission.reader import read
from grading.submission.selection import encoded, sentence_of
from grading.verdict.questions import questions_of

from ..submission.archive_making import notebook, tarred, zipped

QUESTIONS = questions_of("style-transfer")
WORK = notebook("import torch", "def tv_loss(img, tv_weight):\n    return img.sum()\n")
ADA = Contents("ada", (("work.zip", zipped(("Style.ipynb", WORK))), ("own.py", b"k = 1\n")), ("a note",))


def notes(contents: Contents, sandbox: Any) -> list[str]:
    found = selection_of(contents, QUESTIONS, sandbox)
    assert found.student == "ada"
    assert {one.state for one in found.functions} == {"missing"}
    return [str(sentence_of(note)) for note in found.notes]


def test_behind_the_walls_is_found_what_is_found_here(sandbox: Sandbox) -> None:
    found = selection_of(ADA, QUESTIONS, sandbox)
    assert found == read(ADA, QUESTIONS)
    assert {one.function: one.state for one in found.functions}["tv_loss"] == "filled"
    assert sentence_of(found.notes[0]) == "a note"


def test_a_reader_that_computes_too_long_is_ended_and_named(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(reading.LIMITS, call_cpu_seconds=0.05))
    lists = b'{"cells": [' + b"[]," * 1_900_000 + b"[]]}"
    many = Contents("ada", tuple((f"{number}.ipynb", lists) for number in range(8)))
    (note,) = notes(many, sandbox)
    assert note.startswith("0.ipynb, 1.ipynb, 2.ipynb, 5 more: not read within")
    assert note.endswith("hand in only the notebooks, their outputs cleared")


def test_a_reader_that_needs_too_much_memory_says_so(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LIMITS", replace(reading.LIMITS, memory_mb=64))
    large = Contents("ada", (("a.ipynb", b'{"cells": [' + b"[]," * 1_900_000 + b"[]]}"),))
    (note,) = notes(large, sandbox)
    assert "memory" in note or "needed more than 64 MB" in note


PLAIN = [Contents(name, (("Style.ipynb", WORK),)) for name in ("ada", "grace", "alan")]


def test_one_reader_reads_several_plain_submissions_and_no_archive_is_among_them(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = sandbox.start
    monkeypatch.setattr(sandbox, "start", lambda limits: started.append(limits) or start(limits))
    reading._hang_up(reading._idle_of(sandbox))
    assert [selection_of(one, QUESTIONS, sandbox) for one in PLAIN] == [read(one, QUESTIONS) for one in PLAIN]
    assert len(started) == 1
    selection_of(ADA, QUESTIONS, sandbox)
    assert len(started) == 2


def test_what_goes_wrong_in_a_reader_that_has_read_before_is_tried_again(sandbox: Sandbox) -> None:
    selection_of(PLAIN[0], QUESTIONS, sandbox)
    reading._idle[sandbox][-1].child.end()  # as if it had died
    assert selection_of(PLAIN[1], QUESTIONS, sandbox) == read(PLAIN[1], QUESTIONS)


class Forger:
    """Stands for a sandbox whose child sends what it likes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.at_close = contextlib.ExitStack()

    def place(self) -> Any:
        return contextlib.nullcontext()

    def start(self, _limits: Any) -> Any:
        return self

    def run(
        self, _program: str, _request: bytes, _parts: Sequence[bytes] = (), files: Any = ()
    ) -> Iterator[bytes]:
        return self.pieces

    def end(self) -> Any:
        return self

    def close(self) -> None:
        pass


def endless() -> Iterator[bytes]:
    while True:
        yield encoded(read(ADA, QUESTIONS))


def dying() -> Iterator[bytes]:
    raise ChildEndedError(Ended("died", "the student's own words"))
    yield b""


@pytest.mark.parametrize("pieces", [endless(), dying(), iter([]), iter([b"{}"]), iter([b"\xff" * 100])])
def test_a_reader_that_forges_its_answer_has_read_nothing(pieces: Iterator[bytes]) -> None:
    first, second = notes(ADA, Forger(pieces))
    assert first == "a note"
    assert second.startswith("work.zip, own.py: could not be read")
    assert "own words" not in second


def test_an_answer_names_no_other_student() -> None:
    raw = json.loads(encoded(read(ADA, QUESTIONS)))
    forged = json.dumps({**raw, "student": "grace"}).encode()
    assert selection_of(ADA, QUESTIONS, Forger(iter([forged]))).student == "ada"  # type: ignore[arg-type]


def test_the_program_behind_the_walls_holds_no_solution() -> None:
    assert {"cs231n", "grading/submission"} <= set(KIT_INSIDE)
    read_here = [*(KIT / "grading" / "submission").glob("*.py"), *(KIT / "cs231n" / "handin").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in read_here]
    for asked in (function.name for known in notebooks() for function in known.functions):
        assert not any(f"\ndef {asked}(" in text for text in texts), asked  # an example is none


@pytest.mark.parametrize("make", [zipped, tarred])
def test_the_archive_of_a_class_becomes_files_called_by_number(
    make: Any, tmp_path: Path, sandbox: Sandbox
) -> None:
    names = ("ada/Style.ipynb", "../../grace/Style.ipynb", "/alan/work.zip", "ada/Style.ipynb")
    path = tmp_path / "class.archive"
    with pytest.warns(UserWarning, match="Duplicate") if make is zipped else contextlib.nullcontext():
        path.write_bytes(make(*((name, str(number).encode()) for number, name in enumerate(names))))
    (tmp_path / "spool").mkdir()
    files = unpacked(path, tmp_path / "spool", sandbox)
    assert [(file.label, file.path.read_bytes()) for file in files] == [
        ("ada/Style.ipynb", b"0"),
        ("grace/Style.ipynb", b"1"),
        ("alan/work.zip", b"2"),
        ("ada/Style.ipynb", b"3"),
    ]
    assert sorted(os.listdir(tmp_path / "spool")) == ["0", "1", "2", "3"]  # noqa: PTH208


def test_an_archive_of_a_class_that_cannot_be_opened_or_is_a_bomb_is_refused(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "class.zip"
    for raw, limit, reason in (
        (b"PK\x03\x04", 200_000, "cannot be opened"),
        (
            zipped(("a", bytes(31 << 20)), ("b", bytes(31 << 20))),
            200_000,
            "grows to more than anybody hands in",
        ),
        (zipped(("a", b""), ("b", b"")), 1, "holds more than 1 files"),
    ):
        path.write_bytes(raw)
        monkeypatch.setattr(spool, "MEMBERS_LIMIT", limit)
        folder = tmp_path / reason
        folder.mkdir()
        with pytest.raises(SubmissionError, match=f"{reason}: unpack .*class.zip and name the folder"):
            unpacked(path, folder, sandbox)


@pytest.mark.parametrize(("make", "size"), [(zipped, 100 << 20), (tarred, 101 << 20)])
def test_a_bomb_in_the_archive_of_a_class_costs_its_owner_alone(
    make: Any, size: int, tmp_path: Path, sandbox: Sandbox
) -> None:
    path = tmp_path / "class.archive"
    path.write_bytes(make(("ada/Style.ipynb", bytes(size)), ("grace/Style.ipynb", WORK)))
    (tmp_path / "spool").mkdir()
    bomb, work = unpacked(path, tmp_path / "spool", sandbox)
    assert (bomb.label, work.path.read_bytes()) == ("ada/Style.ipynb", WORK)
    assert bomb.path.stat().st_blocks < 1000  # no disk is filled
    found = contents_of(Submission("ada", path, files=(bomb,)))
    assert not found.files
    assert found.notes[0].startswith(
        "ada/Style.ipynb has more than 100 MB and was not read: clear the outputs"
    )


def test_what_a_forger_sends_for_a_class_is_bounded_and_stays_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(b"PK")
    for pieces in ([b"Dx"], [b"F" + b"x" * 20_000], [b"F"], [b"F../.."], [b"?"]):
        with pytest.raises(SubmissionError, match="cannot be opened"):
            unpacked(path, tmp_path, Forger(iter(pieces)))  # type: ignore[arg-type]


def test_the_names_in_an_archive_of_a_class_are_bounded_in_all(tmp_path: Path) -> None:
    path = tmp_path / "class.tar.gz"
    path.write_bytes(b"\x1f\x8b")
    names = (b"/" + b"n" * 10_000 for _ in range(4_000))  # 40 MB, in an archive of a few bytes
    with pytest.raises(SubmissionError, match="grows to more than anybody hands in"):
        unpacked(path, tmp_path, Forger(names))  # type: ignore[arg-type]


def test_the_spool_is_removed_in_the_end(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(("ada/Style.ipynb", WORK), ("grace/", b"")))
    with spool.spool(lambda: sandbox) as unpack:
        files = unpack(path)
        assert [file.label for file in files] == ["ada/Style.ipynb", "grace/"]
        assert files[0].path.read_bytes() == WORK
    assert not files[0].path.exists()


def test_two_names_of_a_classs_archive_that_cannot_be_written_stay_two(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    names = ("ada_l", "ada\x01l", "ada\u202el", "grace", " grace", "C:grace")
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(*((f"{name}/Style.ipynb", name.encode()) for name in names)))
    (tmp_path / "spool").mkdir()
    files = unpacked(path, tmp_path / "spool", sandbox)
    assert len({file.label for file in files}) == len(names)
    assert {file.label: file.path.read_bytes() for file in files}["ada_l/Style.ipynb"] == b"ada_l"


def test_an_encrypted_archive_of_a_class_is_refused_as_that(tmp_path: Path, sandbox: Sandbox) -> None:
    raw = bytearray(zipped(("ada/Style.ipynb", WORK), ("grace/Style.ipynb", WORK)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(signature, at + 1)
    (tmp_path / "class.zip").write_bytes(raw)
    with pytest.raises(
        SubmissionError, match=r"class\.zip is encrypted: unpack .*class\.zip and name the folder"
    ):
        unpacked(tmp_path / "class.zip", tmp_path, sandbox)
