"""What a class of two thousand costs: time, whether memory stays flat, and whether its page can still be used.

    python -m benchmarks.scale [--size N] [--jobs J] [--stub]

Grades copies of the example class's honest submissions, each made unique, then gives the same command again, and opens
the class's page in Chromium if there is one. Exit status 1 if memory grows, the page is heavy, or a second run is slow.
With `--stub` nothing is graded: verdicts are drawn by lot at no cost (`benchmarks.stub_grader`), so that a hundred
thousand show what ledger, tables and pages cost.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.grading import KIT, environment, make_class
from grading.assignments.example_class import EXAMPLES
from grading.classroom.ledger import FOLDER
from grading.sandbox.shared.process_tree import family, memory, processes

# Those that hang, or take a minute by their loops, are not what most of a class hands in.
HONEST = tuple(
    example.name for example in EXAMPLES if example.name not in ("endless_loop", "crash", "tv_loop")
)
POINTS = 10
# From the second of ten points on, the grader's memory may grow by this much.
GROWTH_MB = 40
PAGE_MB = 6.0
# A second run reads, compares and rewrites the tables.
AGAIN_SECONDS_EACH = 0.02
ACT_SECONDS = 3
# What a person does on the page; then, in its title, how many milliseconds that took.
ACT = """
const began = performance.now();
document.querySelectorAll("#class thead button")[1].click();
const filter = document.getElementById("filter");
filter.value = "timeout";
filter.dispatchEvent(new Event("input"));
document.title = Math.round(performance.now() - began);
"""


@dataclass(frozen=True)
class Point:
    """A moment of a run: how many are graded, after how long, with how much memory (the grader's; everybody's)."""

    graded: int
    seconds: float
    grader_mb: int
    all_mb: int


def grade(students: Path, out: Path, jobs: int, program: str = "grading") -> list[Point]:
    """Grade a class; return its state at each tenth, and at the end."""
    command = [sys.executable, "-m", program, "grade", str(students), "--out", str(out)]
    total, points, began = sum(1 for _ in students.iterdir()), [], time.perf_counter()
    with (out.parent / "log").open("wb") as log:
        running = subprocess.Popen(
            [*command, "--jobs", str(jobs), "--seed", "scale"],
            cwd=KIT,
            env=environment(),
            stdout=log,
            stderr=log,
        )
        while running.poll() is None:
            graded = sum(1 for _ in (out / FOLDER).glob("*.json"))
            if graded * POINTS >= (len(points) + 1) * total:
                points.append(_point(graded, time.perf_counter() - began, running.pid))
            time.sleep(max(0.2, total / 20_000))  # to count them costs, too
    if running.returncode:
        raise RuntimeError((out.parent / "log").read_text()[-2000:])
    last = points[-1] if points else Point(0, 0, 0, 0)
    return [*points, Point(total, time.perf_counter() - began, last.grader_mb, last.all_mb)]


def make_small_class(folder: Path, size: int) -> None:
    """Write submissions of one line each, for a grader that does not look at them."""
    for number in range(size):
        student = folder / f"student-{number:06d}"
        student.mkdir(parents=True)
        (student / "StyleTransfer.py").write_text(f"mine = {number}\n")


def _point(graded: int, seconds: float, pid: int) -> Point:
    everyone = processes()
    grader = everyone[pid].resident if pid in everyone else 0
    return Point(graded, seconds, grader >> 20, memory(family(pid, everyone), 0) >> 20)


def load_seconds(page: Path) -> float | None:
    """Return how much longer Chromium takes to open a page, lay it out and run its script than for an empty one."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return None

    def opened(address: str) -> float:
        began = time.perf_counter()
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", address]
        subprocess.run([str(chromium), *options], capture_output=True, check=True, timeout=120)
        return time.perf_counter() - began

    opened("about:blank")  # its profile is made once
    return opened(page.as_uri()) - opened("about:blank")


def act_seconds(page: Path) -> float | None:
    """Return how long the page's script takes to sort the class and to filter it, in Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return None
    acting = page.with_name("acting.html")
    source = re.sub(r"<meta http-equiv=[^>]*>", "", page.read_text(encoding="utf-8"))
    acting.write_text(source.replace("</body>", f"<script>{ACT}</script></body>"), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", acting.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    found = re.search(r"<title>(\d+)", shown)
    if found is None:
        raise RuntimeError(f"the script of {page} does not run")
    return int(found[1]) / 1000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=2000, help="submissions (2000)")
    parser.add_argument("--jobs", type=int, default=2, help="at a time (2)")
    parser.add_argument("--stub", action="store_true", help="draw verdicts by lot")
    asked, console = parser.parse_args(), Console()
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        students, out = Path(temporary) / "class", Path(temporary) / "graded"
        if asked.stub:
            make_small_class(students, asked.size)
        else:
            make_class(students, asked.size, HONEST)
        program = "benchmarks.stub_grader" if asked.stub else "grading"
        points = grade(students, out, asked.jobs, program)
        again = grade(students, out, asked.jobs, program)[-1].seconds
        index = out / "report" / "index.html"
        page_mb, opened, acted = index.stat().st_size / 1e6, load_seconds(index), act_seconds(index)
        folder_mb = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    table = Table("graded", "seconds", "MB, the grader", "MB, all processes", box=None)
    for point in points[:-1]:
        table.add_row(str(point.graded), f"{point.seconds:.0f}", str(point.grader_mb), str(point.all_mb))
    console.print(table)
    console.print(f"{asked.size} submissions in {points[-1].seconds:.0f} s; again, unchanged: {again:.0f} s")
    shown = (
        "no Chromium here"
        if opened is None
        else f"Chromium opens it in {opened:.1f} s, acts in {acted:.1f} s"
    )
    console.print(f"the class's page: {page_mb:.1f} MB, {shown}; the whole folder: {folder_mb:.0f} MB")
    growth = points[-2].grader_mb - points[1].grader_mb if len(points) > POINTS else 0
    promised = [
        (f"the grader's memory grows by {growth} MB, at most {GROWTH_MB}", growth <= GROWTH_MB),
        (f"the class's page has at most {PAGE_MB:g} MB", page_mb <= PAGE_MB),
        (
            f"a second run takes at most {AGAIN_SECONDS_EACH:g} s a submission and the start",
            again <= 20 + AGAIN_SECONDS_EACH * asked.size,
        ),
        (f"it is sorted and filtered within {ACT_SECONDS} s", acted is None or acted <= ACT_SECONDS),
    ]
    for sentence, kept in promised:
        console.print(f"[{'green' if kept else 'red'}]{'✓' if kept else '✗'} {sentence}[/]")
    return 0 if all(kept for _, kept in promised) else 1


if __name__ == "__main__":
    raise SystemExit(main())
