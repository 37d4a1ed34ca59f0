"""What a report takes from a notebook that was run: formulas, functions, figures, checks, answers, and what lacks."""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from cs231n.handin.definitions import defines, functions_in
from cs231n.handin.magics import without_magics
from cs231n.handin.notebook import notebook_cells, source_of
from cs231n.handin.stubs import is_stub
from cs231n.language import said
from cs231n.self_check.show import OUTCOMES

# What the cell of a figure calls says what the figure shows: the first that fits. Captions are by language in `forms`.
_SHOWN = (
    ("feature_inversion", re.compile(r"feature_inversion|init_random|\binvert\(")),
    ("texture", re.compile(r"texture")),
    ("fooling", re.compile(r"fooling", re.IGNORECASE)),
    ("saliency", re.compile(r"saliency", re.IGNORECASE)),
    ("class_visualization", re.compile(r"class_visualization|filmstrip")),
    ("style_transfer", re.compile(r"style_transfer")),
)
_DRAWS = re.compile(
    r"\bplots\.|\bplt\.show\(|imshow\(|show_saliency_maps\(|class_visualization\(|style_transfer\("
)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
# A heading that only asks for a function: that belongs to the section which the heading is part of.
_CALL_TO_WRITE = re.compile("(Your turn|轮到你了) *[:：]", re.IGNORECASE)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|^\$([^$\n]+)\$[.,]?\s*$", re.DOTALL | re.MULTILINE)
_ANSWER = re.compile(
    r"\A\W*(?:\$[^$\n]*your answer[^$\n]*\$|your answer|你的回答|答)[:：]?(?:\*\*)?[:：]?\s*", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\A[*_][^*_\n]+[*_]\Z")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?:attachment:)?([^)\s]+)[^)]*\)")
_BOXED = re.compile(r"\s*#(.*#|.*(START|END) OF YOUR CODE.*)\s*$")
_OLD_TEST = re.compile(r"^(\w+)_test\(\s*answers\[['\"](\w+)['\"]\]", re.MULTILINE)
_OLD_ERROR = re.compile(r"\b[Ee]rror is (\d\S*|nan|inf)")
_CHECK = re.compile(r"^check\((\w+)\)", re.MULTILINE)
_EMPTY_FIGURE = re.compile(r"<.*Figure size .*>", re.DOTALL)


@dataclass(frozen=True)
class Figure:
    """A picture of a notebook: what it shows ("" where the cell does not say), what its titles say, its place."""

    content: bytes = field(repr=False)
    shows: str = ""
    detail: str = ""
    section: str = ""
    number: int = 1
    of: int = 1


@dataclass(frozen=True)
class Step:
    """A cell of the student's own functions, or one figure."""

    code: str = ""
    figure: Figure | None = None


@dataclass
class Section:
    """What stands below one heading of a notebook."""

    title: str
    level: int = 0
    formulas: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """What a self-check said of a function: its checks, and (stored answer, error) for the course's own numbers."""

    function: str
    passed: int = 0
    total: int = 0
    errors: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Question:
    """An inline question, the student's answer ("" if there is none), and the figures since the question before."""

    title: str
    text: str
    answer: str
    figures: tuple[Figure, ...]
    pictures: dict[str, bytes]


@dataclass
class Executed:
    """A notebook as it was run; `problems` are sentences for the student."""

    name: str
    title: str = ""
    sections: list[Section] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def figures(self) -> list[Figure]:
        """All figures, in order."""
        return [step.figure for section in self.sections for step in section.steps if step.figure]


def read_executed(path: Path, asked: Collection[str]) -> Executed:
    """Read a notebook that was run.

    Parameters
    ----------
    path : Path
    asked : collection of str
        The functions that are asked.

    Raises
    ------
    OSError, cs231n.handin.errors.UnreadableError
        If it cannot be read, or no cell of it can.
    """
    cells, notes = notebook_cells(path.read_bytes(), path.name)
    read = Executed(path.name, problems=[*map(str, notes)])
    read.sections.append(Section(path.stem))
    question, since = "", 0
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            continue
        source = source_of(cell)
        if cell.get("cell_type") == "code":
            place = said("{file}, cell {cell}", file=path.name, cell=number)
            _add_code(read, cell, source, place, asked)
        elif _is_answer(cell, source):
            asked_in, answered = _split(question, source)
            read.questions.append(
                _question(cell, asked_in, answered, tuple(read.figures[since:]), path.parent)
            )
            since = len(read.figures)
        else:
            question = source
            if re.search(r"^## ", source, re.MULTILINE):
                since = len(read.figures)
            _add_text(read, source)
    read.problems += _order(path.name, cells)
    read.problems += [
        said("{name}: {question} is not answered.", name=path.name, question=one.title)
        for one in read.questions
        if not one.answer
    ]
    return read


