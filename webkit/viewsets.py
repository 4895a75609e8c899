"""Viewsets: classes whose methods become routes when a router registers them."""

import difflib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from yarl import URL

from webkit.admissions import Permissions, Schemes, Throttles, admission_of
from webkit.decorators import ActionOptions, dashed, options_of
from webkit.endpoints import deferred, planner_of
from webkit.exceptions import MethodNotAllowed
from webkit.habits import habit_problems
from webkit.handlers import place_of, plan, size_problems
from webkit.paths import regex_problem
from webkit.plans import ActionPlan
from webkit.rescues import Rescues
from webkit.urls import reverse


__all__ = ("BaseViewSet", "Entry", "entries_of")

# The names that are routes without a decorator: name, verb, and whether the path holds an id.
_ACTIONS = (
    ("list", "GET", False),
    ("create", "POST", False),
    ("detail", "GET", True),
    ("retrieve", "GET", True),
    ("update", "PUT", True),
    ("partial_update", "PATCH", True),
    ("destroy", "DELETE", True),
)
_RECORDED = ("unknown", "covers", "mistakes")
_NAMES = ", ".join(name for name, _, _ in _ACTIONS)
_OPTIONS = (
    "method",
    *(name for name in ActionOptions.__slots__ if name not in _RECORDED),
)
_TEXTS = ("url_path", "url_name", "summary")
_STATUSES = range(200, 400)
_VERBS = frozenset(hdrs.METH_ALL) - {hdrs.METH_CONNECT, hdrs.METH_TRACE}


class BaseViewSet:
    """A set of actions on one resource.

    Actions are ``list``, ``create``, ``detail`` (or ``retrieve``), ``update``,
    ``partial_update``, ``destroy``, and every method marked with ``@action``. A method whose first
    parameter is ``self`` gets a new instance for each request, with ``self.request``,
    ``self.action`` (the method's name) and ``self.basename``. A method of the request alone is
    served as it is. A subclass takes one of the six away by ``create = None``.

    ``lookup_field`` names the variable in the path, ``lookup_regex`` what it may match (without
    it: anything but a slash, plain or encoded). ``authentication``, ``permissions`` and
    ``throttles`` say who may pass, ``action_permissions`` has permissions for single actions.
    ``client_max_size`` is the largest body in bytes, where it is not that of the application.
    ``exception_handlers`` has answers of its own to exceptions: ``{KeyError: not_there}``.

    Source: webaio and DRF.
    """

    lookup_field: ClassVar[str] = "id"
    lookup_regex: ClassVar[str | None] = None
    authentication: ClassVar[Schemes] = ()
    permissions: ClassVar[Permissions] = ()
    throttles: ClassVar[Throttles] = ()
    client_max_size: ClassVar[int | None] = None
    action_permissions: ClassVar[Mapping[str, Permissions]] = {}
    exception_handlers: ClassVar[Rescues] = {}

    request: web.Request
    action: str
    basename: str

    @classmethod
    def mistakes(cls) -> Iterable[str]:
        """Return what only the class knows to be wrong with it, for its registration to report."""
        return ()

    @classmethod
    def as_view(cls, actions: Mapping[str, str], **attributes: Any) -> Handler:
        """Return a handler for routes of your own: ``as_view({"get": "list"})``.

        ``actions`` has a method of the viewset for each verb; ``attributes`` take the place of the
        viewset's.

        Raises:
            TypeError: there are no actions, or the viewset has no such attribute.

        Source: DRF.
        """
        if not actions:
            raise TypeError('as_view needs actions, as in as_view({"get": "list"})')
        for name in (*attributes, *actions.values()):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__name__} has no attribute {name!r}")
        viewset = type(cls.__name__, (cls,), attributes) if attributes else cls
        verbs = {verb.upper(): name for verb, name in actions.items()}

        def plan_for(method: str, variables: tuple[str, ...]) -> ActionPlan:
            verb = "GET" if method == "HEAD" and "HEAD" not in verbs else method
            if verb not in verbs:
                raise MethodNotAllowed(method, allowed=verbs)
            name = verbs[verb]
            options = options_of(inspect.getattr_static(viewset, name))
            admit = admission_of(viewset, options, action=name)
            return plan(viewset, name, variables=variables, method=verb, admit=admit)

        return deferred(plan_for, like=cls)

    @property
    def kwargs(self) -> Mapping[str, str]:
        """The variables of the path, as text.

        Source: DRF.
        """
        return self.request.match_info

    def reverse(self, name: str, /, **variables: Any) -> URL:
        """Return the absolute URL of another action of this resource: ``reverse("detail", id=3)``.

        Raises:
            LookupError: there is no such action, or a variable of its path is missing.
        """
        return reverse(self.request, f"{self.basename}-{name}", **variables)


