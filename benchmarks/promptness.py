"""What a person does not want to wait for, and how long it takes here: the tests assert no seconds, this program does.

    python -m benchmarks.promptness

A style picture is drawn; a class of two hundred is exported to nbgrader; a run that is grading is stopped with Ctrl-C
and with SIGTERM. Meant for a quiet machine. Exit status 1 if one of them takes longer than it may.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks.grading import KIT, environment, make_class
from benchmarks.measured import measured
from cs231n.datasets.procedural import DRAW
from grading.assignments.registry import default_assignment
from grading.nbgrader.course_folder import write_course
from grading.report.pages import write_report

STYLE_SECONDS = 4
SIZE, EXPORT_SECONDS = 200, 20
CLASS, STOP_SECONDS = 30, 2
# How many of them are graded when it is stopped.
MOMENTS = (0, 1, 5, 15)
GRADE = (sys.executable, "-m", "grading", "grade")


def main() -> int:
    console, late = Console(), 0
    with tempfile.TemporaryDirectory(prefix="promptness-") as folder:
        for what, seconds, most in (*drawing(), *exporting(Path(folder)), *stopping(Path(folder))):
            late += seconds > most
            colour, mark = ("red", "✗") if seconds > most else ("green", "✓")
            console.print(f"[{colour}]{mark} {what}: {seconds:.2f} s, at most {most}[/]", highlight=False)
    return 1 if late else 0


def drawing() -> Iterator[tuple[str, float, float]]:
    """Yield how long one processor takes for each style picture."""
    for style, draw in DRAW.items():
        began = time.process_time()
        draw(512)
        yield f"drawing {style}", time.process_time() - began, STYLE_SECONDS


def exporting(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield how long one processor takes to export a class to nbgrader: copies of four submissions, graded once."""
    course, graded, out = folder / "course", folder / "graded", folder / "out"
    write_course(course)
    generate = [sys.executable, "-m", "nbgrader", "generate_assignment", default_assignment()]
    subprocess.run(generate, cwd=course, check=True, capture_output=True)
    originals = make_class(folder / "originals", 4)
    measured([*GRADE, str(folder / "originals"), "--out", str(graded)], KIT, environment(), folder / "log")
    (out / "results").mkdir(parents=True)
    for number in range(SIZE):
        original, student = originals[number % len(originals)], f"student{number:03}"
        result = json.loads((graded / "results" / f"{original.name}.json").read_text(encoding="utf-8"))
        text = json.dumps(result | {"student": student})
        (out / "results" / f"{student}.json").write_text(text, encoding="utf-8")
        shutil.copytree(original, course / "submitted" / student / default_assignment())
    write_report(out)
    export = [sys.executable, "-m", "grading", "export", "nbgrader", str(out), "--course", str(course)]
    cost = measured(export, KIT, environment(), folder / "log")
    yield f"exporting {SIZE} students to nbgrader", cost.cpu_seconds, EXPORT_SECONDS


def stopping(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Yield how long a run goes on after a signal."""
    make_class(folder / "class", CLASS)
    for how in (signal.SIGINT, signal.SIGTERM):
        for moment in MOMENTS:
            out = folder / f"stopped-{how.name}-{moment}"
            command = [*GRADE, str(folder / "class"), "--out", str(out), "--jobs", "2"]
            with subprocess.Popen(command, cwd=KIT, env=environment(), stdout=subprocess.DEVNULL) as running:
                while len(list((out / "report").glob("*.html"))) < moment or not (out / "results").exists():
                    time.sleep(0.01)
                time.sleep(0.5)
                os.kill(running.pid, how)
                asked = time.monotonic()
                running.wait()
            yield f"stopping by {how.name} after {moment} of {CLASS}", time.monotonic() - asked, STOP_SECONDS


if __name__ == "__main__":
    raise SystemExit(main())
