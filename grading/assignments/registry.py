"""Which notebooks there are, which assignments are made of them, and which of these is being graded."""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import pkgutil
import re
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path

import grading.assignments
from grading.assignments.own_rooms import own_notebooks
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment, Notebook
from grading.errors import KitError

_VOCABULARY = "vocabulary"

# The assignment whose names are looked up first. Every grading thread has its own.
_in_use: ContextVar[tuple[Notebook, ...]] = ContextVar("in_use", default=())


@functools.cache
def shipped_notebooks() -> tuple[Notebook, ...]:
    """Return the notebooks of the kit, in the order of their folders."""
    rooms = [room.name for room in pkgutil.iter_modules(grading.assignments.__path__) if room.ispkg]
    found = [importlib.import_module(f"grading.assignments.{name}") for name in rooms if name != _VOCABULARY]
    return tuple(room.NOTEBOOK for room in found)


@functools.cache
def assignments() -> dict[str, Assignment]:
    """Return the assignments of the kit by name; the first is graded if none is named."""
    names = dict.fromkeys(name for notebook in shipped_notebooks() for name in notebook.assignments)
    return {
        name: Assignment(name, tuple(n for n in shipped_notebooks() if name in n.assignments))
        for name in names
    }


def default_assignment() -> str:
    """Return the name of the assignment that is graded if none is named."""
    return next(iter(assignments()))


@functools.cache
def assignment(reference: str = "") -> Assignment:
    """Return an assignment, in whatever process.

    Parameters
    ----------
    reference : str
        The name of one of the kit's; "" for the default. The path of a folder of a course's own. Or a list that a
        course composes, `NAME=NOTEBOOK:FOLDER:...` (`composed`).

    Raises
    ------
    KitError
        If there is no such assignment, or it cannot be loaded.
    """
    name, is_list, parts = reference.partition("=")
    if not reference or reference in assignments():
        return assignments()[reference or default_assignment()]
    if is_list and not Path(name).is_dir():
        return _listed(name, parts.split(os.pathsep))
    folder = Path(reference).absolute()
    if not folder.exists() and os.sep not in reference:
        raise KitError(
            "no assignment is called {reference!r}: write {names}, or the path of a folder",
            reference=reference,
            names=", ".join(assignments()),
        )
    return Assignment(folder.name, own_notebooks(folder), (folder,))


def composed(name: str, parts: Iterable[str | Path]) -> str:
    """Return the reference of a list of notebooks: names of the kit's, and folders."""
    return f"{name}={os.pathsep.join(map(str, parts))}"


def _listed(name: str, parts: list[str]) -> Assignment:
    shipped = {notebook.name: notebook for notebook in shipped_notebooks()}
    folders = tuple(Path(part).absolute() for part in parts if part not in shipped)
    own = {folder: own_notebooks(folder) for folder in folders}
    found = [(shipped[part],) if part in shipped else own[Path(part).absolute()] for part in parts]
    return Assignment(name, tuple(notebook for notebooks in found for notebook in notebooks), folders)


@contextlib.contextmanager
def names_of(*wanted: Assignment) -> Iterator[None]:
    """Let names of functions and notebooks mean those of some assignments, here and in what is called.

    A function of a course's own may have the name of one of the kit's: in a process that grades both, this tells which
    is meant.
    """
    before = _in_use.set(tuple(notebook for one in wanted for notebook in one.notebooks))
    try:
        yield
    finally:
        _in_use.reset(before)


def notebooks() -> tuple[Notebook, ...]:
    """Return the notebooks that are known: the kit's, and those in use; of two with one name that in use."""
    known = {notebook.name: notebook for notebook in (*shipped_notebooks(), *_in_use.get())}
    return tuple(known.values())


def all_functions() -> tuple[Function, ...]:
    """Return the functions of all notebooks that are known; of two with one name that in use."""
    return _functions_of((*shipped_notebooks(), *_in_use.get()))


@functools.lru_cache(maxsize=16)
def _functions_of(notebooks: tuple[Notebook, ...]) -> tuple[Function, ...]:
    named = {function.name: function for notebook in notebooks for function in notebook.functions}
    return tuple(named.values())


def functions_in_use() -> tuple[Function, ...]:
    """Return the functions of the assignments in use; those of the default where none is."""
    found = (function for notebook in _in_use.get() for function in notebook.functions)
    return tuple(found) or rubric()


def rubric(reference: str = "") -> tuple[Function, ...]:
    """Return the functions that an assignment asks, in the order of its notebooks."""
    return assignment(reference).functions


def asked_names() -> frozenset[str]:
    """Return every name under which a function of the kit is accepted."""
    return frozenset(name for function in all_functions() for name in function.names)


def file_patterns() -> tuple[re.Pattern[str], ...]:
    """Return what the names of each notebook's files contain."""
    return tuple(notebook.file_pattern for notebook in notebooks())


def function_named(name: str) -> Function:
    """Return the record of a function, by its canonical name."""
    return next(function for function in all_functions() if function.name == name)


def notebook_named(name: str) -> Notebook:
    """Return the record of a notebook."""
    return next(notebook for notebook in notebooks() if notebook.name == name)
