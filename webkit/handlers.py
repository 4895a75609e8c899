"""The compiler: a method of a viewset becomes one plain coroutine ``handler(request)``.

1. ``plan`` checks a method and writes the source of its handler, independent of any application.
2. ``ActionPlan.bind`` makes the coroutine for one application; two applications share nothing.
3. A method of the request alone that makes its own response is its own handler: nothing stands
   between aiohttp and it.
4. No signature is looked at while a request is served. A request that does not fit is explained by
   its sources, slowly and completely.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiohttp import web

from webkit.arguments import SKIPPED, arguments_of, explainer_of
from webkit.codec import MISFITS
from webkit.components import Component
from webkit.contracts import contract_of
from webkit.decorators import options_of
from webkit.exceptions import ConfigurationError
from webkit.generics import hints_of
from webkit.injections import Wanted, attributes_of
from webkit.outputs import ANYTHING, Output, output_of, returned_problems, socket_lines
from webkit.plans import ActionPlan
from webkit.references import position_of
from webkit.rescues import rescue_of, write_rescue
from webkit.sources import Script, Source


__all__ = ("Admission", "Controller", "place_of", "plan", "plan_function", "size_problems")

# Raises the answer to a request that may not pass: ``await admit(request, view)``.
Admission = Callable[[web.Request, Any], Any]
_WITHOUT_BODY = (204, 205, 304)


class Controller(NamedTuple):
    """A class of which each application has one instance for a unit, and not one a request.

    ``has_hook`` tells that its ``on_request`` is awaited first.
    """

    cls: type[Component]
    unit: str
    has_hook: bool


def place_of(viewset: type, name: str = "") -> str:
    """Return ``ViewSet.method (file:line)``, the way in which a mistake in it is reported.

    Without a name it is the place of the class.
    """
    if not name:
        return f"{viewset.__name__}{position_of(viewset)}"
    function = _function_of(inspect.getattr_static(viewset, name, None))
    return f"{viewset.__name__}.{name}{position_of(function)}"


def plan(
    viewset: type[Any],
    name: str,
    *,
    variables: Collection[str],
    method: str,
    basename: str = "",
    status: int | None = None,
    admit: Admission | None = None,
    controller: Controller | None = None,
) -> ActionPlan:
    """Check the method ``name`` of ``viewset`` and write its handler for the verb ``method``.

    ``variables`` are the names in the path of the route, ``basename`` what its name starts with;
    ``status`` overrules the one of a success; ``admit`` is asked before the request is read.
    ``controller`` is given where the class is one.

    Raises:
        ConfigurationError: the method cannot be a handler; every reason is listed.
    """
    declared = inspect.getattr_static(viewset, name)
    function = _function_of(declared)
    problem = _shape_problem(declared, function)
    if problem:
        raise ConfigurationError([f"{place_of(viewset, name)}: {problem}"])
    first, *others = inspect.signature(function).parameters.values()
    has_self = first.name == "self" and not isinstance(declared, staticmethod)
    is_create = name == "create" and controller is None
    has_detail = any(getattr(viewset, item, None) for item in ("detail", "retrieve"))
    target = _Target(
        function=function,
        viewset=viewset,
        action=name,
        basename=basename,
        place=place_of(viewset, name),
        receiver="self" if has_self else "request",
        parameters=tuple(others),
        created_key=viewset.lookup_field if is_create and has_detail else "",
        status=201 if is_create and status is None else status,
        limit=_limit_of(viewset, function),
        controller=controller,
    )
    return _plan(target, variables=variables, method=method, admit=admit)


def plan_function(
    function: Callable[..., Any], *, variables: Collection[str], method: str
) -> ActionPlan:
    """Check a function that is no method, and write its handler for the verb ``method``.

    Raises:
        ConfigurationError: the function cannot be a handler; every reason is listed.
    """
    place = f"{function.__qualname__}{position_of(function)}"
    inner = inspect.unwrap(function)
    if not inspect.iscoroutinefunction(inner) and not inspect.isasyncgenfunction(inner):
        raise ConfigurationError([f"{place}: an endpoint is written `async def`"])
    target = _Target(
        function=function,
        viewset=None,
        action=function.__name__,
        place=place,
        receiver="",
        parameters=tuple(inspect.signature(function).parameters.values()),
    )
    return _plan(target, variables=variables, method=method, admit=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What is to be called: ``receiver`` is its first argument, ``parameters`` are the others."""

    function: Callable[..., Any]
    viewset: type[Any] | None
    action: str
    place: str
    receiver: str
    parameters: tuple[inspect.Parameter, ...]
    basename: str = ""
    created_key: str = ""
    status: int | None = None
    limit: int | None = None
    controller: Controller | None = None


def size_problems(size: object) -> Iterator[str]:
    """Yield why something is no limit for a body; None is no limit of its own."""
    if size is not None and not (isinstance(size, int) and size > 0):
        yield f"client_max_size: {size!r} is not a number of bytes above 0"


