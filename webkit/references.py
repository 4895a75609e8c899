"""Dotted names, ``package.module:attribute``: the objects that they name, and the way back."""

import difflib
import functools
import importlib
import inspect
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from webkit.exceptions import ConfigurationError


__all__ = (
    "UnresolvedError",
    "caller_outside",
    "import_module",
    "name_of",
    "position_of",
    "resolve",
    "shown",
)


class UnresolvedError(ConfigurationError):
    """A reference names nothing that there is."""


def resolve(reference: str) -> Any:
    """Return the object behind ``package.module:attribute``; without a colon, the module itself.

    Raises:
        UnresolvedError: the module does not exist, or has no such attribute. An error inside the
            module is passed on as it is.
    """
    name, _, path = reference.partition(":")
    found: Any = import_module(name)
    for attribute in filter(None, path.split(".")):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            near = difflib.get_close_matches(attribute, dir(found), n=1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            message = f"{reference}: {name_of(found)} has no attribute {attribute!r}{hint}"
            raise UnresolvedError([message]) from None
    return found


def import_module(name: str) -> ModuleType:
    """Return the module ``name``, imported.

    Raises:
        UnresolvedError: there is no such module. A module that fails while it is imported
            raises its own error.
    """
    if not all(name.split(".")):
        message = f"{name!r} is not the dotted name of a module. Write it as in an import"
        raise UnresolvedError([message])
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        message = f"{name}: there is no module {error.name!r}"
        raise UnresolvedError([message]) from None


def name_of(found: object) -> str:
    """Return ``package.module.name`` for a function or class, and its own name for a module.

    A partial is named after its function. What has no name is shown as Python shows it.
    """
    while isinstance(found, functools.partial):
        found = found.func
    names = [getattr(found, key, None) for key in ("__module__", "__qualname__")]
    if all(names):
        return ".".join(map(str, names))
    return str(getattr(found, "__name__", None) or repr(found))


def shown(found: object) -> str:
    """Return what to call anything in a message: no address of an object is in it."""
    if isinstance(found, str | int | float) or found is None:
        return repr(found)
    if hasattr(found, "__qualname__"):
        return name_of(found)
    return f"an instance of {name_of(type(found))}"


def position_of(function: object) -> str:
    """Return `` (file:line)``, with the space, where a function or class is; empty if unknown."""
    if isinstance(function, type):
        return _position_of_class(function)
    code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
    if code is None:
        return ""
    return f" ({_shown(code.co_filename)}:{code.co_firstlineno})"


def _position_of_class(cls: type) -> str:
    try:
        lines, first = inspect.getsourcelines(cls)
        name = inspect.getsourcefile(cls) or ""
    except (OSError, TypeError):  # it was not read from a file
        return ""
    heads = (index for index, line in enumerate(lines) if line.lstrip().startswith("class "))
    return f" ({_shown(name)}:{first + next(heads, 0)})"


def caller_outside(*packages: str) -> str:
    """Return ``file:line`` of the innermost call that is in none of these packages."""
    found = (
        f"{_shown(frame.f_code.co_filename)}:{line}"
        for frame, line in traceback.walk_stack(inspect.currentframe())
        if frame.f_globals.get("__name__", "").partition(".")[0] not in packages
    )
    return next(found, "")


def _shown(filename: str) -> Path:
    path = Path(filename)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
