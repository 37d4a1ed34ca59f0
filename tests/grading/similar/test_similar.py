"""Similar are those who share what is rare in their class; who wrote the usual on their own is not."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.planted_class import Planted, Solution, Student, graded, planted_class
from benchmarks.similarity import name, write
from grading.assignments.registry import assignment
from grading.cli.app import app
from grading.errors import KitError
from grading.similar.given import given_in, released_cells
from grading.similar.pairs import Comparison, compare_class
from grading.similar.traces import CODE, traces_of

NOTEBOOKS = assignment().notebooks


def compared(planted: Planted, out: Path, earlier: Path | None = None) -> Comparison:
    write(planted, out)
    return compare_class(out, earlier, NOTEBOOKS)


def members(comparison: Comparison) -> set[frozenset[str]]:
    return {frozenset(member.student for member in group.members) for group in comparison.groups}


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Planted, Path, Comparison]:
    planted, out = planted_class(3, 90, each=2), tmp_path_factory.mktemp("copies") / "graded"
    return planted, out, compared(planted, out)


def test_copies_are_found_in_whatever_way_they_were_rewritten(copies) -> None:
    planted, _, comparison = copies
    found = {
        pair: any({name(number) for number in pair} <= group for group in members(comparison))
        for pair in planted.pairs
    }
    assert all(found[pair] for pair, way in planted.pairs.items() if way == "exact")
    assert sum(found.values()) >= 0.7 * len(found)
    assert len(members(comparison)) <= len(planted.pairs) + 3
    assert max(map(len, members(comparison))) < 10  # the class is not one group


def test_where_nobody_worked_together_hardly_anybody_is_shown(tmp_path: Path) -> None:
    groups = members(compared(planted_class(5, 90, each=0), tmp_path))
    assert len(groups) <= 3
    assert len(set().union(*groups)) < 10


@pytest.mark.long
def test_where_nobody_worked_together_three_groups_are_shown_at_most_in_the_mean(tmp_path: Path) -> None:
    """Who follows the hints to the letter is like others who do: by chance a class has a group or two more."""
    shown = [members(compared(planted_class(seed, 90, each=0), tmp_path / str(seed))) for seed in range(1, 9)]
    assert sum(map(len, shown)) <= 3 * len(shown)
    assert sum(len(set().union(*groups)) for groups in shown) < 10 * len(shown)


def test_a_solution_that_many_hand_in_is_one_group(tmp_path: Path) -> None:
    planted = planted_class(5, 70, each=0)
    many = [replace(student, functions=planted.students[0].functions) for student in planted.students[:15]]
    groups = members(compared(replace(planted, students=[*planted.students[15:], *many]), tmp_path))
    assert max(groups, key=len) >= {name(number) for number in range(55, 70)}


@pytest.mark.sample
@pytest.mark.parametrize("seed", [8, 5, 3])
def test_who_is_similar_does_not_depend_on_what_students_are_called_or_in_which_order(
    seed: int, tmp_path: Path
) -> None:
    """Also of the copies in the first two: that differ in a function, and which of them counts as usual decides."""
    planted = planted_class(seed, 60, each=1)
    order = list(range(len(planted.students)))
    random.Random(seed).shuffle(order)
    shuffled = replace(planted, students=[planted.students[number] for number in order])
    called = {name(place): name(number) for place, number in enumerate(order)}
    comparison, other = compared(planted, tmp_path / "one"), compared(shuffled, tmp_path / "other")
    assert {frozenset(called[one] for one in group) for group in members(other)} == members(comparison)


def test_an_earlier_class_is_compared_with_this_one_and_not_with_itself(tmp_path: Path) -> None:
    old, new = planted_class(6, 60, each=1), planted_class(7, 40, each=0)
    new = replace(new, students=[*new.students, old.students[50]])
    write(old, tmp_path / "old")
    comparison = compared(new, tmp_path / "new", tmp_path / "old")
    groups = [{(m.student, m.year) for m in group.members} for group in comparison.groups]
    assert any({(name(40), 0), (name(50), 1)} <= group for group in groups)
    assert all(any(m.year == 0 for m in group.members) for group in comparison.groups)
    assert comparison.pairs == 41 * 40 / 2 + 41 * 60


@pytest.mark.parametrize(("mistakes", "weighs"), [("", False), ("content-no-weight", True)])
def test_a_right_answer_of_one_line_leaves_no_trace_in_code_and_a_wrong_one_does(mistakes, weighs) -> None:
    line = "def content_loss(w, a, b):\n    return w * torch.sum((a - b) ** 2)\n"
    student = planted_class(1, 1, each=0).students[0]
    functions = {**student.functions, "content_loss": Solution(line, mistakes)}
    handed_out = given_in(cell for notebook in NOTEBOOKS for cell in released_cells(notebook))
    traces = traces_of(*graded("ada", Student(functions, student.cells)), handed_out)
    assert (("content_loss", CODE) in traces) == weighs


def test_the_page_says_similar_escapes_code_and_is_for_the_course_alone(tmp_path: Path) -> None:
    out = tmp_path / "graded"
    comparison = compared(planted_class(3, 40, each=1), out)
    path = next((out / "evidence").glob(f"{comparison.groups[0].members[0].student}.json"))
    hostile = "<script>alert(1)</script>"
    text = path.read_text(encoding="utf-8").replace("def tv_loss", f"# {hostile}\\ndef tv_loss")
    path.write_text(text, encoding="utf-8")
    stale = out / "report" / "similar" / "group-99.html"
    stale.parent.mkdir(parents=True)
    stale.touch()
    result = CliRunner().invoke(app, ["similar", str(out)])
    assert result.exit_code == 0, result.output
    pages = {page: page.read_text(encoding="utf-8") for page in stale.parent.glob("*.html")}
    assert len(pages) == len(comparison.groups) + 1
    for page, html in pages.items():
        assert hostile not in html
        assert "copied" not in re.sub(r"<[^>]+>", "", html)
        assert page.stat().st_mode & 0o077 == 0
    assert any("&lt;script&gt;" in html for html in pages.values())
    assert comparison.groups[0].members[0].student in result.output
    assert '<a href="similar/index.html">' in (out / "report" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("bare", ["this year", "last year"])
def test_a_folder_without_evidence_is_refused_with_the_remedy(bare: str, tmp_path: Path) -> None:
    for year in ("this year", "last year"):
        write(planted_class(1, 2, each=0), tmp_path / year)
    for path in (tmp_path / bare / "evidence").iterdir():
        path.unlink()
    with pytest.raises(KitError, match=f"{bare}/evidence holds no evidence .*--regrade"):
        compare_class(tmp_path / "this year", tmp_path / "last year", NOTEBOOKS)
