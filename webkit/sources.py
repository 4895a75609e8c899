"""Where in a request a value stands: how it is taken, and what is said when it does not fit.

A source writes one Python expression over ``request`` into a handler (the fast way), and explains
a request that failed (the slow way).
"""

import functools
import linecache
import re
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import msgspec
from aiohttp import hdrs, web
from multidict import istr

from webkit.bodies import whole_body
from webkit.codec import MISFITS, Walk, convert, decoder_of, parse, reader_of
from webkit.exceptions import NotFound, UnsupportedMediaType
from webkit.forms import form_of
from webkit.models import is_model, members
from webkit.texts import decoded, has_any, is_many, plain, read_model, taker_of, text_reader_of


__all__ = (
    "MISSING",
    "BodySource",
    "FileSource",
    "ModelSource",
    "PathSource",
    "RequestSource",
    "Script",
    "Source",
    "TextSource",
)

MISSING: Any = msgspec.NODEFAULT
_JSON = re.compile(r"application/([\w.-]+\+)?json\s*(;\s*charset=\"?utf-?8\"?\s*)?", re.IGNORECASE)
# What the place of a mistake is called in an answer.
_WORDS = {"query": "parameter", "header": "header", "cookie": "cookie", "form": "field"}
# The expressions for the mappings of texts; a handler evaluates each of them once.
_MAPPINGS = {
    "query": "request.query",
    "header": "request.headers",
    "cookie": "request.cookies",
    "form": "await _form_of(request)",
}


@dataclass(slots=True)
class Script:
    """A handler while it is written: the lines before the call, and the names that they use."""

    names: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def bind(self, value: Any) -> str:
        """Return a name under which the handler finds ``value``."""
        name = f"_{len(self.names)}"
        self.names[name] = value
        return name

    def default(self, value: Any) -> str:
        """Return the expression for a default; what could be changed is a new one each time."""
        name = self.bind(value)
        return f"{name}.copy()" if isinstance(value, list | dict | set) else name

    def once(self, line: str, **names: Any) -> None:
        """Write a line unless it stands there already, with the names that it uses."""
        self.names.update(names)
        if line not in self.lines:
            self.lines.append(line)

    def code(self, filename: str) -> CodeType:
        """Return the code of the one function that the lines are; tracebacks can show them."""
        source = "\n".join((*self.lines, ""))
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        module = compile(source, filename, "exec")
        return next(const for const in module.co_consts if isinstance(const, CodeType))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parameter of a function, and its place in a request.

    ``alias`` is the name in the request; ``default`` is MISSING where a value is required;
    ``keyword`` tells that it is passed by name.
    """

    name: str
    alias: str
    type: Any
    default: Any = MISSING
    keyword: bool = False
    place: str = ""

    @property
    def required(self) -> bool:
        """Whether a request without the value is refused."""
        return self.default is MISSING

    def write(self, script: Script) -> str:
        """Return the expression for the value; it raises one of MISFITS, or KeyError."""
        raise NotImplementedError

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Note what is wrong with the value; raise the answer where nothing else matters."""


