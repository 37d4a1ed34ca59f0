"""Listing of what lies below a path, or in a class's archive: labels, and where their bytes are. Nothing is opened."""

from __future__ import annotations

import bisect
import functools
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.handin.kinds import NOTEBOOK, SCRIPT, suffix_of
from cs231n.sentences import sentence
from grading.submission.handed_in import File
from grading.submission.shares import ENTRIES_LIMIT, Shares

# Opens an archive that is a class: a file for each member. A label that ends in "/" is a folder's.
Unpack = Callable[[Path], Sequence[File]]
FOLDERS_DEEP = 20
CHECKPOINTS = ".ipynb_checkpoints"
MINUTES_LATER = 120.0
# Folders that hold no work of the student's: what tools leave, and the kit's own files handed in with it.
IGNORED_FOLDERS = frozenset({"__MACOSX", CHECKPOINTS, "__pycache__", ".git", "datasets", "venv", ".venv"})
_LONGEST_PART = 255

_ADDED = r"(?:\.(?:txt|json|html?|download|bin))?"
_PACKED = rf"(?:\.tar)?\.(?:zip|rar|7z|tar|tgz|tbz2?|txz|gz|bz2|xz|zst){_ADDED}"
_ARCHIVE = re.compile(rf"{_PACKED}\Z", re.IGNORECASE)
_SUFFIXES = re.compile(rf"(?:\.ipynb{_ADDED}|\.py(?:\.txt)?|{_PACKED})\Z", re.IGNORECASE)
# What tools leave in a folder.
_LEAVINGS = re.compile(r"\._.*|\.DS_Store|Icon\r|Thumbs\.db|desktop\.ini|\.~lock\..*#|~\$.*", re.IGNORECASE)
# Google Drive packs what is large in parts, of files that lie beside each other in the whole.
_PART = re.compile(r"(?P<whole>.+-20\d{6}T\d{6}Z)(?:-\d{1,3})?-\d{3}(?: ?\(\d{1,3}\))?", re.DOTALL)
# Pictures, data sets and caches: no work, and they say nothing of it.
_NOISE = re.compile(
    r"\.(png|jpe?g|gif|bmp|tiff?|webp|ico|svg|mp4|mov|avi|npy|npz|pt|pth|ckpt|h5|hdf5|pkl|pickle|mat|pyc|pyd|so|dll)\Z",
    re.IGNORECASE,
)
# What says by its name that it is something else than a notebook or an archive.
_OTHERS = re.compile(
    r"\.(pdf|docx?|pptx?|xlsx?|odt|ods|odp|rtf|pages|key|html?|md|csv|tsv|xml|ya?ml|toml|ini|cfg|log|css|js|tex|ipynb)\Z",
    re.IGNORECASE,
)
# What platforms write beside a student's files: Sakai's texts, Blackboard's receipts.
_PLATFORMS_OWN = re.compile(r"(?:timestamp|comments)\.txt|.*_\d{4}(?:-\d\d){5}\.txt", re.IGNORECASE)


@dataclass(frozen=True)
class LeftOut:
    """Something that was found and is not graded, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Listing:
    """What lies below a path.

    Attributes
    ----------
    name : str
        What the path is called, without suffix.
    path : Path
        The folder or archive.
    files : tuple of File
        Sorted by label; no links, nothing that tools leave.
    folders : tuple of str
        The labels of all folders, sorted.
    left_out : tuple of LeftOut
        Links, and what cannot be looked into.
    archive : bool
        Whether `path` is an archive.
    """

    name: str
    path: Path
    files: tuple[File, ...] = ()
    folders: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    archive: bool = False

    def below(self, folder: str) -> Listing:
        """Return the listing of a folder in this one; of no folder (""), the whole."""
        if not folder:
            return self
        start, end = f"{folder}/", f"{folder}0"  # "0" comes after "/"
        first, last = (bisect.bisect_left(self.files, bound, key=_label) for bound in (start, end))
        first_folder, last_folder = (bisect.bisect_left(self.folders, bound) for bound in (start, end))
        left_out = (out for out in self.left_out if f"{out.label}/".startswith(start))
        return Listing(
            folder.rpartition("/")[2],
            self.path / folder,
            tuple(File(file.label.removeprefix(start), file.path) for file in self.files[first:last]),
            tuple(label.removeprefix(start) for label in self.folders[first_folder:last_folder]),
            tuple(LeftOut(out.label.removeprefix(folder).lstrip("/"), out.why) for out in left_out),
            self.archive,
        )

    @functools.cached_property
    def labels(self) -> list[str]:
        """The paths of all files and folders; a folder's ends in "/"."""
        return [*(file.label for file in self.files), *(f"{folder}/" for folder in self.folders)]

    @functools.cached_property
    def tops(self) -> list[str]:
        """The names of what lies in the folder itself."""
        return sorted({label.partition("/")[0] for label in self.labels})

    @functools.cached_property
    def top_folders(self) -> list[str]:
        """The names of the folders in the folder itself."""
        return sorted(folder for folder in self.folders if "/" not in folder)


