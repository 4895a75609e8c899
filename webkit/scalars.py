"""Scalars: types for the fields of models, with the limits that a column of a table has.

They are plain types to a checker, and limits to whoever sends a value; the documents show both. A
field that needs another limit is written out, as ``Annotated[str, Meta(max_length=80)]``.
"""

import datetime as dt
from typing import Annotated

from msgspec import Meta


__all__ = ("URL", "Email", "Instant", "Int64", "Line", "WallClock")

# `$` alone would let a newline stand behind it, and other languages have no \Z.
_EMAIL = r"^[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$(?!\n)"
_URL = r"^https?://[^\s/?#]+[^\s]*$(?!\n)"

# A line of text.
Line = Annotated[str, Meta(max_length=255)]
# An address with a domain. Whether anybody reads it only a message can tell.
Email = Annotated[str, Meta(max_length=254, pattern=_EMAIL, extra_json_schema={"format": "email"})]
# A URL of the web.
URL = Annotated[str, Meta(max_length=2000, pattern=_URL, extra_json_schema={"format": "uri"})]
# A whole number of 64 bits.
Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
# A moment, whatever the time zone that it is written in.
Instant = Annotated[dt.datetime, Meta(tz=True)]
# A time of day, of no time zone.
WallClock = Annotated[dt.time, Meta(tz=False)]
