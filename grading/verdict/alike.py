"""Verdicts on functions that several students handed in alike: tried, judged and diagnosed once in a process.

Only what a function did alone, or as the first in its child, counts for others: one that was there before it may have
changed what it does. So a text that was right after others is tried alone when it comes again, and what is not right,
which is tried alone in any case, counts at once. A function that hung, died or was skipped counts for
nobody else: the next may have more luck with the machine.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from msgspec import structs

from cs231n.trials.trial import trial_key
from grading.results.definition import CheckResult, Diagnosis, FunctionStatus
from grading.sandbox import Ended, Limits
from grading.submission.selection import Piece
from grading.verdict.attempts import Seen, Task
from grading.verdict.recent import Recent

# The most bytes of observations that are kept, and the most texts that are known to have been right.
KEPT_BYTES = 32 << 20
MET = 1 << 16


@dataclass(frozen=True)
class Tried:
    """What was seen of a function, the verdict on that, and the seconds of its submission's time that it took."""

    seen: Seen
    checks: tuple[CheckResult, ...]
    status: FunctionStatus
    diagnosis: Diagnosis | None = None
    seconds: float = 0.0


class Alike:
    """The verdicts of this process by the key of what they depend on. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Recent[bytes, Tried] = Recent(KEPT_BYTES, lambda tried: tried.seen.trials.values())
        self._met: OrderedDict[bytes, None] = OrderedDict()

    def known(self, key: bytes) -> Tried | None:
        """Return the verdict on this text, if there is one."""
        with self._lock:
            return self._known.get(key)

    def keep(self, key: bytes, tried: Tried) -> None:
        """Let the verdict on a function that was tried alone count for others, if each trial ended by itself."""
        if any(isinstance(found, Ended) for found in tried.seen.trials.values()):
            return
        with self._lock:
            if self._known.get(key) is None:
                self._known.keep(key, tried)

    def meet(self, key: bytes) -> None:
        """Remember that a text was right beside other functions."""
        with self._lock:
            self._met[key] = None
            if len(self._met) > MET:
                self._met.popitem(last=False)

    def was_met(self, key: bytes) -> bool:
        """Say whether a text was right beside other functions."""
        with self._lock:
            return key in self._met


def key_of(
    task: Task, pieces: Sequence[Piece], seed: str, isolation: str, limits: Limits, reference: str
) -> bytes:
    """Return the hash of all that the verdict on a function depends on.

    Parameters
    ----------
    task : Task
        Its job has the text of the function, of all it reaches, and of every module beside it; nothing else of a
        submission is in a child. Its trials have the inputs.
    pieces : sequence of Piece
        The student's text, which messages are compared with.
    seed : str
        Two seeds share nothing, not even what public checks saw.
    isolation, limits, reference
        How it is tried, and for which assignment.
    """
    parts = [
        task.job,
        {id: trial_key(trial) for id, trial in task.trials.items()},
        {id: trial_key(trial) for id, trial in task.doubts.items()},
        sorted(task.public),
        [structs.asdict(piece) for piece in pieces],
        seed,
        isolation,
        asdict(limits),
        reference,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).digest()
