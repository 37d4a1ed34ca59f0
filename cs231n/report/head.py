"""The head of a report: course, title, student and date, kept in a small TOML file and asked for once."""

from __future__ import annotations

import datetime
import json
import sys
import tomllib
from pathlib import Path

from cs231n.language import said, shown
from cs231n.report.errors import ReportError
from cs231n.sentences import sentence

FIELDS = {
    "course": sentence("course"),
    "title": sentence("title of the report"),
    "number": sentence("student number"),
    "date": sentence("date"),
    "class": sentence("class"),
    "name": sentence("your name"),
    "email": sentence("e-mail"),
}
_USUAL = sentence("Network visualization and style transfer")


def read_head(path: Path) -> dict[str, str]:
    """Return the fields of a report's head; where there is no file yet, ask for them in a terminal and write it.

    Without a terminal the file is written empty, to be filled in, and so is the head.

    Raises
    ------
    ReportError
        If the file is no TOML, has a field that is not known, or cannot be read or written.
    """
    try:
        if not path.exists():
            _ask(path)
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            said(
                "{path} cannot be read or written ({strerror}): name another with --head.",
                path=path,
                strerror=error.strerror,
            )
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReportError(
            said('{path} is no TOML ({error}): each line is like  name = "Ada"', path=path, error=error)
        ) from error
    if unknown := found.keys() - FIELDS.keys():
        raise ReportError(
            said(
                "{path}: expected {known}, got {found}.",
                path=path,
                known=", ".join(FIELDS),
                found=", ".join(sorted(unknown)),
            )
        )
    return {name: str(found.get(name, "")) for name in FIELDS}


def _ask(path: Path) -> None:
    given = dict.fromkeys(FIELDS, "")
    given |= {"title": shown(_USUAL), "date": datetime.date.today().isoformat()}
    if sys.stdin.isatty():
        print(said("The head of the report, kept in {path}. Enter takes what stands in brackets.", path=path))
        for name, asked in FIELDS.items():
            given[name] = input(f"{shown(asked)} [{given[name]}]: ").strip() or given[name]
    else:
        print(said("{path} is new: fill it in, and make the report again.", path=path))
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in given.items()]
    path.write_text("".join(lines), encoding="utf-8")
