"""In a real browser: the class's page sorts and filters under its own policy, for a class of 2,000.

Pages of a class, of a function and of similar submissions break no rule of axe-core and fit their windows.
"""

import html
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.planted_class import planted_class
from benchmarks.similarity import write
from grading.cli.similar import similar_command
from grading.report.grouping import group_class
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


PAGES = ("index", "functions/tv_loss", "similar/index", "similar/group-1", "student")


def test_no_page_of_a_class_breaks_a_rule_of_axe_or_is_wider_than_its_window(tmp_path: Path) -> None:
    axe = importlib.util.find_spec("axe_core_python")
    if axe is None or axe.origin is None:
        pytest.skip("the development group is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="the development group is not installed")
    rules = Path(axe.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    write(planted_class(3, 40, each=1), tmp_path)
    group_class(tmp_path)
    similar_command(tmp_path, None, None)
    report = tmp_path / "report"
    (report / "student.html").symlink_to(next(report.glob("*[0-9].html")))
    found = {}
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme, width in (("light", 1200), ("dark", 400)):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            for name in PAGES:
                page = context.new_page()
                page.goto((report / f"{name}.html").as_uri())
                wide = page.evaluate("document.documentElement.scrollWidth")
                page.evaluate(rules)
                broken = page.evaluate("axe.run().then(run => run.violations.map(rule => rule.id))")
                found[name, scheme] = (wide, broken)
                page.close()
        browser.close()
    assert found == {
        (name, scheme): (width, []) for scheme, width in (("light", 1200), ("dark", 400)) for name in PAGES
    }


@pytest.fixture
def report_of(build: Any, tmp_path: Path) -> Any:
    def report_of(count: int) -> Path:
        documents = build.the_class()
        many = [
            documents[i % 24] | {"student": f"{documents[i % 24]['student']}{i:04}"} for i in range(count)
        ]
        return write_report(build.write_out(tmp_path / str(count), many))

    return report_of
