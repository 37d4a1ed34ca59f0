"""Nothing of a student's acts in formgrader; text and pictures stay."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import nbformat
import nbgrader.server_extensions.formgrader
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from grading.nbgrader.sanitize import calm_cell

PNG = "iVBORw0KGgo="


def calm(cell_type: str = "code", source: str = "", **more: object) -> NotebookNode:
    cell = {"cell_type": cell_type, "metadata": {}, "source": source, **more}
    if cell_type == "code":
        cell = {"outputs": [], "execution_count": 1} | cell
    return calm_cell(nbformat.from_dict(cell), 0, frozenset())


@functools.cache
def exporter() -> HTMLExporter:
    return HTMLExporter(template_name="classic")


def shown(*cells: NotebookNode) -> str:
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    page: str = exporter().from_notebook_node(notebook)[0]
    return page.partition("<body")[2]


def display(**data: str) -> dict[str, object]:
    return {
        "output_type": "display_data",
        "metadata": {"image/png": {"width": '"><script>evil()</script>'}},
        "data": {key.replace("_", "/"): value for key, value in data.items()},
    }


@pytest.mark.parametrize(
    "source",
    [
        "<script>evil()</script>",
        "<img src=x onerror=evil()>",
        "[x](javascript:evil())",
        "[x](JaVaScRiPt:evil())",
        "[x](java&#115;cript:evil())",
        "![x](data:text/html,evil())",
        "<b\nonclick=evil()>x</b>",
        "<!-- --!><script>evil()</script>",
        "``\n<script>evil()</script>\n``",
        "```\n```\n<script>evil()</script>",
        "<svg/onload=evil()>",
        "a <script>evil()",
        "<meta http-equiv=refresh content='0;url=https://evil()'>",
        "<div style='background:url(//evil())'>x</div>",
        "<base href=//evil()>",
        "<style>@import '//evil()'</style>",
        "<iframe srcdoc='evil()'></iframe>",
        "$\\href{javascript:evil()}{x}$",
    ],
)
@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_what_a_browser_would_obey_is_shown_as_text(source: str, kind: str) -> None:
    cell = calm(kind, source)
    assert cell.cell_type == "markdown"
    page = shown(cell)
    assert "<script>evil" not in page
    assert "<svg" not in page
    assert not any(
        tag in page.partition('role="main"')[2] for tag in ("<meta", "<base", "<iframe", "<style", "url(//")
    )
    assert 'href="java' not in page.lower()
    assert "evil()" in page


@pytest.mark.parametrize(
    "source",
    ["![x](https://example.org/a.png)", "![x](//example.org/a.png)", "<img src='HTTP://example.org/a.png'>",
     "[x](//example.org/a)", "<a href=' //example.org'>x</a>"],
)  # fmt: skip
def test_nothing_is_fetched_from_another_machine(source: str) -> None:
    page = shown(calm("markdown", source))
    assert "<img" not in page
    assert 'href="//' not in page


@pytest.mark.parametrize(
    "source",
    ["**Your answer:** $a < b$ and `x<y>`", "$$\\sum_{a<b} x$$", "see [this](https://example.org/a?b=c)",
     "> quoted\n\n1. one\n2. two", "![photo](attachment:photo.png)", "a | b\n--|--\n1 | 2", "line<br>line"],
)  # fmt: skip
def test_honest_answers_are_left_alone(source: str) -> None:
    assert calm("markdown", source).source == source


def test_pictures_and_text_of_outputs_are_kept_and_nothing_else() -> None:
    cell = calm(
        outputs=[
            display(text_html="<script>evil()</script>", image_png=PNG, text_plain="<Figure>"),
            display(application_javascript="evil()", text_html="<b onclick=evil()>", text_plain="a table"),
            display(image_png='"><script>evil()</script>', text_plain="no picture"),
            display(image_svg_xml="<svg onload=evil()>"),
            {"output_type": "stream", "name": "stdout", "text": "x" * 100_000},
            {"output_type": "error", "ename": "E", "evalue": "<b>oops</b>", "traceback": []},
        ],
        metadata={"tags": ['"><script>evil()</script>'], "nbgrader": {"grade_id": "x"}},
    )
    page = shown(cell)
    assert "evil" not in page
    assert PNG in page
    assert "a table" in page
    assert "oops" in page
    assert len(page) < 60_000
    assert cell.metadata == {"nbgrader": {"grade_id": "x"}}


def test_attachments_are_pictures() -> None:
    bundle = {"photo.png": {"image/png": PNG, "text/html": "evil()"}, '"><x>': {"image/png": PNG}}
    cell = calm("markdown", "![photo](attachment:photo.png)", attachments=bundle)
    assert cell.attachments == {"photo.png": {"image/png": PNG}}


@pytest.mark.parametrize("template", ["formgrade", "feedback"])
def test_formulas_are_set_by_mathjax_in_safe_mode(template: str) -> None:
    """In the pages of nbgrader that show an instructor, or a student, what another wrote."""
    folder = Path(nbgrader.server_extensions.formgrader.__file__).parent
    exporter = HTMLExporter(
        template_name=template,
        extra_template_basedirs=[str(folder / "templates")],
        extra_template_paths=[str(folder / "static" / "node_modules" / "bootstrap" / "dist" / "css")],
    )
    notebook = nbformat.v4.new_notebook(cells=[calm("markdown", "$x$")])
    scores = {"score": 0, "max_score": 0, "late_penalty": 0}
    page: str = exporter.from_notebook_node(notebook, {"index": 0, "total": 1, "nbgrader": scores})[0]
    loaded = re.findall(r'<script[^>]* src="([^"]*mathjax[^"]*)"', page, re.IGNORECASE)
    assert loaded
    assert all(url.endswith(",Safe") for url in loaded)


def test_what_was_released_is_the_courses_own() -> None:
    source = '<div class="hint" style="color:red">released</div>'
    cell = nbformat.from_dict({"cell_type": "markdown", "metadata": {}, "source": source})
    assert calm_cell(cell, 0, frozenset({source})).source == source
