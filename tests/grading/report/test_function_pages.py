"""The page of a function: its groups, and for one without a name the entry that would name it."""

from __future__ import annotations

import ast
import inspect
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from markupsafe import Markup

from cs231n.trials.evidence import relative_error
from cs231n.trials.observe import observe
from cs231n.trials.trial import trial_key
from grading.assignments.registry import function_named
from grading.assignments.style_transfer.mistakes import content_loss, gram_matrix, tv_loss
from grading.assignments.vocabulary.mistake import Recipe
from grading.report.grouping import group_class
from grading.report.mistake_block import mistake_block
from grading.report.pages import write_report
from grading.results.definition import FunctionResult
from grading.results.files import read_evidence, read_result
from grading.results.groups import Group, read_groups
from grading.verdict.diagnosis.search import explanation
from grading.verdict.reference import reference_functions
from grading.verdict.verdicts import judge_function

from .tv_class import STUDENTS, TRIALS, TV, UNNAMED, WAYS, write_class


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("graded")
    write_class(out)
    group_class(out)
    write_report(out)
    return out


def page(graded: Path) -> str:
    return (graded / "report" / "functions" / "tv_loss.html").read_text(encoding="utf-8")


def section(graded: Path, group: Group) -> str:
    found = re.search(rf'<section class="function" id="{group.id}".*?</section>', page(graded), re.DOTALL)
    assert found
    return found[0]


def group_of(graded: Path, name: str) -> Group:
    return next(group for group in read_groups(graded) if group.students == STUDENTS[name])


def test_groups_stand_by_size_with_their_name_points_students_and_code(graded: Path) -> None:
    ids = re.findall(r'<section class="function" id="([^"]+)"', page(graded))
    assert ids == [group.id for group in read_groups(graded)]
    sizes = [len(group.students) for group in read_groups(graded)]
    assert sizes == sorted(sizes, reverse=True)
    half = section(graded, group_of(graded, "half"))
    assert "1 × A factor 1/2 too many" in Markup(half).striptags()
    assert "unnamed" not in half
    right = section(graded, group_of(graded, "right"))
    assert "10 of 10" in Markup(right).striptags()
    for student in STUDENTS["right"]:
        assert f'<a href=".././{student.replace(" ", "%20")}.html#tv_loss">' in right
        assert (graded / "report" / f"{student}.html").is_file()
    assert "dim" in right  # of its code
    assert "</script>" not in page(graded)
    assert "&lt;b&gt;" in page(graded)


def test_a_group_without_a_name_says_which_checks_separate_it_and_how_to_name_it(graded: Path) -> None:
    group = group_of(graded, UNNAMED)
    text = Markup(section(graded, group)).striptags()
    assert "3 × unnamed" in text
    verdict = read_result(graded / "results" / f"{STUDENTS[UNNAMED][0]}.json").functions[0]
    failed = [check.id for check in verdict.checks if check.status == "fail"]
    assert failed
    assert all(id in text for id in failed)
    assert group_of(graded, "six tenths").id in text  # fails the same checks
    assert '{"factor": 0.7}' in Markup(section(graded, group)).unescape()
    for other in ("six tenths", "half", "right"):  # small, named, right
        assert "A name for this group" not in section(graded, group_of(graded, other))


def test_the_entry_put_into_the_rooms_file_names_those_of_the_group(graded: Path) -> None:
    group = group_of(graded, UNNAMED)
    verdict = read_result(graded / "results" / f"{group.students[0]}.json").functions[0]
    (evidence,) = read_evidence(graded / "evidence" / f"{group.students[0]}.json").functions
    completed = {"__name__": "completed"}
    exec(compile(_with(mistake_block(group, verdict, evidence)), "tv_loss.py", "exec"), completed)
    named = replace(TV, recipe=completed["TV"])
    for function in WAYS[UNNAMED]:
        seen = [(trial, observe(trial, {"tv_loss": function})) for trial in TRIALS.values()]
        assert explanation(TV, seen) is None
        (mistake,) = explanation(named, seen) or ()
        assert mistake.id == group.id


@pytest.mark.parametrize("name", ["six tenths", "no number", "hangs"])
def test_whatever_was_observed_the_entry_runs_in_the_room(graded: Path, name: str) -> None:
    group = group_of(graded, name)
    verdict = read_result(graded / "results" / f"{group.students[0]}.json").functions[0]
    completed: dict[str, object] = {"__name__": "completed"}
    exec(compile(_with(mistake_block(group, verdict, None)), "tv_loss.py", "exec"), completed)
    *_, mistake = completed["TV"].mistakes
    trial = next(iter(TRIALS.values()))
    seen = observe(trial, {"tv_loss": completed["TV"].make(**mistake.changes)})
    assert seen.calls[0]["raised"]["type"] == "TypeError"  # to be completed: it does what nobody did
    right = observe(trial, {"tv_loss": completed["TV"].make()}).arrays["0/output"]
    assert relative_error(observe(trial, {"tv_loss": WAYS["right"][0]}).arrays["0/output"], right) < 1e-5


