"""So that a student learns from a verdict and an instructor sees the class, on self-contained pages."""

import base64
import hashlib
import statistics as numbers
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grading.report.atomic import write_atomically
from grading.report.loading import Check, Function, Result, Run, read_results, read_run
from grading.report.pictures import Gallery, draw_gallery
from grading.report.statistics import (
    STATUSES,
    Cell,
    Row,
    Tally,
    class_statistics,
    function_names,
    percent,
    row_of,
)
from grading.report.text import duration, harmless, inside, number, page_href, page_name, prose

_TEMPLATES = Path(__file__).with_name("templates")
MEANING = {
    "correct": "Every check passed.",
    "partial": "Some of the checks passed.",
    "wrong": "It runs, but its results are not what was asked.",
    "error": "It stopped with an error.",
    "timeout": "It did not finish in time.",
    "stub": "Nothing has been filled in between the markers yet.",
    "missing": "No function of this name was found in what was handed in.",
}


@dataclass(frozen=True)
class Segment:
    """A piece of a stacked bar, in percent of its width."""

    status: str
    start: float
    width: float


def write_report(out: Path) -> Path:
    """Write ``report/<student>.html`` for each result below `out`, and ``report/index.html`` for the class.

    Pages are written one after the other and each atomically; the same results give the same bytes.

    Parameters
    ----------
    out
        A results folder: ``results/*.json``, and perhaps ``run.json`` and ``pictures/``.

    Returns
    -------
    Path
        The class's page.

    Raises
    ------
    KitError
        If there is no results folder or a result in it is not valid.
    """
    report = out / "report"
    rows = []
    for result in read_results(out):
        write_atomically(report / page_name(result.student), student_page(result, _galleries(out, result)))
        rows.append(row_of(result))
    index = report / "index.html"
    write_atomically(index, class_page(rows, read_run(out)))
    return index


def student_page(result: Result, galleries: dict[str, Gallery]) -> str:
    """Return the HTML of one submission's page, with the pictures of the functions that have some."""
    return _render(
        "student.html",
        ("page.css", "student.css"),
        None,
        {"result": result, "galleries": galleries, "meaning": MEANING, "lead": _lead(result)},
    )


def class_page(rows: Sequence[Row], run: Run) -> str:
    """Return the HTML of the class's page."""
    stats = class_statistics(rows)
    return _render(
        "index.html",
        ("page.css", "index.css"),
        "index.js",
        {
            "rows": rows,
            "run": run,
            "stats": stats,
            "heading": f"{len(rows)} submission{'' if len(rows) == 1 else 's'}",
            "assignments": list(dict.fromkeys(row.assignment for row in rows)),
            "functions": function_names(rows),
            "statuses": STATUSES,
            "unwalled": sum(row.grader.isolation == "process" for row in rows),
            "widest_bin": max((bar.count for bar in stats.bins), default=0) or 1,
            "widest_mistake": max((len(mistake.found) for mistake in stats.mistakes), default=1),
            "times": ", ".join(_times(run)),
        },
    )


def _galleries(out: Path, result: Result) -> dict[str, Gallery]:
    galleries = {}
    for function in result.functions:
        path = inside(out / "pictures", result.student, f"{function.name}.npz")
        gallery = draw_gallery(path, 2 if function.status == "correct" else 5) if path else None
        if gallery:
            galleries[function.name] = gallery
    return galleries


def _lead(result: Result) -> str:
    """Say in a sentence or two where a student stands and where to start."""
    right = sum(function.status == "correct" for function in result.functions)
    total = len(result.functions)
    if total and right == total:
        return "Every function does what was asked, on every input that was tried."
    lost = [(function.max_score - function.score, function) for function in result.functions]
    open_points, worst = max(lost, key=lambda pair: pair[0], default=(0.0, None))
    standing = f"{right} of {total} functions {'is' if right == 1 else 'are'} right."
    if worst is None or open_points <= 0:
        return standing
    return f"{standing} Most is to be gained in `{worst.name}`: {number(open_points)} points."


def _times(run: Run) -> Iterator[str]:
    if run.started:
        yield f"started {run.started}"
    if run.seconds is not None:
        yield f"took {duration(run.seconds)}"
    if run.jobs is not None:
        yield f"{run.jobs} job{'' if run.jobs == 1 else 's'}"
    for key, phrase in (("seconds", "a submission"), ("cpu_seconds", "of CPU a submission")):
        values = _values(run, key)
        if values:
            yield f"{duration(numbers.median(values))} {phrase} (median), {duration(max(values))} at most"
    memory = _values(run, "max_rss_mb")
    if memory:
        yield f"{number(max(memory), 0)} MB of memory at most"


def _values(run: Run, key: str) -> list[float]:
    values = (submission.get(key) for submission in run.submissions)
    return [float(value) for value in values if isinstance(value, int | float)]


def _render(template: str, styles: tuple[str, ...], script: str | None, context: dict[str, object]) -> str:
    style = Markup("\n" + "".join(_asset(name) for name in styles))
    code = Markup("\n" + _asset(script)) if script else None
    allowed = {"default-src": "'none'", "style-src": _source(style), "img-src": "data:"}
    if code:
        allowed["script-src"] = _source(code)
    allowed |= {"base-uri": "'none'", "form-action": "'none'"}
    policy = Markup("; ".join(f"{what} {source}" for what, source in allowed.items()))
    page = _environment().get_template(template)
    return page.render(**context, style=style, script=code, policy=policy)


def _source(inline: str) -> str:
    """Return what a Content-Security-Policy calls the text of one <style> or <script>."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a template shows is made harmless; then autoescape escapes it.
        finalize=_shown,
    )
    environment.filters |= {
        "breakable": _breakable,
        "first_failure": _first_failure,
        "href": page_href,
        "named": _named,
        "number": number,
        "passed": _passed,
        "percent": percent,
        "prose": prose,
        "stacked": _stacked,
    }
    return environment


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else harmless(str(value))


def _breakable(name: str) -> Markup:
    """Let a long name break after its underscores."""
    return Markup("_<wbr>").join(escape(piece) for piece in harmless(name).split("_"))


def _first_failure(function: Function) -> Check | None:
    return next((check for check in function.checks if check.status in ("fail", "error", "timeout")), None)


def _passed(function: Function) -> int:
    return sum(check.status == "pass" for check in function.checks)


def _named(cells: Sequence[Cell], name: str) -> Cell | None:
    return next((cell for cell in cells if cell.name == name), None)


def _stacked(tally: Tally) -> Iterator[Segment]:
    total = sum(tally.counts.values())
    start = 0.0
    for status, count in tally.counts.items():
        width = 100 * count / total
        if count:
            yield Segment(status, start, width)
        start += width
