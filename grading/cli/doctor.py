"""The command `doctor`: grades the attacks beside an honest class, and tells what this machine enforces."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from cs231n.datasets.registry import cache_dir
from cs231n.language import said, shown
from cs231n.sentences import as_sentence, joined, sentence
from grading.assignments.example_class import EXAMPLES
from grading.attacks.attack import Attack, Hostile
from grading.attacks.loading import LOADING
from grading.attacks.table import ATTACKS, write_attack
from grading.classroom.reading import dismiss
from grading.classroom.worker import grade_submission, use_one_thread
from grading.cli.terminal import escape, marked_up
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.locations import KIT, TOP_LEVEL
from grading.notebooks.fill import write_class
from grading.results.definition import Result
from grading.sandbox import Limits, Sandbox
from grading.sandbox.cgroup import Groups
from grading.sandbox.isolation import WALLS, landlock_version, strongest, why_not
from grading.sandbox.shared.process_tree import Member, family, own_memory, processes
from grading.submission.handed_in import Submission
from grading.verdict.private_cache import FOLDER

# Attacks that hang are given up sooner than a student's work is.
LIMITS = Limits(call_cpu_seconds=2, call_wall_seconds=8, function_cpu_seconds=20, submission_seconds=15)
SEED = "doctor"
INNOCENT = "right_in_formulas"  # of the example class
# What an isolation promises; the rest is tried all the same, and told.
PROMISED = {"process": frozenset({"verdicts", "time", "loading", "the class beside", "the sandbox goes on"})}
AFTERWARDS = (
    sentence("the class beside"),
    sentence("processes left"),
    sentence("files outside"),
    sentence("the sandbox goes on"),
)
MEMORY_BACK_MB = 64
MARK = "left-behind"


@dataclass(frozen=True)
class Outcome:
    """How one attack ended, and what is wrong with that ("" if it got its verdict)."""

    name: str
    wall: str
    tries: str
    wrong: str


@dataclass(frozen=True)
class Examination:
    """All that was found."""

    isolation: str
    outcomes: tuple[Outcome, ...]

    @property
    def missing(self) -> list[Outcome]:
        """Outcomes that break a promise of the isolation."""
        promised = PROMISED.get(self.isolation)
        return [o for o in self.outcomes if o.wrong and (promised is None or o.wall in promised)]


def examine(
    isolation: str,
    jobs: int,
    progress: Callable[[str], None] = lambda _: None,
    names: Iterable[str] | None = None,
) -> Examination:
    """Grade the attacks (those of `names`, or all) and an honest submission between them.

    Parameters
    ----------
    isolation : {"bubblewrap", "landlock", "process"}
    jobs : int
        How many submissions are graded at a time.
    progress : callable
        Called with the name of each attack that has been graded.
    names : iterable of str, optional

    Returns
    -------
    Examination
        An outcome for each attack, and for each thing looked at afterwards.
    """
    wanted = set(names) if names is not None else None
    chosen: list[Attack | Hostile] = [*ATTACKS, *LOADING]
    if wanted is not None:
        chosen = [attack for attack in chosen if attack.name in wanted]
    with (
        tempfile.TemporaryDirectory(prefix="doctor-") as folder,
        Sandbox(isolation, LIMITS, hidden=HIDDEN_FROM_CHILDREN) as sandbox,
    ):
        use_one_thread()
        sandbox.expect_many()
        submissions = [(attack, _submission(attack, Path(folder))) for attack in chosen]
        innocent = _innocent(Path(folder))
        alone = _graded(innocent, sandbox)
        before, used = _files(), _memory(sandbox)
        outcomes, beside = _grade(submissions, innocent, sandbox, jobs, progress)
        again = _graded(innocent, sandbox)
        found = {
            "the class beside": ""
            if all(one == alone for one in beside)
            else sentence("an honest submission was graded differently"),
            "the sandbox goes on": _goes_on(alone == again, used, _memory(sandbox)),
            "processes left": _processes_left(),
            "files outside": _changed(before, _files()),
        }
    afterwards = (Outcome("", wall, "", found[wall]) for wall in AFTERWARDS)
    return Examination(isolation, (*outcomes, *afterwards))


def _innocent(folder: Path) -> Submission:
    write_class(folder, [example for example in EXAMPLES if example.name == INNOCENT])
    return Submission("innocent", folder / INNOCENT)


def _submission(attack: Attack | Hostile, folder: Path) -> Submission:
    if isinstance(attack, Attack):
        return Submission(attack.name, write_attack(attack, folder).parent)
    path = folder / attack.name
    path.mkdir()
    attack.make(path)
    return Submission(attack.name, path)


def _graded(submission: Submission, sandbox: Sandbox) -> Result:
    return grade_submission(submission, SEED, sandbox).result


def _grade(
    submissions: list[tuple[Attack | Hostile, Submission]],
    innocent: Submission,
    sandbox: Sandbox,
    jobs: int,
    progress: Callable[[str], None],
) -> tuple[list[Outcome], list[Result]]:
    """Return the outcomes, and what an honest submission got between every ten of the hostile ones."""
    with ThreadPoolExecutor(jobs) as pool:
        futures: dict[Any, Attack | Hostile | None] = {}
        for number, (attack, submission) in enumerate(submissions):
            futures[pool.submit(_graded, submission, sandbox)] = attack
            if number % 10 == 5:
                futures[pool.submit(_graded, innocent, sandbox)] = None
        outcomes: dict[str, Outcome] = {}
        beside: list[Result] = []
        for future in as_completed(futures):
            tried = futures[future]
            if tried is None:
                beside.append(future.result())
                continue
            wrong = _wrong(tried, future.result())
            outcomes[tried.name] = Outcome(tried.name, tried.wall, tried.tries, wrong)
            progress(tried.name)
    return [outcomes[attack.name] for attack, _ in submissions], beside


def _wrong(attack: Attack | Hostile, result: Result) -> str:
    """Return in what a result differs from the declared verdict."""
    if isinstance(attack, Hostile):
        expected = {f.name: attack.expected.get(f.name, "missing") for f in result.functions}
    else:
        others = attack.status if attack.everywhere else "correct"
        expected = {f.name: others for f in result.functions if f.notebook == attack.notebook}
        expected[attack.function] = attack.status
    got = {function.name: str(function.status) for function in result.functions}
    # Several limits stand in the way of some attacks: on a busy machine, time may end first.
    if isinstance(attack, Attack) and attack.category == "exhausting" and attack.status == "error":
        expected[attack.function] = "timeout" if got[attack.function] == "timeout" else "error"
    differing = [
        sentence("{name} is {got}, not {asked}", name=name, got=sentence(got[name]), asked=sentence(status))
        for name, status in expected.items()
        if got[name] != status
    ]
    return joined(differing, "; ")


def _files() -> dict[str, tuple[int, int]]:
    """Return size and time of change of what must stay as it is: the kit, the cache, the top of temporary folders."""
    found = {}
    for top in (KIT / "grading", KIT / "cs231n", TOP_LEVEL / "datasets", KIT / "notebooks", cache_dir()):
        for path in top.rglob("*"):
            ours = (
                "__pycache__" in path.parts or path.parent == cache_dir() / FOLDER
            )  # the grader writes them itself
            if not ours and path.is_file():
                found[str(path)] = (path.stat().st_size, path.stat().st_mtime_ns)
    for top in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()):
        with contextlib.suppress(OSError):
            found.update({str(path): (0, 0) for path in top.iterdir() if MARK in path.name})
    return found


def _changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> str:
    """Name what is not as it was; files that an attack left behind are removed again."""
    paths = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    for path in paths:
        if MARK in Path(path).name and path not in before:
            with contextlib.suppress(OSError):
                Path(path).unlink()
    if not paths:
        return ""
    first = ", ".join(sorted(paths)[:3])
    return sentence("changed: {paths} (were they edited meanwhile? then run it again)", paths=first)


def _members(sandbox: Sandbox) -> list[Member]:
    return family(sandbox.pid, processes())


def _memory(sandbox: Sandbox) -> int:
    dismiss(sandbox)
    return own_memory(_members(sandbox)) >> 20


def _goes_on(same: bool, used: int, uses: int) -> str:
    if not same:
        return sentence("after the attacks an honest submission is graded differently")
    more = uses > used + MEMORY_BACK_MB
    return sentence("it used {used} MB, now {uses} MB", used=used, uses=uses) if more else ""


def _processes_left() -> str:
    """Look for the process that an attack leaves behind, and end it."""
    left = [pid for pid in processes() if _name_of(pid) == MARK]
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    return sentence("{count} still ran", count=len(left)) if left else ""


def _name_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def doctor_command(isolation: str | None, jobs: int) -> int:
    """Examine this machine and print a table. Returns the exit status: 1 if a promised wall is missing.

    Of the isolations the strongest that is possible, if none is named.
    """
    console = Console()
    reasons = [why_not(walls) for walls in ([isolation] if isolation else WALLS)]
    if all(reasons):
        console.print(_machine(isolation or WALLS[0]))
        why = "; ".join(map(shown, reasons))
        console.print(marked_up("[red]no wall can be put up here[/]: {why}", why=why))
        console.print(said("nothing was tested; `--isolation process` shows what holds without walls"))
        return 1
    isolation = isolation or strongest()
    console.print(_machine(isolation))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(said("attacking"), total=len(ATTACKS) + len(LOADING))
        examination = examine(isolation, jobs, lambda _: bar.advance(task))
    console.print(_table(examination))
    console.print(_summary(examination))
    return 1 if examination.missing else 0


def _machine(isolation: str) -> str:
    groups = Groups()
    groups.close()
    return said(
        "isolation {isolation}, started by {user}, bubblewrap {bubblewrap}, Landlock version {landlock}, {platform}; "
        "memory and processes are counted by {counted}",
        isolation=escape(isolation),
        user=sentence("root") if os.getuid() == 0 else sentence("an ordinary user"),
        bubblewrap=sentence("found") if shutil.which("bwrap") else sentence("not installed"),
        landlock=landlock_version(),
        platform=platform.platform(),
        counted=sentence("control groups (version {version}) and a watch", version=groups.version)
        if groups.version
        else sentence("a watch alone"),
    )


def _walls(examination: Examination) -> Iterator[tuple[str, list[Outcome]]]:
    for wall in dict.fromkeys(outcome.wall for outcome in examination.outcomes):
        yield wall, [outcome for outcome in examination.outcomes if outcome.wall == wall]


def _table(examination: Examination) -> Table:
    table = Table(
        *(
            Column(heading, overflow="fold")
            for heading in (said("wall"), "", said("attacks"), said("what went through"))
        ),
        box=None,
        padding=(0, 2),
        title_justify="left",
    )
    for wall, outcomes in _walls(examination):
        through = [outcome for outcome in outcomes if outcome.wrong]
        if not through:
            verdict = marked_up("[green]enforced[/]")
        elif any(outcome in examination.missing for outcome in through):
            verdict = marked_up("[red]NOT ENFORCED[/]")
        else:
            verdict = marked_up("[yellow]not enforced[/]")
        told = [_told(outcome) for outcome in through]
        count = sum(1 for outcome in outcomes if outcome.name)
        table.add_row(said(wall), verdict, str(count or ""), escape("\n".join(told)))
    return table


def _told(outcome: Outcome) -> str:
    wrong = as_sentence(outcome.wrong)
    if not outcome.name:
        return shown(wrong)
    tries = sentence(outcome.tries)
    return said("{name} ({wrong}): tries to {tries}", name=outcome.name, wrong=wrong, tries=tries)


def _summary(examination: Examination) -> str:
    walls = dict(_walls(examination))
    standing = sum(1 for outcomes in walls.values() if not any(outcome.wrong for outcome in outcomes))
    counts = {"standing": standing, "walls": len(walls)}
    if examination.missing:
        return marked_up(
            "[bold red]{standing} of {walls} walls stand; do not grade strangers' work here[/]", **counts
        )
    if standing < len(walls):
        return marked_up(
            "[bold yellow]{standing} of {walls} walls stand: all that isolation {isolation} promises; grade work you "
            "trust[/]",
            **counts,
            isolation=examination.isolation,
        )
    return marked_up("[bold green]{standing} of {walls} walls stand[/]", **counts)
