"""Writer of the stored public answers, from the checks marked public, and test of whether they still hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from cs231n.classifiers.squeezenet import WEIGHTS_SHA256
from cs231n.self_check.answers import (
    ANSWERS,
    Answer,
    PublicChecks,
    described,
    kept_arrays,
    known_of,
    read_answers,
    save_answers,
)
from cs231n.trials.evidence import relative_error
from cs231n.trials.trial import decode, trial_key
from grading import __version__
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.check import PUBLIC_SEED
from grading.assignments.vocabulary.function import Function
from grading.verdict.reference import reference_observation


def public_checks(notebook: str) -> dict[str, PublicChecks]:
    """Return the public checks of a notebook's functions, by their names."""
    return {
        asked.name: PublicChecks(tuple(_answers(asked)), asked.needs, asked.hints, _maps(asked))
        for asked in all_functions()
        if asked.notebook == notebook
    }


def _answers(asked: Function) -> Iterator[Answer]:
    """Yield the public checks of a function with the reference solution's observations, the course's cases first."""
    public = [check for check in asked.checks if check.public]
    for check in sorted(public, key=lambda check: not check.answer):
        trial = check.trial(PUBLIC_SEED)
        yield Answer(
            function=check.function,
            id=check.id,
            title=check.title,
            judge=check.judge.__name__,
            tolerance=check.tolerance,
            look=check.look,
            answer=check.answer,
            trial=trial,
            expected=reference_observation(trial),
        )


def _maps(asked: Function) -> str:
    return asked.shown.check if asked.shown and asked.shown.kind == "map" else ""


def made_with() -> dict[str, str]:
    """Return what the stored numbers depend on."""
    return {
        "kit": __version__,
        "weights": f"sha256:{WEIGHTS_SHA256}",
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "settings": "one thread; pictures and sizes are part of each check",
    }


def notebooks() -> list[str]:
    """Return the notebooks that have public checks."""
    return list(dict.fromkeys(asked.notebook for asked in all_functions()))


def write_answers(folder: Path) -> list[Path]:
    """Write the answers of every notebook into `folder`; return the files."""
    torch.set_num_threads(1)
    paths = []
    for notebook in notebooks():
        path = folder / f"{notebook}.npz"
        save_answers(path, public_checks(notebook), made_with())
        paths.append(path)
    return paths


def stale_answers(folder: Path = ANSWERS) -> list[str]:
    """Compare the stored answers with what the reference solution computes now.

    Returns
    -------
    list of str
        A sentence for each answer that differs by more than its check's tolerance / 5, is missing, or belongs to
        a check that has changed since; empty when all hold.
    """
    torch.set_num_threads(1)
    complaints = []
    for notebook in notebooks():
        path = folder / f"{notebook}.npz"
        if not path.exists():
            complaints.append(f"{path.name} is missing: write it with `python -m grading reference --update`")
            continue
        header, arrays = read_answers(path)
        stored = {(entry["function"], entry["id"]): entry for entry in header["checks"]}
        functions = public_checks(notebook)
        complaints += [
            f"{name}: {path.name} says something else of it (needs, hints or maps)"
            for name, checks in functions.items()
            if header["functions"].get(name) != known_of(checks)
        ]
        for answer in (answer for checks in functions.values() for answer in checks.answers):
            entry = stored.pop((answer.function, answer.id), None)
            name = f"{answer.function}, “{answer.title}”"
            if entry is None:
                complaints.append(f"{name}: not stored in {path.name}")
                continue
            if described(answer) != {key: entry[key] for key in described(answer)} or (
                trial_key(decode(entry["trial"], arrays)) != trial_key(answer.trial)
            ):
                complaints.append(f"{name}: the check in {path.name} is another one")
            for key, array in kept_arrays(answer.expected).items():
                old = arrays.get(entry["expected"].get(key))
                if (
                    old is None
                    or old.shape != array.shape
                    or relative_error(array, old) > answer.tolerance / 5
                ):
                    complaints.append(f"{name}: {key} differs from the stored one in {path.name}")
        complaints += [f"{name}: stored in {path.name}, but no longer a public check" for name, _ in stored]
    return complaints
