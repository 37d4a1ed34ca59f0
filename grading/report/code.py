"""Code of a submission as HTML: highlighted by Pygments, numbered as in its cell, marked where an exception points.

All of it is a student's. It is escaped; control and bidirectional characters are made visible; a long line is cut,
since a regular expression of Pygments may take the square of its length.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

from cs231n.language import plural, said, shown
from cs231n.places import parsed
from grading.results.definition import FunctionResult
from grading.results.evidence import FunctionEvidence, Piece
from grading.results.text import harmless

# Characters of a line; lines of a piece that is shown whole; lines beside one that matters.
LINE, WHOLE, BESIDE = 300, 40, 6
# What is told apart, each with a colour in page.css; of two kinds that hold a token, the first.
_KINDS = {
    "string": (String,),
    "comment": (Comment,),
    "number": (Number,),
    "keyword": (Keyword, Operator.Word),
    "defined": (Name.Function, Name.Class, Name.Decorator),
    "builtin": (Name.Builtin,),
}
# Where an exception was raised, as `cs231n.trials.exceptions` writes it.
_RAISED_AT = re.compile(r"(.*?)(?: \(submitted\))?, line ([0-9]{1,9})", re.DOTALL)
# Where Python stopped reading, as `grading.submission.repair` writes it, in whatever language the rest is.
_REFUSED_AT = re.compile(r"\w+: .*?\(line ([0-9]{1,9})\)")


@dataclass(frozen=True)
class Code:
    """The text of a function as HTML: the pieces that define it, or are marked, and the others."""

    own: tuple[Markup, ...]
    used: tuple[Markup, ...]
    is_cut: bool


def code_of(function: FunctionResult, evidence: FunctionEvidence) -> Code | None:
    """Return the text of a function as it was graded; None if there is none."""
    name = re.escape((function.defined_as or function.name).rpartition(".")[2])
    defines = re.compile(rf"^[ \t]*(?:(?:async\s+)?def\s+{name}\b|{name}[ \t]*=)", re.MULTILINE)
    own: list[Markup] = []
    used: list[Markup] = []
    for piece in evidence.text:
        marks = marked_lines(function, evidence, piece)
        (own if marks or defines.search(piece.source) else used).append(highlighted(piece, marks))
    if not own:
        own, used = used, []
    return Code(tuple(own), tuple(used), evidence.text_is_cut) if own else None


def marked_lines(function: FunctionResult, evidence: FunctionEvidence, piece: Piece) -> tuple[int, ...]:
    """Return the lines of a piece in which checks ended with an exception, counted as in its cell or file.

    Of a function that Python cannot read, the one in which it stopped.
    """
    ended = {check.id: check.message for check in function.checks if check.status == "error"}
    calls = [call for attempt in evidence.observed if ended.keys() & attempt.checks for call in attempt.calls]
    found = [_RAISED_AT.fullmatch(call.raised.place) for call in calls if call.raised]
    lines = {int(place[2]) for place in found if place and place[1] == piece.place}
    if not evidence.observed:
        refused = [_REFUSED_AT.match(message) for message in ended.values()]
        lines = {int(line[1]) for line in refused if line}
    last = piece.line + piece.source.count("\n")
    return tuple(line for line in sorted(lines) if piece.line <= line <= last)


def highlighted(piece: Piece, marks: Collection[int] = ()) -> Markup:
    """Return the HTML of a piece.

    Of more than `WHOLE` lines, only those near a mark, or the first, are seen at once; the others open on a click.

    Parameters
    ----------
    piece : Piece
    marks : collection of int
        The lines to mark, counted as in the cell or file that the piece is from.
    """
    numbered = list(enumerate(_lines(harmless_source(piece.source)), piece.line))
    caption = Markup("<bdi>{}</bdi>").format(harmless(shown(parsed(piece.place))))
    if seen := [str(number) for number, _ in numbered if number in marks]:
        said_of = plural("line {lines} is marked", "lines {lines} are marked", len(seen))
        caption += f" · {said_of.format(lines=', '.join(seen))}"
    body = Markup("").join(_stretch(folded, lines, marks) for folded, lines in _stretches(numbered, marks))
    return Markup('<figure class="code"><figcaption>{}</figcaption>{}</figure>').format(caption, body)


def harmless_source(source: str) -> str:
    """Return a text with the same lines, each harmless, bounded and without spaces at its end."""
    return "\n".join(_harmless_line(line) for line in re.split("\r\n|\r|\n", source))


def _harmless_line(line: str) -> str:
    text = harmless(line[:LINE]).rstrip()  # rows of spaces, too, are of square cost
    if max(len(line), len(text)) <= LINE:
        return text
    return text[:LINE] + said(" … (a line of {count} characters)", count=len(line))


def _lines(source: str) -> list[Markup]:
    """Return the HTML of each line."""
    lines = [Markup("")]
    tokens = PythonLexer(stripnl=False, ensurenl=False).get_tokens(source)
    for kind, run in groupby(tokens, lambda token: _kind(token[0])):
        first, *others = "".join(text for _, text in run).split("\n")
        lines[-1] += _spanned(kind, first)
        lines += [_spanned(kind, text) for text in others]
    return lines


@cache
def _kind(token: object) -> str:
    return next((name for name, kinds in _KINDS.items() if any(token in kind for kind in kinds)), "")


def _spanned(kind: str, text: str) -> Markup:
    shown = escape(text)
    return Markup(f'<span class="{kind}">{shown}</span>') if kind and text else shown


def _stretches(
    numbered: Sequence[tuple[int, Markup]], marks: Collection[int]
) -> Iterator[tuple[bool, list[tuple[int, Markup]]]]:
    """Yield the lines in stretches, and whether a stretch is folded."""
    first = numbered[0][0]
    marked = [number for number, _ in numbered if number in marks]
    near = {mark + away for mark in marked for away in range(-BESIDE, BESIDE + 1)}

    def is_folded(line: tuple[int, Markup]) -> bool:
        if near:
            return line[0] not in near
        return line[0] - first >= WHOLE - BESIDE

    for folded, stretch in groupby(numbered, is_folded if len(numbered) > WHOLE else lambda _: False):
        yield folded, list(stretch)


def _stretch(folded: bool, lines: Sequence[tuple[int, Markup]], marks: Collection[int]) -> Markup:
    code = Markup("").join(
        Markup(f'<{tag} class="line" data-n="{number}">{line}\n</{tag}>')
        for number, line in lines
        for tag in ("mark" if number in marks else "span",)
    )
    shown = Markup("<pre><code>{}</code></pre>").format(code)
    if not folded:
        return shown
    count = plural("{count} more line", "{count} more lines", len(lines)).format(count=len(lines))
    return Markup("<details><summary>{}</summary>{}</details>").format(count, shown)
