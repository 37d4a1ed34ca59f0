"""Finds the submissions below the paths an instructor names: who handed in which files."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from grading.errors import SubmissionError
from grading.submission.cells import SIZE_LIMIT
from grading.submission.names import COPY, FILE_PATTERNS

SUFFIXES = (".ipynb", ".py")
ZIP_MEMBERS_LIMIT = 2_000
ZIP_SIZE_LIMIT = 512 << 20
FOLDERS_DEEP = 20
# Folders that hold no work of the student's: what tools leave, and the kit's own files handed in with it.
IGNORED_FOLDERS = frozenset(
    {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", "datasets", "venv", ".venv"}
)

# Folders beside those of students that are nobody's if they hold no work: what graders and people keep there.
_NOBODYS = re.compile(
    r"results?|pictures?|reports?|grades?|graded|grading|feedback|autograded|release|source|figures?|images?|img|docs?"
    r"|data|logs?|node_modules",
    re.IGNORECASE,
)

# A folder among those of students that holds this file is not a student's.
NO_SUBMISSION = ".no-submission"


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        The folder's name; for a lone file its stem.
    path : Path
        The folder, the file or the .zip.
    assignment : str
        nbgrader's assignment folder, or "".
    inside : str
        In a class's zip, the student's folder: "class/ada/".
    note : str
        What to look at by hand, or "".
    """

    student: str
    path: Path
    assignment: str = ""
    inside: str = ""
    note: str = ""


def discover(paths: Iterable[Path]) -> list[Submission]:
    """Return the submissions below `paths`, sorted by student.

    Each path is a notebook, a .py, a .zip, a folder of one student, a folder with one folder (or file) per student,
    or nbgrader's `submitted` folder.

    Raises
    ------
    SubmissionError
        If a path does not exist or holds no submission, if two submissions have one id, or if what would be students
        are classes.
    """
    found = [submission for path in paths for submission in _no_classes(list(_below(path)))]
    if not found:
        raise SubmissionError("there is nothing to grade: name notebooks, .zip files or a folder of them")
    seen: dict[str, Path] = {}
    for submission in found:
        if submission.student in seen:
            raise SubmissionError(
                f"two submissions are called {submission.student!r}: {seen[submission.student]} and "
                f"{submission.path / submission.inside}; rename one, or grade them apart"
            )
        seen[submission.student] = submission.path / submission.inside
    return sorted(found, key=lambda submission: submission.student)


def _below(path: Path) -> Iterator[Submission]:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError(f"{path} does not exist: check the path") from None
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read ({error.strerror}): check the path") from error
    if path.is_file():
        if path.suffix.lower() not in (*SUFFIXES, ".zip"):
            raise SubmissionError(f"{path} is no notebook, .py or .zip: name one of those, or a folder")
        yield from _archived(path) if path.suffix.lower() == ".zip" else [Submission(path.stem, path)]
        return
    files = list(_code_files(path))
    if files == [path] or _is_one_student([file.relative_to(path).parts for file in files]):
        yield Submission(path.resolve().name, path)
        return
    entries = [e for e in _entries(path) if not e.name.startswith(".") and e.name not in IGNORED_FOLDERS]
    folders = [e for e in entries if e.is_dir() and not _is_marked(e)]
    students = {folder for folder in folders if _holds_work(folder)}
    if students:
        # a class of folders: one without work is that of a student who handed in nothing to grade
        students |= {folder for folder in set(folders) - students if not _is_nobodys(folder)}
    for entry in entries:
        if entry in students:
            yield _student_folder(entry)
        elif entry.is_dir():
            continue
        elif entry.suffix.lower() == ".zip" and _is_plain_file(entry):
            yield from _archived(entry)
        elif _is_code(entry.name) and entry.suffix.lower() == ".ipynb" and _is_plain_file(entry):
            yield Submission(entry.stem, entry)


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing, if it cannot be looked into or is gone."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_marked(folder: Path) -> bool:
    """Whether somebody said that a folder is no student's."""
    return any(entry.name == NO_SUBMISSION for entry in _entries(folder))


def _is_nobodys(folder: Path) -> bool:
    """Whether a folder without work is no student's: by its name, or because the results of a grading lie in it."""
    if _NOBODYS.fullmatch(folder.name) or any(
        (folder / name).is_file() for name in ("run.json", "grades.csv")
    ):
        return True
    results = folder / "results"  # of a grading that was stopped
    return results.is_dir() and all(entry.suffix == ".json" for entry in _entries(results))


