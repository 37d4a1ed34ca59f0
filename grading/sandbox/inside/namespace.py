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
from cs231n.trials.notebook_globals import NETWORK_NAMES, network
from cs231n.trials.observation import Observation
from cs231n.trials.observe import Functions, observe
from cs231n.trials.silent import Silent
from cs231n.trials.trial import Trial
from grading.sandbox.inside import legacy_signatures, old_numpy, pretrained, remote, translations
from grading.sandbox.inside.resized import Rewrite, Size, names_size, of_any_size, resized
from grading.sandbox.shared import signs

# Modules that later years of the course import helpers from; the kit's own helpers stand in.
_COURSE_MODULES = ("cs231n.net_visualization_pytorch", "cs231n.style_transfer_pytorch")
_HELPER_MODULES = ("cs231n.image_utils", "cs231n.data_utils", "cs231n.classifiers.squeezenet")


class Namespace:
    """The globals of one function, and how it is called.

    Parameters
    ----------
    job : dict
        `function` (canonical name), `defined_as`, `holder` (the class it is a method of, or ""), `package` ("cs231n"
        for a module below it), `names` (global names that its code uses), `provided` (those that its notebook makes,
        and where they come from: "module:name", with "()" if it is called), `older_form` (the `source` of a module and
        the name of the `adapter` in it that calls this form as the canonical one is called; or None), `image_size` (the
        height and width that its notebook promises of its image; or None), `units` (its text), `modules` (texts by
        dotted name), each unit a dict of source, place, kind and the line where it starts, and `served` (names of
        functions that the grader computes).
    ask : callable
        Asks the grader (`remote.Ask`).
    """

    def __init__(self, job: dict[str, Any], ask: remote.Ask) -> None:
        self.job = job
        self._served = {name: remote.function(name, ask) for name in job["served"]}
        self.globals: dict[str, Any] = {}
        self._adapter = _adapter(job["older_form"])
        self._of_size = functools.cache(self._run_resized)
        self._modules = _Modules(job["modules"])
        sys.meta_path.insert(0, self._modules)

    def load(self) -> list[dict[str, str]]:
        """Run the units in their order; return what failed. A unit that fails costs only what uses it."""
        every = [*self.job["units"], *(unit for units in self.job["modules"].values() for unit in units)]
        texts = [unit["source"] for unit in every]
        failures = translations.install(texts)
        if signs.PRETRAINED in signs.signs_in(texts):
            pretrained.serve(self._network)
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
        self._of_size.cache_clear()
        self._modules.unload()
        failures = provide(self.globals, self.job["names"], self.job["provided"])
        self.globals.update(self._served)
        failures += run_units(self.job["units"], self.globals)
        self.globals.update(self._served)  # whatever the student's own cells have put in their place
        return [*failures, *self._modules.failures]

    def _network(self) -> torch.nn.Module:
        """Return the network of the trial that is performed, or the notebook's where there is none."""
        given = (self.globals.get(name) for name in NETWORK_NAMES)
        return next((one for one in given if isinstance(one, torch.nn.Module)), None) or network()

    def functions(self) -> Functions:
        """Return the function by its canonical name (older forms are adapted), and those defined beside it."""
        found = {name: value for name, value in self.globals.items() if callable(value)}
        found[self.job["function"]] = self._function()
        return found

    def _function(self) -> Callable[..., Any]:
        name, holder = self.job["defined_as"], self.job["holder"]
        if (holder or name) not in self.globals:
            return _undefined(name)
        function = self._defined_in(self.globals)
        if self._adapter:
            function = self._adapter(function, self._resized)
        elif (size := self.job["image_size"]) and names_size((u["source"] for u in self.job["units"]), size):
            function = of_any_size(function, tuple(size), self._resized)
        return legacy_signatures.completed(function)

    def _defined_in(self, namespace: dict[str, Any]) -> Callable[..., Any]:
        """Return the function that some globals define, or their class has as a method."""
        name, holder = self.job["defined_as"], self.job["holder"]
        if holder:
            return legacy_signatures.method(namespace[holder], name.rpartition(".")[2], self._served)
        found: Callable[..., Any] = namespace[name]
        return found

    def _resized(self, own: Size, wanted: Size) -> Callable[..., Any]:
        """Return what was handed in, as if its author had written the numbers of another size."""
        namespace = self._of_size(own, wanted)
        namespace.update({name: self.globals[name] for name in NETWORK_NAMES if name in self.globals})
        return self._defined_in(namespace)

    def _run_resized(self, own: Size, wanted: Size) -> dict[str, Any]:
        namespace = dict(self.globals)
        run_units(self.job["units"], namespace, resized(own, wanted))
        return namespace


def _adapter(form: dict[str, str] | None) -> Callable[..., Any] | None:
    """Return the adapter of an older form. Its module is the kit's own, sent as text: it lies with the assignment."""
    if form is None:
        return None
    namespace: dict[str, Any] = {"__name__": "older_forms"}
    # no path: what is raised in it is not in a file of the student's
    exec(compile(form["source"], "<older forms>", "exec", dont_inherit=True), namespace)
    adapter: Callable[..., Any] = namespace[form["adapter"]]
    return adapter


def _forget_training_mode() -> None:
    """Dropout is the only layer here that training mode changes: a `model.train()` left on does no harm without it."""
    torch.nn.Dropout.forward = lambda self, input: input  # type: ignore[method-assign]  # noqa: ARG005


