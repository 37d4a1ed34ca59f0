"""Spoils notebooks the way disks, tools and people do: in their bytes, in their JSON, in the text of their cells."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

# Pieces of text that have broken readers of Python: odd characters, unfinished or ancient syntax, deep nesting.
PIECES = (
    "def", "class X:", "return", "lambda", "async ", "await x", "match x:\n  case _:", "yield",
    "global model", "del X", "import *", "from . import x", "from __future__ import braces", "print 'x'",
    "exec 'x'", "raise E, 'x'", "`x`", "<>", "0777", "1__0", "10" * 3000, "f'{x!r:{y}}'", "f'{", "'''",
    '"""', "'", "\\", "\\\n", ":", "(", ")", "[" * 300, "(" * 3000, "-" * 5000 + "1", "x" + ".a" * 3000,
    "\t", " \t ", "\r", "\x0c", "\0", "\ufeff", "\u200b", "\ud800", "\U0001f600", "变量 = 1", "ﬁ = 1",
    "%matplotlib inline", "%%time", "%%bash\nrm x", "%time x = 1", "!ls {x}", "?x", "x?", "%", "@",
    "@decorator\n", "### BEGIN SOLUTION", "# *****START OF YOUR CODE*****", "# TODO", "pass",
    "raise NotImplementedError", "-*- coding: x -*-", "# -*- coding: utf-16 -*-", "if True:\n", "else:",
    "try:", "with open(x) as y:", "for _ in range(10): ", "x = y = z = 1", "x: int", "*a, b = c",
    "tv_loss = gram_matrix", "def tv_loss(): pass", "class tv_loss: pass", "type X = int",
    "while True: pass", "%run x.py\n", "%run -i StyleTransfer.ipynb\n", "%load x\n", "%%writefile x.py\n",
    "%%writefile -a ../x.py\n", "%%html\n", "%%capture\n", "x = %pwd\n", ">>> ", "In [1]: ", "%run '\n",
    "exec(open('x.py').read())\n", "get_ipython().run_cell_magic('file', 'a.py', 'x = 1')\n", "%m\n" * 600,
    "print a; " * 99, 'f"' + "{a[" * 99, "f'" + "{a}" * 4000 + "'", "(" * 150 + ")" * 150, "else a: " * 99,
    'x = = """\n' * 50, "{" * 101, "<<<<<<< HEAD\n", "=======\n", "if x:\n " * 3, "lambda: " * 4000 + "1",
)  # fmt: skip
VALUES = (
    None, True, 0, -1, 2**70, 1.5, "", "x", "\ud800", "code", "markdown", [], {}, [[]], [None], [1, "x"],
    {"x": None}, ["a", 3, None], {"source": 3}, {"cell_type": "code"},
    {"cell_type": "code", "source": {"0": "x"}}, {"cell_type": ["code"], "source": "x = 1"},
)  # fmt: skip


def mutated(notebook: bytes, seed: int) -> bytes:
    """Return a notebook with one to four mutations, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        notebook = chance.choice((_in_bytes, _in_json, _in_cells, _in_cells))(notebook, chance)
    return notebook


def _in_bytes(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    end = min(len(raw), start + chance.choice((1, 2, 16, 1000)))
    match chance.randrange(8):
        case 0:
            return raw[:start]
        case 1:
            return raw[:start] + raw[end:]
        case 2:
            return raw[:end] + raw[start:]
        case 3:
            return raw[:start] + chance.randbytes(end - start) + raw[end:]
        case 4:
            return (
                raw[:start] + chance.choice((b"[", b"{", b'"', b"\\", b"\0", b"}", b"]")) * 2000 + raw[start:]
            )
        case 5:
            encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp037"))
            return raw.decode("utf-8", "replace").encode(encoding, "replace")
        case 6:
            return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"")))
        case _:
            return raw.replace(b"    ", chance.choice((b"\t", b" ", b"", b"  \t")))


def _in_json(raw: bytes, chance: random.Random) -> bytes:
    notebook = _loaded(raw)
    if notebook is None:
        return _in_bytes(raw, chance)
    holder: Any = notebook
    for _ in range(chance.randrange(1, 8)):
        below = [value for value in _values(holder) if isinstance(value, dict | list) and value]
        if not below:
            break
        holder = chance.choice(below)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if not keys:
        return _in_bytes(raw, chance)
    key = chance.choice(keys)
    match chance.randrange(5):
        case 0:
            del holder[key]
        case 1:
            holder[key] = copy.deepcopy(notebook)
        case 2 if isinstance(holder, list):
            holder.extend(copy.deepcopy(holder) * chance.choice((1, 20)))
        case 3 if isinstance(holder, list):
            chance.shuffle(holder)
        case _:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
    return json.dumps(notebook, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _in_cells(raw: bytes, chance: random.Random) -> bytes:
    notebook = _loaded(raw)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    code = (
        [c for c in cells if isinstance(c, dict) and c.get("cell_type") == "code"]
        if isinstance(cells, list)
        else []
    )
    if not code:
        return _in_bytes(raw, chance)
    cell = chance.choice(code)
    source = cell.get("source", "")
    text = "".join(str(line) for line in source) if isinstance(source, list) else str(source)
    cell["source"] = _in_text(text, chance)
    return json.dumps(notebook).encode()


def _in_text(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    number = chance.randrange(len(lines))
    match chance.randrange(7):
        case 0:
            del lines[number]
        case 1:
            lines[number] = chance.choice((" ", "\t", "        ")) + lines[number]
        case 2:
            lines[number] = lines[number].lstrip()
        case 3:
            lines.insert(number, chance.choice(PIECES) + chance.choice(("", "\n")))
        case 4:
            place = chance.randrange(len(lines[number]) + 1)
            lines[number] = lines[number][:place] + chance.choice(PIECES) + lines[number][place:]
        case 5:
            lines[number] = lines[number].rstrip("\n")
        case _:
            other = chance.randrange(len(lines))
            lines[number], lines[other] = lines[other], lines[number]
    return "".join(lines)


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _values(holder: Any) -> list[Any]:
    return (
        list(holder.values())
        if isinstance(holder, dict)
        else list(holder)
        if isinstance(holder, list)
        else []
    )
