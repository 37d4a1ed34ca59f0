"""Chains of operations are of what a text computes, and few however it is written."""

from __future__ import annotations

from grading.results.evidence import TEXT
from grading.similar.flow import MOST, chains


def test_a_name_stands_for_the_operation_that_gave_its_value() -> None:
    apart = "def f(a):\n    b = a.exp()\n    return b.sum()\n"
    assert {chain for chain, _ in chains(apart)} == {
        chain for chain, _ in chains("def f(a):\n    return a.exp().sum()\n")
    }


def test_a_text_that_python_warns_of_is_read_in_silence() -> None:
    assert list(chains("def f(a):\n    return a.sub('\\d').exp()\n"))


def test_many_operands_used_many_times_do_not_fill_the_memory() -> None:
    operands = "x = h(" + "".join(f"a{i:x}(), " for i in range(900)) + ")\n"
    for uses in ("k(x)\n" * 2000, "k(" + "x," * 5000 + ")\n"):
        assert len((operands + uses)[:TEXT]) == len(operands + uses)
        assert len(list(chains(operands + uses))) == MOST
