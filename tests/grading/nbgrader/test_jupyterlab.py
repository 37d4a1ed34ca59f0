"""In a real browser: a student works in JupyterLab, an instructor in formgrader (pictures: build/screenshots)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="the development group is not installed")

import nbformat
from nbformat import NotebookNode
from playwright.sync_api import Locator, Page, TimeoutError, expect

from grading.assignments.example_class import right_lines
from grading.notebooks.build import read_notebook
from grading.notebooks.fill import filled
from grading.notebooks.release import write_release

from .conftest import ASSIGNMENT, write_results
from .jupyterlab import CHROMIUM, MINUTE, browser_page, jupyter_lab, screenshot
from .nbgrader_commands import Course, cell, edit, new_course

pytestmark = [
    pytest.mark.long,
    pytest.mark.alone,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]
NOTEBOOK = "NetworkVisualization"
FUNCTIONS = ("compute_saliency_maps", "make_fooling_image", "class_visualization_update_step")


@pytest.fixture
def page() -> Iterator[Page]:
    with browser_page() as page:
        yield page


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """The folder of notebooks in a student's bundle."""
    write_release(tmp_path / "bundle")
    return tmp_path / "bundle" / "notebooks"


def open_notebook(page: Page, address: str) -> None:
    page.goto(f"{address}/lab/tree/{NOTEBOOK}.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=15 * MINUTE)
    # Idle: the kernel has started, and Run does something
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for(timeout=15 * MINUTE)


def cells(page: Page) -> Locator:
    return page.locator(".jp-Notebook .jp-Cell")


def paste(page: Page, index: int, text: str) -> None:
    """Replace what a cell says, as pasting over it does."""
    place = cells(page).nth(index)
    place.scroll_into_view_if_needed()
    if place.locator(".jp-MarkdownOutput").is_visible():
        place.locator(".jp-MarkdownOutput").dblclick()
    place.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def run_all(page: Page) -> None:
    """Choose Run All Cells until a cell has run: on a busy machine JupyterLab may lose what it sends a new kernel."""
    begun = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"\[\d+\]:")).first
    for last_try in (False, False, True):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            begun.wait_for(timeout=MINUTE)
        except TimeoutError:
            screenshot(page, "run-all-did-nothing")
            if last_try:
                raise
        else:
            return


def filled_in(path: Path) -> dict[int, str]:
    """What a student with every function right, and every question answered, has in which cell of a notebook."""
    solved = nbformat.reads(filled(path.stem, right_lines("ada")), as_version=4)
    texts = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if c.metadata.get("nbgrader")}
    new = {}
    for index, own in enumerate(read_notebook(path).cells):
        name = own.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in FUNCTIONS:
            new[index] = texts[name]
        elif name.startswith("question_"):
            new[index] = "**Your answer:** because of the softmax."
    return new


def test_a_student_fills_in_a_notebook_runs_it_and_validates_it(
    page: Page, notebooks: Path, home: Path
) -> None:
    path = notebooks / f"{NOTEBOOK}.ipynb"
    with jupyter_lab(notebooks.parent, home, notebooks.name) as address:
        open_notebook(page, address)
        for index, text in filled_in(path).items():
            paste(page, index, text)
        run_all(page)
        last = page.locator(".jp-CodeCell .jp-InputPrompt").last
        expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=15 * MINUTE)
        outputs = page.locator(".jp-OutputArea-output")
        assert outputs.filter(has_text="Error:").count() == 0
        for function in FUNCTIONS:
            shown = outputs.filter(has_text=re.compile(rf"{function}: (\d+) of \1 checks pass"))
            assert shown.count() == 1
            assert "✗" not in shown.inner_text()
            shown.scroll_into_view_if_needed()
            screenshot(page, f"student-{function}")
        pictures = page.locator(".jp-OutputArea-output img")
        assert pictures.count() >= 7
        pictures.last.scroll_into_view_if_needed()
        screenshot(page, "student-pictures")

        page.get_by_role("button", name="Validate").click()  # which saves, too
        results = page.locator(".validation-success, .validation-failed")
        results.first.wait_for(timeout=15 * MINUTE)
        screenshot(page, "student-validate")
        expect(results.first).to_contain_text("Success! Your notebook passes all the tests.")


