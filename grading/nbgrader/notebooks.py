"""Notebooks as students hand them in: read leniently, and told apart by what is in them, whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat import NotebookNode

from cs231n.handin.cells import CELL_LIMIT
from cs231n.handin.choose import is_copy
from cs231n.handin.errors import UnreadableError
from cs231n.handin.notebook import notebook_cells
from cs231n.handin.stubs import is_stub
from grading.errors import SubmissionError
from grading.nbgrader.autograder_cells import KnownCell
from grading.notebooks.build import read_notebook

NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json")
# This process reads them: of what is larger, or holds more lists, JSON would take it a gigabyte.
SIZE_LIMIT = 32 << 20
LISTS_LIMIT = 1_000_000
_DEFINES = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(\w+)[ \t]*=(?!=)")


@dataclass(frozen=True)
class Handed:
    """A notebook that was handed in, and what messages call it."""

    label: str
    notebook: NotebookNode


def is_notebook(label: str) -> bool:
    """Whether a file is meant to be a notebook, by its name."""
    return label.lower().endswith(NOTEBOOKS)


def released_notebooks(*folders: Path) -> dict[str, NotebookNode]:
    """Return the notebooks that students were given, by name, from the first of the folders that holds any."""
    for folder in folders:
        if found := sorted(folder.glob("*.ipynb")):
            return {path.stem: read_notebook(path) for path in found}
    return {}


def notebook_of(raw: bytes, label: str) -> NotebookNode:
    """Return a notebook in the current format: any encoding and any nbformat, cells without what they need given it.

    Raises
    ------
    SubmissionError
        If it is no notebook, or one that takes much memory to read.
    """
    if len(raw) > SIZE_LIMIT or raw.count(b"[") + raw.count(b"{") > LISTS_LIMIT:
        raise SubmissionError(
            "{label} has more than {size} MB, or a million lists: clear its outputs and hand it in again",
            label=label,
            size=SIZE_LIMIT >> 20,
        )
    try:
        cells, _ = notebook_cells(raw, label)
    except UnreadableError as error:
        raise SubmissionError(*error.args) from error
    if len(cells) > CELL_LIMIT:
        raise SubmissionError(
            "{label} has {count} cells, more than {most}: hand in the notebook alone",
            label=label,
            count=len(cells),
            most=CELL_LIMIT,
        )
    made = [_cell(cell, number) for number, cell in enumerate(cells) if isinstance(cell, dict)]
    return node({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _cell(found: Mapping[str, Any], number: int) -> dict[str, Any]:
    kind = found.get("cell_type")
    source = found.get("source", found.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if kind == "heading":
        kind, source = "markdown", f"# {source}"
    cell = {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "id": f"cell-{number}",
        "source": source if isinstance(source, str) else "",
        "metadata": _metadata(found.get("metadata")),
    }
    if kind == "code":
        outputs = found.get("outputs") if isinstance(found.get("outputs"), list) else []
        cell |= {"execution_count": None, "outputs": [o for o in map(_output, outputs or ()) if o]}
    elif isinstance(found.get("attachments"), dict):
        cell["attachments"] = {name: _texts(data) for name, data in found["attachments"].items()}
    return cell


def _metadata(found: Any) -> dict[str, Any]:
    """Keep what grading goes by: nbgrader's marks, and the tags of cells that are not run."""
    kept: dict[str, Any] = {}
    if isinstance(found, dict):
        marks, tags = found.get("nbgrader"), found.get("tags")
        if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str):
            kept["nbgrader"] = {k: v for k, v in marks.items() if isinstance(v, str | int | float)}
        if isinstance(tags, list):
            kept["tags"] = [tag for tag in tags if isinstance(tag, str)]
    return kept


_OUTPUTS = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue"),
    "display_data": ("data",),
    "execute_result": ("data",),
}


