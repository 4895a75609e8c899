"""Habits: what people write in a viewset because it means something elsewhere, or by a slip.

None of it would be noticed by Python, and each would leave out what was meant, a permission for
instance. So it is a mistake, and the text says what to write.
"""

import difflib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from webkit.contracts import contract_of
from webkit.decorators import is_unapplied, options_of
from webkit.endpoints import planner_of
from webkit.generics import hints_of
from webkit.parameters import is_marked
from webkit.plans import ActionPlan
from webkit.signatures import ACTIONS


__all__ = ("detail_problems", "habit_problems")

# Names of DRF whose meaning has another name here. What does no harm is not in it.
_DRF: Mapping[str, str] = {
    "permission_classes": "permissions",
    "authentication_classes": "authentication",
    "throttle_classes": "throttles",
    "throttle_scope": "throttles, with a rate",
    "pagination_class": "page",
    "filter_backends": "filters, search_fields and ordering_fields",
    "filterset_fields": "filters, with a model",
    "filterset_class": "filters, with a model",
    "lookup_url_kwarg": "lookup_field",
    "lookup_value_regex": "lookup_regex",
    "http_method_names": "actions, or `create = None` for each action that is not served",
    "parser_classes": "the parameters of the actions",
    "renderer_classes": "the parameters of the actions, and a web.Response for another format",
    "get_permissions": "action_permissions",
    "get_authenticators": "authentication, of the viewset or of an @action",
    "get_throttles": "throttles, of the viewset or of an @action",
    "get_queryset": "scope() of a ResourceViewSet",
}
_NEAR = 0.85  # of 1; "destory" and "destroy" are 0.857


def habit_problems(cls: type[Any], base: type[Any]) -> Iterator[str]:
    """Yield what a viewset has that means nothing; ``base`` has the names of all viewsets."""
    own = cls.__mro__[: cls.__mro__.index(base)]
    names = dict.fromkeys(name for klass in own for name in vars(klass))
    known = {*vars(base), *inspect.get_annotations(base)}
    for name in names:
        if name in _DRF and not hasattr(base, name):
            yield f"{name!r} means nothing here. Write {_DRF[name]}"
        declared = inspect.getattr_static(cls, name)
        if is_unapplied(declared):
            yield f"{name!r} is a decorator, and no method. Write @action(...) above an `async def`"
        elif planner_of(declared) and name not in (*ACTIONS, "retrieve"):
            yield f"{name!r}: @endpoint is for functions outside of a viewset. Write @action"
        elif options_of(declared) and name in known:
            yield f"{name!r} is an attribute of every viewset. Give the action another name"
        elif inspect.iscoroutinefunction(declared) and not options_of(declared):
            yield from _slips(name)
    if not _can_be_made(cls):
        yield "an instance is made for each request, with no arguments. Give __init__ defaults"


def detail_problems(cls: type[Any], found: ActionPlan) -> Iterator[str]:
    """Yield that an action without an id in its path wants one, and finds it in the query only."""
    hints, _ = hints_of(found.function, cls)
    for source in found.sources:
        is_lookup = source.name == cls.lookup_field and source.place == "query" and source.required
        if is_lookup and not (contract_of(found.function) or is_marked(hints[source.name])):
            yield (
                f"the path has no {source.name!r}. Write @action(detail=True), or say that it is a"
                f" parameter of the query: {source.name}: Annotated[..., Query()]"
            )


def _slips(name: str) -> Iterator[str]:
    near = difflib.get_close_matches(name, (*ACTIONS, "retrieve"), n=1, cutoff=_NEAR)
    if near and near != [name] and not name.startswith("_"):
        yield (
            f"{name!r} is not served. Call it {near[0]!r}, mark it with @action, or begin its name"
            " with an underscore"
        )


def _can_be_made(cls: type[Any]) -> bool:
    try:
        inspect.signature(cls).bind()
    except TypeError:
        return False
    return True
