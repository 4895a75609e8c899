"""Givens: what ``@takes`` gives a function in a form of its own.

An attribute of the request, or a part of it as a dictionary instead of the model that it is checked
with. Everything else that can be given has its marker in `webkit.parameters`.
"""

from collections.abc import Mapping
from typing import ClassVar

from webkit.models import values_of
from webkit.parameters import Body, Header, Marker, Query
from webkit.sources import BodySource, ModelSource, Script, Source


__all__ = ("Prop", "as_dictionary")


class _PropSource(Source):
    """An attribute of the request."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"request.{self.alias}"


class Prop(Marker):
    """An attribute of the request: ``Prop("remote")``."""

    __slots__ = ()
    source: ClassVar[type[Source] | None] = _PropSource


class _DictOfTexts(ModelSource):
    """A model of texts, as a dictionary."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"{script.bind(values_of)}({super().write(script)})"


class _DictOfBody(BodySource):
    """A model out of the body, as a dictionary."""

    __slots__ = ()

    def write(self, script: Script) -> str:
        """Return the expression."""
        return f"{script.bind(values_of)}({super().write(script)})"


class _QueryDict(Query):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfTexts


class _HeaderDict(Header):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfTexts


class _BodyDict(Body):
    __slots__ = ()
    source: ClassVar[type[Source] | None] = _DictOfBody


_AS_DICT: Mapping[type[Marker], type[Marker]] = {
    Query: _QueryDict,
    Header: _HeaderDict,
    Body: _BodyDict,
}


def as_dictionary(marker: Marker) -> Marker:
    """Return the marker of the same place that gives a model as a dictionary."""
    made = _AS_DICT.get(type(marker))
    return made() if made else marker
