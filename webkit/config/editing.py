"""Editing: one option of a TOML or INI text is set, and every other line stays as it is."""

import contextlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from webkit.exceptions import MissingExtraError, UsageError


__all__ = ("EDITORS", "edited", "readings_of", "refuse_kind")


def edited(text: str, suffix: str, *, keys: tuple[str, ...], value: Any) -> str:
    """Return a text in which the option at ``keys`` has the value; sections come as needed.

    Raises:
        UsageError: something else stands at ``keys``.
        MissingExtraError: the library for it is not installed.
    """
    has_returns = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    plain = text.replace("\r\n", "\n") if has_returns else text
    if plain and not plain.endswith("\n"):
        plain += "\n"
    try:
        found = EDITORS[suffix](plain, keys, value)
    except ImportError:
        raise MissingExtraError("config", purpose="webkit config --set") from None
    return found.replace("\n", "\r\n") if has_returns else found


def refuse_kind(path: Path) -> None:
    """Do nothing, if files of the kind of this one are edited.

    Raises:
        UsageError: they are not.
    """
    if path.suffix not in EDITORS:
        reason = f"in {path.suffix} a change would lose comments and order"
        raise UsageError(f"{path.name}: {reason}. Edit it by hand, or write {', '.join(EDITORS)}")


def readings_of(text: str, suffix: str, *, before: Any) -> list[Any]:
    """Return what a text may be as a value, the likelier first; ``before`` is what was there.

    In TOML text stays text; elsewhere what reads as a number, a list and so on is one.
    """
    text = text.replace("\\n", "\n")
    found: list[Any] = [text]
    if suffix == ".toml":
        with contextlib.suppress(tomllib.TOMLDecodeError):
            found.insert(isinstance(before, str), tomllib.loads(f"value = {text}")["value"])
    return found


def _edited_toml(text: str, keys: tuple[str, ...], value: Any) -> str:
    import tomlkit  # only now: it costs more than the rest of the command
    from tomlkit.items import AbstractTable

    document = tomlkit.parse(text)
    table: Any = document
    for key in keys[:-1]:
        if key not in table:
            table[key] = tomlkit.table()
        table = table[key]
        if not isinstance(table, AbstractTable) and not hasattr(table, "setdefault"):
            raise UsageError(f"{key} is a value, and not a section")
    if isinstance(table.get(keys[-1]), dict):
        raise UsageError(f"{'.'.join(keys)} is a section, and not a value")
    is_long = isinstance(value, str) and "\n" in value
    table[keys[-1]] = tomlkit.string(value, multiline=True) if is_long else value
    return tomlkit.dumps(document)


def _edited_ini(text: str, keys: tuple[str, ...], value: Any) -> str:
    from configupdater import ConfigUpdater

    updater = ConfigUpdater()
    updater.read_string(text)
    section, option = "/".join(keys[:-1]), keys[-1].lower()
    if section not in updater:
        updater.add_section(section)
        if text.strip():
            updater[section].add_before.space(1)
    options = list(updater[section].option_blocks())
    if option not in updater[section] and options:
        options[-1].add_after.option(option, "")
    elif option not in updater[section]:
        updater[section][option] = ""
    if "\n" in value:
        updater[section][option].set_values(value.split("\n"), indent="    ", prepend_newline=False)
    else:
        updater[section][option].value = value
    return str(updater)


EDITORS: dict[str, Callable[[str, tuple[str, ...], Any], str]] = {
    ".toml": _edited_toml,
    ".ini": _edited_ini,
    ".conf": _edited_ini,
}
