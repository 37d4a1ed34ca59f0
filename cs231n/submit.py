"""Packs a student's notebooks for handing in and reports the state of each function: `python -m cs231n.submit`."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from cs231n.command_lines import Parser
from cs231n.handin.cells import RENAMED
from cs231n.handin.choose import rank
from cs231n.handin.folder import Source, read_folder
from cs231n.handin.kinds import NOTEBOOK, usual_name
from cs231n.handin.states import MISSING, State, state_in
from cs231n.language import said, shown
from cs231n.sentences import joined, plain, sentence

ANSWERS = Path(__file__).parent / "answers"
NAME = "assignment3.zip"
REPORT = "report.docx"
REPORTS = (".docx", ".pdf")
# What learning platforms take without complaint.
LARGE = 50 << 20
_WORDS = {
    "filled": sentence("filled in"),
    "stub": sentence("still a stub"),
    "missing": sentence("missing: no cell defines it"),
}


class SubmitError(Exception):
    """Nothing can be handed in; the message is a sentence for the student."""


@dataclass(frozen=True)
class Packed:
    """A file of the zip, the name it has there, and how far each function is that is graded in it."""

    file: Path
    name: str
    functions: tuple[tuple[str, State], ...] = ()


@dataclass(frozen=True)
class Package:
    """What is in the zip.

    Attributes
    ----------
    files : tuple of Packed
    absent : tuple of str
        The notebooks asked of which there is no file.
    notes : tuple of str
        What was left out and why, and what is wrong with files: sentences.
    """

    files: tuple[Packed, ...]
    absent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """A function, how far it is, and the file it is graded in (None if it is missing)."""

    function: str
    state: State
    source: Source | None
    others: tuple[Source, ...] = ()


def pack(
    folder: Path, target: Path, answers: Sequence[Path] | None = None, lab_report: Path | None = None
) -> Package:
    """Write the zip: of several copies of a notebook the one with the work, and the student's own modules.

    Parameters
    ----------
    folder : Path
        Where the notebooks are, or the folder above.
    target : Path
        The zip; one from before is replaced.
    answers : sequence of Path, optional
        The stored answers of the notebooks that are asked; all in this package if not given.
    lab_report : Path, optional
        A report to put beside the notebooks, .docx or .pdf.

    Raises
    ------
    SubmitError
        If there is no notebook of the assignment, no such report, or the zip cannot be written.
    """
    if target.suffix != ".zip":
        raise SubmitError(said("{target} must end in .zip", target=target))
    package = choose(folder, asked_functions(answers))
    if lab_report:
        if lab_report.suffix not in REPORTS or not lab_report.is_file():
            raise SubmitError(
                said(
                    "{lab_report} is no report, .docx or .pdf: make it with `python -m cs231n.report`, or name yours "
                    "with --report",
                    lab_report=lab_report,
                )
            )
        package = replace(package, files=(*package.files, Packed(lab_report, lab_report.name)))
    partial = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for item in package.files:
                archive.write(item.file, item.name)
        partial.replace(target)
    except (OSError, ValueError) as error:
        partial.unlink(missing_ok=True)
        raise SubmitError(
            said(
                "{target} cannot be written ({error}): name another file with --out",
                target=target,
                error=getattr(error, "strerror", None) or error,
            )
        ) from error
    return package


def asked_functions(answers: Sequence[Path] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the functions asked in each notebook, as the stored answers know them."""
    asked = {}
    for path in sorted(ANSWERS.glob("*.npz")) if answers is None else answers:
        with np.load(path, allow_pickle=False) as stored:
            checks = json.loads(str(stored["header"]))["checks"]
        asked[path.stem] = tuple(dict.fromkeys(check["function"] for check in checks))
    return asked


