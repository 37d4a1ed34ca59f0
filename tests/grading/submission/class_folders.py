"""Folders and archives of a class, each file holding its own name, and who is found in them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission.choice import Choice
from grading.submission.discover import Class, discover
from grading.submission.handed_in import File


def tree(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file)
    return root


def archive(path: Path, *members: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as opened:
        for member in members:
            opened.writestr(member, member)
    return path


def unpack(archive: Path) -> Sequence[File]:
    """Opens a class's zip, as the command does; members lie in numbered files."""
    spool = archive.parent / f"{archive.name}-spool"
    spool.mkdir()
    files = []
    try:
        with zipfile.ZipFile(archive) as opened:
            for number, member in enumerate(opened.infolist()):
                (spool / str(number)).write_bytes(opened.read(member))
                files.append(File(member.filename, spool / str(number)))
    except zipfile.BadZipFile as error:
        raise SubmissionError(f"{archive} cannot be opened: unpack it") from error
    return files


def found_in(*paths: Path, **choice: object) -> Class:
    return discover(paths, file_patterns(), unpack=unpack, choice=Choice(**choice))


def students(*paths: Path, **choice: object) -> list[str]:
    return [submission.student for submission in found_in(*paths, **choice)]


def people(found: Class) -> dict[str, list[str]]:
    return {submission.student: [file.label for file in submission.files] for submission in found}
