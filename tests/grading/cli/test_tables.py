"""In a table of the terminal nothing is cut off: a text without spaces goes on in the next line."""

from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from grading.cli import check, diff, doctor
from grading.course.diff import StudentChange
from grading.results.definition import CheckResult, FunctionResult

LONG = "".join(chr(ord("一") + number) for number in range(70))
FUNCTION = FunctionResult(
    "tv_loss", "tv_loss", None, None, "wrong", 0, 2, (), None, (CheckResult("c", LONG, "fail", 0, 2, LONG),)
)
STUDENT = StudentChange(LONG, 1.0, 2.0, (LONG,), ())
ATTACK = doctor.Outcome("attack", LONG, "", LONG)


@pytest.mark.parametrize(
    "table",
    [
        check._table(FUNCTION),
        diff._table([STUDENT]),
        doctor._table(doctor.Examination("bubblewrap", (ATTACK,))),
    ],
    ids=["check", "diff", "doctor"],
)
def test_no_text_of_a_table_is_cut_off(table: Table) -> None:
    written = StringIO()
    Console(file=written, width=80).print(table)
    assert sorted(c for c in written.getvalue() if c in LONG) == sorted(2 * LONG)
