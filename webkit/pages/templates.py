"""Templates of Jinja: which file a name means, what templates may call, and the mistakes in them.

The environment is the one that aiohttp-jinja2 uses, so ``@aiohttp_jinja2.template`` and
``render_template`` work as they do there.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web
from jinja2 import meta, nodes
from yarl import URL

from webkit.exceptions import ConfigurationError
from webkit.pages.rendering import TEMPLATES
from webkit.pages.static import StaticFiles


__all__ = ("Templates", "attach")

# What is looked at before the start; other files in a folder of templates are not templates.
_SUFFIXES = (".html", ".htm", ".xml", ".svg", ".txt", ".j2", ".jinja", ".jinja2")
_HELPERS = ("static", "url")
_ERROR_PAGE = re.compile(r"([45]\d\d)\.html", re.ASCII)


class Templates:
    """The templates of one application: ``roots`` by the unit, those of the project by ""."""

    def __init__(
        self,
        app: web.Application,
        roots: Mapping[str, Path],
        *,
        files: StaticFiles,
        is_production: bool,
    ) -> None:
        self._app = app
        self._files = files
        self._units = [name for name in roots if name]
        units = {name: jinja2.FileSystemLoader(roots[name]) for name in self._units}
        project = [jinja2.FileSystemLoader(roots[""])] if "" in roots else []
        self._loader = _Shelves([*project, jinja2.PrefixLoader(units)])
        self.environment = _Environment(
            self,
            loader=self._loader,
            autoescape=jinja2.select_autoescape(default=True, disabled_extensions=("txt",)),
            auto_reload=not is_production,
        )
        self.environment.globals.update(app=app, url=self._url, static=self._static)
        self._names: frozenset[str] = frozenset(self.environment.list_templates())

    def text(self, name: str, context: Mapping[str, Any], *, unit: str = "") -> str:
        """Return what a template makes of a context; ``unit`` is who asks for it."""
        return self.environment.get_template(self.full_name(name, unit=unit)).render(context)

    def full_name(self, name: str, *, unit: str = "") -> str:
        """Return the name under which a template stands, ``unit/name`` if it is a unit's.

        Raises:
            jinja2.TemplateNotFound: several units have one of this name, and who asks is none.
        """
        if self.environment.auto_reload:  # files come and go
            self._names = frozenset(self.environment.list_templates())
        own = f"{unit}/{name}"
        if unit and own in self._names:
            return own
        if name in self._names:
            return name
        others = [full for other in self._units if (full := f"{other}/{name}") in self._names]
        if len(others) > 1:
            text = f"{name!r} is in several units. Write {' or '.join(others)}"
            raise jinja2.TemplateNotFound(name, text)
        return others[0] if others else name

    def unit_of(self, full_name: str | None) -> str:
        """Return the unit of a template, empty if it is the project's."""
        unit = (full_name or "").partition("/")[0]
        return unit if unit in self._units else ""

    def error_pages(self) -> dict[int, str]:
        """Return the templates of the project that are named after a status, such as 404.html."""
        found = ((_ERROR_PAGE.fullmatch(name), name) for name in sorted(self._names))
        return {int(match[1]): name for match, name in found if match}

    def problems(self) -> list[str]:
        """Return what is wrong with the templates, with file and line."""
        names = sorted(name for name in self._names if name.endswith(_SUFFIXES))
        return [problem for name in names for problem in self._problems_of(name)]

    def route_problems(self) -> Iterator[str]:
        """Yield the calls of ``url`` that name no route; all routes have to be known."""
        known = [*self._app.router.named_resources()]
        for full_name in sorted(self._names):
            if not full_name.endswith(_SUFFIXES):
                continue
            path, tree = self._parsed(full_name)
            for line, name in _calls_of(tree, "url"):
                if name not in known and name != "static":
                    yield f"{path}:{line}: no route is named {name!r}{_hint(name, known)}"

    def _problems_of(self, full_name: str) -> Iterator[str]:
        try:
            path, tree = self._parsed(full_name)
            self.environment.get_template(full_name)
        except jinja2.TemplateSyntaxError as error:
            yield f"{_shown(error.filename or full_name)}:{error.lineno}: {error.message}"
            return
        except UnicodeDecodeError as error:
            yield f"template {full_name}: is not written in UTF-8: {error.reason}"
            return
        unit = self.unit_of(full_name)
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            yield from self._missing(node, place=f"{path}:{node.lineno}", unit=unit)
        for line, name in _calls_of(tree, "static"):
            if self._files.look_up(name, unit=unit) is None:
                yield f"{path}:{line}: there is no static file {name!r}"

    def _missing(self, node: nodes.Node, *, place: str, unit: str) -> Iterator[str]:
        """Yield the templates that another one names, and nobody has."""
        if getattr(node, "ignore_missing", False):
            return
        named = meta.find_referenced_templates(nodes.Template([node], lineno=1))
        names = [name for name in named if name is not None]
        try:
            is_there = any(self.full_name(name, unit=unit) in self._names for name in names)
        except jinja2.TemplateNotFound as error:
            yield f"{place}: {error.message}"
            return
        if names and not is_there:
            known = [name.removeprefix(f"{unit}/") for name in self._names]
            yield f"{place}: there is no template {names[0]!r}{_hint(names[0], known)}"

    def _parsed(self, full_name: str) -> tuple[str, nodes.Template]:
        source, path, _ = self._loader.get_source(self.environment, full_name)
        return _shown(path or full_name), self.environment.parse(source, full_name, path)

    def _url(
        self,
        name: str,
        query_: Mapping[str, Any] | None = None,
        *,
        unit_: str = "",
        **variables: Any,
    ) -> str:
        """Return the path of the route ``name``, as aiohttp-jinja2 does, for values of any type."""
        router = self._app.router
        if name == "static" and name not in router:
            return self._static(variables["filename"], unit_=unit_)
        if name not in router:
            raise LookupError(f"no route is named {name!r}{_hint(name, router)}")
        url: URL = router[name].url_for(**{key: str(value) for key, value in variables.items()})
        return str(url.with_query(query_) if query_ else url)

    def _static(self, name: str, *, unit_: str = "") -> str:
        """Return the path of a static file of the unit whose template this is, or the project."""
        return self._files.url_of(self._app, name, unit=unit_)