@dataclass(frozen=True, slots=True)
class Entry:
    """A method that a viewset wants served: under which verbs, where, and by which name."""

    action: str
    verbs: tuple[str, ...]
    detail: bool
    url_path: str
    url_name: str
    options: ActionOptions | None = None


def entries_of(viewset: type[BaseViewSet]) -> tuple[list[Entry], list[str]]:
    """Return what the viewset wants served, and the mistakes in how it says so, one line each."""
    entries = [
        Entry(name, (verb,), detail, "", "detail" if detail else "list")
        for name, verb, detail in _ACTIONS
        if getattr(viewset, name, None) is not None  # a subclass may take an action away
    ]
    mistakes_of_class = list(viewset.mistakes())
    if mistakes_of_class:  # what it inherits would say the same again
        entries = [item for item in entries if not _is_inherited(viewset, item.action)]
    texts = [*mistakes_of_class, *habit_problems(viewset, BaseViewSet), *_lookup_problems(viewset)]
    problems = [f"{place_of(viewset)}: {text}" for text in texts]
    if {"detail", "retrieve"} <= {entry.action for entry in entries}:
        problems.append(
            f"{place_of(viewset)}: detail and retrieve are one action. Define one of them"
        )
    for name in [item.action for item in entries]:
        if planner_of(inspect.getattr_static(viewset, name)):
            entries = [item for item in entries if item.action != name]
            text = "@endpoint is for functions outside of a viewset. Remove it"
            problems.append(f"{place_of(viewset, name)}: {text}")
    for name, options in _marked(viewset):
        mistakes = list(_option_problems(name, options))
        problems += [f"{place_of(viewset, name)}: {text}" for text in mistakes]
        if not mistakes:
            path, url_name = options.url_path or dashed(name), options.url_name or dashed(name)
            verbs = options.methods
            entries.append(Entry(name, verbs, options.detail, path, url_name, options))
    if not entries and not problems:
        problems.append(
            f"{place_of(viewset)}: has no action. Define one of {_NAMES}, or use @action"
        )
    return entries, problems


def _is_inherited(viewset: type, name: str) -> bool:
    """Tell whether an action is webkit's own."""
    module: str = getattr(viewset, name).__module__
    return module.partition(".")[0] == "webkit"


def _lookup_problems(viewset: type[BaseViewSet]) -> Iterator[str]:
    field, regex = viewset.lookup_field, viewset.lookup_regex
    yield from size_problems(viewset.client_max_size)
    if not str(field).isidentifier():
        yield f"lookup_field: {field!r} is no name of a variable. Write it as in Python"
    problem = regex_problem(regex) if regex is not None else ""
    if problem:
        yield f"lookup_regex: {problem}"


def _marked(viewset: type) -> Iterator[tuple[str, ActionOptions]]:
    """Yield the methods with ``@action``, those of base classes first, in the order of writing."""
    names = dict.fromkeys(name for cls in reversed(viewset.__mro__) for name in vars(cls))
    for name in names:
        declared = next(vars(cls)[name] for cls in viewset.__mro__ if name in vars(cls))
        options = options_of(declared)
        if options is not None:
            yield name, options


def _option_problems(name: str, options: ActionOptions) -> Iterator[str]:
    if name in _NAMES.split(", "):
        yield f"{name!r} is an action already. Remove @action, or rename the method"
    if options.covers:
        yield f"{name!r} takes the place of the action that it is mapped to. Give it another name"
    for unknown in options.unknown:
        near = difflib.get_close_matches(unknown, _OPTIONS, n=1)
        advice = f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(_OPTIONS)}"
        yield f"@action has no option {unknown!r}. {advice}"
    yield from (f"@action: {text}" for text in (*options.mistakes, *_value_problems(options)))


def _value_problems(options: ActionOptions) -> Iterator[str]:
    if not isinstance(options.detail, bool):
        yield f"detail is True or False, and not {options.detail!r}"
    yield from size_problems(options.client_max_size)
    texts = [(name, getattr(options, name) or "") for name in _TEXTS]
    for name, value in (*texts, *(("tags", tag) for tag in options.tags or ())):
        if not isinstance(value, str):
            yield f"{name}: {value!r} is no text"
    if options.status is not None and options.status not in _STATUSES:
        yield f"{options.status!r} is not the status of a success. Write 200, or another"
    if not options.methods:
        yield "there is no verb"
    for verb in options.methods:
        if verb not in _VERBS:
            verbs = ", ".join(sorted(known.lower() for known in _VERBS))
            yield f"{verb.lower()!r} is not an HTTP verb. Write one of {verbs}"
