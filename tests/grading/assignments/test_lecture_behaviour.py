"""Judges of the lecture's conduct keep to what they ask: a wrong result may pass them, and odd ones break none."""

import re

import numpy as np
import pytest
import torch

from cs231n.trials.evidence import Evidence, Judge, Verdict
from cs231n.trials.observe import observe
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.vocabulary import behaviour

ROWS = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32) * np.array([4, 2, 1], np.float32)
TRIAL = Trial("f", ((Tensor(ROWS - ROWS.mean(0)),),))
OTHERS = torch.tensor([[1, 2], [0, 2], [0, 1], [1, 2], [1, 2], [1, 2]])


def judged(judge: Judge, result: object, asked: torch.Tensor) -> Verdict:
    seen, expected = observe(TRIAL, {"f": lambda _: result}), observe(TRIAL, {"f": lambda _: asked})
    with np.errstate(all="ignore"):
        return judge(Evidence(TRIAL, seen, expected, 1e-2))


COORDINATES = torch.from_numpy(TRIAL.calls[0][0].data)
SHARES = torch.linspace(0, 1, 6).reshape(2, 3)


@pytest.mark.parametrize(
    ("judge", "asked", "result"),
    [
        (behaviour.never_itself, OTHERS, OTHERS),
        (behaviour.never_itself, OTHERS, OTHERS.flip(1)),
        (behaviour.zero_mean, COORDINATES, COORDINATES / COORDINATES.std(0)),
        (behaviour.widest_first, COORDINATES, COORDINATES + 5),
        (behaviour.probabilities, SHARES, SHARES.flip(0)),
    ],
)
def test_what_is_right_in_one_respect_passes(judge: Judge, asked: torch.Tensor, result: torch.Tensor) -> None:
    assert judged(judge, result, asked).passed


@pytest.mark.parametrize(
    ("judge", "asked", "result", "words"),
    [
        (behaviour.never_itself, OTHERS, torch.tensor([[1, 2]] * 6), "row 1 is among its own"),
        (
            behaviour.never_itself,
            OTHERS,
            torch.full((6, 2), 9),
            "names a row twice, or a row that does not exist",
        ),
        (behaviour.never_itself, OTHERS, OTHERS[:3], "shape"),
        (behaviour.zero_mean, COORDINATES, COORDINATES + 1, "relative to their spread"),
        (behaviour.zero_mean, COORDINATES, COORDINATES * torch.nan, "cannot be measured"),
        (behaviour.zero_mean, COORDINATES, COORDINATES * 0, "the same for all rows"),
        (behaviour.widest_first, COORDINATES, COORDINATES.flip(1), "expected the largest first"),
        (behaviour.widest_first, COORDINATES, COORDINATES / COORDINATES.std(0), "expected the largest first"),
        (behaviour.widest_first, COORDINATES, None, "cannot be measured"),
        (behaviour.probabilities, SHARES, 2 * SHARES, "got 0 to 2"),
        (behaviour.probabilities, SHARES, -SHARES, "got -1 to"),
        (behaviour.probabilities, SHARES, SHARES.T, "shape"),
        (behaviour.probabilities, SHARES, torch.full((2, 3), 0.5), ""),
        (behaviour.probabilities, SHARES, SHARES * torch.nan, ""),
    ],
)
def test_what_is_wrong_fails_with_a_sentence(
    judge: Judge, asked: torch.Tensor, result: object, words: str
) -> None:
    verdict = judged(judge, result, asked)
    assert not verdict.passed
    assert re.search(words, verdict.message), verdict.message
