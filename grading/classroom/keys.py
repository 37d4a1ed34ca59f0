"""Cache key of a result: one hash of all it depends on. Where it is the same, nothing is graded again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from grading.assignments import registry
from grading.sandbox import Limits
from grading.submission.handed_in import Contents
from grading.verdict.provenance import made_by, seed_hash


def key_of(contents: Contents, seed: str, isolation: str, limits: Limits, assignment: str = "") -> str:
    """Return the hash of all that a submission's result and pictures depend on.

    The points of the rubric are in it with the code of the checks. What a course decides about points afterwards
    (`grading.course.policies`) is not: it changes no result.
    """
    parts = [
        made_by(assignment),
        seed_hash(seed),
        isolation,
        asdict(limits),
        registry.assignment(assignment).name,
        _digest(contents),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _digest(contents: Contents) -> str:
    whole = hashlib.sha256(repr((contents.student, contents.notes)).encode("utf-8", "surrogatepass"))
    for label, raw in contents.files:
        whole.update(repr((label, len(raw))).encode("utf-8", "surrogatepass"))
        whole.update(raw)
    return whole.hexdigest()
