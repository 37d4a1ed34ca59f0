"""A piece of code on a page: all of it, escaped, numbered as in its cell, and cheap whatever is in it."""

import html
import re
from typing import Any

import pytest
from pygments.lexers.python import PythonLexer

from grading.report.code import BESIDE, LINE, WHOLE, harmless_source, highlighted
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
