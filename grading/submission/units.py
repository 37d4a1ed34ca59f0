"""Units of source: cells cut into definitions, imports and assignments, with the names each binds and uses."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cs231n.handin.cells import Cell
from cs231n.handin.parse import REFUSALS, without_warnings
from cs231n.handin.references import reference_in
from cs231n.sentences import sentence
from grading.submission.repair import Broken, Effort, Parsed, message_of, saved, tree_of

__all__ = ["STAR", "Broken", "Unit", "effort_of_a_submission", "units_of"]

_Definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Blocks = (ast.If, ast.Try, ast.With, ast.For)
# Python ends a line at each of them, and lines are counted here as Python counts them.
_LINE_END = re.compile(r"\r\n?")
_NOTHING: frozenset[str] = frozenset()
STAR = "*"
# Of one submission; a notebook of the course has some hundred.
UNITS_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One top-level statement that defines something, or that refers to another file.

    Attributes
    ----------
    text : str
        The statement.
    place : str
        The cell or file it comes from.
    kind : str
        "definition", "import" or "assignment"; or one of `references.REFERENCES`, until these are followed.
    binds, uses : frozenset of str
        Names it defines (`STAR` for an import of everything), and global names it may look up when run or called.
    translated : tuple of str
        What was rewritten before it parsed: keys of `old_python.TRANSLATIONS`.
    line : int
        The line of the cell or file on which it begins.
    methods : tuple of str
        Of a class, what is defined in it.
    nested : tuple of str
        Of a function, the functions that are defined in its body: nobody else can call them.
    file : str
        The file that it refers to, as it is written there.
    """

    text: str
    place: str
    kind: str
    binds: frozenset[str]
    uses: frozenset[str]
    translated: tuple[str, ...] = ()
    line: int = 1
    methods: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    file: str = ""

    @property
    def source(self) -> str:
        """The text, padded so that line numbers are those of the cell."""
        return "\n" * (self.line - 1) + self.text


def effort_of_a_submission() -> Effort:
    """Return what may be spent on all files of one submission together."""
    return Effort(UNITS_LIMIT)


def units_of(cells: Iterable[Cell], effort: Effort | None = None) -> tuple[list[Unit], list[Broken]]:
    """Return the units of a file's cells in order, and what could not be parsed.

    A cell that does not parse is tried again with its magics translated, then block by block: a syntax error costs
    only the block that holds it.

    Parameters
    ----------
    cells : iterable of Cell
    effort : Effort, optional
        What may still be spent on the submission; as much as on a whole one, if not given.
    """
    units: list[Unit] = []
    broken: list[Broken] = []
    effort = effort or effort_of_a_submission()
    with without_warnings():
        for cell in cells:
            for part in _parts_of(cell, effort):
                if isinstance(part, Broken):
                    broken.append(part)
                else:
                    _cut(part, cell.place, units, broken, effort)
    return units, broken


def _parts_of(cell: Cell, effort: Effort) -> Iterator[Parsed | Broken]:
    padded = _LINE_END.sub("\n", cell.source)
    text = padded.lstrip("\n")
    line = len(padded) - len(text) + 1
    tree = tree_of(text, line)
    if isinstance(tree, ast.Module):
        yield Parsed(text, tree, line)
    else:
        yield from saved(text, line, cell.place, effort)


def _cut(parsed: Parsed, place: str, units: list[Unit], broken: list[Broken], effort: Effort) -> None:
    """Add the units of a text that parses. What Python refuses only later, or what is nested too deep, is broken."""
    lines = parsed.text.split("\n")
    body = parsed.tree.body
    for number, node in enumerate(body):
        if effort.statements <= 0:
            names = frozenset(n.name for n in body[number:] if isinstance(n, _Definitions))
            message = sentence("it is behind the first {count:,} statements, and not read", count=UNITS_LIMIT)
            broken.append(Broken(place, message, names, unread=True))
            return
        before = len(units)
        binds, line = _NOTHING, parsed.line + _first_line(node) - 1
        shared = _shares_lines(lines, node, body[number + 1] if number + 1 < len(body) else None)
        try:
            for part in _single(node):
                if reference := reference_in(part):
                    kind, file = reference.kind, reference.file
                    units.append(Unit(reference.text, place, kind, _NOTHING, _NOTHING, line=line, file=file))
                kind, binds = _kind(part), frozenset(_bound(part))
                if kind and binds:
                    text = ast.unparse(part) if shared or part is not node else _whole_lines(lines, node)
                    inside = _defined_in(part)
                    methods, nested = (inside, ()) if isinstance(part, ast.ClassDef) else ((), inside)
                    units.append(
                        Unit(text, place, kind, binds, _uses(text), parsed.translated, line, methods, nested)
                    )
        except REFUSALS as error:
            broken.append(Broken(place, message_of(error, line), binds, _whole_lines(lines, node), line))
        effort.statements -= max(1, len(units) - before)


def _defined_in(node: ast.stmt) -> tuple[str, ...]:
    inside = node.body if isinstance(node, _Definitions) else ()
    return tuple(statement.name for statement in inside if isinstance(statement, _Definitions))


def _single(node: ast.stmt) -> Iterator[ast.stmt]:
    """An import of several names is several imports: one that fails must not take the others along."""
    if isinstance(node, (ast.Import, ast.ImportFrom)) and len(node.names) > 1:
        for alias in node.names:
            single: ast.stmt
            if isinstance(node, ast.Import):
                single = ast.Import([alias])
            else:
                single = ast.ImportFrom(node.module, [alias], node.level)
            yield ast.copy_location(single, node)
    else:
        yield node


def _first_line(node: ast.stmt) -> int:
    first: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return first


def _whole_lines(lines: list[str], node: ast.stmt) -> str:
    return "\n".join(lines[_first_line(node) - 1 : node.end_lineno])


def _shares_lines(lines: list[str], node: ast.stmt, following: ast.stmt | None) -> bool:
    """Whether other statements stand on the same lines (`a = 1; b = 2`)."""
    if node.col_offset or node.end_lineno is None or node.end_col_offset is None:
        return True
    if following is not None and following.lineno == node.end_lineno:
        return True
    rest = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode(errors="replace").strip()
    return bool(rest) and not rest.startswith("#")


def _kind(node: ast.stmt) -> str:
    if isinstance(node, _Definitions):
        return "definition"
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return ""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return "import"
    if isinstance(node, ast.If) and any(_is_dunder_name(part) for part in ast.walk(node.test)):
        return ""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, *_Blocks)):
        return "assignment"
    return ""


def _is_dunder_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "__name__"


def _bound(node: ast.stmt) -> Iterator[str]:
    """Names that a statement binds at the top level."""
    if isinstance(node, _Definitions):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, _Blocks):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ExceptHandler):
                for statement in child.body:
                    yield from _bound(statement)
            elif isinstance(child, ast.stmt):
                yield from _bound(child)
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from _assigned(target)


def _assigned(target: ast.expr) -> Iterator[str]:
    """Names that a target binds or changes: of `marked[torch.isnan(x)]` it is `marked` alone."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Attribute, ast.Subscript, ast.Starred)):
        yield from _assigned(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _assigned(element)


def _uses(text: str) -> frozenset[str]:
    """Return the global names that a unit looks up: at the top level, and from within its functions (not locals)."""
    names = set()
    pending = [symtable.symtable(text, "unit", "exec")]
    while pending:
        table = pending.pop()
        pending.extend(table.get_children())
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                names.add(symbol.get_name())
    return frozenset(names) if names else _NOTHING
