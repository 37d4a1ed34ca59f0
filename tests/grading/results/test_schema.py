"""What a result file may hold, and how a wrong one is named."""

import copy
import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grading.errors import KitError
from grading.report.statistics import STATUSES
from grading.results.loading import read_result
from grading.results.schema import SCHEMA_PATH, validate_result

ORACLE = jsonschema.Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))

# Older results lack it.
OPTIONAL = {"code"}


@pytest.fixture
def good(build: Any) -> dict[str, Any]:
    return copy.deepcopy(build.the_class()[0])


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))


def test_statuses_of_the_pages_are_those_of_the_schema() -> None:
    schema = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    assert tuple(schema["$defs"]["function"]["properties"]["status"]["enum"]) == STATUSES


def test_a_class_with_every_status_is_accepted(build: Any) -> None:
    documents = build.the_class()
    assert {f["status"] for d in documents for f in d["functions"]} == set(STATUSES)
    for document in documents:
        validate_result(document)
        ORACLE.validate(document)


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("student",), "", "student"),
        (("student",), 7, "student"),
        (("score",), -1, "score"),
        (("score",), "92", "score"),
        (("score",), True, "score"),
        (("score",), 101, "more than the maximum"),
        (("score",), math.nan, "finite"),
        (("max_score",), math.inf, "finite"),
        (("extra",), 1, "extra"),
        (("grader", "code"), "4f1c", "grader.code"),
        (("grader", "seed"), "231", "grader.seed"),
        (("grader", "seed"), "sha256:XYZ", "grader.seed"),
        (("grader", "isolation"), "none", "grader.isolation"),
        (("grader", "host"), "x", "host"),
        (("notes",), None, "notes"),
        (("notes",), [1], "notes[0]"),
        (("functions",), {}, "functions"),
        (("functions", 0, "status"), "right", "functions[0].status"),
        (("functions", 0, "name"), "not a name", "functions[0].name"),
        (("functions", 0, "defined_as"), None, "functions[0].defined_as"),
        (("functions", 0, "file"), None, "functions[0].file"),
        (("functions", 5, "file"), "a.ipynb", "functions[5].file"),
        (("functions", 5, "defined_as"), "style_loss", "functions[5].defined_as"),
        (("functions", 0, "score"), 21, "functions[0].score: 21 points are more"),
        (("functions", 0, "diagnosis"), {}, "functions[0].diagnosis"),
        (("functions", 0, "diagnosis", "parts"), [], "functions[0].diagnosis"),
        (("functions", 0, "diagnosis", "why"), "x", "functions[0].diagnosis"),
        (("functions", 0, "checks", 1, "status"), "passed", "functions[0].checks[1].status"),
        (("functions", 0, "checks", 1, "points"), 5, "functions[0].checks[1].points"),
        (("functions", 0, "checks", 1, "seconds"), 0.5, "seconds"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    good: dict[str, Any], where: tuple[Any, ...], value: Any, says: str
) -> None:
    target: Any = good
    for step in where[:-1]:
        target = target[step]
    target[where[-1]] = value
    with pytest.raises(KitError) as error:
        validate_result(good)
    assert says in str(error.value)
    between_numbers = "points are more" in str(error.value) or "finite" in str(error.value)
    assert ORACLE.is_valid(good) == between_numbers


@pytest.mark.parametrize(
    "path", [(), ("grader",), ("functions", 0), ("functions", 0, "diagnosis"), ("functions", 0, "checks", 0)]
)
def test_every_key_is_required(good: dict[str, Any], path: tuple[Any, ...]) -> None:
    target: Any = good
    for step in path:
        target = target[step]
    for key in set(target) - OPTIONAL:
        kept = target.pop(key)
        with pytest.raises(KitError, match="not a valid result"):
            validate_result(good)
        target[key] = kept
    validate_result(good)


def test_a_result_of_an_older_version_does_not_say_by_which_code(
    good: dict[str, Any], tmp_path: Path
) -> None:
    del good["grader"]["code"]
    validate_result(good)
    assert ORACLE.is_valid(good)
    (tmp_path / "ada.json").write_text(json.dumps(good))
    assert read_result(tmp_path / "ada.json").grader.code == ""


def test_a_long_hostile_value_does_not_fill_the_message(good: dict[str, Any]) -> None:
    good["grader"]["isolation"] = "x" * 100_000
    with pytest.raises(KitError) as error:
        validate_result(good)
    assert len(str(error.value)) < 500
