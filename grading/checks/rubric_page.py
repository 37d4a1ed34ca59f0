"""Writes `grading/RUBRIC.md`: what is asked of each function, for how many points and why, as the checks say it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from grading.checks.declare import Check
from grading.checks.rubric import CORE, LECTURE, Asked, rubric

RUBRIC = Path(__file__).parents[1] / "RUBRIC.md"
_TITLE = """# Rubric

What is asked of each function, for how many points, and why. Generated from `grading/checks/`: change a check there,
then run `make build` or `python -m grading.checks`; a test fails while this page is not what the checks say.

*Private* checks use inputs that follow from the course's seed. *Public* ones are the same for everybody: a student runs
them in the notebook too. What is the mistake where a function is not right, `grading/mistakes/` finds out.
"""
_ASSIGNMENTS = {
    CORE: "# The two core notebooks",
    LECTURE: "# VisualizingAndUnderstanding, which counts apart",
}


def rubric_markdown() -> str:
    """Return the page: for each assignment a table of the functions, then for each of them one of its checks."""
    lines = [_TITLE.rstrip("\n")]
    for assignment, heading in _ASSIGNMENTS.items():
        lines += [f"\n{heading}\n", *_overview(rubric(assignment))]
        for asked in rubric(assignment):
            lines += _section(asked)
    return "\n".join(lines) + "\n"


def _overview(functions: Sequence[Asked]) -> Iterator[str]:
    yield "| function | notebook | checks | points | of these public |"
    yield "|---|---|---|---|---|"
    for asked in functions:
        yield (
            f"| [`{asked.name}`](#{asked.name}) | {asked.notebook} | {len(asked.checks)} | {asked.points:g} "
            f"| {_public_points(asked):g} |"
        )
    points = sum(asked.points for asked in functions)
    public = sum(_public_points(asked) for asked in functions)
    checks = sum(len(asked.checks) for asked in functions)
    yield f"| | | {checks} | **{points:g}** | {public:g} |"


def write_rubric(path: Path = RUBRIC) -> Path:
    """Write the page; return where."""
    path.write_text(rubric_markdown(), encoding="utf-8", newline="\n")
    return path


def _public_points(asked: Asked) -> float:
    return sum(check.points for check in asked.checks if check.public)


def _section(asked: Asked) -> Iterator[str]:
    yield f"\n## {asked.name}\n"
    yield f"{asked.points:g} points, in {asked.notebook}.\n"
    yield "| points | what is asked | why | passes if | |"
    yield "|---|---|---|---|---|"
    for check in asked.checks:
        cells = (f"{check.points:g}", check.title, check.why, _judged(check), _who(check))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _judged(check: Check) -> str:
    """Return the first line of the judge's docstring, which says when a check passes."""
    return (inspect.getdoc(check.judge) or "").partition("\n")[0].rstrip(".")


def _who(check: Check) -> str:
    return f"public, `{check.answer}`" if check.answer else "public" if check.public else "private"
