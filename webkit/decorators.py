"""``@action``: marks a method of a viewset as a route of its own. It records; it never wraps.

What is wrong with an action is not raised here but reported by the router that registers the
viewset, together with every other mistake.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, overload

from webkit.references import shown


__all__ = ("ActionOptions", "action", "dashed", "is_unapplied", "options_of", "unapplied")

F = TypeVar("F", bound=Callable[..., Awaitable[Any] | AsyncIterator[Any]])
_MARK = "__webkit_action__"
_UNAPPLIED = "__webkit_unapplied__"  # on a decorator
_MAPPING = "mapping"  # the name that DRF has for it


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOptions:
    """What ``@action`` was given. None is "not said".

    ``unknown`` are keywords that it does not have, ``mistakes`` what else is wrong with how it was
    called; ``covers`` is the name of the action that this one was mapped to, if the class has lost
    that under it.
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
    mistakes: tuple[str, ...] = ()


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
def action(*given: Any, **options: Any) -> Any:
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
    is_bare = len(given) == 1 and not options
    if is_bare and (callable(given[0]) or isinstance(given[0], classmethod)):
        return action()(given[0])
    recorded = _options_in(given, options)

    def mark(function: F) -> Any:
        marked = getattr(function, "__func__", function)
        try:
            setattr(marked, _MARK, recorded)
        except AttributeError:  # of what is no function; the viewset has `mark`, and tells it
            return mark
        setattr(marked, _MAPPING, _Mapping(recorded, marked.__name__))
        vars(mark).clear()
        return function

    return unapplied(mark)


def _options_in(given: Sequence[Any], options: Mapping[str, Any]) -> ActionOptions:
    """Return what was given by position and by name, with the mistakes in how it was given."""
    named = dict(zip(_BY_POSITION, given, strict=False))
    mistakes = [f"{key} is given twice" for key in named if key in options]
    mistakes += [
        f"{shown(value)} is one too many. Give it by its name, as url_path=..."
        for value in given[len(_BY_POSITION) :]
    ]
    values = {"method": "get", "methods": None, "detail": False, **options, **named}
    method, methods = values.pop("method"), values.pop("methods")
    verbs = method if methods is None else methods
    tags = values.get("tags")
    if tags is not None:
        values["tags"] = tuple(_several(tags))
    return ActionOptions(
        methods=tuple(dict.fromkeys(str(verb).upper() for verb in _several(verbs))),
        unknown=tuple(key for key in values if key not in _OPTIONS),
        mistakes=tuple(mistakes),
        **{key: value for key, value in values.items() if key in _OPTIONS},
    )


def _several(value: Any) -> Iterable[Any]:
    """Return what may have been given as one, or as several."""
    return value if isinstance(value, Iterable) and not isinstance(value, str) else [value]


_BY_POSITION = ("method", "detail")
_RECORDED = ("methods", "unknown", "covers", "mistakes")
_OPTIONS = tuple(name for name in ActionOptions.__slots__ if name not in _RECORDED)


def unapplied(decorator: F) -> F:
    """Note that a decorator has had no function yet, and return it.

    Where it is found in the place of a method, the function was forgotten, or was none. Once it
    has had one, it clears its own ``__dict__``.
    """
    setattr(decorator, _UNAPPLIED, True)
    return decorator


def is_unapplied(found: object) -> bool:
    """Tell whether something is a decorator that was made, and has had no function."""
    return getattr(found, _UNAPPLIED, False) is True


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
