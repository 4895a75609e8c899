"""Arguments: what fills all parameters of one function, and all that is wrong with them together.

``webkit.parameters`` knows each parameter alone. Here is what only shows beside the others, or
beside the path: what is asked for twice, and what of the path nobody asks for.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from aiohttp import web

from webkit.codec import Walk
from webkit.exceptions import APIException
from webkit.generics import UNREADABLE
from webkit.injections import ServiceSource
from webkit.models import fields_of
from webkit.parameters import ParameterError, is_marked, source_of
from webkit.soundness import default_problem, model_problems, reading_problems, writing_problems
from webkit.sources import ModelSource, Source


__all__ = ("SKIPPED", "arguments_of", "explainer_of")

# Parameters that nothing in a request fills.
SKIPPED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
# What the body of a request is taken as; it is taken once.
_BODIES = {"body": "as JSON", "form": "as a form", "file": "as a form"}
_TYPED = frozenset({"path", "query", "header", "cookie", "body", "form"})
_WORDS = {"path": "variable of the path", "query": "parameter of the query", "form": "field"}
# Names in the code of a method that may take variables of the path by other ways.
_ADVICE = {"body": "Put both into one model", "socket": "Take one"}
_OTHER_WAYS = frozenset({"request", "kwargs", "match_info", "super", "get_object"})


def arguments_of(
    function: Callable[..., Any],
    parameters: Iterable[inspect.Parameter],
    hints: Mapping[str, Any],
    *,
    variables: Collection[str],
    method: str,
    is_method: bool = False,
) -> tuple[list[Source], list[str]]:
    """Return what fills the parameters of a function, and what is wrong with them, a line each.

    ``variables`` are the names in the path of the route, ``method`` its verb. ``is_method`` tells
    that the function can get at the request by itself.
    """
    sources: list[Source] = []
    problems: list[str] = []
    guessed = set()
    for parameter in parameters:
        hint = hints.get(parameter.name, inspect.Parameter.empty)
        if parameter.kind in SKIPPED or hint is UNREADABLE:
            continue
        try:
            found = source_of(parameter, hint, variables=variables, method=method)
        except ParameterError as error:
            problems.append(str(error))
            continue
        sources.append(found)
        if _may_be_misnamed(found) and not is_marked(hint):
            guessed.add(found.name)
        problems += (f"parameter {found.name!r}: {text}" for text in _problems_of(found))
    problems += _clashes(sources)
    taken = {item.alias for item in sources if item.place == "path"}
    missing = [name for name in variables if name not in taken]
    others = [item for item in sources if not isinstance(item, ServiceSource)]
    has_request = any(not item.place for item in others) or _takes_more(function)
    if missing and not (problems or has_request or UNREADABLE in hints.values()):
        problems += _forgotten(missing[0], sorted(guessed), is_method=is_method)
    return sources, problems


def _problems_of(source: Source) -> Iterator[str]:
    """Yield what is wrong with the type of one parameter, and with its default."""
    if source.place == "socket":
        wanted, sent = (*get_args(source.type), Any, Any)[:2]
        yield from (*reading_problems(wanted), *writing_problems(sent))
    if source.place not in _TYPED or source.type is bytes:
        return
    if isinstance(source, ModelSource):
        yield from model_problems(source.type)
    found = list(reading_problems(source.type))
    yield from found
    if not found and not source.required:
        problem = default_problem(source.type, source.default)
        if problem:
            yield problem


def _clashes(sources: Iterable[Source]) -> Iterator[str]:
    """Yield what several parameters ask for that is there once."""
    owners: dict[tuple[str, str], str] = {}
    bodies: dict[str, str] = {}
    for source in sources:
        for alias in _names_of(source):
            owner = owners.setdefault((source.place, alias), source.name)
            if owner != source.name:
                word = _WORDS.get(source.place, source.place)
                yield (
                    f"parameters {owner!r} and {source.name!r} are the same {word} {alias!r}."
                    " Give one of them another name"
                )
        if source.place in ("body", "socket"):
            first = bodies.setdefault(source.place, source.name)
            if first != source.name:
                both = f"parameters {first!r} and {source.name!r} both want the {source.place}"
                yield f"{both}. {_ADVICE[source.place]}"
    forms = [item for item in sources if _BODIES.get(item.place) == "as a form"]
    if "body" in bodies and forms:
        yield (
            f"parameter {bodies['body']!r} wants the body as JSON, and {forms[0].name!r} as a form."
            " Annotate both with Form() or File()"
        )


def _names_of(source: Source) -> list[str]:
    """Return the names of what a parameter takes from a request."""
    if isinstance(source, ModelSource):
        return [field.alias for field in fields_of(source.model)]
    if source.place not in _TYPED - {"body"} and source.place != "file":
        return []
    return [source.alias.lower() if source.place == "header" else source.alias]


def _may_be_misnamed(source: Source) -> bool:
    """Tell whether a parameter may have been meant for a variable of the path."""
    return source.place == "query" and source.required and not isinstance(source, ModelSource)


def _takes_more(function: Callable[..., Any]) -> bool:
    """Tell whether the code of a function may take variables of the path by itself."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code is None or not _OTHER_WAYS.isdisjoint(code.co_names)


def _forgotten(missing: str, guessed: Sequence[str], *, is_method: bool) -> Iterator[str]:
    """Yield that nobody takes a variable of the path.

    Of a method it is told only where a parameter is taken for one of the query that nobody has
    said to be one: it has the request.
    """
    text = f"the path has {missing!r}, which no parameter takes"
    if guessed:
        yield (
            f"{text}. Call {guessed[0]!r} so, or say that it is another value: Annotated[...,"
            " Query()]"
        )
    elif not is_method:
        yield f"{text}. Add the parameter, or take `request`"


def explainer_of(sources: Iterable[Source]) -> Callable[..., Any]:
    """Return what says why a request does not fit, everything that is wrong with it at once."""
    ordered = sorted(sources, key=lambda source: source.place != "path")

    async def explain(request: web.Request, error: Exception) -> APIException:
        walk = Walk()
        for source in ordered:
            await source.explain(request, walk)
        if not walk.errors:
            walk.note(str(error), "invalid", where={})
        return walk.result()

    return explain
