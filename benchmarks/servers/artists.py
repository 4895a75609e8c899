"""What all sides with a database serve: the name of their table, and what fills it."""

import datetime as dt
from typing import Any


__all__ = ("TABLE", "values")

TABLE = "benchmark_http_artist"
_GENRES = ("jazz", "soul", "blues", "folk", "rock", "punk", "house", "tango", "fado", "swing")


def values(number: int) -> dict[str, Any]:
    """Return what the artist of this number is; no two have one rating."""
    return {
        "name": f"Artist {number}",
        "genre": _GENRES[number % len(_GENRES)],
        "born": dt.date(1900 + number % 100, 2, 21),
        "rating": number,
        "is_active": number % 2 == 0,
    }