def _label(file: File) -> str:
    return file.label


def is_notebook(name: str) -> bool:
    """Whether a file is a notebook by its name, also where a browser has added a suffix."""
    return suffix_of(name) == NOTEBOOK


def is_script(name: str) -> bool:
    """Whether a file is a script by its name."""
    return suffix_of(name) == SCRIPT


def is_archive(name: str) -> bool:
    """Whether a file is an archive by its name."""
    return bool(_ARCHIVE.search(name))


def is_work(name: str) -> bool:
    """Whether a file may hold what is graded."""
    if name.startswith("._"):  # what macOS leaves beside a file
        return False
    return is_notebook(name) or is_script(name) or is_archive(name)


def may_be_work(name: str) -> bool:
    """Whether what is in a file alone can say if it is work: StyleTransfer.txt, StyleTransfer.ipnyb, StyleTransfer."""
    others = is_work(name) or _OTHERS.search(name) or _NOISE.search(name) or _PLATFORMS_OWN.fullmatch(name)
    return not (name.startswith("._") or others)


def stem(name: str) -> str:
    """Return a file's name without the suffixes of notebooks, scripts and archives: ada of ada.tar.gz."""
    short = _SUFFIXES.sub("", name)
    return short if short != name else os.path.splitext(name)[0]  # noqa: PTH122


def telling(files: Iterable[File]) -> tuple[File, ...]:
    """Return the files without pictures, data sets and caches; if there are no others, all."""
    every = tuple(files)
    return tuple(file for file in every if not _NOISE.search(file.label)) or every


