"""What a person may type as a name, a text or a port, and what to type instead.

Every function returns the accepted value or raises `UsageError` with the reason and a suggestion
that works. The rules, and why:

1. A name is ASCII and lower-case: it becomes a directory, a package, a compose service and a URL,
   and two of them never differ only in case or in a look-alike letter.
2. An app lives below ``apps.``, so a module of the standard library never stands in its way.
3. A text is free, but every character of it can be seen: it goes into TOML, YAML and Markdown.
"""

import keyword
import re
import unicodedata

from webkit.exceptions import UsageError


__all__ = (
    "app_name",
    "class_name_of",
    "free_text",
    "port_number",
    "project_name_of",
    "project_slug",
    "resource_class_name",
    "singular_of",
    "snake_case_of",
)

NAME_LENGTH = 50  # leaves room in paths for Windows (260) and in a container's host name (63)
TEXT_LENGTH = 500
PORTS = range(1, 65536)

_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(10))
_DEVICES = ("con", "prn", "aux", "nul", *_PORTS)
_RESERVED = {
    **dict.fromkeys((*keyword.kwlist, *keyword.softkwlist, "type"), "it is a keyword of Python"),
    **dict.fromkeys(_DEVICES, "it is a device on Windows"),
    **dict.fromkeys(
        ("apps", "conftest", "main", "routes", "settings", "tests"),
        "every project has a module or directory of that name",
    ),
    "webkit": "it is the name of the toolkit itself",
}
_RESERVED_APPS = {
    **_RESERVED,
    "core": "a unit cannot be called that",
    "database": "its section in webkit.toml is that of the tables",
}
_RESERVED_PROJECTS = {
    **_RESERVED,
    **dict.fromkeys(("db", "migrate", "redis"), "compose has a service of that name"),
    **dict.fromkeys(
        (
            *("aiohttp", "aiohttp-devtools", "aiohttp-jinja2", "aiohttp-swagger3", "aiosqlite"),
            *(
                "alembic",
                "asyncpg",
                "click",
                "configupdater",
                "cookiecutter",
                "gunicorn",
                "jinja2",
                "msgspec",
            ),
            *("multidict", "mypy", "pip", "pytest", "pytest-aiohttp", "pytest-asyncio"),
            *("pytest-cov", "pyyaml", "ruff", "sentry-sdk", "sqlalchemy", "tomlkit", "uvloop"),
            *("watchfiles", "yaml", "yarl"),
        ),
        "it is the name of a package that the project needs",
    ),
}

# The first pattern that is found gives the reason.
_MISTAKES = (
    (r"^\s*$", "it is empty"),
    (r"[/\\]", "it is a path, and a name has no slash"),
    (r"\s", "it has a space or a line break"),
    (r"[^\x00-\x7f]", "it has a character outside of ASCII"),
    (r"[A-Z]", "it has an upper-case letter"),
    (r"[^a-z0-9_-]", "it has a character that is neither letter nor digit"),
    (r"^[^a-z]", "it does not begin with a letter"),
    (rf"^.{{{NAME_LENGTH + 1}}}", f"it is longer than {NAME_LENGTH} characters"),
)
_APP_MISTAKES = (*_MISTAKES, (r"-", "Python cannot import a name with a hyphen"))
_PROJECT_MISTAKES = (
    *_MISTAKES,
    (r"[-_]([-_]|$)", "a hyphen or underscore must stand alone, between letters or digits"),
)

# Plurals, and what one of them is called; the first pattern that is found counts.
_SINGULARS = (
    (r"(news|series|species|means|data|media)$", r"\1"),
    (r"(cookie|movie|selfie|zombie)s$", r"\1"),
    (r"(alias|bus|bonus|campus|status|virus)es$", r"\1"),
    (r"(ache|axe|shoe)s$", r"\1"),
    (r"([^aeiou])ies$", r"\1y"),
    (r"(ss|sh|ch|x|zz)es$", r"\1"),
    (r"(hero|potato|tomato)es$", r"\1"),
    (r"people$", "person"),
    (r"(child)ren$", r"\1"),
    (r"men$", "man"),
    (r"([^siu])s$", r"\1"),
)

