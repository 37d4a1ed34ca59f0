"""Command lines in the language in use: also what argparse itself says, which has no catalogue of its own."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from string import Formatter
from typing import NoReturn

from cs231n.language import ENGLISH, in_use, said, shown, translation
from cs231n.sentences import plain, sentence

_HELP = (
    sentence("usage: "),
    sentence("positional arguments:"),
    sentence("options:"),
    sentence("show this help message and exit"),
)
_ERRORS = (
    sentence("argument {name}: {what}"),
    sentence("the following arguments are required: {names}"),
    sentence("unrecognized arguments: {names}"),
    sentence("expected one argument"),
    sentence("expected at least one argument"),
    sentence("invalid choice: {value} (choose from {choices})"),
    sentence("invalid {kind} value: {value}"),
    sentence("ambiguous option: {option} could match {options}"),
    sentence("ignored explicit argument {value}"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in the language in use."""

    def format_usage(self) -> str:
        """Return the usage alone."""
        return words_in(super().format_usage(), _HELP)

    def format_help(self) -> str:
        """Return the whole help."""
        return words_in(super().format_help(), _HELP)

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong with the arguments; exit status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {plain(said('error: {error}', error=in_words(message, _ERRORS)))}\n")


def in_words(text: str, templates: Iterable[str]) -> str:
    """Return in the language in use what another program says in English; a text that no template gives stays.

    Parameters
    ----------
    text : str
    templates : iterable of str
        The first that fits the whole text is taken. What stands for `{what}` is looked up, too.

    Examples
    --------
    >>> in_words("expected one argument", _ERRORS)
    'expected one argument'
    """
    if in_use() == ENGLISH:
        return text
    for template in templates:
        parts = [(literal, name) for literal, name, _, _ in Formatter().parse(template)]
        pattern = "".join(
            re.escape(literal) + (f"(?P<{name}>.+?)" if name else "") for literal, name in parts
        )
        if match := re.fullmatch(pattern, text, re.DOTALL):
            found = match.groupdict()
            what = {"what": in_words(found["what"], templates)} if "what" in found else {}
            return said(template, **found | what) if found else shown(template)
    return text


def words_in(text: str, words: Iterable[str]) -> str:
    """Return a longer text of another program in which some words are in the language in use.

    Where a line ends between two of them does not matter.
    """
    for word in words:
        text = re.sub(re.escape(word).replace(r"\ ", r"\s+"), lambda _, word=word: translation(word), text)  # type: ignore[misc]
    return text
