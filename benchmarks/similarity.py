"""Copies planted in a class are shown as similar, and hardly anybody else; compare50 and copydetect beside it.

    python -m benchmarks.similarity [--seeds 101,102,...] [--students 200] [--peers PYTHON] [--scale 2000]

Each seed is another class of 200 (`planted_class`: 19,900 pairs) with eight copies of each kind, written as a graded
folder without grading and compared by what `python -m grading similar` calls. A copy is found if its pair is in a
group that is shown; an innocent pair is one above the threshold that was not planted. A class in which thirty hand in
one solution of the web is compared besides, and a class of `--scale` students.

The peers rank pairs and set no threshold: each is given the best one in hindsight, with five innocent pairs above it.
They run in an environment of their own (`python -m venv PEERS; PEERS/bin/pip install compare50 copydetect`; compare50
is under the GPL and never part of the kit); without one, they are left out.

Exit status 1 if a bar is missed over all seeds: all exact copies, 95 % of renamed and of reordered ones, 70 % of
restructured ones, in no class more than five innocent pairs, each class in less than a minute.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.planted_class import WAYS, Planted, graded, planted_class
from grading.assignments.registry import assignment
from grading.results.files import evidence_bytes, result_bytes
from grading.similar.given import released_cells
from grading.similar.pages import write_pages
from grading.similar.pairs import compare_class

BARS = {"exact": 1.0, "renamed": 0.95, "reordered": 0.95, "restructured": 0.70}
INNOCENT, SECONDS, WEB = 5, 60.0, 30
# Run by the peers' Python: argv is a folder of texts and the file handed out; prints [[score, first, second], ...].
PEERS = {
    "compare50": """
import json, pathlib, sys
from compare50 import _api, _data, passes
from compare50.__main__ import SubmissionFactory
_api.Executor = _api.FauxExecutor
factory, preprocessor = SubmissionFactory(), _data.Preprocessor(passes.structure.preprocessors)
folder, distro = map(pathlib.Path, sys.argv[1:])
with _api.progress_bar("", disable=True):
    subs = factory.get_all(sorted(folder.glob("*.py")), preprocessor)
    given = {file for sub in factory.get_all([distro], preprocessor) for file in sub.files}
    scores = _api.rank(subs, [], given, passes.structure, n=10**6)
names = lambda sub: pathlib.Path(sub.files[0].path).stem
print(json.dumps([[score.score, names(score.sub_a), names(score.sub_b)] for score in scores]))
""",
    "copydetect": """
import json, pathlib, shutil, sys, tempfile
from copydetect import CopyDetector
folder, distro = sys.argv[1:]
with tempfile.TemporaryDirectory() as given:
    shutil.copy(distro, given)
    detector = CopyDetector(test_dirs=[folder], boilerplate_dirs=[given], extensions=["py"], silent=True)
    detector.run()
