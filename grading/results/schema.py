"""Schema of a result file: it means the same to everybody who writes or reads one."""

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from grading.errors import KitError

SCHEMA_PATH = Path(__file__).with_name("results.schema.json")


def validate_result(result: dict[str, Any]) -> None:
    """Raise if a result is not as ``results.schema.json`` asks.

    Beyond the schema, which cannot compare two numbers of one document, no score may exceed its maximum
    and no number may be infinite or not a number (Python's JSON reader lets both through).

    Parameters
    ----------
    result
        The content of one ``results/<student>.json``.

    Raises
    ------
    KitError
        With the place of the first thing that is wrong (``data.functions[2].status``) and what is wrong there.
    """
    try:
        _validator()(result)
    except fastjsonschema.JsonSchemaValueException as error:
        raise KitError(f"not a valid result: {error.message[:300]}") from None
    for place, got, most in _scores(result):
        if not (math.isfinite(got) and math.isfinite(most)):
            raise KitError(f"not a valid result: {place}: {got} of {most} is not a finite number of points")
        if got > most + 1e-9:  # sums of thirds
            raise KitError(f"not a valid result: {place}: {got} points are more than the maximum, {most}")


@cache
def _validator() -> Callable[[Any], Any]:
    # Compiled: a class of 2,000 is checked in a second, and importing jsonschema alone takes longer than that.
    schema = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    validate: Callable[[Any], Any] = fastjsonschema.compile(schema, use_default=False)
    return validate


def _scores(result: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    """Yield (place, points, maximum) of the submission, its functions and their checks."""
    yield "score", result["score"], result["max_score"]
    for i, function in enumerate(result["functions"]):
        yield f"functions[{i}].score", function["score"], function["max_score"]
        for j, check in enumerate(function["checks"]):
            yield f"functions[{i}].checks[{j}].points", check["points"], check["max_points"]
