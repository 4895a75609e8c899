"""``@action``: marks a method of a viewset as a route of its own. It records; it never wraps.

What is wrong with an action is not raised here but reported by the router that registers the
viewset, together with every other mistake.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, overload


__all__ = ("ActionOptions", "action", "dashed", "options_of")

F = TypeVar("F", bound=Callable[..., Awaitable[Any] | AsyncIterator[Any]])
_MARK = "__webkit_action__"
_MAPPING = "mapping"  # the name that DRF has for it


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOptions:
    """What ``@action`` was given. None is "not said".

    ``unknown`` are keywords that it does not have; ``covers`` is the name of the action that this
    one was mapped to, if the class has lost that under it.
    """

    methods: tuple[str, ...]
    detail: bool
    url_path: str | None = None
    url_name: str | None = None
    status: int | None = None
    client_max_size: int | None = None
    permissions: Any = None
    authentication: Any = None
    throttles: Any = None
    summary: str | None = None
    tags: tuple[str, ...] | None = None
    deprecated: bool = False
    unknown: tuple[str, ...] = ()
    covers: str = ""


@overload
def action(method: F, /) -> F: ...
@overload
def action(
    method: str | Iterable[str] = ...,
    detail: bool = ...,
    *,
    methods: Iterable[str] | None = ...,
    url_path: str | None = ...,
    url_name: str | None = ...,
    status: int | None = ...,
    client_max_size: int | None = ...,
    permissions: Any = ...,
    authentication: Any = ...,
    throttles: Any = ...,
    summary: str | None = ...,
    tags: Iterable[str] | None = ...,
    deprecated: bool = ...,
) -> Callable[[F], F]: ...
def action(
    method: Any = "get",
    detail: bool = False,
    *,
    methods: Iterable[str] | None = None,
    tags: Iterable[str] | None = None,
    **options: Any,
) -> Any:
    """Serve a method of a viewset under a path of its own.

    ``method`` is a verb, or several; ``methods`` is the same under DRF's name. With ``detail``
    the path holds the id: ``/basename/{id}/name/``, else ``/basename/name/``. ``url_path`` and
    ``url_name`` default to the method's name with dashes. A bare ``@action`` is a GET.

    ``status`` is that of a success. ``client_max_size`` (bytes), ``permissions``,
    ``authentication`` and ``throttles`` take the place of the viewset's. ``summary``, ``tags`` and
    ``deprecated`` go into the documents.

    Source: webaio, for the spelling and the dashes; DRF for ``methods``, ``url_path``,
    ``url_name`` and a policy of its own.
    """
    if callable(method):
        return action()(method)
    verbs = method if methods is None else methods
    verbs = verbs if isinstance(verbs, Iterable) and not isinstance(verbs, str) else [verbs]
    known = {key: value for key, value in options.items() if key in _OPTIONS}
    recorded = ActionOptions(
        methods=tuple(dict.fromkeys(str(verb).upper() for verb in verbs)),
        detail=detail,
        tags=(tags,) if isinstance(tags, str) else None if tags is None else tuple(tags),
        unknown=tuple(key for key in options if key not in _OPTIONS),
        **known,
    )

    def mark(function: F) -> F:
        marked = getattr(function, "__func__", function)
        setattr(marked, _MARK, recorded)
        setattr(marked, _MAPPING, _Mapping(recorded, marked.__name__))
        return function

    return mark


_OPTIONS = frozenset(ActionOptions.__slots__) - {"unknown", "covers"}


class _Mapping:
    """Marks more methods for other verbs of the same path: ``@tags.mapping.delete``.

    Source: DRF. A type checker does not know it; ``@action`` with the same ``url_path`` is the
    same.
    """

    def __init__(self, options: ActionOptions, name: str) -> None:
        self._options = options
        self._name = name

    def __getattr__(self, verb: str) -> Callable[[F], F]:
        path, url_name = self._options.url_path, self._options.url_name

        def mark(function: F) -> F:
            marked = getattr(function, "__func__", function)
            options = replace(
                self._options,
                methods=(verb.upper(),),
                url_path=path or dashed(self._name),
                url_name=url_name or dashed(self._name),
                covers=self._name if marked.__name__ == self._name else "",
            )
            setattr(marked, _MARK, options)
            return function

        return mark


def dashed(name: str) -> str:
    """Return what a method is called in a URL: ``top-ten`` for ``top_ten``."""
    return name.strip("_").replace("_", "-")


def options_of(function: object) -> ActionOptions | None:
    """Return what ``@action`` recorded on a function, or on the function of a ``staticmethod``."""
    found = getattr(getattr(function, "__func__", function), _MARK, None)
    return found if isinstance(found, ActionOptions) else None
