"""The result of one public check on a student's function: made by `check`, shown by `show`."""

from __future__ import annotations

from dataclasses import dataclass

from cs231n.self_check.answers import Answer
from cs231n.trials.evidence import Verdict, relative_error
from cs231n.trials.observation import Observation


@dataclass(frozen=True)
class Outcome:
    """One public check on a student's function: the verdict, and what was seen."""

    answer: Answer
    verdict: Verdict
    seen: Observation

    @property
    def error(self) -> float | None:
        """Relative error of the course's own case (`tv_out` and so on); None elsewhere."""
        output = self.seen.arrays.get("0/output")
        expected = self.answer.expected.arrays.get("0/output")
        if not self.answer.answer or output is None or expected is None or output.size != expected.size:
            return None
        return relative_error(output.reshape(expected.shape), expected)
