"""Statements of a notebook that refer to another file of its folder: %run, %load, %%writefile, exec(open(...))."""

from __future__ import annotations

import ast
import shlex
from dataclasses import dataclass

RUNS, LOADS, WRITES, APPENDS = "runs", "loads", "writes", "appends"
REFERENCES = frozenset({RUNS, LOADS, WRITES, APPENDS})

_MAGICS = {"run": RUNS, "load": LOADS, "loadpy": LOADS}
# Options whose value is the next word.
_WITH_VALUE = frozenset({"-r", "-s", "-N", "-T", "-l"})
# No command of a person's is nearly as long, and taking a longer one apart takes time with the square of its length.
_LONGEST = 1_000


@dataclass(frozen=True)
class Reference:
    """What a statement does with a file: one of `REFERENCES`, the file as it is named, and what is written to it."""

    kind: str
    file: str
    text: str = ""


def reference_in(statement: ast.stmt) -> Reference | None:
    """Return what a statement does with another file, if it is one of the forms that are known.

    A magic stands in it as `magics.without_magics` and exported notebooks have it.

    Examples
    --------
    >>> reference_in(ast.parse("get_ipython().run_line_magic('run', '-i helpers.py')").body[0])
    Reference(kind='runs', file='helpers.py', text='')
    """
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr=method),
                args=[*arguments],
            )
        ):
            words = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            return _magic(method, words) if len(words) == len(arguments) else None
        case ast.Expr(value=ast.Call(func=ast.Name(id="exec"), args=[code, *_])):
            return _executed(code)
        case ast.Expr(value=ast.Call(func=ast.Name(id="execfile"), args=[file, *_])):
            return _opened(file)
    return None


def _magic(method: str, words: list[str]) -> Reference | None:
    match method, words:
        case "run_line_magic", [name, arguments]:
            return _line_magic(name, arguments)
        case "magic", [command]:  # in notebooks exported by older versions
            name, _, arguments = command.lstrip("%").partition(" ")
            return _line_magic(name, arguments)
        case "run_cell_magic", ["writefile" | "file", arguments, text]:
            named = _words(arguments)
            kind = APPENDS if {"-a", "--append"} & set(named) else WRITES
            files = [word for word in named if not word.startswith("-")]
            return Reference(kind, files[0], text) if len(files) == 1 else None
    return None


def _line_magic(name: str, arguments: str) -> Reference | None:
    words = _words(arguments) if name in _MAGICS else []
    while words and words[0].startswith("-"):
        if words[0] == "-m" and len(words) > 1:
            return Reference(_MAGICS[name], words[1].replace(".", "/") + ".py")
        words = words[2 if words[0] in _WITH_VALUE else 1 :]
    return Reference(_MAGICS[name], words[0]) if words else None


def _words(arguments: str) -> list[str]:
    if len(arguments) > _LONGEST:
        return []
    try:
        return shlex.split(arguments)
    except ValueError:
        return []


def _executed(code: ast.expr) -> Reference | None:
    """Return what `exec(open("helpers.py").read())` refers to, also with `compile` around it."""
    match code:
        case ast.Call(func=ast.Name(id="compile"), args=[inner, *_]):
            return _executed(inner)
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="open"), args=[opened, *_]), attr="read")
        ):
            return _opened(opened)
    return None


def _opened(file: ast.expr) -> Reference | None:
    name = file.value if isinstance(file, ast.Constant) else None
    return Reference(RUNS, name) if isinstance(name, str) and len(name) <= _LONGEST else None