def run_units(
    units: Iterable[dict[str, Any]], namespace: dict[str, Any], rewrite: Rewrite | None = None
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
    unit: dict[str, Any], namespace: dict[str, Any], rewrite: Rewrite | None
) -> dict[str, str] | None:
    place = f"{unit['place']} (submitted)" if unit["place"].endswith(".py") else unit["place"]
    before = unit.get("line", 1) - 1
    _remember_lines(place, unit["source"], before)
    try:
        exec(_compiled(unit["source"], before, place, namespace, rewrite), namespace)
    except BaseException as error:  # SystemExit in a cell is a cell that failed
        return {**describe(error), "unit": unit["place"], "kind": unit["kind"]}
    return None


def _compiled(
    source: str, before: int, place: str, namespace: dict[str, Any], rewrite: Rewrite | None
) -> CodeType:
    """Compile a unit that has `before` lines above it in its cell: line numbers are those of the cell."""
    try:
        if not rewrite and not translations.old_code_runs():
            return _moved(_code_of(source, place), before)
        tree = ast.parse(source)
        if rewrite:
            tree = rewrite(tree)
        if translations.old_code_runs():
            tree = old_numpy.rewrite(tree)
            namespace.update(old_numpy.CALLS)
        return _moved(_code(tree, place), before)
    except SyntaxError as error:
        error.lineno, error.end_lineno = (line and line + before for line in (error.lineno, error.end_lineno))
        raise


def _moved(code: CodeType, lines: int) -> CodeType:
    """Return code that says it stands so many lines further down, and all that is defined in it."""
    if not lines:
        return code
    constants = (_moved(one, lines) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=tuple(constants))


def _code(text: str | ast.Module, place: str) -> CodeType:
    # Annotations are not looked up: a type hint of a missing import is no reason to fail.
    code: CodeType = compile(text, place, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    return code


# A helper module is run for each function that may use it: to compile it takes ten times as long as to run it.
_code_of = functools.cache(_code)


# What was run of each cell and file, line by line.
_lines: dict[str, list[str]] = {}


def _remember_lines(place: str, source: str, before: int) -> None:
    """Let Python find the text of a cell, as it does in a notebook: `torch.jit.script` reads what it compiles."""
    lines = _lines.setdefault(place, [])
    for number, line in enumerate(source.split("\n"), start=before):
        lines.extend(itertools.repeat("\n", number + 1 - len(lines)))
        if line.strip():
            lines[number] = f"{line}\n"
    linecache.cache[place] = (0, None, lines, place)  # the size is asked for only of what may change


def _undefined(name: str) -> Callable[..., None]:
    def undefined(*_: Any) -> None:
        raise NameError(f"{name} could not be defined")

    return undefined


def provide(
    namespace: dict[str, Any], names: Iterable[str], provided: Mapping[str, str]
) -> list[dict[str, str]]:
    """Put in place those of `names` that set-up cells define or import; the student's own units come after.

    Parameters
    ----------
    namespace : dict
    names : iterable of str
    provided : mapping
        What the notebook's own set-up cells make: name -> "module:name", with "()" if that is called to make it.

    Returns
    -------
    list of dict
        Type, message and place of what failed: it costs what uses that name.
    """
    names = set(names)
    namespace.update({name: value for name, value in _HERE.items() if name in names and name not in provided})
    failures = []
    for name in sorted(names & {**_IMPORTED, **provided}.keys()):
        path = provided.get(name) or _IMPORTED[name]
        try:
            namespace[name] = _made(path)
        except BaseException as error:  # a module of the student's may have the name of a library's
            failures.append({**describe(error), "unit": f"the notebook's {name}", "kind": "provided"})
    return failures


def _made(path: str) -> Any:
    """Return what "module:name" stands for, or, with "()" after it, what that returns."""
    module, _, name = path.removesuffix("()").partition(":")
    loaded = importlib.import_module(module)
    found: Any = getattr(loaded, name) if name else loaded
    return found() if path.endswith("()") else found


# What set-up cells of all years import and is here already, what Python 2 had, and what magics and `!` lines become.
_HERE = {
    "torch": torch,
    "nn": torch.nn,
    "F": torch.nn.functional,
    "np": np,
    "random": random,
    "xrange": range,
    "reduce": functools.reduce,
    "unicode": str,
    "long": int,
    "get_ipython": Silent(),
}
# What set-up cells import besides.
_IMPORTED = {
    "Variable": "torch.autograd:Variable",
    "torchvision": "torchvision",
    "T": "torchvision.transforms",
    "plt": "matplotlib.pyplot",
    "PIL": "PIL",
    "Image": "PIL.Image",
    "gaussian_filter1d": "scipy.ndimage:gaussian_filter1d",
    **{
        name: f"cs231n.image_utils:{name}"
        for name in (
            "SQUEEZENET_MEAN", "SQUEEZENET_STD", "preprocess", "deprocess", "preprocess_image", "deprocess_image",
            "rescale", "jitter", "blur_image", "load_image",
        )
    },
    "extract_features": "cs231n.classifiers.squeezenet:extract_features",
    "load_imagenet_val": "cs231n.data_utils:load_imagenet_val",
}  # fmt: skip


class _Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules handed in beside the notebook, and the course's modules that hold only helpers.

    `failures` are what could not be run of those imported so far.
    """

    def __init__(self, modules: dict[str, list[dict[str, Any]]]) -> None:
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
