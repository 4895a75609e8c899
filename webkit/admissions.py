"""Admission: who may pass to an action. Schemes, permissions and throttles become one coroutine.

1. A viewset says it in ``authentication``, ``permissions``, ``throttles`` and
   ``action_permissions = {"destroy": IsAdmin}``; what ``@action`` was given overrules these.
2. Every stage that is configured is a few lines in one compiled function, in this order; one that
   is not configured does not exist. Where nothing is configured there is no function.
3. Instances of permissions and schemes are made here, once, and serve all requests.
4. Every mistake is found here, and all are reported together.
"""

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, NamedTuple, TypeAlias

from aiohttp import web

from webkit.authentication import Authenticator, write_authentication
from webkit.decorators import ActionOptions, options_of
from webkit.exceptions import ConfigurationError
from webkit.handlers import Admission, place_of
from webkit.permissions import (
    Permission,
    conjuncts,
    denial_of,
    needs_user,
    prepared,
    write_object_check,
    write_request_check,
)
from webkit.references import name_of, shown
from webkit.sources import Script, Source
from webkit.throttling import BaseThrottle, Throttle, write_throttling
from webkit.users import UserSource, refusal_of


__all__ = (
    "Permissions",
    "Schemes",
    "Security",
    "Throttles",
    "admission_of",
    "check_object_permissions",
    "security_of",
)

# What a viewset may write: one, or several.
_Scheme: TypeAlias = Authenticator | type[Authenticator]
_Throttle: TypeAlias = str | BaseThrottle | type[BaseThrottle]
Schemes: TypeAlias = _Scheme | Sequence[_Scheme]
Permissions: TypeAlias = Permission | Sequence[Permission]
Throttles: TypeAlias = _Throttle | Sequence[_Throttle]

_OBJECT_CHECK = web.RequestKey("OBJECT_CHECK", FunctionType)
# The names that are actions without a decorator.
_ACTIONS = ("list", "create", "detail", "retrieve", "update", "partial_update", "destroy")


class Security(NamedTuple):
    """What an OpenAPI document says of an action.

    ``schemes`` are security schemes by name, ``requirements`` is the value of ``security``, and
    ``statuses`` are those of the refusals: 401, 403, 429.
    """

    schemes: dict[str, Mapping[str, Any]]
    requirements: list[dict[str, list[str]]]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    """What stands before one action: instances, checked."""

    schemes: tuple[Authenticator, ...]
    permissions: tuple[Permission, ...]
    throttles: tuple[BaseThrottle, ...]


def admission_of(
    viewset: type[Any], options: ActionOptions | None, *, action: str
) -> Admission | None:
    """Return what every request of an action must pass, or None if nothing is configured.

    ``options`` is what ``@action`` was given, if the method has it.

    Raises:
        ConfigurationError: every mistake in what is configured. One that concerns the whole
            viewset is reported in the same words for each of its actions.
    """
    policy = _policy_of(viewset, options, action=action)
    label = f"{name_of(viewset)}.{action}"
    script = Script()
    write_authentication(script, policy.schemes)
    check = _object_check(policy.permissions, label)
    if check:
        script.names["_OBJECT_CHECK"] = _OBJECT_CHECK
        script.lines.append(f"request[_OBJECT_CHECK] = {script.bind(check)}")
    _write_checks(script, policy.permissions, write_request_check)
    write_throttling(script, policy.throttles)
    return _compiled(script, "admit(request, view)", label) if script.lines else None


async def check_object_permissions(view: Any, obj: Any) -> None:
    """Refuse an object that the request may not have, by the permissions of its action.

    ``view`` is the viewset's instance, or the request in the style without ``self``.

    Raises:
        PermissionDenied: a permission says so.
        NotAuthenticated: it does, and nobody is authenticated.
    """
    is_request = isinstance(view, web.BaseRequest)
    request = view if is_request else view.request
    check = request.get(_OBJECT_CHECK)
    if check:
        await check(request, None if is_request else view, obj)


def security_of(
    viewset: type[Any],
    options: ActionOptions | None,
    *,
    action: str,
    method: str,
    sources: Iterable[Source] = (),
) -> Security:
    """Return what a document says of an action under the verb ``method``.

    ``sources`` are those of its plan: one that asks for the user makes authentication a must.

    Raises:
        ConfigurationError: every mistake in what is configured.
    """
    policy = _policy_of(viewset, options, action=action)
    requirements: list[dict[str, list[str]]] = [{item.scheme_name: []} for item in policy.schemes]
    is_must = any(needs_user(item, method) for item in policy.permissions)
    is_must = is_must or any(isinstance(item, UserSource) and item.required for item in sources)
    if requirements and not is_must:
        requirements.append({})
    refusals = {"401": policy.schemes, "403": policy.permissions, "429": policy.throttles}
    return Security(
        schemes={item.scheme_name: item.security_scheme for item in policy.schemes},
        requirements=requirements,
        statuses=tuple(status for status, stage in refusals.items() if stage),
    )


