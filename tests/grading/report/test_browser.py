"""In a real browser: the class's page sorts and filters under its own policy, for a class of 2,000."""

import html
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from grading.report.pages import write_report

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.long,
    pytest.mark.alone,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]

# What a person would do, appended to a copy of the page without its policy; then a report in the title.
ACT = """
const heads = document.querySelectorAll("#class thead button");
heads[1].click();
const first = document.querySelector("#class tbody th").textContent;
const filter = document.getElementById("filter");
filter.value = "timeout";
filter.dispatchEvent(new Event("input"));
const visible = document.querySelectorAll("#class tbody tr:not([hidden])").length;
const shown = document.getElementById("shown").textContent;
document.title = JSON.stringify({ first, visible, shown });
"""


def dump(page: Path, *options: str) -> str:
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        *options,
        "--dump-dom",
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout


def test_the_policy_lets_the_pages_own_script_run(report_of: Any) -> None:
    dom = dump(report_of(24))
    assert re.search(r'<p class="tools"><label', dom)
    assert dom.count("<button") == 9


def test_two_thousand_students_can_be_sorted_and_filtered(report_of: Any) -> None:
    page = report_of(2000)
    source = page.read_text(encoding="utf-8")
    assert len(source) < 6_000_000
    without_policy = re.sub(r"<meta http-equiv=[^>]*>", "", source)
    acting = page.with_name("acting.html")
    acting.write_text(without_policy.replace("</body>", f"<script>{ACT}</script></body>"), encoding="utf-8")
    title = html.unescape(re.findall(r"<title>(.*?)</title>", dump(acting))[0])
    said = dict(re.findall(r'"(\w+)":"?([^",}]*)', title))
    assert said["first"].startswith("grace")
    assert said["shown"] == f"{said['visible']} of 2000"
    assert 0 < int(said["visible"]) < 2000


@pytest.fixture
def report_of(build: Any, tmp_path: Path) -> Any:
    def report_of(count: int) -> Path:
        documents = build.the_class()
        many = [
            documents[i % 24] | {"student": f"{documents[i % 24]['student']}{i:04}"} for i in range(count)
        ]
        return write_report(build.write_out(tmp_path / str(count), many))

    return report_of
