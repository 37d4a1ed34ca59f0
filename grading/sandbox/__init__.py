"""The only place where student code runs. `Sandbox` is the way in; `inside` is the program behind the walls."""

from grading.sandbox.client import Child, Ended, Sandbox
from grading.sandbox.limits import Limits
from grading.sandbox.program import DEFAULT_ISOLATION

__all__ = ["DEFAULT_ISOLATION", "Child", "Ended", "Limits", "Sandbox"]
