"""Generic classes: what the type variables of a base stand for in a class that names them."""

import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, TypeVar, get_args, get_origin, get_type_hints


__all__ = ("UNREADABLE", "filled", "hints_of", "type_arguments")

# Stands for an annotation that cannot be read.
UNREADABLE: Any = object()


def filled(hint: Any, arguments: Mapping[Any, Any]) -> Any:
    """Return a type in which type variables are replaced, as far as ``arguments`` has them."""
    if isinstance(hint, TypeVar):
        return arguments.get(hint, hint)
    if not _has_variables(hint):
        return hint
    return hint[tuple(arguments.get(item, item) for item in hint.__parameters__)]


def type_arguments(cls: type) -> dict[type, dict[Any, Any]]:
    """Return, for each generic base of a class, what its type variables stand for in the class."""
    known: dict[Any, dict[Any, Any]] = {}
    for klass in cls.__mro__:
        for base in vars(klass).get("__orig_bases__", ()):
            origin = get_origin(base)
            variables = getattr(origin, "__parameters__", ())
            if variables and origin not in known:
                arguments = (filled(item, known.get(klass, {})) for item in get_args(base))
                known[origin] = dict(zip(variables, arguments, strict=False))
    return known


def hints_of(
    function: Callable[..., Any], cls: type | None = None, *, method: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """Return the types in a signature, and what is wrong with them, a line each.

    In the ``method`` of that name of ``cls``, type variables of the base that defines it are
    replaced by what the class names for them.
    """
    owner = next((base for base in cls.__mro__ if method in vars(base)), None) if cls else None
    own = {item.__name__: item for item in getattr(owner, "__type_params__", ())}
    try:
        hints = get_type_hints(function, localns=own or None, include_extras=True)
    except Exception:  # an annotation may raise anything
        return _each_hint(function, own)
    if cls is None or owner is None or not any(map(_has_variables, hints.values())):
        return hints, []
    arguments = type_arguments(cls).get(owner, {})
    hints = {name: filled(hint, arguments) for name, hint in hints.items()}
    return hints, [
        f"{name!r} is {hint}, and nothing says what that is. Name it: {owner.__name__}[...]"
        for name, hint in hints.items()
        if _has_variables(hint)
    ]


def _each_hint(
    function: Callable[..., Any], names: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the types, UNREADABLE for parameters that cannot be read, and what is wrong."""
    hints: dict[str, Any] = {}
    problems = []
    inner = inspect.unwrap(function)
    for name, written in inspect.get_annotations(inner).items():
        alone = SimpleNamespace(__annotations__={name: written})
        scope = getattr(inner, "__globals__", {})
        try:
            hints |= get_type_hints(alone, scope, {**names}, include_extras=True)
        except Exception as error:  # as above
            if name != "return":
                hints[name] = UNREADABLE
            which = "what it returns" if name == "return" else f"parameter {name!r}"
            missing = " Import it where the module runs, not only under TYPE_CHECKING"
            advice = missing if isinstance(error, NameError) else ""
            problems.append(f"{which}: the annotation {written!r} cannot be read: {error}.{advice}")
    return hints, problems


def _has_variables(hint: Any) -> bool:
    if isinstance(hint, TypeVar):
        return True
    # A class alone has parameters too: those of its definition.
    return get_origin(hint) is not None and bool(getattr(hint, "__parameters__", ()))
