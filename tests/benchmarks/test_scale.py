"""Memory stays flat over a class, and a second run grades nothing: `benchmarks.scale` on a small one."""

from pathlib import Path

import pytest

from benchmarks.grading import make_class
from benchmarks.scale import GROWTH_MB, HONEST, POINTS, grade

SIZE = 80


@pytest.mark.long
@pytest.mark.alone
def test_memory_is_flat_and_nothing_is_graded_twice(tmp_path: Path) -> None:
    make_class(tmp_path / "class", SIZE, HONEST)
    first = grade(tmp_path / "class", tmp_path / "graded", jobs=2)
    assert len(first) >= POINTS
    assert len(list((tmp_path / "graded" / "results").glob("*.json"))) == SIZE
    # by a quarter of such a class, every example has been seen once
    assert first[-2].grader_mb - first[3].grader_mb <= GROWTH_MB
    grade(tmp_path / "class", tmp_path / "graded", jobs=2)
    assert f"{SIZE} of {SIZE} unchanged, kept" in (tmp_path / "log").read_text()
