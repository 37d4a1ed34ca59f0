"""Texts are shown in the language that a course, a person or a bundle has chosen, and are English else."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib import font_manager, pyplot, rcParams

from cs231n import figure_text, language
from cs231n.figure_parts import bare_axes
from cs231n.figure_text import drawn
from cs231n.self_check import check
from cs231n.self_check.show import maps
from cs231n.sentences import joined, sentence

CHANGED = sentence("the input was changed: work on a copy of it")
SHAPE = sentence("expected shape {expected}, got {seen}", expected=(2, 3), seen=(3, 2))


@pytest.fixture(autouse=True)
def _english_before_and_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(language.VARIABLE, raising=False)
    monkeypatch.setattr(language, "_chosen", "")
    language._of_environment.cache_clear()
    figure_text._font.cache_clear()
    families = rcParams["font.family"]
    yield
    language._of_environment.cache_clear()
    figure_text._font.cache_clear()
    rcParams["font.family"] = families


def test_a_sentence_is_english_until_a_language_is_chosen() -> None:
    assert language.shown(SHAPE) == "expected shape (2, 3), got (3, 2)"
    language.use("zh")
    assert language.shown(SHAPE) == "应得到形状 (2, 3)，却得到 (3, 2)"
    assert str(SHAPE) == "expected shape (2, 3), got (3, 2)"


def test_a_sentence_in_a_sentence_is_translated_and_what_a_student_wrote_is_not() -> None:
    language.use("zh")
    inside = sentence("{what}: {found}", what=sentence("the gradient"), found="the gradient")
    assert language.shown(inside) == "梯度：the gradient"


@pytest.mark.parametrize(("separator", "chinese"), [("; ", "；"), (", ", "、"), ("\n", "\n")])
def test_parts_of_a_sentence_stand_between_the_signs_of_the_language(separator: str, chinese: str) -> None:
    language.use("zh")
    assert language.shown(joined([sentence("pass"), "a; b, c"], separator)) == f"通过{chinese}a; b, c"


@pytest.mark.parametrize("name", ["zh_CN", "zh-Hans", "ZH", "zh_CN.UTF-8"])
def test_a_country_may_follow(name: str) -> None:
    language.use(name)
    assert language.in_use() == "zh"


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no language 'tlh'; there are en, de, zh"):
        language.use("tlh")


def test_an_unknown_language_of_the_environment_is_said_once_and_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(language.VARIABLE, "tlh")
    with pytest.warns(UserWarning, match=r"CS231N_LANGUAGE: .* texts are shown in English"):
        assert language.shown(CHANGED) == str(CHANGED)
    with warnings.catch_warnings(action="error"):
        assert language.shown(CHANGED) == str(CHANGED)


def test_a_bundle_has_a_language_and_the_environment_overrides_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = tmp_path / "language.txt"
    setting.write_text("zh\n")
    monkeypatch.setattr(language, "SETTING", setting)
    assert language.in_use() == "zh"
    monkeypatch.setenv(language.VARIABLE, "de")
    assert language.in_use() == "de"


def test_what_a_catalogue_lacks_is_english() -> None:
    language.use("de")
    assert language.shown(sentence("nobody has translated {this}", this=1)) == "nobody has translated 1"


def test_a_plural_has_the_forms_of_its_language() -> None:
    assert language.plural("{n} file", "{n} files", 1) == "{n} file"
    language.use("zh")
    assert language.plural("{n} file", "{n} files", 2) == "{n} files"


def test_a_self_check_tells_a_stub_in_the_language() -> None:
    language.use("zh")

    def tv_loss(img, tv_weight):  # type: ignore[no-untyped-def]
        pass

    with pytest.raises(AssertionError, match="tv_loss还没有填写。请把代码写在 START OF YOUR CODE"):
        check(tv_loss)


def test_a_figure_is_english_with_one_note_where_no_font_has_the_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language.use("zh")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    with pytest.warns(UserWarning, match="没有安装中文字体"):
        assert drawn(sentence("saliency")) == "saliency"
    with warnings.catch_warnings(action="error"):
        assert drawn(sentence("saliency")) == "saliency"


def test_a_figure_takes_what_its_font_lacks_from_one_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    language.use("zh")
    font = SimpleNamespace(name="Noto Sans CJK SC")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [font])
    assert drawn(sentence("saliency")) == "显著图"
    assert rcParams["font.family"][-1] == "Noto Sans CJK SC"


def test_the_first_figure_in_chinese_has_the_font_in_all_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    language.use("zh")
    monkeypatch.setattr(figure_text, "_first_known", lambda: "SimHei")
    _, axes = bare_axes(1, 1, width=2, height=2)
    families = [text.get_fontfamily() for text in (axes[0, 0].title, axes[0, 0].yaxis.label)]
    assert ["SimHei" in family for family in families] == [True, True]


def test_the_maps_of_the_self_check_have_the_font_even_after_a_style_was_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language.use("zh")
    monkeypatch.setattr(figure_text, "_first_known", lambda: "SimHei")
    assert drawn(sentence("saliency")) == "显著图"
    pyplot.rcParams["font.family"] = ["serif"]
    shown: list[list[str]] = []
    monkeypatch.setattr(
        pyplot, "show", lambda: shown.extend(axis.yaxis.label.get_fontfamily() for axis in pyplot.gcf().axes)
    )
    maps(np.ones((1, 4, 4)), np.ones((1, 4, 4)), np.zeros((1, 3, 4, 4)))
    assert shown == [["serif", "SimHei"]] * 4


def test_a_font_that_is_newer_than_matplotlibs_list_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    language.use("zh")
    known = [SimpleNamespace(name="DejaVu Sans", fname="old.ttf")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", known)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: ["old.ttf", "new.ttc"])
    add = lambda file: known.append(SimpleNamespace(name="Noto Sans CJK JP", fname=file))  # noqa: E731
    monkeypatch.setattr(font_manager.fontManager, "addfont", add)
    assert drawn(sentence("saliency")) == "显著图"
    assert [font.fname for font in known] == ["old.ttf", "new.ttc"]


def test_a_title_that_a_notebook_gives_is_drawn_in_the_language_and_a_name_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    language.use("zh")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [SimpleNamespace(name="SimHei")])
    assert [drawn(text) for text in ("two styles", "hay, as a class")] == ["两种风格", "hay, as a class"]
