"""How far each function is in a student's files: filled, a stub, broken or missing, as the grader will say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cs231n.handin.cells import Cell
from cs231n.handin.definitions import Function, functions_in, lines_of
from cs231n.handin.kinds import SCRIPT
from cs231n.handin.magics import without_magics
from cs231n.handin.parse import parse, without_warnings
from cs231n.handin.references import APPENDS, WRITES, Reference, reference_in
from cs231n.handin.stubs import is_stub
from cs231n.sentences import sentence

_DEFINITION = re.compile(r"(?:async +)?(?:def|class) +(\w+)")
_QUOTES = re.compile("\"\"\"|'''")
_BLOCKS_JOINED = 60


@dataclass(frozen=True)
class State:
    """How far a function is: "filled", "stub", "broken" (`message` says why) or "missing"."""

    name: str
    message: str = ""


MISSING = State("missing")


@dataclass(frozen=True)
class Piece:
    """A cell that is Python, or one block of a cell that is not as a whole; `tree` is None if it is broken."""

    text: str
    tree: ast.Module | None
    message: str = ""


def pieces_of(cells: Iterable[Cell]) -> list[Piece]:
    """Return the text of cells in pieces that are Python or not: a syntax error costs only the block it is in."""
    with without_warnings():
        pieces = [piece for cell in cells for piece in _pieces(_lines(cell.source))]
        written = [reference for piece in pieces for reference in references_in(piece)]
        # what a cell writes into a module counts as if it had been handed in
        modules = [one.text for one in written if one.kind in (WRITES, APPENDS) and one.file.endswith(SCRIPT)]
        return pieces + [piece for text in modules for piece in _pieces(_lines(text))]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def references_in(piece: Piece) -> Iterator[Reference]:
    """Yield what the statements of a piece do with other files of its folder."""
    for statement in piece.tree.body if piece.tree else ():
        if reference := reference_in(statement):
            yield reference


def state_in(
    name: str, pieces: Sequence[Piece], modules: Mapping[str, Sequence[Piece]] | None = None
) -> State:
    """Return how far a function is in one file.

    Parameters
    ----------
    name : str
        The function.
    pieces : sequence of Piece
        Of the file.
    modules : mapping, optional
        The student's own modules beside it, by name: `from mine import a as b` is looked up there.
    """
    trees = [(piece.tree, piece.text) for piece in reversed(pieces) if piece.tree is not None]
    for search in (_definition, _assignment):
        for tree, text in trees:
            if written := search(name, tree, text):
                return State("stub" if is_stub(written) else "filled")
    for piece in pieces:
        if piece.tree is None and name in _names(piece.text):
            return State("stub") if is_stub(piece.text) else State("broken", piece.message)
    for tree, _ in trees:
        module, original = _imported(name, tree)
        if original:
            return state_in(original, (modules or {}).get(module, ()))
    for tree, text in trees:
        if written := _method(name, tree, text):
            return State("stub" if is_stub(written) else "filled")
    return MISSING


def _pieces(source: str) -> Iterator[Piece]:
    whole = _piece(source)
    if whole.tree is None:
        source = without_magics(source)
        whole = _piece(source)
    if whole.tree is not None:
        yield whole
        return
    lines = source.split("\n")
    starts = [0, *(n for n, line in enumerate(lines) if n and _begins_block(lines, n)), len(lines)]
    here = 0
    while here < len(starts) - 1:
        pieces = (
            (end, _piece("\n".join(lines[starts[here] : starts[end]]), starts[here]))
            for end in _ends(lines, starts, here)
        )
        alone = next(pieces)
        end, piece = alone if alone[1].tree else next((longer for longer in pieces if longer[1].tree), alone)
        yield piece
        here = end


def _ends(lines: Sequence[str], starts: Sequence[int], here: int) -> Iterator[int]:
    """Yield the blocks before which the one at `here` may end: lines of a docstring may stand at the margin."""
    yield here + 1
    if _QUOTES.search("\n".join(lines[starts[here] : starts[here + 1]])):
        for end in range(here + 2, min(len(starts), here + _BLOCKS_JOINED)):
            if _DEFINITION.match(lines[starts[end - 1]]):
                return
            yield end


def _piece(text: str, above: int = 0) -> Piece:
    try:
        return Piece(text, parse(text))
    except SyntaxError as error:
        return Piece(
            text,
            None,
            sentence("its cell has a syntax error in line {line}", line=(error.lineno or 1) + above),
        )
    except (ValueError, RecursionError, MemoryError):  # a null byte, or an expression of a thousand terms
        return Piece(text, None, sentence("its cell cannot be read"))


def _begins_block(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    continues = not line or line[0] in " \t#)]}%" or line.startswith(("else", "elif", "except", "finally"))
    return not continues and not lines[number - 1].startswith("@")


def _names(text: str) -> set[str]:
    return {found[1] for line in text.split("\n") if (found := _DEFINITION.match(line))}


def _definition(name: str, tree: ast.Module, text: str) -> str:
    found = [node for node in functions_in(tree.body) if node.name == name]
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return lines_of([*classes, *found][-1], text) if found or classes else ""


def _assignment(name: str, tree: ast.Module, text: str) -> str:
    for node in reversed(tree.body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and name in {
            getattr(target, "id", "") for target in targets
        }:
            return lines_of(node, text)
    return ""


def _imported(name: str, tree: ast.Module) -> tuple[str, str]:
    """Return the module and the name there of what is imported under another name; ("", "") if nothing is."""
    for node in reversed(tree.body):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if alias.asname == name != alias.name:
                return (
                    (node.module or "").rpartition(".")[2] if isinstance(node, ast.ImportFrom) else ""
                ), alias.name
    return "", ""


def _method(name: str, tree: ast.Module, text: str) -> str:
    for node in reversed(tree.body):
        for method in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(method, Function) and method.name == name:
                return lines_of(method, text)
    return ""
