"""What the task hands out, which nobody has from another student: the code and the hints of the released notebooks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grading.assignments.vocabulary.notebook import Notebook
from grading.notebooks.build import build_notebooks, read_notebook
from grading.notebooks.fill import STUDENT_NOTEBOOKS
from grading.similar.fingerprints import runs
from grading.similar.flow import chains
from grading.similar.tokens import read


@dataclass(frozen=True)
class Given:
    """Runs of tokens and chains of operations of its code, and every name and line of words in it."""

    runs: frozenset[int] = frozenset()
    said: frozenset[str] = frozenset()
    chains: frozenset[str] = frozenset()


def given_in(texts: Iterable[str]) -> Given:
    """Return what is in texts that everybody has: the released notebooks, cell by cell."""
    hashes: set[int] = set()
    said: set[str] = set()
    flow: set[str] = set()
    for text in texts:
        reading = read(text)
        hashes.update(runs([token.text for token in reading.code]))
        said.update(token.text for token in (*reading.library, *reading.names, *reading.words))
        flow.update(chain for chain, _ in chains(text))
    return Given(frozenset(hashes), frozenset(said), frozenset(flow))


def released_cells(notebook: Notebook) -> tuple[str, ...]:
    """Return the texts of the cells of a notebook as a student receives it."""
    path = STUDENT_NOTEBOOKS / f"{notebook.name}.ipynb"
    if notebook.is_shipped and path.is_file():
        return tuple(cell.source for cell in read_notebook(path).cells)
    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        (built,) = build_notebooks(Path(folder), [notebook])
        return tuple(cell.source for cell in read_notebook(built).cells)
