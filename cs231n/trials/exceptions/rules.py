"""The form of an explanation's entry: which exceptions it is for, and what is said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A name as it stands in a message: of a function, a type or a module.
NAME = r"[\w.<>]{1,80}"


@dataclass(frozen=True)
class Rule:
    """Which exceptions get an explanation, and its text.

    Attributes
    ----------
    id : str
        The kind of error, such as "scalar-output".
    types : frozenset of str
        Names of exception types; empty for any.
    message, line : re.Pattern
        What must be found in the message, and in the line of the student's that raised it.
    text : str
        What the error means and what to do; groups of `message` stand in it by their names, in braces.
    outside : bool
        Whether no line of the student's raised it: calling the function itself failed.
    """

    id: str
    types: frozenset[str]
    message: re.Pattern[str]
    text: str
    line: re.Pattern[str]
    outside: bool


def rule(id: str, types: str, message: str, text: str, *, line: str = "", outside: bool = False) -> Rule:
    """Return a rule; `types` are separated by spaces, `message` and `line` are regular expressions."""
    return Rule(id, frozenset(types.split()), re.compile(message), text, re.compile(line), outside)
