"""The globals in which a student's code runs: its own units and modules, and what the course's notebook provides."""

from __future__ import annotations
import __future__

import ast
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
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, ModuleType
from typing import Any

import numpy as np
import torch

from cs231n.trials.exceptions import describe
from cs231n.trials.observe import Functions, Observation, observe
from cs231n.trials.trial import Trial
from grading.sandbox.inside import (
    legacy_class_visualization,
    legacy_signatures,
    old_numpy,
    picture_size,
    translations,
)

# Modules that later years of the course import helpers from; the kit's own helpers stand in.
_COURSE_MODULES = ("cs231n.net_visualization_pytorch", "cs231n.style_transfer_pytorch")
_HELPER_MODULES = ("cs231n.image_utils", "cs231n.data_utils", "cs231n.classifiers.squeezenet")

Rewrite = Callable[[ast.Module], ast.Module]


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
        self.globals: dict[str, Any] = {}
        self._at_size = functools.cache(self._run_at_size)
        self._modules = _Modules(job["modules"])
        sys.meta_path.insert(0, self._modules)

    def load(self) -> list[dict[str, str]]:
        """Run the units in their order; return what failed. A unit that fails costs only what uses it."""
        every = [*self.job["units"], *(unit for units in self.job["modules"].values() for unit in units)]
        failures = translations.install(unit["source"] for unit in every)
        _forget_training_mode()
        failures += self._define()
        if any(map(translations.fails_for_its_age, failures)) and not translations.old_code_runs():
            failures = [*translations.let_old_code_run(), *self._define()]
        return failures

    def observe(self, trial: Trial) -> Observation:
        """Perform a trial on the function; if it fails as old code fails, once more with old code translated."""
        seen = observe(trial, self.functions(), self.globals)
        failures = [*(call["raised"] for call in seen.calls), *self._modules.failures]
        if any(map(translations.fails_for_its_age, failures)) and not translations.old_code_runs():
            translations.let_old_code_run()
            self._define()
            seen = observe(trial, self.functions(), self.globals)
        return seen

    def _define(self) -> list[dict[str, str]]:
        self.globals = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "__package__": self.job["package"] or None,
        }
        self._at_size.cache_clear()
        self._modules.unload()
        failures = provide(self.globals, self.job["names"])
        return [*failures, *run_units(self.job["units"], self.globals), *self._modules.failures]

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
            return legacy_signatures.method(self.globals[holder], name)
        if name == "create_class_visualization":
            return legacy_class_visualization.step_of(self._loop_at_size)
        return legacy_signatures.adapted(name, self.globals[name])

    def _loop_at_size(self, own: picture_size.Size, wanted: picture_size.Size) -> Callable[..., Any]:
        """Return the loop that draws a picture, as if its author had written another size than `own`."""
        namespace = self.globals if own == wanted else self._at_size(own, wanted)
        namespace.update({name: self.globals[name] for name in ("model", "cnn") if name in self.globals})
        loop: Callable[..., Any] = namespace[self.job["defined_as"]]
        return loop

    def _run_at_size(self, own: picture_size.Size, wanted: picture_size.Size) -> dict[str, Any]:
        rewrite = picture_size.rewriter(own, wanted)
        namespace = dict(self.globals)
        run_units(self.job["units"], namespace, rewrite)
        return namespace


def _forget_training_mode() -> None:
    """Dropout is the only layer here that training mode changes: a `model.train()` left on does no harm without it."""
    torch.nn.Dropout.forward = lambda self, input: input  # type: ignore[method-assign]  # noqa: ARG005


def run_units(
    units: Iterable[dict[str, str]], namespace: dict[str, Any], rewrite: Rewrite | None = None
) -> list[dict[str, str]]:
    """Execute units in a namespace, each on its own; return type, message and place of what failed.

    They run in the order in which they stand, as Python runs them: of two that bind a name the later one counts, be
    it a definition or an import of everything. Cells may be out of order: what fails for a name that is not there yet
    is tried again after the others.
    """
    pending = list(units)
    failures: list[dict[str, str]] = []
    while pending:
        failed = [(unit, failure) for unit in pending if (failure := _run_unit(unit, namespace, rewrite))]
        again = [unit for unit, failure in failed if failure["type"] == "NameError"]
        if len(again) == len(pending):
            return [*failures, *(failure for _, failure in failed)]
        failures += [failure for _, failure in failed if failure["type"] != "NameError"]
        pending = again
    return failures