class RequestSource(Source):
    """The request itself."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return "request"


class PathSource(Source):
    """A variable of the path; what does not fit names an object that does not exist."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        raw = f"request.match_info[{self.alias!r}]"
        if self.type is str:
            return raw
        return f"{'int' if self.type is int else script.bind(reader_of(self.type))}({raw})"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Raise NotFound if the value does not fit."""
        try:
            convert(request.match_info[self.alias], self.type)
        except MISFITS:
            raise NotFound from None


class TextSource(Source):
    """A text of the query, the headers, the cookies or a form; for a list, all of that name."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        texts = _write_mapping(script, self.place)
        key = script.bind(istr(self.alias) if self.place == "header" else self.alias)
        reader = text_reader_of(self.type, self.place)
        read = script.bind(reader) if reader else ""
        if self.required:
            got = f"{texts}.getall({key})" if is_many(self.type) else f"{texts}[{key}]"
            return f"{read}({got})"
        got = f"{texts}.getall({key}, None)" if is_many(self.type) else f"{texts}.get({key})"
        return f"({script.default(self.default)} if (text := {got}) is None else {read}(text))"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Note that the value is missing or does not fit."""
        texts = await _texts_of(request, self.place)
        where = {_WORDS[self.place]: self.alias}
        if self.alias in texts:
            value = taker_of(self.type)(texts, self.alias)
            try:
                walk.visit(decoded(value), self.type, where=lambda _: where, strict=False)
            except UnicodeEncodeError:
                walk.note("This is not UTF-8", "encoding", where=where)
        elif self.required:
            walk.note("This value is required", "required", where=where)


class ModelSource(Source):
    """A model whose fields are parameters of the query, or fields of a form.

    Its default stands for a request in which none of them is there.
    """

    __slots__ = ()

    @property
    def model(self) -> Any:
        """The model, where the type says that there may be none."""
        return next(member for member in members(self.type) if is_model(member))

    def write(self, script: Script) -> str:
        """Return the expression."""
        texts = _write_mapping(script, self.place)
        read = f"{script.bind(functools.partial(read_model, self.model))}({texts})"
        if self.required:
            return read
        is_asked = f"{script.bind(functools.partial(has_any, self.model))}({texts})"
        return f"({read} if {is_asked} else {script.default(self.default)})"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Note every field that is missing or does not fit."""
        given = await _texts_of(request, self.place)
        if not self.required and not has_any(self.model, given):
            return
        texts = plain(self.model, given)
        word = _WORDS[self.place]
        walk.visit(
            texts,
            self.model,
            where=lambda at: {word: str(at[0])} if at else {},
            strict=False,
        )


class BodySource(Source):
    """The body, as JSON; ``bytes`` takes it as it came."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        if self.type is bytes:
            return "await request.read()"
        script.once(
            "if request.headers.get(_content_type) != _json_type: _check_json(request)",
            _content_type=istr(hdrs.CONTENT_TYPE),
            _json_type="application/json",
            _check_json=_check_json,
        )
        script.once("raw = _whole_body(request)", _whole_body=whole_body)
        script.once("if raw is None: raw = await request.read()")
        decode = f"{script.bind(decoder_of(self.type))}(raw)"
        return decode if self.required else f"({decode} if raw else {script.default(self.default)})"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Note every mistake in the body, or raise ParseError if it is no JSON."""
        raw = await request.read()
        if self.type is not bytes and (raw or self.required):
            walk.visit(parse(raw), self.type)


class FileSource(Source):
    """A file of a multipart form, as ``aiohttp.web.FileField``; of an array, all of that name."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        texts = _write_mapping(script, "form")
        default = "" if self.required else f", {script.default(self.default)}"
        take = _files_of if is_many(self.type) else _file_of
        return f"{script.bind(take)}({texts}, {self.alias!r}{default})"

    async def explain(self, request: web.Request, walk: Walk) -> None:
        """Note that there is no such file."""
        form = await _texts_of(request, "form")
        if not isinstance(form.get(self.alias), web.FileField) and self.required:
            walk.note("A file is required", "required", where={_WORDS["form"]: self.alias})


def _write_mapping(script: Script, place: str) -> str:
    """Write the line that takes a mapping of texts, and return its name."""
    script.once(f"{place} = {_MAPPINGS[place]}", _form_of=form_of)
    return place


async def _texts_of(request: web.Request, place: str) -> Any:
    if place == "form":
        return await form_of(request)
    return {"query": request.query, "header": request.headers, "cookie": request.cookies}[place]


def _check_json(request: web.Request) -> None:
    given = request.headers.get(hdrs.CONTENT_TYPE, "")
    if request.body_exists and not _JSON.fullmatch(given):
        raise UnsupportedMediaType(given, ["application/json"])


def _files_of(form: Any, alias: str, default: Any = MISSING) -> Any:
    found = [item for item in form.getall(alias, ()) if isinstance(item, web.FileField)]
    if not found and default is MISSING:
        raise KeyError(alias)
    return found or default


def _file_of(form: Any, alias: str, default: Any = MISSING) -> Any:
    found = form.get(alias, default)
    if found is default is not MISSING or isinstance(found, web.FileField):
        return found
    raise KeyError(alias)
