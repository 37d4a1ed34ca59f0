"""Claims about text that is meant to make a reader slow: what stands beside it is found, and limits are said."""

from __future__ import annotations

import pytest

from benchmarks.adversaries import KINDS, NOTEBOOK, RIGHT, notebook
from benchmarks.growth import read
from grading.submission import repair, units

# Kinds that define what is asked themselves, or that the reading of files refuses.
DEFINES = {
    "assignments of what is asked",
    "broken definitions of what is asked",
    "classes with what is asked",
    "definitions of what is asked",
    "files that define what is asked",
    "markers",
    "methods",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_function_behind_it_is_found(kind: str) -> None:
    loaded, found, notes = read(KINDS[kind](2_000))
    one = found["tv_loss"]
    assert (one.state, one.file) == ("filled", loaded.sources[0].label)
    assert one.units[-1].text == RIGHT or kind in DEFINES
    assert len(notes) <= 40
    assert sum(map(len, notes)) < 10_000


def test_more_broken_text_than_is_searched_is_said_and_costs_its_cells_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repair, "EFFORT", 5_000)
    broken = "x = = 1\n" * 100
    _, found, notes = read(
        ((NOTEBOOK, notebook(broken, broken + "def gram_matrix(f): return f @ f.mT", RIGHT)),)
    )
    assert found["tv_loss"].state == "filled"
    assert found["gram_matrix"].state == "broken"
    assert any(note.startswith(f"{NOTEBOOK} holds more text than is looked through") for note in notes)


def test_more_statements_than_are_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNITS_LIMIT", 100)
    _, found, notes = read(
        ((NOTEBOOK, notebook(RIGHT, "a = 1\n" * 200 + "def gram_matrix(f): return f @ f.mT")),)
    )
    assert found["tv_loss"].state == "filled"
    assert found["gram_matrix"].message.startswith("it is behind the first 100 statements")
    assert any(note.startswith(f"{NOTEBOOK} holds more text than is looked through") for note in notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "(" * 150 + ")" * 150, "SyntaxError: more than 100 brackets inside each other (line 1)"),
        ('x = f"' + "{a}" * 4_000 + '"', "SyntaxError: an f-string of more than 10,000 characters (line 1)"),
    ],
)
def test_what_python_would_take_long_for_is_refused_with_its_line(text: str, message: str) -> None:
    loaded, found, _ = read(((NOTEBOOK, notebook(text, RIGHT)),))
    assert loaded.sources[0].broken[0].message == message
    assert found["tv_loss"].state == "filled"
