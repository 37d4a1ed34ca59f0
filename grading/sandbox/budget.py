"""Budget of a submission: the time that all its functions may use together, and each one's part of it."""

from __future__ import annotations

# What each function that is still to be tried keeps of the time, whatever those before it use.
RESERVED_SECONDS = 2.0


class Budget:
    """Seconds that may still be used: of CPU time, of waiting, and of the grader's own time for a child.

    Parameters
    ----------
    seconds : float
    whole : Budget, optional
        That this is a part of: what is used here is used there, too.
    """

    def __init__(self, seconds: float, whole: Budget | None = None) -> None:
        self.left = seconds
        self.whole = whole

    def charge(self, seconds: float) -> None:
        """Count what was used."""
        self.left -= seconds
        if self.whole is not None:
            self.whole.charge(seconds)

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def part(self, share: float) -> Budget:
        """Return a share (0 to 1) of what is left."""
        return Budget(self.left * share, self)

    def part_before(self, others: int) -> Budget:
        """Return what a function may use that is tried before so many others: each of those keeps its reserve."""
        reserve = min(RESERVED_SECONDS, self.left / (others + 1))
        return Budget(self.left - others * reserve, self)
