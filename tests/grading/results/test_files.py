"""What a result file may hold, and how a wrong one is named with its place."""

import json
import math
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from grading.errors import KitError
from grading.report.statistics import STATUSES
from grading.results.files import read_result, result_bytes, result_of
from grading.results.schema import schema

ORACLE = jsonschema.Draft202012Validator(schema())

# Older results lack them.
OPTIONAL = {"code", "basis", "sentence", "note_sentences", "title_sentence", "hint_sentence"}


def test_every_status_is_accepted(good: dict[str, Any]) -> None:
    assert {function["status"] for function in good["functions"]} == set(STATUSES)
    result_of(good)
    ORACLE.validate(good)


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("student",), "", "student"),
        (("student",), 7, "student"),
        (("score",), -1, "score"),
        (("score",), "92", "score"),
        (("score",), True, "score"),
        (("score",), 101, "more than the maximum"),
        (("score",), math.nan, "score: expected `float` >= 0"),
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
        (("functions", 0, "diagnosis", "parts"), ["a", "a"], "functions[0].diagnosis.parts"),
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
        result_of(good)
    assert says in str(error.value)
    beyond_schema = "points are more" in str(error.value) or value in (math.inf, math.nan)
    assert ORACLE.is_valid(good) == beyond_schema


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
            result_of(good)
        target[key] = kept
    assert result_of(good)


def test_a_result_of_an_older_version_does_not_say_by_which_code(
    good: dict[str, Any], tmp_path: Path
) -> None:
    del good["grader"]["code"]
    assert ORACLE.is_valid(good)
    (tmp_path / "ada.json").write_text(json.dumps(good))
    assert read_result(tmp_path / "ada.json").grader.code == ""


def test_a_long_hostile_value_does_not_fill_the_message(good: dict[str, Any]) -> None:
    good["grader"]["isolation"] = "x" * 100_000
    with pytest.raises(KitError) as error:
        result_of(good)
    assert len(str(error.value)) < 500


def written(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "ada.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_what_is_read_is_written_with_the_same_bytes(good: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    path.write_bytes(json.dumps(good, indent=1, ensure_ascii=False).encode())
    assert result_bytes(read_result(path)) == path.read_bytes()


def test_whole_points_have_no_fraction_and_others_keep_theirs(good: dict[str, Any]) -> None:
    good["functions"][0]["checks"][0] |= {"points": 2, "max_points": 2.5}
    raw = result_bytes(result_of(good)).decode()
    assert '"points": 2,\n' in raw
    assert '"max_points": 2.5,\n' in raw


def test_half_a_character_in_a_file_name_or_message_is_kept(good: dict[str, Any], tmp_path: Path) -> None:
    """A file name that is not UTF-8 reads so, and a student's exception may say anything."""
    good["functions"][0]["file"] = "S\udce9.ipynb"
    good["functions"][0]["checks"][0]["message"] = "\ud800"
    path = tmp_path / "ada.json"
    path.write_bytes(result_bytes(result_of(good)))
    assert read_result(path) == result_of(good)


def test_what_nobody_could_read_is_not_written(good: dict[str, Any]) -> None:
    wrong = msgspec.structs.replace(result_of(good), score=1000)
    with pytest.raises(KitError, match="score: 1000 points are more than the maximum"):
        result_bytes(wrong)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "unknown field `colour`"),
        ({"score": "92"}, "score: expected `int | float`, got `str`"),
        ({"notes": None}, "notes: expected `array`, got `null`"),
    ],
)
def test_the_file_is_named_with_what_is_wrong_in_it_and_what_to_do(
    good: dict[str, Any], change: dict[str, Any], says: str, tmp_path: Path
) -> None:
    path = written(tmp_path, good | change)
    with pytest.raises(KitError) as error:
        read_result(path)
    assert str(error.value).startswith(f"{path}: ")
    assert says in str(error.value)
    assert str(error.value).endswith("remove it and grade that submission again")


def test_a_missing_key_is_named_with_the_file(good: dict[str, Any], tmp_path: Path) -> None:
    del good["functions"][2]["checks"][0]["message"]
    path = written(tmp_path, good)
    with pytest.raises(KitError, match="required field `message`") as error:
        read_result(path)
    assert f"{path}: not a valid result: functions[2].checks[0]: " in str(error.value)


@pytest.mark.parametrize("text", ["{", "\udcff", "[" * 100_000])
def test_a_file_that_is_no_json_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KitError, match="cannot be read") as error:
        read_result(path)
    assert str(path) in str(error.value)
