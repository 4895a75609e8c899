"""Bytes of JSON and typed values, each into the other, and every reason why they do not fit.

The fast way knows only the first reason. After a failure a ``Walk`` visits the same value beside
its type, so that a client learns of all mistakes at once; what succeeds pays
nothing for it.

1. Types are those of msgspec, and the models of ``webkit.models``.
2. A walk ends at ``MAX_ERRORS``, ``MAX_DEPTH`` or ``MAX_SECONDS``, and says so.
"""

import enum
import functools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from webkit.checkers import checker_of
from webkit.exceptions import ParseError, ValidationError
from webkit.models import to_model
from webkit.pointers import escaped
from webkit.shapes import MISFITS, Place, boxed, shape_of


__all__ = (
    "MISFITS",
    "Walk",
    "convert",
    "decoder_of",
    "encode",
    "parse",
    "pointer",
    "reader_of",
    "to_plain",
)

MAX_ERRORS = 100
MAX_DEPTH = 64
# Brackets of a body that may be nested too deeply: it is read without building a value first, as
# thousands of lists that are thrown away wake up the garbage collector.
_MANY = 500
MAX_SECONDS = 0.005  # of this thread: a busy machine makes no answer shorter


_skip = msgspec.json.Decoder(msgspec.Raw).decode


def _from_model(value: Any) -> Any:
    """Turn what msgspec does not know into what it does, for output."""
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise NotImplementedError(f"{type(value).__name__} cannot be written as JSON")
    return dump(mode="json", by_alias=True)


encode: Callable[[Any], bytes] = msgspec.json.Encoder(enc_hook=_from_model).encode


def to_plain(value: Any) -> Any:
    """Return a value as JSON has it: of dictionaries, lists, texts, numbers."""
    return msgspec.to_builtins(value, str_keys=True, enc_hook=_from_model)


def decoder_of(tp: Any) -> Callable[[bytes], Any]:
    """Return the function that reads bytes of JSON as ``tp``; it raises one of ``MISFITS``."""
    return msgspec.json.Decoder(tp, dec_hook=to_model).decode


def convert(value: Any, tp: Any) -> Any:
    """Return text, or a mapping or list of texts, as ``tp``; raises one of ``MISFITS``."""
    return msgspec.convert(value, tp, strict=False, str_keys=True, dec_hook=to_model)


def reader_of(tp: Any) -> Callable[[Any], Any]:
    """Return the function that does ``convert`` for one type, as fast as it can be done."""
    if isinstance(tp, type) and not issubclass(tp, enum.Enum):
        return functools.partial(convert, tp=tp)
    box = boxed(tp)

    def read(value: Any) -> Any:
        return msgspec.convert((value,), box, strict=False, str_keys=True, dec_hook=to_model).value

    return read


def parse(raw: bytes) -> Any:
    """Return the plain value of bytes of JSON.

    Raises:
        ParseError: they are none.
    """
    if not raw:
        raise ParseError("Malformed JSON: the body is empty.")
    try:
        if raw.count(b"[") + raw.count(b"{") > _MANY:
            _skip(raw)
        return msgspec.json.decode(raw)
    except RecursionError:
        raise ParseError("Malformed JSON: nested too deeply.") from None
    except UnicodeDecodeError:
        raise ParseError("Malformed JSON: not UTF-8.") from None
    except ValueError as error:
        text = str(error).removeprefix("JSON is malformed: ")
        raise ParseError(f"Malformed JSON: {text}.") from None


def pointer(at: Place) -> dict[str, str]:
    """Return the JSON pointer of a place, as a fragment: ``{"pointer": "#/tracks/0/title"}``."""
    path = "/".join(("#", *map(str, at)))
    if "~" in path or path.count("/") > len(at):
        path = "/".join(("#", *(escaped(str(token)) for token in at)))
    return {"pointer": path}


class Walk:
    """Collects the mistakes of values beside their types, within the limits of this module."""

    def __init__(self) -> None:
        self.errors: list[Mapping[str, str]] = []
        self.truncated = False
        self._deadline = self._own_deadline = -math.inf
        self._where: Callable[[Place], Mapping[str, str]] = pointer

    def visit(
        self,
        value: Any,
        tp: Any,
        *,
        at: Place = (),
        where: Callable[[Place], Mapping[str, str]] = pointer,
        strict: bool = True,
    ) -> None:
        """Note every mistake in a value.

        ``at`` is its place, ``where`` says a place to the client, and ``strict`` is for values out
        of JSON, where text is not a number.
        """
        self._where = where
        check = checker_of(tp) if strict and where is pointer and not at else None
        if check:
            known = len(self.errors)
            check(value, "#", self)
            if self.is_over() or len(self.errors) != known:
                return
        shape = shape_of(tp, strict=strict)
        misfit = shape.misfit(value)
        if misfit:
            shape.explain(value, misfit, at=at, notes=self)

    def note(self, text: str, code: str, *, where: Mapping[str, str]) -> None:
        """Note one mistake."""
        if len(self.errors) >= MAX_ERRORS:
            self.truncated = True
        if not self.truncated:
            self.errors.append({**where, "detail": text, "code": code})

    def add(self, text: str, code: str, *, at: Place) -> None:
        """Note one mistake in the value that is visited."""
        self.note(text, code, where=self._where(at))

    def is_over(self) -> bool:
        """Tell, after mistakes were noted, whether there were too many; drop those."""
        if len(self.errors) > MAX_ERRORS:
            del self.errors[MAX_ERRORS:]
            self.truncated = True
        return self.truncated

    def result(self) -> ValidationError:
        """Return the answer with all mistakes."""
        extensions = {"truncated": True} if self.truncated else {}
        return ValidationError(errors=self.errors, extensions=extensions)

    def has_room(self, at: Place) -> bool:
        """Tell whether the walk may go on; the one that may not is truncated."""
        self.truncated = (
            self.truncated
            or len(self.errors) >= MAX_ERRORS
            or len(at) >= MAX_DEPTH
            or (bool(self.errors) and self.is_late())  # something must be told
        )
        return not self.truncated

    def is_late(self) -> bool:
        """Tell, after mistakes were noted, whether the time for more is up."""
        if time.monotonic() > self._deadline and self._is_over_time():
            self.truncated = True
        return self.truncated

    def is_near(self, at: str) -> bool:
        """Tell whether a pointer is not too deep yet, and there is time for what is there."""
        is_in_time = time.monotonic() <= self._deadline or not self._is_over_time()
        return is_in_time and at.count("/") < MAX_DEPTH

    def _is_over_time(self) -> bool:
        """Tell the same by the clock that takes long to read: the machine may be busy."""
        if self._deadline < 0:  # a walk in which nobody asks is short
            self._deadline = time.monotonic() + MAX_SECONDS
            self._own_deadline = time.thread_time() + MAX_SECONDS
        return time.thread_time() > self._own_deadline
