"""Writer of the table of the kit's own stubs, so that a student's bundle recognises a stub without any solution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from cs231n.handin import released_by_kit
from cs231n.handin.definitions import functions_in
from cs231n.handin.parse import parse
from cs231n.handin.statements import says_nothing
from cs231n.handin.stubs import leaves, normalised, statement_text
from grading.assignments.registry import notebooks
from grading.errors import KitError

TABLE = Path(released_by_kit.__file__)
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


def released_statements(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the statements around the solutions that do anything, in the form in which stubs are compared.

    Parameters
    ----------
    texts : iterable of str
        The sources of notebooks, solutions included.
    """
    statements = set()
    for text in texts:
        asked = [text.count("\n", 0, region.start()) + 1 for region in _SOLUTION.finditer(text)]
        # lines keep their numbers: `pass` stands where the solution began
        released = _SOLUTION.sub(lambda region: f"{region[1]}pass" + "\n" * region[0].count("\n"), text)
        for function in functions_in(parse(released).body):
            if any(function.lineno < line <= (function.end_lineno or 0) for line in asked):
                body = leaves(normalised(function))
                statements |= {statement_text(s) for s in body if not says_nothing(s)}
    return tuple(sorted(statements))


def write_stub_table() -> bool:
    """Write the module `cs231n.handin.released_by_kit` if it is not current; return whether it was written.

    Raises
    ------
    KitError
        If it cannot be written.
    """
    statements = released_statements(notebook.source.read_text(encoding="utf-8") for notebook in notebooks())
    if statements == released_by_kit.KIT:
        return False
    lines = "".join(f"    {json.dumps(statement, ensure_ascii=False)},\n" for statement in statements)
    text = f'"""{released_by_kit.__doc__}"""\n\nKIT: tuple[str, ...] = (\n{lines})\n'
    try:
        TABLE.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise KitError(
            "{path} cannot be written: {why}. Make it writable.", path=TABLE, why=error.strerror
        ) from error
    return True
