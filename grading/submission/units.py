"""Units of source: cells cut into definitions, imports and assignments, with the names each binds and uses."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cs231n.handin.cells import Cell
from cs231n.handin.parse import parse, without_warnings
from cs231n.handin.stubs import is_stub
from grading.submission.old_python import translate

_DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_Definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Blocks = (ast.If, ast.Try, ast.With, ast.For)
# Python ends a line at each of them, and lines are counted here as Python counts them.
_LINE_END = re.compile(r"\r\n?")
STAR = "*"
BLOCKS_JOINED = 60
# Looking for what can be saved of text that is no Python takes time with the square of its length.
LINES_TO_SAVE = 4_000


@dataclass(frozen=True)
class Unit:
    """One top-level statement that defines something.

    Attributes
    ----------
    source : str
        Its text, padded so that line numbers are those of the cell.
    place : str
        The cell or file it comes from.
    kind : str
        "definition", "import" or "assignment".
    binds, uses : frozenset of str
        Names it defines (`STAR` for an import of everything), and global names it may look up when run or called.
    translated : tuple of str
        What was rewritten before it parsed: keys of `old_python.TRANSLATIONS`.
    """

    source: str
    place: str
    kind: str
    binds: frozenset[str]
    uses: frozenset[str]
    translated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken:
    """Text that is no Python, and the names of functions that it was meant to define.

    It may be a stub all the same: a function of nothing but comments, its `pass` deleted.
    """

    place: str
    message: str
    names: frozenset[str]
    lines: int = 1
    stub: bool = False


def units_of(cells: Iterable[Cell]) -> tuple[list[Unit], list[Broken]]:
    """Return the units of all cells in order, and what could not be parsed.

    A cell that does not parse is tried again with its magics translated, then block by block: a syntax error costs
    only the block that holds it.
    """
    units: list[Unit] = []
    broken: list[Broken] = []
    with without_warnings():
        for cell in cells:
            cell = replace(cell, source=_LINE_END.sub("\n", cell.source))
            for text, tree, translated in _parsed(cell, broken):
                _cut(text, tree, cell.place, translated, units, broken)
    return units, broken


def _parsed(cell: Cell, broken: list[Broken]) -> Iterator[tuple[str, ast.Module, tuple[str, ...]]]:
    tree = _parse(cell.source)
    if isinstance(tree, ast.Module):
        yield cell.source, tree, ()
        return
    if cell.source.count("\n") + sum(item.lines for item in broken) > LINES_TO_SAVE:
        broken.append(Broken(cell.place, tree, _defined(cell.source), cell.source.count("\n")))
        return
    plain = _without_magics(cell.source)
    for text, translated in ((plain, ()), translate(plain)):
        tree = _parse(text)
        if isinstance(tree, ast.Module):
            yield text, tree, translated
            return
    for block in _blocks(plain):
        tree = _parse(block)
        if isinstance(tree, ast.Module):
            yield block, tree, ()
            continue
        text, translated = translate(block)
        again = _parse(text) if translated else tree
        if isinstance(again, ast.Module):
            yield text, again, translated
        else:
            lines = block.strip().count("\n") + 1
            broken.append(Broken(cell.place, tree, _defined(block), lines, is_stub(block)))


def _defined(text: str) -> frozenset[str]:
    return frozenset(_DEFINITION.findall(text))


def _parse(text: str) -> ast.Module | str:
    """Return the syntax tree, or the message of the error."""
    try:
        return parse(text)
    except SyntaxError as error:
        return f"{type(error).__name__}: {error.msg} (line {error.lineno})"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}".removesuffix(": ")


# The one magic that runs a statement of the student's in the notebook: what it assigns stays.
_TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)


def _without_magics(text: str) -> str:
    """Translate `%magic`, `!command`, `?help` as IPython does, so that the rest of the cell counts."""
    from IPython.core.inputtransformer2 import TransformerManager

    text = _TIMED.sub(r"\1", text)
    try:
        if text.lstrip().startswith("%%"):
            # A cell magic hands the whole cell to a command; what stands below %%time and its like is still Python.
            lead = text[: len(text) - len(text.lstrip())]
            text = lead + "#" + text.lstrip()
        return str(TransformerManager().transform_cell(text))  # type: ignore[no-untyped-call]
    except (SyntaxError, ValueError, RecursionError, IndexError):
        return text


_CONTINUES = re.compile(r"\s|$|#|[)\]}%]|(?:else|elif|except|finally)\b")


def _blocks(text: str) -> Iterator[str]:
    """Yield the top-level blocks of a text that does not parse as a whole, each at its own line.

    A block that does not parse alone, but does with some of those behind it, is one with them: a docstring whose
    lines stand at the margin.
    """
    lines = text.split("\n")
    starts = [0]
    for number, line in enumerate(lines):
        if number and not _CONTINUES.match(line) and not lines[number - 1].startswith("@"):
            starts.append(number)
    ends = [*starts[1:], len(lines)]
    here = 0
    while here < len(starts):
        upto = next(
            (k for k in _reach(lines, starts, ends, here) if _is_python(lines[starts[here] : ends[k]])), here
        )
        block = "\n".join(lines[starts[here] : ends[upto]])
        if block.strip():
            yield "\n" * starts[here] + block
        here = upto + 1


def _reach(lines: list[str], starts: list[int], ends: list[int], here: int) -> Iterator[int]:
    """Yield the blocks that the one at `here` may extend to: up to the next definition, if it opens a string."""
    yield here
    text = "\n".join(lines[starts[here] : ends[here]])
    if '"""' not in text and "'''" not in text:
        return
    for number in range(here + 1, min(len(starts), here + BLOCKS_JOINED)):
        if _DEFINITION.match(lines[starts[number]]):
            return
        yield number


def _is_python(lines: list[str]) -> bool:
    return isinstance(_parse("\n".join(lines)), ast.Module)


def _cut(
    source: str,
    tree: ast.Module,
    place: str,
    translated: tuple[str, ...],
    units: list[Unit],
    broken: list[Broken],
) -> None:
    """Add the units of a text that parses. What Python refuses only later, or what is nested too deep, is broken."""
    lines = source.split("\n")
    for node in tree.body:
        binds: frozenset[str] = frozenset()
        try:
            for part in _parts(node):
                kind, binds = _kind(part), frozenset(_bound(part))
                if kind and binds:
                    text = _segment(lines, part, node)
                    units.append(Unit(text, place, kind, binds, frozenset(_uses(text)), translated))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            said = f"{error.msg} (line {error.lineno})" if isinstance(error, SyntaxError) else str(error)
            broken.append(Broken(place, f"{type(error).__name__}: {said}", binds))


def _parts(node: ast.stmt) -> Iterator[ast.stmt]:
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


def _segment(lines: list[str], part: ast.stmt, node: ast.stmt) -> str:
    first: int = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    if part is not node or _shares_lines(lines, node):
        return "\n" * (first - 1) + ast.unparse(part)
    return "\n" * (first - 1) + "\n".join(lines[first - 1 : node.end_lineno])


def _shares_lines(lines: list[str], node: ast.stmt) -> bool:
    """Whether other statements stand on the same lines (`a = 1; b = 2`)."""
    if node.col_offset or node.end_lineno is None or node.end_col_offset is None:
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
    if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
        return ""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, *_Blocks)):
        return "assignment"
    return ""


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


def _uses(source: str) -> Iterator[str]:
    """Global names that a unit looks up: at the top level, and from within its functions (not their locals)."""
    pending = [symtable.symtable(source, "unit", "exec")]
    while pending:
        table = pending.pop()
        pending.extend(table.get_children())
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                yield symbol.get_name()
