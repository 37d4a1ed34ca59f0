"""So that a reader never meets half a page, whenever the writer was stopped."""

import os
import tempfile
from pathlib import Path

PREFIX = ".tmp-"


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8 with its line endings as they are, through a temporary file beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=PREFIX)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(content.encode() if isinstance(content, str) else content)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove the temporary files in a folder that killed writers have left."""
    for left in folder.glob(f"{PREFIX}*"):
        left.unlink(missing_ok=True)
