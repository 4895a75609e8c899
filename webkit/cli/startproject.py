"""``webkit startproject``: four questions, or none, and there is a project."""

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from webkit.cli.terminal import ask, is_interactive, say
from webkit.exceptions import UsageError
from webkit.scaffold import names, projects, writing


__all__ = ("command",)

_SLUG = "webkit-project"
_DESCRIPTION = "A short description of the project"
_PORT = "8080"


@click.command("startproject")
@click.argument("name", required=False)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--name", "project_name", help="What people call it.  [default: NAME, in words]")
@click.option("--description", help="What it is for.")
@click.option("--port", help=f"The port where it listens.  [default: {_PORT}]")
@click.option("--no-input", is_flag=True, help="Ask nothing, take the defaults.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Replace files that are there; never delete any.")
@click.option("--template", metavar="DIR", help="Use a cookiecutter template of your own.")
def command(
    name: str | None,
    directory: str | None,
    *,
    no_input: bool,
    dry_run: bool,
    force: bool,
    template: str | None,
    **given: str | None,
) -> None:
    """Make the project NAME, in the new directory NAME or in DIR.

    Without NAME you are asked for it, and for what no option says.
    """
    asking = name is None and not no_input
    if asking and not is_interactive():
        raise click.UsageError("Missing argument 'NAME'. It is asked for on a terminal only.")
    answers = _answers({"project_slug": name, **given}, asking=asking)
    target = Path(directory or answers.slug)
    files = projects.project_files(answers, template=Path(template) if template else None)
    with writing.reporting(target):
        if not target.absolute().parent.is_dir():
            parent = target.parent
            raise UsageError(f"{parent} is no directory. Run: mkdir -p {_shell(parent)}")
        projects.refuse_to_overwrite(files, target, force=force)
    if dry_run:
        say(*(f"{_verb(target / path)} {target / path}" for path in sorted(files)))
        return
    writing.commit(files, target, replacing=dict.fromkeys(files) if force else None)
    say(f"Created {target}: {len(files)} files. Next:", *_next_steps(target))


def _answers(given: dict[str, str | None], *, asking: bool) -> projects.Answers:
    """Return what was given, and for the rest what is answered, or the default."""

    def answer(question: str, *, default: str, check: Callable[[str], str]) -> str:
        value = given[question]
        if value is not None:
            return check(value)
        return ask(question, default=default, check=check) if asking else default

    slug = answer("project_slug", default=_SLUG, check=names.project_slug)
    return projects.Answers(
        slug=slug,
        name=answer(
            "project_name",
            default=names.project_name_of(slug),
            check=partial(names.free_text, label="name"),
        ),
        description=answer(
            "description",
            default=_DESCRIPTION,
            check=partial(names.free_text, label="description"),
        ),
        port=answer("port", default=_PORT, check=names.port_number),
    )


def _verb(path: Path) -> str:
    return "update" if path.exists() else "create"


def _next_steps(target: Path) -> list[str]:
    install = "python -m pip install -r requirements-dev.txt"
    if target.absolute() == Path.cwd():
        steps = (install, "webkit startapp api", "webkit dev")
    else:
        steps = (f"cd {_shell(target)}", install, "webkit dev")
    return [f"  {step}" for step in steps]


def _shell(path: Path) -> str:
    return shlex.quote(str(path))
