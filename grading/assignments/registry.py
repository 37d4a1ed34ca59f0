"""Registry of the notebooks, and of the assignments that are made of them."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re

import grading.assignments
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError

_VOCABULARY = "vocabulary"


@functools.cache
def notebooks() -> tuple[Notebook, ...]:
    """Return the notebooks of the kit, in the order of their folders."""
    rooms = [room.name for room in pkgutil.iter_modules(grading.assignments.__path__) if room.ispkg]
    found = [importlib.import_module(f"grading.assignments.{name}") for name in rooms if name != _VOCABULARY]
    return tuple(room.NOTEBOOK for room in found)


@functools.cache
def assignments() -> dict[str, tuple[Notebook, ...]]:
    """Return the notebooks of each assignment of the kit, by its name; the first is graded if none is named."""
    names = dict.fromkeys(name for notebook in notebooks() for name in notebook.assignments)
    return {name: tuple(n for n in notebooks() if name in n.assignments) for name in names}


def default_assignment() -> str:
    """Return the assignment that is graded if none is named."""
    return next(iter(assignments()))


@functools.cache
def rubric(assignment: str = "") -> tuple[Function, ...]:
    """Return the functions that an assignment asks, in the order of its notebooks.

    Parameters
    ----------
    assignment : str
        Its name; "" for the default.

    Raises
    ------
    KitError
        If there is no assignment of that name.
    """
    name = assignment_of(assignment)
    return tuple(function for notebook in assignments()[name] for function in notebook.functions)


@functools.cache
def all_functions() -> tuple[Function, ...]:
    """Return the functions of all notebooks; no two have one name."""
    return tuple(function for notebook in notebooks() for function in notebook.functions)


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


def assignment_of(name: str | None) -> str:
    """Return the name of an assignment as it was typed, or the default.

    Raises
    ------
    KitError
        If there is none of that name.
    """
    if name and name not in assignments():
        raise KitError(f"no assignment is called {name!r}: write {' or '.join(assignments())}")
    return name or default_assignment()
