"""Fills in a form: a Jinja template whose text is Markdown, with captions in its language."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from PIL import Image

from cs231n.language import said
from cs231n.report import machine
from cs231n.report.errors import ReportError
from cs231n.report.executed import Executed, Figure, Question

FORMS = Path(__file__).parent / "forms"
# Pictures of photographs are stored as JPEG above this size: a report must pass through mail.
LARGE = 150_000
_WIDEST = 1200  # pixels that fill the page


class Markdown(str):
    """Text that is Markdown already; any other text is escaped where a form shows it."""


@dataclass
class Report:
    """The Markdown of a report, and the pictures that it names: the file's name -> its bytes."""

    text: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)


def form_names() -> list[str]:
    """Return the names of the forms that are shipped."""
    return sorted({path.name.split(".")[0] for path in FORMS.glob("*.md")})


def fill(form: str, language: str, notebooks: Sequence[Executed], head: Mapping[str, str]) -> Report:
    """Return a form, filled in.

    Parameters
    ----------
    form : str
        The name of a form that is shipped, or the path of a file like them.
    language : str
        "en" or "zh".
    notebooks : sequence of Executed
    head : mapping
        As `read_head` returns it.

    Raises
    ------
    ReportError
        If there is no such form, or it is broken.
    """
    own = Path(form)
    path = own if own.suffix == ".md" else FORMS / f"{form}.{language}.md"
    captions = FORMS / f"captions.{language}.toml"
    if not path.is_file() or not captions.is_file():
        raise ReportError(
            said(
                "There is no form {form} in the language {language}. Expected one of {forms} in en or zh, or a file "
                "that ends in .md.",
                form=form,
                language=language,
                forms=", ".join(form_names()),
            )
        )
    report = Report()
    writer = _Writer(report, tomllib.loads(captions.read_text(encoding="utf-8")))
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markdown) else escaped(str(value)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = {"code": code, "formula": formula, "figure": writer.figure, "answer": writer.answer}
    environment.filters |= {"markdown": Markdown, **shown}
    try:
        text = environment.get_template(path.name).render(head=head, notebooks=notebooks, machine=machine)
    except (TemplateError, UnicodeDecodeError) as error:
        raise ReportError(said("The form {path} is broken: {error}", path=path, error=error)) from error
    report.text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    return report


def escaped(text: str) -> str:
    """Return a text as Markdown that shows it as it is, in one paragraph.

    >>> escaped("2 * x_1")
    '2 \\\\* x\\\\_1'
    """
    return re.sub(r"([\\`*_{}\[\]<>|#$~!&]|(?<=^\d)[.)](?= )|^[-+])", r"\\\1", " ".join(text.split()))


def code(source: str) -> Markdown:
    """Return Python as a block of code, whatever backticks are in it."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", source))])
    return Markdown(f"{fence}python\n{source}\n{fence}")


def formula(source: str) -> Markdown:
    """Return a formula of a notebook as one that stands by itself; empty lines would end it."""
    return Markdown(f"$${' '.join(source.split())}$$")


class _Writer:
    """Numbers the figures of one report and keeps their pictures."""

    def __init__(self, report: Report, captions: Mapping[str, Any]) -> None:
        self.report, self.captions, self.count = report, captions, 0

    def figure(self, figure: Figure) -> Markdown:
        """Return a figure with its caption: what it shows, what its titles say, which of several it is."""
        self.count += 1
        what = self.captions["shows"].get(figure.shows, figure.section)
        series = f" ({figure.number} / {figure.of})" if figure.of > 1 else ""
        detail = self.captions["detail"].format(figure.detail) if figure.detail else ""
        caption = self.captions["figure"].format(number=self.count, what=what + detail + series)
        return self._shown(figure.content, escaped(caption))

    def answer(self, question: Question) -> Markdown:
        """Return the student's own answer, which is Markdown, with the pictures in it."""
        text = question.answer
        for name, content in question.pictures.items():
            shown = self._shown(content, "").replace("\\", r"\\")
            text = re.sub(rf"!\[[^\]]*\]\((?:attachment:)?{re.escape(name)}[^)]*\)", shown, text)
        return Markdown(text)

    def _shown(self, content: bytes, caption: str) -> Markdown:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                width, kind = picture.width, (picture.format or "png").lower()
                if kind == "png" and len(content) > LARGE:
                    content, kind = _as_jpeg(picture), "jpeg"
        except OSError:
            return Markdown(caption)  # no picture that anybody could show
        name = f"figure-{len(self.report.pictures) + 1:02d}.{kind}"
        self.report.pictures[name] = content
        return Markdown(f"![{caption}]({name}){{width={min(100, round(100 * width / _WIDEST))}%}}")


def _as_jpeg(picture: Image.Image) -> bytes:
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    stored = io.BytesIO()
    flat.save(stored, "JPEG", quality=88)
    return stored.getvalue()