def _output(found: Any) -> dict[str, Any]:
    """Return an output as its texts and pictures; what is nested deeper is nothing that a page shows."""
    kind = found.get("output_type", "") if isinstance(found, dict) else ""
    if kind not in _OUTPUTS or not all(key in found for key in _OUTPUTS[kind]):
        return {}
    kept = {"output_type": kind, **_texts({key: found[key] for key in _OUTPUTS[kind] if key != "data"})}
    if kind == "error":
        lines = found.get("traceback")
        kept["traceback"] = (
            [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        )
    elif kind != "stream":
        kept |= {"data": _texts(found["data"]), "metadata": {}}
    if kind == "execute_result":
        kept["execution_count"] = None
    return kept


def _texts(found: Any) -> dict[str, str]:
    """Return the texts in a mapping, each as one string."""
    texts = found.items() if isinstance(found, dict) else ()
    return {
        name: "".join(line for line in text if isinstance(line, str))
        for name, text in texts
        if isinstance(text, str | list)
    }


def node(content: Mapping[str, Any]) -> NotebookNode:
    """Return plain data as nbformat's nodes."""
    made: NotebookNode = nbformat.from_dict(dict(content))  # type: ignore[no-untyped-call]
    return made


def marks_of(cell: NotebookNode) -> str:
    """Return the name that nbgrader's metadata gives a cell, or ""."""
    name: str = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name


def plain(text: str) -> str:
    """Return text by which two cells are compared: what editors change without being asked does not count."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def names_defined(text: str) -> frozenset[str]:
    """Return names that a text defines, assigns or imports at its margin, be it code or a note that holds code."""
    names = set()
    for line in text.split("\n"):
        if match := _DEFINES.match(line):
            names.add(match[1] or match[2])
        elif line.startswith("from ") and " import " in line:
            names |= set(re.findall(r"\w+", line.partition(" import ")[2]))
    return frozenset(names)


def function_of(name: str, cell: KnownCell) -> str:
    """Return the function that a cell with a solution asks for."""
    defined = names_defined(cell.source)
    return name if name in defined or not defined else min(defined)


def owners(
    files: Sequence[Handed],
    known: Mapping[str, Mapping[str, KnownCell]],
    released: Mapping[str, NotebookNode],
    graded: Mapping[str, str],
) -> dict[str, list[Handed]]:
    """Return for each notebook of an assignment the files that are one, the one to be graded first.

    Parameters
    ----------
    files : sequence of Handed
    known, released : mapping
        Notebook -> its cells as the gradebook knows them, and as students were given it.
    graded : mapping
        Notebook -> the file that the grader took for it, where that is known.
    """
    found: dict[str, list[Handed]] = {name: [] for name in known}
    texts = {
        name: {plain(cell.source) for cell in released[name].cells} for name in known if name in released
    }
    for file in files:
        likeness = {name: _likeness(file, name, known[name], texts.get(name, set())) for name in known}
        best = max(likeness, key=lambda name: likeness[name], default="")
        if best and any(likeness[best]):
            found[best].append(file)
    for name, candidates in found.items():
        candidates.sort(key=lambda file: _order(file, name, known[name], graded.get(name, "")))
    return found


def _likeness(
    file: Handed, name: str, known: Mapping[str, KnownCell], texts: set[str]
) -> tuple[int, int, bool, bool]:
    cells = file.notebook.cells
    marked = len({marks_of(cell) for cell in cells} & known.keys())
    asked = {
        function_of(n, cell)
        for n, cell in known.items()
        if cell.marks["solution"] and not cell.marks["grade"]
    }
    defined = {n for cell in cells for n in names_defined(cell.source)}
    same = len({plain(cell.source) for cell in cells} & texts)
    stem = re.sub(r"[\W_]+", "", _stem(file.label)).lower()
    return marked + len(asked & defined), same, _stem(file.label) == name, name.lower() in stem


def _order(
    file: Handed, name: str, known: Mapping[str, KnownCell], graded: str
) -> tuple[bool, bool, int, bool, bool, int, str]:
    stem = _stem(file.label)
    return (
        file.label != graded,
        not is_same_file(file.label, graded),
        -_filled(file, known),
        stem != name,
        is_copy(stem),
        file.label.count("/"),
        file.label,
    )


def is_same_file(label: str, graded: str) -> bool:
    """Whether a file is the one that a result names: the folders around a submission may be told or not."""
    return bool(graded) and (label == graded or label.endswith(f"/{graded}") or graded.endswith(f"/{label}"))


def _stem(label: str) -> str:
    name = PurePosixPath(label).name
    return name[: name.lower().rfind(".ipynb")] if ".ipynb" in name.lower() else name


def _filled(file: Handed, known: Mapping[str, KnownCell]) -> int:
    """Count the functions that are filled in."""
    count = 0
    for name, cell in known.items():
        if cell.marks["solution"] and not cell.marks["grade"]:
            function = function_of(name, cell)
            texts = [own.source for own in file.notebook.cells if function in names_defined(own.source)]
            count += any(not is_stub(text) for text in texts[-1:])
    return count
