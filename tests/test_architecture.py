"""The shape of the package, checked: layers, public names, module sizes, cost of an import."""

import ast
import functools
import graphlib
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

import webkit


PACKAGE = Path(webkit.__file__).parent
CHECKOUT = PACKAGE.parent

# A module may import from its own row only what stands left of it, and anything from rows above.
LAYERS = tuple(
    row.split()
    for row in (
        "exceptions status references signals",
        "config decorators",
        "metadata components services",
        "generics scalars models reasons shapes pointers limits checkers codec soundness texts"
        " forms responses replies bodies sources websockets streams outputs injections places"
        " parameters"
        " arguments givens contracts rescues paths urls plans handlers endpoints operators filters"
        " repositories cursors pagination signatures attributes habits users permissions"
        " authentication throttling admissions",
        "viewsets resources routes controllers routers tables gates unlisted forks middlewares"
        " conditionals shortcuts cors openapi pods",
        "units instances lifecycle",
        "health database migrations sentry pages mounting",
        "application workers",
        "testing sandboxes pytest_plugin",
        "scaffold",
        "cli",
    )
)
# Rooms that must stay closed although their layer would allow the visit.
RUNTIME = [room for row in LAYERS[:-2] for room in row]
FORBIDDEN = {("scaffold", room) for room in RUNTIME if room != "exceptions"} | {
    ("pods", "viewsets"),
    ("pods", "controllers"),
    ("pods", "routers"),
    ("database", "viewsets"),
    ("database", "routers"),
}

ORDER = [name for row in LAYERS for name in row]
MODULES = sorted(PACKAGE.rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "common", "misc", "core", "base", "manager"}
HEAVY = {"aiohttp", "yaml", "cookiecutter", "jinja2", "sqlalchemy", "pydantic"}

