"""Writer of `grading/RUBRIC.md`: the checks of each function, their points and reasons."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from cs231n.trials.trial import trial_key
from grading.assignments.vocabulary.check import Check
from grading.assignments.registry import notebooks
from grading.assignments.vocabulary.function import Function

RUBRIC = Path(__file__).parents[1] / "RUBRIC.md"
# Which checks share their inputs does not depend on it.
_ANY_SEED = "rubric"
_TITLE = """# Rubric

The checks of each function, their points and their reasons. Generated from the `checks` in `grading/assignments/`:
change a check there, then run `make build`; a test fails while this page is not what the checks say.

*Private* checks use inputs that follow from the course's seed. *Public* ones are the same for everybody: a student runs
them in the notebook too. Each of these has a private *twin*, other inputs with the same judge: its points count only
where the twin passes, too: returning the stored answers earns nothing. A wrong result may pass a check of *behaviour*,
such as "leaves its input alone": its points count only where the function computes something
(`grading/verdict/computed.py`), and not where it returns zeros, a constant, noise or its argument. Where a function is
not right, `grading/verdict/diagnosis/` finds the mistake.
"""


def rubric_markdown() -> str:
    """Return the page: for each notebook a table of the functions, then for each of them one of its checks."""
    lines = [_TITLE.rstrip("\n")]
    for notebook in notebooks():
        lines += [f"\n# {notebook.name}: {notebook.title}\n", *_overview(notebook.functions)]
        for asked in notebook.functions:
            lines += _section(asked)
    return "\n".join(lines) + "\n"


def _overview(functions: Sequence[Function]) -> Iterator[str]:
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


def _public_points(asked: Function) -> float:
    return sum(check.points for check in asked.checks if check.public)


def _section(asked: Function) -> Iterator[str]:
    yield f"\n## {asked.name}\n"
    yield f"{asked.points:g} points, in {asked.notebook}.\n"
    yield "| points | check | why | passes if | |"
    yield "|---|---|---|---|---|"
    for check in asked.checks:
        cells = (f"{check.points:g}", check.title, check.why, _judged(check), _who(check, asked))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _judged(check: Check) -> str:
    """Return the first line of the judge's docstring, which says when a check passes."""
    return (inspect.getdoc(check.judge) or "").partition("\n")[0].rstrip(".")


def _who(check: Check, asked: Function) -> str:
    """Return who sees a check, on which inputs its twin is judged, and whether it is one of conduct."""
    if check.public:
        answer = f", `{check.answer}`" if check.answer else ""
        who = f"public{answer}; twin on {_twin_inputs(check, asked)}"
    else:
        who = "private"
    return f"{who}; behaviour" if check.conduct else who


def _twin_inputs(check: Check, asked: Function) -> str:
    """Return which private check has the inputs of a twin, or that none has."""
    keys = {id: trial_key(trial) for id, trial in asked.trials(_ANY_SEED).items()}
    same = (c.title for c in asked.checks if not c.public and keys[c.id] == keys[check.twin_id])
    title = next(same, "")
    return f"the inputs of “{title}”" if title else "inputs of its own"
