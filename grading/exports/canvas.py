"""Canvas: the gradebook is downloaded as CSV (Grades, Export), filled in here, and uploaded again (Import).

Canvas finds students by its own ID, the SIS user ID or the login, and assignments by the number in the column's name.
It ignores what changed in read-only columns, and makes a new assignment of a new column: none is added here.
"""

from __future__ import annotations

from pathlib import Path

from grading.exports.gradebook_csv import Choice, Filled, Layout, fill

# The row “Points Possible” is of nobody, and says in the assignment's column how many points there are.
LAYOUT = Layout(ids=("SIS User ID", "SIS Login ID", "ID", "Integration ID"))


def export_canvas(out: Path, downloaded: Path, target: Path, choice: Choice) -> Filled:
    """Fill the grades into a gradebook from Canvas: see `fill`."""
    return fill(out, downloaded, target, LAYOUT, choice)