class _Shelves(jinja2.ChoiceLoader):
    """The project's folder, then those of units; a template keeps its full name."""

    load = jinja2.BaseLoader.load


class _Environment(jinja2.Environment):
    """An environment in which the templates of a unit need not say whose they are."""

    def __init__(self, templates: Templates, **options: Any) -> None:
        super().__init__(**options)
        self._templates = templates

    def join_path(self, template: str, parent: str) -> str:
        return self._templates.full_name(template, unit=self._templates.unit_of(parent))

    def get_template(
        self, name: Any, parent: str | None = None, globals: Any = None
    ) -> jinja2.Template:
        if isinstance(name, str) and parent is None:
            name = self._templates.full_name(name)
        return super().get_template(name, parent, globals)

    def compile(self, source: Any, name: str | None = None, *others: Any, **more: Any) -> Any:
        """Compile a template whose calls of helpers say whose template it is.

        A template that extends another one runs under its own name, so the helper cannot know.
        """
        filename = others[0] if others else more.get("filename")
        tree = self.parse(source, name, filename) if isinstance(source, str) else source
        unit = nodes.Const(self._templates.unit_of(name))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in _HELPERS:
                call.kwargs.append(nodes.Keyword("unit_", unit, lineno=call.lineno))
        return super().compile(tree, name, *others, **more)


def attach(app: web.Application, templates: Templates) -> None:
    """Give an application its templates, and let it refuse to start with links to nowhere."""
    app[TEMPLATES] = templates
    app[aiohttp_jinja2.APP_KEY] = templates.environment

    async def check(app: web.Application) -> None:
        problems = list(templates.route_problems())
        if problems:
            raise ConfigurationError(problems)

    app.on_startup.append(check)


def _calls_of(tree: nodes.Template, function: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of the calls of a function whose first argument is written out."""
    for call in tree.find_all(nodes.Call):
        is_meant = isinstance(call.node, nodes.Name) and call.node.name == function
        if is_meant and call.args and isinstance(call.args[0], nodes.Const):
            yield call.lineno, str(call.args[0].value)


def _shown(path: str) -> str:
    cwd = Path.cwd()
    return str(Path(path).relative_to(cwd)) if Path(path).is_relative_to(cwd) else path


def _hint(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f". Did you mean {near[0]!r}?" if near else ""
