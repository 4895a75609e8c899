"""The tables of docs/reference that are made from the code: `python tests/docs/tables.py`.

A table stands between `<!-- generated: NAME -->` and `<!-- /generated -->`. What the code cannot
say is written by hand, in the last column of the page, and stays as long as its row does.
"""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tempfile
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from aiohttp import web

import webkit
from webkit import exceptions
from webkit.cli.main import COMMANDS
from webkit.config import Secret, Settings
from webkit.decorators import action
from webkit.routers import SimpleRouter
from webkit.scaffold.kinds import KINDS, REFERENCE, Kind
from webkit.viewsets import BaseViewSet


ROOT = Path(__file__).parents[2]
BY_HAND = "(to be written)"
_REGION = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)
_ROW = re.compile(r"^\| (.*?) \|(?:.*\|)? (.*) \|$", re.MULTILINE)


def commands() -> str:
    """Every command, with its arguments and options."""
    return "\n".join(map(_command, COMMANDS))


def _command(name: str) -> str:
    command: click.Command = importlib.import_module(f"webkit.cli.{name}").command
    return _described(f"webkit {name}", command)


def _described(name: str, command: click.Command, *, level: str = "##") -> str:
    """A command, and those of a group below it."""
    usage = " ".join(command.collect_usage_pieces(click.Context(command)))
    rows = [
        (
            _code(_shown(option)),
            (option.help or "").replace("  [default: ", " Default: ").rstrip("]"),
        )
        for option in command.params
        if isinstance(option, click.Option)
    ]
    parts = [f"{level} `{name}`", _code(f"{name} {usage}"), inspect.cleandoc(command.help or "")]
    text = "\n\n".join([*parts, _table(("option", "meaning"), rows)]).rstrip() + "\n"
    commands = command.commands if isinstance(command, click.Group) else {}
    below = (_described(f"{name} {key}", item, level=f"{level}#") for key, item in commands.items())
    return "\n".join([text, *below])


def _shown(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or 'TEXT'}"
    return " / ".join((*option.opts, *option.secondary_opts)) + value


def settings() -> str:
    """Every key of the section `[webkit]`."""
    hints = typing.get_type_hints(Settings, include_extras=True)
    rows = [
        (
            _code(field.name),
            _code(f"WEBKIT__{field.name.upper()}"),
            _type_of(hints[field.name]),
            _default_of(field.default),
            BY_HAND,
        )
        for field in msgspec.structs.fields(Settings)
    ]
    return _table(("key", "variable", "type", "default", "meaning"), rows)


def _type_of(hint: Any) -> str:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        low, high = parts[1].ge, parts[1].le
        return _type_of(parts[0]) + f" from {low}" + ("" if high is None else f" to {high}")
    if origin is typing.Literal:
        return ", ".join(_default_of(value) for value in parts)
    if parts:
        return _type_of(next(part for part in parts if part is not type(None)))
    known = {str: "text", bool: "boolean", int: "integer", float: "number", Secret: "secret text"}
    return known[hint]


def _default_of(value: Any) -> str:
    if value is None or isinstance(value, Secret):
        return "none"
    return _code(f'"{value}"' if isinstance(value, str) else str(value).lower())


def answers() -> str:
    """Every `APIException`: status, code, and when it is raised."""
    rows = [
        (_code(name), str(cls.status_code), _code(cls.code), _summary(cls))
        for name, cls in _classes(exceptions.APIException)
    ]
    return _table(("class", "status", "code", "when"), rows)


def mistakes() -> str:
    """Every `WebkitError`: the status with which it ends a command."""
    rows = [
        (_code(name), str(cls.exit_status), _summary(cls))
        for name, cls in _classes(exceptions.WebkitError)
    ]
    return _table(("class", "exit status", "when"), rows)


def _classes(base: type[Any]) -> Iterator[tuple[str, type[Any]]]:
    """Yield the classes of one of the two trees, in the order in which they are written."""
    for name, value in vars(exceptions).items():
        if name in exceptions.__all__ and issubclass(value, base):
            yield name, value


def modules() -> str:
    """Every module and package of webkit."""
    names = sorted(module.name for module in pkgutil.iter_modules(webkit.__path__))
    found = [importlib.import_module(f"webkit.{name}") for name in names]
    rows = [
        (_code(item.__name__), _summary(item), _names_of(getattr(item, "__all__", ())))
        for item in found
    ]
    return _table(("module", "is for", "public names"), rows)


def _names_of(public: tuple[str, ...]) -> str:
    """Return the names; the many statuses of HTTP are one."""
    names = dict.fromkeys("HTTP_…" if name.startswith("HTTP_") else name for name in public)
    return ", ".join(map(_code, names)) or "none"