def choose(folder: Path, asked: Mapping[str, Sequence[str]]) -> Package:
    """Choose what is packed of a folder, as the grader would choose among all that lies in it.

    Parameters
    ----------
    folder : Path
        Where the notebooks are, or the folder above.
    asked : mapping
        Notebook -> the functions asked in it.

    Raises
    ------
    SubmitError
        If there is no notebook of the assignment.
    """
    here = folder / "notebooks" if (folder / "notebooks").is_dir() else folder
    try:
        read = read_folder(here, [name for names in asked.values() for name in names])
    except OSError as error:
        raise SubmitError(
            said(
                "{here} cannot be read ({strerror}): name the folder of the notebooks",
                here=here,
                strerror=error.strerror,
            )
        ) from error
    functions: dict[str, list[tuple[str, State]]] = {}
    absent: list[str] = []
    notes: list[str] = []
    for notebook, names in asked.items():
        pattern = _pattern(notebook)
        found = [_find(name, pattern, read.sources) for name in names]
        main = _main(found, pattern, read.sources)
        if main is None:
            absent += [] if any(pattern.search(label) for label in read.problems) else [notebook]
            continue
        functions.setdefault(main.label, [])
        for one in found:
            functions.setdefault((one.source or main).label, []).append((one.function, one.state))
        notes += _notes_on_choice(main, found, pattern, read.sources)
    if not any(source.is_notebook and source.label in functions for source in read.sources):
        raise SubmitError(_nothing(here, asked, read.problems))
    files = _packed(read.sources, functions, here)
    files.sort(key=lambda source: not source.is_notebook)
    packed = list(_named(files, functions))
    notes += _notes_on_files(files)
    notes += [
        said("{file} is in the zip as {name}", file=item.file.name, name=item.name)
        for item in packed
        if not _keeps_name(item, here)
    ]
    notes += [said("Not in the zip: {problem}", problem=problem) for problem in read.problems.values()]
    return Package(tuple(packed), tuple(absent), tuple(notes))


def _packed(sources: Sequence[Source], functions: Collection[str], folder: Path) -> list[Source]:
    """Return the notebooks in which functions are graded, those that they run in turn, and every script."""
    taken = [source for source in sources if source.label in functions or not source.is_notebook]
    for source in taken:  # it grows while it is gone through
        run = set(source.references(folder))
        taken += [other for other in sources if other.path in run and other not in taken]
    return taken


def _pattern(notebook: str) -> re.Pattern[str]:
    """Return what the names of a notebook's files contain: its words, whatever stands between them."""
    words = re.findall("[A-Z][a-z0-9]*|[a-z0-9]+", notebook)
    return re.compile(r"[\W_]*".join(words) or re.escape(notebook), re.IGNORECASE)


def _find(function: str, pattern: re.Pattern[str], sources: Sequence[Source]) -> _Found:
    modules = {
        PurePosixPath(source.label).stem: source.pieces for source in sources if not source.is_notebook
    }
    states = [(source, state_in(function, source.pieces, modules)) for source in sources]
    defining = [(source, state) for source, state in states if state.name != MISSING.name]
    if not defining:
        return _Found(function, MISSING, None)
    best, state = min(defining, key=lambda pair: rank(pair[1].name, pair[0].label, pattern))
    return _Found(function, state, best, tuple(source for source, _ in defining if source is not best))


def _main(found: Iterable[_Found], pattern: re.Pattern[str], sources: Iterable[Source]) -> Source | None:
    """Return a notebook's file: one in which functions are graded, else one that is called like it."""
    chosen = [one.source for one in found if one.source and one.source.is_notebook]
    fitting = [source for source in chosen if pattern.search(source.path.name)]
    fitting = fitting or [s for s in sources if s.is_notebook and pattern.search(s.path.name)] or chosen
    return min(fitting, key=lambda source: rank("filled", source.label, pattern), default=None)


def _notes_on_choice(
    main: Source, found: Sequence[_Found], pattern: re.Pattern[str], sources: Iterable[Source]
) -> Iterator[str]:
    """Say which of several copies of a notebook was taken, and why not the others."""
    taken = {main.label, *(one.source.label for one in found if one.source)}
    beside: dict[str, list[str]] = {}
    for source in sources:
        if source.is_notebook and source.label not in taken and pattern.search(source.path.name):
            beside[source.label] = []
    for one in found:
        for other in one.others:
            if other.is_notebook and other.label not in taken:
                beside.setdefault(other.label, [])
                if state_in(one.function, other.pieces).name != "stub":
                    beside[other.label].append(one.function)
    for label, names in beside.items():
        if names:
            yield said(
                "Took {taken}, not {label}, which defines {names} as well: if your work is in {label}, move {taken} "
                "elsewhere and pack again",
                taken=main.label,
                label=label,
                names=", ".join(names),
            )
        else:
            yield said(
                "Took {taken}, not {label}, in which nothing is filled in", taken=main.label, label=label
            )


