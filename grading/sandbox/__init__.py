"""The only place where student code runs. `Sandbox` is the way in; `inside` is the program behind the walls."""

from grading.sandbox.client import Child, Ended, Sandbox
from grading.sandbox.limits import Limits

__all__ = ["Child", "Ended", "Limits", "Sandbox"]