class ArtistViewSet(BaseViewSet):
    """Has every action that a router knows, and two of its own."""

    async def list(self) -> web.Response: ...  # type: ignore[empty-body]
    async def create(self) -> web.Response: ...  # type: ignore[empty-body]
    async def detail(self) -> web.Response: ...  # type: ignore[empty-body]
    async def update(self) -> web.Response: ...  # type: ignore[empty-body]
    async def partial_update(self) -> web.Response: ...  # type: ignore[empty-body]
    async def destroy(self) -> web.Response: ...  # type: ignore[empty-body]
    @action()
    async def top_ten(self) -> web.Response: ...  # type: ignore[empty-body]
    @action("post", detail=True)
    async def send_mail(self) -> web.Response: ...  # type: ignore[empty-body]


def urls() -> str:
    """What a router makes of the methods of a viewset."""
    router = SimpleRouter()
    router.register(ArtistViewSet, basename="artist")
    routes: dict[str, Any] = {route.plan.action: route for route in router.routes}  # type: ignore[attr-defined]
    shown = {"top_ten": "`@action()` ", "send_mail": '`@action("post", detail=True)` '}
    rows = [
        (
            shown.get(name, "") + _code(name),
            *map(_code, (item.method, item.path, item.kwargs["name"])),
        )
        for name, item in sorted(
            routes.items(), key=lambda pair: list(vars(ArtistViewSet)).index(pair[0])
        )
    ]
    return _table(("method", "verb", "path", "name of the route"), rows)


def project_files() -> str:
    """The files of a project."""
    with tempfile.TemporaryDirectory() as directory:
        return _files_of(Path(directory), "quickstart")


def app_files() -> str:
    """The files of an app."""
    with tempfile.TemporaryDirectory() as directory:
        _files_of(Path(directory), "quickstart")
        return _files_of(Path(directory, "quickstart"), "api", command="startapp", below="apps/api")


def service_files() -> str:
    """What a service adds to the files of an app."""
    with tempfile.TemporaryDirectory() as directory:
        _files_of(Path(directory), "quickstart")
        root = Path(directory, "quickstart")
        return _files_of(root, "api", "--service", command="startapp", below="apps/api")


def resource_files() -> str:
    """The files of an app that serves a table."""
    with tempfile.TemporaryDirectory() as directory:
        _files_of(Path(directory), "quickstart")
        root = Path(directory, "quickstart")
        words = ("artists", "name:str")
        return _files_of(root, *words, command="startapp", below="apps/artists")


def fields() -> str:
    """Every type of a field."""
    rows = [
        (
            _code("ref:APP" if name == REFERENCE else name),
            _code(kind.annotation),
            _code(kind.column),
            ", ".join(f"`{mark}`" for mark in _marks(kind)),
            ", ".join(_code(f"NAME{operator}") for operator in kind.filters),
            BY_HAND,
        )
        for name, kind in KINDS.items()
    ]
    return _table(("type", "in Python", "column", "marks", "filters", "is"), rows)


def _marks(kind: Kind) -> Iterator[str]:
    yield "?"
    if kind.is_unique:
        yield "!"
    if kind.default:
        yield "="


def _files_of(cwd: Path, *words: str, command: str = "startproject", below: str = "") -> str:
    code = f"from webkit.cli.main import {command}; {command}()"
    subprocess.run(
        [sys.executable, "-c", code, *words, "--no-input"], cwd=cwd, check=True, capture_output=True
    )
    root = cwd / (below or words[0])
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    names = [file.replace(webkit.__version__, "VERSION") for file in files]
    return _table(("file", "is for"), [(_code(name), BY_HAND) for name in names])


def _code(text: str) -> str:
    return f"`{text}`"


def _summary(item: Any) -> str:
    """Return the first sentence of a docstring, as Markdown."""
    paragraph = (item.__doc__ or "").strip().partition("\n\n")[0]
    text = re.sub(r"\s+", " ", paragraph).replace("``", "`")
    return re.match(r".*?[.](?= [A-Z]|$)|.*", text)[0]  # type: ignore[index]


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "settings": settings,
    "answers": answers,
    "mistakes": mistakes,
    "modules": modules,
    "urls": urls,
    "project-files": project_files,
    "app-files": app_files,
    "resource-files": resource_files,
    "service-files": service_files,
    "fields": fields,
}


def renewed(page: str) -> str:
    """Return the page with its tables as the code has them now."""

    def table(found: re.Match[str]) -> str:
        kept = dict(_ROW.findall(found[0]))
        made = TABLES[found[2]]().splitlines()
        lines = [line.replace(BY_HAND, kept.get(_first(line), BY_HAND)) for line in made]
        return f"{found[1]}\n{chr(10).join(lines)}\n\n{found[3]}"

    return _REGION.sub(table, page)


def _first(line: str) -> str:
    return line.removeprefix("| ").partition(" |")[0]


def pages() -> list[Path]:
    """Return the pages with tables."""
    return [page for page in sorted(ROOT.glob("docs/**/*.md")) if _REGION.search(page.read_text())]


if __name__ == "__main__":
    for path in pages():
        path.write_text(renewed(path.read_text()))
