"""Notebooks in another language: texts, comments, docstrings and what cells print are those of a catalogue.

The rest of the code is kept: only strings given to `print`, to an error or to a progress bar as its name may differ.

The English source is the only one; ids, points and the order of cells are its own whatever the language. The catalogue
of a notebook, `notebook.LANGUAGE.po`, stands beside its source.
"""

from __future__ import annotations

import ast
import copy
import functools
import io
import re
import textwrap
import tokenize
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from nbformat import NotebookNode

from grading.assignments.registry import shipped_notebooks
from grading.assignments.vocabulary.notebook import Notebook

Translate = Callable[[str], str]
# What programs look for, in whatever language the rest is.
MARKS = re.compile(r"(START|END) OF YOUR CODE|(BEGIN|END) (SOLUTION|HIDDEN TESTS)|noqa|type: ignore")
_WORDS = re.compile(r"[A-Za-z]{2}|[\u2e80-\u9fff]")
_FIELD = re.compile(r"\{.*?\}")
_FORMULA = re.compile(r"\$\$.*\$\$", re.DOTALL)


def catalogue_of(notebook: Notebook, language: str) -> Path:
    """Return the file of a notebook's catalogue."""
    return notebook.source.with_name(f"notebook.{language}.po")


def in_language(solved: NotebookNode, notebook: Notebook, language: str) -> NotebookNode:
    """Return a notebook in a language; as it is where there is no catalogue, and what that lacks in English."""
    path = catalogue_of(notebook, language)
    if not path.is_file():
        return solved
    with path.open("rb") as file:
        known = read_po(file)

    def translation(text: str) -> str:
        message = known.get(text)
        return str(message.string) if message and message.string else text

    return translated(solved, translation)


def in_english(markdown: str) -> str:
    """Return a text in which the paragraphs of the kit's notebooks are those of the source, in whatever language."""
    return _markdown(markdown, lambda paragraph: _english().get(paragraph, paragraph))


@functools.cache
def _english() -> dict[str, str]:
    """Return translation -> English, for each paragraph of the kit's notebooks in each language."""
    found: dict[str, str] = {}
    for notebook in shipped_notebooks():
        for path in notebook.source.parent.glob("notebook.*.po"):
            with path.open("rb") as file:
                found |= {str(message.string): str(message.id) for message in read_po(file) if message.string}
    return found


def texts_of(notebook: NotebookNode) -> Catalog:
    """Return the texts of a notebook, in their order: paragraphs, comments, docstrings."""
    found = Catalog()

    def note(text: str) -> str:
        found.add(text)
        return text

    translated(notebook, note)
    return found


def translated(notebook: NotebookNode, translate: Translate) -> NotebookNode:
    """Return a notebook whose texts are those that `translate` gives for them."""
    other = copy.deepcopy(notebook)
    for cell in other.cells:
        rewrite = _markdown if cell.cell_type == "markdown" else _code
        cell.source = rewrite(cell.source, translate)
    return other


def _markdown(source: str, translate: Translate) -> str:
    """Translate paragraph by paragraph; a formula without words is one everywhere."""
    pieces = re.split(r"(\n{2,})", source)
    return "".join(translate(piece) if _has_words(piece) else piece for piece in pieces)


def _has_words(text: str) -> bool:
    is_formula = _FORMULA.fullmatch(text.strip()) is not None and r"\text" not in text
    return not is_formula and _WORDS.search(text) is not None


def _code(source: str, translate: Translate) -> str:
    lines = source.split("\n")
    for row, first, last in sorted(
        _told(source), reverse=True
    ):  # from behind: what stands before stays where it is
        line = lines[row].encode()
        lines[row] = (line[:first] + translate(line[first:last].decode()).encode() + line[last:]).decode()
    source = "\n".join(lines)
    edits = [*_docstrings(source, translate), *_comments(source, translate)]
    for first, last, write in sorted(edits, reverse=True):  # from below: lines above stay where they are
        lines[first:last] = write
    return "\n".join(lines)


def _told(source: str) -> Iterator[tuple[int, int, int]]:
    """Yield where a person is told something: the row of a string's text, and its first and last byte there."""
    for node in ast.walk(_parsed(source)):
        given: list[ast.expr | None] = []
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            given = [*node.args]
        elif isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "desc"]
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            given = [*node.exc.args]
        for text in given:
            if isinstance(text, ast.Constant | ast.JoinedStr) and text.end_col_offset:
                quoted = (ast.get_source_segment(source, text) or "").removeprefix("f")
                if quoted[:1] == '"' and _WORDS.search(_FIELD.sub("", quoted)):
                    end = text.end_col_offset - 1
                    yield text.lineno - 1, end + 2 - len(quoted.encode()), end


Edit = tuple[int, int, list[str]]


def _docstrings(source: str, translate: Translate) -> Iterator[Edit]:
    """Yield the lines of each docstring, and what stands there instead."""
    for node in ast.walk(_parsed(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (text := ast.get_docstring(node)):
            value = node.body[0]
            first, last = value.lineno - 1, value.end_lineno or value.lineno
            quoted = source.split("\n")[first:last]
            margin = " " * value.col_offset
            if quoted == [f'{margin}"""{text}"""']:
                yield first, last, [f'{margin}"""{translate(text)}"""']
            elif len(quoted) > 1 and quoted[0].strip() == '"""':
                yield (
                    first,
                    last,
                    [quoted[0], *textwrap.indent(translate(text), margin).split("\n"), quoted[-1]],
                )


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(re.sub(r"^(\s*)[%!]", r"\1#", source, flags=re.MULTILINE))
    except SyntaxError:
        return ast.Module([], [])


def _comments(source: str, translate: Translate) -> Iterator[Edit]:
    """Yield the lines of each comment, and what stands there instead; lines below each other are one comment."""
    lines = source.split("\n")
    group: list[tuple[int, int, str]] = []
    for row, column, text in [*_comment_tokens(source), (-1, -1, "")]:
        is_whole_line = row >= 0 and not lines[row][:column].strip()
        follows = group and row == group[-1][0] + 1 and column == group[-1][1] and is_whole_line
        if group and not follows:
            yield _instead(group, lines, translate)
            group = []
        if row >= 0 and _WORDS.search(text) and not MARKS.search(text):
            group.append((row, column, text))


def _comment_tokens(source: str) -> list[tuple[int, int, str]]:
    try:
        tokens = [*tokenize.generate_tokens(io.StringIO(source).readline)]
    except (tokenize.TokenError, SyntaxError):
        return []
    return [(t.start[0] - 1, t.start[1], t.string) for t in tokens if t.type == tokenize.COMMENT]


def _instead(group: Sequence[tuple[int, int, str]], lines: Sequence[str], translate: Translate) -> Edit:
    row, column, first = group[0]
    boxed = all(text.endswith("#") and len(text) > 1 for _, _, text in group)
    text = "\n".join(text.strip("#").strip() for _, _, text in group)
    made = translate(text).split("\n")
    before = lines[row][:column]
    if not boxed:
        margin = before if not before.strip() else ""
        return (
            row,
            row + len(group),
            [f"{before if n == 0 else margin}# {line}" for n, line in enumerate(made)],
        )
    return row, row + len(group), [f"{before}# {_padded(line, len(first) - 4)} #" for line in made]


def _padded(text: str, width: int) -> str:
    """Fill a text up to a width, in which an ideograph takes two places."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, width - taken)
