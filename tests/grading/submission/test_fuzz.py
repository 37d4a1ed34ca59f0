"""Whatever is handed in, loading it ends in units or in a note: no exception but the kit's own leaves the loader."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.assignments.example_class import EXAMPLES
from grading.assignments.registry import rubric
from grading.errors import KitError
from grading.notebooks.fill import filled
from grading.submission.handed_in import Contents
from grading.submission.reader import read
from grading.submission.selection import decoded, encoded
from grading.verdict.grade import job_of
from grading.verdict.questions import questions_of

from .mutation import PIECES, VALUES, mutated

NOTEBOOKS = {
    f"{example.name}/{name}.ipynb": filled(name, example.lines, example.own_cells).encode()
    for example in EXAMPLES
    if example.name in ("unusual_but_right", "half_done")
    for name in sorted({asked.notebook for asked in rubric()})
}
QUESTIONS = questions_of()
MUTANTS = 10_000
HANG_SECONDS = 600  # of computing


def load(raw: bytes, label: str = "StyleTransfer.ipynb") -> None:
    """Do with a file all that is done before student code runs."""
    found = decoded(encoded(read(Contents("ada", ((label, raw),)), QUESTIONS)), QUESTIONS)
    for asked, one in zip(rubric(), found.functions, strict=True):
        if one.state == "filled":
            json.dumps(job_of(one, asked, found)).encode()  # as it is sent to a child


@settings(max_examples=100)
@given(st.binary(max_size=300), st.sampled_from(["a.ipynb", "a.py"]))
def test_any_bytes_are_loaded_or_noted(raw: bytes, label: str) -> None:
    load(raw, label)


texts = st.one_of(
    st.text(max_size=40), st.sampled_from(PIECES), st.just("def tv_loss(img, w):\n    return 1\n")
)
trees = st.recursive(
    st.one_of(st.sampled_from(VALUES), texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "x"]), inner, max_size=4
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(trees)
def test_any_json_is_loaded_or_noted(tree: Any) -> None:
    load(json.dumps(tree).encode())


@settings(max_examples=100)
@given(st.lists(texts, max_size=6))
def test_any_cells_are_loaded_or_noted(sources: list[str]) -> None:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    load(json.dumps({"cells": cells}).encode())
    load("\n".join(sources).encode("utf-8", "surrogatepass"), "style_transfer.py")


@settings(max_examples=30)
@given(st.sampled_from(sorted(NOTEBOOKS)), st.integers(0, 2**32))
def test_a_spoilt_notebook_is_loaded_or_noted(name: str, seed: int) -> None:
    load(mutated(NOTEBOOKS[name], seed), name)


@pytest.mark.long
def test_ten_thousand_spoilt_notebooks_are_loaded_or_noted() -> None:
    escaped = []
    originals = list(NOTEBOOKS.items())
    for seed in range(MUTANTS):
        name, raw = originals[seed % len(originals)]
        signal.setitimer(signal.ITIMER_VIRTUAL, HANG_SECONDS)  # which ends the tests if a load never does
        try:
            load(mutated(raw, seed), name)
        except KitError:
            pass
        except Exception as error:
            escaped.append((seed, name, repr(error)[:200]))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    assert not escaped, f"{len(escaped)} escaped: {escaped[:5]}"
