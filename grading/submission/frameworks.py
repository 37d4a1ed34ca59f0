"""Detection of code for another framework than PyTorch: the functions have the same names there.

The course offered its notebooks for TensorFlow, too, and asked for NumPy until 2016; others have rewritten them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from cs231n.handin.parse import REFUSALS, parse
from cs231n.sentences import Sentence, listed, sentence
from grading.submission.units import STAR, Unit

TORCH = "torch"
# Name of a module, or what it is called after its import -> the framework.
FRAMEWORKS: Mapping[str, str] = {
    "tensorflow": "TensorFlow",
    "keras": "TensorFlow",
    "tf": "TensorFlow",
    "jax": "JAX",
    "jnp": "JAX",
    "flax": "JAX",
    "paddle": "PaddlePaddle",
    "mindspore": "MindSpore",
    "mxnet": "MXNet",
    "theano": "Theano",
}
# The networks of the assignments until 2016 had a `backward` of their own, for arrays.
NUMPY = "NumPy"
_SHORT = {"tf", "jnp"}
_IMPORTED = re.compile(
    rf"^[ \t]*(?:import|from)[ \t]+({'|'.join(name for name in (TORCH, *FRAMEWORKS) if name not in _SHORT)})\b",
    re.MULTILINE,
)


def framework_of_file(units: Sequence[Unit]) -> str:
    """Return the framework that a file imports; "" if it imports none, or PyTorch."""
    imported = [name for unit in units for name in _IMPORTED.findall(unit.text)]
    return "" if TORCH in imported else next((FRAMEWORKS[name] for name in imported), "")


def framework_of_function(name: str | None, units: Sequence[Unit]) -> str:
    """Return the framework that a function itself calls, "" if there is none or it calls PyTorch: it cannot run here.

    Parameters
    ----------
    name : str or None
        What it is called; of a method, its class.
    units : sequence of Unit
        Its definition, and all it refers to.
    """
    definition = next(
        (unit for unit in reversed(units) if unit.kind == "definition" and name in unit.binds), None
    )
    if definition is None or TORCH in definition.uses:
        return ""
    imported = _IMPORTED.findall(definition.text)
    if TORCH in imported:
        return ""
    own = {bound for unit in units if unit.kind != "import" for bound in unit.binds}
    known = {**FRAMEWORKS, **_imported_names(units)}
    called = [*imported, *sorted(definition.uses & (known.keys() - own))]
    return known[called[0]] if called else NUMPY * _goes_back_by_hand(definition.text)


def _imported_names(units: Sequence[Unit]) -> dict[str, str]:
    """Return what is imported from a framework under names of the student's choice, such as Keras' backend as K."""
    return {
        bound: FRAMEWORKS[name]
        for unit in units
        if unit.kind == "import"
        for name in _IMPORTED.findall(unit.text)
        if name != TORCH
        for bound in unit.binds - {STAR}
    }


def _goes_back_by_hand(text: str) -> bool:
    """Whether `backward` of an argument is given what comes back: no PyTorch network has such a method."""
    if "backward" not in text:
        return False
    try:
        tree = parse(text)
    except REFUSALS:
        return False
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        networks = {argument.arg for argument in function.args.args[1:]}
        if any(name in networks and _unpacked_forward(function, name) for name in _given_back(function)):
            return True
    return False


def _given_back(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the X of each `X.backward(scores, cache)`."""
    for call in ast.walk(function):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="backward"), args=[_, _, *_]):
                yield name


def _unpacked_forward(function: ast.FunctionDef, name: str) -> bool:
    """Whether `X.forward(...)` returns two things: scores, and what is kept for the way back."""
    for statement in ast.walk(function):
        match statement:
            case ast.Assign(
                targets=[ast.Tuple(elts=[_, _])],
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=network), attr="forward")),
            ) if network == name:
                return True
    return False


def message_on(framework: str) -> Sentence:
    """Say of a function why it is not run."""
    if framework == NUMPY:
        return sentence("it is written for NumPy arrays and a network with a `backward` of its own")
    return sentence("it is written for {framework}", framework=framework)


def note_on(framework: str, files: Sequence[str]) -> Sentence:
    """Say of files that they are of no use here, and what is."""
    named = {"framework": framework, "files": listed(files)}
    if framework == NUMPY and len(files) == 1:
        return sentence(
            "{files} is an assignment of 2016 or before, with NumPy arrays and a network with a `backward` of its own. "
            "This one asks for PyTorch: your functions get tensors and a PyTorch model, and gradients come from "
            "autograd. Hand in the PyTorch notebook",
            **named,
        )
    if framework == NUMPY:
        return sentence(
            "{files} are an assignment of 2016 or before, with NumPy arrays and a network with a `backward` of its "
            "own. This one asks for PyTorch: your functions get tensors and a PyTorch model, and gradients come from "
            "autograd. Hand in the PyTorch notebook",
            **named,
        )
    if len(files) == 1:
        return sentence(
            "{files} is written for {framework}, but this assignment is graded in PyTorch: hand in the PyTorch "
            "notebook",
            **named,
        )
    return sentence(
        "{files} are written for {framework}, but this assignment is graded in PyTorch: hand in the PyTorch notebook",
        **named,
    )
