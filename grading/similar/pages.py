"""Pages of similar submissions: one of all groups, and one of each with the evidence side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from cs231n.language import said
from grading.report.code import highlighted
from grading.report.pages import render
from grading.results.atomic import write_atomically
from grading.similar.given import Given
from grading.similar.pairs import Alike, Comparison, Group, Pair, Submission
from grading.similar.traces import CODE, WORDS, traces_of

# Of all pairs, and of one group, so many are shown with their code; of shared names and comments so many.
SHOWN, OF_ONE_GROUP, SHARED = 200, 10, 12
STYLES = ("page.css", "similar.css")
LEAST = 1.0  # the weight of a function that is shown


@dataclass(frozen=True)
class Function:
    """A function that two submissions have alike: in what, and both texts."""

    name: str
    weight: float
    alike: tuple[Alike, ...]
    sides: tuple[tuple[Markup, ...], ...]


@dataclass(frozen=True)
class Shown:
    """A pair with the functions in which it is alike."""

    pair: Pair
    functions: tuple[Function, ...]


def named(students: Sequence[str], most: int = 20) -> str:
    """Return names in a row, and how many more there are."""
    more = len(students) - most
    return ", ".join(students[:most]) + (" " + said("and {count} more", count=more) if more > 0 else "")


def write_pages(out: Path, comparison: Comparison) -> Path:
    """Write ``report/similar/index.html`` and a page for each group that is shown; return the first's path."""
    folder = out / "report" / "similar"
    left, pages = SHOWN, {}
    for number, group in enumerate(comparison.groups, 1):
        pairs = group.pairs[: min(OF_ONE_GROUP, left)]
        left -= len(pairs)
        if not pairs:
            break
        shown = [_shown(pair, comparison.given) for pair in pairs]
        context = {"group": group, "number": number, "shown": shown, "most": SHARED, "made_of": ""}
        pages[folder / f"group-{number}.html"] = render("similar_group.html", STYLES, None, context)
    context = {"comparison": comparison, "pages": len(pages), "made_of": "", "reasons": _reasons}
    index = folder / "index.html"
    pages[index] = render("similar.html", STYLES, None, context)
    for path, page in pages.items():
        write_atomically(path, page, 0o600)  # as the evidence
    for path in {*folder.glob("group-*.html")} - {*pages}:  # of an earlier comparison
        path.unlink()
    return index


def _reasons(group: Group) -> list[Alike]:
    """Return in what the strongest pair is most alike."""
    return list(group.pairs[0].alike[:3])


def _shown(pair: Pair, given: Given) -> Shown:
    functions = dict.fromkeys(alike.function for alike in pair.alike)
    texts = [_texts(side, pair, given) for side in (pair.first, pair.second)]
    found = []
    for name in functions:
        alike = tuple(one for one in pair.alike if one.function == name)
        weight = sum(one.weight for one in alike)
        if weight >= LEAST:
            found.append(Function(name, weight, alike, tuple(text.get(name, ()) for text in texts)))
    return Shown(pair, tuple(sorted(found, key=lambda function: -function.weight)))


def _texts(submission: Submission, pair: Pair, given: Given) -> dict[str, tuple[Markup, ...]]:
    """Return the code of each function, with the lines marked in which the pair is alike."""
    evidence = submission.evidence
    traces = traces_of(submission.result, evidence, given)
    texts = {}
    for function in evidence.functions:
        shared = {
            (one.kind, key) for one in pair.alike if one.function == function.name for key in one.shared
        }
        marked = [
            (trace.piece, line)
            for kind in (CODE, WORDS)
            for trace in traces.get((function.name, kind), ())
            if (kind, trace.key) in shared
            for line in trace.lines
        ]
        texts[function.name] = tuple(
            highlighted(piece, {piece.line + line for number, line in marked if number == place})
            for place, piece in enumerate(function.text)
        )
    return texts
