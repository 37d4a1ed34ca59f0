"""What one hostile submission costs the class beside it: seconds and memory, each kind beside a class of thirty.

    python -m benchmarks.front_door [KIND ...] [--size N]

The class is graded without it first, in the same run; `nobody` grades it so once more and shows how much two runs of
the same differ. The last rows are archives of a class that hold such a submission, or are meant to fill disk and
memory themselves. Exit status 1 if one of them takes ten seconds longer than the class alone, if the grader itself ever
takes more than 1.5 GB, if a result beside it changes, or if nothing says what is wrong with the hostile one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.grading import KIT, environment, make_class
from benchmarks.measured import Cost, measured
from grading.attacks.loading import LOADING

SIZE, SECONDS, MEMORY_MB = 30, 10, 1536
KINDS = (
    "zip_abs", "zip_duplicates", "zip_ids", "zip_impersonates", "zip_outside", "zip_bomb", "zip_bomb_nested",
    "lying_zip", "bad_deflate", "looks_like_class", "redos_64k", "marks_bomb", "units_30k", "magics_500",
    "link_to_zip", "many_files",
)  # fmt: skip
# What is right in these is graded in full: there may be nothing to say.
RIGHT = frozenset(attack.name for attack in LOADING if attack.expected)
HOSTILE = "hostile"
# So many people are in the archive that is a bomb.
BOMBS = 200
Write = Callable[[Path], None]


@dataclass(frozen=True)
class Graded:
    """A graded class: what it cost, each innocent's result by name, and the notes on the hostile one."""

    cost: Cost
    results: dict[str, bytes]
    notes: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--size", type=int, default=SIZE)
    asked = parser.parse_args()
    console, failed = Console(), 0
    with tempfile.TemporaryDirectory(prefix="front-door-") as temporary:
        folder = Path(temporary)
        make_class(folder / "class", asked.size)
        alone = graded(folder, folder / "class")
        console.print(f"{asked.size} alone: {alone.cost.seconds:.1f} s, the grader {alone.cost.own_mb} MB")
        console.print(
            f"{'beside':20} {'seconds':>8} {'longer':>7} {'ratio':>6} {'grader':>8} {'all':>8}  said"
        )
        for kind, one in beside(folder, asked.kinds):
            wrong = problems(kind, one, alone)
            failed += bool(wrong)
            said = "; ".join([*wrong, *one.notes])[:200]
            console.print(
                f"{kind:20} {figures(one.cost, alone.cost)}  {said}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    return 1 if failed else 0


def beside(folder: Path, kinds: list[str]) -> Iterator[tuple[str, Graded]]:
    """Yield the class graded beside each kind."""
    if not kinds or "nobody" in kinds:
        yield "nobody", graded(folder, folder / "class")
    makes = {attack.name: attack.make for attack in LOADING}
    hostile = folder / "class" / HOSTILE
    for kind in KINDS:
        if not kinds or kind in kinds:
            made = folder / "made" / kind  # what one of them links to lies beside it
            made.mkdir(parents=True)
            makes[kind](made)
            made.rename(hostile)
            yield kind, graded(folder, folder / "class")
            hostile.rename(folder / f"was-{kind}")
    for kind, write in ARCHIVES.items():
        if not kinds or kind in kinds:
            write(folder)
            yield kind, graded(folder, folder / "class.zip")


def graded(folder: Path, what: Path) -> Graded:
    """Grade a class; an archive that is refused has no results, and the last words say why."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = [sys.executable, "-m", "grading", "grade", str(what), "--out", out, "--seed", "demo"]
        log = folder / "log"
        cost = measured([*command, "--jobs", "2", "--class"], KIT, environment(), log, (0, 1, 2))
        results = {path.stem: path.read_bytes() for path in (Path(out) / "results").glob("*.json")}
        hostile = [name for name in sorted(results) if name.startswith(HOSTILE)]
        notes = [json.loads(results.pop(name))["notes"] for name in hostile]
        said = log.read_text(encoding="utf-8", errors="replace").split("\n\n")
    if not hostile and not results:
        return Graded(cost, {}, (" ".join(said[-1].split()),))
    return Graded(cost, results, tuple("; ".join(its) for its in notes if its))


def figures(cost: Cost, alone: Cost) -> str:
    longer, ratio = cost.seconds - alone.seconds, cost.seconds / alone.seconds
    memory = f"{cost.own_mb:5} MB {cost.pss_mb:5} MB"
    return f"{cost.seconds:8.1f} {longer:+7.1f} {ratio:6.2f} {cost.cpu_seconds:8.1f} {memory}"


def problems(kind: str, one: Graded, alone: Graded) -> list[str]:
    """Return what is not as it must be."""
    found = []
    if one.cost.seconds > alone.cost.seconds + SECONDS:
        found.append("TOO LONG")
    if one.cost.own_mb > MEMORY_MB:
        found.append("TOO LARGE")
    if one.results and one.results != alone.results:
        found.append("ANOTHER RESULT CHANGED")
    if kind not in {*RIGHT, "nobody"} and len(one.notes) < (BOMBS if kind == "class_bomb.zip" else 1):
        found.append("NOTHING SAID")
    return found


def _class_with_a_bomb_in_it(folder: Path) -> None:
    """An archive of the class, in which one student's archive is a bomb."""
    (folder / "bomb").mkdir(exist_ok=True)
    next(attack for attack in LOADING if attack.name == "zip_bomb_nested").make(folder / "bomb")
    with zipfile.ZipFile(folder / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((folder / "class").rglob("*.ipynb")):
            archive.write(path, path.relative_to(folder / "class"))
        archive.write(folder / "bomb" / "work.zip", f"{HOSTILE}/work.zip")


def _class_that_is_a_bomb(folder: Path) -> None:
    """An archive of some kilobytes that grows to 20 GB."""
    with zipfile.ZipFile(folder / "class.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(BOMBS):
            with archive.open(f"{HOSTILE}{number}/StyleTransfer.ipynb", "w") as member:
                for _ in range(2):
                    member.write(bytes(50 << 20))


ARCHIVES: dict[str, Write] = {
    "class_with_bomb.zip": _class_with_a_bomb_in_it,
    "class_bomb.zip": _class_that_is_a_bomb,
}

if __name__ == "__main__":
    raise SystemExit(main())
