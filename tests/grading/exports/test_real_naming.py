"""Classes of 200 as Moodle, Canvas and Blackboard name them: graded, exported, every grade in its row."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grading.assignments.registry import rubric
from grading.exports import handout

from .class_of_200 import Person, blackboard, canvas, moodle, people

ROOT = Path(__file__).parents[3]
RIGHT = {
    "tv_loss": """def tv_loss(img, tv_weight):
    across = img[:, :, :, 1:] - img[:, :, :, :-1]
    down = img[:, :, 1:, :] - img[:, :, :-1, :]
    return tv_weight * ((across ** 2).sum() + (down ** 2).sum())
""",
    "gram_matrix": """def gram_matrix(features, normalize=True):
    N, C, H, W = features.shape
    flat = features.reshape(N, C, H * W)
    gram = flat @ flat.transpose(1, 2)
    return gram / (C * H * W) if normalize else gram
""",
}
WRONG = {name: f"{text.splitlines()[0]}\n    raise ValueError\n" for name, text in RIGHT.items()}
Named = Callable[[Person], Iterator[str]]


def on_canvas(person: Person) -> Iterator[str]:
    name = "".join(character for character in person.sortable.lower() if character.isalnum())
    late = "LATE_" if person.platform_number % 7 == 0 else ""
    yield f"{name}_{late}{person.platform_number}_{person.platform_number + 900_000}_StyleTransfer-1.ipynb"


def on_moodle(person: Person) -> Iterator[str]:
    name = f"{person.first} {person.last}".replace("'", "")
    yield f"{name}_{person.platform_number}_assignsubmission_file/StyleTransfer.ipynb"


def on_blackboard(person: Person) -> Iterator[str]:
    start = f"Assignment 3_{person.login}_attempt_2026-05-20-10-11-12"
    yield f"{start}_StyleTransfer.ipynb"
    yield f"{start}.txt"


def notebook(right: frozenset[str]) -> str:
    code = "import torch\n\n" + "\n".join((RIGHT if name in right else WRONG)[name] for name in RIGHT)
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": code,
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grading", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("platform", "named", "gradebook", "encoding", "delimiter", "id_column", "grade_column"),
    [
        ("canvas", on_canvas, canvas, "utf-8-sig", ",", 1, 6),
        ("moodle", on_moodle, moodle, "utf-8-sig", ",", 0, 4),
        ("blackboard", on_blackboard, blackboard, "utf-16", "\t", 2, 6),
    ],
)
def test_a_class_of_200_is_graded_and_every_grade_is_in_its_row(
    platform: str,
    named: Named,
    gradebook: Callable[[list[Person]], bytes],
    encoding: str,
    delimiter: str,
    id_column: int,
    grade_column: int,
    tmp_path: Path,
) -> None:
    class_, rng = people(), random.Random(11)
    points = {function.name: function.points for function in rubric("style-transfer")}
    expected = {}
    for person in class_:
        right = (
            frozenset(RIGHT) if rng.random() < 0.8 else frozenset(rng.sample(sorted(RIGHT), rng.randrange(2)))
        )
        for name in named(person):
            path = tmp_path / "class" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(notebook(right) if path.suffix == ".ipynb" else f"Name: {person.first}\n")
        ids = {"moodle": f"Teilnehmer/in{person.platform_number}", "blackboard": person.login}
        score = 100 * sum(points[name] for name in right) / sum(points.values())
        expected[ids.get(platform, str(person.platform_number))] = score
    out, file = tmp_path / "out", tmp_path / "downloaded"
    graded = run(
        "grade", str(tmp_path / "class"), "--out", str(out), "--assignment", "style-transfer", "--seed", "7"
    )
    assert len(list((out / "results").glob("*.json"))) == 200, graded.stderr
    file.write_bytes(gradebook(class_))
    column = () if platform == "moodle" else ("--column", "Assignment 3")
    done = run("export", platform, str(out), "--gradebook", str(file), "--scale", *column)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "200 written, 0 held back, 0 not found in the gradebook, 0 of the gradebook without a submission",
    ), done.stderr
    text = (out / f"{platform}.csv").read_bytes().decode(encoding)
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        if row[id_column] in expected:
            assert float(row[grade_column].replace(",", ".")) == pytest.approx(
                expected.pop(row[id_column]), abs=0.006
            )
    assert not expected
    if platform in handout.PLATFORMS:
        done = run(
            "report", str(out), "--for", "students", "--as", platform, "--assignment", "style-transfer"
        )
        assert done.stdout.splitlines()[-1].startswith("200 written, 0 held back, 0 not named"), done.stderr
