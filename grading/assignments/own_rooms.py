"""Loads the rooms of a course's own notebooks from a folder outside the kit."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError

RECORD = "__init__.py"


@functools.cache
def own_notebooks(folder: Path) -> tuple[Notebook, ...]:
    """Return the notebooks of a folder: a room, or a folder that holds rooms. Loaded once in a process.

    Each room is a package under a name that nothing else has, so two courses may call their rooms alike.

    Parameters
    ----------
    folder : Path
        Absolute.

    Raises
    ------
    KitError
        If there is no such folder, no room in it, or a file of a room cannot be loaded.
    """
    if not folder.is_dir():
        raise KitError(
            "the assignment {folder} does not exist: name the folder of an assignment of your own",
            folder=folder,
        )
    is_room = (folder / RECORD).is_file()
    rooms = [folder] if is_room else sorted(path.parent for path in folder.glob(f"*/{RECORD}"))
    if not rooms:
        raise KitError(
            "{folder} holds no notebook: expected a file {RECORD} there or in a folder in it; "
            "`python -m grading new assignment NAME DIR` writes a folder that has one",
            folder=folder,
            RECORD=RECORD,
        )
    package = f"own_assignment_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if not is_room:
        sys.modules[package] = _package_without_record(package, folder)
    return tuple(_notebook(package if is_room else f"{package}.{room.name}", room) for room in rooms)


def _package_without_record(package: str, folder: Path) -> ModuleType:
    module = ModuleType(package)
    module.__path__ = [str(folder)]
    return module


def _notebook(package: str, room: Path) -> Notebook:
    with _errors_named(room), _importable_by_name(package, room):
        notebook = getattr(_loaded(package, room), "NOTEBOOK", None)
        if isinstance(notebook, Notebook):
            if not notebook.source.is_file():
                raise KitError(
                    "{path} does not exist: it is the notebook with its solutions", path=notebook.source
                )
            _ = notebook.functions  # its checks and mistakes are read, while errors get their place
            return notebook
    raise KitError(
        "{path} has no record: add NOTEBOOK = Notebook(...), as CONTRIBUTING.md shows", path=room / RECORD
    )


def _loaded(package: str, room: Path) -> ModuleType:
    record = room / RECORD
    spec = importlib.util.spec_from_file_location(package, record, submodule_search_locations=[str(room)])
    if spec is None or spec.loader is None:
        raise KitError("{record} cannot be loaded: it is no Python file", record=record)
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _errors_named(room: Path) -> Iterator[None]:
    """Say an author's error by its file and line."""
    try:
        yield
    except KitError:
        raise
    except Exception as error:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if room in Path(frame.filename).parents
        ]
        place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else str(room)
        raise KitError(
            "{place}: {kind}: {error}; correct it there", place=place, kind=type(error).__name__, error=error
        ) from error


@contextlib.contextmanager
def _importable_by_name(package: str, room: Path) -> Iterator[None]:
    """Let the files of a room import each other by the folder's name, unless another package is called so."""
    name = room.name
    if name in sys.modules or not name.isidentifier() or importlib.util.find_spec(name):
        yield
        return
    sys.modules[name] = _package_without_record(name, room)
    try:
        yield
    finally:
        for module in [other for other in sys.modules if other.partition(".")[0] == name]:
            del sys.modules[module]
