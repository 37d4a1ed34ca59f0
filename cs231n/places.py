"""Places in what was handed in: "A.ipynb, cell 3, line 2".

Python knows a cell by such a name, in a traceback too, so that it is English everywhere; a person reads it in another
language as a sentence.
"""

from __future__ import annotations

import re

from cs231n.sentences import sentence

_PLACE = re.compile(r"(?P<file>[^\n]{1,400}\.\w{1,10})(?P<cell>, cell \d{1,9})?(?P<line>, line \d{1,9})?")
_IN_ITS_CELL = re.compile(r"line (\d{1,9}) of its cell")


def parsed(text: str) -> str:
    """Return a place as a sentence; any other text is what it was.

    >>> parsed("A.ipynb, cell 3").id
    '{file}, cell {cell}'
    >>> parsed("A.ipynb")
    'A.ipynb'
    """
    if found := _IN_ITS_CELL.fullmatch(text):
        return sentence("line {line} of its cell", line=int(found[1]))
    found = _PLACE.fullmatch(text) if ", " in text else None
    if not found:
        return text
    file, cell, line = found["file"], found["cell"], found["line"]
    if cell and line:
        return sentence("{file}, cell {cell}, line {line}", file=file, cell=_number(cell), line=_number(line))
    if cell:
        return sentence("{file}, cell {cell}", file=file, cell=_number(cell))
    return sentence("{file}, line {line}", file=file, line=_number(line)) if line else text


def _number(named: str) -> int:
    return int(named.rpartition(" ")[2])
