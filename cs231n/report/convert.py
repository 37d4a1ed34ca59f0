"""Writes a report as .md, .docx or .pdf: pandoc turns the notebooks' formulas into Word's and typst's own."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cs231n.language import said
from cs231n.report.errors import ReportError
from cs231n.report.fill import Report
from cs231n.report.word import mend

SUFFIXES = (".docx", ".pdf", ".md")
PACKAGES = "pypandoc-binary==1.17 typst==0.15.2"
# What Jupyter shows of Markdown. Raw HTML and TeX stay out: typst would stop at what it does not know.
_READ = "commonmark+tex_math_dollars+pipe_tables+strikeout+attributes+implicit_figures+east_asian_line_breaks-raw_html"
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_MATH = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<!\\)\$[^$\n]+\$", re.DOTALL)
_NORM = re.compile(r"\\\|(.+?)\\\|", re.DOTALL)
_SIZED = re.compile(r"\\[Bb]igg?([lrm]?)(?![a-zA-Z])")
_WORDS = re.compile(r"\\(?:text|mbox)[a-z]*\{[^{}]*\}")
_BARS = re.compile(r"(?<![\\a-z])\|([^|{}]*(?:\{[^|{}]*\}[^|{}]*)*)\|")
_PAIR = re.compile(r"(\\left)?\(([^()]*?)(\\right)?\)")
_CJK_FONT = re.compile(
    r"Noto (Serif|Sans)( Mono)? (CJK )?(SC|TC|JP|KR)|Source Han|Songti|SimSun|NSimSun|STSong|PingFang|Microsoft YaHei|"
    r"Heiti|SimHei|KaiTi|FangSong|DengXian|WenQuanYi|AR PL|Hiragino|Droid Sans Fallback",
    re.IGNORECASE,
)
_PREFERRED = ("Noto Serif CJK SC", "Noto Serif SC", "Songti SC", "SimSun")
_TYPST = """#set page(numbering: "1")
#set text(font: ({fonts}))
#show raw: set text(font: ({mono}), size: 8.5pt)
#set figure(numbering: none)
#show figure.caption: it => text(size: 9pt, it.body)
#set table(stroke: 0.5pt + gray)
"""


def write(report: Report, out: Path, language: str) -> list[str]:
    """Write a report in the format that the name of its file says.

    Parameters
    ----------
    report : Report
    out : Path
        Ends in .docx, .pdf or .md; the pictures of the last go into a folder beside it.
    language : str
        Of the form: "en" or "zh".

    Returns
    -------
    list of str
        The formulas that are no TeX: they stand in the report as they were written.

    Raises
    ------
    ReportError
        If a package is missing, no font has the report's characters, or the file cannot be written.
    """
    if out.suffix not in SUFFIXES:
        raise ReportError(said("{out} must end in {suffixes}.", out=out, suffixes=", ".join(SUFFIXES)))
    try:
        if out.suffix == ".md":
            _write_markdown(report, out)
            return []
        with tempfile.TemporaryDirectory(prefix="report-") as name:
            folder = Path(name)
            for picture, content in report.pictures.items():
                (folder / picture).write_bytes(content)
            made = folder / f"report{out.suffix}"
            make = _make_docx if out.suffix == ".docx" else _make_pdf
            broken = make(report.text, folder, made, language)
            shutil.copyfile(made, out)
            return broken
    except OSError as error:
        raise ReportError(
            said(
                "{out} cannot be written ({error}): close it where it is open, or name another.",
                out=out,
                error=error.strerror or error,
            )
        ) from error


def _write_markdown(report: Report, out: Path) -> None:
    folder = out.with_name(f"{out.stem}_files")
    folder.mkdir(exist_ok=True)
    for picture, content in report.pictures.items():
        (folder / picture).write_bytes(content)
    text = re.sub(r"\]\((figure-\d+\.\w+)\)\{width=\d+%\}", rf"]({folder.name}/\1)", report.text)
    out.write_text(text, encoding="utf-8")


def _with_paired_norms(text: str) -> str:
    r"""Return Markdown whose formulas say where a norm begins and ends: typst would set the index of a bar below it.

    >>> print(_with_paired_norms(r"$\|g\|_2$, a \| b \| c"))
    $\lVert g \rVert_2$, a \| b \| c
    """
    return _MATH.sub(lambda math: _NORM.sub(r"\\lVert \1 \\rVert", math[0]), text)


def _with_paired_brackets(text: str) -> str:
    r"""Return Markdown whose formulas say which brackets belong together: Word would sum over the opening one alone.

    >>> print(_with_paired_brackets(r"(a) $$\sum_i \bigl(x_i - f(i)\bigr)^2$$"))
    (a) $$\sum_i \left(x_i - f\left(i\right)\right)^2$$
    >>> print(_with_paired_brackets(r"$|x_{i}|$, $p(y | x)$"))
    $\left|x_{i}\right|$, $p\left(y | x\right)$
    """
    return _MATH.sub(lambda math: _paired(math[0]), text)


def _paired(math: str) -> str:
    inside: list[str] = []  # what is done: words, and brackets from the innermost on

    def done(text: str) -> str:
        inside.append(text)
        return f"\0{len(inside) - 1}\0"

    sides = [found[1] for found in _SIZED.finditer(math)]
    if sides.count("l") != sides.count("r"):
        return math
    math = _WORDS.sub(lambda words: done(words[0]), math)
    math = _SIZED.sub(lambda size: {"l": r"\left", "r": r"\right"}.get(size[1], ""), math)
    if len(re.findall(r"(?<!\\)\|", math)) % 2 == 0:
        math = _BARS.sub(r"\\left|\1\\right|", math)
    while (pair := _PAIR.search(math)) and bool(pair[1]) == bool(pair[3]):
        whole = pair[2].count("{") == pair[2].count("}") and "&" not in pair[2] and r"\\" not in pair[2]
        paired = done(rf"\left({pair[2]}\right)" if whole or pair[1] else pair[0])
        math = math[: pair.start()] + paired + math[pair.end() :]
    while "\0" in math:
        math = re.sub("\0(\\d+)\0", lambda place: inside[int(place[1])], math)
    return math


def _pandoc(text: str, folder: Path, kind: str, made: Path, options: Iterable[str]) -> list[str]:
    """Convert a report; return the formulas that are no TeX, which stay as they were written."""
    log = folder / "log.json"
    try:
        import pypandoc

        pypandoc.get_pandoc_version()
    except (ImportError, OSError) as error:
        raise ReportError(said("pandoc is missing: pip install {packages}", packages=PACKAGES)) from error
    try:
        # One long line of a table would make all its columns equally wide.
        options = [
            "--standalone",
            "--quiet",
            "--columns=10000",
            f"--log={log}",
            f"--resource-path={folder}",
            *options,
        ]
        pypandoc.convert_text(
            _with_paired_norms(text), kind, format=_READ, outputfile=str(made), extra_args=options
        )
    except RuntimeError as error:
        raise ReportError(said("pandoc cannot convert the report: {error}", error=error)) from error
    events = json.loads(log.read_text(encoding="utf-8"))
    return [event["contents"] for event in events if event["type"] == "CouldNotConvertTeXMath"]


def _make_docx(text: str, folder: Path, made: Path, language: str) -> list[str]:
    text = _with_paired_brackets(text)
    broken = _pandoc(text, folder, "docx", made, ["-M", f"lang={'zh-CN' if language == 'zh' else language}"])
    mend(made)
    return broken


def _make_pdf(text: str, folder: Path, made: Path, language: str) -> list[str]:
    try:
        import typst
    except ImportError as error:
        raise ReportError(said("typst is missing: pip install {packages}", packages=PACKAGES)) from error
    chinese = [_cjk_font(typst.Fonts().families())] if _CJK.search(text) else []
    fonts = {
        "fonts": _listed("Libertinus Serif", *chinese),
        "mono": _listed("DejaVu Sans Mono", *chinese),
    }
    (folder / "preamble.typ").write_text(_TYPST.format(**fonts), encoding="utf-8")
    source = folder / "report.typ"
    options = ["-H", str(folder / "preamble.typ"), "-V", "papersize=a4", "-M", f"lang={language}"]
    broken = _pandoc(text, folder, "typst", source, options)
    try:
        typst.compile(str(source), output=str(made), root=str(folder))
    except typst.TypstError as error:
        raise ReportError(
            said("typst cannot make the PDF ({error}): take the .docx.", error=error)
        ) from error
    return broken


def _listed(*names: str) -> str:
    return "".join(f'"{name}", ' for name in names)


def _cjk_font(families: Iterable[str]) -> str:
    """Return a font that has Chinese characters: typst draws boxes in silence where there is none.

    >>> _cjk_font(["DejaVu Sans", "Noto Sans CJK SC"])
    'Noto Sans CJK SC'
    """
    found = [family for family in families if _CJK_FONT.search(family)]
    if not found:
        raise ReportError(
            said(
                "No font here has Chinese characters, so a PDF would show boxes. Install one (Debian, Ubuntu: "
                "apt-get install fonts-noto-cjk), or take the .docx."
            )
        )
    return next((name for name in _PREFERRED if name in found), found[0])
