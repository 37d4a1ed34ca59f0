"""Submissions that are meant to make a reader slow: each kind at any size, with a right function behind it.

Each is files of code cells; the last cell of the first file defines `tv_loss`, which must be found, however much stands
before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

RIGHT = "def tv_loss(img, tv_weight):\n    return tv_weight * ((img[:, :, 1:] - img[:, :, :-1]) ** 2).sum()"
NOTEBOOK = "StyleTransfer.ipynb"

Files = tuple[tuple[str, bytes], ...]


def notebook(*cells: str) -> bytes:
    """Return a notebook of code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


def _pieces(piece: str, before: str = "", behind: str = "") -> Callable[[int], Files]:
    """One cell in which a piece stands `size` / its length times."""
    return lambda size: ((NOTEBOOK, notebook(before + piece * (size // len(piece)) + behind, RIGHT)),)


def _numbered(piece: str, before: str = "", behind: str = "") -> Callable[[int], Files]:
    """One cell with a piece that has the number `{n}` in it, and that of the next."""
    return lambda size: ((NOTEBOOK, notebook(before + _many(piece, size) + behind, RIGHT)),)


def _cells(piece: str) -> Callable[[int], Files]:
    """Many cells; up to the five thousand that a notebook may have."""
    return lambda size: ((NOTEBOOK, notebook(*[piece] * min(4_900, size // 100), RIGHT)),)


def _files(text: str, name: str = "file{n}.py") -> Callable[[int], Files]:
    """Many files beside the notebook."""
    return lambda size: (
        (NOTEBOOK, notebook(RIGHT)),
        *((name.format(n=n), text.format(n=n, next=n + 1).encode()) for n in range(size // 200)),
    )


def _many(piece: str, size: int) -> str:
    return "".join(piece.format(n=n, next=n + 1) for n in range(size // len(piece)))


def _script(piece: str) -> Callable[[int], Files]:
    return lambda size: (("style_transfer.py", (piece * (size // len(piece)) + "\n" + RIGHT).encode()),)


def _runs_many(size: int) -> Files:
    lines = "%run other.py\n" * (size // 200)
    return (NOTEBOOK, notebook(lines, RIGHT)), ("other.py", b"k = 1\n" * (size // 200))


def _run_by_many(size: int) -> Files:
    others = ((f"n{n}.ipynb", notebook("%run other.py", "x = 1")) for n in range(size // 1_000))
    return (NOTEBOOK, notebook(RIGHT)), ("other.py", b"k = 1\n" * (size // 200)), *others


# Unfinished code in front of them, so that a cell is searched for what can be saved.
_OPEN = "x = (\n"
KINDS: dict[str, Callable[[int], Files]] = {
    # long runs of one thing
    "spaces": _pieces(" ", "print a", "b\n)"),
    "spaces behind a print": _pieces(" ", "if x: print", "\n)"),
    "spaces behind a semicolon": _pieces(" ", "a;", "print b\n)"),
    "semicolons and spaces": _pieces(";  ", "a", "print b\n)"),
    "spaces behind async": _pieces(" ", "f(async", ")\n)"),
    "async": _pieces("async ", "f(", ")\n)"),
    "async with spaces": _pieces(",async    ", "f(", ")\n)"),
    "spaces behind except": _pieces(" ", "except", ",\n)"),
    "dots behind except": _pieces(".", "except a", "\n)"),
    "spaces behind %time": _pieces(" ", "%time", "\n)"),
    "spaces behind a magic": _pieces(" ", "%magic", "x\n)"),
    "spaces behind def": _pieces(" ", "def", "\n)"),
    "lines behind def": _pieces("\n", "def", "x\n)"),
    "lines behind async": _pieces("\n", "async", "x\n)"),
    "blank lines": _pieces("\n", "x = 1", "y = 2 3"),
    "lines of blanks": _pieces("    \n", "x = 1\n", "y = 2 3"),
    "print": _pieces("print ", "", "\n)"),
    "prints on lines": _pieces("print a, b\n"),
    "prints behind semicolons": _pieces("print a; "),
    "prints with commas": _pieces("print a,,,,,,,,,,,,,,,,,,,\n"),
    "commas": _pieces(",", "print a", "\n)"),
    "excepts on one line": _pieces("except a,", "", "\n)"),
    "excepts on lines": _pieces("except a,\n"),
    "old try": _pieces("try:\n  a\nexcept B, c:\n  d\n"),
    "quotes": _pieces('"', "x = ", " y z"),
    "apostrophes": _pieces("'", "x = ", " y z"),
    "both quotes": _pieces("\"'", "x = ", " y z"),
    "escaped quotes": _pieces('\\"', "x = y z ", "\n)"),
    "open strings": _pieces('"a\n'),
    "open long strings": _pieces('x = """a\n'),
    "quotes in a long string": _pieces('"" ', 'x = """', "\n)"),
    "f-string begins": _pieces('f"', "x = y z ", "\n)"),
    "f-string with fields": _pieces("{a}", 'x = f"', '"'),
    "f-strings in a row": _pieces('f"{a}" ', "x = (", ")"),
    "f-strings of the new form": _pieces('f"{a["b"]}" ', "x = (", ")"),
    "open f-string with fields": _pieces("{a", 'x = f"', "\n)"),
    "f-strings as long as may be": _pieces('f"' + "{a}" * 3_000 + '"\n'),
    "long f-string in lines": _pieces("{a}\n", 'x = f"""', '"""'),
    "backslashes": _pieces("\\", "x = y z ", "\n)"),
    "joined lines": _pieces("\\\n", "x = y z ", "\n)"),
    "joined magic": _pieces("a \\\n", "!echo "),
    "round brackets": _pieces("(", "x = "),
    "square brackets": _pieces("[", "x = "),
    "closing brackets": _pieces(")", "x = 1"),
    "closed brackets": _pieces("()", "x = f"),
    "braces": _pieces("{", "x = "),
    "brackets on lines": _pieces("(\n"),
    "hash signs": _pieces("#", "x = y z ", "\n)"),
    "comments": _pieces("# START OF YOUR CODE\n", "def f():\n", "\n)"),
    "percent signs": _pieces("%", "", "\n)"),
    "question marks": _pieces("?", "a", "\n)"),
    "questions": _pieces("is it?\n", _OPEN),
    "exclamation marks": _pieces("!", "", "\n)"),
    "equals signs": _pieces("=", "a", "\n)"),
    "assignments in a row": _pieces("a = ", "", "1"),
    "a line of statements": _pieces("a=1;"),
    "a line of unicode": _pieces("é=1;"),
    "imports on one line": _numbered("a{n},", "import ", "a"),
    "sum": _pieces("1 + ", "x = ", "1"),
    "attributes": _pieces(".a", "x = a"),
    "minus signs": _pieces("-", "x = ", "1"),
    "not": _pieces("not ", "x = ", "1\n)"),
    "lambda": _pieces("lambda: ", "x = ", "1\n)"),
    "if and else": _pieces("1 if a else ", "x = ", "1\n)"),
    "comparison": _pieces("a < ", "x = ", "1"),
    "elif": _pieces("elif a:\n  x = 1\n", "if a:\n  x = 1\n", ")"),
    "a long name": _pieces("a", "", " = 1"),
    "a long name that is no Python": _pieces("a", "x y", "?"),
    "a long number": _pieces("7", "x = "),
    "a long number in base 16": _pieces("f", "x = 1; y = 0x"),
    "a null byte": _pieces("a = 1\n", "", "\0"),
    "surrogates": _pieces("a = '\ud800'\n"),
    # many statements
    "assignments of one name": _pieces("a=1\n"),
    "assignments": _numbered("a{n}=1\n"),
    "definitions of one name": _pieces("def f(x): return f\n"),
    "definitions of what is asked": _pieces("def tv_loss(a): pass\n"),
    "assignments of what is asked": _pieces("tv_loss=1\n"),
    "definitions that use the next": _numbered("def f{n}(): return f{next}()\n", behind="tv_weight = f0()"),
    "assignments that use the next": _numbered("a{n}=a{next}\n", behind="img = a0"),
    "star imports": _numbered("from m{n} import *\n"),
    "imports of what is asked": _numbered("from file{n} import a as tv_loss\n"),
    "classes with what is asked": _pieces("class A:\n def tv_loss(s): pass\n"),
    "methods": _pieces(" def tv_loss(s): pass\n", "class A:\n"),
    "decorators": _pieces("@a\n", "", "def f(): pass"),
    "decorators of nothing": _pieces("@a\n"),
    "nested functions": _pieces(" def g(): return a\n", "def f():\n"),
    "globals": _numbered("a{n},", "def f():\n global ", "a"),
    "if at the margin": _pieces("if a:\n x = 1\n"),
    "__name__": _pieces("if __name__ == a:\n x = 1\n"),
    "markers": _pieces("  # TODO\n  x = 1\n  # END OF YOUR CODE\n", "def tv_loss(a, b):\n"),
    # many pieces that are no Python
    "magics": _pieces("%y\n"),
    "magics in brackets": _pieces("%y\n", "", ")"),
    "commands": _pieces("x = !ls\n"),
    "help": _pieces("a?\n"),
    "prompts": _pieces(">>> x = 1\n"),
    "numbered prompts": _pieces("In [1]: x = 1\n"),
    "prompts and long strings": _pieces('>>> """\n'),
    "indented lines": _pieces("    x = 1\n"),
    "timed lines": _pieces("%time x = 1\n"),
    "broken blocks": _pieces("x = = 1\n"),
    "broken definitions": _pieces("def f(x):\n  return (\n"),
    "broken definitions of what is asked": _pieces("def tv_loss(x):\n  return )\n"),
    "empty definitions": _pieces("def f(x):\n"),
    "blocks that open strings": _pieces('x = = """\n'),
    "blocks that open brackets": _pieces("x = = (\n"),
    "blocks that open and close": _pieces('x = = """\na\n"""\n'),
    "conflicts": _pieces("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"),
    "prose": _pieces("And so it is, that I don't know.\n"),
    # many cells, files, references
    "cells": _cells("x = 1"),
    "broken cells": _cells("x = = 1\n"),
    "cells of shell": _cells("%%bash\nls"),
    "cells that write": _cells("%%writefile a.py\nx = 1"),
    "cells that append": _cells("%%writefile -a a.py\nx = 1"),
    "cells that run what is not there": _cells("%run b.py"),
    "a script with marks": _script("# %%\nx = 1\n"),
    "files": _files("x = 1"),
    "files that define what is asked": _files(RIGHT.replace("{", "{{")),
    "files that import each other": _files("from file{next} import a as tv_loss"),
    "notebooks that run each other": _files(
        notebook("%run n{next}.ipynb")
        .decode()
        .replace("{", "{{")
        .replace("}", "}}")
        .replace("{{next}}", "{next}"),
        "n{n}.ipynb",
    ),
    "a file run many times": _runs_many,
    "a file run by many": _run_by_many,
}
