"""Logging from configuration: its sections become what ``logging.config.dictConfig`` takes.

1. ``[logger_x]``, ``[handler_x]``, ``[formatter_x]`` are parts of it, ``[logging]`` is the whole.
2. What they leave out stays as without them: records of ``log_level`` and above go to stdout.
3. A logger with handlers of its own passes no record on, so that each is printed once;
   ``propagate`` says otherwise.
"""

import ast
import difflib
import inspect
from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from webkit.config.entries import Entry
from webkit.exceptions import ConfigurationError
from webkit.references import resolve


__all__ = ("FORMAT", "Plan", "is_part", "plan_of")

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NOTSET")
_PARTS = {"logger_": "loggers", "handler_": "handlers", "formatter_": "formatters"}
_LISTS = ("loggers", "handlers", "formatters")  # sections of fileConfig, which list the others
_CONSOLE = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "webkit"}
_WHOLE = (
    *("version", "disable_existing_loggers", "incremental"),
    *("filters", "formatters", "handlers", "loggers", "root"),
)
_KEYS = {
    "loggers": ("level", "handlers", "propagate", "qualname", "filters"),
    "formatters": ("format", "datefmt", "style", "class", "validate", "defaults"),
}


class Plan(NamedTuple):
    """What to give to ``dictConfig``, None for nothing; and what is wrong with it."""

    settings: dict[str, Any] | None
    problems: tuple[str, ...] = ()


def is_part(section: str) -> bool:
    """Tell whether a section says something about logging."""
    return section in ("logging", *_LISTS) or section.startswith(tuple(_PARTS))


def plan_of(sections: dict[str, list[Entry]], *, level: str) -> Plan:
    """Return the plan that sections make; ``level`` is that of everything without one."""
    if not sections:
        return Plan(None)
    planning = _Planning(level)
    for section, entries in sections.items():
        planning.read(section, entries)
    planning.check()
    return Plan(planning.settings, tuple(planning.problems))


