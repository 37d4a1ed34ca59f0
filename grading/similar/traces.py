"""Traces: what of a submission can be alike in another one, by function and kind.

Read from the result and its evidence alone. A function that is a stub or missing leaves none; nor does what the task
hands out; nor the code of a right function that is too short to be written in many ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.results.definition import FunctionResult, Result
from grading.results.evidence import Attempt, Evidence, FunctionEvidence, Piece
from grading.similar.fingerprints import RUN, runs, winnowed
from grading.similar.flow import chains
from grading.similar.given import Given
from grading.similar.tokens import Token, read

CODE, WHOLE, FLOW, NAMES, WORDS, RESULTS, ORDER = (
    "code",
    "all of the code",
    "operations",
    "names",
    "comments",
    "wrong results",
    "places of cells",
)
KINDS = (CODE, WHOLE, FLOW, NAMES, WORDS, RESULTS, ORDER)
# Of a right function with fewer tokens of its own, their neighbours counted, nobody can say that it was not written
# twice: a statement or two.
FEW_TOKENS = 30


@dataclass(frozen=True)
class Trace:
    """One thing that can be found in two submissions: what it is, and the lines (from 0) of a piece where it stands."""

    key: str
    piece: int = 0
    lines: tuple[int, ...] = ()


def traces_of(
    result: Result, evidence: Evidence, given: Given
) -> Mapping[tuple[str, str], tuple[Trace, ...]]:
    """Return the traces of a submission by function and kind; those of the order of its cells under ""."""
    verdicts = {function.name: function for function in result.functions}
    found: dict[tuple[str, str], tuple[Trace, ...]] = {}
    seen: set[tuple[str, int]] = set()
    places = []
    for function in evidence.functions:
        verdict = verdicts.get(function.name)
        if verdict is None or verdict.status in ("stub", "missing"):
            continue
        kinds: dict[str, list[Trace]] = {kind: [] for kind in KINDS}
        for number, piece in enumerate(function.text):
            if (piece.place, piece.line) not in seen:  # what several functions refer to counts once
                seen.add((piece.place, piece.line))
                _read_piece(piece, number, verdict.status == "correct", given, kinds)
        kinds[RESULTS] += _results(verdict, function)
        found |= {(function.name, kind): tuple(traces) for kind, traces in kinds.items() if traces}
        if function.text:
            places.append((function.text[-1].place, function.text[-1].line, function.name))
    found["", ORDER] = tuple(_order(places))
    return found


def _read_piece(
    piece: Piece, number: int, right: bool, given: Given, kinds: Mapping[str, list[Trace]]
) -> None:
    reading = read(piece.source)
    hashes = runs([token.text for token in reading.code])
    own = [start for start, run in enumerate(hashes) if run not in given.runs]
    if not right or _length(own) >= FEW_TOKENS:
        for place in winnowed(hashes):
            if hashes[place] not in given.runs:
                lines = {token.line for token in reading.code[place : place + RUN]}
                kinds[CODE].append(Trace(f"{hashes[place]:x}", number, tuple(sorted(lines))))
        kinds[CODE] += _unless_given(reading.library, number, given)
        kinds[WHOLE].append(_whole(reading.code, number))
        kinds[FLOW] += (
            Trace(chain, number, (line,)) for chain, line in chains(piece.source) if chain not in given.chains
        )
    kinds[NAMES] += _unless_given(reading.names, number, given)
    kinds[WORDS] += _unless_given(reading.words, number, given)


def _whole(code: Sequence[Token], number: int) -> Trace:
    """Return the trace of a piece that is the same from its first token to its last, names apart."""
    (text,) = runs([token.text for token in code], len(code))
    return Trace(f"{text:x}", number, tuple(sorted({token.line for token in code})))


def _length(starts: Iterable[int]) -> int:
    return len({start + i for start in starts for i in range(RUN)})


def _unless_given(tokens: Iterable[Token], number: int, given: Given) -> Iterator[Trace]:
    for token in tokens:
        if token.text not in given.said:
            yield Trace(token.text, number, (token.line,))


def _results(verdict: FunctionResult, function: FunctionEvidence) -> Iterator[Trace]:
    """Yield the mistake that was named, and the numbers of each trial in which the function was not right."""
    if verdict.diagnosis:
        yield Trace(f"mistake {verdict.diagnosis.id}")
    failed = {check.id for check in verdict.checks if check.status in ("fail", "error")}
    for attempt in function.observed:
        if failed.intersection(attempt.checks) and not attempt.ended:
            yield Trace(f"{attempt.checks[0]}: {_signature(attempt)}")


def _signature(attempt: Attempt) -> str:
    calls = (
        (call.raised.type, call.raised.message)
        if call.raised
        else (call.type, *((a.shape, a.smallest, a.largest, a.first) for a in call.arrays))
        for call in attempt.calls
    )
    return repr(tuple(calls))


def _order(places: Iterable[tuple[str, int, str]]) -> Iterator[Trace]:
    """Yield in which cell each function stands."""
    for place, line, function in places:
        yield Trace(f"{function}: {place}, {line}")
