"""`pytest grading --submission FILE` gives the verdicts of the result file, a test for each check."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.assignments.registry import rubric
from grading.classroom.worker import grade_submission, use_one_thread
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission

from .conftest import NOTEBOOK_OF, HandIn

ROOT = Path(__file__).parents[2]


def words_of(report: Path, *arguments: str) -> list[str]:
    return ["grading", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]


def run_pytest(report: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *words_of(report, *arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def run_pytest_here(report: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In this process and the warm sandbox of the tests, which take as long to start as all the rest."""
    words = [*words_of(report, *arguments), "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()) as said:
        status = pytest.main(words)
    return subprocess.CompletedProcess(words, status, said.getvalue(), "")


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("run", [run_pytest_here, pytest.param(run_pytest, marks=pytest.mark.long)])
def test_there_is_a_test_for_each_check_with_its_title_and_the_same_verdict(
    run: Callable[..., subprocess.CompletedProcess[str]], hand_in: HandIn, sandbox: Sandbox, tmp_path: Path
) -> None:
    bodies: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"tv_loss"})
    bodies["content_loss"] = """
        import warnings
        warnings.warn("a student's warning")
        return w * (current - target).pow(2).sum().detach()
        """
    folder = hand_in("ada", **bodies)
    done = run(tmp_path / "report.xml", "--submission", str(folder), "--seed", "tests")
    assert done.returncode == 1, done.stdout + done.stderr
    use_one_thread()
    result = json.loads(result_bytes(grade_submission(Submission("ada", folder), "tests", sandbox).result))
    expected = {f"test_check[{f['name']}: {c['title']}]": c for f in result["functions"] for c in f["checks"]}
    items = {case.get("name", ""): case for case in ET.parse(tmp_path / "report.xml").iter("testcase")}
    assert items.keys() == expected.keys()
    assert len(items) == sum(len(asked.checks) for asked in rubric())
    for name, case in items.items():
        failure = case.find("failure")
        assert (failure is None) == (expected[name]["status"] == "pass"), name
        if failure is not None:
            assert expected[name]["message"] in (failure.get("message") or "")


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 0, "pytest grading --submission FILE"),
        (["--submission", "no/such/file.ipynb"], 2, "no/such/file.ipynb does not exist"),
    ],
    ids=["none", "wrong"],
)
def test_without_a_submission_it_says_how_to_name_one(
    arguments: list[str], status: int, words: str, tmp_path: Path
) -> None:
    done = run_pytest(tmp_path / "report.xml", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
