"""Pages of the functions of a class: its groups by size, each with its name, points, a picture, a student's code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.language import plural, translation
from grading.report.class_plot import class_plot
from grading.report.code import Code, code_of
from grading.report.mistake_block import mistake_block
from grading.report.pictures import Gallery, draw_gallery
from grading.report.raised import exceptions_of
from grading.report.statistics import Row
from grading.results.atomic import write_atomically
from grading.results.definition import FunctionResult
from grading.results.evidence import FunctionEvidence
from grading.results.files import evidence_of, read_result
from grading.results.groups import WHOLE, Group
from grading.results.shown import shown
from grading.results.text import inside

FOLDER = "functions"
# So many groups are shown with a picture and code; of the others, a line each.
MOST = 40
# A group of so many students without a name deserves one.
WORTH_A_NAME = 3
Render = Callable[[str, tuple[str, ...], str | None, dict[str, object]], str]
Shares = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class ShownGroup:
    """A group as its page shows it: the verdict on its first student, the least and the most points by the checks.

    `like` are the other groups that fail just the same checks. `block` would give the group a name; "" where it has one
    or is small.
    """

    group: Group
    verdict: FunctionResult
    points: tuple[float, float]
    like: tuple[Group, ...]
    gallery: Gallery | None
    code: Code | None
    block: str

    @property
    def size(self) -> int:
        """How many students it has."""
        return len(self.group.students)

    @property
    def is_whole(self) -> bool:
        """Whether its status says all: right, or nothing to judge."""
        return self.group.status in WHOLE

    @property
    def headline(self) -> str:
        """What its students did, in a line."""
        if self.is_whole:
            return translation(self.group.status)
        if self.verdict.diagnosis:
            return self.verdict.diagnosis.headline
        if raised := exceptions_of(self.verdict):
            return raised[0].title
        return self.verdict.failed[0].message if self.verdict.failed else translation(self.verdict.status)


def write_function_pages(
    out: Path, groups: Sequence[Group], rows: Sequence[Row], render: Render
) -> dict[str, list[ShownGroup]]:
    """Write ``report/functions/<function>.html`` for each function, and the plot of the class beside them.

    Parameters
    ----------
    out : Path
        A graded folder.
    groups : sequence of Group
        Those of the class, the largest of a function first.
    rows : sequence of Row
        What counts for each student.
    render : callable
        Makes a page of a template, styles, a script and what is shown.

    Returns
    -------
    dict
        The groups as they are shown, by function.
    """
    folder = out / "report" / FOLDER
    shares = {(cell.name, row.student): cell.share for row in rows for cell in row.cells}
    by_function: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_function[group.function].append(group)
    found = {name: _shown_groups(out, of, shares) for name, of in by_function.items()}
    for name, of in found.items():
        count = sum(one.size for one in of)
        heading = plural("{count} submission", "{count} submissions", count).format(count=count)
        context: dict[str, object] = {
            "function": name,
            "groups": of[:MOST],
            "others": of[MOST:],
            "heading": heading,
            "worth_a_name": WORTH_A_NAME,
            "made_of": "",
        }
        page = render("function.html", ("page.css", "student.css", "function.css"), None, context)
        write_atomically(folder / f"{name}.html", page)
    for path in {*folder.glob("*.html")} - {folder / f"{name}.html" for name in found}:
        path.unlink()  # of a function that nobody is asked any more
    if found:
        write_atomically(
            folder / "class.svg", render("class.svg", (), None, {"plot": class_plot(rows, found)})
        )
    return found


def _shown_groups(out: Path, groups: Sequence[Group], shares: Shares) -> list[ShownGroup]:
    verdicts = [_verdict(out, group) for group in groups]
    failing = [tuple(check.id for check in verdict.failed) for verdict in verdicts]
    alike = Counter(failing)
    found = []
    for index, (group, verdict) in enumerate(zip(groups, verdicts, strict=True)):
        points = [
            verdict.max_score * shares.get((group.function, student), 0.0) / 100 for student in group.students
        ]
        evidence = _evidence(out, group) if index < MOST else None
        worth = not group.is_named and len(group.students) >= WORTH_A_NAME and index < MOST
        like = [
            other
            for other, ids in zip(groups, failing, strict=True)
            if worth and alike[failing[index]] > 1 and ids == failing[index] and other is not group
        ]
        found.append(
            ShownGroup(
                group=group,
                verdict=_verdict(out, group, translated=True),
                points=(min(points), max(points)),
                like=tuple(like),
                gallery=_gallery(out, group) if index < MOST else None,
                code=code_of(verdict, evidence) if evidence else None,
                block=mistake_block(group, verdict, evidence) if worth else "",
            )
        )
    return found


def _verdict(out: Path, group: Group, translated: bool = False) -> FunctionResult:
    result = read_result(out / "results" / f"{group.students[0]}.json")
    functions = (shown(result) if translated else result).functions
    return next(function for function in functions if function.name == group.function)


def _evidence(out: Path, group: Group) -> FunctionEvidence | None:
    return evidence_of(out, group.students[0]).get(group.function)


def _gallery(out: Path, group: Group) -> Gallery | None:
    path = inside(out / "pictures", group.students[0], f"{group.function}.npz")
    return draw_gallery(path, 1) if path else None
