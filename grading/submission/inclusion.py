"""Files that a notebook runs, loads or writes: what they define counts where they are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from posixpath import normpath

from cs231n.handin.cells import Cell
from cs231n.handin.references import APPENDS, LOADS, REFERENCES, RUNS, WRITES
from cs231n.sentences import Sentence, sentence
from grading.submission.select import Source
from grading.submission.units import Unit

# A file that runs others may run them again and again, and these too.
STATEMENTS_INCLUDED = 20_000
DEEPEST = 10
NOTES = 20
CutFile = Callable[[str, list[Cell]], Source]


def with_inclusions(sources: Sequence[Source], cut_file: CutFile) -> tuple[list[Source], list[Sentence]]:
    """Return the files of a submission with those that their cells write, and with the units of those they run.

    Parameters
    ----------
    sources : sequence of Source
        Units that refer to other files (`references`) among their units.
    cut_file : callable
        Makes a source of a label and cells.

    Returns
    -------
    list of Source
        Without such units.
    list of Sentence
        What was followed, and what could not be.
    """
    written = list(_written(sources, cut_file))
    following = _Following([*sources, *(source for source, _ in written)], [note for _, note in written])
    included = [following.included(source) for source in following.sources]
    return included, list(dict.fromkeys(following.notes))[:NOTES]


def _written(sources: Sequence[Source], cut_file: CutFile) -> Iterator[tuple[Source, Sentence]]:
    """Yield the modules that cells write, each with a note."""
    cells: dict[str, list[Cell]] = {}
    by: dict[str, str] = {}
    for source in sources:
        for unit in source.units:
            if unit.kind not in (WRITES, APPENDS) or not unit.file.endswith(".py"):
                continue
            label = _beside(source.label, unit.file)
            by[label] = source.label
            if unit.kind == WRITES:
                cells[label] = []
            # the first line of the cell names the file
            cells.setdefault(label, []).append(Cell(unit.place, "\n" * unit.line + unit.text))
    for label, texts in cells.items():
        note = sentence(
            "{file} writes {other}: it counts as if it had been handed in",
            file=by[label],
            other=PurePosixPath(label).name,
        )
        yield cut_file(label, texts), note


def _beside(label: str, file: str) -> str:
    """Return the label of a file that is named from another; one outside of the folder lies in it."""
    path = PurePosixPath(normpath(PurePosixPath(label).parent / file.replace("\\", "/")))
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


class _Following:
    """The files of a submission while references to them are followed.

    Attributes
    ----------
    sources : list of Source
    notes : list of Sentence
        What was followed so far, and what could not be.
    """

    def __init__(self, sources: Sequence[Source], notes: list[Sentence]) -> None:
        # of two with one label the later is what a cell writes, over the earlier
        self._by_label = {source.label: source for source in sources}
        self.sources = list(self._by_label.values())
        self.notes = notes
        deepest_first = sorted(self.sources, key=lambda one: (one.label.count("/"), one.label), reverse=True)
        self._by_name = {PurePosixPath(source.label).name: source for source in deepest_first}
        self._left = STATEMENTS_INCLUDED

    def included(self, source: Source) -> Source:
        """Return a file with the units of those it runs or loads in the place of its references to them."""
        if not any(unit.kind in REFERENCES for unit in source.units):
            return source
        labels: dict[str, None] = {}
        units = tuple(self._units(source, (source.label,), labels))
        return replace(source, units=units, includes=tuple(labels))

    def _units(self, source: Source, path: tuple[str, ...], labels: dict[str, None]) -> Iterator[Unit]:
        """Yield the units of a file, which the files of `path` have led to."""
        for unit in source.units:
            if unit.kind not in REFERENCES:
                yield unit
            elif unit.kind in (RUNS, LOADS):
                other = self._followed(unit, source, path)
                if other is not None:
                    labels[other.label] = None
                    yield from self._units(other, (*path, other.label), labels)

    def _followed(self, unit: Unit, source: Source, path: tuple[str, ...]) -> Source | None:
        """Return the file that a unit refers to; None, if it is not there, or was followed too often."""
        other = self._named(unit.file, source.label)
        if other is None:
            template = "{file} refers to {other}, which was not handed in"
            self.notes.append(sentence(template, file=source.label, other=unit.file))
            return None
        if other.label in path:
            return None
        self._left -= 1 + len(other.units)
        if self._left < 0 or len(path) > DEEPEST:
            self.notes.append(sentence("{file} runs more of other files than is followed", file=path[0]))
            return None
        template = (
            "{file} loads {other}: what that defines counts as if it stood there"
            if unit.kind == LOADS
            else "{file} runs {other}: what that defines counts as if it stood there"
        )
        self.notes.append(sentence(template, file=source.label, other=other.label))
        return other

    def _named(self, file: str, by: str) -> Source | None:
        """Return a file that another names: from its own folder on, else one of that name anywhere."""
        label = _beside(by, file)
        for ending in ("", ".py", ".ipynb"):
            name = PurePosixPath(label).name + ending
            if found := self._by_label.get(label + ending) or self._by_name.get(name):
                return found
        return None
