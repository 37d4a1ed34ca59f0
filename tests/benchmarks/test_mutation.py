"""Every operator makes the mutants it promises, one change each, and the reference functions have plenty."""

from __future__ import annotations

import ast
import collections
import functools

import pytest

from benchmarks.equivalents import EQUIVALENT
from benchmarks.mutants import mutants
from benchmarks.mutation import OPERATORS, mutants_of

SAMPLE = '''
def sample(x, weight):
    """A docstring, which is no code: 1 + 1."""
    a, b = x.shape
    for i in range(3):
        with torch.no_grad():
            x += weight * x.grad[1:, 0].abs()
            x.grad.zero_()
        if i == 2 and True:
            break
    total = total + f(x, dim=1) @ -a
    return total
'''
MADE = {
    "arithmetic": "total = total - f(x, dim=1) @ -a",
    "operand": "total = f(x, dim=1) @ -a",
    "comparison": "if i != 2 and True:",
    "constant": "for i in range(4):",
    "wrapped": "x += (weight * x.grad[1:, 0].abs()).detach()",
    "statement": "without: x.grad.zero_()",
    "order": "moved: x.grad.zero_(); x += weight * x.grad[1:, 0].abs()",
    "condition": "if not (i == 2 and True):",
    "loop": "for i in list(range(3))[1:]:",
    "block": "without: with torch.no_grad():",
    "subscript": "x += weight * x.grad[0, 1:].abs()",
    "method": "x += weight * x.grad[1:, 0].square()",
    "argument": "total = total + f(dim=1) @ -a",
    "in_place": "total += f(x, dim=1) @ -a",
    "name": "x += weight * weight.grad[1:, 0].abs()",
    "targets": "b, a = x.shape",
    "attribute": "x += weight * x[1:, 0].abs()",
}


@functools.cache
def samples() -> set[tuple[str, str]]:
    return {(mutant.operator, mutant.change) for mutant in mutants_of(SAMPLE, "sample")}


def test_every_operator_is_shown_here() -> None:
    assert MADE.keys() == OPERATORS.keys()


@pytest.mark.parametrize("operator", MADE)
def test_an_operator_changes_what_it_is_for(operator: str) -> None:
    made = [change for by, change in samples() if by == operator]
    assert MADE[operator] in made, made


def test_the_docstring_is_not_mutated() -> None:
    assert not any("docstring" in mutant.source for mutant in mutants_of(SAMPLE, "sample"))


@pytest.mark.long
def test_the_reference_functions_have_plenty_of_mutants_and_no_two_are_one() -> None:
    every = mutants()
    assert len(every) >= 250
    assert len({(mutant.function, mutant.source) for mutant in every}) == len(every)
    assert len({(mutant.function, mutant.change) for mutant in every}) == len(every)
    assert all(mutant.source == ast.unparse(ast.parse(mutant.source)) for mutant in every)
    fewest = collections.Counter(mutant.function for mutant in every).most_common()[-1]
    assert fewest[1] > 40, fewest


@pytest.mark.long
def test_a_reason_is_given_for_mutants_that_there_are() -> None:
    every = {(mutant.function, mutant.change) for mutant in mutants()}
    given = {(function, change) for function, reasons in EQUIVALENT.items() for change in reasons}
    assert given <= every
