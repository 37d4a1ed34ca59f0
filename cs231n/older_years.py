"""The check cells of older years' notebooks: `style_loss_test(answers['sl_out'])`, by today's stored answers.

    from cs231n.older_years import answers, content_loss_test, gram_matrix_test, style_loss_test, tv_loss_test

There is a `..._test` for each function with a stored answer. It finds the function in the notebook that calls it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from cs231n.language import said
from cs231n.self_check.answers import load_answers
from cs231n.self_check.check import outcomes
from cs231n.trials.evidence import relative_error

_STORED = {
    name: answer for name, checks in load_answers().items() for answer in checks.answers if answer.answer
}
answers = {answer.answer: answer.expected.arrays["0/output"] for answer in _STORED.values()}


def _test(function: str, correct: npt.ArrayLike) -> None:
    """Print how far the result of the caller's function is from the expected one, as the course's cells did."""
    caller = sys._getframe(1).f_globals
    if function not in caller:
        raise NameError(said("{function} is not defined yet: run its cell first", function=function))
    outcome = next(outcome for outcome in outcomes(caller[function]) if outcome.answer.answer)
    seen, expected = outcome.seen.arrays.get("0/output"), np.asarray(correct)
    if seen is None:
        raise AssertionError(outcome.verdict.message)
    if seen.size != expected.size:
        raise ValueError(
            said(
                "{function}_test: expected the answer of {size} numbers, got {given}: call it with answers['{answer}'] "
                "of cs231n.older_years",
                function=function,
                size=seen.size,
                given=expected.size,
                answer=outcome.answer.answer,
            )
        )
    print(f"Error is {relative_error(seen.reshape(expected.shape), expected):.3f}")


def __getattr__(name: str) -> Callable[[npt.ArrayLike], None]:
    function = name.removesuffix("_test")
    if function == name or function not in _STORED:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return functools.partial(_test, function)
