"""Discovery of the submissions below the paths an instructor names: who handed in which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from grading.errors import SubmissionError
from grading.submission.classes import Patterns, class_in, holds_results, is_nobodys, is_one_student
from grading.submission.downloads import by_owner, owner_and_name
from grading.submission.files import (
    IGNORED_FOLDERS,
    SUFFIXES,
    File,
    archives,
    code_files,
    entries,
    is_code,
    is_plain_file,
    zip_files,
    zip_members,
)

# So many folders with the same notebook are no student's copies.
CERTAINLY_A_CLASS = 5


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        The folder's name; for a lone file its stem; in a flat download what the platform writes before each file.
    path : Path
        The folder, the file or the .zip.
    assignment : str
        nbgrader's assignment folder, or "".
    inside : str
        In a class's zip, the student's folder: "class/ada/".
    note : str
        What to look at by hand, or "".
    files : tuple of str
        In a flat download, the names of the student's files in `path` (and `inside`); () where all of it is the
        student's.
    """

    student: str
    path: Path
    assignment: str = ""
    inside: str = ""
    note: str = ""
    files: tuple[str, ...] = ()


def discover(paths: Iterable[Path], patterns: Patterns) -> list[Submission]:
    """Return the submissions below `paths`, sorted by student.

    Each path is a notebook, a .py, a .zip, a folder of one student, a folder with one folder (or file) per student,
    nbgrader's `submitted` folder, or the flat folder that Canvas or Moodle downloads.

    Parameters
    ----------
    paths : iterable of Path
    patterns : sequence of re.Pattern
        What the names of the notebooks that are asked contain: by them one student's files are told from a class's.

    Raises
    ------
    SubmissionError
        If a path does not exist or holds no submission, if two submissions have one id, or if what would be students
        are classes.
    """
    found = [
        submission for path in paths for submission in _no_classes(list(_below(path, patterns)), patterns)
    ]
    if not found:
        raise SubmissionError("nothing to grade: name notebooks, .zip files or a folder of them")
    seen: dict[str, Path] = {}
    for submission in found:
        if submission.student in seen:
            raise SubmissionError(
                f"two submissions are called {submission.student!r}: {seen[submission.student]} and "
                f"{submission.path / submission.inside}; rename one of them, or grade them separately"
            )
        seen[submission.student] = submission.path / submission.inside
    return sorted(found, key=lambda submission: submission.student)


def one_student(path: Path, name: str = "") -> Submission:
    """Return a path as one student's submission, whatever the folders and names inside.

    Raises
    ------
    SubmissionError
        If the path does not exist or is no file to grade.
    """
    if path.is_dir():
        return Submission(name or path.resolve().name, path)
    (found,) = list(_below(path, ()))[:1] if path.suffix.lower() != ".zip" else [Submission(path.stem, path)]
    return replace(found, student=name or found.student)


def _below(path: Path, patterns: Patterns) -> Iterator[Submission]:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError(f"{path} does not exist: check the path") from None
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read ({error.strerror}): check the path") from error
    if path.is_file():
        if path.suffix.lower() not in (*SUFFIXES, ".zip"):
            raise SubmissionError(f"{path} is not a notebook, .py or .zip: name one of these, or a folder")
        yield from (
            _archived(path, patterns) if path.suffix.lower() == ".zip" else [Submission(path.stem, path)]
        )
        return
    own = [entry.name for entry in entries(path) if not entry.name.startswith(".") and is_plain_file(entry)]
    if _is_download(own):
        for student, names in by_owner(own).items():
            yield Submission(student, path, files=tuple(names))
        return
    files = list(code_files(path))
    if files == [path] or is_one_student([file.relative_to(path).parts for file in files], patterns):
        yield Submission(path.resolve().name, path)
        return
    found = list(_in_class(path, patterns))
    if not found and any(map(is_code, own)):
        raise SubmissionError(
            f"{path} holds scripts, but it is unclear which students wrote them: if each script is from one student, "
            f"name the scripts ({path / '*.py'}); if all are from one student, name the folder above"
        )
    yield from found


def _in_class(folder: Path, patterns: Patterns) -> Iterator[Submission]:
    """Yield a submission for each folder, notebook and zip of a class."""
    inside = [e for e in entries(folder) if not e.name.startswith(".") and e.name not in IGNORED_FOLDERS]
    folders = [e for e in inside if e.is_dir()]
    students = {e for e in folders if _holds_work(e)}
    if students:
        # a class of folders: one without work is that of a student who handed in nothing to grade
        students |= {e for e in set(folders) - students if not (is_nobodys(e.name) or holds_results(e))}
    for entry in inside:
        if entry in students:
            yield _student_folder(entry)
        elif entry.is_dir():
            continue
        elif entry.suffix.lower() == ".zip" and is_plain_file(entry):
            yield from _archived(entry, patterns)
        elif is_code(entry.name) and entry.suffix.lower() == ".ipynb" and is_plain_file(entry):
            yield Submission(entry.stem, entry)


def _is_download(names: Iterable[str]) -> bool:
    """Whether files that lie in one folder were put there by a learning platform."""
    return any(owner_and_name(name) for name in names if is_code(name) or name.lower().endswith(".zip"))


