"""The record of an older form of a function: how one of another year or course is called as the canonical one is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class OlderForm:
    """How a function that was handed in under an alias is called.

    Attributes
    ----------
    adapter : str
        A function in `file`. It is called in the student's process with two arguments: what was handed in, and
        `resized`, which is given two sizes (height, width), and returns what was handed in as its text defines it with
        the numbers of the first replaced by those of the second. It returns a function that is called as the canonical
        one is.
    file : Path
        Its text is run in the student's process, before anything of the student's: it imports `cs231n` and installed
        packages, nothing of the grader, and knows no answer.
    loop : bool
        Whether the alias is that of a loop, in which the function itself is a few lines: where it calls the function by
        another of its names, it is not what is asked.
    """

    adapter: str
    file: Path
    loop: bool = False

    def for_child(self) -> dict[str, str]:
        """Return it as plain data: the text, and the adapter's name in it."""
        return {"source": self.file.read_text(encoding="utf-8"), "adapter": self.adapter}
