"""The English texts that are shown, found in the code: the ids of the catalogues.

Two catalogues, since a student's bundle holds only what `cs231n` shows: titles of private checks and hints of mistakes
stay in the grader's.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from cs231n.handin.cells import RENAMED
from cs231n.handin.kinds import all_kinds
from cs231n.self_check.answers import load_answers
from cs231n.trials.exceptions.explain import RULES
from grading.assignments.registry import all_functions, shipped_notebooks
from grading.assignments.vocabulary.claims import SEEN_INSIDE
from grading.attacks.attack import Attack, Hostile
from grading.attacks.loading import LOADING
from grading.attacks.table import ATTACKS
from grading.locations import KIT
from grading.notebooks.clear_solutions import TEXT_STUB
from grading.report.pages import MEANING
from grading.results.definition import CheckStatus, FunctionStatus
from grading.results.not_graded import WORDS
from grading.sandbox.shared.notes import NOTES
from grading.similar.traces import KINDS
from grading.submission.layouts import LAYOUTS
from grading.submission.old_python import TRANSLATIONS
from grading.verdict.diagnosis.detectors import GENERAL
from grading.verdict.diagnosis.observed_factors import NAMED
from grading.verdict.diagnosis.observed_inputs import PARTS
from grading.verdict.tampering import WAYS

# What takes a text that is shown as its first argument, and where a plural is.
KEYWORDS = dict.fromkeys(
    ("sentence", "said", "say", "marked_up", "_note", "KitError", "SubmissionError", "SandboxError")
)
PLURALS = {"plural": (1, 2)}
# Variables that hold such a text where there are two to choose from.
VARIABLES = ("template", "note")
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
    for notebook in shipped_notebooks():
        _add(catalogue, _titles(notebook.source), "titles in figures")
    _add(catalogue, (RENAMED,), "handin/cells.py")
    _add(catalogue, (text for kind in all_kinds() for text in (kind.what, kind.remedy)), "handin/kinds.py")
    _add_code(catalogue, KIT / "cs231n")
    return catalogue


@functools.cache
def grader_texts() -> Catalog:
    """Return what only the grader shows: of private checks, of mistakes, on pages and at the terminal."""
    catalogue, public = Catalog(), bundle_texts()
    _add(catalogue, (*get_args(FunctionStatus), *get_args(CheckStatus), *MEANING.values()), "statuses")
    _add(catalogue, (TEXT_STUB,), "notebooks")
    _add(catalogue, (*TRANSLATIONS.values(), *NOTES.values()), "notes")
    _add(catalogue, (title for _, _, title in NAMED), "verdict/diagnosis")
    _add(catalogue, (text for _, _, *texts in PARTS for text in texts), "verdict/diagnosis")
    general = (mistake for mistake, _, _ in GENERAL)
    _add(catalogue, (text for one in general for text in (one.title, one.hint)), "verdict/diagnosis")
    _add(catalogue, (*SEEN_INSIDE.values(), *WAYS), "verdict/tampering")
    _add(catalogue, WORDS, "report/index.html")
    _add(catalogue, KINDS, "report/similar.html")
    attacks: list[Attack | Hostile] = [*ATTACKS, *LOADING]
    _add(catalogue, (attack.wall for attack in attacks), "cli/doctor.py")
    _add(catalogue, (attack.tries for attack in attacks), "attacks")
    _add(catalogue, (layout.title for layout in LAYOUTS), "submission/layouts.py")
    for function in all_functions():
        texts = [check.title for check in function.checks]
        texts += function.probe.arguments.values() if function.probe else ()
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


def _titles(notebook: Path) -> Iterator[str]:
    """Yield the words that a notebook gives to what draws its figures; names of layers and of functions stay."""
    for call in ast.walk(ast.parse(notebook.read_text(encoding="utf-8"))):
        # what a figure compares, by its name
        if isinstance(call, ast.Assign) and isinstance(call.value, ast.Dict):
            yield from (str(key.value) for key in call.value.keys if isinstance(key, ast.Constant))
        elif isinstance(call, ast.Call) and ast.unparse(call.func) == "sentence":
            yield ast.literal_eval(call.args[0])
        elif isinstance(call, ast.Call) and ast.unparse(call.func).startswith("plots."):
            given = [
                one for value in call.args for one in (value.elts if isinstance(value, ast.List) else [value])
            ]
            words = (str(one.value) for one in given if isinstance(one, ast.Constant))
            yield from (text for text in words if re.match(r"[\w'-]+(,? |$)", text))


def _help(folder: Path) -> Iterator[str]:
    """Yield what the help of the commands says: of their options and arguments, and their docstrings."""
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            elif isinstance(node, ast.FunctionDef) and (
                "typer." in ast.unparse(node.args) or any(map(_is_command, node.decorator_list))
            ):
                yield ast.get_docstring(node) or ""


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith((".command", ".callback"))


def _unseen_by_babel(file: Path) -> Iterator[str]:
    """Yield the texts that a file gives to one of `VARIABLES`, those `described`, and those in a string with values."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            inside = (call for call in ast.walk(node) if isinstance(call, ast.Call) and call.args)
            texts = (call.args[0] for call in inside if getattr(call.func, "id", "") in KEYWORDS)
            yield from (str(text.value) for text in texts if isinstance(text, ast.Constant))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in VARIABLES:
            yield from _chosen(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "described":
            yield from (text for given in node.args[1:] for text in _chosen(given))


def _chosen(value: ast.expr) -> list[str]:
    chosen = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
    return [str(text.value) for text in chosen if isinstance(text, ast.Constant)]


def _add_code(catalogue: Catalog, folder: Path) -> None:
    for file, _, texts, comments, _ in _found(folder):
        catalogue.add(texts, locations=[(f"{folder.name}/{file}", 0)], auto_comments=comments)
    for path in sorted(folder.rglob("*.py")):
        if not _is_skipped(path, folder):
            _add(catalogue, _unseen_by_babel(path), f"{folder.name}/{path.relative_to(folder)}")


def _found(folder: Path) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    # Babel warns of each f-string: those are for programmers, and stay English.
    with contextlib.redirect_stderr(io.StringIO()):
        every = list(extract_from_dir(folder, [PYTHON, TEMPLATES], keywords=KEYWORDS | PLURALS))
    return (found for found in every if not _is_skipped(folder / found[0], folder))


def _is_skipped(file: Path, folder: Path) -> bool:
    return any(file.is_relative_to(path) for pattern in NOT_SHOWN for path in folder.glob(pattern))
