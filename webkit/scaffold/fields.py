"""Fields, as they are typed: ``name:str born:date? email:email! genre:str=jazz by:ref:artists``.

A word is ``NAME:TYPE``, then ``?`` where the field may be null, ``!`` where no two objects have the
same, and ``=VALUE`` for what it is when nobody says. All mistakes of all words are reported
together.
"""

import difflib
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webkit.exceptions import UsageError
from webkit.scaffold import names
from webkit.scaffold.kinds import KINDS, REFERENCE, Kind


__all__ = ("Field", "fields_in")

_REST = re.compile(
    r"(?P<type>[^:=?!]*)(?::(?P<target>[^:=?!]*))?(?P<marks>[?!]*)(?:=(?P<default>.*))?", re.DOTALL
)
_NAME_LENGTH = 27  # leaves room for two of them in a line, with `_id` behind each
_SYSTEM = ("cmax", "cmin", "ctid", "oid", "rowid", "tableoid", "xmax", "xmin")
_RESERVED = {
    **dict.fromkeys(keyword.kwlist, "it is a keyword of Python"),
    **dict.fromkeys(("bool", "dt", "float", "int", "str"), "the generated code has a type of it"),
    **dict.fromkeys(("metadata", "registry"), "SQLAlchemy has an attribute of that name"),
    **dict.fromkeys(_SYSTEM, "the database has a column of that name"),
    "l": "it looks like the digit 1",
    "id": "every object has it already, as its key",
}
# The first pattern that is found gives the reason.
_MISTAKES = (
    (r"^$", "it is empty"),
    (r"[^a-z0-9_]", "only a to z, digits and underscores can be in it"),
    (r"^[^a-z]", "it does not begin with a letter"),
    (r"__", "two underscores come before the operator of a filter"),
    (r"_$", "it ends with an underscore"),
    (rf"^.{{{_NAME_LENGTH + 1}}}", f"it is longer than {_NAME_LENGTH} characters"),
)
# What people write who come from elsewhere.
_ALIASES = {
    **dict.fromkeys(("string", "char", "varchar", "charfield"), "str"),
    **dict.fromkeys(("integer", "bigint", "number", "smallint"), "int"),
    **dict.fromkeys(("boolean", "booleanfield"), "bool"),
    **dict.fromkeys(("double", "real"), "float"),
    **dict.fromkeys(("numeric", "money"), "decimal"),
    **dict.fromkeys(("timestamp", "timestamptz", "instant"), "datetime"),
    **dict.fromkeys(("dict", "jsonb", "list", "object"), "json"),
    **dict.fromkeys(("references", "belongs_to", "foreignkey", "fk"), REFERENCE),
    **dict.fromkeys(("guid", "uuid4"), "uuid"),
    **dict.fromkeys(("uri", "link"), "url"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``name`` is that of its column; ``default`` is code, and ``target`` a table."""

    name: str
    type: str
    optional: bool = False
    unique: bool = False
    default: str | None = None
    target: str | None = None

    @property
    def kind(self) -> Kind:
        """What the type is everywhere."""
        return KINDS[self.type]

    @property
    def is_required(self) -> bool:
        """Whether a client has to give it."""
        return self.default is None and not self.optional


def fields_in(words: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields that the words say.

    Raises:
        UsageError: a word is wrong; all that is wrong with all of them, a line each.
    """
    problems: list[str] = []
    fields: list[Field] = []
    for word in words:
        name, _, rest = word.partition(":")
        match = _REST.fullmatch(rest)
        found = [*_mistakes_of_name(name), *_mistakes_of_type(name or "name", match)]
        problems += (f"{word!r}: {mistake}" for mistake in found)
        if match and not found:
            fields.append(_field(name, match))
    counts = Counter(field.name for field in fields)
    problems += (f"{name!r} is there {n} times. Keep one" for name, n in counts.items() if n > 1)
    if problems:
        raise UsageError("\n".join(problems))
    return tuple(fields)


def _mistakes_of_name(name: str) -> Iterator[str]:
    reason = next((why for pattern, why in _MISTAKES if re.search(pattern, name)), None)
    reason = reason or _RESERVED.get(name)
    if reason:
        yield f"{name!r} cannot name a field: {reason}.{_try_instead(name)}"


def _mistakes_of_type(name: str, match: re.Match[str] | None) -> Iterator[str]:
    if match is None or not match["type"]:
        yield f"it has no type. Write {name}:str, or '{name}:str?' for one that may be null"
    elif match["type"] not in KINDS:
        yield _unknown_type(match["type"])
    else:
        yield from _mistakes_of_target(name, match)
        yield from _mistakes_of_marks(match)


def _mistakes_of_target(name: str, match: re.Match[str]) -> Iterator[str]:
    target = match["target"]
    if match["type"] != REFERENCE:
        if target is not None:
            yield f"only ref has a second colon. Write {name}:{match['type']}"
    elif not target:
        yield f"it refers to nothing. Write {name}:ref:APP, such as artist:ref:artists"
    else:
        try:
            names.app_name(target)
        except UsageError as error:
            yield str(error)


def _mistakes_of_marks(match: re.Match[str]) -> Iterator[str]:
    kind, default, is_unique = KINDS[match["type"]], match["default"], "!" in match["marks"]
    if is_unique and not kind.is_unique:
        yield f"{match['type']} cannot be unique. Leave out the !"
    if default is None:
        return
    if is_unique:
        yield "what is unique has no default: the second object would have it, too"
    if kind.default is None:
        yield f"{match['type']} has no default. Write ? for one that may be null"
        return
    try:
        kind.default(default)
    except ValueError as error:
        yield f"the default {default!r} is not {error}"


def _field(name: str, match: re.Match[str]) -> Field:
    default, read, target = match["default"], KINDS[match["type"]].default, match["target"]
    is_plain = target is None or name.endswith("_id")
    return Field(
        name=name if is_plain else f"{name}_id",
        type=match["type"],
        optional="?" in match["marks"],
        unique="!" in match["marks"],
        default=None if default is None or read is None else read(default),
        target=target,
    )


def _unknown_type(text: str) -> str:
    lower = text.lower()
    near = difflib.get_close_matches(lower, KINDS, n=1)
    nearest = lower if lower in KINDS else _ALIASES.get(lower) or "".join(near)
    hint = f" Did you mean {nearest}?" if nearest else ""
    return f"there is no type {text!r}.{hint} The types are {', '.join(KINDS)}"


def _try_instead(name: str) -> str:
    """Return a suggestion that works, if there is one."""
    ascii_text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    snaked = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", ascii_text).lower()
    other = "_".join(re.findall("[a-z0-9]+", snaked)).lstrip("0123456789_")[:_NAME_LENGTH]
    if other in _RESERVED:
        other = "" if other == "id" else f"{other}_value"
    return f" Try {other}" if other else ""
