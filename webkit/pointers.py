"""JSON pointers (RFC 6901), written as fragments of a URL: ``#/tracks/0/title``."""

__all__ = ("escaped", "tokens_of")


def escaped(token: str) -> str:
    """Return a token as it stands in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def tokens_of(pointer: str) -> tuple[str, ...]:
    """Return the tokens of a pointer: ``("tracks", "0", "title")``."""
    tokens = pointer.split("/")[1:]
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)
