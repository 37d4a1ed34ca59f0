"""The table of what the kit's own stubs contain: current, and without a statement of any solution."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from cs231n.handin import released_by_kit
from cs231n.handin.parse import parse
from cs231n.handin.released import EVERY_STUB
from cs231n.handin.stubs import leaves, normalised, statement_text
from grading.notebooks import stub_table
from grading.assignments.registry import notebooks
from grading.notebooks.stub_table import released_statements, write_stub_table

SOURCE = """
def f(x, rows=3):
    y = prepared(x)
    for _ in range(rows):
        y = shifted(y, 4)
        ### BEGIN SOLUTION
        y += work(x)
        ### END SOLUTION
    return y


def g(x):
    return other(x)
"""


def texts() -> list[str]:
    return [source.read_text(encoding="utf-8") for source in (n.source for n in notebooks())]


def solution_statements() -> set[str]:
    """What is written inside the solutions, with the parameters of the function around them as the table has them."""
    statements = set()
    for text in texts():
        for node in ast.walk(parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
                body = "\n".join(lines)
                for region in re.findall(r"### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", body, re.DOTALL):
                    written = parse(
                        f"{ast.unparse(node).splitlines()[0]}\n{textwrap.indent(textwrap.dedent(region), ' ')}"
                    )
                    (function,) = written.body
                    assert isinstance(function, ast.FunctionDef)
                    statements |= {statement_text(statement) for statement in leaves(normalised(function))}
    return statements


def test_the_table_is_what_the_sources_say() -> None:
    assert released_statements(texts()) == released_by_kit.KIT, "run `make build` and commit cs231n/handin"


def test_no_statement_of_a_solution_is_in_any_table() -> None:
    solutions = solution_statements()
    assert len(solutions) > 60
    (table,) = parse("def stub(_):\n" + "\n".join(f"    {line}" for line in EVERY_STUB)).body
    assert isinstance(table, ast.FunctionDef)
    assert {statement_text(statement) for statement in normalised(table)} & solutions == set()


def test_only_what_stands_around_a_solution_is_in_the_table() -> None:
    assert released_statements([SOURCE]) == (
        "for _ in range(_):\n    pass",
        "y = prepared(_)",
        "y = shifted(y, 0)",
    )


def test_a_changed_source_is_written_and_a_current_table_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, source = tmp_path / "released_by_kit.py", tmp_path / "New.py"
    source.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(stub_table, "TABLE", table)
    assert not write_stub_table()
    assert not table.exists()
    monkeypatch.setattr(stub_table, "notebooks", lambda: [SimpleNamespace(source=source)])
    assert write_stub_table()
    written: dict[str, tuple[str, ...]] = {}
    exec(table.read_text(encoding="utf-8"), written)
    assert written["KIT"] == released_statements([SOURCE])