def _run_unit(
    unit: dict[str, str], namespace: dict[str, Any], rewrite: Rewrite | None
) -> dict[str, str] | None:
    place = f"{unit['place']} (submitted)" if unit["place"].endswith(".py") else unit["place"]
    _remember_lines(place, unit["source"])
    try:
        exec(_compiled(unit["source"], place, namespace, rewrite), namespace)
    except BaseException as error:  # SystemExit in a cell is a cell that failed
        return {**describe(error), "unit": unit["place"], "kind": unit["kind"]}
    return None


def _compiled(source: str, place: str, namespace: dict[str, Any], rewrite: Rewrite | None) -> CodeType:
    text: str | ast.Module = source
    if rewrite:
        text = rewrite(ast.parse(source))
    if translations.old_code_runs():
        text = old_numpy.rewrite(ast.parse(text) if isinstance(text, str) else text)
        namespace.update(old_numpy.CALLS)
    # Annotations are not looked up: a type hint of a missing import is no reason to fail.
    code: CodeType = compile(text, place, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    return code


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


def provide(namespace: dict[str, Any], names: Iterable[str]) -> list[dict[str, str]]:
    """Put in place those of `names` that the course's set-up cells define; the student's own units come after.

    Returns
    -------
    list of dict
        Type, message and place of what failed: it costs what uses that name.
    """
    failures = []
    for name in names:
        if name in _PROVIDED:
            try:
                namespace[name] = _PROVIDED[name]()
            except BaseException as error:  # a module of the student's may have the name of a library's
                place = f"the notebook's {name}"
                failures.append({**describe(error), "unit": place, "kind": "provided"})
    return failures


def _imported(module: str, attribute: str = "") -> Callable[[], Any]:
    def make() -> Any:
        loaded = importlib.import_module(module)
        return getattr(loaded, attribute) if attribute else loaded

    return make


def _network() -> torch.nn.Module:
    from cs231n.trials import networks

    return networks.network("squeezenet")


@functools.cache
def _validation_pictures() -> tuple[Any, Any, Any]:
    from cs231n.data_utils import load_imagenet_val

    return load_imagenet_val(num=5)


def _tensors() -> tuple[torch.Tensor, torch.Tensor]:
    from cs231n.trials import networks
    from cs231n.trials.trial import Pictures

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
    "reduce": lambda: functools.reduce,
    "unicode": lambda: str,
    "long": lambda: int,
    "get_ipython": legacy_class_visualization.Silent,  # what magics and `!` lines inside a function become
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
    """Finds modules handed in beside the notebook, and the course's modules that hold only helpers.

    `failures` are what could not be run of those imported so far.
    """

    def __init__(self, modules: dict[str, list[dict[str, str]]]) -> None:
        self.modules = modules
        self.failures: list[dict[str, str]] = []

    def unload(self) -> None:
        """Let the modules that were handed in be imported anew."""
        self.failures.clear()
        for name in self.modules:
            sys.modules.pop(name, None)
            package, _, short = name.rpartition(".")
            if package in sys.modules:
                vars(sys.modules[package]).pop(short, None)

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.modules or fullname in _COURSE_MODULES:
            return importlib.util.spec_from_loader(fullname, self)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Use an ordinary module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run what the student wrote in it, where the kit's helpers can be looked up.

        They are no names of the module's own: an import of everything from it brings what its author put there.
        """
        helpers = _helpers()
        if module.__name__ in self.modules:
            vars(module)["__builtins__"] = {**helpers, **vars(builtins)}
            vars(module)["__getattr__"] = functools.partial(_look_up, module.__name__, helpers)
        else:
            vars(module).update(helpers)
        self.failures += run_units(self.modules.get(module.__name__, []), vars(module))


def _helpers() -> dict[str, Any]:
    return {
        key: value
        for name in _HELPER_MODULES
        for key, value in vars(importlib.import_module(name)).items()
        if not key.startswith("_")
    }


def _look_up(module: str, helpers: Mapping[str, Any], name: str) -> Any:
    if name not in helpers:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return helpers[name]
