"""Pytest plugin that grades one submission: `pytest grading --submission FILE`, one test for each check."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.errors import KitError
from grading.results.definition import CheckResult, Result

# What `new assignment` copies has tests of its own, which hold where it is copied to.
collect_ignore = ["template"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that `python -m grading check` has."""
    group = parser.getgroup("grading")
    group.addoption("--submission", type=Path, help="a notebook, .py, .zip or one student's folder")
    group.addoption("--seed", default=None, help="private seed; default: that of course.toml")
    group.addoption("--seed-file", type=Path, default=None, help="a file that holds the private seed")
    group.addoption(
        "--isolation", default=None, help="what stands around student code; default: as for `check`"
    )
    group.addoption("--assignment", default=None, help="a name, or the folder of an assignment of your own")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each check of the rubric, called by the title a student reads."""
    if "check_result" in metafunc.fixturenames:
        from grading.assignments.registry import rubric

        asked_for = rubric(_reference(metafunc.config))
        pairs = [(asked.name, check) for asked in asked_for for check in asked.checks]
        ids = [f"{function}: {check.title}" for function, check in pairs]
        metafunc.parametrize("check_result", [(f, c.id) for f, c in pairs], ids=ids, indirect=True)


def _reference(config: pytest.Config) -> str:
    from cs231n.sentences import plain
    from grading.course.course_toml import chosen_assignment

    try:
        return chosen_assignment(config.getoption("--assignment"))
    except KitError as error:
        pytest.exit(plain(error), returncode=2)


@pytest.fixture(scope="session")
def submission_result(request: pytest.FixtureRequest) -> Result:
    """Grade the submission once, in the sandbox, as `python -m grading check` does."""
    path = request.config.getoption("--submission")
    if path is None:
        pytest.skip("name a submission: pytest grading --submission FILE")
    from cs231n.sentences import plain
    from grading.cli.check import grade_alone
    from grading.course.settings import seed_of

    options = request.config.getoption
    try:
        seed = seed_of(options("--seed"), options("--seed-file"))
        return grade_alone(path, seed, options("--isolation"), _reference(request.config)).result
    except KitError as error:
        pytest.exit(plain(error), returncode=2)


@pytest.fixture
def check_result(request: pytest.FixtureRequest, submission_result: Result) -> CheckResult:
    """Return one check of the result."""
    function, check = request.param
    checks = next(f.checks for f in submission_result.functions if f.name == function)
    return next(result for result in checks if result.id == check)
