"""Listings: entries as text, in the manner of the project's file."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from webkit.config.entries import Entry
from webkit.config.interpolation import text_of
from webkit.config.values import Keys


__all__ = ("bare", "listed")

_HIDDEN = "***"
_PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s/@]+(?=@)|([?&]password=)[^\s&]+")


def listed(
    entries: Iterable[Entry],
    section: str,
    *,
    is_ini: bool = False,
    with_origin: bool = False,
    with_header: bool = True,
) -> str:
    """Return a section as text; its tables have headers in any case."""
    groups: dict[Keys, list[str]] = {(): []}
    for entry in entries:
        line = _line(entry, is_ini=is_ini)
        origin = f"  # {entry.origin}" if with_origin else ""
        groups.setdefault(entry.keys[:-1], []).append(f"{line}{origin}\n")
    parts = []
    for keys, lines in groups.items():
        header = f"[{_joined((section, *keys), is_ini=is_ini)}]\n" if keys or with_header else ""
        if lines or len(groups) == 1:
            parts.append(header + "".join(lines))
    return "\n".join(filter(None, parts))


def bare(entry: Entry) -> str:
    """Return a value alone."""
    if entry.is_hidden or not isinstance(entry.raw, (list, tuple, Mapping)):
        return _shown(entry, is_ini=True)
    return _literal(entry.raw)


def _line(entry: Entry, *, is_ini: bool) -> str:
    key = entry.keys[-1] if is_ini else _key(entry.keys[-1])
    if entry.raw is None:
        return f"# {key} ="
    shown = _shown(entry, is_ini=is_ini)
    return f"{key} = {shown}".replace("\n", "\n    ") if is_ini else f"{key} = {shown}"


def _shown(entry: Entry, *, is_ini: bool) -> str:
    raw = entry.raw
    if entry.is_hidden:
        raw = _HIDDEN if raw else ""
    elif isinstance(raw, str):
        raw = _PASSWORD.sub(rf"\1\2{_HIDDEN}", raw)
    if not is_ini:
        return _literal(raw)
    return ", ".join(map(text_of, raw)) if isinstance(raw, (list, tuple)) else text_of(raw)


def _literal(raw: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(raw, Mapping):
        return "{" + ", ".join(f"{_key(str(key))} = {_literal(raw[key])}" for key in raw) + "}"
    if isinstance(raw, (list, tuple, set, frozenset)):
        return f"[{', '.join(map(_literal, raw))}]"
    if isinstance(raw, (bool, int, float)):
        return text_of(raw)
    text = raw.isoformat() if hasattr(raw, "isoformat") else None
    return text or json.dumps(text_of(raw), ensure_ascii=False)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _joined(keys: Keys, *, is_ini: bool) -> str:
    return "/".join(keys) if is_ini else ".".join(map(_key, keys))
