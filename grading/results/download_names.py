"""What a platform's download called each student's file: in `download_names.json`, for pages that go back there.

A student's id does not say all of it: Canvas knows an upload by its number, and ids are made fit for files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from grading.errors import KitError
from grading.results.atomic import write_atomically
from grading.results.files import json_bytes

FILE = "download_names.json"
# Names, and the numbers by which a platform knows people.
PRIVATE = 0o600


def read_download_names(out: Path) -> dict[str, str]:
    """Return the path of a file in the platform's download, by student; nothing where no platform has named any.

    Raises
    ------
    KitError
        If the file cannot be read.
    """
    path = out / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise KitError(
            "{path} cannot be read ({error}): remove it and grade the class again", path=path, error=error
        ) from error


def add_download_names(out: Path, names: Mapping[str, str]) -> None:
    """Keep names beside those of earlier runs.

    Raises
    ------
    KitError
        If the file is there and cannot be read.
    OSError
        If it cannot be written.
    """
    if names:
        whole = {**read_download_names(out), **names}
        write_atomically(out / FILE, json_bytes(dict(sorted(whole.items()))), PRIVATE)
