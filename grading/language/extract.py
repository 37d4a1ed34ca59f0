"""The English texts that are shown, found in the code: the ids of the catalogues.

Two catalogues, since a student's bundle holds only what `cs231n` shows: titles of private checks and hints of mistakes
stay in the grader's.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from cs231n.handin.kinds import all_kinds
from cs231n.self_check.answers import load_answers
from cs231n.trials.exceptions.explain import RULES
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.claims import SEEN_INSIDE
from grading.locations import KIT
from grading.notebooks.clear_solutions import TEXT_STUB
from grading.report.pages import MEANING
from grading.results.definition import CheckStatus, FunctionStatus
from grading.results.not_graded import WORDS
from grading.submission.layouts import LAYOUTS
from grading.verdict.tampering import WAYS

# What takes a text that is shown as its first argument, and where a plural is.
KEYWORDS = dict.fromkeys(("sentence", "said", "say", "KitError", "SubmissionError", "SandboxError"))
PLURALS = {"plural": (1, 2)}
PYTHON, TEMPLATES = ("**.py", "python"), ("**/templates/*.html", "jinja2.ext:babel_extract")
# Texts of these are in no result and on no page.
NOT_SHOWN = ("attacks", "assignments/*/examples", "template")


@functools.cache
def bundle_texts() -> Catalog:
    """Return what a student's bundle shows: of the self-check, of exceptions, of the packer and of figures."""
    catalogue = Catalog()
    for checks in load_answers().values():
        for answer in checks.answers:
            _add(catalogue, (answer.title, answer.look), f"self-check of {answer.function}")
        _add(catalogue, checks.hints.values(), f"exceptions in {answer.function}")
    _add(catalogue, (rule.text for rule in RULES), "exceptions")
    _add(catalogue, (text for kind in all_kinds() for text in (kind.what, kind.remedy)), "handin/kinds.py")
    _add_code(catalogue, KIT / "cs231n")
    return catalogue


@functools.cache
def grader_texts() -> Catalog:
    """Return what only the grader shows: of private checks, of mistakes, on pages and at the terminal."""
    catalogue, public = Catalog(), bundle_texts()
    _add(catalogue, (*get_args(FunctionStatus), *get_args(CheckStatus), *MEANING.values()), "statuses")
    _add(catalogue, (TEXT_STUB,), "notebooks")
    _add(catalogue, (*SEEN_INSIDE.values(), *WAYS), "verdict/tampering")
    _add(catalogue, WORDS, "report/index.html")
    _add(catalogue, (layout.title for layout in LAYOUTS), "submission/layouts.py")
    for function in all_functions():
        texts = [check.title for check in function.checks]
        mistakes = function.recipe.mistakes if function.recipe else ()
        for mistake in (*mistakes, *(detector.mistake for detector in function.detectors)):
            texts += (mistake.title, mistake.hint)
        _add(catalogue, texts, function.name)
    _add(catalogue, _help(KIT / "grading" / "cli"), "help")
    _add_code(catalogue, KIT / "grading")
    for message in list(public):
        if message.id:
            catalogue.delete(message.id)
    return catalogue


def _add(catalogue: Catalog, texts: Iterable[str], where: str) -> None:
    for text in texts:
        if text:
            catalogue.add(text, locations=[(where.replace(" ", "_"), 0)])


def _help(folder: Path) -> Iterator[str]:
    """Yield what the help of the commands says: of their options and arguments, and their docstrings."""
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            elif isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
                yield ast.get_docstring(node) or ""


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith((".command", ".callback"))


def _add_code(catalogue: Catalog, folder: Path) -> None:
    for file, _, texts, comments, _ in _found(folder):
        catalogue.add(texts, locations=[(f"{folder.name}/{file}", 0)], auto_comments=comments)


def _found(folder: Path) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    skipped = {path for pattern in NOT_SHOWN for path in folder.glob(pattern)}
    for found in extract_from_dir(folder, [PYTHON, TEMPLATES], keywords=KEYWORDS | PLURALS):
        if not any((folder / found[0]).is_relative_to(path) for path in skipped):
            yield found
