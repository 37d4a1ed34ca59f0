"""Anonymous pages of a class, for graders and lectures: those of a graded folder in which nobody has a name.

The folder is made for the time in which pages are written, of redacted results (`grading.report.redaction`), so that
whatever a page shows is anonymous. Nothing else of the class is in it: neither lateness nor what was decided on single
students, nor who is missing. All is in the order of the pseudonyms, that of the files' times too.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec import structs

from grading.course.policies import read_policies, write_policies
from grading.course.settings import Policies
from grading.report.pages import write_report
from grading.report.pseudonyms import pseudonyms_of
from grading.report.redaction import Redaction, words_of
from grading.results.atomic import write_atomically
from grading.results.files import (
    evidence_bytes,
    read_evidence,
    read_result,
    read_results,
    result_bytes,
    result_paths,
)
from grading.results.groups import read_groups, write_groups
from grading.results.text import page_name

FOLDER = "report-anonymous"
_MADE_OF = ".anonymous"


def write_anonymous_report(out: Path, seed: str) -> Path:
    """Write the pages of a graded folder under pseudonyms, into ``report-anonymous``; ``report`` stays as it is.

    Parameters
    ----------
    out : Path
    seed : str
        The course's, for pseudonyms that are the same in all its graded folders (`pseudonyms_of`).

    Returns
    -------
    Path
        The class's page.

    Raises
    ------
    KitError
        If there is no results folder, or something in it cannot be read.
    """
    students = {
        path: result.student for path, result in zip(result_paths(out), read_results(out), strict=True)
    }
    names = pseudonyms_of(out, students.values(), seed)
    pages, hidden = out / FOLDER, out / _MADE_OF
    shutil.rmtree(hidden, ignore_errors=True)  # a killed run's
    pages.mkdir(exist_ok=True)
    hidden.mkdir(mode=0o700)
    try:
        (hidden / "report").symlink_to(pages.resolve(), target_is_directory=True)
        _write_redacted(out, hidden, students, names)
        index = write_report(hidden)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    for left in {*pages.glob("student-*.html")} - {pages / page_name(name) for name in names.values()}:
        left.unlink()  # of somebody who is not in the class any more
    return pages / index.name


def _write_redacted(out: Path, hidden: Path, students: Mapping[Path, str], names: Mapping[str, str]) -> None:
    """Write a graded folder without names; pictures, which show none, are those of `out`."""
    words = words_of(students.values())
    (hidden / "pictures").mkdir()
    (hidden / "results").mkdir()
    for path, student in sorted(students.items(), key=lambda item: names[item[1]]):
        pseudonym = names[student]
        redaction = Redaction(student, pseudonym, words)
        file = f"{pseudonym}.json"
        write_atomically(hidden / "results" / file, result_bytes(redaction.result(read_result(path))))
        if (evidence := out / "evidence" / path.name).is_file():
            found = redaction.evidence(read_evidence(evidence))
            write_atomically(hidden / "evidence" / file, evidence_bytes(found))
        if (pictures := out / "pictures" / path.stem).is_dir():
            (hidden / "pictures" / pseudonym).symlink_to(pictures.resolve(), target_is_directory=True)
    policies = read_policies(out)
    write_policies(hidden, Policies(points=policies.points, drop=policies.drop))
    groups = [
        structs.replace(
            group, students=tuple(sorted(names[name] for name in group.students if name in names))
        )
        for group in read_groups(out)
    ]
    write_groups(hidden, [group for group in groups if group.students])
