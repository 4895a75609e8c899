"""Configuration: values from files and the environment become one frozen, typed settings object.

Sources, lowest first: the defaults of the settings class, ``webkit.toml``, ``.env``, ``local.env``
(under tests ``env.testing`` in its place), the environment. Knows no framework.

1. ``WEBKIT__PORT`` sets ``port``; ``PORT`` does too, and ``ENVIRONMENT`` names the environment.
2. Where nothing names the environment it is production.
3. All mistakes are reported together, each with its place, before anything starts.
4. A ``Secret`` shows in no print, log or error.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar, cast, get_args

import msgspec

from webkit.exceptions import ConfigurationError


__all__ = ("Config", "Environment", "Secret", "Settings", "environment_of", "load")

Environment = Literal["local", "testing", "production"]

FILE = "webkit.toml"
SECTION = "webkit"
_PREFIX = "WEBKIT__"
_SHORTEST_SECRET = 32  # characters: 128 bits even if only hexadecimal digits are used
_PLACEHOLDERS = ("changeme", "change-me", "changethis", "insecure")


class Secret:
    """A value that does not show itself; ``reveal`` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every webkit service can be told, in the section ``[webkit]``. A project adds its own.

    ``stop_wait_time`` is in seconds, and under the ten that ``docker stop`` waits;
    ``client_max_size`` is in bytes. ``docs`` opens the documentation pages; None opens them
    everywhere but in production. ``error_format`` is ``problem`` (RFC 9457), or ``detail`` for
    bodies of ``{"detail": ...}`` alone.
    """

    title: str = "webkit"
    description: str = ""
    version: str = "0.1.0"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    access_log: bool = True
    stop_wait_time: Annotated[float, msgspec.Meta(ge=0)] = 8.0
    client_max_size: Annotated[int, msgspec.Meta(ge=1)] = 1024**2
    docs: bool | None = None
    error_format: Literal["problem", "detail"] = "problem"
    secret_key: Secret = Secret("")


S = TypeVar("S", bound=Settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Generic[S]):
    """What was read: the typed settings, the environment, and where each value came from.

    ``origins`` has the keys that are not defaults: ``{"port": ".env: PORT"}``. ``root`` is the
    directory of the project, None where nothing was read.
    """

    settings: S
    environment: Environment
    origins: Mapping[str, str]
    root: Path | None = None

    @property
    def has_docs(self) -> bool:
        """Whether the documentation pages are open."""
        docs = self.settings.docs
        return self.environment != "production" if docs is None else docs


class _Value(NamedTuple):
    """A value as it was found: where, and whether it is text that stands for another type."""

    raw: Any
    origin: str
    is_text: bool


def load(
    schema: type[S], *, root: str | Path = ".", environ: Mapping[str, str] = os.environ
) -> Config[S]:
    """Read the settings of the project in ``root``.

    Raises:
        ConfigurationError: every mistake in every source, one line each.
    """
    problems: list[str] = []
    values = _from_toml(Path(root) / FILE, problems)
    environment, where = "production", ""
    for origin, variables in _variable_layers(Path(root), environ, problems=problems):
        if variables.get("ENVIRONMENT"):
            environment, where = variables["ENVIRONMENT"], origin
        values.update(_from_variables(variables, origin))
    problems += _environment_problems(environment, where)
    found = _converted(schema, values, problems)
    if environment == "production":
        problems += _secret_problems(found.get("secret_key"))
    if problems:
        raise ConfigurationError(problems)
    return Config(
        settings=schema(**found),
        environment=cast("Environment", environment),
        origins={key: value.origin for key, value in values.items()},
        root=Path(root).resolve(),
    )


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


def _environment_problems(name: str, origin: str) -> list[str]:
    known = get_args(Environment)
    if name in known:
        return []
    return [f"{origin}ENVIRONMENT: {name!r} is not known. Write one of {', '.join(known)}"]


def _from_toml(path: Path, problems: list[str]) -> dict[str, _Value]:
    """Return the values of the section, with the line on which each stands."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        problems.append(f"{path.name}{f':{line[1]}' if line else ''}: cannot be read: {error}")
        return {}
    problems += (
        f"{path.name}:{_line_of(text, name)}: {name}: unknown section. Known: {SECTION}"
        for name in tree
        if name != SECTION
    )
    section = tree.get(SECTION, {})
    if not isinstance(section, dict):
        problems.append(f"{path.name}:{_line_of(text, SECTION)}: {SECTION}: is not a section")
        return {}
    return {
        key: _Value(raw, f"{path.name}:{_line_of(text, key)}", is_text=False)
        for key, raw in section.items()
    }


