"""Finds what an exception means, by its type and message alone: whoever explains never touches the exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cs231n.sentences import Sentence, joined, sentence
from cs231n.trials.exceptions import python_errors, pytorch_errors

# The first that fits is the explanation.
RULES = (
    *python_errors.NAMES,
    *pytorch_errors.GRADIENTS,
    *pytorch_errors.SHAPES,
    *pytorch_errors.DTYPES,
    *python_errors.NOTHING,
    *python_errors.ATTRIBUTES,
    *python_errors.CALLS,
    *python_errors.PYTHON,
)


@dataclass(frozen=True)
class Explanation:
    """Why an exception was raised and what to do about it.

    Attributes
    ----------
    id : str
        The kind of error, such as "scalar-output".
    text : str
        The sentences, with the names of `arguments` in braces.
    arguments : mapping
        What the message says of this case, such as the name that is not defined.
    hint : str
        What it means in the function that was called; "" if there is nothing to add.
    """

    id: str
    text: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""

    def sentences(self) -> Sentence:
        """Return the explanation as it is read."""
        meaning = sentence(self.text, **self.arguments)
        return joined([meaning, sentence(self.hint)], " ") if self.hint else meaning


def explain(raised: Mapping[str, str], hints: Mapping[str, str]) -> Explanation | None:
    """Return what an exception means; None if it is of no known kind.

    Parameters
    ----------
    raised : mapping
        Type, message, place and line of the exception, as `describe` writes them down.
    hints : mapping
        Id of an explanation -> what such an exception means in the function that was called.
    """
    for rule in RULES:
        if (rule.types and raised["type"] not in rule.types) or (rule.outside and raised["place"]):
            continue
        found = rule.message.search(raised["message"])
        if found and rule.line.search(raised["line"]):
            arguments = {name: value or "" for name, value in found.groupdict().items()}
            return Explanation(rule.id, rule.text, arguments, hints.get(rule.id, ""))
    return None
