"""Loading: the sources of a project become its typed settings.

1. ``WEBKIT__PORT`` sets ``port``; ``PORT`` does too, and ``ENVIRONMENT`` names the environment.
2. Where nothing names the environment it is production.
3. All mistakes are reported together, each with its place, before anything starts.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import msgspec

from webkit.config.conversion import Conversion, defaults_of
from webkit.config.interpolation import Interpolation
from webkit.config.secrets import key_problems, placeholder_problems
from webkit.config.sections import Config
from webkit.config.settings import SECTION, Environment, Settings
from webkit.config.sources import Sources, read_sources
from webkit.config.values import Value, leaves
from webkit.exceptions import ConfigurationError


__all__ = ("environment_of", "load")

S = TypeVar("S", bound=Settings)


def load(
    schema: type[S],
    *,
    root: str | Path = ".",
    file: str | Path | None = None,
    environ: Mapping[str, str] = os.environ,
    overrides: Iterable[str] = (),
) -> Config[S]:
    """Read the settings of the project in ``root``. Mistakes are in ``problems`` of what it gives.

    ``file`` stands in for the file of the project; ``overrides`` are the last word, each as
    ``section:option=value``.
    """
    problems: list[str] = []
    sources = read_sources(
        Path(root), file=file, environ=environ, overrides=overrides, problems=problems
    )
    environment, where = _environment_in(sources)
    problems += _environment_problems(environment, where)
    is_known = environment in get_args(Environment)
    settings = _settings_in(sources, schema, problems)
    if environment == "production":
        problems += key_problems(
            settings.secret_key, f"{SECTION}.secret_key", variable="WEBKIT__SECRET_KEY"
        )
        problems += placeholder_problems(settings, SECTION, without="secret_key")
    config = Config(
        settings=settings,
        environment=cast("Environment", environment if is_known else "production"),
        origins={key: value.origin for key, value in leaves(sources.table(SECTION))},
        root=Path(root).resolve(),
        problems=tuple(problems),
        sources=sources,
    )
    return replace(config, problems=(*problems, *config.plan_logging().problems))


def environment_of(environ: Mapping[str, str]) -> Environment:
    """Return what ``ENVIRONMENT`` says, production where it says nothing.

    Raises:
        ConfigurationError: it names no environment.
    """
    name = environ.get("ENVIRONMENT") or "production"
    problems = _environment_problems(name, "")
    if problems:
        raise ConfigurationError(problems)
    return cast("Environment", name)


def _environment_in(sources: Sources) -> tuple[str, str]:
    """Return the name of the environment, and where it was set."""
    for origin, values in reversed(sources.variables):
        if values.get("ENVIRONMENT"):
            return values["ENVIRONMENT"], origin
    return "production", ""


def _environment_problems(name: str, origin: str) -> list[str]:
    known = get_args(Environment)
    if name in known:
        return []
    return [f"{origin}ENVIRONMENT: {name!r} is not known. Write one of {', '.join(known)}"]


def _settings_in(sources: Sources, schema: type[S], problems: list[str]) -> S:
    """Return the settings; where something is wrong, as far as they are right."""
    section = sources.tree.get(SECTION)
    if isinstance(section, Value):
        problems.append(f"{section.origin}: {SECTION}: is not a section")
    resolve = Interpolation(sources, defaults={SECTION: partial(defaults_of, schema)}).resolve
    conversion = Conversion(SECTION, file=sources.file, resolve=resolve)
    table = sources.table(SECTION)
    settings = conversion.record(table, schema)
    problems += conversion.problems
    if settings is not None:
        return settings
    found = Conversion(SECTION, file=sources.file, resolve=resolve).fields(table, schema)
    required = (field.name for field in msgspec.structs.fields(schema) if field.required)
    arguments: dict[str, Any] = dict.fromkeys(required) | found
    return _unchecked(schema)(**arguments)


def _unchecked(schema: type[S]) -> type[S]:
    """Return the schema without rules over several keys, which need all of them."""
    namespace = {"__post_init__": lambda self: None}
    made = msgspec.defstruct(schema.__name__, [], bases=(schema,), namespace=namespace, frozen=True)
    return cast("type[S]", made)
