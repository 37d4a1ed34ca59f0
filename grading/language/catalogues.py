"""Writer of catalogues: a .po file for each language, which follows the English texts when they change.

A text whose English has changed is a new text: its old translation goes, and the new one is missing until somebody has
looked at it.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from cs231n import language
from grading.assignments.registry import shipped_notebooks
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.language.extract import bundle_texts, grader_texts
from grading.locations import KIT, TOP_LEVEL
from grading.notebooks.build import read_notebook
from grading.notebooks.translated import catalogue_of, texts_of

# The catalogue of a student's bundle, and that of the grader.
FILES = {"cs231n": bundle_texts, "grading": grader_texts}


def path_of(package: str, name: str) -> Path:
    """Return the file of a package's catalogue in a language."""
    return KIT / package / "locale" / name / "LC_MESSAGES" / f"{package}.po"


def catalogues(name: str) -> dict[Path, Callable[[], Catalog]]:
    """Return the files of all catalogues of a language, and what finds their texts."""
    found: dict[Path, Callable[[], Catalog]] = {
        path_of(package, name): texts for package, texts in FILES.items()
    }
    for notebook in shipped_notebooks():
        found[catalogue_of(notebook, name)] = functools.partial(_texts_of, notebook)
    return found


def _texts_of(notebook: Notebook) -> Catalog:
    return texts_of(read_notebook(TOP_LEVEL / "notebooks" / f"{notebook.name}.ipynb"))


def read_catalogue(path: Path, name: str) -> Catalog:
    """Return a catalogue; an empty one if there is no file yet."""
    if not path.exists():
        return Catalog(locale=name, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=name)


def updated(path: Path, name: str) -> Catalog:
    """Return the catalogue of a file in a language with the English texts of today."""
    catalogue = read_catalogue(path, name)
    catalogue.update(catalogues(name)[path](), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def is_translated(message: Message) -> bool:
    """Say whether a text has a translation, in all its forms."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return all(forms)


def as_text(catalogue: Catalog) -> str:
    """Return what a .po file says: the same texts give the same bytes, whenever it is written."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header + file.getvalue().decode()


def update_catalogues(name: str) -> list[tuple[Path, int, int]]:
    """Write the catalogues of a language. Return each file, how many texts it has, and how many lack a translation.

    Raises
    ------
    KitError
        If no such language is known.
    """
    try:
        Locale.parse(name)
    except (ValueError, UnknownLocaleError) as error:
        raise KitError(
            "{name} is no language: give its code, such as zh, de or pt_BR", name=repr(name)
        ) from error
    written = []
    for path in catalogues(name):
        catalogue = updated(path, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(catalogue), encoding="utf-8")
        texts = [message for message in catalogue if message.id]
        written.append((path, len(texts), sum(not is_translated(message) for message in texts)))
    language.read_again()
    return written