# Characters that a terminal, a parser or a reader would not show as they are: controls,
# surrogates, private and unassigned code points, line and paragraph separators, and the marks that
# turn the direction of text around (the "Trojan source" trick).
_UNSEEN = {"Cc", "Cn", "Co", "Cs", "Zl", "Zp"}
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def project_slug(text: str) -> str:
    """Return ``text`` if it can name a project: its directory, compose service and image."""
    reason = _mistake(text, _PROJECT_MISTAKES) or _RESERVED_PROJECTS.get(text.replace("_", "-"))
    if reason is None:
        return text
    words = _words(text, "-")
    suggestion = f"{words}-service" if words in _RESERVED_PROJECTS else words or "webkit-project"
    raise UsageError(f"{text!r} cannot name a project: {reason}. Try {suggestion}")


def app_name(text: str) -> str:
    """Return ``text`` if it can name an app: its package below ``apps`` and its path."""
    reason = _mistake(text, _APP_MISTAKES) or _RESERVED_APPS.get(text)
    if reason is None:
        return text
    words = _words(text, "_")
    suggestion = f"{words}_app" if words in _RESERVED_APPS else words or "app"
    raise UsageError(f"{text!r} cannot name an app: {reason}. Try {suggestion}")


def free_text(text: str, *, label: str) -> str:
    """Return ``text``, with newlines as its line ends, if all of it can be seen.

    ``label`` names it in the refusal.
    """
    text = re.sub("\r\n?", "\n", text)
    if not text.strip():
        raise UsageError(f"The {label} is empty. Write a few words.")
    if len(text) > TEXT_LENGTH:
        raise UsageError(f"The {label} has {len(text)} characters. Use at most {TEXT_LENGTH}.")
    for character in text:
        if character != "\n" and _is_unseen(character):
            raise UsageError(
                f"The {label} has the character U+{ord(character):04X}, which nobody can see. "
                f"Leave it out."
            )
    return text


def port_number(text: str) -> str:
    """Return ``text`` if it is the number of a port, in ASCII digits without leading zero."""
    if re.fullmatch("[1-9][0-9]{0,4}", text) and int(text) in PORTS:
        return text
    raise UsageError(f"{text!r} is not a port. Write a number from 1 to {PORTS[-1]}, such as 8080.")


def project_name_of(slug: str) -> str:
    """Return the name that a slug suggests: ``my-shop`` is ``My Shop``."""
    return " ".join(word.capitalize() for word in re.split("[-_]", slug))


def class_name_of(app: str) -> str:
    """Return the CamelCase of an app's name: ``blog_posts`` is ``BlogPosts``."""
    return "".join(word.capitalize() for word in app.split("_"))


def singular_of(word: str) -> str:
    """Return what one of several is called, by the rules of English: ``cities`` is ``city``.

    What no rule knows stays as it is.
    """
    for pattern, instead in _SINGULARS:
        found, count = re.subn(pattern, instead, word)
        if count:
            return found
    return word


def resource_class_name(name: str) -> str:
    """Return the name of the class of one object: ``blog_posts`` is ``BlogPost``."""
    before, mark, last = name.rpartition("_")
    return class_name_of(f"{before}{mark}{singular_of(last)}")


def snake_case_of(class_name: str) -> str:
    """Return ``BlogPost`` as ``blog_post``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def _mistake(text: str, mistakes: tuple[tuple[str, str], ...]) -> str | None:
    return next((reason for pattern, reason in mistakes if re.search(pattern, text)), None)


def _words(text: str, joint: str) -> str:
    """Return what remains of ``text`` in the alphabet of names, or nothing."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = joint.join(re.findall("[a-z0-9]+", ascii_text))
    return name.lstrip(f"0123456789{joint}")[:NAME_LENGTH].rstrip(joint)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or bool(_TURNING.match(character))
