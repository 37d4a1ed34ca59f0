"""The JSON Schema of result files, generated from their definition for programs that are not in Python."""

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec

from grading.results.atomic import write_atomically
from grading.results.definition import FunctionResult, Result

SCHEMA_PATH = Path(__file__).with_name("results.schema.json")
_NULL, _NAME = {"type": "null"}, {"type": "string"}
# What types cannot say.
MISSING = {
    "if": {"required": ["status"], "properties": {"status": {"const": "missing"}}},
    "then": {"properties": {"defined_as": _NULL, "file": _NULL}},
    "else": {"properties": {"defined_as": _NAME, "file": _NAME}},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a result file."""
    (reference,), definitions = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    definitions[FunctionResult.__name__] |= MISSING
    for definition in definitions.values():
        definition["description"] = inspect.cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **reference,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the JSON Schema as its file holds it."""
    return _one_line_for_each_field(schema(), levels=4) + "\n"


def _one_line_for_each_field(value: Any, levels: int, indent: str = "") -> str:
    if not levels or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    items = [f'{inner}"{key}": {_one_line_for_each_field(value[key], levels - 1, inner)}' for key in value]
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


def write_schema() -> Path | None:
    """Write the JSON Schema beside its definition; return its path, None where it is current."""
    text = schema_text()
    if SCHEMA_PATH.is_file() and SCHEMA_PATH.read_text(encoding="utf-8") == text:
        return None
    write_atomically(SCHEMA_PATH, text)
    return SCHEMA_PATH
