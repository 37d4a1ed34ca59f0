"""The globals in which a student's code runs: its own units and modules, and what the course's notebook provides."""

from __future__ import annotations
import __future__

import builtins
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import linecache
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch

from cs231n.self_check.exceptions import describe
from cs231n.self_check.perform import Functions
from grading.sandbox.inside import drawing_loop, forms, old_pytorch

# Modules that later years of the course import helpers from; the kit's own helpers stand in.
_COURSE_MODULES = ("cs231n.net_visualization_pytorch", "cs231n.style_transfer_pytorch")
_HELPER_MODULES = ("cs231n.image_utils", "cs231n.data_utils", "cs231n.classifiers.squeezenet")


class Namespace:
    """The globals of one function, and how it is called.

    Parameters
    ----------
    job : dict
        `function` (canonical name), `defined_as`, `holder` (the class it is a method of, or ""), `package` ("cs231n"
        for a module below it), `names` (global names that its code uses), `units` (its text) and `modules` (texts by
        dotted name), each unit a dict of source, place and kind.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.globals: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "__package__": job["package"] or None,
        }
        sys.meta_path.insert(0, _Modules(job["modules"]))

    def load(self) -> list[dict[str, str]]:
        """Run the units in their order; return what failed. A unit that fails costs only what uses it."""
        every = [*self.job["units"], *(unit for units in self.job["modules"].values() for unit in units)]
        old_pytorch.install(unit["source"] for unit in every)
        _forget_training_mode()
        provide(self.globals, self.job["names"])
        return run_units(self.job["units"], self.globals)

    def functions(self) -> Functions:
        """Return the function by its canonical name (older forms are adapted), and those defined beside it."""
        found = {name: value for name, value in self.globals.items() if callable(value)}
        found[self.job["function"]] = self._function()
        return found

    def _function(self) -> Callable[..., Any]:
        name, holder = self.job["defined_as"], self.job["holder"]
        if (holder or name) not in self.globals:
            return _undefined(name)
        if holder:
            return forms.method(self.globals[holder], name)
        return forms.adapted(name, self.globals[name])


def _forget_training_mode() -> None:
    """Dropout is the only layer here that training mode changes: a `model.train()` left on does no harm without it."""
    torch.nn.Dropout.forward = lambda self, input: input  # type: ignore[method-assign]  # noqa: ARG005


def run_units(units: Iterable[dict[str, str]], namespace: dict[str, Any]) -> list[dict[str, str]]:
    """Execute units in a namespace, each on its own; return type, message and place of what failed.

    Imports of everything come first, so that they hide nothing the student wrote. Cells may be out of order: what
    fails for a name that is not there yet is tried again after the others.
    """
    pending = sorted(units, key=lambda unit: not (unit["kind"] == "import" and "*" in unit["source"]))
    failures: list[dict[str, str]] = []
    while pending:
        failed = [(unit, failure) for unit in pending if (failure := _run_unit(unit, namespace))]
        again = [unit for unit, failure in failed if failure["type"] == "NameError"]
        if len(again) == len(pending):
            return [*failures, *(failure for _, failure in failed)]
        failures += [failure for _, failure in failed if failure["type"] != "NameError"]
        pending = again
    return failures


def _run_unit(unit: dict[str, str], namespace: dict[str, Any]) -> dict[str, str] | None:
    place = f"{unit['place']} (submitted)" if unit["place"].endswith(".py") else unit["place"]
    _remember_lines(place, unit["source"])
    try:
        # Annotations are not looked up: a type hint of a missing import is no reason to fail.
        flags = __future__.annotations.compiler_flag
        exec(compile(unit["source"], place, "exec", flags, dont_inherit=True), namespace)
    except BaseException as error:  # SystemExit in a cell is a cell that failed
        return {**describe(error), "unit": unit["place"], "kind": unit["kind"]}
    return None


def _remember_lines(place: str, source: str) -> None:
    """Let Python find the text of a cell, as it does in a notebook: `torch.jit.script` reads what it compiles."""
    both = itertools.zip_longest(source.split("\n"), linecache.getlines(place), fillvalue="\n")
    lines = [
        f"{line}\n" if line.strip() else before for line, before in both
    ]  # units are padded with empty lines
    linecache.cache[place] = (sum(map(len, lines)), None, lines, place)


def _undefined(name: str) -> Callable[..., None]:
    def undefined(*_: Any) -> None:
        raise NameError(f"{name} could not be defined")

    return undefined


def provide(namespace: dict[str, Any], names: Iterable[str]) -> None:
    """Put in place those of `names` that the course's set-up cells define; the student's own units come after."""
    for name in names:
        if name in _PROVIDED:
            namespace[name] = _PROVIDED[name]()


def _imported(module: str, attribute: str = "") -> Callable[[], Any]:
    def make() -> Any:
        loaded = importlib.import_module(module)
        return getattr(loaded, attribute) if attribute else loaded

    return make


def _network() -> torch.nn.Module:
    from cs231n.self_check import networks

    return networks.network("squeezenet")


@functools.cache
def _validation_pictures() -> tuple[Any, Any, Any]:
    from cs231n.data_utils import load_imagenet_val

    return load_imagenet_val(num=5)


def _tensors() -> tuple[torch.Tensor, torch.Tensor]:
    from cs231n.self_check import networks
    from cs231n.self_check.trial import Pictures

    labels = np.asarray(_validation_pictures()[1], dtype=np.int64)
    return networks.pictures(Pictures((0, 1, 2, 3, 4), 224)).clone(), torch.from_numpy(labels)


_PROVIDED: dict[str, Callable[[], Any]] = {
    "torch": lambda: torch,
    "nn": lambda: torch.nn,
    "F": lambda: torch.nn.functional,
    "np": lambda: np,
    "random": lambda: random,
    "Variable": _imported("torch.autograd", "Variable"),
    "torchvision": _imported("torchvision"),
    "T": _imported("torchvision.transforms"),
    "plt": _imported("matplotlib.pyplot"),
    "PIL": _imported("PIL"),
    "Image": _imported("PIL.Image"),
    "gaussian_filter1d": _imported("scipy.ndimage", "gaussian_filter1d"),
    "dtype": lambda: torch.FloatTensor,
    "device": lambda: torch.device("cpu"),
    "model": _network,
    "cnn": _network,
    "X": lambda: _validation_pictures()[0],
    "y": lambda: _validation_pictures()[1],
    "class_names": lambda: _validation_pictures()[2],
    "X_tensor": lambda: _tensors()[0],
    "y_tensor": lambda: _tensors()[1],
    "answers": dict,
    "xrange": lambda: range,
    "get_ipython": drawing_loop.Silent,  # what magics and `!` lines inside a function become
    **{
        name: _imported("cs231n.image_utils", name)
        for name in (
            "SQUEEZENET_MEAN", "SQUEEZENET_STD", "preprocess", "deprocess", "preprocess_image", "deprocess_image",
            "rescale", "jitter", "blur_image", "load_image",
        )
    },
    "extract_features": _imported("cs231n.classifiers.squeezenet", "extract_features"),
    "load_imagenet_val": _imported("cs231n.data_utils", "load_imagenet_val"),
}  # fmt: skip


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules handed in beside the notebook, and the course's modules that hold only helpers."""

    def __init__(self, modules: dict[str, list[dict[str, str]]]) -> None:
        self.modules = modules

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.modules or fullname in _COURSE_MODULES:
            return importlib.util.spec_from_loader(fullname, self)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Use an ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Give it the kit's helpers, then run what the student wrote in it."""
        for name in _HELPER_MODULES:
            helpers = vars(importlib.import_module(name))
            vars(module).update({key: value for key, value in helpers.items() if not key.startswith("_")})
        run_units(self.modules.get(module.__name__, []), vars(module))
