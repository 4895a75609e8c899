"""Permissions: who may do what, as classes that compose with ``&``, ``|`` and ``~``.

1. A permission has an opinion on requests (``has_permission``), on objects
   (``has_object_permission``), or on both; on a level where it defines nothing it is neutral.
2. ``A & B`` and ``A | B`` ask B only if they must. For an object, ``A | B`` asks each side for the
   request as well, so that a side without an opinion on objects does not let everybody in.
3. ``~A`` turns round each opinion that A has, and stays neutral where A has none.
4. An answer that is neither true nor false, such as a forgotten coroutine, lets nobody pass.

Source: DRF; the neutral levels are webkit's, where DRF's ``~A`` denies every object, or everything.
"""

import inspect
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, Union, cast

from aiohttp import hdrs, web

from webkit.references import shown
from webkit.sources import Script
from webkit.users import user_of


__all__ = (
    "AllowAny",
    "BasePermission",
    "Composition",
    "IsAuthenticated",
    "IsAuthenticatedOrReadOnly",
    "Permission",
    "conjuncts",
    "denial_of",
    "needs_user",
    "prepared",
    "write_object_check",
    "write_request_check",
)

_SAFE_METHODS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})


class _Composable:
    """What permissions, their classes and their compositions have in common: the operators."""

    __slots__ = ()

    def __and__(self, other: "Permission") -> "Composition":
        if not _is_permission(other):
            return NotImplemented
        return _Both(cast("Permission", self), other)

    def __or__(self, other: "Permission") -> "Composition":
        if not _is_permission(other):
            return NotImplemented
        return _Either(cast("Permission", self), other)

    def __invert__(self) -> "Composition":
        return _Not(cast("Permission", self))


class _PermissionType(_Composable, type):
    """The type of permission classes, which compose as their instances do."""

    def __or__(cls, other: "Permission") -> "Composition":  # type: ignore[override]  # see below
        """Compose with a permission; with anything else, as None, be a type in an annotation."""
        united: Any = super().__or__(other) if _is_permission(other) else type.__or__(cls, other)
        return cast("Composition", united)


class BasePermission(_Composable, metaclass=_PermissionType):
    """A rule about requests, or objects, or both; it keeps nothing from one request to the next.

    ``message`` and ``code`` go into the answer to whom it denies. Both checks may be coroutine
    functions. ``view`` is the viewset's instance, or None in the style without ``self``.
    """

    __slots__ = ()

    message: str | None = None
    code: str | None = None

    def has_permission(self, request: web.Request, view: Any) -> bool | Awaitable[bool]:
        """Tell whether the request may go on."""
        return True

    def has_object_permission(
        self, request: web.Request, view: Any, obj: Any
    ) -> bool | Awaitable[bool]:
        """Tell whether the request may have this object."""
        return True

    def needs_user(self, method: str) -> bool:
        """Tell whether nobody can pass without being authenticated: for the documents."""
        return True


class Composition(_Composable):
    """Permissions joined by ``&``, ``|`` or ``~``."""

    __slots__ = ()


Permission: TypeAlias = Union[BasePermission, type[BasePermission], Composition]  # noqa: UP007  # the classes have an operator | of their own


@dataclass(frozen=True, slots=True)
class _Both(Composition):
    left: Permission
    right: Permission


@dataclass(frozen=True, slots=True)
class _Either(Composition):
    left: Permission
    right: Permission


@dataclass(frozen=True, slots=True)
class _Not(Composition):
    inner: Permission


class AllowAny(BasePermission):
    """Lets everybody pass."""

    __slots__ = ()

    def has_permission(self, request: web.Request, view: Any) -> bool:
        """Return True."""
        return True

    def needs_user(self, method: str) -> bool:
        """Return False."""
        return False


class IsAuthenticated(BasePermission):
    """Lets users pass."""

    __slots__ = ()

    def has_permission(self, request: web.Request, view: Any) -> bool:
        """Tell whether there is a user."""
        return user_of(request) is not None


class IsAuthenticatedOrReadOnly(BasePermission):
    """Lets users pass, and anybody who does not change anything."""

    __slots__ = ()

    def has_permission(self, request: web.Request, view: Any) -> bool:
        """Tell whether there is a user, or no change."""
        return request.method in _SAFE_METHODS or user_of(request) is not None

    def needs_user(self, method: str) -> bool:
        """Tell whether the method changes something."""
        return method not in _SAFE_METHODS


