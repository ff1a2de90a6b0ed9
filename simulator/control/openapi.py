"""``openapi.json`` (3.1), made from the table of operations and the contracts in ``schemas/``.

Decides how a row and its contracts are written in OpenAPI. It must not know any operation, nor describe anything that
a contract does not say.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from simulator.control.operations import Operation
from simulator.control.problems import PROBLEM
from simulator.wire import JSON

__all__ = ["document"]

_PROBLEM = "control/problem"
_ALWAYS = {
    400: "The request cannot be read.",
    401: "The control token is needed.",
    403: "Refused: Host or Origin.",
    500: "A mistake of the simulator's; the journal has it.",
}
_WITH_BODY = {
    413: "The body is too large.",
    415: "The body is of the wrong type.",
    422: "The body does not fit its contract.",
}
_OTHERS = {
    404: "There is no such thing.",
    408: "The time-out passed first; the nearest misses are named.",
    409: "Its state does not allow it, or a reset came in between.",
}
_VARIABLES = {
    "resource": "A node id or, where the summary says so, the name of a type such as ScenarioSession.",
    "id": "The id.",
    "verb": "The verb.",
    "run": "The id of a run.",
}


def document(operations: Sequence[Operation]) -> dict[str, JSON]:
    """Return the description of ``operations``."""
    from simulator import __version__

    paths: dict[str, JSON] = {}
    for operation in operations:
        item = paths.setdefault(f"/_simulator/{operation.path}", {})
        assert isinstance(item, dict)
        item[operation.method.lower()] = _operation(operation)
    used = {_PROBLEM} | {name for one in operations for name in (one.body, one.result) if name}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Scope Simulator, control side",
            "version": __version__,
            "description": "Drives a running simulator. Errors are problem details (RFC 9457). The token is needed only "
            "when the simulator can be reached from other machines.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"controlToken": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"controlToken": {"type": "http", "scheme": "bearer"}},
            "schemas": _contracts(used),
        },
    }


def _operation(operation: Operation) -> dict[str, JSON]:
    described: dict[str, JSON] = {"operationId": operation.name, "summary": operation.summary}
    parameters = [*_path_parameters(operation.path), *_query_parameters(operation)]
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        kinds = ["application/json", "application/yaml"] if operation.takes_text else ["application/json"]
        schema: JSON = {"$ref": _pointer(operation.body)}
        described["requestBody"] = {
            "required": operation.body_required,
            "content": {kind: {"schema": schema} for kind in kinds},
        }
    described["responses"] = _responses(operation)
    return described


def _path_parameters(path: str) -> list[JSON]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _VARIABLES[name],
            "schema": {"type": "string"},
        }
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(operation: Operation) -> list[JSON]:
    described: list[JSON] = []
    for parameter in operation.parameters:
        schema: dict[str, JSON] = {"type": parameter.kind}
        if parameter.kind == "integer":
            schema["minimum"] = 0
        if parameter.default is not None:
            schema["default"] = parameter.default
        described.append(
            {"name": parameter.name, "in": "query", "description": parameter.summary, "schema": schema}
        )
    return described


def _responses(operation: Operation) -> dict[str, JSON]:
    success: dict[str, JSON] = {"description": "Done."}
    if operation.result:
        success["content"] = {"application/json": {"schema": {"$ref": _pointer(operation.result)}}}
    if operation.streams:
        success["content"] = {"text/event-stream": {"schema": {"type": "string"}}}
    told = dict(_ALWAYS) | (_WITH_BODY if operation.body else {})
    told |= {status: _OTHERS[status] for status in operation.problems if status in _OTHERS}
    responses: dict[str, JSON] = {str(operation.status): success}
    if operation.name == "play":
        responses["200"] = success | {"description": "With wait=true: the script has ended."}
    for status, description in sorted(told.items()):
        responses[str(status)] = {
            "description": description,
            "content": {PROBLEM: {"schema": {"$ref": _pointer(_PROBLEM)}}},
        }
    return responses


def _contracts(names: Iterable[str]) -> dict[str, JSON]:
    """Return the contracts ``names`` and all that they refer to, by component name."""
    from simulator.contracts import load

    found: dict[str, JSON] = {}
    left = sorted(names)
    while left:
        name = left.pop()
        if _component(name) in found:
            continue
        contract = load(name)
        contract.pop("$schema", None)
        contract.pop("$id", None)
        found[_component(name)] = _rewritten(contract, name, left)
    return dict(sorted(found.items()))


def _rewritten(value: JSON, name: str, left: list[str]) -> JSON:
    """Return ``value`` with its references turned into component pointers; note in ``left`` the files they reach."""
    if isinstance(value, list):
        return [_rewritten(one, name, left) for one in value]
    if not isinstance(value, Mapping):
        return value
    rewritten: dict[str, JSON] = {}
    for key, one in value.items():
        if key == "$ref" and isinstance(one, str):
            file, _, pointer = one.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            target = target.removesuffix(".schema.json")
            left.append(target)
            rewritten[key] = _pointer(target) + pointer
        else:
            rewritten[key] = _rewritten(one, name, left)
    return rewritten


def _component(name: str) -> str:
    return name.replace("/", "_")


def _pointer(name: str) -> str:
    return f"#/components/schemas/{_component(name)}"
