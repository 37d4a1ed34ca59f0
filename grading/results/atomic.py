"""Atomic file writes: a temporary file, then a rename. A reader never meets half a page."""

import os
import secrets
from pathlib import Path

PREFIX = ".tmp-"


def write_atomically(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write bytes, or text as UTF-8 with its line endings as they are, through a temporary file beside it.

    Whatever stops it, a signal's exception too, leaves no temporary file: its name is known before it is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{PREFIX}{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content.encode() if isinstance(content, str) else content)
        temporary.chmod(mode)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove the temporary files in a folder that killed writers have left."""
    for left in folder.glob(f"{PREFIX}*"):
        left.unlink(missing_ok=True)
