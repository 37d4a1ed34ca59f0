"""Diagnosis of a fooling loop: the steps it takes are one mistake, where it ends another.

A loop may take three steps or fifty, wait for a probability of 0.9, or never stop: no list holds all of them. And two
loops with the same mistake drift apart, since float noise grows from step to step. So each step is looked at by
itself: from the picture that the network was shown, a known loop predicts the next one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from cs231n.trials import networks
from cs231n.trials.evidence import ROUNDING
from cs231n.trials.observation import Observation, is_cut
from cs231n.trials.trial import Network, Trial, goes_on
from grading.assignments.network_visualization.mistakes.make_fooling_image import (
    FOOLING,
    STEPS,
    fooled,
    next_step,
    score,
)
from grading.assignments.vocabulary.mistake import CALL, Mistake, merge_changes, wrong_functions
from grading.assignments.vocabulary.seen import ALIKE, Observe, Seen, start_of

# So many steps of each loop are looked at; those of a trained network cost ten times as much.
FOLLOWED, FOLLOWED_TRAINED = 8, 4
# A step must be so many times longer than what rounding moves a picture by to be seen.
SEEN = 20
# What of the recipe says where the way ends, and how long all steps are.
_ENDS, _LENGTH = {"stop", "late", "steps"}, {"rate"}
_WHOLE = {CALL}  # of what is called in the loop's place no step can be predicted
_GIVES_UP, _DOES_NOT_STOP, _STOPS_LATE, _FIXED, _RATE = (
    next(m for m in FOOLING.mistakes if m.id == id)
    for id in (
        "fooling-gives-up",
        "fooling-does-not-stop",
        "fooling-stops-late",
        "fooling-fixed-steps",
        "fooling-learning-rate",
    )
)
Loop = Callable[..., Any]


@dataclass(frozen=True)
class _Known:
    """A loop with mistakes, and what they change of the recipe."""

    mistakes: tuple[Mistake, ...]
    changes: dict[str, Any]
    loop: Loop


@dataclass
class Walk:
    """The pictures that a loop showed to the network in one call, each once, then its result: (3, H, W) each.

    `cut`: there were more than were written down, so the result is not the last one's successor. `lost`: the next one
    holds NaN or infinite values: that one.
    """

    trial: Trial
    call: int
    pictures: list[np.ndarray]
    cut: bool
    lost: np.ndarray | None = None
    _slopes: dict[tuple[Callable[..., Any], int], torch.Tensor] = field(default_factory=dict)

    @property
    def target(self) -> int:
        """The class that the network should see."""
        return int(self.trial.calls[self.call][1])

    @property
    def network(self) -> str:
        """The name of the network that should be fooled."""
        named = (value.name for value in self.trial.calls[self.call] if isinstance(value, Network))
        return next(named, self.trial.network)

    @property
    def is_cheap(self) -> bool:
        """Whether the network is a small one."""
        return self.network != "squeezenet"

    def step(self, number: int) -> np.ndarray:
        """Return the step that starts at a picture."""
        step: np.ndarray = self.pictures[number + 1].astype(np.float64) - self.pictures[number]
        return step

    def slope(self, objective: Callable[..., Any], number: int) -> torch.Tensor:
        """Return an objective's gradient at a picture, (1, 3, H, W)."""
        key = (objective, number)
        if key not in self._slopes:
            image = torch.from_numpy(self.pictures[number][None].astype(np.float32)).requires_grad_()
            value = objective(networks.shared(self.network)(image), self.target)
            (self._slopes[key],) = torch.autograd.grad(value, image)
        return self._slopes[key]

    def predicted(self, changes: dict[str, Any]) -> Iterator[np.ndarray]:
        """Yield the steps that a loop with these changes takes from these pictures, as far as it is followed."""
        objective, keep = changes.get("objective", score), changes.get("keep")
        kept = torch.zeros(())
        for number in range(self.followed + (self.lost is not None)):
            slope = self.slope(objective, number) + kept
            kept = keep(slope) if keep else kept
            image = torch.from_numpy(self.pictures[number][None])
            yield (
                next_step(
                    slope, image, **{k: v for k, v in changes.items() if k not in ("objective", "keep")}
                )[0]
                .double()
                .numpy()
            )

    @property
    def followed(self) -> int:
        """How many of its steps are looked at."""
        most = FOLLOWED if self.is_cheap else FOLLOWED_TRAINED
        return min(most, len(self.pictures) - 1)

    @functools.cached_property
    def needed(self) -> int | None:
        """How many steps it takes until the network is fooled; None if it never is."""
        for number, picture in enumerate(self.pictures):
            scores = networks.scores(self.network, torch.from_numpy(picture[None].astype(np.float32)))
            if fooled(scores, self.target):
                return number
        return None


def explain(seen: Seen, observe: Observe) -> tuple[Mistake, ...] | None:
    """Return the mistakes of a fooling loop, () if it is right; None if its steps are those of no known one.

    Made in the recipe, they do what was seen: their changes hold how long the steps were, and how many were taken.
    `observe` says what a loop does in a trial.
    """
    walks = walks_of(seen)
    calls = sum(len(trial.calls) for trial, _ in seen)
    if len(walks) < calls or all(len(walk.pictures) == 1 and walk.lost is None for walk in walks):
        return None  # standing still is the beginning of every way
    for fitted in (False, True):
        for known in _known():
            rate = _rate(walks, known) if fitted else 1.0
            if rate is None or not all(_goes_along(walk, known, rate) for walk in walks):
                continue
            conduct = named_end([_end(walk, known, rate, observe) for walk in walks if walk.lost is None])
            if conduct is not None:
                return (*known.mistakes, *((_measured(_RATE, rate=rate),) if fitted else ()), *conduct)
    return None


