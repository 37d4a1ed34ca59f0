"""Stand-ins for functions of PyTorch and NumPy in this process, one object for each name.

Libraries keep tables of their functions (`torch._dynamo` sorts all of torch's by what it may do with them, once
torchvision is imported). A stand-in that served two names would be two entries of one table.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from grading.sandbox.inside.notes import took_effect

# The arguments of a call: by position, and by name.
Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def stand_in(owner: Any, name: str, behaviour: Callable[..., Any]) -> None:
    """Let `owner.name` behave as `behaviour`, in an object of its own that looks as the original does."""
    original = getattr(owner, name, None)

    def standing_in(*args: Any, **kwargs: Any) -> Any:
        return behaviour(*args, **kwargs)

    setattr(owner, name, functools.wraps(original)(standing_in) if callable(original) else standing_in)


def second_try(
    owner: Any,
    name: str,
    note: str,
    errors: type[Exception] | tuple[type[Exception], ...],
    adapt: Callable[..., Arguments | None],
) -> None:
    """Let a call of `owner.name` that fails be made again with other arguments.

    Parameters
    ----------
    owner, name : the place of the function
    note : str
        Key of `NOTES`: what is noted when the second call succeeds.
    errors : exception types
        What the first call may fail with.
    adapt : callable
        Is given the arguments; returns those of the second call, or None where there is nothing to translate.
    """
    original = getattr(owner, name)

    @functools.wraps(original)
    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except errors as failure:
            try:
                adapted = adapt(*args, **kwargs)
                result = original(*adapted[0], **adapted[1]) if adapted else None
            except Exception:
                raise failure from None  # what the student's own call failed with
            if adapted is None:
                raise
            took_effect(note)
            return result

    setattr(owner, name, tried)


def ask_when_missing(module: types.ModuleType, answer: Callable[[str], Any]) -> None:
    """Let `answer` say what an unknown attribute of a module is, before what the module itself says."""
    before = vars(module).get("__getattr__")

    def missing(name: str) -> Any:
        try:
            return answer(name)
        except AttributeError:
            if before is None:
                raise
            return before(name)

    vars(module)["__getattr__"] = missing
