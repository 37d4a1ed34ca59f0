"""The rubric that people read is the one that is graded by."""

from pathlib import Path

import pytest

from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.claims import SEEN_INSIDE
from grading.assignments.vocabulary.function import Function
from grading.notebooks.rubric_page import RUBRIC, rubric_markdown, write_rubric


@pytest.fixture(autouse=True)
def known_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed of the other tests, for which inputs have been made: the page is the same with any."""
    monkeypatch.setattr("grading.notebooks.rubric_page._ANY_SEED", "tests")


def test_the_committed_page_is_what_the_checks_say(tmp_path: Path) -> None:
    written = write_rubric(tmp_path / "RUBRIC.md")
    assert written.read_bytes() == RUBRIC.read_bytes(), "run `make build` and commit grading/RUBRIC.md"


@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_every_check_stands_there_with_its_points_its_reason_and_who_sees_it(asked: Function) -> None:
    section = rubric_markdown().split(f"\n## {asked.name}\n")[1].split("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "points |" not in line]
    assert len(rows) == len(asked.checks)
    for row, check in zip(rows, asked.checks, strict=True):
        points, title, why, judged, who = (cell.strip() for cell in row.strip("|").split(" | "))
        assert (float(points), title) == (check.points, check.title)
        assert why, f"{check.id} gives no reason: say it in its docstring, below the title"
        assert judged
        assert who.startswith("public" if check.public else "private")
        assert ("twin on " in who) is check.public
        assert ("; behaviour" in who) is check.conduct
        assert ("; seen inside: " in who) is (check.judge in SEEN_INSIDE)
    assert sum(float(row.split("|")[1]) for row in rows) == asked.points
