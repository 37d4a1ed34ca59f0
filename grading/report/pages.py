"""Pages of the report: one for each student, one for the class, self-contained HTML."""

import base64
import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cs231n.language import in_use, plural, said, translation
from grading.course.policies import Grade, decisions, grade_of, read_policies
from grading.course.settings import Policies
from grading.report.class_plot import Plot, class_plot
from grading.report.code import Code, code_of
from grading.report.function_pages import write_function_pages
from grading.report.item_analysis import ItemAnalysis, Marks, advice
from grading.report.pictures import Gallery, draw_gallery
from grading.report.raised import exceptions_of, shown_messages
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
from grading.results.atomic import write_atomically
from grading.results.definition import NOT_SAID, CheckResult, FunctionResult, Result, differing
from grading.results.files import evidence_of, evidence_path, read_result, read_results
from grading.results.groups import read_groups
from grading.results.not_graded import UNREAD, read_not_graded
from grading.results.text import harmless, inside, number, page_href, page_name, prose

# A browser sorts and filters so many rows at once; a larger class has further pages, and lists of names end here.
ROWS, NAMES = 2000, 200
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


def meaning(function: FunctionResult) -> str:
    """Return what the status of a function means, in a sentence."""
    if function.status == "wrong" and any(check.status == "error" for check in function.checks):
        return said(
            "For some inputs it stopped with an error, for the others its results are not what was asked."
        )
    return translation(MEANING[function.status])


@dataclass(frozen=True)
class Segment:
    """A piece of a stacked bar, in percent of its width."""

    status: str
    start: float
    width: float


def write_report(out: Path) -> Path:
    """Write ``report/<student>.html`` for each result below `out`, and ``report/index.html`` for the class.

    Where the class is grouped (`grading.report.grouping.group_class`), each function has a page in
    ``report/functions/``, with a plot of the class.

    Of more than `ROWS` students, the later ones stand on ``report/index-2.html`` and so on.

    Pages are written one after the other and each atomically; the same results give the same bytes. A student's
    page that is there already and was made of the same things stays.

    Parameters
    ----------
    out
        A results folder: ``results/*.json``, and perhaps ``policies.json`` and ``pictures/``.

    Returns
    -------
    Path
        The class's page.

    Raises
    ------
    KitError
        If there is no results folder or a result in it is not valid.
    """
    policies = read_policies(out)
    rows, marks = [], Marks()
    for result in read_results(out):
        grade = grade_of(result, policies)
        _write_student_page(out, grade)
        rows.append(row_of(grade))
        marks.add(grade.result)
    students = {row.student for row in rows}
    groups = [
        group for group in read_groups(out) if students.issuperset(group.students)
    ]  # not of an older class
    found = write_function_pages(out, groups, rows, render)
    plot = class_plot(rows, found) if found else None
    similar = (out / "report" / "similar" / "index.html").is_file()
    pages = class_pages(rows, policies, marks.analysis(), read_not_graded(out), plot, similar=similar)
    names = [out / "report" / class_page_name(number) for number in range(1, len(pages) + 1)]
    for path, page in zip(names, pages, strict=True):
        write_atomically(path, page)
    for path in {*(out / "report").glob("index-*.html")} - {*names}:
        if re.fullmatch(r"index-\d+\.html", path.name):  # of a larger class
            path.unlink()
    return names[0]


def write_student_pages(out: Path, students: Iterable[str], policies: Policies) -> None:
    """Write students' pages, each from the result file of that name."""
    for student in students:
        _write_student_page(out, grade_of(read_result(out / "results" / f"{student}.json"), policies))


def _write_student_page(out: Path, grade: Grade) -> None:
    path = out / "report" / page_name(grade.student)
    made_of = _made_of(out, grade)
    if not _is_whole(path, made_of):
        page = student_page(grade, _galleries(out, grade.result), _codes(out, grade.result), made_of)
        write_atomically(path, page)


def page_to_hand_out(out: Path, grade: Grade, drawn: Container[str]) -> str:
    """Return a student's page with the pictures of some functions alone; it says nothing that `grade` does not."""
    galleries, codes = _galleries(out, grade.result), _codes(out, grade.result)
    return student_page(grade, {name: galleries[name] for name in galleries if name in drawn}, codes, "")


def _made_of(out: Path, grade: Grade) -> str:
    """Return a hash of all that a student's page shows, and of the code that shows it."""
    whole = hashlib.sha256(_own_code() + in_use().encode() + repr(grade).encode("utf-8", "surrogatepass"))
    for path in (evidence_path(out, grade.result.student), *_pictures(out, grade.result).values()):
        if path and path.is_file():
            whole.update(path.read_bytes())
    return whole.hexdigest()


@cache
def _own_code() -> bytes:
    files = sorted((*Path(__file__).parent.glob("*.py"), *_TEMPLATES.glob("*")))
    return b"".join(file.read_bytes() for file in files)


def _is_whole(path: Path, made_of: str) -> bool:
    """Whether a page is there, made of this, with its end: after a power cut a file may have lost that."""
    try:
        page = path.read_bytes()
    except OSError:
        return False
    return made_of.encode() in page[:1000] and page.rstrip().endswith(b"</html>")


def student_page(grade: Grade, galleries: dict[str, Gallery], codes: dict[str, Code], made_of: str) -> str:
    """Return the HTML of one submission's page, with the pictures and the code of the functions that have some."""
    return render(
        "student.html",
        ("page.css", "student.css"),
        None,
        {
            "grade": grade,
            "result": grade.result,
            "galleries": galleries,
            "codes": codes,
            "meaning": meaning,
            "lead": _lead(grade),
            "made_of": made_of,
        },
    )


