"""A class with planted copies, as results and evidence: nothing of it is run, its labels say what was observed.

Students are put together from examples that others wrote (`examples/` of the rooms, `benchmarks/unseen/`): another one
for each function, some much more often than others, right ones in the stub as it is handed out. Each student has own
names, comments and spaces; a fifth keep close to the hints, so that they are alike in most functions without having
worked together. A copy is made of another student's functions in one of five ways (`WAYS`).
"""

from __future__ import annotations

import ast
import functools
import random
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rewritten import own_way, renamed, reordered, restructured
from grading.assignments.registry import notebook_named, rubric
from grading.assignments.vocabulary.example import cells_in
from grading.notebooks.clear_solutions import CODE_STUB
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, Grader, Result
from grading.results.evidence import Array, Attempt, Call, Evidence, FunctionEvidence, Piece
from grading.similar.given import released_cells

UNSEEN = Path(__file__).parent / "unseen"
# 72 of a hundred functions in public repositories are right.
RIGHT, CLOSE_TO_HINTS = 0.72, 0.2
COMMENTS = (
    "forward pass", "get the scores", "compute the gradient", "backward", "take the max", "sum over all",
    "reshape first", "update", "normalize", "not sure about this", "loop over layers", "check shape",
    "as in the lecture", "TODO clean up", "the loss", "now the other direction", "(N, C, H*W)", "zero the gradient",
    "this took me hours", "same as above", "stop if fooled", "element wise", "use the hint", "squared differences",
)  # fmt: skip
WORDS = [
    "s",
    "t",
    "out",
    "res",
    "result",
    "tmp",
    "val",
    "g",
    "grad",
    "grads",
    "score",
    "scores",
    "logits",
    "pred",
    "correct",
    "loss",
    "total",
    "acc",
    "a",
    "b",
    "d",
    "h",
    "w",
    "k",
    "v",
    "cur",
    "prev",
    "first",
    "second",
    "left",
    "right",
    "rows",
    "cols",
    "up",
    "down",
    "diff1",
    "diff2",
    "dx",
    "dy",
    "feat",
    "feats",
    "flat",
    "mat",
    "prod",
    "gram",
    "norm",
    "step",
    "lr_step",
    "reg",
    "idx",
    "index",
    "best",
    "label",
    "cls",
    "picture",
    "inp",
    "x_new",
    "y_hat",
    "o",
    "sal",
    "m",
    "mx",
    "mask",
    "err",
    "e1",
    "e2",
    "part",
    "piece",
    "item",
    "layer",
    "target",
    "wgt",
]


@dataclass(frozen=True)
class Solution:
    """An example: its text, the ids of its mistakes ("" for none)."""

    source: str
    mistakes: str


@dataclass(frozen=True)
class Student:
    """Functions as handed in: the text and the mistakes of each, the cell it stands in."""

    functions: Mapping[str, Solution]
    cells: Mapping[str, int]


@dataclass(frozen=True)
class Planted:
    """A class, and which pairs of it are no accident: (source, copy) -> in which way."""

    students: Sequence[Student]
    pairs: Mapping[tuple[int, int], str]


def _exact(text: str, chance: random.Random) -> str:  # noqa: ARG001
    return text


WAYS: Mapping[str, Callable[[str, random.Random], str]] = {
    "exact": _exact,
    "renamed": renamed,
    "reordered": reordered,
    "restructured": restructured,
    "half copied": _exact,
}


def solutions() -> dict[str, tuple[list[Solution], list[Solution]]]:
    """Return the right and the wrong examples of each function."""
    found = {}
    for asked in rubric():
        folder = notebook_named(asked.notebook).folder / "examples"
        right = [Solution(source, "") for _, source in cells_in(folder / "right" / f"{asked.name}.py")]
        wrong = [
            Solution(source, heading.partition(":")[0].partition(" = ")[0])
            for path in (folder / "wrong" / f"{asked.name}.py", UNSEEN / f"{asked.name}.py")
            for heading, source in cells_in(path)
        ]
        # "?" has no name: what it does is its own
        wrong = [s if s.mistakes != "?" else Solution(s.source, f"?{i}") for i, s in enumerate(wrong)]
        found[asked.name] = right, wrong
    return found


def planted_class(seed: int, count: int = 200, each: int = 8, web: int = 0, own_ways: bool = True) -> Planted:
    """Return a class of `count`: `each` copies in each way, and `web` students with one solution of the web.

    Without `own_ways`, two students who have the same idea write it in the same statements, names apart.
    """
    chance = random.Random(seed)
    pools = solutions()
    for right, wrong in pools.values():
        chance.shuffle(right)
        chance.shuffle(wrong)
    copies = each * len(WAYS)
    students = [_student(pools, chance, own_ways) for _ in range(count - copies - web)]
    pairs: dict[tuple[int, int], str] = {}
    sources = iter(chance.sample(range(len(students)), copies))
    for way, rewrite in WAYS.items():
        for _ in range(each):
            source = next(sources)
            pairs[source, len(students)] = way
            students.append(_copy(students[source], way, rewrite, _student(pools, chance, own_ways), chance))
    original = _student(pools, chance, own_ways)
    first = len(students)
    for _ in range(web):
        pairs |= dict.fromkeys(((other, len(students)) for other in range(first, len(students))), "web")
        rewrite = chance.choice((renamed, reordered, _exact))
        students.append(_copy(original, "web", rewrite, _student(pools, chance, own_ways), chance))
    return Planted(students, pairs)


