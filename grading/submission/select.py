"""Finds each asked function in a submission, and gathers what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grading.submission.names import FILE_PATTERNS, names_of
from grading.submission.stubs import is_stub
from grading.submission.units import STAR, Broken, Unit

# Globals that the course's notebook has made by then; the kit's own take their place.
PROVIDED = frozenset({"model", "cnn", "X", "y", "X_tensor", "y_tensor", "class_names", "dtype", "device", "answers"})


@dataclass(frozen=True)
class Source:
    """One file of a submission, cut into units.

    `module` is the dotted name under which its notebooks can import it ("" for a notebook).
    """

    label: str
    units: tuple[Unit, ...]
    broken: tuple[Broken, ...]
    module: str = ""


@dataclass(frozen=True)
class Found:
    """Where a function was found, and the text that defines it and all it refers to.

    `state` is "filled", "stub", "broken" (its text does not parse: `message` says why) or "missing".
    """

    function: str
    state: str
    defined_as: str | None = None
    file: str | None = None
    message: str = ""
    units: tuple[Unit, ...] = ()
    notes: tuple[str, ...] = field(default=())


def find(function: str, notebook: str, sources: Sequence[Source]) -> Found:
    """Find a function under any of its names; a filled one wins over an empty one, a fitting file over another.

    Parameters
    ----------
    function : str
        Its canonical name.
    notebook : str
        The notebook that asks for it.
    sources : sequence of Source
        The files of one submission.
    """
    candidates = [
        candidate
        for source in sources
        for name in names_of(function)
        if (candidate := _candidate(function, name, source)) is not None
    ]
    if not candidates:
        return Found(function, "missing")
    order = {"filled": 0, "broken": 1, "stub": 2}
    fitting = FILE_PATTERNS[notebook]

    def rank(found: Found) -> tuple[int, int]:
        return order[found.state], 0 if fitting.search(found.file or "") else 1

    best = min(candidates, key=rank)
    others = [c.file for c in candidates if c.file != best.file and rank(c)[0] == order["stub"]]
    others += [
        c.file for c in candidates if c.file != best.file and c.state == "filled" and best.state == "filled"
    ]
    notes = [
        f"graded {best.file}; {other} "
        + ("holds only the stub" if other in _stub_files(candidates) else "defines it as well")
        for other in dict.fromkeys(others)
        if best.state == "filled"
    ]
    return Found(function, best.state, best.defined_as, best.file, best.message, best.units, tuple(notes))


def _stub_files(candidates: Iterable[Found]) -> set[str | None]:
    return {c.file for c in candidates if c.state == "stub"}


def _candidate(function: str, name: str, source: Source) -> Found | None:
    for unit in reversed(source.units):
        if unit.kind == "definition" and name in unit.binds:
            state = "stub" if _stub(unit) else "filled"
            return Found(function, state, name, source.label, units=closure(name, source.units))
    for unit in reversed(source.units):
        if unit.kind == "assignment" and name in unit.binds:
            return Found(function, "filled", name, source.label, units=closure(name, source.units))
    for broken in source.broken:
        if name in broken.names:
            return Found(function, "broken", name, source.label, f"{broken.message}, in {broken.place}")
    return None


def _stub(unit: Unit) -> bool:
    try:
        return is_stub(unit.source)
    except (SyntaxError, ValueError, RecursionError):
        return False


def closure(name: str, units: Sequence[Unit], without: frozenset[str] = frozenset()) -> tuple[Unit, ...]:
    """Return the units that define `name` and, in turn, every global name they use, in their order.

    Of several definitions of a name the last one counts; imports and assignments of it all run, in order. Names the
    course's notebook provides and those in `without` are not followed.
    """
    by_name: dict[str, list[int]] = {}
    for number, unit in enumerate(units):
        for bound in unit.binds:
            by_name.setdefault(bound, []).append(number)
    chosen = set(by_name.get(STAR, ()))
    pending = [name]
    followed = set(PROVIDED) | without
    while pending:
        wanted = pending.pop()
        if wanted in followed:
            continue
        followed.add(wanted)
        for number in _binding(by_name.get(wanted, []), units):
            if number not in chosen:
                chosen.add(number)
                pending.extend(units[number].uses)
    for number in list(chosen):
        pending.extend(units[number].uses)
    return tuple(units[number] for number in sorted(chosen))


def _binding(numbers: list[int], units: Sequence[Unit]) -> list[int]:
    """Return those of the units binding a name that take part: from its last plain definition on."""
    definitions = [n for n in numbers if units[n].kind == "definition"]
    return [n for n in numbers if not definitions or n >= definitions[-1]]
