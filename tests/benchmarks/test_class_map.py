"""The adjusted Rand index, against its definition by pairs, and the class that it is measured on."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import nbformat
import pytest

from benchmarks.class_map import RIGHT, adjusted_rand, make_class
from grading.assignments.registry import rubric


def by_pairs(one: list[int], other: list[int]) -> float:
    """Hubert and Arabie, 1985: agreement of all pairs, less what chance gives, of the most that is possible."""
    pairs = list(itertools.combinations(range(len(one)), 2))
    both = sum(one[i] == one[j] and other[i] == other[j] for i, j in pairs)
    in_one = sum(one[i] == one[j] for i, j in pairs)
    in_other = sum(other[i] == other[j] for i, j in pairs)
    by_chance = in_one * in_other / len(pairs)
    return (both - by_chance) / ((in_one + in_other) / 2 - by_chance)


def test_the_index_is_that_of_its_definition() -> None:
    rng = random.Random(0)
    for _ in range(50):
        one, other = ([rng.randrange(3) for _ in range(12)] for _ in range(2))
        assert adjusted_rand(one, other) == pytest.approx(by_pairs(one, other))
    assert adjusted_rand([0, 0, 1, 1], ["b", "b", "a", "a"]) == 1
    assert adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)


def test_the_class_has_right_and_wrong_ones_of_each_function_as_labelled(tmp_path: Path) -> None:
    labels = make_class(tmp_path, 20)
    assert len(labels) == 20 * len(rubric())
    for asked in rubric():
        known = [label for (_, function), label in labels.items() if function == asked.name]
        assert RIGHT in known
        assert len({*known}) > 3
    cells = nbformat.read(tmp_path / "student-0007" / "Assignment.ipynb", as_version=4).cells
    assert [f"def {asked.name}(" in cell.source for asked, cell in zip(rubric(), cells, strict=True)] == [
        True
    ] * 7
