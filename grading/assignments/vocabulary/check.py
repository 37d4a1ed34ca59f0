"""A check: the decorator `@check` over a function that makes the inputs."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from cs231n.trials.evidence import Judge
from cs231n.trials.judges import same_output
from cs231n.trials.trial import Trial

MakeTrial = Callable[[np.random.Generator], "Trial | tuple[object, ...]"]

# What a result file, a page and a message call the private inputs on which a public check is judged again.
_TWIN = "{} on other inputs"

# Public checks make the same inputs everywhere: the stored answers belong to them.
PUBLIC_SEED = "public"


@dataclass(frozen=True)
class Twin:
    """Private inputs on which a public check is judged again: its points count only where it passes there, too.

    Whoever returns the stored answers without computing anything fails it. Best are inputs that are tried for a
    private check anyway: they cost nothing. `calls` says which calls of the trial count; all if it is empty.
    """

    make: MakeTrial
    calls: tuple[int, ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing that is asked of a function.

    Attributes
    ----------
    function : str
        Canonical name of the function.
    id, title, why : str
        Its name in results, the line a student reads, and the reason for it (an instructor reads it).
    points : float
    make : callable
        Makes the trial from a seeded generator.
    judge : callable
        Turns the evidence into a verdict; by default the output must be the reference solution's.
    tolerance : float
        The largest error that counts as none. It comes from a table, not from habit: five times from float noise and
        from the mildest mistake (`python -m benchmarks.checks separation`).
    look : str
        Where a student should look if it fails: a sentence or question, never the solution.
    public : bool
        Whether the student can run it too (`cs231n.self_check`).
    answer : str
        The course's name of the stored answer, or "".
    twin : Twin, optional
        Private inputs for a public check; each of these has some.
    conduct : bool
        Whether a wrong result may pass it: then its points count only where something was computed
        (`grading.verdict.computed`).
    """

    function: str
    id: str
    title: str
    why: str
    points: float
    make: MakeTrial
    judge: Judge
    tolerance: float
    look: str
    public: bool
    answer: str
    twin: Twin | None
    conduct: bool

    @property
    def twin_id(self) -> str:
        """What its twin is called among the trials of its function."""
        return _TWIN.format(self.id)

    def trial(self, seed: str) -> Trial:
        """Return what is tried, given the course's seed; public checks do not depend on it.

        All checks of a function draw from the same stream: those that make the same inputs share one run.
        """
        return self._made(self.make, PUBLIC_SEED if self.public else seed)

    def twin_trial(self, seed: str) -> Trial | None:
        """Return what is tried beside a public check, given the course's seed."""
        return self._made(self.twin.make, seed) if self.twin else None

    def _made(self, make: MakeTrial, seed: str) -> Trial:
        made = make(generator(seed, self.function))
        return made if isinstance(made, Trial) else Trial(self.function, (made,))


def generator(seed: str, purpose: str) -> np.random.Generator:
    """Return NumPy's PCG64 seeded by a hash of the seed and what it is for."""
    digest = hashlib.sha256(f"{seed}\0{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def check(
    function: str,
    *,
    points: float,
    judge: Judge = same_output,
    tolerance: float = 1e-2,
    look: str = "",
    public: bool = False,
    answer: str = "",
    twin: Twin | None = None,
    conduct: bool = False,
) -> Callable[[MakeTrial], Check]:
    """Declare a check of `function`; the decorated function makes its inputs.

    It receives a seeded generator and returns the arguments of one call, or a `Trial`. The first line of its
    docstring is the title that a student reads, the rest says why the check is there.

    Raises
    ------
    ValueError
        If a public check has no twin, or a private one has.
    """
    if (public or bool(answer)) is not (twin is not None):
        raise ValueError(f"a check of {function}: a public check needs a twin, and a private one none")

    def declare(make: MakeTrial) -> Check:
        title, _, why = inspect.cleandoc(make.__doc__ or "").partition("\n")
        return Check(
            function=function,
            id=make.__name__,
            title=title,
            why=" ".join(why.split()),
            points=points,
            make=make,
            judge=judge,
            tolerance=tolerance,
            look=look,
            public=public or bool(answer),
            answer=answer,
            twin=twin,
            conduct=conduct,
        )

    return declare


def declared_in(module: ModuleType) -> tuple[Check, ...]:
    """Return the checks of a module, in the order in which they are written there."""
    return tuple(value for value in vars(module).values() if isinstance(value, Check))
