"""A piece of code on a page: all of it, escaped, numbered as in its cell, and cheap whatever is in it."""

import html
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pygments.lexers.python import PythonLexer

from grading.errors import KitError
from grading.report.code import BESIDE, LINE, WHOLE, harmless_source, highlighted
from grading.report.pages import write_report
from grading.results.evidence import TEXT, Piece

SOURCE = '''@torch.no_grad()
def tv_loss(img, tv_weight):
    """Not a < b & c."""
    # the loop
    total = 0.5

    return sum(img) if img is not None else 'x' '''


def shown(markup: str) -> dict[int, str]:
    """The text of each line by its number, as a reader sees it."""
    lines = re.findall(r'<(span|mark) class="line" data-n="(\d+)">(.*?)\n</\1>', markup)
    return {int(number): html.unescape(re.sub("<[^>]*>", "", text)) for _, number, text in lines}


def test_every_line_is_there_with_the_number_it_has_in_the_cell() -> None:
    lines = shown(highlighted(Piece("N.ipynb, cell 3", 8, SOURCE)))
    assert list(lines) == list(range(8, 15))
    assert list(lines.values()) == [line.rstrip() for line in SOURCE.split("\n")]


def test_words_are_told_apart() -> None:
    page = highlighted(Piece("a.py", 1, SOURCE))
    for kind, text in (
        ("defined", "@torch"),
        ("keyword", "def"),
        ("defined", "tv_loss"),
        ("string", "&#34;&#34;&#34;Not a &lt; b &amp; c.&#34;&#34;&#34;"),
        ("comment", "# the loop"),
        ("number", "0.5"),
        ("builtin", "sum"),
        ("keyword", "is"),
    ):
        assert f'<span class="{kind}">{text}' in page


def test_marked_lines_are_marked_and_named() -> None:
    page = highlighted(Piece("N.ipynb, cell 3", 8, SOURCE), (9, 12, 99))
    assert re.findall(r'<mark class="line" data-n="(\d+)"', page) == ["9", "12"]
    assert "lines 9, 12 are marked" in page
    assert "marked" not in highlighted(Piece("N.ipynb, cell 3", 8, SOURCE))


def test_long_code_is_folded_and_what_is_near_a_mark_is_not() -> None:
    long = Piece("a.py", 1, "\n".join(f"x = {n}" for n in range(1, 201)))
    for marks, folded in (
        ((), [200 - WHOLE + BESIDE]),
        ((100,), [99 - BESIDE, 100 - BESIDE]),
        ((200,), [199 - BESIDE]),
    ):
        page = highlighted(long, marks)
        assert [int(n) for n in re.findall(r"<summary>(\d+) more lines<", page)] == folded
        assert list(shown(page)) == list(range(1, 201))
    assert "<details" not in highlighted(Piece("a.py", 1, "x\n" * (WHOLE - 1)), (3,))


def test_whatever_stands_in_it_runs_nothing_and_hides_nothing() -> None:
    hostile = (
        "x = '</code></pre><script>alert(1)</script>'\n"
        "# \u202e\u2066\x1b[31m\x00\u2028\ud800 end\r'''<b onload=x>"
    )
    page = highlighted(Piece("<img src=x>\u202e", 1, hostile))
    assert set(re.findall("<([a-z]+)", page)) == {"figure", "figcaption", "bdi", "pre", "code", "span"}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u2028\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    lines = shown(page)
    assert lines[2] == "# ⟨U+202E⟩⟨U+2066⟩⟨U+001B⟩[31m⟨U+0000⟩⟨U+2028⟩⟨U+D800⟩ end"
    assert lines[3] == "'''<b onload=x>"


@pytest.mark.parametrize(
    "source",
    [
        '"%' + "0" * TEXT,
        " \n" * TEXT,
        "\u3000\n" * TEXT,
        "\u202e" * TEXT,
        ("\u202e" * LINE + "\n") * 60,
        "@" * TEXT,
    ],
    ids=["digits of a format", "spaces", "wide spaces", "a line of signs", "lines of signs", "tokens"],
)
def test_no_text_costs_pygments_the_square_of_its_length(source: str, monkeypatch: Any) -> None:
    """Its expressions try each rest of a line, or of a run of spaces: the work is at most the sum of their squares."""
    lexed: list[str] = []
    monkeypatch.setattr(PythonLexer, "get_tokens", lambda self, text: lexed.append(text) or [])
    highlighted(Piece("a.py", 1, source[:TEXT]))
    runs = [len(run) for text in lexed for run in re.findall(r"[^\n]+|(?:[^\S\n]+\n)+", text)]
    assert sum(run**2 for run in runs) <= TEXT * (LINE + 50)
    assert all(run <= LINE + 50 for run in runs)


def test_a_line_that_is_cut_says_so() -> None:
    (line,) = harmless_source("y" * 1000).split("\n")
    assert line == "y" * LINE + " … (a line of 1000 characters)"


TV = "def tv_loss(img, tv_weight):\n    h, w, c = img.shape\n    return tv_weight * '<b>' * h"
PLACE = "StyleTransfer.ipynb, cell 21"


def graded(build: Any, out: Path, status: str, *functions: dict[str, Any]) -> Path:
    build.write_out(out, [build.result("ada", build.function("tv_loss", status))])
    build.save_evidence(out, "ada", *functions)
    return write_report(out).with_name("ada.html")


