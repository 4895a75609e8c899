"""Templates in the format of cookiecutter, and what becomes of them: paths and their content.

A template is a directory with ``cookiecutter.json`` and one directory ``{{cookiecutter.…}}``.
Nothing here writes into a project: `rendered` gives ``{path: bytes}``, paths relative and with
``/``, and `webkit.scaffold.writing` puts them in place.

The variables of ``templates/project``, all text and all made by Python:

    project_slug             lower-case ASCII name: directory, compose service, image
    port, prod_port          digits; `prod_port` is the next one, where the prod profile answers
    project_name_quoted      the free texts between double quotes, as TOML, YAML, JSON and
    description_quoted       Python all read them
    project_name_value       the same as values of webkit.toml, which reads ``$`` as well
    description_value
    project_name_markdown    the free texts with everything escaped that Markdown would read
    description_markdown
    project_name             the free texts as they are: for no file that a program reads
    description
    webkit_version           of the webkit that makes the project
    wheel                    file name in ``vendor/``
    uid, gid                 of the caller, digits
    secret_key               64 hex digits, new in every project; ``.env`` only
    database_password        32 hex digits, likewise

The variables of ``templates/app``: ``app_name``, ``class_name`` (its CamelCase). Those of
``templates/service`` beside them: ``unit_name``, the section of its settings, and ``prefix``, what
its variables begin with. Those of ``templates/resource`` are lines that
`webkit.scaffold.resources` and `expectations` make of fields.

Two ways lead to the same bytes. A template that only names variables (every file that webkit
ships) is filled in here; one with more of Jinja in it is given to cookiecutter's
`generate_files`, which takes ten times as long. Neither runs hooks, evaluates a value, or reads
or writes in the home directory.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import webkit
from webkit.exceptions import MissingExtraError, UsageError
from webkit.scaffold import interruptions


__all__ = ("rendered", "template_directory")

# The settings of a template that may be filled in without Jinja.
_CONVENTIONS = {
    "__dot": ".",
    "_new_lines": "\n",
    "_jinja2_env_vars": {"trim_blocks": True, "lstrip_blocks": True},
}
_JINJA = re.compile(r"\{[{%#]")
# A variable, or whole lines that are to stay as they are.
_TAG = re.compile(
    r"\{\{ ?cookiecutter\.(\w+) ?\}\}|^\{% raw -%\}\s*(.*?)^\{% endraw %\}\n?",
    re.DOTALL | re.MULTILINE,
)
_NAME = re.compile(r"cookiecutter\.(\w+)")
_LEAVING = re.compile(r"[/\\]|^\.\.$")  # what would lead a file out of its directory
_COMPILED = "__pycache__"


class _TooMuchError(Exception):
    """A file says more than variables."""


def template_directory(name: str) -> Path:
    """Return where webkit's own template ``name`` lies: in the wheel, or beside a checkout."""
    package = Path(webkit.__file__).parent
    installed = package / "templates"
    return (installed if installed.is_dir() else package.parent / "templates") / name


def rendered(template: Path, answers: Mapping[str, str]) -> dict[str, bytes]:
    """Return what ``template`` makes of ``answers``: ``{path below the target: content}``.

    Variables that are not in ``answers`` have the defaults of ``cookiecutter.json``.

    Raises:
        UsageError: ``template`` is no template, or has a mistake.
        MissingExtraError: it needs cookiecutter, which is not installed.
    """
    defaults = _defaults(template)
    values = {**defaults, **answers}
    for path in template.rglob("*{{*"):
        if any(_LEAVING.search(str(values.get(name))) for name in _NAME.findall(path.name)):
            raise _broken(template, f"a text cannot be a path, and {path.name} would be one")
    private = {key: value for key, value in defaults.items() if key.startswith("_")}
    if private == _CONVENTIONS:
        files = _substituted(template, values)
        if files is not None:
            return files
    return _by_cookiecutter(template, answers)


def _defaults(template: Path) -> dict[str, object]:
    source = template / "cookiecutter.json"
    try:
        defaults = json.loads(source.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} cannot be read: {error}") from error
    if not isinstance(defaults, dict):
        raise UsageError(f"{source} is no JSON object.")
    return defaults


def _substituted(template: Path, values: Mapping[str, object]) -> dict[str, bytes] | None:
    """Return the files with their variables filled in, or None if one of them has more to it."""

    def filled(text: str) -> str:
        if _JINJA.search(_TAG.sub("", text)):
            raise _TooMuchError
        return _TAG.sub(lambda tag: str(values[tag[1]]) if tag[1] else tag[2], text)

    try:
        return {filled(path): filled(text).encode() for path, text in _sources(template)}
    except (UnicodeDecodeError, KeyError, _TooMuchError):
        return None


def _sources(template: Path) -> Iterator[tuple[str, str]]:
    """Yield the text of every file of the template, by its path below the one named ``{{…}}``."""
    top = next(template.glob("{{*"), None)
    if top is None:
        raise _broken(template, "there is no directory {{cookiecutter.…}} in it")
    for path in sorted(top.rglob("*")):
        if path.is_file() and path.parent.name != _COMPILED:
            yield path.relative_to(top).as_posix(), path.read_text("utf-8")


def _by_cookiecutter(template: Path, answers: Mapping[str, str]) -> dict[str, bytes]:
    import tempfile  # not needed for webkit's own templates

    try:
        from cookiecutter.exceptions import UndefinedVariableInTemplate
        from cookiecutter.generate import generate_context, generate_files
        from cookiecutter.prompt import prompt_for_config
    except ImportError:
        raise MissingExtraError("scaffold", purpose="A template with more than variables") from None

    # cookiecutter evaluates defaults, and the path that it writes to. It is given nothing there
    # that a person typed freely; free text comes after, and is only ever data.
    harmless = {name: value for name, value in answers.items() if not _JINJA.search(value)}
    with interruptions.held(), tempfile.TemporaryDirectory(prefix="webkit-") as output:
        if _JINJA.search(output):
            raise UsageError(f"The directory for temporary files is {output!r}. Set TMPDIR.")
        try:
            context = generate_context(str(template / "cookiecutter.json"), extra_context=harmless)
            variables = {**prompt_for_config(context, no_input=True), **answers}
            generated = generate_files(
                template, {"cookiecutter": variables}, output_dir=output, accept_hooks=False
            )
        except UndefinedVariableInTemplate as error:  # its text would hold the secret
            raise _broken(template, f"{error.message}: {error.error.message}") from error
        except Exception as error:  # a template may raise anything
            raise _broken(template, str(error)) from error
        return _files_below(Path(generated))


def _broken(template: Path, reason: str) -> UsageError:
    return UsageError(f"{template} cannot be rendered: {' '.join(reason.split())}")


def _files_below(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.parent.name != _COMPILED
    }
