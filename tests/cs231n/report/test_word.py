"""A .docx says what both Word and LibreOffice can show: braces, stars, bars, letters of sets, columns."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.dom.minidom import parseString

import pytest

from cs231n.report import convert
from cs231n.report.fill import Report
from cs231n.report.word import DOCUMENT

pytest.importorskip("pypandoc")
FORMULAS = (
    r"I^{*} = \arg\max_I s_y(I)",
    r"\underbrace{L_\text{content}(x)}_{\text{同样的东西}} + \underbrace{a}_{b}",
    r"M = \max_c |w_{c}|",
    r"p(y | x) \in \mathbb{R}^{+}",
    r"\bar{x} + \overbrace{a + b}^{n}",
)


def docx(folder: Path, text: str) -> Path:
    path = folder / "report.docx"
    convert.write(Report(text), path, "zh")
    return path


def xml_of(folder: Path, text: str) -> str:
    with zipfile.ZipFile(docx(folder, text)) as archive:
        return archive.read(DOCUMENT).decode()


def test_a_brace_below_is_a_group_character_with_its_label_as_the_limit(tmp_path: Path) -> None:
    document = parseString(xml_of(tmp_path, f"$${FORMULAS[1]}$$"))
    groups = document.getElementsByTagName("m:groupChr")
    assert [group.getElementsByTagName("m:pos")[0].getAttribute("m:val") for group in groups] == ["bot"] * 2
    limits = [group.parentNode.parentNode for group in groups]  # type: ignore[union-attr]
    assert [limit.tagName for limit in limits] == ["m:limLow"] * 2
    labels = [limit.getElementsByTagName("m:lim")[0].getElementsByTagName("m:t")[0] for limit in limits]
    assert [label.firstChild.data for label in labels] == ["同样的东西", "b"]


@pytest.mark.parametrize(
    ("formula", "letters"), [("I^{*}", "*"), ("x^+", "+"), ("a_{-}", "−"), ("p(y | x)", "|")]
)
def test_an_operator_without_operands_is_text(tmp_path: Path, formula: str, letters: str) -> None:
    runs = re.findall(r"<m:r>.*?</m:r>", xml_of(tmp_path, f"$${formula}$$"))
    found = [run for run in runs if f"<m:t>{letters}</m:t>" in run]
    assert found == [f"<m:r><m:rPr><m:nor/></m:rPr><m:t>{letters}</m:t></m:r>"]


def test_an_operator_between_its_operands_stays_one(tmp_path: Path) -> None:
    assert "m:nor" not in xml_of(tmp_path, "$$x^{a * b} - 1$$")


def test_the_real_numbers_are_their_own_letter(tmp_path: Path) -> None:
    assert "<m:t>ℝ</m:t>" in xml_of(tmp_path, r"$$x \in \mathbb{R}^{3}$$")


def test_a_column_is_as_wide_as_its_longest_text(tmp_path: Path) -> None:
    table = "| 函数 | 通过 |\n|---|---|\n| class\\_visualization\\_update\\_step | 3 / 3 |\n"
    widths = [int(width) for width in re.findall(r'gridCol w:w="(\d+)"', xml_of(tmp_path, table))]
    assert 4 * widths[1] < widths[0] < 6 * widths[1]


@pytest.mark.long
@pytest.mark.skipif(not (shutil.which("soffice") and shutil.which("pdftotext")), reason="no LibreOffice here")
def test_libreoffice_shows_no_mark_in_place_of_a_part_of_a_formula(tmp_path: Path) -> None:
    path = docx(tmp_path, "\n\n".join(f"$${formula}$$" for formula in FORMULAS))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    shown = subprocess.run(
        ["pdftotext", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "同样的东西" in shown
    assert "ℝ" in shown
    assert "¿" not in shown
    assert "∨" not in shown