def test_a_page_shows_the_function_and_marks_the_line_of_its_exception(build: Any, tmp_path: Path) -> None:
    evidence = build.function_evidence("tv_loss", TV, PLACE, 5, f"{PLACE}, line 6")
    page = graded(build, tmp_path, "error", evidence).read_text(encoding="utf-8")
    assert list(shown(page).values()) == TV.split("\n")
    assert re.findall(r'<mark class="line" data-n="(\d+)"', page) == ["6"]
    assert '<details class="graded" open>' in page


@pytest.mark.parametrize(
    ("place", "marked"),
    [
        ("Style.py (submitted), line 2", True),
        ("Style.py, line 3", True),
        ("Style.py, line 4", False),
        ("Style.py, line 0", False),
        ("Other.py, line 2", False),
        ("Style.py, line 2, line 2", False),
        ("Style.py", False),
    ],
)
def test_a_place_that_is_not_in_the_text_marks_nothing(
    build: Any, tmp_path: Path, place: str, marked: bool
) -> None:
    evidence = build.function_evidence("tv_loss", TV, "Style.py", 1, place)
    assert ("<mark" in graded(build, tmp_path, "error", evidence).read_text(encoding="utf-8")) == marked


def test_the_line_at_which_python_stopped_reading_is_marked(build: Any, tmp_path: Path) -> None:
    evidence = build.function_evidence("tv_loss", TV, PLACE, 7) | {"observed": []}
    build.save_evidence(tmp_path, "ada", evidence)
    for message, marked in (
        ("SyntaxError: '(' was never closed (line 8), in a (line 9).py", ["8"]),
        ("SyntaxError: '(' was never closed (line 99), in Style.py", []),
        ("the process ended (line 8)", []),
    ):
        function = build.function("tv_loss", "error", message=message)
        page = write_report(build.write_out(tmp_path, [build.result("ada", function)])).with_name("ada.html")
        assert re.findall(r'<mark class="line" data-n="(\d+)"', page.read_text(encoding="utf-8")) == marked


def test_an_exception_that_no_check_ended_with_marks_nothing(build: Any, tmp_path: Path) -> None:
    at = f"{PLACE}, line 2"
    beside = build.function_evidence("tv_loss", TV, PLACE, 1, at, "a twin of a check")
    page = graded(build, tmp_path / "twin", "error", beside).read_text(encoding="utf-8")
    assert "<mark" not in page
    right = graded(build, tmp_path / "right", "correct", build.function_evidence("tv_loss", TV, PLACE, 1, at))
    assert "<mark" not in right.read_text(encoding="utf-8")
    assert '<details class="graded">' in right.read_text(encoding="utf-8")


def test_what_was_observed_stays_off_the_page(build: Any, tmp_path: Path) -> None:
    evidence = build.function_evidence("tv_loss", TV, PLACE, 1, f"{PLACE}, line 2")
    assert "SECRET" not in graded(build, tmp_path, "error", evidence).read_text(encoding="utf-8")


def test_what_a_function_uses_stands_apart_unless_the_exception_is_there(build: Any, tmp_path: Path) -> None:
    evidence = build.function_evidence("tv_loss", TV, PLACE, 1)
    evidence["text"].insert(
        0, {"place": "Style.ipynb, cell 4", "line": 1, "source": "def helper(x):\n    return x.y"}
    )
    page = graded(build, tmp_path / "apart", "wrong", evidence).read_text(encoding="utf-8")
    assert page.index("What it uses") > page.index(">tv_loss</span>")
    assert page.index("What it uses") < page.index(">helper</span>")
    call = evidence["observed"][0]["calls"][0]
    call["raised"] = {"type": "", "message": "", "place": "Style.ipynb, cell 4, line 2", "line": ""}
    page = graded(build, tmp_path / "own", "error", evidence).read_text(encoding="utf-8")
    assert "What it uses" not in page
    assert '<mark class="line" data-n="2">' in page


def test_a_page_is_written_again_when_the_evidence_has_changed(build: Any, tmp_path: Path) -> None:
    page = graded(build, tmp_path, "wrong", build.function_evidence("tv_loss", TV, PLACE))
    build.save_evidence(tmp_path, "ada", build.function_evidence("tv_loss", TV + " + 1", PLACE))
    write_report(tmp_path)
    assert shown(page.read_text(encoding="utf-8"))[3].endswith("+ 1")
    (tmp_path / "evidence" / "ada.json").unlink()
    write_report(tmp_path)
    assert b'class="graded"' not in page.read_bytes()


def test_damaged_evidence_is_named_with_a_remedy(build: Any, tmp_path: Path) -> None:
    graded(build, tmp_path, "wrong", build.function_evidence("tv_loss", TV, PLACE))
    (tmp_path / "evidence" / "ada.json").write_text('{"student": "ada", "functions": [{}]}', encoding="utf-8")
    with pytest.raises(KitError, match=r"ada\.json cannot be read .* grade that submission again"):
        write_report(tmp_path)


def calls_of(lines: int) -> int:
    """How many calls it takes to show so many lines, all marked."""
    piece, events = Piece("a.py", 1, "x\n" * lines), Counter[str]()
    sys.setprofile(lambda frame, event, argument: events.update([event]))
    try:
        highlighted(piece, range(1, lines + 1))
    finally:
        sys.setprofile(None)
    return events["call"]


def test_twice_as_many_marked_lines_are_twice_the_work() -> None:
    calls_of(10)  # what is kept for later
    assert calls_of(1200) < 2.5 * calls_of(600)
