"""Violations: rules of a table that a statement would break, as answers to clients."""

from collections.abc import Callable, Mapping
from typing import Any

from webkit.database.drivers import Violation
from webkit.exceptions import APIException, Conflict, ValidationError
from webkit.repositories import taken


__all__ = ("answer_to", "dangling", "needed", "stale")


def answer_to(violation: Violation, name_of: Callable[[str], str]) -> APIException:
    """Return the answer; ``name_of`` gives the name in JSON of a column."""
    names = [name_of(column) for column in violation.columns]
    if violation.rule == "unique":
        return taken(*names)
    if violation.rule == "reference":
        return dangling(*names)
    if violation.rule == "referenced":
        return needed()
    code, text = _INVALID[violation.rule]
    text = text.format(name=violation.name)
    errors = [_error(name, text, code) for name in names] or [_error("", text, code)]
    return ValidationError(errors=errors)


def dangling(*names: str) -> Conflict:
    """Return the answer to a reference to what is not there; names are those in JSON."""
    text = f"There is nothing with this {' and '.join(names) or 'reference'}."
    return Conflict(text, errors=[_error(name, text, "reference") for name in names])


def needed() -> Conflict:
    """Return the answer to who would remove what others refer to."""
    return Conflict("Others refer to this.", "referenced")


def stale(name: str) -> Conflict:
    """Return the answer to a change of what has changed meanwhile."""
    text = "This has changed meanwhile."
    return Conflict(text, "stale", errors=[_error(name, text, "stale")])


_INVALID: Mapping[str, tuple[str, str]] = {
    "required": ("required", "Needs a value."),
    "check": ("invalid", "Breaks the rule {name}."),
    "value": ("invalid", "Cannot be kept."),
}


def _error(name: str, text: str, code: str) -> dict[str, Any]:
    pointer = f"#/{name}" if name else "#"
    return {"pointer": pointer, "detail": text, "code": code}
