"""An exception of a student's function, told: what was raised, by which line of theirs, and what it means there.

`describe` writes a live exception down as plain text, where the function runs; `told` and `explain` work on that text.
"""

from cs231n.trials.exceptions.describe import STUDENT, describe
from cs231n.trials.exceptions.explain import Explanation, explain
from cs231n.trials.exceptions.tell import SHORTENED, WITHHELD, told

__all__ = ["SHORTENED", "STUDENT", "WITHHELD", "Explanation", "describe", "explain", "told"]
