"""Table of grades as CSV: opens in any spreadsheet, and nothing a student typed is computed there."""

import csv
import io
import re
from pathlib import Path

from grading.course.policies import Grade, final_grades, read_policies
from grading.results.atomic import write_atomically
from grading.results.definition import differing
from grading.results.text import number

# The columns that a course with policies has besides.
DECIDED = ("verdict_score", "late_percent", "decided")
# The column there is where verdicts did not all come about in the same way.
GRADED_BY = "graded_by"
# A cell that starts so is a formula to some spreadsheet (the wide forms too, in some locales).
_FORMULA = "=+\\-@＝＋－＠"
_DANGEROUS = re.compile(rf"^(?=[\t\r\n'])|(?:^|(?<=[;\t\r\n|]))(?=[\s\x00-\x1f]*[{_FORMULA}])")


def write_grades_csv(out: Path) -> Path:
    """Write ``grades.csv``: a line for each student, in the order of the result files.

    Columns: student, score, max_score; the score of each function under its name; the status of each
    function (``<name>_status``); the diagnosis of each (``<name>_diagnosis``); notes. RFC 4180 (CRLF, quotes
    doubled), UTF-8 with a byte-order mark, without which Excel garbles names.

    Scores are those that count. Where a course has policies, ``verdict_score`` is what the checks gave,
    ``late_percent`` what lateness cost, and ``decided`` says why. Where verdicts did not all come about in the same
    way (an interrupted run with another seed, say), ``graded_by`` says of each how it did.

    Text that a spreadsheet could take for a formula gets a leading apostrophe (`plain_cell`).

    Raises
    ------
    KitError
        If there is no results folder or a result in it is not valid.
    """
    decided = bool(read_policies(out))
    names: dict[str, None] = {}
    lines, graders = [], []
    for grade in final_grades(out):
        names |= dict.fromkeys(function.name for function in grade.functions)
        lines.append(_line(grade))
        graders.append(grade.result.grader)
    if aspects := differing(graders):
        for line, grader in zip(lines, graders, strict=True):
            line[GRADED_BY] = grader.named(aspects)
    header = ["student", "score", "max_score", *names]
    header += [f"{name}_{what}" for what in ("status", "diagnosis") for name in names]
    header += ["notes", *(DECIDED if decided else ()), *([GRADED_BY] if aspects else ())]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    path = out / "grades.csv"
    write_atomically(path, "\ufeff" + buffer.getvalue())
    return path


def plain_cell(text: str) -> str:
    """Return text so that no spreadsheet computes it.

    An apostrophe goes before what could start a formula: at the start (whitespace before it does not help
    an attacker), and after a semicolon, tab, bar or line break, where a spreadsheet with another separator
    would start a new cell. A leading apostrophe is doubled, so that no two ids become one. Lone surrogates
    (a file name that is not UTF-8) are written as ``\\udcff``.
    """
    encodable = text.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return _DANGEROUS.sub("'", encodable.replace("\x00", "\\x00"))


def _line(grade: Grade) -> dict[str, str]:
    line = {
        "student": plain_cell(grade.student),
        "score": number(grade.score, 4),
        "max_score": number(grade.max_score, 4),
        "notes": plain_cell(" / ".join(grade.result.notes)),
        "verdict_score": number(grade.result.score, 4),
        "late_percent": number(grade.late_percent, 4),
    }
    reasons = [f"{function.name}: {reason}" for function in grade.functions for reason in function.reasons]
    line["decided"] = plain_cell("; ".join((*reasons, *grade.reasons)))
    for function in grade.functions:
        diagnosis = function.verdict.diagnosis
        line[function.name] = number(function.score, 4)
        line[f"{function.name}_status"] = function.verdict.status
        line[f"{function.name}_diagnosis"] = plain_cell(diagnosis.id) if diagnosis else ""
    return line
