"""A class graded in Chinese: no English text of ours is on a page or at the terminal, and every verdict is the same."""

from __future__ import annotations

import contextlib
import difflib
import io
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
import typer
from rich.console import Console

import grading.classroom.worker
from cs231n import language, submit
from grading.assignments.own_rooms import own_notebooks
from grading.attacks.loading import LOADING
from grading.attacks.table import ATTACKS
from grading.classroom.worker import Settings
from grading.cli import doctor
from grading.cli.app import app
from grading.cli.check import check_command
from grading.cli.grade import grade_command
from grading.cli.run import language_asked
from grading.cli.terminal import say_error, with_help_shown
from grading.errors import KitError, SubmissionError
from grading.language.catalogues import path_of, read_catalogue, update_catalogues
from grading.notebooks.build import solved_notebook
from grading.notebooks.new_assignment import write_assignment
from grading.sandbox import Sandbox

from ..conftest import NOTEBOOK_OF, write_submission

FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"tv_loss", "gram_matrix"})
# What is the same word in both, or a name.
STAYS = {"Moodle", "Canvas", "Blackboard", "Brightspace", "Gradescope", "nbgrader", "process"}
# Of no other words than Python's own messages have, too.
ANYWHERE = {"{some} and {other}"}
# Code and names are nobody's text.
NOT_TEXT = {"code", "pre", "bdi", "script", "style"}
SHOWN = {"alt", "title", "aria-label", "placeholder"}

Graded = dict[str, tuple[Path, str]]


class _Texts(HTMLParser):
    """The texts of a page, a line each, without code and names."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.lines += [value for name, value in attrs if name in SHOWN and value]
        if tag in NOT_TEXT:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.lines.append(" ".join(data.split()))


def texts_of(page: str) -> list[str]:
    parser = _Texts()
    parser.feed(page)
    return parser.lines


@cache
def english() -> list[tuple[str, re.Pattern[str]]]:
    """Return each text that has another one in Chinese, and what finds it, whatever its arguments are."""
    found = []
    for package in ("cs231n", "grading"):
        for message in read_catalogue(path_of(package, "zh"), "zh"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            translated = message.string if isinstance(message.string, str) else message.string[0]
            for text in ids:
                if not text or text == translated or text in STAYS or text in ANYWHERE:
                    continue
                plain = re.sub(r"\[/?\w*\]", "", text)
                parts = list(Formatter().parse(plain)) if "python-brace-format" in message.flags else []
                letters = "".join(part[0] for part in parts) if parts else plain
                if len(re.findall("[A-Za-z]", letters)) > 2:
                    pattern = (
                        "".join(re.escape(p[0]) + (".{1,200}?" if p[1] else "") for p in parts)
                        if parts
                        else re.escape(plain)
                    )
                    found.append((text, re.compile(pattern)))
    return found


def untranslated(lines: list[str]) -> dict[str, str]:
    """Return what is shown in English: a text that is a whole line, or one of several words in a line."""
    found, all_lines = {}, "\n".join(lines)
    for text, pattern in english():
        if not pattern.search(all_lines):  # of most, this is all that is asked
            continue
        several = len(re.findall("[A-Za-z]{2,}", re.sub(r"\{.*?\}", "", text))) > 2
        for line in lines:
            if pattern.search(line) if several else pattern.fullmatch(line):
                found[text] = line
    return found


def graded_in(name: str, folder: Path, sandbox: Sandbox) -> str:
    """Grade the class in a language; return what is said."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
        patch.setattr(language, "_chosen", name)
        patch.chdir(folder)
        grade_command([folder / "class"], folder / name, Settings("tests"))
    return said.getvalue()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Graded:
    """The same class in both languages: right, wrong, raising, left undone, unreadable, and a file of nobody."""
    folder = tmp_path_factory.mktemp("crawl")
    (folder / "course.toml").write_text(
        'seed = "tests"\n[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 10\n[submitted]\nada = 2026-05-22T00:00:00Z\n'
        '[[override]]\nstudent = "grace"\nfunction = "tv_loss"\nscore = 3\nreason = "口试"\n',
        encoding="utf-8",
    )
    write_submission(folder / "class" / "ada", **FEW)
    wrong = (
        "return tv_weight * ((img[:, :, 1:] - img[:, :, :-1]).abs().mean() + img.diff(dim=3).abs().mean())"
    )
    write_submission(
        folder / "class" / "grace", **FEW | {"tv_loss": wrong, "gram_matrix": "return features @ 2"}
    )
    write_submission(folder / "class" / "alan", **FEW | {"tv_loss": "pass", "gram_matrix": "return None"})
    (folder / "class" / "barbara").mkdir()
    (folder / "class" / "barbara" / "StyleTransfer.ipynb").write_bytes(b"%PDF-1.7")
    (folder / "class" / "notes.docx").write_bytes(b"PK")
    return {name: (folder / name, graded_in(name, folder, sandbox)) for name in ("en", "zh")}


