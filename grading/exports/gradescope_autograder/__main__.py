"""Entry point in Gradescope's container: grades `submission/`, writes `results/results.json`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from grading.course.policies import final_grades
from grading.exports.gradescope import results_of

NO_WALLS = (
    "This container does not allow walls around student code (bubblewrap): it ran with limits only, and could have "
    "read the checks or written this result. Read the code of submissions whose score surprises you."
)


def main(root: Path, assignment: str) -> int:
    """Grade the one submission; return the exit status: not 0 if there is no result, so that Gradescope says so."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "graded")
        walled = _grade(root, out, assignment, "bubblewrap") == 0
        if not walled and _grade(root, out, assignment, "process") != 0:
            return 1
        (grade,) = final_grades(out)
        results = results_of(grade)
    if not walled:
        print(NO_WALLS)  # what run_autograder prints, Gradescope shows to instructors
    target = root / "results" / "results.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return 0


def _grade(root: Path, out: Path, assignment: str, isolation: str) -> int:
    command = [sys.executable, "-m", "grading", "grade", str(root / "submission")]
    command += ["--out", str(out), "--jobs", "1", "--isolation", isolation, "--assignment", assignment]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
