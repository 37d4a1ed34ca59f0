"""A report holds what the notebook shows, says what lacks, and hands nothing on that a form did not ask for."""

from __future__ import annotations

import base64
import doctest
import importlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from PIL import Image

from cs231n import submit
from cs231n.report import convert
from cs231n.report import fill as filling
from cs231n.report.__main__ import main
from cs231n.report.executed import read_executed
from cs231n.report.fill import FORMS, escaped, fill
from cs231n.report.head import FIELDS, read_head
from cs231n.self_check.show import OUTCOMES

ASKED = ("compute_saliency_maps", "tv_loss", "make_fooling_image")
HEADINGS = (
    "实验题目", "学号", "日期", "班级", "姓名", "Email", "实验目的", "实验软件和硬件环境", "实验原理和方法", "实验步骤",
    "结论分析与体会", "就实验过程中遇到和出现的问题，你是如何解决和处理的，自拟1—3道问答题",
)  # fmt: skip
CODE = "def tv_loss(img, tv_weight):\n    # 相邻像素 ```\n    return tv_weight * img.pow(2).sum()"


def png(width: int = 8) -> str:
    stored = io.BytesIO()
    Image.new("RGB", (width, 4), (width, 0, 0)).save(stored, "PNG")
    return base64.b64encode(stored.getvalue()).decode()


def figure(width: int, text: str = "<Figure size 640x480 with 1 Axes>") -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": png(width), "text/plain": text},
    }


def code(source: str, count: int | None, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
    }