def test_the_oracle_sees_english_that_is_shown(graded: Graded) -> None:
    out, said = graded["en"]
    lines = texts_of((out / "report" / "index.html").read_text(encoding="utf-8"))
    assert {"Mistakes", "Students"} <= untranslated(lines).keys()
    assert "report: {path}" in untranslated(said.splitlines())


@pytest.mark.parametrize("page", ["index", "ada", "grace", "alan", "barbara"])
def test_a_page_in_chinese_has_no_english_text(graded: Graded, page: str) -> None:
    lines = texts_of((graded["zh"][0] / "report" / f"{page}.html").read_text(encoding="utf-8"))
    assert untranslated(lines) == {}


def test_a_run_in_chinese_says_nothing_in_english(graded: Graded) -> None:
    said = graded["zh"][1]
    assert "平均分" in said
    assert untranslated(said.splitlines()) == {}


@pytest.mark.usefixtures("shared")
def test_check_in_chinese_says_nothing_in_english(
    graded: Graded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    assert check_command(graded["zh"][0].parent / "class" / "grace", "tests", None) == 1
    said = capsys.readouterr().out
    assert "分" in said
    assert untranslated([line.strip() for line in said.splitlines()]) == {}


def test_the_packer_in_chinese_says_nothing_in_english(
    graded: Graded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    assert (
        submit.main([str(graded["zh"][0].parent / "class" / "alan"), "--out", str(tmp_path / "a.zip")]) == 0
    )
    assert submit.main([str(tmp_path)]) == 2
    said, wrong = capsys.readouterr()
    assert "还是空的框架" in said
    assert wrong.startswith("错误：")
    assert untranslated([line.strip() for line in (said + wrong).splitlines()]) == {}


def test_the_help_of_every_command_is_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    pending, english_help, count = [with_help_shown(typer.main.get_command(app))], [], 0
    while pending:
        command = pending.pop()
        pending += getattr(command, "commands", {}).values()
        helps = [told for one in (command, *command.params) if (told := getattr(one, "help", None))]
        count += len(helps)
        english_help += [told for told in helps if not re.search("[\u4e00-\u9fff]", told)]
    assert count > 50
    assert english_help == []


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("grade --language zh --help", "zh"),
        ("grade a --language=zh", "zh"),
        ("grade --languages zh", None),
        ("grade --language", None),
        ("grade a", None),
        ("", None),
    ],
)
def test_help_and_errors_are_in_the_language_that_the_line_asks_for(line: str, asked: str | None) -> None:
    assert language_asked(line.split()) == asked


