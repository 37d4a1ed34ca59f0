"""The rule for a folder that a command fills: it is a new one, so that nothing of anybody's is overwritten."""

from pathlib import Path

from grading.errors import KitError


def refuse_occupied(folder: Path) -> None:
    """Refuse a folder to fill that holds something already.

    Raises
    ------
    KitError
        If it is there and no empty folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KitError(
            "{folder} exists and is not an empty folder: remove it or name another folder", folder=folder
        )