# Words of which students make the names of copies of their own work: "final_version2", "old", "Colab (1)".
_VERSION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    my mine me own old new older newer back up ups backup backups bak copy copies orig original final
    draft tmp temp test tests work works workspace attempt attempts try tries version versions v ver rev
    archive archives starter hand handout handouts out given template skeleton release code file files
    done finished complete completed clean latest current misc other extra output html pdf local drive
    google pytorch torch tensorflow tf keras jupyter colab kaggle gpu cpu python py week module unit
    lesson class cs n deep learning vision cv cnn course main master branch spring fall winter summer
        """,
    )
)
# So many folders with the same notebook are no student's copies.
CERTAINLY_A_CLASS = 5


def _no_classes(found: list[Submission]) -> list[Submission]:
    """Stop where what would be graded as students are classes; one odd folder among students gets a note instead."""
    odd = {s.student: seen for s in found if s.path.is_dir() and (seen := _class_in(s.path))}
    with_work = [s for s in found if s.student in odd or not s.path.is_dir() or _holds_work(s.path)]
    for folder, people in odd.values():
        if people >= CERTAINLY_A_CLASS or 2 * len(odd) >= len(with_work):
            raise SubmissionError(f"{folder} looks like a class, not a student: name {folder} itself")
    return [
        replace(
            s, note=f"{odd[s.student][0].name} holds the same notebook in several folders: is it a class?"
        )
        if s.student in odd
        else s
        for s in found
    ]


def _holds_work(folder: Path) -> bool:
    """Whether a folder holds anything to grade."""
    return any(_code_files(folder)) or bool(_archives(folder))


def _class_in(folder: Path) -> tuple[Path, int] | None:
    """Return the folder, in what was taken for one student's, that seems to hold a folder for each of so many people.

    There no notebook lies beside the folders, and two or more that are not called like a part or a version of an
    assignment hold the same notebook.
    """
    files = [file.relative_to(folder).parts for file in _code_files(folder) if file != folder]
    while files and all(len(parts) > 1 for parts in files) and len({parts[0] for parts in files}) == 1:
        folder, files = folder / files[0][0], [parts[1:] for parts in files]
    below = {parts[0] for parts in files if len(parts) > 1}
    if "cs231n" in below or any(len(parts) == 1 and parts[0].lower().endswith(".ipynb") for parts in files):
        return None
    notebooks = [parts for parts in files if parts[0] in below and parts[-1].lower().endswith(".ipynb")]
    people = max(
        len({parts[0] for parts in notebooks if pattern.search(parts[-1]) and _may_be_a_person(parts[0])})
        for pattern in FILE_PATTERNS.values()
    )
    return (folder, people) if people > 1 else None


def _may_be_a_person(folder: str) -> bool:
    if folder.startswith(".") or _is_part(folder) or _named_after_notebook(folder) or COPY.search(folder):
        return False
    words = re.split(r"[\W\d_]+", folder.lower())
    # a number may be that of a student, but "2023" and "3" are not
    return bool(set(words) - _VERSION_WORDS - {""}) or bool(re.search(r"\d{5}", folder))


# What parts of one assignment are called, as opposed to students: assignment3, hw3, a5, cs231n, src, part2.
_PART = re.compile(
    r"(assignments?|ass?n?|ps|hw|homework|project|lab|week|part|q|problem|spring|fall)[ _-]?\d{0,4}"
    r"([ _-]?(colab|jupyter|solutions?|pytorch|code|v\d))*|cs231n.*|eecs.*"
    r"|src|code|notebooks?|submission|solutions?",
    re.IGNORECASE,
)


def _is_one_student(files: Sequence[tuple[str, ...]]) -> bool:
    """Tell one student's folder from a folder of students, given the paths (as parts) of the code in it.

    One student's has notebooks of its own beside the package, or below folders that are called like parts of an
    assignment or like the notebooks. A flat folder of one notebook per student has no file called after a notebook.
    """
    own = [parts[0] for parts in files if len(parts) == 1]
    folders = {parts[0] for parts in files if len(parts) > 1}
    if "cs231n" in folders or any(_named_after_notebook(name) for name in own):
        return True
    if folders:
        return all(_is_part(folder) for folder in folders)
    return len(own) == 1


def _is_part(folder: str) -> bool:
    return bool(_PART.fullmatch(folder)) or any(p.fullmatch(folder) for p in FILE_PATTERNS.values())


def _named_after_notebook(name: str) -> bool:
    return any(pattern.search(name) for pattern in FILE_PATTERNS.values())


def _student_folder(folder: Path) -> Submission:
    """In nbgrader's layout (submitted/<student>/<assignment>/) the assignment's folder is what counts."""
    entries = _entries(folder)
    inner = [e for e in entries if e.is_dir() and e.name not in IGNORED_FOLDERS]
    own_files = [e for e in entries if e.is_file() and e.suffix.lower() in (*SUFFIXES, ".zip")]
    if len(inner) == 1 and not own_files and inner[0].name != "cs231n":
        return Submission(folder.name, folder, inner[0].name)
    return Submission(folder.name, folder)


def _archived(path: Path) -> Iterator[Submission]:
    """Yield the submission in a zip: one of the zip's name, or, if it holds a class, one for each folder.

    A folder around everything says nothing: it is what zipping a folder leaves.
    """
    try:
        members = [PurePosixPath(file.member).parts for file in _zip_files(path)]
    except SubmissionError:
        yield Submission(path.stem, path)  # its owner's result will say that it cannot be read
        return
    root: tuple[str, ...] = ()
    while members and len({parts[0] for parts in members}) == 1 and all(len(p) > 1 for p in members):
        root, members = (*root, members[0][0]), [parts[1:] for parts in members]
    folders = sorted({parts[0] for parts in members if len(parts) > 1})
    if _is_one_student(members) or len(folders) < 2 or any(len(parts) == 1 for parts in members):
        yield Submission(path.stem, path)
        return
    for folder in folders:
        yield Submission(folder, path, inside="/".join((*root, folder, "")))


@dataclass(frozen=True)
class File:
    """A file of a submission: its path inside it, and where its bytes are (in a zip: `member`)."""

    label: str
    path: Path
    member: str = ""


def files_of(submission: Submission) -> list[File]:
    """Return the code files of a submission.

    Raises
    ------
    SubmissionError
        If a zip is broken or larger than allowed.
    """
    path = submission.path
    if path.is_file() and path.suffix.lower() == ".zip":
        return [
            File(file.label.removeprefix(submission.inside), file.path, file.member)
            for file in _zip_files(path)
            if file.member.startswith(submission.inside)
        ]
    if path.is_file():
        return [File(path.name, path)]
    files = [
        File(entry.relative_to(path).as_posix() if entry != path else path.name, entry)
        for entry in _code_files(path)
    ]
    for archive in _archives(path):
        label = archive.relative_to(path).as_posix()
        files += [File(f"{label}/{f.label}", f.path, f.member) for f in _zip_files(archive)]
    return files


def _archives(folder: Path) -> list[Path]:
    """Return the zips that lie in a student's folder, or in the only folder inside it."""
    found = sorted(e for e in folder.glob("*.zip")) or sorted(e for e in folder.glob("*/*.zip"))
    return [e for e in found if e.is_file() and not e.is_symlink() and not e.name.startswith("._")]