def _policy_of(viewset: type[Any], options: ActionOptions | None, *, action: str) -> _Policy:
    """Return the policy of one action, its own options before those of its viewset."""
    problems = [
        f"{viewset.__name__}.action_permissions: {text}" for text in _name_problems(viewset)
    ]
    permissions: list[Permission] = []
    schemes: list[Authenticator] = []
    throttles: list[BaseThrottle | None] = []
    scope = name_of(viewset)
    if options and options.throttles is not None:
        scope += f".{action}"

    def throttle_of(item: Any) -> BaseThrottle | None:
        return _throttle(item, scope)

    stages: tuple[tuple[str, Callable[[Any], Any], list[Any]], ...] = (
        ("authentication", _scheme, schemes),
        ("permissions", prepared, permissions),
        ("throttles", throttle_of, throttles),
    )
    for name, make, made in stages:
        place, items = _configured(viewset, options, name, action=action)
        for item in items:
            try:
                made.append(make(item))
            except (TypeError, ValueError) as error:
                problems.append(f"{place}: {error}")
    if problems:
        raise ConfigurationError(problems)
    return _Policy(
        schemes=tuple(schemes),
        permissions=tuple(part for item in permissions for part in conjuncts(item)),
        throttles=tuple(dict.fromkeys(item for item in throttles if item is not None)),
    )


def _configured(
    viewset: type[Any], options: ActionOptions | None, name: str, *, action: str
) -> tuple[str, tuple[Any, ...]]:
    """Return the place that decides on one stage of an action, and what stands there."""
    own = getattr(options, name, None)
    if own is not None:
        return f"{place_of(viewset, action)}: {name}", _listed(own)
    by_action = _action_permissions(viewset) if name == "permissions" else {}
    if action in by_action:
        return f"{viewset.__name__}.action_permissions[{action!r}]", _listed(by_action[action])
    return f"{viewset.__name__}.{name}", _listed(getattr(viewset, name, ()))


def _listed(value: Any) -> tuple[Any, ...]:
    if isinstance(value, list | tuple):
        return tuple(value)
    return () if value is None else (value,)


def _action_permissions(viewset: type[Any]) -> Mapping[str, Any]:
    found = getattr(viewset, "action_permissions", None)
    return found if isinstance(found, Mapping) else {}


def _name_problems(viewset: type[Any]) -> Iterator[str]:
    """Yield what is wrong with ``action_permissions`` but for the permissions in it."""
    found = getattr(viewset, "action_permissions", None) or {}
    if not isinstance(found, Mapping):
        yield f"{found!r} is no mapping. Write {{'destroy': IsAuthenticated}}"
    named = _action_permissions(viewset)
    names = [name for name in dir(viewset) if _is_action(viewset, name)] if named else []
    for name in named:
        if name not in names:
            near = difflib.get_close_matches(str(name), names, n=1)
            hint = f". Did you mean {near[0]!r}?" if near else f". It has {', '.join(names)}"
            yield f"there is no action {name!r}{hint}"


def _is_action(viewset: type[Any], name: str) -> bool:
    return name in _ACTIONS or options_of(inspect.getattr_static(viewset, name)) is not None


def _scheme(item: Any) -> Authenticator:
    """Return a scheme, of a class an instance.

    Raises:
        TypeError: it is none, or it lacks something.
    """
    is_class = isinstance(item, type) and issubclass(item, Authenticator)
    scheme = item() if is_class else item
    if not isinstance(scheme, Authenticator):
        raise TypeError(f"{shown(item)} is no Authenticator. Use BearerAuthentication(...)")
    name = type(scheme).__name__
    if not inspect.iscoroutinefunction(inspect.unwrap(scheme.authenticate)):
        raise TypeError(f"{name}.authenticate is not written `async def`")
    for attribute in ("challenge", "scheme_name"):
        text = getattr(scheme, attribute)
        if not text or not text.isascii() or not text.isprintable():
            raise TypeError(
                f"{name}.{attribute} is {text!r}, which is no text of printable ASCII. A 401 needs"
                " a challenge, and a document a name"
            )
    return scheme


def _throttle(item: Any, scope: str) -> BaseThrottle | None:
    """Return what counts for ``scope``, or None where there is no limit.

    Raises:
        TypeError: it is no throttle.
        ValueError: its rate makes no sense.
    """
    throttle = Throttle(item) if isinstance(item, str) else item
    if isinstance(throttle, type) and issubclass(throttle, BaseThrottle):
        throttle = throttle()
    if not isinstance(throttle, BaseThrottle):
        raise TypeError(
            f"{shown(item)} is no throttle. Write a rate: '100/min', or Throttle('5/s')"
        )
    if not inspect.iscoroutinefunction(inspect.unwrap(throttle.hit)):
        raise TypeError(f"{type(throttle).__name__}.hit is not written `async def`")
    return throttle.prepared(scope)


def _object_check(permissions: tuple[Permission, ...], label: str) -> FunctionType | None:
    script = Script()
    _write_checks(script, permissions, write_object_check)
    return _compiled(script, "check(request, view, obj)", label) if script.lines else None


def _write_checks(
    script: Script,
    permissions: tuple[Permission, ...],
    write: Callable[[Permission, Script], str],
) -> None:
    """Write a line for each permission that has an opinion; it raises the answer of a denial."""
    script.names["_refusal_of"] = refusal_of
    for permission in permissions:
        check = write(permission, script)
        if check:
            detail, code = map(script.bind, denial_of(permission))
            refusal = f"_refusal_of(request, detail={detail}, code={code})"
            script.lines.append(f"if not {check}: raise {refusal}")


def _compiled(script: Script, signature: str, label: str) -> FunctionType:
    """Return the coroutine function with the lines of a script; tracebacks can show them."""
    script.lines = [f"async def {signature}:", *(f"    {line}" for line in script.lines)]
    return FunctionType(script.code(f"<webkit {label} {signature}>"), script.names)
