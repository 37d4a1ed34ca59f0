"""What a judge takes from the process that the function runs in: whoever wrote the function could make it up there.

Most judges look at results alone, which the trusted side compares with its own, for inputs that nobody knew. What is
said of how a result came about (the network was shown these images, so many operations ran, the argument is as it
was) is a claim. `claimable` says what claims can add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cs231n.trials.evidence import Judge
from cs231n.trials.judges import (
    fresh_gradient_each_call,
    input_untouched,
    leaves_no_trace,
    no_python_loop,
    runs_together,
    same_gradient,
    step_has_asked_length,
    steps_along_gradient,
)
from grading.assignments.vocabulary.behaviour import no_graph
from grading.assignments.vocabulary.check import Check
from grading.assignments.vocabulary.loop_behaviour import RULES

_IMAGES = "the images that the network was shown"
# Claimed, and to be believed.
CLAIMS: Mapping[Judge, str] = {
    no_graph: "that no graph is attached",
    input_untouched: "the argument after the call",
    leaves_no_trace: "the arguments and the network after the call",
    no_python_loop: "how many operations ran",
    runs_together: "how often the network was called",
    **dict.fromkeys(RULES, _IMAGES),
}
# Seen in the same process, but numbers: they pass only where they are right, for inputs that nobody knew.
NUMBERS: Mapping[Judge, str] = {
    same_gradient: "the gradient",
    steps_along_gradient: "the image after the step",
    step_has_asked_length: "the image after the step",
    fresh_gradient_each_call: "the images after the steps",
}
SEEN_INSIDE: Mapping[Judge, str] = {**CLAIMS, **NUMBERS}


def claimable(checks: Iterable[Check]) -> float:
    """Return the most points that claims alone can add to what a function earns.

    Who claims all rules of a loop must return what they lead to, and then keeps them: one at least, the cheapest, is
    not to be had by claims.
    """
    claimed = [check for check in checks if check.judge in CLAIMS]
    rules = [check.points for check in claimed if check.judge in RULES]
    return sum(check.points for check in claimed) - min(rules, default=0)