def _code_files(folder: Path) -> Iterator[Path]:
    """Yield notebooks and scripts below a folder; links are not followed, so nothing outside it is read.

    A folder that cannot be looked into is yielded itself: whoever reads it learns why.
    """
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            found = [(entry, entry.lstat().st_mode) for entry in sorted(here.iterdir())]
        except OSError:
            yield here
            continue
        for entry, mode in found:
            if stat.S_ISDIR(mode) and entry.name not in IGNORED_FOLDERS:
                if len(entry.parts) - len(folder.parts) < FOLDERS_DEEP:
                    pending.append(entry)
            elif stat.S_ISREG(mode) and _is_code(entry.name):
                yield entry


def _is_plain_file(path: Path) -> bool:
    """No link to somebody else's work, and no pipe that is waited for."""
    return stat.S_ISREG(path.lstat().st_mode)


def _is_code(name: str) -> bool:
    """`._Style.ipynb` is what macOS leaves beside a file, not the file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith("._")


def _zip_files(path: Path) -> list[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SubmissionError(f"{path.name} cannot be opened as a zip ({error}): zip it again") from error
    if len(members) > ZIP_MEMBERS_LIMIT or sum(m.file_size for m in members) > ZIP_SIZE_LIMIT:
        raise SubmissionError(
            f"{path.name} holds more than {ZIP_MEMBERS_LIMIT} files or {ZIP_SIZE_LIMIT >> 20} MB: "
            "hand in the notebooks alone"
        )
    files = []
    for member in members:
        parts = PurePosixPath(member.filename).parts
        if not member.is_dir() and parts and _is_code(parts[-1]) and not IGNORED_FOLDERS & set(parts):
            files.append(File(member.filename, path, member.filename))
    return sorted(files, key=lambda file: file.label)


def read_bytes(file: File) -> bytes:
    """Return a file's bytes, and not many more than `cells_of` takes.

    Raises
    ------
    SubmissionError
        If it cannot be read.
    """
    try:
        if not file.member:
            with file.path.open("rb") as whole:
                return whole.read(SIZE_LIMIT + 1)
        with zipfile.ZipFile(file.path) as archive, archive.open(file.member) as member:
            return member.read(SIZE_LIMIT + 1)
    except (
        OSError,
        zipfile.BadZipFile,
        RuntimeError,
        ValueError,
        NotImplementedError,
        KeyError,
        EOFError,
    ) as error:
        reason = getattr(error, "strerror", None) or error
        raise SubmissionError(f"{file.label} cannot be read ({reason}): hand it in again") from error