def _is_answer(cell: dict[str, Any], source: str) -> bool:
    nbgrader = cell.get("metadata", {}).get("nbgrader", {})
    in_one = re.search(r"inline question", source, re.IGNORECASE) and re.search(
        r"your answer", source, re.IGNORECASE
    )
    return bool(nbgrader.get("solution") or _ANSWER.match(source) or in_one)


def _split(question: str, source: str) -> tuple[str, str]:
    """Return the text of a question and of its answer, which older notebooks keep in one cell."""
    if _ANSWER.match(source) or "inline question" not in source.lower():
        return question, source
    place = re.search(r"^.*your answer", source, re.IGNORECASE | re.MULTILINE)
    return (source[: place.start()], source[place.start() :]) if place else (question, source)


def _question(
    cell: dict[str, Any], text: str, source: str, figures: tuple[Figure, ...], folder: Path
) -> Question:
    heading = re.search(r"inline question[^\n*:]*", text, re.IGNORECASE) or _HEADING.search(text)
    title = heading[0].strip("#* ") if heading else "?"
    answer = _ANSWER.sub("", source).strip()
    answer = "" if _PLACEHOLDER.match(answer) else answer
    pictures = {name: found for name in _PICTURE.findall(answer) if (found := _picture(cell, name, folder))}
    return Question(title, _without_headings(text), _without_headings(answer), figures, pictures)


def _picture(cell: dict[str, Any], name: str, folder: Path) -> bytes:
    """Return a picture in an answer: an attachment of its cell, or a file beside the notebook."""
    attached = cell.get("attachments", {}).get(name, {})
    if attached:
        return base64.b64decode("".join(next(iter(attached.values()))))
    try:
        return (folder / name).read_bytes()
    except (OSError, ValueError):
        return b""


def _without_headings(text: str) -> str:
    return re.sub(r"^\W*inline question[^\n]*$", "", _HEADING.sub("", text), flags=re.I | re.M).strip()


def _add_text(read: Executed, source: str) -> None:
    """Begin a section for each heading, and keep the formulas below it."""
    found = sorted([*_HEADING.finditer(source), *_FORMULA.finditer(source)], key=lambda match: match.start())
    for match in found:
        if match.re is _FORMULA:
            read.sections[-1].formulas.append((match[1] or match[2]).strip())
        else:
            title = match[2].strip("*_ ").replace("`", "")
            if _CALL_TO_WRITE.match(title):
                title = _above(read.sections, len(match[1]))
            read.title = read.title or title
            if title != read.sections[-1].title:
                read.sections.append(Section(title, len(match[1])))


def _above(sections: Sequence[Section], level: int) -> str:
    """Return the title of the section that a heading of a level is part of; "" if there is none."""
    return next((section.title for section in reversed(sections) if section.level < level), "")


def _add_code(read: Executed, cell: dict[str, Any], source: str, place: str, asked: Collection[str]) -> None:
    outputs = [output for output in cell.get("outputs") or () if isinstance(output, dict)]
    names = [name for name in asked if defines(name, without_magics(source))]
    if names and is_stub(source):
        read.problems.append(said("{place}: {names} is not filled in.", place=place, names=", ".join(names)))
    elif names or re.search("END OF YOUR CODE", source):
        read.sections[-1].steps.append(Step(code=_own_lines(source)))
    figures = list(_figures(outputs, source, read.sections[-1].title))
    read.sections[-1].steps += [Step(figure=figure) for figure in figures]
    read.checks += _checks(outputs, source)
    drawing = _DRAWS.search(_calls(source)) and not figures and not _ended(cell)
    if drawing and _run_count(cell) is not None:
        read.problems.append(said("{place} draws, but holds no figure: run it again and save.", place=place))


def _ended(cell: dict[str, Any]) -> bool:
    """Whether an exception ended a cell."""
    outputs = cell.get("outputs") or ()
    return any(
        isinstance(output, dict) and output.get("output_type") in ("error", "pyerr") for output in outputs
    )