def _limit_of(viewset: type[Any], function: Callable[..., Any]) -> int | None:
    """Return how long the body of a request may be, if not as long as anywhere else."""
    options = options_of(function)
    own = options.client_max_size if options else None
    limit: int | None = getattr(viewset, "client_max_size", None) if own is None else own
    return limit


def _plan(
    target: _Target, *, variables: Collection[str], method: str, admit: Admission | None
) -> ActionPlan:
    hints, problems = hints_of(target.function, target.viewset, method=target.action)
    parameters: Iterable[inspect.Parameter] = target.parameters
    contract = contract_of(target.function)
    if contract:
        parameters, hints, more = contract.signed(parameters, hints)
        problems += more
    sources, more = arguments_of(
        target.function,
        parameters,
        hints,
        variables=variables,
        method=method,
        is_method=bool(target.receiver),
    )
    returned = hints.get("return", ANYTHING)
    status = target.status
    if contract and contract.is_returned:
        returned, status = contract.returned, contract.status
    problems += (*more, *returned_problems(target.function, returned))
    if problems:
        raise ConfigurationError(f"{target.place}: {text}" for text in problems)
    output = output_of(
        target.function,
        returned,
        created_key=target.created_key,
        status=status,
    )
    if output.media_type and output.status in _WITHOUT_BODY:
        text = f"an answer of {output.status} has no body. Return None, or take another status"
        raise ConfigurationError([f"{target.place}: {text}"])
    script = Script(names={"_viewset": target.viewset, "_function": target.function})
    code = None
    rescue = rescue_of(target.viewset)
    is_more = sources or admit or rescue or target.limit
    if target.receiver != "request" or is_more or not output.passes:
        _write(script, target, sources, output=output, admit=admit)
        if rescue:
            write_rescue(script, rescue)
        owner = f"{target.viewset.__qualname__}." if target.viewset else ""
        module = target.function.__module__
        code = script.code(f"<webkit {module}.{owner}{target.action} {method}>")
    return ActionPlan(
        viewset=target.viewset,
        action=target.action,
        place=target.place,
        basename=target.basename,
        function=target.function,
        variables=tuple(variables),
        sources=tuple(sources),
        output=output,
        code=code,
        names=script.names,
    )


def _function_of(declared: Any) -> Any:
    return getattr(declared, "__func__", declared)


def _shape_problem(declared: Any, function: Any) -> str:
    """Return what is wrong with a method apart from its single parameters, or nothing."""
    if isinstance(declared, classmethod):
        return "a classmethod cannot be an action. Take `self`, or the request alone"
    inner = inspect.unwrap(function) if callable(function) else None
    if not inspect.iscoroutinefunction(inner) and not inspect.isasyncgenfunction(inner):
        return "an action is written `async def`"
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    if not kinds or kinds[0] in (*SKIPPED, inspect.Parameter.KEYWORD_ONLY):
        return "an action takes `self`, or the request alone, as its first parameter"
    return ""


def _head(script: Script, target: _Target, admit: Admission | None) -> list[str]:
    """Return the lines before anything is read: the instance, the limit, who may pass."""
    before: list[str] = []
    view = "None"
    if target.controller:
        script.names["self"] = Wanted(target.controller.cls, target.controller.unit)
    elif target.viewset and target.receiver == "self":
        view = "self"
        before = ["self = _viewset()", "self.request = request"]
        before += [f"self.action = {target.action!r}", f"self.basename = {target.basename!r}"]
        for name, service in attributes_of(target.viewset).items():
            before.append(f"self.{name} = {script.bind(Wanted(service))}")
    if target.limit:  # of this request; aiohttp looks at it while it reads
        before.append(f"request._client_max_size = {target.limit}")
    if admit:
        before.append(f"await {script.bind(admit)}(request, {view})")
    if target.controller and target.controller.has_hook:
        before.append("await self.on_request(request)")
    return before


def _write(
    script: Script,
    target: _Target,
    sources: list[Source],
    *,
    output: Output,
    admit: Admission | None,
) -> None:
    """Write the handler: who may pass, what the function takes, the call, what it returns."""
    before = _head(script, target, admit)
    arguments = [target.receiver] if target.receiver else []
    reads: list[str] = []
    sockets: list[str] = []
    for source in sources:
        expression = source.write(script)
        if source.place:
            lines = sockets if source.place == "socket" else reads
            lines.append(f"value_{source.name} = {expression}")
            expression = f"value_{source.name}"
        arguments.append(f"{source.name}={expression}" if source.keyword else expression)
    if reads:
        script.names |= {"_misfits": (*MISFITS, KeyError), "_explain": explainer_of(sources)}
        before += ["try:", *(f"    {line}" for line in (*script.lines, *reads))]
        before.append("except _misfits as error:")
        before.append("    raise await _explain(request, error) from None")
    call = f"_function({', '.join(arguments)})"
    contract = contract_of(target.function)
    call = contract.shaped(script, call) if contract else call
    after = output.write(script, call)
    if sockets:
        after = [*sockets, *socket_lines(script, call, socket=sockets[0].partition(" ")[0])]
    script.lines = ["async def handler(request):"]
    script.lines += (f"    {line}" for line in (*before, *after))
