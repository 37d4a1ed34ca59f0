"""Writer of `grading/RUBRIC.md`: the checks of each function, their points and reasons."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from cs231n.trials.trial import trial_key
from grading.assignments.vocabulary.check import Check
from grading.assignments.vocabulary.claims import NUMBERS, SEEN_INSIDE, claimable
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

Results are judged apart from the student's code. What happens while it runs is seen in its own process, where that code
could forge it: a check that is *seen inside* says what it takes from there. The common ways of forging are looked for
in the text (`grading/verdict/tampering.py`): whose text shows one gets a note, and no points for what is seen inside.
For each notebook a table says what a forger that is not found out can gain: *claims* are the most that can be added
to what a function earns without computing anything (where a loop claims to keep all rules, its result must be the one
that they lead to, so its cheapest rule is not counted). *Numbers* are seen inside as well, but earn points only where
they are right for inputs that nobody knew; whoever has them could return them. With them a function loses nothing
whose right gradient is cut off from its result, or whose right step is not written into the image. Of older forms an
adapter, in the same process, takes the image out after each step.
"""


def rubric_markdown() -> str:
    """Return the page: for each notebook a table of the functions, then for each of them one of its checks."""
    lines = [_TITLE.rstrip("\n")]
    for notebook in notebooks():
        lines += [f"\n# {notebook.name}: {notebook.title}\n", *_overview(notebook.functions)]
        lines += _forging(notebook.functions)
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


def _forging(functions: Sequence[Function]) -> Iterator[str]:
    """Yield what can be forged of functions, and of older forms of them."""
    yield "\n| seen inside | claims | numbers |"
    yield "|---|---|---|"
    for asked in functions:
        yield f"| `{asked.name}` | {_claims(asked):g} | {_numbers(asked):g} |"
        for form in asked.older_forms:
            yield f"| older form `{form}` | {_claims(asked):g} | {_numbers(asked):g} |"
    claims, numbers = (sum(map(count, functions)) for count in (_claims, _numbers))
    yield f"| | **{claims:g}** | {numbers:g} |"


def _claims(asked: Function) -> float:
    return claimable(asked.checks)


def _numbers(asked: Function) -> float:
    return sum(check.points for check in asked.checks if check.judge in NUMBERS)


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
    """Return who sees a check, on which inputs its twin is judged, whether it is one of conduct, what is seen inside."""
    if check.public:
        answer = f", `{check.answer}`" if check.answer else ""
        who = f"public{answer}; twin on {_twin_inputs(check, asked)}"
    else:
        who = "private"
    if check.conduct:
        who = f"{who}; behaviour"
    return f"{who}; seen inside: {SEEN_INSIDE[check.judge]}" if check.judge in SEEN_INSIDE else who


def _twin_inputs(check: Check, asked: Function) -> str:
    """Return which private check has the inputs of a twin, or that none has."""
    keys = {id: trial_key(trial) for id, trial in asked.trials(_ANY_SEED).items()}
    same = (c.title for c in asked.checks if not c.public and keys[c.id] == keys[check.twin_id])
    title = next(same, "")
    return f"the inputs of “{title}”" if title else "inputs of its own"