WRONG_LINES = (
    ["grade"], ["gradee"], ["zzz"], ["grade", "--nope"], ["grade", "--see", "1"], ["grade", "a", "--jobs", "0"],
    ["grade", "a", "--jobs", "x"], ["grade", "a", "--jobs"], ["check", "a", "b"], ["grade", "--regrade=1", "a"],
    ["--help"], ["grade", "--help"], ["export", "--help"], ["reference", "--help"], [],
)  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG_LINES, ids=" ".join)
def test_what_typer_says_itself_is_chinese(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    command = with_help_shown(typer.main.get_command(app))
    with pytest.raises(SystemExit):
        command(arguments, prog_name="python -m grading")
    told = "".join(capsys.readouterr())
    assert "用法：" in told or "错误：" in told
    for word in ("Usage", "Options", "Arguments", "Commands", "Try", "Error", "Missing", "No such", "Invalid",
                 "Input", "unexpected", "requires", "does not", "default", "required", "Show this"):  # fmt: skip
        assert word not in told


@pytest.mark.long
def test_doctor_in_chinese_says_nothing_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [doctor.Outcome(one.name, one.wall, one.tries, "") for one in (*ATTACKS, *LOADING)]
    tried += [doctor.Outcome("", wall, "", "") for wall in doctor.AFTERWARDS]
    wrong = doctor._changed({}, {"a": (0, 0)})
    gone = [replace(outcome, wrong=wrong) for outcome in tried]
    told: dict[str, str] = {}
    for name in ("en", "zh"):
        monkeypatch.setattr(language, "_chosen", name)
        console = Console(file=io.StringIO(), width=1000)
        for isolation, outcomes in (("process", gone), ("bubblewrap", gone), ("bubblewrap", tried)):
            examination = doctor.Examination(isolation, tuple(outcomes))
            console.print(
                doctor._table(examination), doctor._summary(examination), doctor._machine(isolation)
            )
        told[name] = console.file.getvalue()  # type: ignore[attr-defined]
    cells = [part.strip() for line in told["zh"].splitlines() for part in re.split(" {3,}", line)]
    assert len(untranslated(told["en"].splitlines())) > 100
    assert untranslated(cells) == {}


AUTHORS: dict[str, Callable[[Path], object]] = {
    "no name": lambda folder: write_assignment("1st", folder / "a"),
    "not empty": lambda folder: write_assignment("First", folder),
    "no folder": lambda folder: own_notebooks(folder / "nothing"),
    "no room": lambda folder: own_notebooks(folder),
    "no notebook": lambda folder: solved_notebook(folder / "notebook.py"),
    "no language": lambda _: update_catalogues("klingon"),
    "an error of Python": lambda folder: own_notebooks(folder / "broken"),
    "no record": lambda folder: own_notebooks(folder / "empty"),
}


@pytest.mark.parametrize("mistake", AUTHORS)
def test_what_an_author_of_an_assignment_did_wrong_is_said_in_the_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, mistake: str
) -> None:
    for name, text in (("broken", "1 / 0"), ("empty", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text)
    with pytest.raises(KitError) as raised:
        AUTHORS[mistake](tmp_path)
    said = {}
    for name in ("en", "zh"):
        monkeypatch.setattr(language, "_chosen", name)
        say_error(raised.value)
        said[name] = capsys.readouterr().err
    assert re.search("[\u4e00-\u9fff]", said["zh"].removeprefix("错误："))
    assert untranslated([said["en"].removeprefix("error: ").strip()])
    assert untranslated([said["zh"].removeprefix("错误：").strip()]) == {}


def test_an_error_is_english_and_shown_in_the_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    error = pickle.loads(
        pickle.dumps(SubmissionError("{path} does not exist: check the path", path=Path("a")))
    )
    assert str(error) == "a does not exist: check the path"
    say_error(error)
    assert capsys.readouterr().err == "错误：a 不存在：请检查路径\n"


def differences(one: Path, other: Path) -> dict[str, list[str]]:
    """Return what differs in the files of two folders: of each file that does, its lines, or that it is no text."""
    found = {}
    for name in sorted({path.relative_to(root) for root in (one, other) for path in root.rglob("*")}):
        raw = [path.read_bytes() if (path := root / name).is_file() else b"" for root in (one, other)]
        if raw[0] != raw[1]:
            texts = [text.decode("utf-8", "replace").splitlines() for text in raw]
            found[str(name)] = [*difflib.unified_diff(*texts, "en", "zh", n=0, lineterm="")]
    return found


@pytest.mark.parametrize("kind", ["results", "evidence", "pictures"])
def test_a_verdict_is_the_same_bytes_in_every_language(graded: Graded, kind: str) -> None:
    english, chinese = (graded[name][0] / kind for name in ("en", "zh"))
    assert any(english.iterdir())
    assert differences(english, chinese) == {}
