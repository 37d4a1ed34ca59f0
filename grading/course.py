"""What a course has decided, in `course.toml` of the folder where the command runs: its private seed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from grading.errors import KitError

# The demo's seed is public: with it, a student can find out the inputs of every check.
DEMO_SEED = "demo"
COURSE = Path("course.toml")


def seed_of(given: str | None, course: Path = COURSE) -> str:
    """Return the seed to grade with: the one given, that of the course, or the public one of the demo.

    Raises
    ------
    KitError
        If course.toml cannot be read or has no seed.
    """
    if given is not None:
        return given
    if not course.exists():
        return DEMO_SEED
    try:
        settings: dict[str, Any] = tomllib.loads(course.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KitError(f"{course} cannot be read ({error}): correct it, or give --seed") from error
    seed = settings.get("seed")
    if not isinstance(seed, str) or not seed:
        raise KitError(
            f'{course} has no seed: add a line seed = "..." with a long random text, or give --seed'
        )
    return seed
