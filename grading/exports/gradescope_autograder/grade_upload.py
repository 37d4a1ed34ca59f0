"""One upload, graded: all that was uploaded is one student's, whatever the folders and names in it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cs231n.language import said
from cs231n.sentences import listed, sentence
from grading.assignments.registry import assignment, names_of, rubric
from grading.classroom.worker import Settings, Work, close_sandboxes, grade_one
from grading.course.course_toml import chosen_assignment, functions_of_course, policies_of
from grading.course.policies import grade_of
from grading.course.settings import COURSE, Policies, seed_of, use_language
from grading.course.submission_times import submission_times
from grading.course.visibility import visibility_of
from grading.errors import KitError
from grading.exports.gradescope import ROWS_DRAWN, results_of
from grading.report.pictures import Gallery, draw_gallery
from grading.results.text import harmless
from grading.submission.contents import contents_of
from grading.submission.discover import one_student
from grading.submission.handed_in import Submission
from grading.verdict.provenance import made_by

STUDENT = "submission"
NAMES_SHOWN = 8


def results_of_upload(upload: Path, named: str, isolation: str) -> dict[str, Any]:
    """Return the content of results.json for what a student uploaded.

    Parameters
    ----------
    upload : Path
        The folder with all that was uploaded.
    named : str
        The assignment.
    isolation : str
        What stands around student code.

    Raises
    ------
    KitError
        If it cannot be graded, by a fault that is not the student's.
    """
    use_language(course=COURSE)
    reference = chosen_assignment(named)
    with names_of(assignment(reference)):
        submission = one_student(upload, STUDENT)
        settings = Settings(seed_of(None), isolation, assignment=reference)
        try:
            outcome = grade_one(Work(contents_of(submission), settings, made_by(reference)))
        finally:
            close_sandboxes()
        if outcome.fault:
            raise KitError("; ".join(outcome.result.notes))
        grade = grade_of(outcome.result, _policies(submission, reference))
        course, now = visibility_of(COURSE), datetime.now(UTC)
        results = results_of(
            grade,
            rubric(reference),
            course.of_private_tests(now),
            _drawn(outcome.pictures),
            with_points=not course.held_back(now),
        )
    if all(function.verdict.status == "missing" for function in grade.functions):
        results["output"] = f"{_nothing_found(upload, reference)}\n\n{results['output']}"
    return results


def _policies(submission: Submission, reference: str) -> Policies:
    policies = policies_of(COURSE, rubric(reference), functions_of_course(COURSE))
    known = submission_times(policies.deadline, COURSE, [submission])
    return replace(policies, submitted={**known, **policies.submitted})


def _drawn(pictures: Mapping[str, bytes]) -> dict[str, Gallery]:
    galleries = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, raw in pictures.items():
            path = Path(folder, "picture.npz")
            path.write_bytes(raw)
            if gallery := draw_gallery(path, ROWS_DRAWN):
                galleries[name] = gallery
    return galleries


def _nothing_found(upload: Path, reference: str) -> str:
    """Say what was uploaded instead of what is asked, and what to upload."""
    names = [harmless(name) for name, _ in zip(_files(upload), range(NAMES_SHOWN + 1), strict=False)]
    found = ", ".join(names[:NAMES_SHOWN])
    return said(
        "None of the functions that are asked was found. The upload holds {found}. Upload {asked}, with your code.",
        found=sentence("{names} and more", names=found)
        if len(names) > NAMES_SHOWN
        else found or sentence("no file"),
        asked=listed(f"{notebook.name}.ipynb" for notebook in assignment(reference).notebooks),
    )


def _files(folder: Path) -> Iterator[str]:
    for top, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            yield Path(top, name).relative_to(folder).as_posix()


def main(upload: Path, out: Path, named: str, isolation: str) -> int:
    """Write the results of an upload; return the exit status."""
    try:
        results = results_of_upload(upload, named, isolation)
    except KitError as error:
        print(f"error: {harmless(str(error))}")
        return 1
    out.write_text(json.dumps(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