def _line_of(text: str, key: str) -> int:
    """Return the line of the first ``key =`` or ``[key]``, 1 where it is written otherwise."""
    pattern = re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(key)}[\"']?\s*[]=.]")
    return next(
        (number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1
    )


def _variable_layers(
    root: Path, environ: Mapping[str, str], *, problems: list[str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the sources of variables, lowest first, each with its name."""
    is_testing = environ.get("ENVIRONMENT") == "testing"
    for name in (".env", "env.testing" if is_testing else "local.env"):
        yield f"{name}: ", _from_env_file(root / name, problems)
    yield "", environ


def _from_env_file(path: Path, problems: list[str]) -> dict[str, str]:
    """Return the variables of a file with lines ``KEY=value``, as compose reads it."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: cannot be read: {error}")
        return {}
    variables = {}
    for number, line in enumerate(lines, 1):
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        if not key or key.startswith("#"):
            continue
        if not equals:
            problems.append(f"{path.name}:{number}: is not KEY=value")
            continue
        variables[key.strip()] = _unquoted(value)
    return variables


def _unquoted(value: str) -> str:
    """Return a value without the comment behind it and the quotes around it."""
    quoted = re.fullmatch(r"""\s*(["'])(.*?)\1\s*(#.*)?""", value)
    return quoted[2] if quoted else value.partition(" #")[0].strip()


def _from_variables(variables: Mapping[str, str], origin: str) -> dict[str, _Value]:
    """Return the settings among variables; an empty one counts as not set."""
    found = {}
    if variables.get("PORT"):
        found["port"] = _Value(variables["PORT"], f"{origin}PORT", is_text=True)
    for name, raw in variables.items():
        if name.startswith(_PREFIX) and raw:
            key = name.removeprefix(_PREFIX).lower()
            found[key] = _Value(raw, f"{origin}{name}", is_text=True)
    return found


def _converted(
    schema: type[Settings], values: Mapping[str, _Value], problems: list[str]
) -> dict[str, Any]:
    """Return the values in the types of the schema; what does not fit goes to ``problems``."""
    fields = {field.name: field for field in msgspec.structs.fields(schema)}
    found = {}
    for key, value in values.items():
        where = f"{value.origin}: {SECTION}.{key}"
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(fields)}"
            problems.append(f"{where}: unknown key. {hint}")
            continue
        wanted = fields[key].type
        try:
            found[key] = msgspec.convert(
                value.raw, wanted, strict=not value.is_text, dec_hook=_secret
            )
        except (msgspec.ValidationError, TypeError) as error:
            shown = "the value" if _holds_secret(wanted) else repr(value.raw)
            problems.append(f"{where}: {shown} does not fit: {error}")
    problems += (
        f"{SECTION}.{name}: is missing. Set it in {FILE}, or {_PREFIX}{name.upper()}"
        for name, field in fields.items()
        if field.required and name not in values
    )
    return found


def _holds_secret(wanted: Any) -> bool:
    return wanted is Secret or any(map(_holds_secret, get_args(wanted)))


def _secret(wanted: type, raw: object) -> Secret:
    if wanted is not Secret or not isinstance(raw, str):
        raise TypeError(f"Expected `{wanted.__name__}`, got `{type(raw).__name__}`")
    return Secret(raw)


def _secret_problems(secret: Secret | None) -> list[str]:
    """Return why a secret is none that production may run with."""
    text = secret.reveal() if secret else ""
    if len(text) >= _SHORTEST_SECRET and not any(word in text.lower() for word in _PLACEHOLDERS):
        return []
    what = "is a placeholder or too short" if text else "is missing"
    return [
        f"{SECTION}.secret_key: {what} in production."
        f" Set {_PREFIX}SECRET_KEY to at least {_SHORTEST_SECRET} random characters"
    ]
