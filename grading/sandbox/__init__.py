"""The only place where student code runs. `Sandbox` is the way in; `inside` is the program behind the walls."""

from grading.sandbox.budget import Budget
from grading.sandbox.child import Child
from grading.sandbox.client import Sandbox
from grading.sandbox.ended import ChildEndedError, Ended
from grading.sandbox.isolation import strongest
from grading.sandbox.limits import Limits

__all__ = ["Budget", "Child", "ChildEndedError", "Ended", "Limits", "Sandbox", "strongest"]
