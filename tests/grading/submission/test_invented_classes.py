"""In invented classes of every layout, every owner has a line, and nobody has another's work."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.submission import ids
from grading.submission.discover import Class, discover
from grading.submission.handed_in import File

from .invented_classes import LAYOUTS, Invented, invented

PATTERNS = file_patterns()


def written(cls: Invented, folder: Path) -> Path:
    """Write a class; each file holds the name of its owner, then its own path."""
    for label, owner in cls.files.items():
        path = folder / label
        path.parent.mkdir(parents=True, exist_ok=True)
        text = owner if label.endswith(".yml") else f"{owner}\n{label}"
        path.write_text(text, encoding="utf-8")
    for name in cls.folders:
        (folder / name).mkdir()
    return folder


def spooled(archive: Path) -> Sequence[File]:
    spool = archive.with_suffix(".spool")
    spool.mkdir()
    files = []
    with zipfile.ZipFile(archive) as opened:
        for number, member in enumerate(opened.infolist()):
            (spool / str(number)).write_bytes(b"" if member.is_dir() else opened.read(member))
            files.append(File(member.filename, spool / str(number)))
    return files


def zipped(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(folder.rglob("*")):
            opened.write(path, f"{folder.name}/{path.relative_to(folder)}{'/' if path.is_dir() else ''}")
    return archive


def check(cls: Invented, found: Class) -> None:
    ids.checked([submission.student for submission in found])
    owners: list[str] = []
    labels: set[str] = set()
    for submission in found:
        texts = [file.path.read_text(encoding="utf-8").partition("\n") for file in submission.files]
        whose = {owner for owner, _, _ in texts}
        assert len(whose) <= 1, (cls.layout, submission.student, whose)
        owners.append(whose.pop() if whose else "")
        labels |= {label for _, _, label in texts}
    assert sorted(owners) == sorted(cls.owners), cls.layout
    missing = (
        {label for label, owner in cls.files.items() if owner in cls.owners - {""}} - labels - cls.replaced
    )
    assert not missing, (cls.layout, missing)
    for label in cls.replaced - labels:
        assert any("attempt" in note for submission in found for note in submission.notes), label


def try_one(seed: int, folder: Path) -> None:
    """Read the class of a seed, from a folder or from an archive of it."""
    cls = invented(seed)
    place = written(cls, folder / ("submitted" if cls.layout == "nbgrader" else f"class-{seed}"))
    path = zipped(place) if seed % 5 == 0 else place
    check(cls, discover([path], PATTERNS, unpack=spooled))


@pytest.mark.parametrize("seed", range(4 * len(LAYOUTS)))
def test_every_owner_of_an_invented_class_has_a_line_and_nobody_anothers_work(
    seed: int, tmp_path: Path
) -> None:
    try_one(seed, tmp_path)


@pytest.mark.long
def test_so_it_is_in_500_classes(tmp_path: Path) -> None:
    for seed in range(1000, 1500):
        try_one(seed, tmp_path / str(seed))
