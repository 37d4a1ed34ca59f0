"""What a course has decided, in `course.toml` of the folder where the command runs: its private seed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from grading.errors import KitError

# The demo's seed is public: with it, a student can find out the inputs of every check.
DEMO_SEED = "demo"
COURSE = Path("course.toml")


def seed_of(given: str | None, file: Path | None = None, course: Path = COURSE) -> str:
    """Return the seed to grade with: the one given, that of a file or the course, or the public one of the demo.

    Raises
    ------
    KitError
        If the seed is empty, given twice, or cannot be read.
    """
    if given is not None and file is not None:
        raise KitError("the seed is given twice: drop --seed or --seed-file")
    if given is not None:
        return _filled(given, "give --seed a long random text, or leave it out to use that of course.toml")
    if file is not None:
        return _filled(
            _read(file, "name another --seed-file"), f"write a long random text into {file}"
        ).strip()
    if not course.exists():
        return DEMO_SEED
    text = _read(course, "correct it, or give --seed-file")
    try:
        settings: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KitError(f"{course} cannot be read ({error}): correct it, or give --seed-file") from error
    seed = settings.get("seed")
    if not isinstance(seed, str):
        raise KitError(
            f'{course} has no seed: add a line seed = "..." with a long random text, or give --seed-file'
        )
    return _filled(seed, f"write a long random text into {course}, or give --seed-file")


def _read(path: Path, remedy: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KitError(f"{path} cannot be read ({error.strerror}): {remedy}") from error
    except UnicodeDecodeError as error:
        raise KitError(f"{path} cannot be read (it is no UTF-8 text): {remedy}") from error


def _filled(seed: str, remedy: str) -> str:
    """An empty seed is nobody's decision: such as "$(cat FILE)" of a file that is not there."""
    if not seed.strip():
        raise KitError(f"the seed is empty: {remedy}")
    return seed
