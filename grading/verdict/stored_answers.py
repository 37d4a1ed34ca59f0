"""Writer of the stored public answers, from the checks marked public, and test of whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch

from cs231n.classifiers.squeezenet import WEIGHTS_SHA256
from cs231n.self_check.answers import (
    Answer,
    PublicChecks,
    described,
    kept_arrays,
    known_of,
    read_answers,
    save_answers,
)
from cs231n.sentences import as_sentence, sentence
from cs231n.trials.evidence import relative_error
from cs231n.trials.judges import JUDGES
from cs231n.trials.trial import decode, trial_key
from grading import __version__
from grading.assignments.registry import names_of
from grading.assignments.vocabulary.check import PUBLIC_SEED, Check
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment, Notebook
from grading.errors import KitError
from grading.verdict.reference import reference_observation


def public_checks(notebook: Notebook) -> dict[str, PublicChecks]:
    """Return the public checks of a notebook's functions, by their names.

    Raises
    ------
    KitError
        If the judge of a check is not one that students have, too.
    """
    with names_of(Assignment(notebook.name, (notebook,))):
        return {
            asked.name: PublicChecks(tuple(_answers(asked)), asked.needs, asked.hints, _maps(asked))
            for asked in notebook.functions
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
            judge=_judge_of(check),
            tolerance=check.tolerance,
            look=check.look,
            answer=check.answer,
            trial=trial,
            expected=reference_observation(trial),
        )


def _maps(asked: Function) -> str:
    return asked.shown.check if asked.shown and asked.shown.kind == "map" else ""


def _judge_of(check: Check) -> str:
    name = check.judge.__name__
    if JUDGES.get(name) is not check.judge:
        raise KitError(
            "{function}, {check}: students do not have the judge {name}; a public check has one of "
            "cs231n.trials.judges ({judges}), or it is private",
            function=check.function,
            check=check.id,
            judges=", ".join(JUDGES),
            name=name,
        )
    return name


def made_with() -> dict[str, str]:
    """Return what the stored numbers depend on."""
    return {
        "kit": __version__,
        "weights": f"sha256:{WEIGHTS_SHA256}",
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "settings": "one thread; pictures and sizes are part of each check",
    }


def write_answers(wanted: Iterable[Notebook]) -> list[Path]:
    """Write the answers of notebooks where they belong; return the files."""
    torch.set_num_threads(1)
    paths = []
    for notebook in wanted:
        save_answers(notebook.public_answers, public_checks(notebook), made_with())
        paths.append(notebook.public_answers)
    return paths


def stale_answers(wanted: Iterable[Notebook], folder: Path | None = None) -> list[str]:
    """Compare the stored answers with what the reference solution computes now.

    Parameters
    ----------
    wanted : iterable of Notebook
    folder : Path, optional
        Where their answers are, if not where they belong.

    Returns
    -------
    list of str
        A sentence for each answer that differs by more than its check's tolerance / 5, is missing, or belongs to
        a check that has changed since; empty when all hold.
    """
    torch.set_num_threads(1)
    complaints: list[str] = []
    for notebook in wanted:
        path = folder / notebook.public_answers.name if folder else notebook.public_answers
        if not path.exists():
            complaints.append(
                sentence(
                    "{file} is missing: write it with `python -m grading reference --update`", file=path.name
                )
            )
            continue
        header, arrays = read_answers(path)
        stored = {(entry["function"], entry["id"]): entry for entry in header["checks"]}
        functions = public_checks(notebook)
        complaints += [
            sentence(
                "{name}: {file} says something else of it (needs, hints or maps)", name=name, file=path.name
            )
            for name, checks in functions.items()
            if header["functions"].get(name) != known_of(checks)
        ]
        for answer in (answer for checks in functions.values() for answer in checks.answers):
            entry = stored.pop((answer.function, answer.id), None)
            name = sentence(
                "{function}, “{title}”", function=answer.function, title=as_sentence(answer.title)
            )
            if entry is None:
                complaints.append(sentence("{name}: not stored in {file}", name=name, file=path.name))
                continue
            if described(answer) != {key: entry[key] for key in described(answer)} or (
                trial_key(decode(entry["trial"], arrays)) != trial_key(answer.trial)
            ):
                complaints.append(
                    sentence("{name}: the check in {file} is another one", name=name, file=path.name)
                )
            for key, array in kept_arrays(answer.expected).items():
                old = arrays.get(entry["expected"].get(key))
                if (
                    old is None
                    or old.shape != array.shape
                    or relative_error(array, old) > answer.tolerance / 5
                ):
                    complaints.append(
                        sentence(
                            "{name}: {key} differs from the stored one in {file}",
                            name=name,
                            key=key,
                            file=path.name,
                        )
                    )
        complaints += [
            sentence("{name}: stored in {file}, but no longer a public check", name=name, file=path.name)
            for name, _ in stored
        ]
    return complaints
