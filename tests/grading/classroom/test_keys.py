"""A result's key differs whenever the result could."""

from __future__ import annotations

import pytest

from grading.classroom import keys
from grading.classroom.keys import key_of
from grading.sandbox import Limits
from grading.submission.handed_in import Contents
from grading.verdict.provenance import made_by

ADA = Contents("ada", (("a.ipynb", b"1"), ("b.py", b"23")))


def key(contents: Contents = ADA, seed: str = "s", isolation: str = "bubblewrap", **limits: float) -> str:
    return key_of(contents, seed, isolation, Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "contents",
    [
        Contents("grace", ADA.files),
        Contents("ada", ADA.files, ("a note",)),
        Contents("ada", ADA.files[:1]),
        Contents("ada", (("a.ipynb", b"12"), ("b.py", b"3"))),
        Contents("ada", (("A.ipynb", b"1"), ("b.py", b"23"))),
        Contents("ada", (("a.ipynb", b"1"), ("b.py", b"24"))),
        Contents("ada", (("a.ipynb\udcff", b"1"), ("b.py", b"23"))),
    ],
)
def test_another_submission_has_another_key(contents: Contents) -> None:
    assert key(contents) != key()
    assert key(contents) == key(contents)


def test_another_way_of_grading_has_another_key() -> None:
    others = [key(seed="t"), key(isolation="process"), key(call_cpu_seconds=9.0), key(memory_mb=1)]
    assert len({key(), *others}) == 5
    assert len(key()) == 64


@pytest.mark.parametrize("what", ["kit", "code", "python", "torch", "numpy"])
def test_another_version_beneath_has_another_key(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, made = key(), made_by()
    monkeypatch.setattr(keys, "made_by", lambda _: made | {what: "another"})
    assert key() != before