@pytest.mark.parametrize(
    ("name", "mistakes", "change", "derived"),
    [
        (
            "content_loss",
            content_loss,
            lambda right, _, current, *__: right / current.shape[1],
            '{"call": lambda right: lambda *given: right(*given) / given[1].shape[1]}',
        ),
        (
            "gram_matrix",
            gram_matrix,
            lambda right, *_: right.cumsum(0),
            '{"call": lambda right: lambda *given: right(*given) if len(given[0]) == 1 else ...}',
        ),
    ],
)
def test_the_entry_looks_at_the_arguments_where_what_was_observed_depends_on_them(
    name: str, mistakes: ModuleType, change: Callable[..., object], derived: str
) -> None:
    function, right = function_named(name), reference_functions()[name]
    trials = function.trials("tests")
    seen = {
        trial_key(trial): observe(trial, {name: lambda *given: change(right(*given), *given)})
        for trial in trials.values()
    }
    checks, status, diagnosis = judge_function(function, trials, seen)
    verdict = FunctionResult(name, name, "N", "N.ipynb", status, 0, 10, (), diagnosis, checks)
    group = Group(f"{name}-1", name, ("ada", "grace", "alan"), "", status, "", "", ())
    block = mistake_block(group, verdict, None)
    assert derived in block
    completed: dict[str, Any] = {"__name__": "completed"}
    # what a person completes
    block = block.replace("...", "right(*given).cumsum(0)")
    exec(compile(_with(block, mistakes), f"{name}.py", "exec"), completed)
    (recipe,) = (one for one in completed.values() if isinstance(one, Recipe))
    observed = [(trial, seen[trial_key(trial)]) for trial in trials.values()]
    assert explanation(function, observed) is None
    (mistake,) = explanation(replace(function, recipe=recipe), observed) or ()
    assert mistake.id == group.id


def _with(block: str, room: ModuleType = tv_loss) -> str:
    """Return a room's file with an entry at the end of its recipe's mistakes."""
    source = inspect.getsource(room)
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    recipe = next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Recipe")
    lines = source.splitlines(keepends=True)
    last = recipe.args[2].end_lineno
    assert last
    assert lines[last - 1].strip() == "),"
    return "".join([*lines[: last - 1], block, *lines[last - 1 :]])


def test_the_plot_shows_every_student_of_a_function_once(graded: Path) -> None:
    svg = ElementTree.parse(graded / "report" / "functions" / "class.svg").getroot()
    tag = "{http://www.w3.org/2000/svg}"
    (bar,) = [group for group in svg.iter(f"{tag}g") if group.find(f"{tag}text[@font-family]") is not None]
    counts = [int(text.text) for text in bar.findall(f"{tag}text[@text-anchor='middle']")]
    assert sorted(counts) == sorted(map(len, STUDENTS.values()))
    widths = [float(rect.get("width")) for rect in bar.findall(f"{tag}rect")]
    assert widths == pytest.approx([sum(widths) * count / sum(counts) for count in counts], abs=0.1)


def test_the_class_page_leads_to_the_functions_and_pages_are_the_same_again(graded: Path) -> None:
    index = (graded / "report" / "index.html").read_text(encoding="utf-8")
    assert '<a href="functions/tv_loss.html">' in index
    before = {path: path.read_bytes() for path in (graded / "report").rglob("*") if path.is_file()}
    group_class(graded)
    write_report(graded)
    assert {path: path.read_bytes() for path in before} == before


def test_a_folder_without_groups_has_no_pages_of_functions(shared_class_folder: Path) -> None:
    write_report(shared_class_folder)
    assert not (shared_class_folder / "report" / "functions").exists()
    assert "functions/" not in (shared_class_folder / "report" / "index.html").read_text(encoding="utf-8")


def test_groups_of_students_who_are_gone_are_left_out(tmp_path: Path) -> None:
    write_class(tmp_path)
    group_class(tmp_path)
    (tmp_path / "results" / f"{STUDENTS['half'][0]}.json").unlink()
    write_report(tmp_path)
    assert "A factor 1/2 too many" not in page(tmp_path)
    assert "3 × unnamed" in Markup(page(tmp_path)).striptags()