def _no_classes(found: list[Submission], patterns: Patterns) -> list[Submission]:
    """Stop where what would be graded as students are classes; one odd folder among students gets a note instead."""
    odd = {s.student: seen for s in found if _is_whole_folder(s) and (seen := class_in(s.path, patterns))}
    with_work = [s for s in found if s.student in odd or not _is_whole_folder(s) or _holds_work(s.path)]
    for folder, people in odd.values():
        if people >= CERTAINLY_A_CLASS or 2 * len(odd) >= len(with_work):
            raise SubmissionError(f"{folder} looks like a class, not a student: name {folder} itself")
    return [
        replace(
            s, note=f"{odd[s.student][0].name} holds the same notebook in several folders. Is it a class?"
        )
        if s.student in odd
        else s
        for s in found
    ]


def _is_whole_folder(submission: Submission) -> bool:
    return submission.path.is_dir() and not submission.files


def _holds_work(folder: Path) -> bool:
    """Whether a folder holds anything to grade."""
    return any(code_files(folder)) or bool(archives(folder))


def _student_folder(folder: Path) -> Submission:
    """In nbgrader's layout (submitted/<student>/<assignment>/) the assignment's folder is what counts."""
    within = entries(folder)
    inner = [e for e in within if e.is_dir() and e.name not in IGNORED_FOLDERS]
    own_files = [e for e in within if e.is_file() and e.suffix.lower() in (*SUFFIXES, ".zip")]
    if len(inner) == 1 and not own_files and inner[0].name != "cs231n":
        return Submission(folder.name, folder, inner[0].name)
    return Submission(folder.name, folder)


def _archived(path: Path, patterns: Patterns) -> Iterator[Submission]:
    """Yield the submission in a zip: one of the zip's name, or, if it holds a class, one for each student.

    A folder around everything says nothing: it is what zipping a folder leaves.
    """
    try:
        members = zip_members(path)
    except SubmissionError:
        yield Submission(path.stem, path)  # its owner's result will say that it cannot be read
        return
    root: tuple[str, ...] = ()
    code = [PurePosixPath(member).parts for member in members if _is_work(member)]
    while code and len({parts[0] for parts in code}) == 1 and all(len(parts) > 1 for parts in code):
        root, code = (*root, code[0][0]), [parts[1:] for parts in code]
    around = "/".join((*root, "")) if root else ""
    top = [
        PurePosixPath(m.removeprefix(around)).parts for m in members if m.startswith(around) and m != around
    ]
    flat = [parts[0] for parts in top if len(parts) == 1 and f"{around}{parts[0]}" in members]
    folders = {parts[0] for parts in code if len(parts) > 1}
    if _is_download(flat):
        for student, names in by_owner(flat).items():
            yield _noted(Submission(student, path, inside=around, files=tuple(names)), members)
    elif is_one_student(code, patterns) or len(folders) < 2 or any(len(parts) == 1 for parts in code):
        whole = Submission(path.stem, path)
        yield whole if zip_files(path) else _noted(whole, members)
    else:
        # a folder without work is that of a student who handed in nothing to grade
        folders |= {
            m.removeprefix(around).partition("/")[0] for m in members if "/" in m.removeprefix(around)
        }
        for folder in sorted(folders):
            if not is_nobodys(folder):
                yield _noted(Submission(folder, path, inside=f"{around}{folder}/"), members)


def _is_work(member: str) -> bool:
    name = PurePosixPath(member).name
    return is_code(name) or (name.lower().endswith(".zip") and not name.startswith("._"))


def _noted(submission: Submission, members: Iterable[str]) -> Submission:
    """A zip in a zip is not opened: say so."""
    prefix = submission.inside
    zips = [
        member.removeprefix(prefix)
        for member in members
        if member.startswith(prefix) and member.lower().endswith(".zip")
        if not submission.files or member.removeprefix(prefix) in submission.files
    ]
    if not zips:
        return submission
    return replace(
        submission,
        note=f"{zips[0]} is inside another zip: unpack {submission.path.name} and grade the folder",
    )


def files_of(submission: Submission) -> list[File]:
    """Return the code files of a submission.

    Raises
    ------
    SubmissionError
        If a zip is broken or larger than allowed.
    """
    path, inside = submission.path, submission.inside
    if path.is_dir():
        if not submission.files:
            return _opened(path, [*code_files(path), *archives(path)])
        return _of_owner(
            submission, _opened(path, [path / name for name in submission.files if _is_work(name)])
        )
    if path.suffix.lower() != ".zip":
        return [File(path.name, path)]
    found = [
        File(f.label.removeprefix(inside), path, f.member)
        for f in zip_files(path)
        if f.member.startswith(inside)
    ]
    return _of_owner(submission, [f for f in found if not submission.files or f.label in submission.files])


def _opened(folder: Path, paths: Iterable[Path]) -> list[File]:
    """Return files by their path in a folder; what is in a zip, by the path of the zip and that in it."""
    files = []
    for path in paths:
        label = path.relative_to(folder).as_posix() if path != folder else folder.name
        if path.suffix.lower() == ".zip":
            files += [File(f"{label}/{f.label}", f.path, f.member) for f in zip_files(path)]
        else:
            files.append(File(label, path))
    return files


def _of_owner(submission: Submission, files: list[File]) -> list[File]:
    """Call the files of a flat download what their owner called them, if that is clear."""
    called = {name: found[1] for name in submission.files if (found := owner_and_name(name))}
    if len(set(called.values())) < len(called):
        return files
    parts = [file.label.partition("/") for file in files]
    return [
        replace(file, label=f"{called.get(first, first)}{slash}{rest}")
        for file, (first, slash, rest) in zip(files, parts, strict=True)
    ]
