"""The records of a notebook and of an assignment, which is a list of notebooks."""

from __future__ import annotations

import functools
import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import cs231n
from cs231n.sentences import sentence
from grading.assignments.vocabulary.check import Check, declared_in
from grading.assignments.vocabulary.detector import Detector, Explanation
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Recipe
from grading.errors import KitError

# The rooms of the kit's own notebooks lie in this package; those of a course lie anywhere.
_KIT = "grading.assignments."

_Declared = TypeVar("_Declared", Check, Detector, Explanation, Recipe)


@dataclass(frozen=True, eq=False)
class Notebook:
    """A notebook that is asked. Its folder holds its source (`notebook.py`), `checks` and `mistakes`.

    Attributes
    ----------
    name : str
        Its file is called NAME.ipynb.
    package : str
        The dotted name of its room: `__name__` there.
    folder : Path
    declared : tuple of Function
        The records of its functions, in the order in which they are asked.
    files : str
        A regular expression (case does not count) that names of handed-in files contain; "" for the notebook's name.
    assignments : tuple of str
        The kit's assignments that ask for it; () for a notebook of a course's own.
    title : str
        What a heading says of it, in a few words.
    provided : mapping
        Globals that its set-up cells make: the kit's own take their place, whatever was handed in makes of them. Name
        -> where it comes from, "module:name", with "()" after it if that is called to make it. Student code can import
        the module: it is the course's, or installed.
    inputs : tuple of str
        Those of `provided` that hold what functions are given as arguments.
    """

    name: str
    package: str
    folder: Path
    declared: tuple[Function, ...]
    files: str = ""
    assignments: tuple[str, ...] = ()
    title: str = ""
    provided: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()

    @property
    def is_shipped(self) -> bool:
        """Whether it is one of the kit's own."""
        return self.package.startswith(_KIT)

    @property
    def public_answers(self) -> Path:
        """The stored answers of its public checks: in `cs231n` for the kit's own, else in its room."""
        folder = Path(cs231n.__file__).parent / "answers" if self.is_shipped else self.folder
        return folder / f"{self.name}.npz"

    @property
    def source(self) -> Path:
        """The notebook with its solutions, as text (py:percent)."""
        return self.folder / "notebook.py"

    @functools.cached_property
    def file_pattern(self) -> re.Pattern[str]:
        """What is searched for in the names of files."""
        return re.compile(self.files or re.escape(self.name), re.IGNORECASE)

    @functools.cached_property
    def functions(self) -> tuple[Function, ...]:
        """Its functions with their checks and mistakes, which register themselves by being written in the room.

        Raises
        ------
        KitError
            If a check, a recipe or a detector is of no function of this notebook, or a function has no check.
        """
        checks = [check for module in self._modules("checks") for check in declared_in(module)]
        recipes = {recipe.function: recipe for recipe in self._in_mistakes(Recipe)}
        detectors = list(dict.fromkeys(self._in_mistakes(Detector)))
        explanations = {explanation.function: explanation for explanation in self._in_mistakes(Explanation)}
        known = {function.name for function in self.declared}
        named = [check.function for check in checks] + [detector.function for detector in detectors]
        for name in (*named, *recipes, *explanations):
            if name not in known:
                raise KitError(
                    "{folder} has checks or mistakes of {name}, which its NOTEBOOK does not declare: "
                    "add Function({name}) to {file}, or correct the name",
                    folder=self.folder,
                    file=self.folder / "__init__.py",
                    name=repr(name),
                )
        unchecked = [function.name for function in self.declared if not _of(function.name, checks)]
        if unchecked:
            raise KitError(
                "{file} has no check of {names}: a function is worth the points of its checks, so write one, "
                '@check("{first}", points=...)',
                file=self.folder / "checks.py",
                names=", ".join(unchecked),
                first=unchecked[0],
            )
        return tuple(
            replace(
                function,
                notebook=self.name,
                checks=_of(function.name, checks),
                recipe=recipes.get(function.name),
                detectors=_of(function.name, detectors),
                explanation=explanations.get(function.name),
                file_pattern=self.file_pattern,
                provided=self.provided,
                inputs=self.inputs,
            )
            for function in self.declared
        )

    def _in_mistakes(self, kind: type[_Declared]) -> Iterator[_Declared]:
        """Yield what is declared in the modules of mistakes; a module may also import it from another one."""
        for module in self._modules("mistakes"):
            for value in vars(module).values():
                if isinstance(value, kind):
                    yield value

    def _modules(self, name: str) -> Iterator[ModuleType]:
        """Yield a module of the room or, where it is a folder, those in it, by name; none if there is no such."""
        try:
            module = importlib.import_module(f"{self.package}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{self.package}.{name}":
                raise
            return
        yield module
        for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
            yield importlib.import_module(found.name)


def _of(function: str, declared: list[_Declared]) -> tuple[_Declared, ...]:
    return tuple(one for one in declared if one.function == function)


@dataclass(frozen=True, eq=False)
class Assignment:
    """What is asked as a whole: a list of notebooks.

    Attributes
    ----------
    name : str
        What results, pages and exports call it.
    notebooks : tuple of Notebook
    folders : tuple of Path
        The folders outside the kit that its notebooks come from.
    """

    name: str
    notebooks: tuple[Notebook, ...]
    folders: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        names = [name for function in self.functions for name in function.names]
        for kind, values in (
            (sentence("notebooks"), [n.name for n in self.notebooks]),
            (sentence("functions"), names),
        ):
            if twice := next((v for v in values if values.count(v) > 1), None):
                raise KitError(
                    "the assignment {name} has two {kind} called {twice}: rename one",
                    name=self.name,
                    kind=kind,
                    twice=repr(twice),
                )

    @functools.cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions that it asks, in the order of its notebooks."""
        return tuple(itertools.chain.from_iterable(notebook.functions for notebook in self.notebooks))

    @property
    def points(self) -> float:
        """The most points that it can earn."""
        return sum(function.points for function in self.functions)
