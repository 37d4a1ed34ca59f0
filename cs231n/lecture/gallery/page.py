"""Chapters of pictures as one self-contained HTML page."""

import base64
import html
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from cs231n.language import in_use, said


@dataclass(frozen=True)
class Plate:
    """A picture with its caption; `crisp` ones are enlarged with hard edges, `wide` ones have twice the width."""

    image: Image.Image
    caption: str
    crisp: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Chapter:
    """What one technique shows.

    Attributes
    ----------
    title : str
    text : str
        What one sees, in a sentence or two.
    source : str
        The paper.
    plates : tuple of Plate
    """

    title: str
    text: str
    source: str
    plates: tuple[Plate, ...]


def page(title: str, lead: str, picture: Image.Image, chapters: list[Chapter]) -> str:
    """Return the page; everything it shows is in it."""
    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    contents = "".join(
        f'<li><a href="#c{number}">{html.escape(chapter.title)}</a></li>'
        for number, chapter in enumerate(chapters, 1)
    )
    described = html.escape(said("the picture"))
    body = "".join(_chapter(number, chapter) for number, chapter in enumerate(chapters, 1))
    return (
        f'<!doctype html>\n<html lang="{in_use()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{style}</style></head><body>"
        f'<header><img src="{_data(picture)}" alt="{described}"><div><h1>{html.escape(title)}</h1>'
        f"<p>{html.escape(lead)}</p><nav><ol>{contents}</ol></nav></div></header>"
        f"<main>{body}</main></body></html>\n"
    )


def _chapter(number: int, chapter: Chapter) -> str:
    plates = "".join(_plate(plate) for plate in chapter.plates)
    return (
        f'<section id="c{number}"><div class="words"><h2>{html.escape(chapter.title)}</h2>'
        f'<p>{html.escape(chapter.text)}</p><p class="source">{html.escape(chapter.source)}</p></div>'
        f'<div class="plates">{plates}</div></section>'
    )


def _plate(plate: Plate) -> str:
    kinds = " ".join(name for name, wanted in (("crisp", plate.crisp), ("wide", plate.wide)) if wanted)
    caption = html.escape(plate.caption)
    return (
        f'<figure class="{kinds}"><img src="{_data(plate.image)}" alt="{caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _data(image: Image.Image) -> str:
    file = io.BytesIO()
    if image.mode == "RGB" and min(image.size) > 100:
        image.save(file, format="JPEG", quality=92, subsampling=0)
        kind = "jpeg"
    else:  # cut out, or small and to be shown with hard edges
        image.save(file, format="PNG")
        kind = "png"
    return f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"
