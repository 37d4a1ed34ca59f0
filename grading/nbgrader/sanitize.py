"""Sanitizer of students' cells: formgrader shows them in the instructor's session, so nothing active may stay.

There a script of a student's could give grades. Text and pictures are kept.
"""

from __future__ import annotations

import html.parser
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbconvert.filters import markdown2html
from nbformat import NotebookNode

from cs231n.language import said

PICTURES = ("image/png", "image/jpeg")
PICTURE_LIMIT = 4 << 20
TEXT_LIMIT = 10_000
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*=*\s*")
# What Markdown makes of honest text.
_TAGS = {
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"href", "src", "alt", "title", "class", "id", "align", "start"}
# An address with "//" in front leads to another machine.
_ADDRESS = re.compile(r"(https?://|mailto:|#|(?!//)[\w./-]*$)", re.IGNORECASE)
# What a formula could do to its page; nbconvert's templates load MathJax in Safe mode, which refuses it too.
_ACTIVE_FORMULA = re.compile(
    r"\\(?:href|style|class|cssId|data|require|includegraphics|url|unicode|html\w*)\b"
)
# A picture from elsewhere would tell its owner who looks at the notebook, and when.
_PICTURE = re.compile(r"(?!//)[\w./ %-]*$")


def calm_cell(cell: NotebookNode, index: int, released: frozenset[str]) -> NotebookNode:
    """Return a cell with its text, its pictures and nbgrader's marks, and nothing else."""
    source = "".join(cell.source)
    calm: dict[str, Any] = {"cell_type": cell.cell_type, "id": f"cell-{index}", "source": source}
    marks = cell.metadata.get("nbgrader")
    calm["metadata"] = {"nbgrader": marks} if marks else {}
    if cell.cell_type == "code":
        outputs = [kept for output in cell.get("outputs", []) if (kept := _calm_output(output))]
        calm |= {"outputs": outputs, "execution_count": None}
    else:
        calm["cell_type"] = "markdown"
        raw = cell.cell_type != "markdown"
        if source not in released and (raw or not _is_calm(source)):
            calm["source"] = _as_plain_text(source)
        if attachments := _calm_attachments(cell.get("attachments", {})):
            calm["attachments"] = attachments
    found: NotebookNode = nbformat.from_dict(calm)  # type: ignore[no-untyped-call]
    return found


def _calm_output(output: NotebookNode) -> dict[str, Any] | None:
    if output.output_type == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _cut(output.text)}
    if output.output_type == "error":
        return {"output_type": "stream", "name": "stdout", "text": _cut(f"{output.ename}: {output.evalue}")}
    for kind in PICTURES:
        if picture := _picture(output.get("data", {}).get(kind)):
            return {"output_type": "display_data", "data": {kind: picture}, "metadata": {}}
    text = output.get("data", {}).get("text/plain")
    if not text:
        return None
    return {"output_type": "display_data", "data": {"text/plain": _cut(text)}, "metadata": {}}


def _picture(data: Any) -> str:
    """Return a picture's text if it is nothing but base64."""
    text = "".join(data) if isinstance(data, list) else data
    if not isinstance(text, str) or len(text) > PICTURE_LIMIT or not _BASE64.fullmatch(text):
        return ""
    return text


def _calm_attachments(attachments: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    calm = {
        name: {kind: text for kind in PICTURES if (text := _picture(bundle.get(kind)))}
        for name, bundle in attachments.items()
        if re.fullmatch(r"[\w. -]+", name)
    }
    return {name: bundle for name, bundle in calm.items() if bundle}


def _cut(text: Any) -> str:
    whole = "".join(text)
    return whole if len(whole) <= TEXT_LIMIT else f"{whole[:TEXT_LIMIT]} …"


class _Suspicious(html.parser.HTMLParser):
    """Notes whether a page holds anything that Markdown does not make of honest text."""

    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at tags, attributes and addresses."""
        addresses = [value or "" for name, value in attrs if name == "href"]
        pictures = [value or "" for name, value in attrs if name == "src"]
        self.found |= tag not in _TAGS or any(name not in _ATTRIBUTES for name, _ in attrs)
        self.found |= not all(_ADDRESS.match(address.strip()) for address in addresses)
        self.found |= not all(_PICTURE.match(picture.strip()) for picture in pictures)

    def handle_comment(self, _data: str) -> None:
        """Browsers disagree on where comments end."""
        self.found = True

    def handle_decl(self, _decl: str) -> None:
        """Nor are there declarations in Markdown."""
        self.found = True

    def handle_pi(self, _data: str) -> None:
        """Nor processing instructions."""
        self.found = True

    def unknown_decl(self, _data: str) -> None:
        """Nor sections that begin as a declaration does."""
        self.found = True


def _is_calm(markdown: str) -> bool:
    if _ACTIVE_FORMULA.search(markdown):
        return False
    parser = _Suspicious()
    parser.feed(markdown2html(markdown.replace("attachment:", "")))  # it would want to see the attachment
    parser.close()
    return not (parser.found or parser.rawdata)


def _as_plain_text(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"*{said('Shown as plain text, for the HTML in it:')}*\n\n{fence}\n{text}\n{fence}"
