"""The OpenAPI document, made from the very messages that are read and sent."""

from typing import Any

import msgspec

from sync.protocol import STATUS, Code, Fault

_REFS = "#/components/schemas/{name}"
_kinds: dict[str, type[msgspec.Struct]] = {"Fault": Fault}


def described(
    kind: type[msgspec.Struct] | None, answered: type[msgspec.Struct], role: str | None
) -> dict[str, Any]:
    """Return what FastAPI needs to describe a route that takes and gives these messages."""
    for one in (kind, answered):
        if one is not None:
            _kinds[one.__name__] = one
    extra: dict[str, Any] = {"security": [{"token": []}] if role else []}
    if kind is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(kind)}}}
    codes: dict[int, list[str]] = {}
    for code in Code:
        codes.setdefault(STATUS[code], []).append(code.value)
    responses: dict[int | str, dict[str, Any]] = {
        200: {"description": "Done.", "content": {"application/json": {"schema": _ref(answered)}}}
    }
    for status, names in sorted(codes.items()):
        responses[status] = {
            "description": ", ".join(names),
            "content": {"application/json": {"schema": _ref(Fault)}},
        }
    return {"openapi_extra": extra, "responses": responses, "response_model": None}


def _ref(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REFS.format(name=kind.__name__)}


def components() -> dict[str, Any]:
    """Return the schemas of all messages that routes were described with, and how tokens are sent."""
    _, schemas = msgspec.json.schema_components(_kinds.values(), ref_template=_REFS)
    return {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
