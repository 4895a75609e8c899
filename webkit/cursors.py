"""Cursors: a place in an ordered list, as a text that only webkit reads.

A cursor has the value of each field that orders the list, so it needs nothing that is kept
anywhere, and a place stays one when what stood there is gone. It is no secret, and no permission.
"""

import base64
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Optional

from webkit.codec import MISFITS, decoder_of, encode
from webkit.exceptions import ParseError
from webkit.filters import Order, value_of
from webkit.models import fields_of, is_model


__all__ = ("read_cursor", "write_cursor")

_VERSION = 1


def write_cursor(item: Any, orders: Sequence[Order], *, back: bool = False) -> str:
    """Return the place of an object, or of None, the end; ``back`` looks to what is before it."""
    values = None if item is None else [value_of(item, order.field) for order in orders]
    raw = encode((_VERSION, back, orders, values))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(
    text: str, orders: tuple[Order, ...], *, model: Any
) -> tuple[bool, tuple[Any, ...] | None]:
    """Return whether a cursor looks back, and the values at its place; None is the end.

    The values have the types of the fields of ``model``.

    Raises:
        ParseError: it is broken, or belongs to another order.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        version, back, ordering, values = _decoder(model, orders)(raw)
    except MISFITS:
        raise ParseError("Invalid cursor.") from None
    if version != _VERSION or ordering != orders:
        raise ParseError("Invalid cursor.")
    return back, values


@lru_cache(maxsize=256)
def _decoder(model: Any, orders: tuple[Order, ...]) -> Callable[[bytes], Any]:
    types = {item.name: item.type for item in fields_of(model)} if is_model(model) else {}
    # A number that JSON does not have, as NaN, is written as null.
    optional: Any = Optional
    several: Any = tuple
    values = several[tuple(optional[types.get(order.field, Any)] for order in orders)]
    return decoder_of(several[int, bool, tuple[Order, ...], optional[values]])