def test_run_all_of_the_unfilled_notebook_stops_at_the_first_stub_and_says_so(
    page: Page, notebooks: Path, home: Path
) -> None:
    with jupyter_lab(notebooks.parent, home, notebooks.name) as address:
        open_notebook(page, address)
        run_all(page)
        outputs = page.locator(".jp-OutputArea-output")
        stopped = outputs.filter(has_text="AssertionError")
        stopped.wait_for(timeout=15 * MINUTE)
        expect(stopped).to_contain_text(
            "compute_saliency_maps is not filled in yet. Write your lines between"
        )
        stopped.scroll_into_view_if_needed()
        screenshot(page, "student-unfilled")
        assert stopped.count() == 1
        assert outputs.filter(has_text="make_fooling_image").count() == 0


@pytest.fixture
def course(tmp_path: Path, examples: Path) -> Course:
    """A course with one collected submission, graded and exported the hardened way."""
    course = new_course(tmp_path)
    course.nbgrader("generate_assignment", ASSIGNMENT)
    folder = course.submitted / "ada" / ASSIGNMENT
    shutil.copytree(examples / "all_right", folder)

    def answer(notebook: NotebookNode) -> None:
        cell(notebook, "question_gram_shuffle").source = "It is a sum over places, so it stays as it is."

    edit(folder / "StyleTransfer.ipynb", answer)
    return course


def export(course: Course, tmp_path: Path, passed: dict[str, int]) -> None:
    write_results(tmp_path / "out", {"ada": passed})
    course.grading("export", "nbgrader", str(tmp_path / "out"), "--course", ".")


def open_submission(page: Page, address: str) -> None:
    """From formgrader's first page to the submission."""
    page.goto(f"{address}/formgrader/gradebook")
    page.get_by_role("link", name=ASSIGNMENT).click()
    page.get_by_role("link", name="StyleTransfer").click()
    page.get_by_role("link", name=re.compile("Submission #")).first.click()
    page.locator("#question_gram_shuffle").wait_for()


def test_an_instructor_grades_a_question_and_the_score_outlives_a_regrade(
    page: Page, course: Course, home: Path, tmp_path: Path
) -> None:
    export(course, tmp_path, {"tv_loss": 2})
    with jupyter_lab(course.folder, home) as address:
        open_submission(page, address)
        expect(page.locator("#check_tv_loss")).to_have_attribute("placeholder", "4")
        expect(page.locator("#tv_loss-comment")).to_have_attribute("placeholder", re.compile("Not squared"))
        page.locator("#check_tv_loss").scroll_into_view_if_needed()
        screenshot(page, "formgrader-verdict")

        score = page.locator("#question_gram_shuffle")
        score.scroll_into_view_if_needed()
        score.fill("4.5")
        page.locator("#question_gram_shuffle-comment").fill("Well said.")
        page.locator("#question_gram_shuffle-comment").press("Tab")
        page.wait_for_timeout(1_000)
        screenshot(page, "formgrader-graded")

        export(course, tmp_path, {})  # a regrade, with another verdict, beside the open formgrader
        page.goto("about:blank")
        open_submission(page, address)
        expect(page.locator("#question_gram_shuffle")).to_have_value("4.5")
        expect(page.locator("#question_gram_shuffle-comment")).to_have_value("Well said.")
        expect(page.locator("#check_tv_loss")).to_have_attribute("placeholder", "10")
        page.locator("#question_gram_shuffle").scroll_into_view_if_needed()
        screenshot(page, "formgrader-regraded")