stems = [pathlib.Path(file).stem for file in detector.test_files]
alike = detector.similarity_matrix.mean(axis=2)
print(json.dumps([[alike[i, j], stems[i], stems[j]] for i in range(len(stems)) for j in range(i) if alike[i, j] > 0]))
""",
}


@dataclass(frozen=True)
class Found:
    """What was found in one class: of each kind of copy the share, innocent pairs, seconds."""

    shares: Mapping[str, float]
    innocent: int
    seconds: float


def name(number: int) -> str:
    return f"s{number:05}"


def write(planted: Planted, out: Path) -> None:
    """Write a class as a graded folder."""
    for folder in ("results", "evidence"):
        (out / folder).mkdir(parents=True)
    for number, student in enumerate(planted.students):
        result, evidence = graded(name(number), student)
        (out / "results" / f"{name(number)}.json").write_bytes(result_bytes(result))
        (out / "evidence" / f"{name(number)}.json").write_bytes(evidence_bytes(evidence))


def ours(planted: Planted, out: Path) -> tuple[Found, list[int]]:
    """Compare a class; return what was found, and the sizes of the groups."""
    start = time.perf_counter()
    comparison = compare_class(out, None, assignment().notebooks)
    write_pages(out, comparison)
    seconds = time.perf_counter() - start
    shown = [(int(a[1:]), int(b[1:])) for group in comparison.groups for a, b in group.names]
    found = _found(planted, shown, seconds)
    return found, sorted((len(group.members) for group in comparison.groups), reverse=True)


def _found(planted: Planted, shown: Collection[tuple[int, int]], seconds: float) -> Found:
    pairs = {(min(pair), max(pair)) for pair in shown}
    of_kind = Counter(planted.pairs.values())
    hits = Counter(way for pair, way in planted.pairs.items() if pair in pairs)
    shares = {way: hits[way] / count for way, count in of_kind.items()}
    return Found(shares, len(pairs - planted.pairs.keys()), seconds)


def peer(tool: str, python: Path, planted: Planted, folder: Path) -> Found | str:
    """Let a peer rank the class; return what is above its fifth innocent pair, or why it cannot be run."""
    texts, distro = folder / "texts", folder / "given.py"
    texts.mkdir(exist_ok=True)
    for number, student in enumerate(planted.students):
        source = "\n\n\n".join(solution.source for solution in student.functions.values())
        (texts / f"{name(number)}.py").write_text(source, encoding="utf-8")
    cells = [cell for notebook in assignment().notebooks for cell in released_cells(notebook)]
    distro.write_text("\n\n\n".join(cell for cell in cells if "def " in cell), encoding="utf-8")
    start = time.perf_counter()
    try:
        run = subprocess.run(
            [str(python), "-c", PEERS[tool], str(texts), str(distro)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return f"{tool} was not compared: {error}"
    if run.returncode:
        return f"{tool} was not compared: {run.stderr.strip().splitlines()[-1]}"
    ranked = sorted(json.loads(run.stdout), reverse=True)
    return _found(planted, list(_above(planted, ranked)), time.perf_counter() - start)


def _above(planted: Planted, ranked: Sequence[tuple[float, str, str]]) -> Iterator[tuple[int, int]]:
    """Yield the first pairs of a ranking, with at most `INNOCENT` that were not planted."""
    innocent = 0
    for _, first, second in ranked:
        numbers = int(first[1:]), int(second[1:])
        pair = min(numbers), max(numbers)
        innocent += pair not in planted.pairs
        if innocent > INNOCENT:
            return
        yield pair


def _table(title: str, runs: Mapping[str, Found]) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1), header_style="bold")
    for heading in ("", *WAYS, "innocent", "seconds"):
        table.add_column(heading, justify="left" if not heading else "right")
    for label, found in runs.items():
        shares = (f"{found.shares[way]:.0%}" for way in WAYS)
        table.add_row(label, *shares, f"{found.innocent}", f"{found.seconds:.1f}")
    return table


def _mean(runs: Collection[Found]) -> Mapping[str, float]:
    return {way: sum(found.shares[way] for found in runs) / len(runs) for way in WAYS}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default=",".join(str(seed) for seed in range(101, 111)))
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--peers", type=Path, default=Path("build/peers/bin/python"), metavar="PYTHON")
    parser.add_argument("--scale", type=int, default=2000)
    options = parser.parse_args()
    console = Console(width=120)
    runs: dict[str, dict[str, Found]] = {"python -m grading similar": {}}
    for seed in map(int, options.seeds.split(",")):
        planted = planted_class(seed, options.students)
        with tempfile.TemporaryDirectory() as folder:
            write(planted, Path(folder) / "graded")
            runs["python -m grading similar"][f"seed {seed}"], _ = ours(planted, Path(folder) / "graded")
            for tool in PEERS:
                found = peer(tool, options.peers, planted, Path(folder))
                if isinstance(found, str):
                    console.print(found, style="yellow", soft_wrap=True)
                else:
                    runs.setdefault(f"{tool}, threshold in hindsight", {})[f"seed {seed}"] = found
    for tool, of_tool in runs.items():
        console.print(_table(tool, of_tool))
        console.print("  ".join(f"{way} {share:.1%}" for way, share in _mean(of_tool.values()).items()))
    own = runs["python -m grading similar"].values()
    _others(console, options.students, options.scale)
    missed = [way for way, bar in BARS.items() if _mean(own)[way] < bar]
    missed += ["innocent pairs"] if max(found.innocent for found in own) > INNOCENT else []
    missed += ["seconds"] if max(found.seconds for found in own) > SECONDS else []
    console.print(f"missed: {', '.join(missed)}" if missed else "every bar is met")
    return 1 if missed else 0


def _others(console: Console, students: int, scale: int) -> None:
    """Print what is found where thirty share a solution, and what a large class takes."""
    for count, web in ((students, WEB), *([(scale, 0)] if scale else [])):
        planted = planted_class(1, count, web=web)
        with tempfile.TemporaryDirectory() as folder:
            write(planted, Path(folder))
            found, groups = ours(planted, Path(folder))
        kinds = "  ".join(f"{way} {share:.0%}" for way, share in found.shares.items())
        console.print(
            f"{count} students{f', {web} with one solution of the web' if web else ''}: {found.seconds:.1f} s, "
            f"largest groups {groups[:5]}, innocent {found.innocent}, {kinds}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
