"""Invented classes as platforms hand them out, by seed: the path of each file, and who wrote it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST = [
    "Ada",
    "Grace",
    "Alan",
    "Anna-Lena",
    "José",
    "Núria",
    "张伟",
    "Ann_Marie",
    "O'Neil",
    "van der",
    "Ada",
    "Émile",
]
LAST = [
    "Lovelace",
    "Hopper",
    "Turing",
    "de la Cruz",
    "Müller",
    "Smith-Jones",
    "Lovelace",
    "Ng",
    "D_Arcy",
    "Ωmega",
]
NOTEBOOKS = ["StyleTransfer.ipynb", "NetworkVisualization.ipynb"]
# What students call what they hand in: also like other layouts, and like parts of a class.
OWN_NAMES = [
    *NOTEBOOKS,
    "Style Transfer (1).ipynb",
    "StyleTransfer-Copy1.ipynb",
    "NetworkVisualization_final.ipynb",
    "hw3.zip",
    "assignment3.tar.gz",
    "StyleTransfer.ipynb.txt",
    "grace_12_345_x.ipynb",
    "report.pdf",
    "solution_attempt_2026-01-02-03-04-05_x.ipynb",
]


@dataclass
class Invented:
    """A class: what lies in it, whose it is, and who has handed in nothing that counts."""

    layout: str
    files: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)  # of earlier attempts


@dataclass(frozen=True)
class Invitee:
    number: int
    first: str
    last: str

    @property
    def owner(self) -> str:
        return f"owner-{self.number}"

    @property
    def login(self) -> str:
        return f"u{self.number}_x" if self.number % 3 == 0 else f"u{self.number}"


def _add(into: Invented, label: str, owner: str) -> None:
    into.owners.add(owner)
    into.files.setdefault(label, owner)


def moodle(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    flat, slash = rng.random() < 0.5, rng.choice(["", "_"])
    blind = rng.random() < 0.2
    for one in people:
        name = f"Participant {one.number}" if blind else f"{one.first} {one.last}"
        start = f"{name}_{1000 + one.number}_assignsubmission_"
        for file in _own(rng):
            _add(into, f"{start}file_{file}" if flat else f"{start}file{slash}/{file}", one.owner)
        if rng.random() < 0.3:
            text = (
                f"{start}onlinetext_onlinetext.html" if flat else f"{start}onlinetext{slash}/onlinetext.html"
            )
            _add(into, text, one.owner)


def canvas(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    anonymous = rng.random() < 0.2
    for one in people:
        name = "".join(c for c in f"{one.last}{one.first}" if c.isalnum() or c == "_").lower()
        late = rng.choice(["", "LATE_"])
        start = f"{late}anon_{one.number:05d}" if anonymous else f"{name}_{late}{10000 + one.number}"
        if rng.random() < 0.1:
            _add(into, f"{start}_text.html", one.owner)
            continue
        for place, file in enumerate(_own(rng)):
            _add(into, f"{start}_{70000 + 10 * one.number + place}_{file}", one.owner)


def blackboard(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    assignment = rng.choice(["Assignment 3", "HW_3_final", "A3"])
    for one in people:
        for attempt in range(attempts := rng.choice([1, 1, 1, 3])):
            start = f"{assignment}_{one.login}_attempt_2026-01-{10 + attempt}-12-00-00"
            _add(into, f"{start}.txt", one.owner)
            for file in NOTEBOOKS:
                _add(into, f"{start}_{file}", one.owner)
                if attempt + 1 < attempts:
                    into.replaced |= {f"{start}_{file}", f"{start}.txt"}


def brightspace(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    between = rng.choice(["/", " - "])
    into.files["index.html"] = ""
    for one in people:
        moments = ["Jan 5, 2026 1023 AM", "Feb 1, 2026 1201 AM", "Feb 1, 2026 1215 PM"][
            : rng.choice([1, 1, 3])
        ]
        for moment in moments:
            label = (
                f"{1000 + one.number}-77 - {one.first} {one.last} - {moment}{between}{rng.choice(NOTEBOOKS)}"
            )
            _add(into, label, one.owner)
            if moment != moments[-1]:
                into.replaced.add(label)


def sakai(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    into.files["grades.csv"] = ""
    for one in people:
        start = f"{one.last}, {one.first}({one.login})"
        _add(into, f"{start}/timestamp.txt", one.owner)
        for file in _own(rng):
            _add(into, f"{start}/Submission attachment(s)/{file}", one.owner)


def ilias(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    for one in people:
        start = f"{one.last.replace('_', '')}_{one.first.replace('_', '')}_{one.login}_{1000 + one.number}"
        for file in _own(rng):
            _add(into, f"{start}/{file}", one.owner)


def gradescope(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    lines = ["---"]
    for one in people:
        quoted = f"{one.first} {one.last}".replace("'", "''")
        lines += [f"submission_{one.number}:", "  :submitters:", f"  - :name: '{quoted}'"]
        lines += [f"    :sid: '{one.number:08d}'", f"    :email: {one.login}@school.edu", "  :score: 3.0"]
        for file in _own(rng):
            _add(into, f"submission_{one.number}/{file}", one.owner)
    into.files["submission_metadata.yml"] = "\n".join(lines)


def nbgrader(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    for one in people:
        _add(into, f"{one.login}/assignment3/timestamp.txt", one.owner)
        for file in _own(rng):
            _add(into, f"{one.login}/assignment3/{file}", one.owner)


def folders(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    """Students' folders hold folders of any names, those of other students among them."""
    names = [f"{one.first} {one.last} {one.number}" for one in people]
    for one, name in zip(people, names, strict=True):
        within = rng.choice(["", "", "assignment3/", "a/b/c/", f"{rng.choice(names)}/", "submitted/ada/a3/"])
        for file in {NOTEBOOKS[0], *_own(rng)}:
            _add(into, f"{name}/{within}{file}", one.owner)
        if rng.random() < 0.1:
            for other in names:
                _add(into, f"{name}/all/{other}/{NOTEBOOKS[0]}", one.owner)
    if rng.random() < 0.5:
        into.folders.append("nobody 999")
        into.owners.add("")