def walked(folder: Path) -> Listing:
    """List what lies below a folder, by lstat: links are named, not followed, and nothing is opened.

    Of the folders beside each other none takes the room of others: what one holds beyond its share is left out, and
    named. Whatever was not looked into is.
    """
    files: list[File] = []
    folders: list[str] = []
    left_out: list[LeftOut] = []
    copies: dict[str, Path | None] = {}
    shares = Shares()
    pending = [(str(folder), "")]
    while pending:
        here, around = pending.pop()
        try:
            with os.scandir(here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            why = sentence("cannot be read ({reason}): hand it in again", reason=error.strerror or str(error))
            left_out.append(LeftOut(around.rstrip("/"), why))
            continue
        shown = _distinct_names([entry.name for entry in entries])
        shares.enter(around, entries, shown)
        for entry in entries:
            label = around + shown[entry.name]
            if entry.name == CHECKPOINTS and entry.is_dir(follow_symlinks=False):
                names = _names_in(entry.path)
                copies |= {f"{label}/{_visible(name)}": Path(entry.path, name) for name in names}
            if _LEAVINGS.fullmatch(entry.name) or entry.name in IGNORED_FOLDERS:
                continue
            if limit := shares.limit_of(label):
                why = sentence("lies behind {limit} others", limit=limit)
                behind = [inner for _, inner in pending if shares.is_behind(inner, label)]
                left_out += [LeftOut(one.rstrip("/"), why) for one in (label, *behind)]
                pending = [one for one in pending if one[1] not in {*behind}]
                break
            if entry.is_symlink():
                left_out.append(LeftOut(label, sentence("is a link, which is not followed")))
            elif entry.is_dir(follow_symlinks=False):
                folders.append(label)
                if label.count("/") < FOLDERS_DEEP:
                    pending.append((entry.path, f"{label}/"))
                else:
                    left_out.append(
                        LeftOut(label, sentence("lies more than {n} folders deep", n=FOLDERS_DEEP))
                    )
            elif entry.is_file(follow_symlinks=False):
                files.append(File(label, Path(entry.path)))
            else:
                left_out.append(LeftOut(label, sentence("is no ordinary file")))
    left_out += _on_copies(copies, files)
    return _listing(folder.resolve().name, folder, files, folders, left_out)


def _names_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return sorted(entry.name for entry, _ in zip(found, range(ENTRIES_LIMIT), strict=False))
    except OSError:
        return []


def _on_copies(copies: Mapping[str, Path | None], files: Iterable[File]) -> list[LeftOut]:
    """Return the notebooks that Jupyter has copied for itself and that lie beside no notebook, or are newer than it.

    Where they lie on this machine, `copies` says; None in an archive, where no file has a time of its own.
    """
    of = {file.label: file.path for file in files if is_notebook(file.label)}
    beside = {label.rpartition("/")[0] for label in of}
    alone = sentence("is a copy that Jupyter keeps for itself, and there is no notebook beside it")
    newer = sentence(
        "is a copy that Jupyter keeps for itself, and newer: is in the notebook what was saved last?"
    )
    found: list[LeftOut] = []
    for label, path in copies.items():
        around, _, name = label.rpartition(f"{CHECKPOINTS}/")
        original = of.get(f"{around}{name.replace('-checkpoint.', '.')}")
        if is_notebook(label) and around.rstrip("/") not in beside:
            found.append(LeftOut(label, alone))
        elif path and original and _is_newer(path, original):
            found.append(LeftOut(label, newer))
    return found


def _is_newer(copy: Path, original: Path) -> bool:
    """Whether a copy was written minutes after what it is a copy of, and is another: not both at once, by unpacking."""
    try:
        one, other = copy.lstat(), original.lstat()
    except OSError:
        return False
    return one.st_mtime > other.st_mtime + MINUTES_LATER and one.st_size != other.st_size


def unpacked(archive: Path, members: Iterable[File]) -> Listing:
    """List the members of a class's archive, under labels that name no place outside it."""
    files: list[File] = []
    folders: dict[str, None] = {}
    copies: list[str] = []
    for member in members:
        parts = _parts(member.label)
        if parts[-2:-1] == [CHECKPOINTS] and not IGNORED_FOLDERS & {*parts[:-2]}:
            copies.append("/".join(parts))
            folders |= dict.fromkeys("/".join(parts[:n]) for n in range(1, len(parts) - 1))
        if not parts or IGNORED_FOLDERS & {*parts} or _LEAVINGS.fullmatch(parts[-1]):
            continue
        is_folder = member.label.endswith(("/", "\\"))
        folders |= dict.fromkeys("/".join(parts[:n]) for n in range(1, len(parts) + is_folder))
        if not is_folder:
            files.append(File("/".join(parts), member.path))
    left_out = _on_copies(dict.fromkeys(copies), files)
    return _listing(stem(archive.name), archive, files, folders, left_out, archive=True)


def part_of(name: str) -> str:
    """Return what a download is called that Google Drive has split, by the name of a part; "" for another name.

    >>> part_of("Style-20260102T030405Z-1-002.zip"), part_of("Style.zip")
    ('Style-20260102T030405Z', '')
    """
    found = _PART.fullmatch(stem(name))
    return found["whole"] if found else ""


def joined_parts(listing: Listing) -> Listing:
    """Return the listing of a download of which each part lies in a folder of its own, as before it was split.

    What was packed is a folder; the listing is of what lies in it.
    """
    wholes = {part_of(top) for top in listing.tops}
    if len(wholes) != 1 or "" in wholes or listing.tops != listing.top_folders:
        return listing
    inside = [label.partition("/")[2] for label in listing.labels]
    around = {label.partition("/")[0] for label in inside} - {""}
    depth = 2 if len(around) == 1 and f"{min(around)}/" in inside else 1

    def below(label: str) -> str:
        return "/".join(label.split("/")[depth:])

    return _listing(
        listing.name,
        listing.path,
        [File(below(file.label), file.path) for file in listing.files],
        {below(folder) for folder in listing.folders} - {""},
        [LeftOut(below(out.label), out.why) for out in listing.left_out],
        archive=listing.archive,
    )


def named(paths: Iterable[Path]) -> Listing:
    """List files that were named one by one."""
    files = [File(_visible(path.name), path) for path in paths]
    return _listing("", Path(), files, (), ())


def _listing(
    name: str,
    path: Path,
    files: Iterable[File],
    folders: Collection[str],
    left_out: Iterable[LeftOut],
    *,
    archive: bool = False,
) -> Listing:
    """Number labels that are there twice: an archive may have two members of one name, or a folder of a file's.

    The last keeps its name, as unpacking does: what is appended to a .tar goes before what was there.
    """
    given = sorted(files, key=_label)
    taken = {*(file.label for file in given), *folders}
    seen: dict[str, int] = dict.fromkeys(folders, 1)
    own = []
    for file in reversed(given):
        label, number = file.label, seen.get(file.label, 0) + 1
        if number > 1:
            before, dot, suffix = file.label.rpartition(".")
            number -= 1
            while label in taken:
                number += 1
                label = f"{before or suffix} ({number}){f'{dot}{suffix}' if before else ''}"
            taken.add(label)
        seen[file.label] = number
        own.append(File(label, file.path))
    return Listing(
        name, path, tuple(sorted(own, key=_label)), tuple(sorted(folders)), tuple(left_out), archive
    )


def _parts(label: str) -> list[str]:
    """Return a member's path as the names of folders and file: not absolute, nowhere up, whatever wrote it."""
    parts = [re.sub(r"^(?:[A-Za-z]:)+", "", part.strip()).strip() for part in re.split(r"[/\\]+", label)]
    return [_visible(part)[:_LONGEST_PART] for part in parts if part not in ("", ".", "..")]


def _distinct_names(names: Sequence[str]) -> dict[str, str]:
    """Return what names beside each other are shown as: two stay two, though what tells them apart cannot be shown."""
    shown = {name: _visible(name) for name in names}
    taken = {name for name in names if shown[name] == name}
    for name in names:
        number, label = 1, shown[name]
        while shown[name] != name and label in taken:
            number += 1
            label = f"{shown[name]} ({number})"
        shown[name] = label
        taken.add(label)
    return shown


def _visible(name: str) -> str:
    """Return a name without what moves a cursor or turns text around; bytes that are no text stay as they are."""
    if name.isascii() and name.isprintable():
        return name
    return "".join(
        "\ufffd" if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in _TURNING else c for c in name
    )


_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