class _Planning:
    """The settings while they grow. ``places`` has where each part of them was written."""

    def __init__(self, level: str) -> None:
        self.problems: list[str] = []
        self.places: dict[tuple[str, ...], tuple[str, str]] = {}
        self.settings: dict[str, Any] = {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"webkit": {"format": FORMAT}},
            "handlers": {"console": dict(_CONSOLE)},
            "loggers": {},
            "root": {"level": level, "handlers": ["console"]},
        }

    def read(self, section: str, entries: Iterable[Entry]) -> None:
        """Take up what a section says."""
        prefix = next((prefix for prefix in _PARTS if section.startswith(prefix)), "")
        name = section.removeprefix(prefix)
        home: tuple[str, ...] = (_PARTS[prefix], name) if prefix else ()
        if home == ("loggers", "root"):
            home = ("root",)
        if section in _LISTS:
            return
        if home:
            self._at(home)
        for entry in entries:
            place = f"{section}.{'.'.join(entry.keys)}"
            if entry.problem:
                self.problems.append(entry.problem)
            self._put((*home, *entry.keys), entry, place)

    def check(self) -> None:
        """Find what ``dictConfig`` would not take."""
        self._check_keys((), _WHOLE)
        version = self.settings["version"]
        if version != 1:
            self._refuse(("version",), f"{version!r} is no version of this. Write 1")
        loggers = self.settings["loggers"]
        for name in list(loggers):
            self._check_logger(("loggers", name))
            logger = loggers.pop(name)
            qualified = logger.pop("qualname", name)
            loggers[qualified] = {"propagate": not logger.get("handlers"), **logger}
        self._check_logger(("root",))
        for name, handler in self.settings["handlers"].items():
            self._check_handler(("handlers", name), handler)
        for name in self.settings["formatters"]:
            self._check_keys(("formatters", name), _KEYS["formatters"])

    def _at(self, keys: tuple[str, ...]) -> dict[str, Any]:
        node = self.settings
        for key in keys:
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
        return node

    def _put(self, keys: tuple[str, ...], entry: Entry, place: str) -> None:
        raw = entry.raw
        if keys[-1] in ("handlers", "filters") and isinstance(raw, str):
            raw = [part.strip() for part in raw.split(",") if part.strip()]
        if keys[-1] == "level" and isinstance(raw, str):
            raw = raw.upper()
        if keys[-1] == "propagate":
            raw = bool(raw)
        self.places[keys] = (entry.origin, place)
        if keys[0] in (*_LISTS, "root") and len(keys) < (2 if keys[0] == "root" else 3):
            self._refuse(keys, "is a value, and not a section")
            return
        self._at(keys[:-1])[keys[-1]] = raw

    def _check_logger(self, keys: tuple[str, ...]) -> None:
        logger = self._at(keys)
        self._check_keys(keys, _KEYS["loggers"])
        self._check_level(keys, logger)
        for name in logger.get("handlers", ()):
            if name == "consoleHandler":  # as aio.app calls it
                self.settings["handlers"].setdefault(name, dict(_CONSOLE))
            self._check_name((*keys, "handlers"), name, kind="handlers")

    def _check_handler(self, keys: tuple[str, ...], handler: dict[str, Any]) -> None:
        self._check_level(keys, handler)
        if "formatter" in handler:
            self._check_name((*keys, "formatter"), handler["formatter"], kind="formatters")
        else:
            handler["formatter"] = "webkit"
        if "()" in handler:
            return
        try:
            cls = _class_of(str(handler.get("class", "StreamHandler")))
            known = {name.lower(): name for name in inspect.signature(cls).parameters}
            for key in [key for key in handler if key in known]:  # INI has small letters alone
                handler[known[key]] = handler.pop(key)
            handler["class"] = f"{cls.__module__}.{cls.__qualname__}"
            if "args" in handler:
                handler |= _named(cls, str(handler.pop("args")))
        except ConfigurationError as error:
            self._refuse((*keys, "class"), error.problems[0])
        except (ValueError, SyntaxError, TypeError):
            self._refuse((*keys, "args"), "are no arguments of the handler")

    def _check_level(self, keys: tuple[str, ...], part: dict[str, Any]) -> None:
        level = part.get("level", "NOTSET")
        if isinstance(level, bool) or not (isinstance(level, int) or level in _LEVELS):
            known = ", ".join(_LEVELS)
            self._refuse((*keys, "level"), f"{level!r} is no level. Write one of {known}")

    def _check_name(self, keys: tuple[str, ...], name: str, *, kind: str) -> None:
        known = self.settings[kind]
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}"
            self._refuse(keys, f"there is no {kind[:-1]} {name!r}. {hint}")

    def _check_keys(self, keys: tuple[str, ...], known: tuple[str, ...]) -> None:
        for key in self._at(keys):
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}"
                self._refuse((*keys, key), f"unknown key. {hint}")

    def _refuse(self, keys: tuple[str, ...], reason: str) -> None:
        origin, place = self.places.get(keys, ("", "logging." + ".".join(keys)))
        self.problems.append(f"{f'{origin}: ' if origin else ''}{place}: {reason}")


def _class_of(name: str) -> type:
    """Return the class of a handler: of ``logging``, of its ``handlers``, or of any module."""
    import logging.handlers

    short = name.removeprefix("logging.").removeprefix("handlers.")
    for module in (logging, logging.handlers):
        if isinstance(getattr(module, short, None), type):
            return cast("type", getattr(module, short))
    package, _, attribute = name.rpartition(".")
    found = resolve(name if ":" in name else f"{package or name}:{attribute}")
    if isinstance(found, type):
        return found
    raise ConfigurationError([f"{name} is no class"])


def _named(cls: type, args: str) -> dict[str, Any]:
    """Return positional arguments, as fileConfig has them, by their names."""
    for stream in ("sys.stdout", "sys.stderr"):
        args = args.replace(stream, f"'ext://{stream}'")
    values = ast.literal_eval(args)
    found = inspect.signature(cls).bind(*(values if isinstance(values, tuple) else (values,)))
    return dict(found.arguments)
