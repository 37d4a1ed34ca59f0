"""Shows the outcome of self-checks: compact HTML with pictures in a notebook, plain text in a terminal."""

from __future__ import annotations

import html
import textwrap
from typing import Any

import numpy as np

from cs231n.language import said, shown
from cs231n.self_check.outcome import Outcome
from cs231n.sentences import sentence
from cs231n.trials.judges import given

# The kind under which a notebook keeps outcomes as data, in no language: the lab report reads it.
OUTCOMES = "application/vnd.cs231n.check+json"


def results(name: str, outcomes: list[Outcome], maps_in: str = "") -> None:
    """Show the outcomes of one function's checks, and the pictures of its maps: the result of the check `maps_in`."""
    text = as_text(name, outcomes)
    if not _in_notebook():
        print(text)
        return
    from IPython.display import display

    shown = {"text/html": as_html(name, outcomes), "text/plain": text, OUTCOMES: as_data(name, outcomes)}
    display(shown, raw=True)  # type: ignore[no-untyped-call]
    for outcome in outcomes:
        seen, expected = outcome.seen.arrays.get("0/output"), outcome.answer.expected.arrays.get("0/output")
        if outcome.answer.id == maps_in and seen is not None and expected is not None:
            if seen.shape == expected.shape:
                maps(seen, expected, given(outcome.answer.trial))
            else:
                print(
                    said(
                        "your maps have shape {seen}, the expected ones {expected}",
                        seen=seen.shape,
                        expected=expected.shape,
                    )
                )


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def as_text(name: str, outcomes: list[Outcome]) -> str:
    """Return the outcomes as lines: what was checked, pass or fail, and why."""
    lines = [_error_line(outcome) for outcome in outcomes if outcome.answer.answer]
    for outcome in outcomes:
        passed = outcome.verdict.passed
        why = "" if passed else f": {textwrap.indent(shown(outcome.verdict.message), '        ').strip()}"
        mark = f"  {said('pass')}" if passed else f"✗ {said('FAIL')}"
        lines.append(f"{mark}  {shown(outcome.answer.title)}{why}")
    return "\n".join([*lines, f"{name}: {_passing(outcomes)}"])


def _passing(outcomes: list[Outcome]) -> str:
    passed = sum(outcome.verdict.passed for outcome in outcomes)
    return said("{passed} of {total} checks pass", passed=passed, total=len(outcomes))


def _error_line(outcome: Outcome) -> str:
    error = outcome.error
    if error is None:
        return said("{answer}: the result cannot be compared", answer=outcome.answer.answer)
    return said("{answer}: Error is {error:.3f}", answer=outcome.answer.answer, error=error)


def as_data(name: str, outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the outcomes as plain data: what a report says of them without running anything."""
    checks = [
        {
            "title": outcome.answer.title,
            "passed": bool(outcome.verdict.passed),
            "message": str(outcome.verdict.message),
            "answer": outcome.answer.answer,
            "error": "" if outcome.error is None else f"{outcome.error:.3f}",
        }
        for outcome in outcomes
    ]
    return {"function": name, "checks": checks}


def as_html(name: str, outcomes: list[Outcome]) -> str:
    """Return the outcomes as a small table; everything that came from the student's code is escaped."""
    rows = []
    for outcome in outcomes:
        passed = outcome.verdict.passed
        colour, mark = ("#1a7f4b", f"✓ {said('pass')}") if passed else ("#b3261e", f"✗ {said('fail')}")
        note = _error_line(outcome) if outcome.answer.answer else ""
        if not passed:
            why = shown(outcome.verdict.message)
            note = f"{note}. {why}" if note else why
        rows.append(
            f'<tr><td style="color:{colour};font-weight:600;white-space:nowrap;text-align:left">{mark}</td>'
            f'<td style="text-align:left">{html.escape(shown(outcome.answer.title))}</td>'
            f'<td style="text-align:left;color:#777;white-space:pre-line">{html.escape(note)}</td></tr>'
        )
    title = f"<b>{html.escape(name)}</b>: {html.escape(_passing(outcomes))}"
    return f'<div>{title}<table style="margin:4px 0">{"".join(rows)}</table></div>'


def maps(seen: np.ndarray, expected: np.ndarray, pictures: np.ndarray) -> None:
    """Draw maps (N, H, W) below their pictures (N, 3, H, W): yours, expected and the difference, on one scale."""
    from matplotlib import pyplot as plt

    from cs231n.figure_text import drawn, ready
    from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD

    count = len(expected)
    ready()
    figure, axes = plt.subplots(4, count, figsize=(2.1 * count, 8.6), squeeze=False, layout="constrained")
    for column in range(count):
        photograph = pictures[column].transpose(1, 2, 0) * SQUEEZENET_STD + SQUEEZENET_MEAN
        top = float(np.percentile(expected[column], 99.8)) or 1.0
        difference = np.abs(np.nan_to_num(seen[column]) - expected[column])
        axes[0][column].imshow(np.clip(photograph, 0, 1))
        for row, picture in enumerate((seen[column], expected[column], difference), start=1):
            axes[row][column].imshow(picture, cmap="inferno", vmin=0, vmax=top)
    rows = sentence("picture"), sentence("yours"), sentence("expected"), sentence("difference")
    for row, label in enumerate(rows):
        axes[row][0].set_ylabel(drawn(label))
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
    plt.show()
    plt.close(figure)