def prepared(permission: Any) -> Permission:
    """Return a permission with an instance in place of each class in it.

    Raises:
        TypeError: it is no permission, or one of its checks takes other arguments.
    """
    if isinstance(permission, _Both | _Either):
        return type(permission)(prepared(permission.left), prepared(permission.right))
    if isinstance(permission, _Not):
        return _Not(prepared(permission.inner))
    if not _is_permission(permission):
        advice = "Use subclasses of BasePermission, and &, | and ~"
        raise TypeError(f"{shown(permission)} is no permission. {advice}")
    instance = permission() if isinstance(permission, type) else permission
    for name, count in (("has_permission", 2), ("has_object_permission", 3)):
        signature = inspect.signature(getattr(instance, name))
        try:
            signature.bind(*range(count))
        except TypeError:
            arguments = ", ".join(("self", "request", "view", "obj")[: count + 1])
            raise TypeError(
                f"{type(instance).__name__}.{name} does not take ({arguments})"
            ) from None
    found: Permission = instance
    return found


def conjuncts(permission: Permission) -> Iterator[Permission]:
    """Yield the permissions that must all be had, in their order: ``A`` and ``B`` of ``A & B``."""
    if isinstance(permission, _Both):
        yield from conjuncts(permission.left)
        yield from conjuncts(permission.right)
    else:
        yield permission


def denial_of(permission: Permission) -> tuple[str | None, str | None]:
    """Return message and code of a permission; of ``A | B``, those of the first that has some."""
    if isinstance(permission, _Both | _Either):
        left = denial_of(permission.left)
        return left if any(left) else denial_of(permission.right)
    if isinstance(permission, Composition):
        return None, None
    return permission.message, permission.code


def needs_user(permission: Any, method: str) -> bool:
    """Tell whether nobody passes a prepared permission without being authenticated."""
    if isinstance(permission, _Both):
        return needs_user(permission.left, method) or needs_user(permission.right, method)
    if isinstance(permission, _Either):
        return needs_user(permission.left, method) and needs_user(permission.right, method)
    if isinstance(permission, _Not):
        return False
    return bool(permission.needs_user(method))


def write_request_check(permission: Any, script: Script) -> str:
    """Return the expression for a prepared permission's opinion on a request; empty if neutral."""
    if isinstance(permission, _Not):
        return _negated(write_request_check(permission.inner, script))
    if isinstance(permission, _Both | _Either):
        left = write_request_check(permission.left, script)
        right = write_request_check(permission.right, script)
        return _conjunction(left, right) if isinstance(permission, _Both) else _either(left, right)
    return _call(script, permission, "has_permission", arguments="request, view")


def write_object_check(permission: Any, script: Script) -> str:
    """Return the expression for a prepared permission's opinion on ``obj``; empty if neutral."""
    if isinstance(permission, _Not):
        return _negated(write_object_check(permission.inner, script))
    if isinstance(permission, _Both):
        left = write_object_check(permission.left, script)
        return _conjunction(left, write_object_check(permission.right, script))
    if isinstance(permission, _Either):
        sides = (permission.left, permission.right)
        checks = [write_object_check(side, script) for side in sides]
        if not any(checks):
            return ""
        requests = [write_request_check(side, script) for side in sides]
        return _either(*map(_conjunction, requests, checks))
    return _call(script, permission, "has_object_permission", arguments="request, view, obj")


def _is_permission(found: object) -> bool:
    if isinstance(found, type):
        return issubclass(found, BasePermission)
    return isinstance(found, (BasePermission, Composition))


def _negated(check: str) -> str:
    return check and f"(not {check})"


def _conjunction(left: str, right: str) -> str:
    """Return both checks as one; what is neutral takes no part."""
    return f"({left} and {right})" if left and right else left or right


def _either(left: str, right: str) -> str:
    """Return the alternative of two checks: neutral if one of them is, as that one never denies."""
    return left and right and f"({left} or {right})"


def _call(script: Script, permission: BasePermission, name: str, *, arguments: str) -> str:
    """Return the expression that asks one permission; empty if it does not define the check."""
    method = getattr(permission, name)
    if getattr(method, "__func__", None) is getattr(BasePermission, name):
        return ""
    is_async = any(map(inspect.iscoroutinefunction, (method, inspect.unwrap(method))))
    script.names["_passes"] = _passes
    call = f"{'await ' if is_async else ''}{script.bind(method)}({arguments})"
    return f"((found := {call}) is True or (found and _passes(found)))"


def _passes(found: Any) -> bool:
    """Return True for what a check has returned in place of it.

    Raises:
        TypeError: it is something to await, which says nothing.
    """
    if inspect.iscoroutine(found):
        found.close()
    if inspect.isawaitable(found):
        raise TypeError("a check of a permission returned a coroutine. Write it `async def`")
    return True