def _measured(mistake: Mistake, **changes: Any) -> Mistake:
    """Return a mistake as it was made: with what was measured where the recipe has an example."""
    return replace(mistake, changes={**mistake.changes, **changes})


@functools.cache
def _known() -> tuple[_Known, ...]:
    changed: list[tuple[tuple[Mistake, ...], dict[str, Any]]] = [((), {})]
    changed += [
        (together, merge_changes(together) or {}) for together, _ in wrong_functions(FOOLING, (1, 2, 3))
    ]
    return tuple(
        _Known(together, changes, FOOLING.make(**changes))
        for together, changes in changed
        if not changes.keys() & (_ENDS | _LENGTH | _WHOLE)
    )


def walks_of(seen: Seen) -> list[Walk]:
    """Return the ways that a loop took, without those that cannot be seen; those of small networks first."""
    walks = [
        walk
        for trial, observation in seen
        for number in range(len(observation.calls))
        if (walk := _walk(trial, number, observation))
    ]
    return sorted(walks, key=lambda walk: not walk.is_cheap)


def _walk(trial: Trial, call: int, observation: Observation) -> Walk | None:
    shown, output = observation.arrays.get(f"{call}/shown"), observation.arrays.get(f"{call}/output")
    start = start_of(trial, call, observation)
    if shown is None or output is None or start is None:
        return None
    if shown.shape[1:] != start.shape[1:] or output.shape != start.shape:
        return None
    cut = is_cut(shown)
    way = [start[0]]
    for image in shown if cut else (*shown, output[0]):
        if not np.isfinite(image).all():
            return Walk(trial, call, way, cut, image)
        if not np.array_equal(image, way[-1]) and not np.array_equal(image, way[0]):
            way.append(image)
    return Walk(trial, call, way, cut)


def _goes_along(walk: Walk, known: _Known, rate: float) -> bool:
    """Say whether each step is a known loop's, times `rate`."""
    longest = 0.0
    for number, step in enumerate(walk.predicted(known.changes)):
        asked = rate * step
        if number == walk.followed:
            return _is_lost(walk, number, asked)
        noise = ROUNDING * max(
            float(np.linalg.norm(picture)) for picture in walk.pictures[number : number + 2]
        )
        length = float(np.linalg.norm(asked))
        if not np.linalg.norm(walk.step(number) - asked) <= ALIKE * length + 2 * noise:
            return False
        longest = max(longest, length / noise)
    return walk.followed == 0 or longest > SEEN


def _is_lost(walk: Walk, number: int, step: np.ndarray) -> bool:
    """Say whether a step makes NaN and infinity where they were seen; one that comes too late to be followed may."""
    if walk.lost is None or number < len(walk.pictures) - 1:
        return True
    if not np.isfinite(walk.pictures[number]).all():  # a call that starts where another one got lost
        return True
    taken = walk.lost - walk.pictures[number].astype(np.float64)
    finite = np.isfinite(step)
    if finite.all() or not np.array_equal(finite, np.isfinite(taken)):
        return False
    return bool(np.linalg.norm(taken[finite] - step[finite]) <= ALIKE * np.linalg.norm(step[finite]))


def _rate(walks: Sequence[Walk], known: _Known) -> float | None:
    """Return how many times as long as a known loop's first step the first step is; None if nothing can tell."""
    if sum(walk.followed for walk in walks) < 2:
        return None
    first = next(walk for walk in walks if walk.followed)
    asked, taken = next(first.predicted(known.changes)), first.step(0)
    size = float((asked * asked).sum())
    rate = float((asked * taken).sum()) / size if 0 < size < np.inf else 0.0
    return rate if rate > 0 else None


def _end(walk: Walk, known: _Known, rate: float, observe: Observe) -> tuple[int, int | None]:
    """Return how many steps were taken, and how many are needed (None: it never fools, as far as was seen)."""
    taken = STEPS if walk.cut else len(walk.pictures) - 1
    if walk.needed is not None or taken >= STEPS or not walk.is_cheap or goes_on(walk.trial.calls[walk.call]):
        return taken, walk.needed
    loop = known.loop if rate == 1.0 else FOOLING.make(**known.changes, rate=rate)
    only = walk.trial.only([walk.call])
    whole = walks_of([(only, observe(loop, only))])
    return taken, max(whole[0].needed, taken + 1) if whole and whole[0].needed is not None else None


def named_end(ends: Sequence[tuple[int, int | None]]) -> tuple[Mistake, ...] | None:
    """Return () if a loop ended where it should, the mistakes if not, None if its trials tell different things.

    `ends` are the steps taken and the steps needed (None: it never fools) in each trial.
    """
    known = [(taken, needed) for taken, needed in ends if needed is not None]
    if all(taken == needed for taken, needed in known):
        return ()
    if all(taken == 0 for taken, _ in known):
        return None  # it may go anywhere
    lengths = {min(taken, STEPS) for taken, _ in ends}
    over = any(taken > needed for taken, needed in known)
    if len(lengths) == 1 and over:
        enough = all(needed is not None and taken >= needed for taken, needed in ends)
        kind = _DOES_NOT_STOP if enough or lengths == {STEPS} else _FIXED
        return (_measured(kind, steps=lengths.pop()),)
    given_up = {taken for taken, needed in known if taken < needed}
    if len(given_up) > 1:
        return None
    gives_up = [_measured(_GIVES_UP, steps=steps) for steps in given_up]
    return (*gives_up, *((_STOPS_LATE,) if over else ()))