def _notes_on_files(files: Iterable[Source]) -> Iterator[str]:
    """Say what the grader will say of a file that was damaged; of a name that is mended there is nothing to say."""
    for source in files:
        for note in source.document.notes:
            if note.id != RENAMED:
                yield said("The grader will say: {note}", note=note)


def _nothing(folder: Path, asked: Collection[str], problems: Mapping[str, str]) -> str:
    if problems:
        return shown(joined(problems.values(), ". "))
    names = ", ".join(f"{name}.ipynb" for name in asked)
    return said(
        "{folder} holds none of {names}: name the folder of the notebooks", folder=folder, names=names
    )


def _named(files: Iterable[Source], functions: Mapping[str, Sequence[tuple[str, State]]]) -> Iterator[Packed]:
    """Yield files with their names in the zip: where a browser added ".json" or ".txt", the name without it."""
    files = list(files)
    used = {source.label.casefold() for source in files}
    for source in files:
        name = source.label
        if _is_renamed(source):
            usual = _usual(source)
            name = name if usual.casefold() in used else usual
            used.add(name.casefold())
        yield Packed(source.path, name, tuple(functions.get(source.label, ())))


def _usual(source: Source) -> str:
    name = usual_name(source.label)
    if source.is_notebook and not name.endswith(NOTEBOOK):
        name = f"{PurePosixPath(name).stem}{NOTEBOOK}"
    return PurePosixPath(source.label).with_name(name).as_posix()


def _is_renamed(source: Source) -> bool:
    return _usual(source).lower() != source.label.lower()


def _keeps_name(item: Packed, folder: Path) -> bool:
    return item.name == item.file.relative_to(folder).as_posix()


def report(package: Package, target: Path) -> Iterator[str]:
    """Yield what a student reads: the files, their functions, and what to look at before handing in."""
    size = target.stat().st_size
    yield said("{target} ({size}) holds:", target=target, size=_size(size))
    for item in package.files:
        yield f"  {item.name}"
        for name, state in item.functions:
            yield f"    {'✓' if state.name == 'filled' else '✗'} {name}: {in_words(state)}"
    yield from (said("{note}.", note=note) for note in package.notes)
    for notebook in package.absent:
        yield said("{notebook}.ipynb was not found, so it is not in the zip.", notebook=notebook)
    begun = [item for item in package.files if any(state.name != "stub" for _, state in item.functions)]
    for item in package.files:
        if item.functions and item not in begun:
            yield said(
                "{name} is not begun: none of its functions is filled in. Is it asked in your course?",
                name=item.name,
            )
    undone = [name for item in begun for name, state in item.functions if state.name != "filled"]
    if undone:
        yield said(
            "Not done: {names}. You can still hand this in, and pack again later.", names=", ".join(undone)
        )
    if size > LARGE:
        yield said(
            "The zip is large. Clear the outputs in Jupyter (Edit, Clear Outputs of All Cells), save, and pack again."
        )
    yield said("Did you save in Jupyter before? Only saved changes are in the zip.")


def in_words(state: State) -> str:
    """Return how far a function is, in words."""
    return shown(state.message or _WORDS.get(state.name, state.name))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count > 1e6 else f"{count / 1e3:.0f} kB"


def submit(
    folder: Path, target: Path, answers: Sequence[Path] | None = None, lab_report: Path | None = None
) -> None:
    """Pack a folder and tell what was packed."""
    for line in report(pack(folder, target, answers, lab_report), target):
        print(plain(line))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = Parser(
        prog="python -m cs231n.submit",
        description=said(
            "Packs a student's notebooks for handing in and reports the state of each function."
        ),
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path(), help=said("where the notebooks are, or one of them")
    )
    parser.add_argument(
        "--out", type=Path, default=Path(NAME), help=said("the zip to write (default: {name})", name=NAME)
    )
    parser.add_argument(
        "--report",
        type=Path,
        nargs="?",
        const=Path(REPORT),
        help=said("pack this report, too (default: {name})", name=REPORT),
    )
    given = parser.parse_args(arguments)
    try:
        folder = given.folder.parent if given.folder.is_file() else given.folder
        submit(folder, given.out, lab_report=given.report)
    except SubmitError as error:
        print(plain(said("error: {error}", error=error)), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
