"""The checks a student runs in the notebook: `from cs231n.self_check import check`, then `check(tv_loss)`."""

from cs231n.self_check.check import check

__all__ = ["check"]
