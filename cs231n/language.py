"""The language in which texts are shown: English, or that of a catalogue.

Texts are made, stored and compared in English. A catalogue, `locale/<language>/LC_MESSAGES/<domain>.po`, is read as
gettext reads it: the English template is the id of a text. It is compiled in memory when it is first needed, so that
adding a language is adding such a file.
"""

from __future__ import annotations

import functools
import gettext
import io
import os
import re
import warnings
from pathlib import Path

from cs231n.places import parsed
from cs231n.sentences import Sentence, filled, sentence

ENGLISH = "en"
# For a student's whole account, or one shell.
VARIABLE = "CS231N_LANGUAGE"
# In a bundle that was released in another language: its name.
SETTING = Path(__file__).with_name("language.txt")

# What `cs231n.sentences.joined` puts between the parts of a sentence, where languages have signs of their own.
_BETWEEN = re.compile(rf"(?<=\}})(?:{sentence('; ')}|{sentence(', ')})(?=\{{part)")

_folders = [Path(__file__).with_name("locale")]
_chosen = ""


def use(language: str) -> None:
    """Show texts in a language from now on, in this process.

    Parameters
    ----------
    language : str
        "en", or that of a catalogue: "zh". A country may follow: "zh_CN", "zh-Hans".

    Raises
    ------
    ValueError
        If there is no such catalogue.
    """
    global _chosen
    _chosen = _known(language)


def in_use() -> str:
    """Return the language of texts: that which `use` chose, of the environment, of the bundle, or English."""
    if _chosen:
        return _chosen
    setting = SETTING.read_text(encoding="utf-8").strip() if SETTING.is_file() else ""
    return _of_environment(os.environ.get(VARIABLE) or setting or ENGLISH)


def languages() -> list[str]:
    """Return the languages there are, English first."""
    found = {file.parent.parent.name for folder in _folders for file in folder.glob("*/LC_MESSAGES/*.po")}
    return [ENGLISH, *sorted(found)]


def add_catalogues(folder: Path) -> None:
    """Look for texts in the catalogues of another folder too, `<language>/LC_MESSAGES/*.po`."""
    if folder not in _folders:
        _folders.append(folder)
    read_again()


def read_again() -> None:
    """Read catalogues anew, since they have changed."""
    _catalogue.cache_clear()


def shown(text: str) -> str:
    """Return a text in the language in use; one that no catalogue has is English.

    Parameters
    ----------
    text : str
        A sentence, whose template is looked up and filled in with its arguments, those that are sentences in the same
        language. A plain text is looked up as it is.
    """
    if in_use() == ENGLISH:
        return str(text)
    if not isinstance(text, Sentence):
        return translation(text)
    arguments = {
        name: shown(found) if isinstance(found := _as_sentence(value), Sentence) else value
        for name, value in text.args.items()
    }
    return filled(translation(text.id), arguments)


def _as_sentence(value: object) -> object:
    return parsed(value) if isinstance(value, str) and not isinstance(value, Sentence) else value


def said(template: str, /, **arguments: object) -> str:
    """Return a sentence in the language in use; see `cs231n.sentences.sentence`."""
    return shown(sentence(template, **arguments))


def translation(template: str) -> str:
    """Return what a catalogue has for a template, or the template."""
    language = in_use()
    if language == ENGLISH or not template:
        return template
    found = _catalogue(language).gettext
    return (
        _BETWEEN.sub(lambda sign: found(sign[0]), template)
        if template.startswith("{part0}")
        else found(template)
    )


def is_known(template: str) -> bool:
    """Whether a text is one of those that are translated: then it is the course's, and nobody else's words."""
    others = (_catalogue(language) for language in languages() if language != ENGLISH)
    return any(catalogue.gettext(template) != template for catalogue in others)


def plural(one: str, many: str, count: int) -> str:
    """Return the form of a text for a number, as the language asks: `many` in Chinese, which has but one."""
    language = in_use()
    found = gettext.NullTranslations() if language == ENGLISH else _catalogue(language)
    return found.ngettext(one, many, count)


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return all catalogues of a language as one; the first that has a text gives it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    found = gettext.NullTranslations()
    for folder in _folders:
        for file in sorted(folder.glob(f"{language}/LC_MESSAGES/*.po")):
            with file.open("rb") as opened:
                messages = read_po(opened)
            compiled = io.BytesIO()
            write_mo(compiled, messages)
            compiled.seek(0)
            translations = gettext.GNUTranslations(compiled)
            translations.add_fallback(found)
            found = translations
    return found


@functools.cache
def _of_environment(language: str) -> str:
    try:
        return _known(language)
    except ValueError as error:
        warnings.warn(f"{VARIABLE}: {error}; texts are shown in English", stacklevel=2)
        return ENGLISH


def _known(language: str) -> str:
    there = {name.casefold(): name for name in languages()}
    whole = language.partition(".")[0].replace("-", "_").casefold()
    if (name := there.get(whole) or there.get(re.split("[_@]", whole)[0])) is None:
        raise ValueError(f"there is no language {language!r}; there are {', '.join(languages())}")
    return name
