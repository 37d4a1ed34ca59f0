"""Translation of what Jupyter adds to Python: magics, commands of the shell, help, prompts that were pasted.

As IPython does it, but in one pass: IPython reads a cell anew for each magic, and gives up at the five hundredth.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from cs231n.handin.lexing import tokens

# Cells that are handed to something else than Python; what stands below %%time and its like is Python.
NO_PYTHON = frozenset({
    "!", "bash", "cmd", "html", "HTML", "javascript", "js", "latex", "markdown", "perl", "R", "ruby", "script", "sh",
    "svg", "SVG", "sx", "system",
})  # fmt: skip
WRITES_FILE = frozenset({"writefile", "file"})

_CELL_MAGIC = re.compile(r"%%(!|\w+)[ \t]*([^\n]*)\n?")
# The one line magic that runs a statement of the student's in the notebook: what it assigns stays.
_TIMED = re.compile(r"[ \t]*%time[ \t]+(?=[^ \t\n])")
_ASSIGNED = re.compile(r"[^=\n#'\"(!]*=[ \t]*(?=!|%[^\W\d])")
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)[ \t]?")
_NUMBERED_PROMPT = re.compile(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |[ \t]*\.{3,}: ?")


def without_magics(text: str) -> str:
    """Return a cell as Python, with as many lines; what is no magic stays as it is.

    A cell that writes a file becomes `get_ipython().run_cell_magic("writefile", name, text)`, a line magic
    `get_ipython().run_line_magic(name, arguments)`: as exported notebooks have them.

    Examples
    --------
    >>> without_magics("%matplotlib inline\\nx = 1")
    "get_ipython().run_line_magic('matplotlib', 'inline')\\nx = 1"
    """
    lead = len(text) - len(text.lstrip())
    magic = _CELL_MAGIC.match(text, lead)
    if magic is None:
        return "".join(_statements(_without_prompts(text)))
    if magic[1] in NO_PYTHON:
        return "\n" * text.count("\n")
    if magic[1] in WRITES_FILE:
        before = "\n" * text.count("\n", 0, lead)
        return f"{before}get_ipython().run_cell_magic('writefile', {magic[2]!r}, {text[magic.end() :]!r})"
    return "".join(_statements(f"{text[:lead]}#{text[lead:]}"))


def _without_prompts(text: str) -> str:
    """Remove what a cell is indented by as a whole, and the prompts of Python and IPython."""
    if text.lstrip("\n")[:1] in (" ", "\t"):
        text = textwrap.dedent(text)
    lines = text.split("\n")
    if any(_NUMBERED_PROMPT.match(line) for line in lines[:2]):
        return "\n".join(_NUMBERED_PROMPT.sub("", line, count=1) for line in lines)
    if ">>>" not in text:
        return text
    inside = _inside_strings(text)
    if not any(line.lstrip().startswith(">>>") for n, line in enumerate(lines) if n not in inside):
        return text
    bare = (line if n in inside else line[_prompt(line) :] for n, line in enumerate(lines))
    return textwrap.dedent("\n".join(bare))


def _prompt(line: str) -> int:
    match = _PROMPT.match(line)
    return match.end() if match else 0


def _inside_strings(text: str) -> set[int]:
    """Return the numbers of the lines that begin inside a string in triple quotes."""
    inside: set[int] = set()
    number = here = 0
    for token in tokens(text):
        if token.kind == "long":
            number += text.count("\n", here, token.start)
            more = text.count("\n", token.start, token.end)
            inside.update(range(number + 1, number + more + 1))
            number, here = number + more, token.end
    return inside


def _statements(text: str) -> Iterator[str]:
    """Yield a text statement by statement; a line that is for IPython stands where a statement begins."""
    here = 0
    while here < len(text):
        stop = _end_of_line(text, here)
        line = text[here:stop]
        timed = _TIMED.match(line)
        if timed:
            yield _indent(line)
            here += timed.end()
        elif start := _start_of_command(line):
            place, for_help = start
            command, here, lines = (line, stop + 1, 1) if for_help else _continued(text, here + place)
            if command.startswith("!") and line[:place].strip():
                command = f"!{command}"  # what it prints is assigned
            yield line[:place] + (_help(line) if for_help else _call(command)) + "\n" * lines
            continue
        end = _end_of_statement(text, here)
        yield text[here:end]
        here = end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _start_of_command(line: str) -> tuple[int, bool] | None:
    """Return where in a line a command begins, and whether it asks for help with a mark at its end."""
    indent = len(_indent(line))
    if _asks_for_help(line):
        return indent, True
    if line[indent : indent + 1] in ("%", "!", "?", ",", ";", "/"):
        return indent, False
    assigned = _ASSIGNED.match(line)
    return (assigned.end(), False) if assigned else None


def _asks_for_help(line: str) -> bool:
    """Whether a line ends as `model.features?` does: with the mark outside of strings and comments."""
    bare = line.rstrip()
    before = bare.rstrip("?")[-1:]
    if not bare.endswith("?") or len(bare) - len(bare.rstrip("?")) > 2:
        return False
    if not (before.isalnum() or before in ("_", "*", "]")) or not before:
        return False
    ends = {token.end: token.kind for token in tokens(bare)}
    # a string that ends with the mark is one that nothing closes: an apostrophe in prose
    return ends.get(len(bare), "string") == "string"


def _help(line: str) -> str:
    return f"get_ipython().run_line_magic('pinfo', {line.strip().rstrip('?')!r})"


def _continued(text: str, start: int) -> tuple[str, int, int]:
    """Return a command with the lines that it is continued on, where the text goes on, and how many lines it took."""
    parts: list[str] = []
    here = start
    while not parts or (parts[-1].endswith("\\") and here < len(text)):
        stop = _end_of_line(text, here)
        parts.append(text[here:stop])
        here = stop + 1
    joined = " ".join([*(part.rstrip()[:-1] for part in parts[:-1]), parts[-1].rstrip()])
    return joined, here, len(parts)


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _call(command: str) -> str:
    """Return the call that IPython makes of a command."""
    sign, content = command[:1], command[1:]
    name, _, arguments = content.partition(" ")
    match sign:
        case "!":
            method = "getoutput" if content.startswith("!") else "system"
            return f"get_ipython().{method}({content.removeprefix('!')!r})"
        case "%":
            return f"get_ipython().run_line_magic({name!r}, {arguments.strip()!r})"
        case "?":
            return f"get_ipython().run_line_magic('pinfo', {content.removeprefix('?').strip()!r})"
        case ",":
            return '{}("{}")'.format(name, '", "'.join(arguments.split()))
        case ";":
            return f'{name}("{arguments}")'
    return f"{name}({', '.join(arguments.split())})"


def _end_of_statement(text: str, start: int) -> int:
    """Return where the line behind a statement begins."""
    for token in tokens(text, start):
        if token.kind == "end" and not token.depth and text[token.start] == "\n":
            return token.end
    return len(text)
