"""Entry point in Gradescope's container: grades `submission/`, writes `results/results.json` whatever happens."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from cs231n.language import said, shown
from cs231n.sentences import plain, sentence
from grading.course.settings import use_language
from grading.errors import KitError, SandboxError
from grading.sandbox import strongest

NO_WALLS = sentence(
    "This container does not allow walls around student code: it ran with limits only, and could have "
    "read the checks or written this result. Read the code of submissions whose score surprises you."
)
# A result without score and tests is one that Gradescope calls an error of the autograder: the student gets no 0 for
# it, the attempt does not count, and the instructor sees that something is wrong.
FAULT: dict[str, Any] = {
    "output": sentence(
        "The autograder has failed, and nothing was graded: this is no fault of yours. Your instructor sees why."
    ),
    "output_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
}


def main(root: Path, assignment: str) -> int:
    """Grade the one submission; return the exit status: 1 if it could not be graded, by a fault that is not its own.

    What is printed here, Gradescope shows to instructors.
    """
    target = root / "results" / "results.json"
    target.parent.mkdir(exist_ok=True)
    with contextlib.suppress(KitError):  # the grading says what is wrong with the course's file
        use_language()
    _write(target, FAULT | {"output": shown(FAULT["output"])})  # what stands there if this process is ended
    try:
        isolation = chosen_isolation()
        results = graded(root / "submission", assignment, isolation)
    except KitError as error:
        print(plain(said("error: {error}", error=error.args[0])))
        return 1
    except Exception:
        print(plain(traceback.format_exc()))
        return 1
    _write(target, results)
    return 0


def chosen_isolation() -> str:
    """Return the strongest isolation of this container: found out before any student code runs, and then kept.

    Student code that makes a walled run fail must not be run again without walls.
    """
    try:
        return strongest()
    except SandboxError as error:
        print(f"{shown(NO_WALLS)} ({shown(error.args[0])})")
        return "process"


def graded(submission: Path, assignment: str, isolation: str) -> dict[str, Any]:
    """Return the results of one submission, graded by a process of its own: this one lives whatever becomes of that.

    Raises
    ------
    KitError
        If it ended without results.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "results.json")
        command = [sys.executable, "-m", "grading.exports.gradescope_autograder.grade_upload"]
        done = subprocess.run([*command, str(submission), str(out), assignment, isolation], check=False)
        if done.returncode != 0 or not out.is_file():
            raise KitError(
                "the grading ended with status {returncode}: what is printed above says why",
                returncode=done.returncode,
            )
        results: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return results


def _write(target: Path, results: dict[str, Any]) -> None:
    target.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
