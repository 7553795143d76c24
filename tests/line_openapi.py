"""LINE's own description as a judge: reads its OpenAPI files and says what is wrong with a request or an event.

Checks what the files state: types, required and unknown properties, lengths, patterns, listed values, ``allOf``,
``$ref``, and discriminators, which lead from a message, an event or an action to its own schema.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.shared import if_shared, shared

FOLDER = "line-openapi"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def described(file: str) -> "Description":
    """A description of the shared folder; skips the test where it is absent."""
    return _read(shared(f"{FOLDER}/{file}"))


def described_if_there(file: str) -> "Description | None":
    """A description of the shared folder, or None where it is absent."""
    found = if_shared(f"{FOLDER}/{file}")
    return _read(found) if found else None


@cache
def _read(file: Path) -> "Description":
    return Description(yaml.safe_load(file.read_text(encoding="utf-8")))


class Description:
    """One OpenAPI file."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.paths: dict[str, Any] = content["paths"]
        self._schemas: dict[str, Any] = content["components"]["schemas"]

    def problems(self, schema: str, value: Any) -> list[str]:
        """What is wrong with a value that should be of this schema; nothing where it is right."""
        return self._check({"$ref": f"#/components/schemas/{schema}"}, value, schema)

    def request_problems(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a JSON request; a path that is not described is wrong."""
        operation = self.paths.get(path, {}).get(method)
        if operation is None:
            return [f"{method} {path} is not described"]
        return self._check(operation["requestBody"]["content"]["application/json"]["schema"], body, path)

    def _check(self, schema: dict[str, Any], value: Any, where: str) -> list[str]:
        parts = self._parts(schema, value, discriminate=True)
        known = {name for part in parts for name in part.get("properties", {})}
        problems = [problem for part in parts for problem in self._check_part(part, value, where)]
        if known and isinstance(value, dict) and not any("additionalProperties" in part for part in parts):
            problems += [f"{where}.{name} is unknown" for name in value if name not in known]
        return problems

    def _parts(self, schema: dict[str, Any], value: Any, *, discriminate: bool) -> list[dict[str, Any]]:
        """The schema with all that it is composed of; a discriminator leads to the value's own schema."""
        if "$ref" in schema:
            schema = self._schemas[schema["$ref"].rsplit("/", 1)[-1]]
        named = schema.get("discriminator")
        if discriminate and named and isinstance(value, dict):
            target = named.get("mapping", {}).get(value.get(named["propertyName"]))
            if target is None:
                return [schema, {"enum": sorted(named.get("mapping", {})), "discriminated": named["propertyName"]}]
            return self._parts({"$ref": target}, value, discriminate=False)
        parts = [schema]
        for part in schema.get("allOf", ()):
            parts += self._parts(part, value, discriminate=False)
        return parts

    def _check_part(self, part: dict[str, Any], value: Any, where: str) -> list[str]:
        if "discriminated" in part:
            return [f"{where}.{part['discriminated']} is none of {part['enum']}"]
        expected = _TYPES.get(part.get("type", ""))
        if expected and (not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool)):
            return [f"{where} is {value!r}, not of type {part['type']}"]
        problems = []
        if "enum" in part and value not in part["enum"]:
            problems.append(f"{where} is {value!r}, none of {part['enum']}")
        if isinstance(value, str):
            problems += _string_problems(part, value, where)
        if isinstance(value, list):
            if not part.get("minItems", 0) <= len(value) <= part.get("maxItems", len(value)):
                problems.append(f"{where} has {len(value)} items")
            for index, item in enumerate(value):
                problems += self._check(part.get("items", {}), item, f"{where}[{index}]")
        if isinstance(value, dict):
            problems += [f"{where}.{name} is missing" for name in part.get("required", ()) if name not in value]
            for name, schema in part.get("properties", {}).items():
                if name in value:
                    problems += self._check(schema, value[name], f"{where}.{name}")
        return problems


def _string_problems(part: dict[str, Any], value: str, where: str) -> list[str]:
    problems = []
    if not part.get("minLength", 0) <= len(value) <= part.get("maxLength", len(value)):
        problems.append(f"{where} has {len(value)} characters")
    if "pattern" in part and not re.search(part["pattern"], value):
        problems.append(f"{where} does not match {part['pattern']}")
    return problems
