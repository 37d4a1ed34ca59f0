"""The entry of ``mistakes/<function>.py`` that would give a group without a name one, as far as it can be derived.

A person completes it: which step of the recipe the mistake replaces, what to call it, what to tell the student.
"""

from __future__ import annotations

import inspect
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import CALL
from grading.results.definition import FunctionResult
from grading.results.evidence import Attempt, FunctionEvidence
from grading.results.groups import Group
from grading.verdict.diagnosis.compare import first_array

_INDENT = " " * 8
_WIDTH = 96
# Two factors nearer than this are one.
_SAME = 5e-3
_OPEN = "..."
_TITLE = "To be completed: one line, what was done"
_HINT = "To be completed: what was computed, what was expected, where to look; never the solution."
# Of what is observed, the change of the recipe's last step that does the same.
_RESULT = {
    "observed-no-gradient": "torch.Tensor.detach",
    "observed-zeros": "torch.zeros_like",
    "observed-transposed": "lambda value: value.transpose(-1, -2)",
}
# The numbers of an argument that a result is multiplied or divided by.
_SIZES = {
    "images": "len(given[{place}])",
    "channels": "given[{place}].shape[1]",
    "pixels": "given[{place}][0, 0].numel()",
    "values": "given[{place}][0].numel()",
    "all-values": "given[{place}].numel()",
}
# For which argument a function is right; what it does for another, a person says.
_WHERE = {
    "one-image": "len(given[{place}]) == 1",
    "first-image": "len(given[{place}]) == 1",
    "last-image": "len(given[{place}]) == 1",
    "several-images": "len(given[{place}]) > 1",
    "five-images": "len(given[{place}]) == 5",
    "square": "given[{place}].shape[-2] == given[{place}].shape[-1]",
    "wide": "given[{place}].shape[-2] < given[{place}].shape[-1]",
    "tall": "given[{place}].shape[-2] > given[{place}].shape[-1]",
}


def mistake_block(group: Group, verdict: FunctionResult, evidence: FunctionEvidence | None) -> str:
    """Return the text of a `Mistake`, to be put among the mistakes of the function's recipe.

    Parameters
    ----------
    group : Group
    verdict : FunctionResult
        Of one of its students, in English.
    evidence : FunctionEvidence, optional
        Of the same student: what was tried, and how many times the expected each result was.

    Returns
    -------
    str
        Python that can be compiled as it stands. Where no change follows from what was observed, a step is replaced by
        `...`, which does what no student did.
    """
    observed = evidence.observed if evidence else ()
    failed = [check.id for check in verdict.failed]
    steps = _steps(group.function)
    change = _change(steps, observed, verdict)
    diagnosis = verdict.diagnosis
    comments = [
        f"{group.id}, {len(group.students)} students{f'. {diagnosis.title}' if diagnosis else ''}",
        *_relations(observed),
    ]
    if change.startswith(f'"{CALL}"') and change.endswith(_OPEN):
        comments.append(f"What does it do for other arguments, in the place of {_OPEN}?")
    elif change.endswith(_OPEN):
        known = ", ".join([*steps, CALL])
        comments.append(f"Which step is replaced, and by what? The steps: {known}.")
    lines = [f"# {line}" for text in comments for line in textwrap.wrap(text, _WIDTH)]
    lines += ["Mistake(", f"    {_quoted(group.id)},  # to be completed: an id such as those above"]
    lines += [f"    {_quoted(diagnosis.title if diagnosis else _TITLE)},"]
    lines += _wrapped(diagnosis.hint if diagnosis else _HINT)
    costs = f"    ({', '.join(map(_quoted, failed))}{',' * (len(failed) == 1)}),"
    lines.append(f"    {{{change}}},")
    if len(costs) <= _WIDTH:
        lines.append(costs)
    else:
        lines += ["    (", *(f"        {_quoted(id)}," for id in failed), "    ),"]
    lines.append("),")
    return textwrap.indent("\n".join(lines), _INDENT) + "\n"


def _function(name: str) -> Function | None:
    return next((one for one in all_functions() if one.name == name), None)


