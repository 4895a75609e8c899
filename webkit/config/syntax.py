"""What the parsers of all formats have in common: what they return, and what they raise."""

from typing import Any, TypeAlias


__all__ = ("FormatError", "Lines", "Parsed")

Lines: TypeAlias = dict[tuple[str, ...], int]
Parsed: TypeAlias = tuple[dict[str, Any], Lines]


class FormatError(Exception):
    """A text that cannot be read. ``line`` is 0 where it is not known.

    The reason never quotes the text: it may be a secret.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        self.line = line
        super().__init__(reason)