def _own_lines(source: str) -> str:
    """Return a cell without what the course wrote around the student's lines: docstring, boxed comments, marks."""
    bare = re.sub(r'^(def .+\n) +"""[^"]*"""\n', r"\1", source, flags=re.MULTILINE)
    lines = [line for line in bare.split("\n") if not _BOXED.match(line)]
    return "\n".join(lines).strip("\n")


def _calls(source: str) -> str:
    """Return the statements of a cell that run at once: what is inside functions draws nothing yet."""
    try:
        body = ast.parse(without_magics(source)).body
    except (SyntaxError, ValueError):
        return ""
    defined = set(functions_in(body))
    return "\n".join(
        ast.unparse(node) for node in body if node not in defined and not isinstance(node, ast.ImportFrom)
    )


def _figures(outputs: Sequence[dict[str, Any]], source: str, section: str) -> Iterator[Figure]:
    """Yield the pictures of a cell. Notebooks of nbformat 3 keep them beside the kind of the output."""
    shows = next((name for name, words in _SHOWN if words.search(_calls(source))), "")
    drawn = [(output, output.get("data", output)) for output in outputs]
    drawn = [(output, data) for output, data in drawn if data.get("image/png") or data.get("png")]
    for number, (_, data) in enumerate(drawn, start=1):
        encoded = data.get("image/png") or data.get("png")
        detail = "".join(data.get("text/plain", data.get("text", "")))
        detail = "" if _EMPTY_FIGURE.fullmatch(detail) else detail
        content = base64.b64decode("".join(encoded))
        yield Figure(content, shows, " ".join(detail.split()), section, number, len(drawn))


def _checks(outputs: Sequence[dict[str, Any]], source: str) -> Iterator[Check]:
    """Yield what self-checks said: today's as data, those of older years as a printed error."""
    kept = [output["data"][OUTCOMES] for output in outputs if OUTCOMES in output.get("data", {})]
    for data in kept:
        checks = data["checks"]
        failed = tuple((check["title"], check["message"]) for check in checks if not check["passed"])
        errors = tuple((check["answer"], check["error"]) for check in checks if check["answer"])
        yield Check(data["function"], len(checks) - len(failed), len(checks), errors, failed)
    if kept:
        return
    for name in _CHECK.findall(source):
        messages = [output.get("evalue", "") for output in outputs if output.get("output_type") == "error"]
        yield Check(name, failed=tuple(("", text.partition("\n")[0]) for text in messages))
    printed = "".join(
        "".join(output.get("text", "")) for output in outputs if output.get("output_type") == "stream"
    )
    for (name, answer), error in zip(_OLD_TEST.findall(source), _OLD_ERROR.findall(printed), strict=False):
        yield Check(name, errors=((answer, error),))


def _run_count(cell: dict[str, Any]) -> int | None:
    count = cell.get("execution_count", cell.get("prompt_number"))
    return count if isinstance(count, int) else None


def _order(name: str, cells: Sequence[Any]) -> Iterator[str]:
    """Say that a notebook was not run, or which of its cells were not, or not in their order."""
    cells = [(number, cell) for number, cell in enumerate(cells, start=1) if isinstance(cell, dict)]
    cells = [
        (number, cell)
        for number, cell in cells
        if cell.get("cell_type") == "code" and source_of(cell).strip()
    ]
    code = [(number, _run_count(cell)) for number, cell in cells]
    counts = [(number, count) for number, count in code if count is not None]
    if not counts:
        yield said(
            "{name} was not run, so its figures are missing: run all its cells in Jupyter, save, and try again.",
            name=name,
        )
        return
    missing = ", ".join(str(number) for number, count in code if count is None)
    if missing:
        yield said(
            "{name}: not run: cell {missing}. Run all cells, save, and try again.", name=name, missing=missing
        )
    ended = ", ".join(str(number) for number, cell in cells if _ended(cell))
    if ended:
        yield said(
            "{name}: ended by an error, so what it shows may be missing: cell {ended}.",
            name=name,
            ended=ended,
        )
    for (above, first), (below, second) in pairwise(counts):
        if second <= first:
            yield said(
                "{name}: cell {below} was run before cell {above}, which stands above it: restart the kernel, "
                "run all cells, save, and try again.",
                name=name,
                below=below,
                above=above,
            )
            return
