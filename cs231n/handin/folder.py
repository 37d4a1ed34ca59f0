"""What lies in the folder of one student: notebooks and scripts as cells, and what cannot be read."""

from __future__ import annotations

import ast
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from posixpath import normpath

from cs231n.handin.cells import SIZE_LIMIT, Document, read_cells
from cs231n.handin.errors import UnreadableError
from cs231n.handin.kinds import HEAD, NOTEBOOK, SCRIPT, kind_of, suffix_of
from cs231n.handin.references import LOADS, RUNS
from cs231n.handin.states import Piece, pieces_of, references_in
from cs231n.sentences import sentence

# The kit's own packages are not the student's work.
_OF_THE_KIT = frozenset({"cs231n", "datasets"})


@dataclass(frozen=True)
class Source:
    """A notebook or script of a student: the file, its path below the folder, and what is in it."""

    path: Path
    label: str
    is_notebook: bool
    document: Document
    pieces: tuple[Piece, ...] = field(repr=False)

    def references(self, folder: Path) -> Iterator[Path]:
        """Yield the files of the folder that this one runs or loads; none through a link, none from elsewhere."""
        for reference in (found for piece in self.pieces for found in references_in(piece)):
            if reference.kind not in (RUNS, LOADS):
                continue
            named = normpath(
                (PurePosixPath(self.label).parent / reference.file.replace("\\", "/")).as_posix()
            )
            for label in (named, named + SCRIPT, named + NOTEBOOK):
                parts = PurePosixPath(label).parts
                inside = ".." not in parts and not PurePosixPath(label).is_absolute()
                if inside and _is_own_file(folder, parts):
                    yield folder.joinpath(*parts)
                    break


@dataclass(frozen=True)
class Folder:
    """The readable files of a folder; of each that is called a notebook or script and is neither, what is wrong."""

    sources: tuple[Source, ...]
    problems: Mapping[str, str]


def read_folder(folder: Path, asked: Iterable[str]) -> Folder:
    """Read the notebooks and scripts that lie in a folder, and the files below it that they import, run or load.

    Parameters
    ----------
    folder : Path
        Links in it are not followed.
    asked : iterable of str
        The functions that are asked.

    Raises
    ------
    OSError
        If the folder cannot be looked into.
    """
    sources: list[Source] = []
    problems: dict[str, str] = {}
    names = tuple(asked)
    for path in sorted(folder.iterdir()):
        _add(path, folder, names, sources, problems)
    pending = list(sources)
    while pending:  # what a module that is imported or run imports and runs in turn
        known = {source.path for source in sources}
        source = pending.pop(0)
        named = (*_imported(source, folder), *source.references(folder))
        more = dict.fromkeys(path for path in named if path not in known)
        before = len(sources)
        for path in more:
            _add(path, folder, names, sources, problems)
        pending += sources[before:]
    return Folder(tuple(sources), problems)


def _add(
    path: Path, folder: Path, asked: tuple[str, ...], sources: list[Source], problems: dict[str, str]
) -> None:
    label = path.relative_to(folder).as_posix()
    claims = suffix_of(label) in (NOTEBOOK, SCRIPT) and not path.name.startswith(".")
    try:
        mode = path.lstat().st_mode
        if claims and stat.S_ISLNK(mode):
            problems[label] = sentence("{label} is a link: put the file itself in its place", label=label)
        if not stat.S_ISREG(mode) or path.name.startswith("."):
            return
        with path.open("rb") as file:
            raw = file.read(HEAD)
            kind = kind_of(label, raw).name
            if kind not in ("notebook", "script") and not claims:
                return
            raw += file.read(SIZE_LIMIT + 1 - len(raw))
        document = read_cells(raw, label, asked)
    except OSError as error:
        if claims:
            problems[label] = sentence(
                "{label} cannot be read ({strerror}): save it again in Jupyter",
                label=label,
                strerror=error.strerror,
            )
    except UnreadableError as error:
        problems[label] = error.args[0]
    else:
        sources.append(Source(path, label, kind == "notebook", document, tuple(pieces_of(document.cells))))


def _imported(source: Source, folder: Path) -> Iterator[Path]:
    """Yield the student's own files that a file imports: `mine.py`, `mine/__init__.py` and `mine/losses.py`."""
    for piece in source.pieces:
        for node in ast.walk(piece.tree) if piece.tree else ():
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                here = [] if not node.level else list(source.path.parent.relative_to(folder).parts)
                whole = ".".join([*here, *([node.module] if node.module else [])])
                modules = [whole, *(f"{whole}.{alias.name}" for alias in node.names)]
            else:
                continue
            for module in modules:
                yield from _files_of(module.strip("."), folder)


def _is_own_file(folder: Path, parts: Sequence[str]) -> bool:
    """Whether a path leads to a file through no link."""
    try:
        way = [folder.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
        return not any(path.is_symlink() for path in way) and way[-1].is_file()
    except (IndexError, OSError, ValueError):  # a name that no file can have
        return False


def _files_of(module: str, folder: Path) -> Iterator[Path]:
    """Yield the files of a dotted name, the packages it lies in included; none through a link."""
    here = folder
    parts = module.split(".")
    if parts[0] in _OF_THE_KIT:
        return
    for part in parts:
        if not part.isidentifier() or (here.is_symlink() and here != folder):
            return
        if (script := here / f"{part}.py").is_file() and not script.is_symlink():
            yield script
        here = here / part
        if (package := here / "__init__.py").is_file() and not here.is_symlink() and not package.is_symlink():
            yield package
