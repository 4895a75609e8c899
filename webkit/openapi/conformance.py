"""Conformance: a running service, held against its own document by schemathesis.

Everything that a document says is tried, and what it forbids as well. Left out is what JSON Schema
says of numbers, or schemathesis of forms, and no service could do:

1. ``1.0`` is an integer to JSON Schema. msgspec refuses it, so none is sent.
2. In a form all values are texts, and several of a name are an array: that a number is a text, or
   a value an array, is no finding. The name of a part is in a header, so none with a control
   character is sent.
3. Nothing between two commas is nothing, whatever there should be.
4. A cursor is made by the service, so none is sent.
5. WebSockets are not tried, and streams must end.
6. Texts have no types: that ``null`` is None in a query, or a number a time, is no finding.
7. The schema of a tuple in an answer is valid, though schemathesis does not take it for one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from webkit.exceptions import UsageError


__all__ = ("operations_to_try", "schemathesis_findings")

_MESSAGES = "x-messages"  # what an operation with a WebSocket has
_SECONDS = 10  # for one answer; an endless stream is a finding too
# What schemathesis says of a text of another type, and of its own form of a tuple's schema.
_OF_A_TEXT = re.compile(
    r"parameter `[^`]*` in (query|path|header|cookie) - .*(incorrect type|violates `type`)",
    re.IGNORECASE,
)
_OF_A_TUPLE = re.compile(r"Invalid Schema Object.*items\s+Problematic definition:\s+\[", re.DOTALL)
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def operations_to_try(document: Mapping[str, Any]) -> list[str]:
    """Return the operations of a document that can be tried, as ``GET /books/{id}``."""
    return [
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if _MESSAGES not in operation
    ]


def schemathesis_findings(
    url: str,
    *,
    operation: str | None = None,
    examples: int = 20,
    seed: int = 1,
    headers: Mapping[str, str] | None = None,
) -> list[str]:
    """Return what schemathesis finds wrong with the service whose document is at ``url``.

    Each finding says the operation, what is wrong, and how to see it with curl. ``examples`` are
    those for one operation at most; the same ``seed`` finds the same. ``headers`` go with each
    request. ``operation`` is the only one that is tried, as ``GET /books/{id}``. The service runs
    in another thread or process, because this one is busy.

    Raises:
        UsageError: schemathesis is not installed, or the document cannot be used.
    """
    try:
        import schemathesis
        from schemathesis.config import SchemathesisConfig
        from schemathesis.engine import from_schema
        from schemathesis.errors import LoaderError
    except ModuleNotFoundError:
        raise UsageError("schemathesis is missing. Run: pip install schemathesis") from None
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "cache": {"enabled": False},
            "headers": dict(headers or {}),
            "request-timeout": _SECONDS,
            "continue-on-failure": True,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                # A service ignores what it does not know, as HTTP says.
                "allow-extra-parameters": False,
            },
        }
    )
    try:
        schema = schemathesis.openapi.from_url(url, config=config)
    except LoaderError as error:
        raise UsageError(f"{url}: {error}") from None
    schema.hooks.register_hook_with_name(_plain_body, "map_body")
    schema.hooks.register_hook_with_name(_query_without_cursor, "map_query")
    schema.hooks.register_hook_with_name(_counts, "filter_failure")
    tried = schema.exclude(lambda context: _MESSAGES in context.operation.definition.raw)
    if operation:
        method, _, path = operation.partition(" ")
        tried = tried.include(method=method, path=path)
    events = from_schema(tried).execute()
    return list(dict.fromkeys(text for event in events for text in _findings(event)))


def _findings(event: Any) -> Iterator[str]:
    """Yield what one event of a run tells of."""
    recorder = getattr(event, "recorder", None)
    checks = recorder.checks.values() if recorder else ()
    for found in (node.failure_info for nodes in checks for node in nodes):
        if found:
            failure = found.failure
            shown = f"{failure.title}: {failure.message}\n{found.code_sample}"
            yield f"{failure.operation}: {shown}"
    error = getattr(event, "value", None) or getattr(event, "exception", None)
    if isinstance(error, Exception) and not _OF_A_TUPLE.search(str(error)):
        yield f"{getattr(event, 'label', '')}: {error}"


def _counts(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: PLR0917  # schemathesis calls it so
    """Tell whether a failure is one."""
    if type(failure).__name__ != "AcceptedNegativeData":
        return True
    if _OF_A_TEXT.search(failure.message):
        return False
    return case.media_type not in _FORMS and not _has_empty_part(case)


def _has_empty_part(case: Any) -> bool:
    """Tell whether something between commas is empty where values stand between commas."""
    query = case.query or {}
    return any(
        parameter.get("explode") is False and "" in str(query.get(parameter["name"], 0)).split(",")
        for parameter in case.operation.definition.raw.get("parameters", ())
    )


def _query_without_cursor(context: Any, query: Any) -> Any:
    if isinstance(query, dict):
        query.pop("cursor", None)
    return query


def _plain_body(context: Any, body: Any) -> Any:
    """Return a body with integers for floats that are some, and names that a part can have."""
    if isinstance(body, dict) and any(item.media_type in _FORMS for item in context.operation.body):
        body = {name: value for name, value in body.items() if name.isprintable()}
    return _plain(body)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