def class_page_name(number: int) -> str:
    """Return the file name of the class's page, or of its further ones; no student's page is called so."""
    return "index.html" if number == 1 else f"index-{number}.html"


def class_pages(
    rows: Sequence[Row],
    policies: Policies,
    analysis: ItemAnalysis | None,
    not_graded: Mapping[str, Sequence[str]],
    plot: Plot | None,
    *,
    similar: bool = False,
) -> list[str]:
    """Return the HTML of the class's pages: what is counted stands on the first, `ROWS` students on each.

    With a `plot`, functions have pages, too; `similar` says whether similar submissions do.
    """
    stats = class_statistics(rows)
    parts = [rows[start : start + ROWS] for start in range(0, max(len(rows), 1), ROWS)]
    context = {
        "stats": stats,
        "heading": plural("{count} submission", "{count} submissions", len(rows)).format(count=len(rows)),
        "assignments": list(dict.fromkeys(row.assignment for row in rows)),
        "functions": function_names(rows),
        "statuses": STATUSES,
        "unwalled": sum(row.grader.isolation == "process" for row in rows),
        "differing": differing([grader for grader, _ in stats.graders]),
        "widest_bin": max((bar.count for bar in stats.bins), default=0) or 1,
        "widest_mistake": max((len(mistake.found) for mistake in stats.mistakes), default=1),
        "analysis": analysis,
        "advice": advice(analysis) if analysis else "",
        "decisions": list(decisions(policies)),
        "changed": [row for row in rows if row.reasons],
        "unread": [row for row in rows if row.unread],
        "not_graded": {what: lines for what, lines in not_graded.items() if what != UNREAD},
        "most": NAMES,
        "similar": similar,
        "plot": plot,
        "plot_source": _plot_source(plot) if plot else "",
        "pages": [
            (class_page_name(number), part[0].student, part[-1].student)
            for number, part in enumerate(parts, 1)
            if len(parts) > 1
        ],
        "made_of": "",
    }
    return [
        render(
            "index.html", ("page.css", "index.css"), "index.js", {**context, "rows": part, "number": number}
        )
        for number, part in enumerate(parts, 1)
    ]


def _plot_source(plot: Plot) -> Markup:
    svg = render("class.svg", (), None, {"plot": plot})
    return Markup("data:image/svg+xml;base64,{}").format(base64.b64encode(svg.encode()).decode())


def _codes(out: Path, result: Result) -> dict[str, Code]:
    """Return the code of the functions; what was observed of them is not for a page that a student may see."""
    of = evidence_of(out, result.student)
    shown = {
        function.name: code_of(function, of[function.name])
        for function in result.functions
        if function.name in of
    }
    return {name: code for name, code in shown.items() if code}


def _pictures(out: Path, result: Result) -> dict[str, Path]:
    """Return where the pictures of a submission's functions would be."""
    paths = {f.name: inside(out / "pictures", result.student, f"{f.name}.npz") for f in result.functions}
    return {name: path for name, path in paths.items() if path}


def _galleries(out: Path, result: Result) -> dict[str, Gallery]:
    right = {function.name for function in result.functions if function.status == "correct"}
    drawn = {
        name: draw_gallery(path, 2 if name in right else 5) for name, path in _pictures(out, result).items()
    }
    return {name: gallery for name, gallery in drawn.items() if gallery}


def _lead(grade: Grade) -> str:
    """Say in a sentence or two where a student stands and where to start."""
    right = sum(function.verdict.status == "correct" for function in grade.functions)
    total = len(grade.functions)
    if total and right == total:
        return said("Every function does what was asked, on every input that was tried.")
    lost = [(function.max_score - function.score, function) for function in grade.functions]
    open_points, worst = max(lost, key=lambda pair: pair[0], default=(0.0, None))
    standing = plural(
        "{right} of {total} functions is right.", "{right} of {total} functions are right.", right
    )
    standing = standing.format(right=right, total=total)
    if worst is None or open_points <= 0:
        return standing
    most = said(
        "Most is to be gained in `{name}`: {points} points.", name=worst.name, points=number(open_points)
    )
    return f"{standing} {most}"


def render(template: str, styles: tuple[str, ...], script: str | None, context: dict[str, object]) -> str:
    """Return the HTML of a page: a template, its style sheets and its script, all within the one file."""
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
    environment.globals |= {
        "not_said": NOT_SAID,
        "plural": plural,
        "said": said,
        "translation": translation,
        "language": in_use,
    }
    environment.filters |= {
        "breakable": _breakable,
        "first_failure": _first_failure,
        "href": page_href,
        "named": _named,
        "number": number,
        "passed": _passed,
        "percent": percent,
        "raised": exceptions_of,
        "shown_messages": lambda function: shown_messages(
            function.checks, explained_above=bool(exceptions_of(function))
        ),
        "prose": prose,
        "stacked": _stacked,
    }
    return environment


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else harmless(str(value))


def _breakable(name: str) -> Markup:
    """Let a long name break after its underscores."""
    return Markup("_<wbr>").join(escape(piece) for piece in harmless(name).split("_"))


def _first_failure(function: FunctionResult) -> CheckResult | None:
    """Return the first check that says what was wrong."""
    return next((check for check in function.failed if check.message), None)


def _passed(function: FunctionResult) -> int:
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
