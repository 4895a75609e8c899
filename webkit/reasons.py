"""Reasons: what msgspec says of a value that does not fit, and what an answer makes of it."""

import functools
import re


__all__ = ("TOO_DEEP", "reason_of")

TOO_DEEP = "This is nested too deeply"
_SHOWN_TEXT = 300  # characters of a reason, which may repeat what the client has sent
# What a reason is called in an answer; the words are those of msgspec.
_CODE = re.compile(
    r"(?P<enum>Invalid (?:enum )?value)|(?P<format>Invalid )"
    r"|(?P<length>Expected `[^`]*` of (?:at (?:least|most) )?length)"
    r"|(?P<pattern>Expected `str` matching regex)"
    r"|(?P<range>Expected `[^`]*` (?:[<>]=? |that's a multiple of )"
    r"|(?:Integer value|Number|Duration is|Timestamp is) out of range)"
    r"|(?P<type>Expected `[^`]*`, got)"
    rf"|(?P<depth>{TOO_DEEP})"
)


def reason_of(text: str) -> tuple[str, str]:
    """Return what is told of a value that does not fit, and the code for it."""
    shown = text if len(text) <= _SHOWN_TEXT else f"{text[:_SHOWN_TEXT]}..."
    return shown, _code_of(shown)


@functools.lru_cache(maxsize=256)
def _code_of(text: str) -> str:
    found = _CODE.match(text)
    return (found and found.lastgroup) or "invalid"
