"""Selection: finds each function of the assignment in a submission, and gathers what it refers to."""

from __future__ import annotations

import ast
import difflib
import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cs231n.handin.choose import rank
from cs231n.handin.definitions import lines_of
from cs231n.handin.parse import REFUSALS, parse, without_warnings
from cs231n.handin.stubs import is_stub
from cs231n.sentences import joined, listed, sentence
from grading.submission.frameworks import framework_of_file, framework_of_function, message_on, note_on
from grading.submission.old_python import TRANSLATIONS
from grading.submission.units import STAR, Broken, Unit

# So many files are named in a note; nobody reads of thousands.
FILES_NAMED = 20
# From this ratio on two names are one with a slip of the pen, if one is no more letters longer than the other.
ALIKE, LETTERS = 0.85, 3
# Characters of a text that is no Python: it is only shown.
BROKEN_SHOWN = 20_000


class Wanted(Protocol):
    """What must be known of a function to find it: the records of assignments tell it."""

    @property
    def name(self) -> str:
        """Its canonical name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it is accepted, the canonical one first."""

    @property
    def file_pattern(self) -> re.Pattern[str]:
        """What the names of its notebook's files contain."""

    @property
    def provided(self) -> Collection[str]:
        """Globals that its notebook has made by then: the kit's own take their place."""

    @property
    def inputs(self) -> Collection[str]:
        """Those of them that hold what functions are given as arguments."""

    def is_loop_around(self, name: str) -> bool:
        """Whether one of its names is that of a loop, which may call the function by another of its names."""


@dataclass(frozen=True)
class Source:
    """One file of a submission, cut into units.

    `module` is the dotted name under which its notebooks can import it ("" for a notebook). `includes` are the labels
    of the files whose units count here as well, for it runs them.
    """

    label: str
    units: tuple[Unit, ...]
    broken: tuple[Broken, ...]
    module: str = ""
    includes: tuple[str, ...] = ()

    @functools.cached_property
    def binding(self) -> Mapping[str, Sequence[int]]:
        """For each name the numbers of the units that bind it, in their order."""
        return _binding_of(self.units)

    @functools.cached_property
    def holders(self) -> Mapping[str, Unit]:
        """For each name of a method the last class that has it, also for "Class.method".

        The latter of a class that is made of nothing: one that takes a target, say, is called in another way.
        """
        found: dict[str, Unit] = {}
        for unit in self.units:
            classes = () if "__init__" in unit.methods else sorted(unit.binds)
            for name in unit.methods:
                found |= dict.fromkeys((name, *(f"{holder}.{name}" for holder in classes)), unit)
        return found


@dataclass(frozen=True)
class Found:
    """Where a function was found, and the text that defines it and all it refers to.

    `state` is "filled", "stub", "broken" (it cannot be run: `message` says why) or "missing". `holder` is the
    class of which it is a method, or "". `others` are the other files that define it, each with its state there.
    `framework` is the one that it is written for, where that is not PyTorch.
    """

    function: str
    state: str
    defined_as: str | None = None
    file: str | None = None
    message: str = ""
    units: tuple[Unit, ...] = ()
    notes: tuple[str, ...] = ()
    holder: str = ""
    others: tuple[tuple[str, str], ...] = ()
    framework: str = ""


class Sources(tuple[Source, ...]):
    """The files of one submission; where there are thousands, most know nothing of a name, and are not asked for it."""

    @functools.cached_property
    def modules(self) -> Mapping[str, Source]:
        """The first file of each module, by the last part of its name."""
        return {source.module.rpartition(".")[2]: source for source in reversed(self) if source.module}

    @functools.cached_property
    def by_label(self) -> Mapping[str, Source]:
        """The first file of each label."""
        return {source.label: source for source in reversed(self)}

    def that_know(self, name: str) -> list[Source]:
        """Return the files in which something of a name is bound, a method, or broken."""
        return [self[number] for number in self._numbers.get(name, ())]

    @functools.cached_property
    def _numbers(self) -> Mapping[str, Sequence[int]]:
        numbers: dict[str, list[int]] = {}
        for number, source in enumerate(self):
            broken = (name for part in source.broken for name in part.names)
            for name in {*source.binding, *source.holders, *broken}:
                numbers.setdefault(name, []).append(number)
        return numbers


