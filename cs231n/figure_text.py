"""Text in figures in the language in use, where a font has its characters; else in English, with one note why."""

from __future__ import annotations

import contextlib
import functools
import warnings

from matplotlib import font_manager, rcParams

from cs231n.language import said, shown
from cs231n.sentences import sentence

# Fonts of Chinese, Japanese and Korean that come with systems or with Debian's packages, the more usual first.
CJK_FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC"),
    *("Hiragino Sans GB", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("Noto Sans CJK JP", "Heiti TC", "Arial Unicode MS", "Droid Sans Fallback"),
)
_FIRST_IDEOGRAPH = "\u2e80"
_TYPICAL = sentence("picture")


def drawn(text: str) -> str:
    """Return a text as a figure can show it: translated, if there is a font for it; a notebook's titles, too."""
    translated = shown(text)
    if max(translated, default="") < _FIRST_IDEOGRAPH or _has_font():
        return str(translated)
    return str(text)


def ready() -> None:
    """Let the texts of a figure that is made next be drawn in the language in use.

    An axis makes its title and its labels when it is made, and these keep the fonts of that moment.
    """
    drawn(_TYPICAL)


def _has_font() -> bool:
    """Let matplotlib take what its own font lacks from one that has it; say whether there is one."""
    font = _font()
    if font and font not in rcParams["font.family"]:  # not yet, or a style has changed it since
        rcParams["font.family"] = [*rcParams["font.family"], font]
    return bool(font)


@functools.cache
def _font() -> str:
    """Return the name of a font that has the characters; say once if there is none."""
    if not (font := _first_known()):
        _look_for_new_fonts()
        font = _first_known()
    if not font:
        warnings.warn(
            said(
                "no font for Chinese is installed, so text in figures is English: install one, such as Debian's "
                "fonts-noto-cjk, and restart the kernel"
            ),
            stacklevel=2,
        )
    return font


def _first_known() -> str:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in known), "")


def _look_for_new_fonts() -> None:
    """Tell matplotlib of fonts that were installed since it wrote its list of them, which it keeps for good."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for file in {*font_manager.findSystemFonts()} - known:
        with contextlib.suppress(OSError, RuntimeError):  # a font that it cannot read is none
            font_manager.fontManager.addfont(file)
