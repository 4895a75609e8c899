"""``webkit shell``: the application of the project, started, at a prompt that understands await."""

import ast
import code
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import click

from webkit import __version__
from webkit.cli.projects import find_project
from webkit.exceptions import UsageError


if TYPE_CHECKING:
    from aiohttp import web

    from webkit.workers.loading import AppSource
    from webkit.workers.stages import Stage

    Load = Callable[[], AppSource]

__all__ = ("command",)

_FILE = "<shell>"


@click.command("shell")
@click.option("-c", "--command", "text", metavar="CODE", help="Run this, and leave.")
@click.option(
    "--repl",
    type=click.Choice(("ptpython", "ipython", "python")),
    metavar="REPL",
    help="ptpython, ipython or python. Default: the first of them that is installed.",
)
def command(text: str | None, repl: str | None) -> int:
    """Start the application of the project, listening nowhere, and open a shell with it.

    There are `app`, `config` and `units`; `await` works at the prompt. What is piped in is run as
    with -c.
    """
    if text is None and repl is None and not sys.stdin.isatty():
        text = sys.stdin.read()
    if text is not None:
        return _run(text, load=_loader())
    _opener(repl)(_loader())
    return 0


def _loader() -> "Load":
    from webkit.workers.loading import load_app

    project = find_project()
    return lambda: load_app(project.app, root=project.root)


def _names_of(app: "web.Application") -> dict[str, Any]:
    from webkit.application import CONFIG, UNITS

    found: dict[str, Any] = {"__name__": "__console__", "app": app}
    if CONFIG in app:
        found |= {"config": app[CONFIG], "units": app[UNITS]}
    return found


def _banner(names: dict[str, Any]) -> str:
    shown = ", ".join(name for name in names if not name.startswith("_"))
    return f"webkit {__version__}: {shown}. await works."


def _run(text: str, *, load: "Load") -> int:
    from webkit.workers.stages import Stage

    with Stage(load) as stage:
        try:
            _execute(_compiled(text), _names_of(stage.app), stage=stage)
        except Exception as error:  # the code of the user may raise anything
            _show(error)
            return 1
    return 0


def _show(error: BaseException) -> None:
    """Print an error with its traceback from the code at the prompt on."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != _FILE:
        frames = frames.tb_next
    traceback.print_exception(type(error), error, frames)


def _compiled(text: str) -> CodeType:
    compiled: CodeType = compile(text, _FILE, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return compiled


def _execute(program: CodeType, names: dict[str, Any], *, stage: "Stage") -> None:
    """Run code in the loop of the application.

    Raises:
        SystemExit: the code did.
    """

    async def run() -> SystemExit | None:
        try:
            found = FunctionType(program, names)()
            if inspect.iscoroutine(found):
                await found
        except SystemExit as error:  # which would end the loop
            return error
        return None

    end = stage.run(run())
    if end is not None:
        raise end


class _Console(code.InteractiveConsole):
    """The prompt of Python, with await."""

    def __init__(self, stage: "Stage", names: dict[str, Any]) -> None:
        super().__init__(names, filename=_FILE)
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._stage = stage

    def runcode(self, code: CodeType) -> None:
        try:
            _execute(code, self.locals, stage=self._stage)
        except (Exception, KeyboardInterrupt) as error:
            _show(error)


def _open_python(load: "Load") -> None:
    import contextlib

    from webkit.workers.stages import Stage

    with Stage(load) as stage:
        names = _names_of(stage.app)
        with contextlib.suppress(ImportError):  # not every Python has it
            import readline
            import rlcompleter

            readline.set_completer(rlcompleter.Completer(names).complete)
            readline.parse_and_bind("tab: complete")
        with contextlib.suppress(SystemExit):
            _Console(stage, names).interact(_banner(names), exitmsg="")


def _open_ipython(load: "Load") -> None:
    from IPython import embed

    from webkit.workers.stages import Stage

    with Stage(load) as stage:
        names = _names_of(stage.app)
        embed(
            user_ns=names,
            banner1=f"{_banner(names)}\n",
            using=lambda coroutine: stage.run(coroutine),  # noqa: PLW0108  # it is copied
            colors="neutral",
        )


def _open_ptpython(load: "Load") -> None:
    import asyncio

    asyncio.run(_ptpython(load))


async def _ptpython(load: "Load") -> None:
    """Run ptpython in the loop of the application, which it wants to be in the main thread."""
    import contextlib

    from ptpython.repl import embed

    from webkit.workers.stages import started

    async with started(load) as app:
        names = _names_of(app)
        click.echo(_banner(names))
        with contextlib.suppress(SystemExit):
            await embed(names, names, configure=_let_leave, return_asyncio_coroutine=True)


def _let_leave(repl: Any) -> None:
    """Make `exit()` leave ptpython also where it awaits, which its own does not."""
    from ptpython.repl import ReplExit

    evaluate = repl.eval_async

    async def eval_async(line: str) -> object:
        try:
            return await evaluate(line)
        except ReplExit:
            raise SystemExit from None

    repl.eval_async = eval_async


_OPENERS: dict[str, tuple[str, Callable[["Load"], None]]] = {
    "ptpython": ("ptpython", _open_ptpython),
    "ipython": ("IPython", _open_ipython),
    "python": ("code", _open_python),
}


def _opener(wanted: str | None) -> Callable[["Load"], None]:
    """Return what opens the shell that is wanted, or the first that is installed.

    Raises:
        UsageError: it is not installed.
    """
    for name in [wanted] if wanted else _OPENERS:
        module, opener = _OPENERS[name]
        if importlib.util.find_spec(module) is not None:
            return opener
    raise UsageError(f"{wanted} is not installed. Run: pip install {wanted}")