def github(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    for one in people:
        for file in (*NOTEBOOKS, "README.md", "cs231n/helper.py"):
            _add(into, f"assignment3-{one.login}/{file}", one.owner)


def by_name(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    form = rng.choice(["{notebook}_{name}.ipynb", "{name}_{notebook}.ipynb", "{name} - {notebook}.ipynb"])
    for one in people:
        for notebook in ("StyleTransfer", *rng.sample(["NetworkVisualization"], rng.randint(0, 1))):
            name = f"{one.first} {one.last} {10000 + one.number}"
            _add(into, form.format(notebook=notebook, name=name), one.owner)


def archives(rng: random.Random, people: list[Invitee], into: Invented) -> None:
    for one in people:
        suffix = rng.choice([".zip", ".ZIP", ".rar", ".7z", ".tar.gz", ".ipynb", ".ipynb.txt"])
        _add(into, f"{one.first}{one.last}{one.number}{suffix}", one.owner)


LAYOUTS: tuple[Callable[[random.Random, list[Invitee], Invented], None], ...] = (
    moodle,
    canvas,
    blackboard,
    brightspace,
    sakai,
    ilias,
    gradescope,
    nbgrader,
    folders,
    github,
    by_name,
    archives,
)


def _own(rng: random.Random) -> list[str]:
    return rng.sample(OWN_NAMES, rng.randint(1, 4))


def invented(seed: int) -> Invented:
    """Return the class of a seed."""
    rng = random.Random(seed)
    layout = LAYOUTS[seed % len(LAYOUTS)]
    people = [
        Invitee(n, rng.choice(FIRST), rng.choice(LAST)) for n in rng.sample(range(1, 900), rng.randint(3, 12))
    ]
    found = Invented(layout.__name__)
    layout(rng, people, found)
    platform = layout not in (folders, by_name, archives, nbgrader, github)
    if platform and rng.random() < 0.3:
        _add(found, "mailed later StyleTransfer.ipynb", "owner-mailed")
    if platform and rng.random() < 0.3:  # what a download has around everything
        found.files = {f"Assignment 3 download/{label}": owner for label, owner in found.files.items()}
        found.replaced = {f"Assignment 3 download/{label}" for label in found.replaced}
    return found