def text(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def checked(function: str, error: str, *failed: str) -> dict[str, Any]:
    checks = [{"title": "equal", "passed": True, "message": "", "answer": "tv_out", "error": error}]
    checks += [
        {"title": title, "passed": False, "message": "half", "answer": "", "error": ""} for title in failed
    ]
    return {
        "output_type": "display_data", "metadata": {}, "data": {OUTCOMES: {"function": function, "checks": checks}}
    }  # fmt: skip


CELLS = (
    text("# The notebook\n\nA formula:\n\n$$ L = w \\sum (x_{i+1} - x_i)^2 $$"),
    text("## 3. Total variation"),
    code(CODE, 1),
    code("check(tv_loss)", 2, checked("tv_loss", "0.000", "a * b")),
    text("## Saliency maps"),
    code("plots.saliency_rows(X, compute_saliency_maps(X, y, model), names)", 3, figure(11, "hay, quail")),
    text("### Inline question 1\n\nWhy *raw* scores?"),
    text(
        "**Your answer:**\n\nSee ![mine](attachment:mine.png) and $p_y$.",
        attachments={"mine.png": {"image/png": png(13)}},
    ),
    text("## Class visualization"),
    code("result = create_class_visualization(3)", 4, figure(21), figure(22)),
    text("### Inline question 2\n\nWhy blur?"),
    text("**Your answer:**\n\n*Write your answer here.*"),
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(*cells: dict[str, Any], name: str = "NetworkVisualization.ipynb") -> Path:
    path = Path(name)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return path


def filled(form: str, language: str) -> str:
    head = dict.fromkeys(FIELDS, "") | {"name": "ada | grace", "title": "**bold**"}
    return fill(form, language, [read_executed(written(*CELLS), ASKED)], head).text


def test_the_chinese_lab_form_has_its_headings_and_every_figure_in_order() -> None:
    report = filled("lab", "zh")
    places = [report.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    figures = re.findall(r"!\[图 (\d) ([^（(\]]+)", report)
    assert figures == [("1", "图片及其显著图"), ("2", "类别可视化的各帧 "), ("3", "类别可视化的各帧 ")]
    assert "hay, quail" in report
    assert "(1 / 2)" in report


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_lab_form_holds_formulas_functions_and_errors(language: str) -> None:
    report = filled("lab", language)
    assert "$$L = w \\sum (x_{i+1} - x_i)^2$$" in report
    assert f"````python\n{CODE}\n````" in report
    assert re.search(r"\| tv\\_loss \| 1 / 2 \| tv\\_out(: |：)0.000", report)
    assert "a \\* b" in report
    assert "ada \\| grace" in report


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_inline_form_holds_answers_with_their_figures_and_no_code(language: str) -> None:
    report = filled("inline", language)
    assert report.index("Why *raw* scores?") < report.index("![](figure-01.png)") < report.index("hay, quail")
    assert report.count("![") == 4
    assert "attachment" not in report
    assert "def " not in report


def test_forms_of_all_languages_ask_for_the_same() -> None:
    languages = {path.name.split(".")[1] for path in FORMS.glob("*.md")}
    assert languages == {"en", "zh"}
    for form in ("lab", "inline"):
        tags = {tuple(re.findall(r"{%.*?%}", (FORMS / f"{form}.{one}.md").read_text())) for one in languages}
        assert len({tuple(tag for tag in found if "check.errors" not in tag) for found in tags}) == 1, form


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([code("x = 1", None)], "was not run"),
        ([code("x = 1", 5), code("y = 2", 4)], "cell 2 was run before cell 1"),
        ([code("x = 1", 1), code("y = 2", None)], "not run: cell 2"),
        ([code("plt.show()", 1)], "cell 1 draws, but holds no figure"),
        ([code("def tv_loss(img, tv_weight):\n    pass", 1)], "tv_loss is not filled in"),
        ([code("1 / 0", 1, {"output_type": "error", "ename": "ZeroDivisionError"})], "ended by an error"),
        ([*CELLS], "Inline question 2 is not answered"),
    ],
)
def test_what_lacks_is_said_and_the_rest_is_made(
    cells: list[dict[str, Any]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(*cells)
    assert main([str(path), "--out", "report.md"]) == 0
    assert said in capsys.readouterr().out
    assert "## Procedure" in Path("report.md").read_text()


def test_a_notebook_in_order_with_all_its_figures_is_not_complained_of() -> None:
    assert read_executed(written(*CELLS[:-2]), ASKED).problems == []


def test_a_function_stands_in_the_section_of_its_topic_whatever_heading_asks_for_it() -> None:
    cells = [
        text("## 1. 全变分\n\n$$ a $$"),
        text("### 提示：下标"),
        text("### 轮到你了：`tv_loss`"),
        code(CODE, 1),
    ]
    sections = read_executed(written(*cells), ASKED).sections
    assert [section.title for section in sections if section.steps] == ["1. 全变分"]
    assert [section.title for section in sections if section.formulas] == ["1. 全变分"]


def test_error_cells_of_older_years_are_read() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": ["Maximum error is 0.250\n"]}
    read = read_executed(written(code("tv_loss_test(answers['tv_out'])", 1, printed)), ASKED)
    assert [(check.function, check.errors) for check in read.checks] == [("tv_loss", (("tv_out", "0.250"),))]


def test_a_check_that_stopped_is_in_the_report() -> None:
    stopped = {
        "output_type": "error",
        "ename": "AssertionError",
        "evalue": "tv_loss is not filled in yet. Write\nx",
    }
    read = read_executed(written(code("check(tv_loss)", 1, stopped)), ASKED)
    assert read.checks[0].failed == (("", "tv_loss is not filled in yet. Write"),)


def test_the_head_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["CS231n", "", '2021 "001"', "", "一班", "ada", "ada@example.org"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(given))
    head = read_head(Path("report.toml"))
    assert (head["number"], head["class"], head["name"]) == ('2021 "001"', "一班", "ada")
    assert head["title"]
    assert read_head(Path("report.toml")) == head
    assert next(given, None) is None


def test_a_wrong_head_a_missing_form_and_another_suffix_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(*CELLS)
    Path("broken.toml").write_text("nmae = 'ada'\n")
    for arguments, said in (
        (["--head", "broken.toml"], "got nmae"),
        (["--form", "thesis"], "no form thesis"),
        (["--language", "xx"], "in the language xx"),
        (["--out", "report.odt"], "must end in .docx, .pdf, .md"),
    ):
        assert main([str(path), *arguments]) == 2
        assert said in capsys.readouterr().err


def test_a_form_of_ones_own_is_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.md").write_text("{% for notebook in notebooks %}{{ notebook.title }}{% endfor %}")
    assert main([str(written(*CELLS)), "--form", "mine.md", "--out", "report.md"]) == 0
    assert Path("report.md").read_text() == "The notebook\n"
    Path("mine.md").write_text("{{ nothing }}")
    assert main([str(written(*CELLS)), "--form", "mine.md", "--out", "report.md"]) == 2
    assert "'nothing' is undefined" in capsys.readouterr().err


@pytest.mark.parametrize(
    "label", ["**Your answer:** ", "**Your Answer**: ", "$\\color{blue}{\\textit Your Answer:}$\n\n"]
)
def test_an_answer_is_what_follows_the_label_in_its_cell_or_in_the_question_s(label: str) -> None:
    for cells in (
        [text(f"### Inline Question 1\nWhy?\n\n{label}*So* $x$.")],
        [text("Inline question 1: Why?"), text(f"{label}*So* $x$.")],
    ):
        (question,) = read_executed(written(*cells, code("x", 1)), ASKED).questions
        assert (question.answer, question.title) == ("*So* $x$.", question.title)
        assert question.title.lower() == "inline question 1"


def test_text_is_shown_as_it_is() -> None:
    assert escaped("1. a_b `c` <d> $e$ [f](g)\n| h") == r"1\. a\_b \`c\` \<d\> \$e\$ \[f\](g) \| h"


def test_missing_packages_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    report = fill("lab", "en", [read_executed(written(*CELLS), ASKED)], dict.fromkeys(FIELDS, ""))
    for package, out in (("pypandoc", "report.docx"), ("typst", "report.pdf")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(convert.ReportError, match=f"pip install {convert.PACKAGES}"):
            convert.write(report, Path(out), "en")


def test_the_packages_are_those_of_the_extra() -> None:
    project = (Path(__file__).parents[3] / "pyproject.toml").read_text()
    assert "report = [" + ", ".join(f'"{package}"' for package in convert.PACKAGES.split()) + "]" in project


def test_the_report_is_packed_beside_the_notebooks(capsys: pytest.CaptureFixture[str]) -> None:
    written(code(CODE, 1), name="StyleTransfer.ipynb")
    assert submit.main(["--report"]) == 2
    assert "report.docx is no report" in capsys.readouterr().err
    Path("report.docx").write_bytes(b"PK")
    assert submit.main(["--report"]) == 0
    with zipfile.ZipFile("assignment3.zip") as packed:
        assert sorted(packed.namelist()) == ["StyleTransfer.ipynb", "report.docx"]


def test_without_chinese_fonts_a_pdf_is_refused_and_the_docx_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typst = pytest.importorskip("typst")
    pytest.importorskip("pypandoc")

    class NoFonts:
        def families(self) -> list[str]:
            return ["Libertinus Serif", "DejaVu Sans Mono"]

    monkeypatch.setattr(typst, "Fonts", NoFonts)
    assert main([str(written(*CELLS)), "--language", "zh", "--out", "report.pdf"]) == 2
    assert "apt-get install fonts-noto-cjk" in capsys.readouterr().err
    assert not Path("report.pdf").exists()
    with zipfile.ZipFile("report.docx") as docx:
        document = docx.read("word/document.xml").decode()
        pictures = [name for name in docx.namelist() if name.startswith("word/media/")]
    assert all(heading in document for heading in HEADINGS)
    assert len(pictures) == 4
    assert "<m:oMath>" in document
    assert "\\sum" not in document


def test_a_formula_that_is_no_tex_is_said_and_costs_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("pypandoc")
    broken = text("**Your answer:**\n\nSee $\\nothing{x}$ and @nothing and #raw.")
    assert main(
        [str(written(*CELLS[:-1], broken)), "--form", "inline", "--out", "r.docx", "--out", "r.pdf"]
    ) in (0, 2)
    assert (
        "this formula is no TeX, so it stands there as you wrote it: \\nothing{x}" in capsys.readouterr().out
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "figures"), [("saliency_and_fooling", 3), ("class_visualization", 7), ("style_losses", 10)]
)
def test_reports_of_submissions_in_older_style_have_all_headings_and_every_figure(
    name: str, figures: int
) -> None:
    jupytext = importlib.import_module("jupytext")
    pytest.importorskip("pypandoc")
    notebook = jupytext.read(Path(__file__).parent / "submissions" / f"{name}.py", fmt="py:percent")
    nbformat.write(notebook, f"{name}.ipynb")
    command = ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", f"{name}.ipynb"]
    kit = str(Path(__file__).parents[3])
    subprocess.run([sys.executable, *command], check=True, env={**os.environ, "PYTHONPATH": kit})
    assert main([f"{name}.ipynb", "--language", "zh", "--out", "r.md", "--out", "r.docx"]) == 0
    report = Path("r.md").read_text()
    assert all(heading in report for heading in HEADINGS)
    assert report.count("![图") == figures
    assert "def " in report


@pytest.mark.parametrize("module", [convert, filling], ids=lambda module: module.__name__)
def test_what_docstrings_say_is_so(module: ModuleType) -> None:
    attempted = doctest.testmod(module)
    assert attempted.attempted
    assert not attempted.failed


@pytest.mark.parametrize("formula", [r"\bigl(x_i - f(i)\bigr)^2", "(x_i - 1)^2", r"\Big( x \Big)"])
def test_word_sums_over_all_that_is_in_brackets(formula: str, tmp_path: Path) -> None:
    convert.write(
        filling.Report(rf"$$ L = \text{{a (b)}} \left( \sum_i {formula} \right) $$", {}),
        tmp_path / "a.docx",
        "en",
    )
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        xml = archive.read("word/document.xml").decode()
    said = re.findall(r"<m:t[^>]*>([^<]*)</m:t>", xml)
    assert not {"(", ")"} & {*said}
    assert xml.count("<m:d>") == formula.count("(") + 1
