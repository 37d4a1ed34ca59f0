"""Right variants get full marks under every translation, wherever torchvision is imported.

The grader lets code for a GPU and code of older libraries run (`grading.sandbox.inside.translations`). That must change
nothing for a function that needs none of it. So each variant is graded with each translation put in place by its own
text, and with torchvision, its models and transforms and torch._dynamo imported in each place where a student may
write an import: importing them makes PyTorch go through all of its own functions. One child grades all variants of a
combination, so that each also finds what those before it have left.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from benchmarks.right_variants import Variant
from benchmarks.verdicts import ASKED, job
from cs231n.handin.cells import Cell
from cs231n.trials.observation import Observation
from grading.assignments.registry import function_named
from grading.sandbox import Child, Ended, Sandbox
from grading.submission.load import source_of
from grading.submission.reader import piece_of
from grading.verdict.attempts import in_order
from grading.verdict.served import serving
from grading.verdict.verdicts import judge_function

# What in a function's text has each translation made. The last fails for its age, wherever it runs first.
TRANSLATIONS = {
    "none": "None",
    "GPU": "'moved to cuda, where there is a gpu'",
    "compile": "'compile'",
    "old code": "__import__('numpy').float",
}
_IMPORTS = (
    "import torchvision as kit_torchvision",
    "import torchvision.models as kit_models",
    "import torchvision.transforms as kit_transforms",
    "import torch._dynamo as kit_dynamo",
)
_NAMES = "kit_torchvision, kit_models, kit_transforms, kit_dynamo"
_HELPER = "kit_helper"
# Where they are imported -> the cells before and behind the function, and what its body begins with.
PLACES: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "nowhere": ((), (), ""),
    "in a function before": ((), (), ""),
    "before": (_IMPORTS, (), _NAMES),
    "behind": ((), _IMPORTS, _NAMES),
    "inside": ((), (), "\n".join(_IMPORTS)),
    "in a module": (
        (f"import {_HELPER}",),
        (),
        ", ".join(f"{_HELPER}.{name}" for name in _NAMES.split(", ")),
    ),
    "by a star": (("from torchvision.transforms import *", f"from {_HELPER} import *"), (), _NAMES),
}


@dataclass(frozen=True)
class Changed:
    """A right variant that loses points under a translation, and why."""

    variant: Variant
    translation: str
    place: str
    messages: tuple[str, ...]


def combinations() -> list[tuple[str, str]]:
    """Return every translation with every place of the imports."""
    return list(itertools.product(TRANSLATIONS, PLACES))


def changed(
    chosen: Sequence[Variant], tried: Sequence[tuple[str, str]], sandbox: Sandbox, seed: str = "benchmark"
) -> Iterator[Changed]:
    """Grade variants in each combination of `tried`; yield what does not get full marks."""
    usual = sandbox.limits
    sandbox.limits = replace(
        usual, function_cpu_seconds=60 * len(chosen)
    )  # of a child, which has all of them
    try:
        for translation, place in tried:
            yield from _in_one_child(chosen, translation, place, sandbox, seed)
    finally:
        sandbox.limits = usual


def _in_one_child(
    chosen: Sequence[Variant], translation: str, place: str, sandbox: Sandbox, seed: str
) -> Iterator[Changed]:
    child: Child | Ended | None = None
    if place == "in a function before":
        before = job("tv_loss", ["\n".join(_IMPORTS), f"def tv_loss(img, tv_weight):\n    return {_NAMES}"])
        child = sandbox.open(before)
    for variant in chosen:
        told = _told(variant, translation, place)
        serve = serving(ASKED[variant.function].needs)
        if child is None or isinstance(child, Ended):
            child = sandbox.open(told, serve=serve)
        elif ended := child.load(told, serve):
            child = ended
        trials = ASKED[variant.function].trials(seed)
        seen: dict[str, Observation | Ended] = {}
        for key, trial in in_order(trials):
            seen[key] = child if isinstance(child, Ended) else child.observe(trial)
            found = seen[key]
            if isinstance(found, Ended):
                child = found
        checks, status, _ = judge_function(ASKED[variant.function], trials, seen)
        if status != "correct":
            messages = tuple(f"{c.id}: {c.message}" for c in checks if c.status != "pass")
            yield Changed(variant, translation, place, messages)
    if isinstance(child, Child):
        child.close()


def _told(variant: Variant, translation: str, place: str) -> dict[str, Any]:
    """Return a variant as a child is told of it, with a translation's sign and the imports put in."""
    before, behind, first = PLACES[place]
    text = _beginning_with(f"{TRANSLATIONS[translation]}\n{first}", variant)
    told = job(variant.function, [*before, text, *behind])
    if any(_HELPER in cell for cell in before):
        helper = source_of(f"{_HELPER}.py", [Cell(f"{_HELPER}.py", "\n".join(_IMPORTS))])
        units = [structs.asdict(piece_of(unit)) for unit in helper.units]
        told["modules"] = {_HELPER: units}
    return told


def _beginning_with(statements: str, variant: Variant) -> str:
    """Return the text of a variant with statements at the beginning of its function."""
    tree = ast.parse(variant.source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    named = [node for node in functions if node.name in function_named(variant.function).names] or functions
    if named:
        docstring = ast.get_docstring(named[-1]) is not None
        named[-1].body[docstring:docstring] = ast.parse(statements).body
    return ast.unparse(tree)
