"""The provider's OpenAPI description as a judge of requests and of objects.

The file is found by the environment variable ``LASTLINK_STRIPE_SPEC`` (plain or gzipped JSON). It is the
provider's, so it is not part of this repository; ask `available` first, or take the `spec` fixture's skip.
"""

import gzip
import json
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema.exceptions
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

VARIABLE = "LASTLINK_STRIPE_SPEC"
MISSING = f"{VARIABLE} does not name the provider's OpenAPI description, so nothing can be held against it."

Node = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_FORM = "application/x-www-form-urlencoded"
_DELETED = "deleted_"


class ContractBroken(AssertionError):
    """A request or an object that the description does not allow; the text says where and why."""


def available() -> bool:
    """Whether the description can be read."""
    return bool(os.environ.get(VARIABLE)) and Path(os.environ[VARIABLE]).is_file()


def check_request(method: str, path: str, form_params: Mapping[str, Any]) -> None:
    """Hold one request against its operation; an unknown parameter breaks the contract.

    ``form_params`` are the form fields or query parameters, flat with bracketed names or nested.
    Raises: ContractBroken.
    """
    operation = _operation(method, path)
    schema = _parameters(operation, method)
    given = _nested(form_params)
    errors = _errors(Draft202012Validator(schema), _typed(given, schema))
    _complain(f"{method.upper()} {path}", errors)


def check_object(obj: Mapping[str, Any]) -> None:
    """Hold one object, or every object of a list, against the schema that its ``object`` names.

    An event's own object is held against its schema too. Raises: ContractBroken.
    """
    if obj.get("object") == "list":
        for item in obj["data"]:
            check_object(item)
        return
    name = f"{_DELETED}{obj['object']}" if obj.get("deleted") else str(obj["object"])
    _complain(f"{name} {obj.get('id', '')}", _errors(_validator(name), dict(obj)))
    if name == "event":
        check_object(obj["data"]["object"])


def check_response(method: str, path: str, status: int, body: Mapping[str, Any]) -> None:
    """Hold an answer against what its operation may answer. Raises: ContractBroken."""
    errors = _errors(_judge_of_answers(method, path, status), dict(body))
    _complain(f"answer {status} to {method.upper()} {path}", errors)


def _errors(validator: Draft202012Validator, instance: object) -> list[ValidationError]:
    judge = cast("Any", validator)  # its annotations are partly unknown to the type checker
    return list(judge.iter_errors(instance))


def _complain(what: str, errors: list[ValidationError]) -> None:
    if not errors:
        return
    lines: list[str] = []
    for error in errors:
        told: ValidationError = cast("Any", jsonschema.exceptions).best_match([error]) or error
        where = ".".join(str(step) for step in told.absolute_path) or "(whole)"
        lines.append(f"  {where}: {told.message[:300]}")
    raise ContractBroken(f"{what} breaks the provider's description:\n" + "\n".join(lines))


@cache
def _description() -> Node:
    path = Path(os.environ[VARIABLE])
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(raw)


@cache
def _components() -> Node:
    schemas = _description()["components"]["schemas"]
    return {"schemas": {name: _closed(schema) for name, schema in schemas.items()}}


@cache
def _validator(name: str) -> Draft202012Validator:
    if name not in _components()["schemas"]:
        raise ContractBroken(f"The description knows no object called {name}.")
    return Draft202012Validator({"$ref": f"{_SCHEMAS}{name}", "components": _components()})


@cache
def _judge_of_answers(method: str, path: str, status: int) -> Draft202012Validator:
    answers = _operation(method, path)["responses"]
    schema = (answers.get(str(status)) or answers["default"])["content"]["application/json"]["schema"]
    if "$ref" in schema:
        return _validator(str(schema["$ref"]).removeprefix(_SCHEMAS))
    return Draft202012Validator({**_closed(schema), "components": _components()})


@cache
def _operation(method: str, path: str) -> Node:
    """Return the operation of a concrete path; literal paths win over those with a placeholder."""
    paths: Node = _description()["paths"]
    for template in sorted(paths, key=lambda each: each.count("{")):
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in paths[template]:
            return paths[template][method.lower()]
    raise ContractBroken(f"The description knows no {method.upper()} {path}.")


def _parameters(operation: Node, method: str) -> Node:
    """Return one closed schema of everything that may be sent."""
    content = operation.get("requestBody", {}).get("content", {})
    body: Node = content.get(_FORM, {}).get("schema", {})
    query = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    properties = {each["name"]: each["schema"] for each in query}
    required = [each["name"] for each in query if each.get("required")]
    if method.upper() != "GET":
        properties |= body.get("properties", {})
        required += body.get("required", [])
    return _closed({"type": "object", "properties": properties, "required": required})


def _closed(schema: Any) -> Any:  # noqa: ANN401 - any node of a schema
    """Return an OpenAPI 3.0 schema as JSON Schema: nulls spelled out, unnamed properties refused."""
    if isinstance(schema, list):
        return [_closed(each) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    node = cast("Node", schema)
    closed: Node = {}
    for name, value in node.items():
        if name in {"nullable", "description", "title"} or name.startswith("x-"):
            continue
        if name == "properties":
            closed[name] = {each: _closed(inner) for each, inner in value.items()}
        elif name in {"enum", "required"}:
            closed[name] = value
        else:
            closed[name] = _closed(value)
    if "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return {"anyOf": [closed, {"type": "null"}]} if node.get("nullable") else closed


def _nested(flat: Mapping[str, Any]) -> Node:
    tree: Node = {}
    for name, value in flat.items():
        steps = [step.removesuffix("]") for step in name.split("[")]
        node = tree
        for step in steps[:-1]:
            node = node.setdefault(step, {})
        node[steps[-1] or str(len(node))] = value
    return tree


def _typed(value: Any, schema: Node) -> Any:  # noqa: ANN401 - a parameter of any type
    """Return a form's text as the type that the schema expects there, where the text allows it."""
    variants: list[Node] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    if isinstance(value, dict):
        fields = cast("Node", value)
        if any(map(_is_array, variants)) and all(name.isdecimal() for name in fields):
            items = _first(variants, _is_array).get("items", {})
            return [_typed(fields[name], items) for name in sorted(fields, key=int)]
        shapes = _first(variants, lambda each: "properties" in each).get("properties", {})
        return {name: _typed(inner, shapes.get(name, {})) for name, inner in fields.items()}
    if isinstance(value, list):
        items = _first(variants, _is_array).get("items", {})
        return [_typed(inner, items) for inner in cast("list[Any]", value)]
    return _scalar(value, {each.get("type") for each in variants})


def _is_array(schema: Node) -> bool:
    return schema.get("type") == "array"


def _first(variants: list[Node], is_it: Callable[[Node], bool]) -> Node:
    return next((each for each in variants if is_it(each)), Node())


def _scalar(value: Any, types: set[Any]) -> Any:  # noqa: ANN401 - a scalar of any type
    if not isinstance(value, str):
        return value
    if "boolean" in types and value in {"true", "false"}:
        return value == "true"
    if "integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "number" in types and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return value
