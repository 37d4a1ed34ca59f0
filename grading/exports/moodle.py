"""Moodle: either the grading worksheet of the assignment or the gradebook's CSV export is filled in and uploaded again.

The worksheet names students by “Identifier” (Participant 123, the number in the names of downloaded files), the
gradebook by ID number and e-mail address. Moodle refuses a file with columns that were not there: none is added.
"""

from __future__ import annotations

from pathlib import Path

from grading.exports.gradebook_csv import Choice, Filled, Layout, fill

LAYOUT = Layout(
    ids=("Identifier", "ID number", "Email address", "Username"),
    grades=("Grade",),
    most="Maximum Grade",
    closed="Grade can be changed",
)


def export_moodle(out: Path, downloaded: Path, target: Path, choice: Choice) -> Filled:
    """Fill the grades into a worksheet or gradebook from Moodle: see `fill`."""
    return fill(out, downloaded, target, LAYOUT, choice)