def find(function: Wanted, sources: Iterable[Source]) -> Found:
    """Find a function under any of its names.

    A filled one wins over an empty one, PyTorch over another framework, a fitting file over another, an original over
    a copy.

    Parameters
    ----------
    function : Wanted
        A record of it, such as an assignment's `Function`.
    sources : iterable of Source
        The files of one submission; as `Sources`, what is known of them serves for many functions.
    """
    files = sources if isinstance(sources, Sources) else Sources(sources)
    with without_warnings():
        candidates = [
            candidate
            for name in function.names
            for source in files.that_know(name)
            if (candidate := _candidate(function, name, source, files.modules)) is not None
        ]
    if not candidates:
        elsewhere = _notes_on_nested(function, files) or _notes_on_another_name(function, files)
        return Found(function.name, "missing", notes=elsewhere)
    best = min(candidates, key=lambda found: _rank(found, function))
    same = {best.file, *files.by_label[best.file or ""].includes}
    others = {c.file or "": c.state for c in reversed(candidates) if c.file not in same}
    if best.state == "filled" and (framework := _framework(best)):
        best = replace(best, state="broken", message=message_on(framework), framework=framework)
    translated = dict.fromkeys(key for unit in best.units for key in unit.translated)
    notes = [*(sentence(TRANSLATIONS[key]) for key in translated), *_inputs_of_the_notebook(best, function)]
    return replace(best, notes=tuple(notes), others=tuple(sorted(others.items())))


def _inputs_of_the_notebook(found: Found, function: Wanted) -> list[str]:
    """A function that looks at the notebook's pictures, not at those it is given, is right there and nowhere else."""
    definition = next((u for u in reversed(found.units) if found.defined_as in u.binds), None)
    used = sorted(definition.uses.intersection(function.inputs)) if definition else []
    return (
        [sentence("it uses {names} of the notebook instead of its arguments", names=listed(used))]
        if used
        else []
    )


def _notes_on_nested(function: Wanted, files: Iterable[Source]) -> tuple[str, ...]:
    """Say where a function that is missing stands too far to the right: inside another one."""
    nested = ((unit, name) for source in files for unit in source.units for name in unit.nested)
    note = (
        "{name} is defined inside {other} ({place}), where nothing else can call it: move its lines to the left, to "
        "the margin"
    )
    return tuple(
        sentence(note, name=name, other=min(unit.binds), place=unit.place)
        for unit, name in nested
        if name in function.names
    )[:1]


def _notes_on_another_name(function: Wanted, files: Iterable[Source]) -> tuple[str, ...]:
    """Ask whether a function that is missing stands under another name: nobody but the student can say so."""
    note = "{name} was not found: is {other} in {file} meant? Functions are found by the names that were handed out"
    return tuple(
        sentence(note, name=function.name, other=other, file=source.label)
        for source in files
        for other, numbers in sorted(source.binding.items())
        if any(_is_like(other, name) for name in function.names)
        and any(source.units[n].kind == "definition" and not source.units[n].methods for n in numbers)
    )[:1]


def _is_like(other: str, name: str) -> bool:
    """Whether one name is another but for a letter or two, or has its first words, or several of them."""
    words, theirs = name.casefold().split("_"), other.casefold().split("_")
    if len(words) == len(theirs):
        if abs(len(other) - len(name)) > LETTERS:
            return False
        return difflib.SequenceMatcher(None, other.casefold(), name.casefold()).ratio() >= ALIKE
    return set(theirs) < set(words) and (theirs[0] == words[0] or len(theirs) > 1)


def _rank(found: Found, function: Wanted) -> tuple[int | str, ...]:
    """Return what the choice goes by: the least wins."""
    alias = function.names.index(found.defined_as) if found.defined_as in function.names else 0
    foreign = _is_foreign(found)
    return rank(found.state, found.file or "", function.file_pattern, foreign=foreign, alias=alias)


def _is_foreign(found: Found) -> bool:
    """The course offers the notebooks for TensorFlow too, with functions of the same names."""
    named = re.search(r"tensor[ _-]?flow|[ _-]tf\b", found.file or "", re.IGNORECASE)
    return bool(named or _framework(found))


def _framework(found: Found) -> str:
    """Return the framework other than PyTorch that a function is written for; "" if it is written for none."""
    return framework_of_function(found.holder or found.defined_as, found.units)


def _candidate(function: Wanted, name: str, source: Source, modules: Mapping[str, Source]) -> Found | None:
    found = _defined(function, name, source)
    if found:
        # A loop that the course gives around the function calls it; then the loop is not the answer.
        calls_it = any(
            other in unit.uses for unit in found.units for other in function.names if other != name
        )
        return None if calls_it and function.is_loop_around(name) else found
    for number in reversed(source.binding.get(name, ())):
        if source.units[number].kind == "import":
            return _imported(function, name, source.units[number], modules)
    return _method(function, name, source)


def _defined(function: Wanted, name: str, source: Source) -> Found | None:
    for kind in ("definition", "assignment"):
        for number in reversed(source.binding.get(name, ())):
            if source.units[number].kind == kind:
                state = "stub" if is_stub(source.units[number].text) else "filled"
                units = _closure(name, source.units, source.binding, function.provided)
                return Found(function.name, state, name, source.label, units=units)
    for broken in source.broken:
        if name in broken.names:
            state = "stub" if broken.stub else "broken"
            message = sentence("{error}, in {place}", error=broken.message, place=broken.place)
            text = Unit(
                broken.text[:BROKEN_SHOWN],
                broken.place,
                "definition",
                frozenset(),
                frozenset(),
                line=broken.line,
            )
            return Found(function.name, state, name, source.label, message, (text,))
    return None


