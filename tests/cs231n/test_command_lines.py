"""Command lines are in the language in use, also where argparse itself speaks."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import pytest

from cs231n import command_lines, language, submit
from cs231n.command_lines import Parser, in_words, words_in
from cs231n.datasets import __main__ as datasets
from cs231n.lecture.gallery import __main__ as gallery
from cs231n.report import __main__ as report

MAIN = {module.__name__: module.main for module in (submit, report, datasets, gallery)}


def parser() -> Parser:
    made = Parser(prog="made")
    made.add_argument("place")
    made.add_argument("--count", type=int)
    made.add_argument("--kind", choices=["one", "two"])
    made.add_argument("--kinds", nargs="+")
    return made


def said(
    call: Callable[[list[str]], object], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> str:
    with pytest.raises(SystemExit):
        call(arguments)
    return "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["a", "b"],
        ["a", "--count"],
        ["a", "--count", "x"],
        ["a", "--kind", "three"],
        ["a", "--kin", "x"],
        ["a", "--kinds"],
    ],
)
def test_an_error_of_argparse_is_chinese(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "en")
    in_english = said(parser().parse_args, arguments, capsys)
    assert in_english.startswith("usage: made")
    monkeypatch.setattr(language, "_chosen", "zh")
    in_chinese = said(parser().parse_args, arguments, capsys)
    assert in_chinese.startswith("用法：made")
    told = in_chinese.rpartition("错误：")[2]
    for word in ("argument", "invalid", "choose", "required", "expected", "could", "unrecognized"):
        assert word not in told


def test_in_english_nothing_differs_from_argparse(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "en")
    plain = argparse.ArgumentParser(prog="made")
    ours = Parser(prog="made")
    assert ours.format_help() == plain.format_help()
    assert said(ours.parse_args, ["x"], capsys) == said(plain.parse_args, ["x"], capsys)


@pytest.mark.parametrize("name", MAIN)
def test_the_help_of_a_student_s_command_has_no_word_of_argparse(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    told = said(MAIN[name], ["--help"], capsys)
    assert "选项：" in told
    for word in ("usage", "positional", "options", "show this", "arguments"):
        assert word not in told


def test_what_no_template_fits_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    assert in_words("argument --out: something new", command_lines._ERRORS) == "参数 --out：something new"
    assert in_words("something new", command_lines._ERRORS) == "something new"


def test_a_word_at_the_end_of_a_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")
    assert (
        words_in("-h  show this help\n    message and exit", command_lines._HELP) == "-h  显示这段帮助并退出"
    )
