"""The JSON Schema of results is the one that their definition gives."""

import json

import jsonschema

from grading.report.statistics import STATUSES
from grading.results.schema import SCHEMA_PATH, schema, schema_text


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_in_the_repository_is_current() -> None:
    """`python -m grading build` writes it."""
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text()


def test_statuses_of_the_pages_are_those_of_the_schema() -> None:
    written = json.loads(schema_text())["$defs"]["FunctionResult"]["properties"]["status"]["enum"]
    assert sorted(written) == sorted(STATUSES)
