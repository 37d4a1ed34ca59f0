"""Where the processor time of a submission goes, in the grader and behind its walls.

    python -m benchmarks.profile [--class real|honest] [--size N]

Grades a class one by one, in this process and with `--isolation process`: walls cost something beside this
(`benchmarks.isolation`). What belongs to a part is wrapped from outside, wherever it is imported; a part that calls
another is not charged for it. The kit knows nothing of this program.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import os
import resource
import runpy
import site
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

KIT = Path(__file__).resolve().parents[1]
# Functions by the part they belong to: "module:name", or "module:Class.method".
GRADER = {
    "files read": ("grading.submission.contents:contents_of",),
    "hashing": ("grading.classroom.keys:key_of", "grading.classroom.worker:made_by"),
    "the wire": (
        "cs231n.trials.wire:pack",
        "cs231n.trials.wire:unpack",
        "cs231n.trials.trial:encode",
        "grading.sandbox.validate_reply:observation_of",
        "grading.submission.selection:decoded",
        "grading.submission.reader:request_of",
    ),
    "inputs": (
        "grading.assignments.vocabulary.function:Function.trials",
        "grading.assignments.vocabulary.function:Function.doubts",
    ),
    "judging": ("grading.verdict.judge:judge_checks",),
    "diagnosis": ("grading.verdict.diagnosis.diagnose:diagnose",),
    "the reference": ("grading.verdict.reference:reference_seconds",),
    "pictures": ("grading.verdict.pictures:picture_of", "grading.verdict.pictures:Picture.npz"),
    "encoding": (
        "grading.verdict.evidence:evidence_of",
        "grading.results.files:result_bytes",
        "grading.results.files:evidence_bytes",
    ),
    "files written": ("grading.classroom.ledger:Ledger.record",),
    "pages": ("grading.report.pages:write_student_pages",),
}
CHILDREN = {
    "archives opened": ("grading.submission.archives:opened",),
    "cutting": ("grading.submission.load:cut",),
    "choosing": ("grading.submission.reader:select",),
    "the student's imports and cells": ("grading.sandbox.inside.namespace:Namespace.load",),
    "the student's calls": ("grading.sandbox.inside.namespace:Namespace.observe",),
    "the wire, behind the walls": (
        "cs231n.trials.wire:pack",
        "cs231n.trials.wire:unpack",
        "cs231n.trials.trial:decode",
        "grading.submission.selection:encoded",
    ),
}
START, FORKS, REST = "start of the run", "fork and end of children", "the rest of the grader"


class Parts:
    """Processor seconds of this thread by part; `whole` is told whenever an outermost function returns."""

    def __init__(self, whole: Callable[[Mapping[str, float]], None] = lambda _: None) -> None:
        self.seconds: Counter[str] = Counter()
        self.whole = whole
        self._inner: list[float] = []
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self.seconds.clear()
        self._inner.clear()

    def wrap(self, table: Mapping[str, tuple[str, ...]]) -> None:
        """Replace the functions of a table, in their modules and wherever the kit has imported them."""
        for part, names in table.items():
            for name in names:
                module, _, path = name.partition(":")
                *holders, last = path.split(".")
                holder = functools.reduce(getattr, holders, importlib.import_module(module))
                original = getattr(holder, last)
                timed = self._timed(part, original)
                setattr(holder, last, timed)
                for other in [*sys.modules.values()]:
                    if getattr(other, "__dict__", {}).get(last) is original:
                        setattr(other, last, timed)

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            self._inner.append(0.0)
            try:
                return function(*args, **kwargs)
            finally:
                took, inner = time.thread_time() - began, self._inner.pop()
                self.seconds[part] += took - inner
                if self._inner:
                    self._inner[-1] += took
                else:
                    self.whole(self.seconds)

        return timed


def inside(log: str, script: str, *arguments: str) -> None:
    """Run the program behind the walls; what each of its processes computes is told to the pipe `log`, line by line."""
    sys.path.insert(0, str(KIT))
    for folder in arguments[2].split(os.pathsep):
        site.addsitedir(folder)
    lines = os.open(log, os.O_WRONLY)

    def write(seconds: Mapping[str, float]) -> None:
        os.write(lines, json.dumps(seconds).encode() + b"\n")
        parts.seconds.clear()

    parts = Parts(write)
    parts.wrap(CHILDREN)
    warm = parts._timed(START, lambda: None)
    sys.argv = [script, *arguments]

    def freeze() -> None:  # the last thing before it serves
        parts.seconds[START] += time.process_time()
        warm()

    with mock.patch("gc.freeze", freeze):
        runpy.run_path(script, run_name="__main__")


def grade(students: Path, out: Path, log: Path, parts: Parts) -> int:
    """Grade a class one by one; return how many it has."""
    from grading.assignments.registry import file_patterns
    from grading.classroom import keys, worker
    from grading.classroom.ledger import Ledger
    from grading.course.settings import DEMO_SEED, Policies
    from grading.report import pages
    from grading.sandbox import program
    from grading.submission import contents
    from grading.submission.discover import discover

    parts.wrap(GRADER)
    submissions = discover([students], file_patterns())
    settings, ledger = worker.Settings(DEMO_SEED, "process", many=True), Ledger(out)
    command = program._command

    def profiled(kit: Path, script: str, *arguments: object) -> tuple[str, ...]:
        *python, script, control, isolation, packages = command(kit, script, *arguments)
        return (*python, __file__, "inside", str(log), script, control, isolation, packages)

    with mock.patch.object(program, "_command", profiled):
        for submission in submissions:
            handed_in = contents.contents_of(submission)
            key = keys.key_of(handed_in, settings.seed, settings.isolation, settings.limits)
            work = worker.Work(handed_in, settings, worker.made_by(settings.assignment))
            ledger.record(worker.grade_one(work), key, "")
            pages.write_student_pages(out, [submission.student], Policies())
        worker.close_sandboxes()
    return len(submissions)


def split(size: int, kind: str) -> tuple[Counter[str], float, int]:
    """Return the seconds of each part, those of all, and how many submissions were graded."""
    from benchmarks.grading import make_class
    from benchmarks.real_class import make_real_class

    importlib.import_module("grading.cli.grade")  # and with it all that the command needs

    parts, said = Parts(), list[str]()
    parts.seconds[START] = at_start = _own()
    with tempfile.TemporaryDirectory(prefix="profile-") as temporary:
        folder, log = Path(temporary), Path(temporary) / "log"
        os.mkfifo(log)  # a child that reads may write no file
        heard = threading.Thread(target=lambda: said.append(log.read_text()), daemon=True)
        heard.start()
        (make_real_class if kind == "real" else make_class)(folder / "class", size)
        before = _own(), _children()
        count = grade(folder / "class", folder / "graded", log, parts)
        own, children = _own() - before[0], _children() - before[1]
        heard.join()
    behind: Counter[str] = Counter()
    for line in said[0].splitlines():
        behind.update(json.loads(line))
    found = parts.seconds + behind
    found[FORKS] = children - sum(behind.values())
    found[REST] = at_start + own - sum(parts.seconds.values())
    return found, at_start + own + children, count


def _own() -> float:
    return _cpu(resource.RUSAGE_SELF)


def _children() -> float:
    return _cpu(resource.RUSAGE_CHILDREN)


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--class", dest="kind", choices=("real", "honest"), default="real", help="(real)")
    parser.add_argument("--size", type=int, default=60, help="submissions of the class (60)")
    asked = parser.parse_args()
    found, whole, count = split(asked.size, asked.kind)
    print(f"{'milliseconds of CPU time for each submission':45} {1000 * whole / count:7.1f}     ")
    for part, seconds in found.most_common():
        print(f"{part:45} {1000 * seconds / count:7.1f} {100 * seconds / whole:5.1f} %")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        inside(*sys.argv[2:])
    else:
        raise SystemExit(main())