each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def _name(path: Path) -> str:
    parts = ("webkit", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


NAMES = {_name(path) for path in MODULES} - {"webkit"}


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _named_in(node: ast.Import | ast.ImportFrom, path: Path) -> set[str]:
    """Every module of webkit that an import names, in whichever of the four forms."""
    if isinstance(node, ast.Import):
        found = {alias.name for alias in node.names}
    else:
        parts = _name(path).split(".")
        package = parts if path.stem == "__init__" else parts[:-1]
        base = package[: len(package) - node.level + 1] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        found = {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return found & NAMES - {_name(path)}


@functools.cache
def _imports(path: Path) -> dict[ast.Import | ast.ImportFrom, set[str]]:
    """Every import of a module, with the modules of webkit that it names."""
    nodes = ast.walk(_tree(path))
    return {n: _named_in(n, path) for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)}


def _imported_modules(path: Path) -> set[str]:
    return set().union(*_imports(path).values())


def _own_imports(path: Path) -> set[str]:
    return {name.split(".")[1] for name in _imported_modules(path)}


def test_no_module_imports_itself_through_others():
    graph = {_name(path): _imported_modules(path) for path in MODULES}

    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, and names the cycle


@each_module
def test_imports_point_down(path):
    room = _room(path)
    if room == "__init__":
        assert _own_imports(path) == set()
        return
    assert room in ORDER, f"enter {room} in LAYERS"
    for other in _own_imports(path) - {room}:
        assert ORDER.index(other) < ORDER.index(room), f"{room} may not import {other}"
        assert (room, other) not in FORBIDDEN, f"{room} may not import {other}"


@pytest.mark.parametrize(
    "path",
    # A command imports when it runs. A room may open its own modules late, from its door.
    [path for path in MODULES if _room(path) != "cli" and path.stem != "__init__"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_own_modules_are_imported_at_the_top(path):
    at_the_top = set(_tree(path).body)

    late = {
        name for node, names in _imports(path).items() if node not in at_the_top for name in names
    }

    assert late == set()


@each_module
def test_a_module_is_short_and_says_what_it_is_for(path):
    source = path.read_text()

    assert ast.get_docstring(_tree(path)), "the first line says what the module is for"
    assert source.count("\n") <= 300, "a module of more than 300 lines holds two concepts"
    assert path.stem not in DRAWERS, "name a module after the noun it works on"


def _order_of_ruff(name: str) -> tuple[bool, bool, str]:
    """Constants, then classes, then functions."""
    return not name.isupper(), not name[0].isupper(), name


@each_module
def test_all_lists_exactly_what_the_module_defines_in_public(path):
    name = _name(path)
    if path.stem == "__init__":
        pytest.skip("a package lists what it re-exports")
    module = importlib.import_module(name)

    defined = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and getattr(value, "__module__", None) == name
        and not isinstance(value, TypeVar)
    }

    assert defined <= set(module.__all__)
    assert set(module.__all__) <= set(vars(module))
    assert isinstance(module.__all__, tuple)
    assert list(module.__all__) == sorted(module.__all__, key=_order_of_ruff)


def test_the_package_itself_has_a_version_and_nothing_else():
    body = _tree(PACKAGE / "__init__.py").body

    assert [ast.unparse(node.targets[0]) for node in body[1:]] == ["__version__"]


@each_module
def test_an_exception_from_a_check_names_its_rule_and_its_reason(path):
    excuses = re.findall(r"#\s*(?:noqa|type:\s*ignore|pragma).*", path.read_text())

    for excuse in excuses:
        assert re.match(r"# (noqa: [A-Z]+\d+|type: ignore\[[\w, -]+\])  [#(].{5}", excuse), excuse


@pytest.mark.parametrize(
    ("statement", "must_stay_out"),
    [
        ("import webkit", HEAVY),
        ("import webkit.cli.main", HEAVY | {"msgspec", "asyncio"}),
        ("import webkit.cli.startproject, webkit.cli.startapp", {"aiohttp", "sqlalchemy"}),
        ("import webkit.scaffold.projects, webkit.scaffold.apps", {"aiohttp", "sqlalchemy"}),
        ("import webkit.config, webkit.references", HEAVY),
        ("import webkit.viewsets, webkit.routers", HEAVY - {"aiohttp"}),
        ("import webkit.application", HEAVY - {"aiohttp"}),
    ],
)
def test_an_import_pays_only_for_what_it_uses(statement, must_stay_out):
    code = f"{statement}; import sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )

    assert must_stay_out.isdisjoint(run.stdout.split())


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.stem != "__init__"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_a_module_has_its_own_test_file(path):
    home = path.relative_to(PACKAGE).parent

    assert (Path(__file__).parent / home / f"test_{path.stem}.py").exists()


def _shadowed_lists(text: str) -> Iterator[int]:
    """Yield the lines of classes that say ``list[X]`` when ``list`` is a method already.

    Text, not a syntax tree: templates are no Python before they are rendered.
    """
    method = None  # the indentation of `def list`
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r"(\s+)(?:async )?def list\(", line)
        indentation = len(line) - len(line.lstrip())
        if found:
            method = len(found[1])
        elif line.strip() and method is not None and indentation < method:
            method = None
        if method is not None and re.search(r"[:>|\[,]\s*list\[", line):
            yield number


def test_the_rule_about_the_name_list_finds_what_it_looks_for():
    text = """
class Before:
    names: list[str]

class Shadowed(BaseViewSet):
    early: list[str]

    async def list(self) -> list[Artist]:
        return list[0]

    async def create(self, names: list[str]) -> Page[Artist]: ...

def after(names: list[str]) -> None: ...
"""

    assert list(_shadowed_lists(text)) == [8, 11]


@pytest.mark.parametrize(
    "path",
    [
        path
        for room in ("templates", "docs", "examples", "README.md")
        for path in ([CHECKOUT / room] if room.endswith(".md") else (CHECKOUT / room).rglob("*"))
        if path.suffix in {".py", ".md"}
    ],
    ids=lambda path: str(path.relative_to(CHECKOUT)),
)
def test_what_users_copy_never_takes_a_method_for_the_type_list(path):
    assert list(_shadowed_lists(path.read_text())) == []
