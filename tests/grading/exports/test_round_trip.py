"""Classes of 200: every grade comes back in the row of its own person, and every other cell as it was."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from grading.exports.columns import Choice
from grading.exports.gradebook_csv import fill
from grading.exports.platforms import PLATFORMS

from ..nbgrader.conftest import write_results
from .class_of_200 import Person, blackboard, brightspace, canvas, moodle, people


@dataclass(frozen=True)
class Case:
    """A platform: its file, what a student is called after a download from it, where grade and id stand."""

    file: Callable[[Sequence[Person]], bytes]
    student: Callable[[Person], str]
    encoding: str
    delimiter: str
    grade: int
    id_column: int
    id_of: Callable[[Person], str]


def letters(text: str) -> str:
    """As Canvas writes a name into that of a file."""
    return "".join(character for character in text.lower() if character.isalnum())


CASES = {
    "canvas": Case(
        canvas,
        lambda p: f"{letters(p.sortable)}_{p.platform_number}",
        "utf-8-sig",
        ",",
        6,
        1,
        lambda p: str(p.platform_number),
    ),
    "moodle": Case(
        moodle,
        # as macOS unpacks it, without the apostrophes that Moodle leaves out of the names of files
        lambda p: unicodedata.normalize("NFD", f"{p.first} {p.last}_{p.platform_number}").replace("'", ""),
        "utf-8-sig",
        ",",
        4,
        0,
        lambda p: f"Teilnehmer/in{p.platform_number}",
    ),
    "blackboard": Case(blackboard, lambda p: p.login.upper(), "utf-16", "\t", 6, 2, lambda p: p.login),
    "brightspace": Case(brightspace, lambda p: p.number, "utf-8", ",", 4, 0, lambda p: f"#{p.number}"),
}


def write_class(out: Path, scores: dict[str, float]) -> Path:
    """Write results whose points were set by hand, so that no two people have the same."""
    write_results(out, {student: {} for student in scores})
    overrides = [
        {"student": student, "function": "", "score": score, "reason": "by hand"}
        for student, score in scores.items()
    ]
    policies = {"points": {}, "drop": [], "deadline": None, "overrides": overrides, "submitted": {}}
    (out / "policies.json").write_text(json.dumps(policies))
    return out


@pytest.mark.parametrize("platform", CASES)
def test_every_grade_of_200_is_in_its_row(platform: str, tmp_path: Path) -> None:
    case, class_ = CASES[platform], people()
    without, strangers = class_[::40], class_[1::67]
    graded = [person for person in class_ if person not in without]
    known = [person for person in class_ if person not in strangers]
    out = write_class(tmp_path / "out", {case.student(person): person.score for person in graded})
    downloaded, target = tmp_path / "downloaded", tmp_path / "new"
    downloaded.write_bytes(case.file(known))
    done = fill(out, downloaded, target, PLATFORMS[platform], Choice())

    expected = {case.id_of(person): person.score for person in graded if person in known}
    before, after = (
        list(csv.reader(io.StringIO(path.read_bytes().decode(case.encoding)), delimiter=case.delimiter))
        for path in (downloaded, target)
    )
    comma = platform == "moodle"
    for old, new in zip(before, after, strict=True):
        score = expected.pop(old[case.id_column], None)
        if score is not None:
            assert float(new[case.grade].replace(",", ".")) == score, old
            assert ("," in new[case.grade]) == (comma and score % 1 != 0)
            old[case.grade] = new[case.grade] = ""
        assert new == old
    assert not expected
    assert done.missing == tuple(sorted(map(case.student, strangers), key=lambda s: (s.casefold(), s)))
    assert (len(done.without), done.held, done.count) == (len(without), (), 192)
