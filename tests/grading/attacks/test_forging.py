"""What a function can gain by forging what is seen of it while it runs: nothing where that is named, and few points."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from grading.assignments.registry import function_named, rubric
from grading.assignments.vocabulary.claims import claimable
from grading.attacks.forging import FORGERIES, Forgery
from grading.attacks.table import write_attack
from grading.classroom.worker import grade_submission
from grading.results.definition import FunctionResult
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission

BY_NAME = {forgery.name: forgery for forgery in FORGERIES}
# Those in whose text nothing is looked for.
UNNAMED = {
    "claim_no_loop",
    "claim_no_graph",
    "claim_untouched",
    "claim_that_it_stops",
    "give_back_an_earlier_step",
}
NAMED = "it looks at or changes the program that tries it"


def graded(forgery: Forgery, forged: bool, folder: Path, sandbox: Sandbox) -> FunctionResult:
    """Return the result of its function, forged or honestly wrong."""
    path = write_attack(forgery.attack(forged), folder / str(forged)).parent
    result = grade_submission(Submission(forgery.name, path), "tests", sandbox).result
    return next(one for one in result.functions if one.name == forgery.function)


def gain(forgery: Forgery, folder: Path, sandbox: Sandbox) -> float:
    """Return how many points the forgery adds, after a look at whether it is named."""
    wrong, forged = (graded(forgery, yes, folder, sandbox) for yes in (False, True))
    assert wrong.score < wrong.max_score, wrong
    assert any(note.startswith(NAMED) for note in forged.notes) is (forgery.name not in UNNAMED), forged.notes
    return float(forged.score - wrong.score)


@pytest.mark.parametrize("name", ["hide_a_loop", "give_back_an_earlier_step"])
def test_a_forgery_that_is_named_and_one_that_keeps_results_gain_nothing(
    name: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    assert gain(BY_NAME[name], tmp_path, sandbox) <= 0


@pytest.mark.long
def test_forgers_gain_under_ten_of_a_hundred_points(tmp_path: Path, sandbox: Sandbox) -> None:
    most: dict[str, float] = defaultdict(float)
    for forgery in FORGERIES:
        gained = gain(forgery, tmp_path / forgery.name, sandbox)
        assert gained <= 0 or forgery.name in UNNAMED, forgery.name
        most[forgery.function] = max(most[forgery.function], gained)
    assert 0 < sum(most.values()) < 10
    assert all(gained <= claimable(function_named(name).checks) for name, gained in most.items())


def test_claims_add_under_ten_of_a_hundred_points_and_no_result_is_a_claim() -> None:
    assert sum(claimable(asked.checks) for asked in rubric()) < 10
    assert sum(asked.points for asked in rubric()) == 100