def _statement(unit: Unit) -> ast.stmt | None:
    """Return the tree of a unit; None, if Python takes it no more, now that it stands alone."""
    try:
        return parse(unit.text).body[0]
    except REFUSALS:
        return None


def _imported(function: Wanted, name: str, unit: Unit, modules: Mapping[str, Source]) -> Found | None:
    """Follow `from my_losses import my_loss as content_loss` to a module that was handed in."""
    statement = _statement(unit)
    if not isinstance(statement, ast.ImportFrom):
        return None
    original = next((a.name for a in statement.names if (a.asname or a.name) == name), "")
    module = (statement.module or "").rpartition(".")[2]
    if original in ("", name):
        return None  # under its own name it is a candidate of that file
    return _defined(function, original, modules[module]) if module in modules else None


def _method(function: Wanted, name: str, source: Source) -> Found | None:
    """Find it as a method of a class."""
    unit = source.holders.get(name)
    node = _statement(unit) if unit else None
    if unit is None or not isinstance(node, ast.ClassDef):
        return None
    own = name.rpartition(".")[2]
    method = next(inner for inner in node.body if getattr(inner, "name", None) == own)
    state = "stub" if is_stub(lines_of(method, unit.text)) else "filled"
    units = _closure(node.name, source.units, source.binding, function.provided)
    return Found(function.name, state, name, source.label, units=units, holder=node.name)


def closure(name: str, units: Sequence[Unit], without: Collection[str]) -> tuple[Unit, ...]:
    """Return the units that define `name` and, in turn, every global name they use, in their order.

    Of several definitions of a name the last one counts; imports and assignments of it all run, in order. Names in
    `without` are not followed: something else takes their place.
    """
    return _closure(name, units, _binding_of(units), without)


def _binding_of(units: Sequence[Unit]) -> dict[str, list[int]]:
    binding: dict[str, list[int]] = {}
    for number, unit in enumerate(units):
        for name in sorted(unit.binds):
            binding.setdefault(name, []).append(number)
    return binding


def _closure(
    name: str, units: Sequence[Unit], binding: Mapping[str, Sequence[int]], without: Collection[str]
) -> tuple[Unit, ...]:
    chosen = set(binding.get(STAR, ()))
    pending = [name]
    followed = set(without)
    while pending:
        wanted = pending.pop()
        if wanted in followed:
            continue
        followed.add(wanted)
        for number in _taking_part(binding.get(wanted, ()), units):
            if number not in chosen:
                chosen.add(number)
                pending.extend(units[number].uses)
    return tuple(units[number] for number in sorted(chosen))


def _taking_part(numbers: Sequence[int], units: Sequence[Unit]) -> list[int]:
    """Return those of the units binding a name that take part: from its last plain definition on."""
    definitions = [n for n in numbers if units[n].kind == "definition"]
    return [n for n in numbers if not definitions or n >= definitions[-1]]


def notes_on_files(found: Sequence[Found], sources: Sequence[Source]) -> list[str]:
    """Say which file was graded where several define one, which is for another framework, which was cut off.

    "graded Style.ipynb; Style-Copy1.ipynb holds only stubs".
    """
    return [*_notes_on_others(found), *_notes_on_frameworks(found, sources), *_notes_on_limits(sources)]


def _notes_on_limits(sources: Sequence[Source]) -> list[str]:
    unread = [source for source in sources if any(broken.unread for broken in source.broken)]
    return [
        sentence(
            "{file} holds more text than is looked through: what stands in its last cells, or is no Python, may not "
            "have been found; hand in only your own work",
            file=source.label,
        )
        for source in unread[:FILES_NAMED]
    ]


def _notes_on_frameworks(found: Sequence[Found], sources: Sequence[Source]) -> list[str]:
    whole = {source.label: framework_of_file(source.units) for source in sources}
    foreign: dict[str, set[str]] = {}
    for one in found:
        if one.file and (framework := one.framework or whole.get(one.file, "")):
            foreign.setdefault(framework, set()).add(one.file)
    return [note_on(framework, sorted(files)[:FILES_NAMED]) for framework, files in sorted(foreign.items())]


def _notes_on_others(found: Sequence[Found]) -> list[str]:
    beside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in found:
        for file, state in one.others if one.file else ():
            beside.setdefault((one.file or "", file), []).append((one.function, state))
    notes: dict[str, list[str]] = {}
    for (graded, other), defined in beside.items():
        if len(notes.get(graded, ())) == FILES_NAMED:
            notes[graded].append(sentence("and more files"))
        if len(notes.get(graded, ())) > FILES_NAMED:
            continue
        if all(state == "stub" for _, state in defined):
            notes.setdefault(graded, []).append(sentence("{file} holds only stubs", file=other))
        else:
            names = ", ".join(name for name, state in defined if state != "stub")
            notes.setdefault(graded, []).append(
                sentence("{file} defines {names} as well", file=other, names=names)
            )
    return [
        joined([sentence("graded {file}", file=graded), *others], "; ") for graded, others in notes.items()
    ]
