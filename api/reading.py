"""The description turned into what a page shows: operations in groups, their fields, examples of bodies."""

import json
from dataclasses import dataclass
from typing import Any

EXAMPLES: dict[str, Any] = {
    "date-time": "2026-11-23T06:00:00Z",
    "uri": "https://example.com/a-post",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "null": None,
}
DEEPEST = 6


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True)
class Shown:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list
    body: list
    body_example: str
    status: str
    example: str
    problems: list


def groups(described: dict) -> list[tuple[str, list[Shown]]]:
    """(tag, operations) in the order of the description."""
    found: dict[str, list[Shown]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(shown(described, path, method, operation))
    return list(found.items())


def shown(described, path, method, operation) -> Shown:
    body = json_of(operation.get("requestBody", {}))
    good = {status: answer for status, answer in operation["responses"].items() if status < "3"}
    status, answer = next(iter(good.items()))
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        words=operation.get("description", "").replace("`", ""),
        parameters=[parameter(each) for each in operation.get("parameters", [])],
        body=fields(described, body),
        body_example=written(described, body),
        status=status,
        example=written(described, json_of(answer)),
        problems=[number for number in operation["responses"] if number >= "4"],
    )


def written(described, schema: dict) -> str:
    """An example of the shape as JSON; empty when there is no body."""
    return json.dumps(example(described, schema), indent=2, ensure_ascii=False) if schema else ""


def json_of(part: dict) -> dict:
    """The shape of a body: JSON, or of the one thing that comes as a form with a file."""
    content = part.get("content", {})
    return (content.get("application/json") or content.get("multipart/form-data") or {}).get("schema", {})


def parameter(each: dict) -> Field:
    words = each.get("description", "")
    return Field(each["name"], f"{each['in']}, {kind(each['schema'])}", each.get("required", False), words)


def resolved(described, schema: dict) -> dict:
    if "$ref" in schema:
        return described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for word in ("allOf", "oneOf", "anyOf"):
        if schema.get(word):
            return resolved(described, schema[word][0]) | {"description": schema.get("description", "")}
    return schema


def fields(described, schema: dict, before: str = "", depth: int = 0) -> list[Field]:
    """The fields of a body, those inside others after a dot."""
    whole, found = resolved(described, schema), []
    for name, inner in whole.get("properties", {}).items():
        needed = name in whole.get("required", ())
        flat = resolved(described, inner)
        found.append(
            Field(before + name, kind(flat), needed, inner.get("description") or flat.get("description", ""))
        )
        listed = flat.get("type") == "array"
        deeper = flat.get("items", {}) if listed else flat
        if depth < DEEPEST:
            found += fields(described, deeper, f"{before}{name}{'[]' if listed else ''}.", depth + 1)
    return found


def kind(schema: dict) -> str:
    """A type in a few words: `string, one of a, b`, `integer 0 to 4`."""
    types = schema.get("type", "object")
    words = " or ".join(types) if isinstance(types, list) else types
    if "enum" in schema:
        return f"{words}, one of {', '.join(map(str, schema['enum']))}"
    if "format" in schema:
        words = f"{words} ({schema['format']})"
    limits = [schema.get(name) for name in ("minimum", "maximum")]
    if None not in limits:
        words = f"{words} {limits[0]} to {limits[1]}"
    return f"{words}, at most {schema['maxLength']} characters" if "maxLength" in schema else words


def example(described, schema: dict, depth: int = 0):
    """A plausible value of the shape."""
    whole = resolved(described, schema)
    if "enum" in whole:
        return whole["enum"][0]
    types = whole.get("type", "object")
    first = types[0] if isinstance(types, list) else types
    if depth > DEEPEST:
        return None
    if first == "object":
        return {
            name: example(described, inner, depth + 1) for name, inner in whole.get("properties", {}).items()
        }
    if first == "array":
        return [example(described, whole["items"], depth + 1)]
    if first == "string":
        return word(whole)
    return EXAMPLES[first]


def word(schema: dict) -> str:
    """A string that fits: an id or a hash from its pattern, a time, else `…`."""
    prefix = schema.get("pattern", "").removeprefix("^").partition("_[1-9]")
    if prefix[1]:
        return f"{prefix[0]}_12"
    if "[0-9a-f]{64}" in schema.get("pattern", ""):
        return "0" * 64
    return EXAMPLES.get(schema.get("format", ""), "…")
