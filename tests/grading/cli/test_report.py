"""The command writes a graded folder's pages anew, and hands them out no sooner than the course says."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grading.cli import main
from grading.results.download_names import add_download_names
from grading.results.evidence import Evidence
from grading.results.files import evidence_bytes

from ..nbgrader.conftest import write_results
from .conftest import Told


@pytest.fixture
def out(tmp_path: Path) -> Path:
    out = write_results(tmp_path / "graded", {"ada": {}, "grace": {"tv_loss": 0}})
    add_download_names(out, {"ada": "Ada_1_assignsubmission_file/Style.ipynb"})
    return out


def given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path, *words: str
) -> tuple[int, str, str]:
    """Give the command in the folder of a course."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["grading", "report", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0), *capsys.readouterr()


def test_alone_it_writes_the_pages_anew(out: Path, told: Told) -> None:
    status, said, _ = told("report", str(out))
    assert (status, said.splitlines()[0]) == (0, f"report: {out / 'report' / 'index.html'}")
    assert "<strong>90</strong>" in (out / "report" / "grace.html").read_text()


def test_whose_evidence_is_gone_is_said(out: Path, told: Told) -> None:
    (out / "evidence").mkdir()
    (out / "evidence" / "ada.json").write_bytes(evidence_bytes(Evidence("ada", ())))
    _, said, _ = told("report", str(out))
    assert "no evidence beside the result: grace; grade them again" in said


def test_groups_that_are_not_there_are_made_and_those_that_are_there_stay(out: Path, told: Told) -> None:
    told("report", str(out))
    groups, page = out / "groups.json", out / "report" / "functions" / "tv_loss.html"
    assert "tv_loss-2" in page.read_text()
    groups.write_text(groups.read_text().replace("tv_loss-2", "tv_loss-7"))
    told("report", str(out))
    assert "tv_loss-7" in page.read_text()


def test_anonymous_pages_are_written_beside_the_named_ones(out: Path, told: Told) -> None:
    status, said, _ = told("report", str(out), "--anonymous")
    pages = out / "report-anonymous"
    assert status == 0
    assert said.splitlines()[-1] == (
        f"anonymous: {pages / 'index.html'}; who is who, for you alone: {out / 'pseudonyms.json'}"
    )
    assert (out / "report" / "grace.html").is_file()
    assert len([*pages.glob("student-*.html")]) == 2
    assert told("report", str(out), "--anonymous", "--for", "students")[0] == 2


def test_it_says_whose_page_was_not_written_and_counts(out: Path, told: Told) -> None:
    status, said, warned = told("report", str(out), "--for", "students", "--as", "moodle")
    assert status == 1
    assert warned.startswith("not written: grace: was not graded from a download of Moodle")
    assert said.splitlines() == [
        f"pages to hand out: {out / 'moodle-feedback.zip'}",
        "1 written, 0 held back, 1 not named for the platform",
    ]
    assert told("report", str(out), "--for", "students", "--out", str(out / "zips"))[0] == 0
    assert sorted(path.name for path in (out / "zips").iterdir()) == ["ada.zip", "grace.zip"]


def test_before_the_release_nothing_is_handed_out_but_early(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = out.parent / "course.toml"
    course.write_text("[students]\nrelease = 2999-01-01T12:00:00-07:00\n")
    words = (str(out), "--for", "students")
    status, _, warned = given(monkeypatch, capsys, out.parent, *words)
    assert status == 2
    assert "holds results back until 2999-01-01 12:00-07:00 (students.release): wait until then" in warned
    assert not (out / "handout").exists()
    assert given(monkeypatch, capsys, out.parent, *words, "--early")[0] == 0
    course.write_text("[students]\nrelease = 2020-01-01T12:00:00-07:00\n")
    assert given(monkeypatch, capsys, out.parent, *words)[0] == 0


def test_where_the_course_hides_private_checks_it_is_said(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (out.parent / "course.toml").write_text('language = "zh"\n[students]\nprivate_checks = "hidden"\n')
    monkeypatch.setattr("cs231n.language._chosen", "")
    _, said, _ = given(monkeypatch, capsys, out.parent, str(out), "--for", "students")
    assert "未公开的检查" in said
    with zipfile.ZipFile(out / "handout" / "grace.zip") as archive:
        assert "未公开的检查" in archive.read(archive.namelist()[0]).decode()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--for", "teachers"), "--for students, not for 'teachers'"),
        (("--as", "moodle"), "add --for students"),
        (("--for", "students", "--as", "sakai"), "pages, moodle, canvas, not as 'sakai'"),
    ],
)
def test_what_is_not_meant_is_one_sentence(
    words: tuple[str, ...], message: str, out: Path, told: Told
) -> None:
    status, _, warned = told("report", str(out), *words)
    assert status == 2
    assert message in warned
