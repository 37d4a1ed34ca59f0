"""Packs a student's notebooks for handing in and reports the state of each function: `python -m cs231n.submit`."""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs231n.handin.definitions import definition_of
from cs231n.handin.parse import parse, without_warnings
from cs231n.handin.stubs import is_stub

ANSWERS = Path(__file__).parent / "answers"
NAME = "assignment3.zip"
STUB, FILLED, MISSING = "still a stub", "filled in", "missing: no cell defines it"
# What learning platforms take without complaint.
LARGE = 50 << 20


class SubmitError(Exception):
    """Nothing can be handed in; the message is a sentence for the student."""


@dataclass(frozen=True)
class Packed:
    """A file of the zip, and how far each function asked in it is."""

    file: Path
    functions: tuple[tuple[str, str], ...] = ()


def pack(folder: Path, target: Path) -> list[Packed]:
    """Write the zip: the notebooks of the assignment, and the student's own modules beside them.

    Parameters
    ----------
    folder : Path
        Where the notebooks are, or the folder above.
    target : Path
        The zip; one from before is replaced.

    Raises
    ------
    SubmitError
        If there is no notebook of the assignment, or the zip cannot be written.
    """
    if target.suffix != ".zip":
        raise SubmitError(f"{target} must end in .zip")
    asked = asked_functions()
    here = folder / "notebooks" if (folder / "notebooks").is_dir() else folder
    packed = []
    for notebook, functions in asked.items():
        for file in _notebooks(here, notebook):
            packed.append(Packed(file, tuple(states(file, functions))))
    if not packed:
        raise SubmitError(
            f"{here} holds none of {', '.join(f'{name}.ipynb' for name in asked)}: name the folder of the notebooks"
        )
    packed += [Packed(file) for file in sorted(here.glob("*.py"))]
    partial = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for item in packed:
                archive.write(item.file, item.file.name)
        partial.replace(target)
    except (OSError, ValueError) as error:
        partial.unlink(missing_ok=True)
        raise SubmitError(f"{target} cannot be written ({error}): name another file with --out") from error
    return packed


def asked_functions() -> dict[str, tuple[str, ...]]:
    """Return the functions asked in each notebook, as the stored answers know them."""
    asked = {}
    for path in sorted(ANSWERS.glob("*.npz")):
        with np.load(path, allow_pickle=False) as stored:
            checks = json.loads(str(stored["header"]))["checks"]
        asked[path.stem] = tuple(dict.fromkeys(check["function"] for check in checks))
    return asked


def _notebooks(folder: Path, name: str) -> list[Path]:
    """Return a notebook: under its own name, or else whatever is called like it."""
    own = folder / f"{name}.ipynb"
    if own.is_file():
        return [own]
    return [path for path in sorted(folder.glob("*.ipynb")) if name.casefold() in path.stem.casefold()]


def states(notebook: Path, functions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each function and how far it is, in words.

    Raises
    ------
    SubmitError
        If the file is no notebook.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SubmitError(f"{notebook} cannot be read as a notebook: save it again in Jupyter") from error
    for function in functions:
        yield function, state_of(function, _defining(function, sources))


def _defining(function: str, sources: Sequence[str]) -> str:
    """Return the last cell that defines a function, or else the last that assigns something to its name."""
    for form in (rf"^\s*(async\s+)?def\s+{function}\b", rf"^{function}\s*(:[^=\n]+)?=(?!=)"):
        found = [source for source in sources if re.search(form, source, re.MULTILINE)]
        if found:
            return found[-1]
    return ""


def state_of(function: str, source: str) -> str:
    """Return in words how far a function is, from the text of the cell that defines it."""
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
    try:
        written = definition_of(function, plain)
        if written is None:
            return MISSING
        if is_stub(written):
            return STUB
        with without_warnings():
            parse(plain)
    except SyntaxError as error:
        return f"its cell has a syntax error in line {error.lineno}"
    except (ValueError, RecursionError, MemoryError):  # a null byte, or an expression of a thousand terms
        return "its cell cannot be read"
    return FILLED


def report(packed: Sequence[Packed], target: Path) -> Iterator[str]:
    """Yield what a student reads: the files, their functions, and what to look at before handing in."""
    size = target.stat().st_size
    yield f"{target} ({_size(size)}) holds:"
    for item in packed:
        yield f"  {item.file.name}"
        yield from (
            f"    {'✓' if state == FILLED else '✗'} {name}: {state}" for name, state in item.functions
        )
    present = {item.file.stem.casefold() for item in packed}
    for notebook in asked_functions():
        if not any(notebook.casefold() in stem for stem in present):
            yield f"{notebook}.ipynb was not found, so it is not in the zip."
    undone = [name for item in packed for name, state in item.functions if state != FILLED]
    if undone:
        yield f"Not done: {', '.join(undone)}. You can still hand this in, and pack again later."
    if size > LARGE:
        yield "The zip is large. Clear the outputs in Jupyter (Edit, Clear Outputs of All Cells), save, and pack again."
    yield "Did you save in Jupyter before? Only saved changes are in the zip."


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count > 1e6 else f"{count / 1e3:.0f} kB"


def submit(folder: Path, target: Path) -> None:
    """Pack a folder and tell what was packed."""
    for line in report(pack(folder, target), target):
        print(line)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m cs231n.submit", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path(), help="where the notebooks are")
    parser.add_argument("--out", type=Path, default=Path(NAME), help=f"the zip to write (default: {NAME})")
    given = parser.parse_args(arguments)
    try:
        submit(given.folder, given.out)
    except SubmitError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