def _student(
    pools: Mapping[str, tuple[list[Solution], list[Solution]]], chance: random.Random, own_ways: bool
) -> Student:
    follows_hints = chance.random() < CLOSE_TO_HINTS
    functions, cells, shift = {}, {}, 0
    for number, (function, (right, wrong)) in enumerate(pools.items()):
        pool = right if chance.random() < RIGHT else wrong
        often = [1 / (place + 1) ** 0.8 for place in range(len(pool))]
        chosen = right[0] if follows_hints and chance.random() < 0.7 else chance.choices(pool, often)[0]
        text = own_way(chosen.source, chance) if own_ways else chosen.source
        text = text if chosen.mistakes else _in_stub(function, text)
        functions[function] = Solution(_own_style(text, chance), chosen.mistakes)
        shift += chance.random() < 0.15
        cells[function] = 10 + 5 * number + shift
    return Student(functions, cells)


def _copy(
    source: Student,
    way: str,
    rewrite: Callable[[str, random.Random], str],
    own: Student,
    chance: random.Random,
) -> Student:
    """Return a student who has another's functions, rewritten; in half copied, three of seven are own work."""
    names = list(source.functions)
    taken = set(chance.sample(names, 4)) if way == "half copied" else set(names)
    functions = {
        name: Solution(rewrite(source.functions[name].source, chance), source.functions[name].mistakes)
        if name in taken
        else own.functions[name]
        for name in names
    }
    return Student(functions, own.cells)


def _in_stub(function: str, source: str) -> str:
    """Return an example that is one definition, between the markers of the stub."""
    stub = next(cell for cell in _cells(function) if re.search(rf"^def {function}\(", cell, re.MULTILINE))
    if not source.startswith(f"def {function}(") or re.search(
        r"^\S", source.partition("\n")[2], re.MULTILINE
    ):
        return source
    body = textwrap.indent(textwrap.dedent(source.partition("\n")[2]), "    ")
    start, end = CODE_STUB.partition("\n\npass\n\n")[::2]
    before, _, rest = stub.partition(start)
    return f"{before}{start}\n{body}\n    {end}{rest.partition(end)[2]}"


@functools.cache
def _cells(function: str) -> tuple[str, ...]:
    return released_cells(notebook_named(next(a.notebook for a in rubric() if a.name == function)))


def _own_style(text: str, chance: random.Random) -> str:
    """Return a text with names, comments and spaces that somebody else would have chosen; docstrings stay."""
    instead = {name: chance.choice(WORDS) for name in sorted(_stored(text)) if chance.random() < 0.4}
    spaced, talkative = chance.random(), chance.random() * 0.3
    parts = re.split(r'("""[\s\S]*?"""|#[^\n]*)', text)
    for place in range(0, len(parts), 2):
        code = re.sub(
            r"(?<![\w.])[^\W\d]\w*(?!\w|=\S)", lambda word: instead.get(word[0], word[0]), parts[place]
        )
        if spaced < 0.2 and "'" not in code and '"' not in code:
            code = re.sub(r"(?<=\w) ([-+*/]) (?=\w)", r"\1", code)
        parts[place] = re.sub(
            r"(?m)(?<=[\w)\]])$(?=\n)",
            lambda _: f"  # {chance.choice(COMMENTS)}" if chance.random() < talkative else "",
            code,
        )
    return "".join(parts)


def _stored(text: str) -> set[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return set()
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def graded(student: str, handed_in: Student) -> tuple[Result, Evidence]:
    """Return the result and the evidence that a grader would have written."""
    functions, observed = [], []
    for asked in rubric():
        solution = handed_in.functions[asked.name]
        place = f"{asked.notebook}.ipynb, cell {handed_in.cells[asked.name]}"
        wrong = bool(solution.mistakes)
        named = solution.mistakes if wrong and not solution.mistakes.startswith("?") else ""
        diagnosis = Diagnosis(named, tuple(dict.fromkeys(named.split("+"))), named, "") if named else None
        checks = tuple(
            CheckResult(check.id, check.id, "fail" if wrong else "pass", 0 if wrong else 1, 1, "")
            for check in asked.checks[:3]
        )
        status = "wrong" if wrong else "correct"
        score = 0 if wrong else len(checks)
        functions.append(
            FunctionResult(
                asked.name,
                asked.name,
                asked.notebook,
                place,
                status,
                score,
                len(checks),
                (),
                diagnosis,
                checks,
            )
        )
        attempts = tuple(_attempt(check.id, solution.mistakes) for check in checks)
        text = (Piece(place, 1, solution.source),)
        observed.append(FunctionEvidence(asked.name, text, False, attempts))
    grader = Grader(version="0", seed="sha256:0000", isolation="bubblewrap")
    points = sum(function.score for function in functions)
    most = sum(function.max_score for function in functions)
    return (
        Result(student, "assignment3", grader, points, most, (), tuple(functions)),
        Evidence(student, tuple(observed)),
    )


def _attempt(check: str, mistakes: str) -> Attempt:
    """What a function with these mistakes returns: the same numbers whenever the mistakes are the same."""
    chance = random.Random(f"{check} {mistakes}")
    first = tuple(f"{chance.random():.6g}" for _ in range(6))
    return Attempt(
        (check,),
        "",
        (Call("Tensor", None, (Array("output", (6,), "float32", min(first), max(first), first),)),),
    )
