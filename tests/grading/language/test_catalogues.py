"""The catalogues of translations follow the English texts, and hold what those hold."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from string import Formatter

import pytest

from grading.errors import KitError, SandboxError, SubmissionError
from grading.language.catalogues import FILES, as_text, catalogues, is_translated, path_of
from grading.language.catalogues import updated as updated_anew
from grading.locations import KIT

updated = functools.cache(updated_anew)  # nothing here changes one

CHINESE = [(path, "zh") for path in catalogues("zh")]
GERMAN = [(path_of("cs231n", "de"), "de")]  # the self-check alone


def of_each(*known):
    return pytest.mark.parametrize(
        ("path", "name"), known, ids=[f"{name}-{path.parts[-2]}" for path, name in known]
    )


@of_each(*CHINESE, *GERMAN)
def test_a_catalogue_has_the_english_texts_of_today(path, name):
    # else: python -m grading translate LANGUAGE, and look at what is new
    assert path.read_text(encoding="utf-8") == as_text(updated(path, name))


@of_each(*CHINESE)
def test_every_text_has_a_translation(path, name):
    texts = [message for message in updated(path, name) if message.id]
    assert [message.id for message in texts if not is_translated(message)] == []


@of_each(*CHINESE[:2], *GERMAN)
def test_a_translation_has_the_arguments_and_the_code_of_its_text(path, name):
    def parts(text):
        return sorted(part[1:] for part in Formatter().parse(text) if part[1]), text.count("`") % 2

    wrong = []
    for message in updated(path, name):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        wrong += [form for form in forms if form and message.id and parts(form) != parts(texts[-1])]
    assert wrong == []


def test_no_error_that_a_person_meets_has_lost_its_template():
    errors = {error.__name__ for error in (KitError, SubmissionError, SandboxError)}
    filled = [
        f"{path}, line {call.lineno}"
        for path in (KIT / "grading").rglob("*.py")
        if not {"attacks", "examples"} & {*path.parts}
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in errors
        if call.args and isinstance(call.args[0], ast.JoinedStr)
    ]
    assert filled == []


def test_a_term_of_the_field_is_the_same_word_everywhere():
    terms = tomllib.loads((path_of("grading", "zh").with_name("terms.toml")).read_text(encoding="utf-8"))
    wrong = []
    for path, name in CHINESE:
        for message in updated(path, name):
            english = message.id[0] if isinstance(message.id, tuple) else message.id
            chinese = message.string[0] if isinstance(message.string, tuple) else message.string
            wrong += [
                (term, english, chinese)
                for term, words in terms.items()
                if re.search(rf"\b{term}\b", english, re.IGNORECASE)
                and not english.startswith("1. ")  # references
                if not any(word in chinese for word in words)
            ]
    assert wrong == []


def test_a_students_bundle_holds_no_text_that_only_the_grader_shows():
    bundle, grader = ({message.id for message in made() if message.id} for made in FILES.values())
    assert bundle & grader == set()
    assert "Right for a batch of one image" in grader  # the title of a private check
