"""Hostile notebooks in a course: what is read of them is bounded, and what is not is refused with a remedy."""

from __future__ import annotations

import nbformat
import pytest

from grading.errors import SubmissionError
from grading.nbgrader.notebooks import LISTS_LIMIT, SIZE_LIMIT, notebook_of

NESTED = {
    "lists": "[" * 900 + "]" * 900,
    "mappings": '{"a":' * 900 + "1" + "}" * 900,
    "many lists": "[" + "[]," * 10_000 + "1]",
    "a number of thousands of digits": "1" * 5_000,
}


def notebook(value: str) -> bytes:
    output = f'{{"output_type": "display_data", "data": {{"text/plain": ["a", "b"], "x": {value}}}}}'
    cell = f'{{"cell_type": "code", "source": "x = 1", "metadata": {{"nbgrader": {{"grade_id": "q", "x": {value}}}}}'
    return f'{{"nbformat": 4, "cells": [{cell}, "outputs": [{output}, {value}]}}]}}'.encode()


@pytest.mark.parametrize("value", NESTED.values(), ids=NESTED)
def test_of_an_output_only_texts_are_kept_however_deep_it_is(value: str) -> None:
    read = notebook_of(notebook(value), "a.ipynb")
    nbformat.validate(read)
    (cell,) = read.cells
    assert (cell.source, cell.metadata.nbgrader.grade_id) == ("x = 1", "q")
    assert cell.outputs[0].data["text/plain"] == "ab"


@pytest.mark.parametrize(
    ("start", "repeated", "times", "end"),
    [("", "[]", LISTS_LIMIT, ""), ('"', "x", SIZE_LIMIT, '"')],
    ids=["millions of lists", "very large"],
)
def test_what_would_take_a_gigabyte_to_read_is_refused_with_a_remedy(
    start: str, repeated: str, times: int, end: str
) -> None:
    raw = notebook(start + repeated * times + end)
    with pytest.raises(SubmissionError, match="clear its outputs and hand it in again"):
        notebook_of(raw, "a.ipynb")