def _steps(name: str) -> Mapping[str, Any]:
    """Return the steps of a function's recipe with what is right, in their order."""
    function = _function(name)
    if function is None or function.recipe is None:
        return {}
    parameters = inspect.signature(function.recipe.make).parameters.values()
    return {one.name: one.default for one in parameters if one.kind is not one.VAR_KEYWORD}


def _change(steps: Mapping[str, Any], observed: Sequence[Attempt], verdict: FunctionResult) -> str:
    """Return the change as an item of a dict: the step, and what is done instead."""
    times = _times(observed)
    results = [factor for name, factor in times if name == "output"]
    pulled = [factor for name, factor in times if name.startswith("gradient/")]
    if factor := _one(results + pulled):
        if steps.get("factor") == 1:
            return f'"factor": {factor}'
        if "result" in steps:
            done = "-value" if factor == -1 else f"{factor} * value"
            return f'"result": lambda value: {done}'
    if "result" in steps and _one(results, right=True) and (factor := _one(pulled)):
        return f'"result": lambda value: {factor} * value + (1 - {factor}) * value.detach()'
    parts = verdict.diagnosis.parts if verdict.diagnosis else ()
    if "result" in steps and (known := next((_RESULT[part] for part in parts if part in _RESULT), "")):
        return f'"result": {known}'
    if called := _call(verdict.name, parts):
        return f'"{CALL}": lambda right: lambda *given: {called}'
    step = "result" if "result" in steps or not steps else next(iter(steps))
    return f'"{step}": {_OPEN}'


def _call(name: str, parts: Sequence[str]) -> str:
    """Return what is called in the place of the right function, as far as what was observed of its arguments says."""
    function = _function(name)
    place = first_array(function) if function and not function.in_place and not function.explanation else None
    for part in parts if place is not None else ():
        if where := _WHERE.get(observed := part.removeprefix("observed-")):
            return f"right(*given) if {where.format(place=place)} else {_OPEN}"
        done, _, size = observed.partition("-")
        if done in ("times", "divided") and size in _SIZES:
            return f"right(*given) {'*' if done == 'times' else '/'} {_SIZES[size].format(place=place)}"
    return ""


def _times(observed: Sequence[Attempt]) -> list[tuple[str, float | None]]:
    arrays = (array for attempt in observed for call in attempt.calls for array in call.arrays)
    return [(array.name, array.times) for array in arrays if array.sketch]


def _one(factors: Sequence[float | None], *, right: bool = False) -> float | None:
    """Return the one factor of all results, other than 1 or, if they are `right`, 1; None if there is no such."""
    first = factors[0] if factors else None
    if not first or any(one is None or abs(one - first) > _SAME * abs(first) for one in factors):
        return None
    return first if (abs(first - 1) <= _SAME) is right else None


def _relations(observed: Sequence[Attempt]) -> Iterator[str]:
    """Say of each trial how what was seen is related to what was expected, call by call."""
    for attempt in observed:
        found = [
            (array.name, "unlike the expected" if array.times is None else _related(array.times))
            for call in attempt.calls
            for array in call.arrays
            if array.sketch and re.fullmatch(r"[a-z]+(/[\d.]+)?", array.name)
        ]
        if any(call.raised for call in attempt.calls):
            found.append(("a call", "raises"))
        if attempt.ended:
            found.append(("a call", "does not end"))
        said = "; ".join(f"{name} {relation}" for name, relation in dict.fromkeys(found))
        yield f"{', '.join(attempt.checks)}: {said or 'nothing that can be compared'}"


def _related(times: float) -> str:
    return "is right" if times == 1 else f"is {times:g} times the expected"


def _wrapped(text: str) -> list[str]:
    """Return a text as the argument of a call: several strings in a row where it is long."""
    pieces = textwrap.wrap(text, _WIDTH, drop_whitespace=False) or [""]
    return [*(f"    {_quoted(piece)}" for piece in pieces[:-1]), f"    {_quoted(pieces[-1])},"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())
