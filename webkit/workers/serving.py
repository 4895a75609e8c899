"""Serving: one process that runs one application until it is told to stop."""

import asyncio
import inspect
import sys

from webkit.application import CONFIG
from webkit.config import Settings
from webkit.exceptions import WebkitError
from webkit.workers.draining import Patience
from webkit.workers.hosting import Hosting, host_app
from webkit.workers.leaving import leave_in_time
from webkit.workers.listening import address_of, bind
from webkit.workers.loading import AppSource
from webkit.workers.logs import configure_logging
from webkit.workers.loops import loop_factory
from webkit.workers.signals import leave_on_signals
from webkit.workers.stopping import Stop, stop_on_signals


__all__ = ("serve",)


def serve(
    app: AppSource,
    *,
    host: str | None = None,
    port: int | None = None,
    access_log: bool | None = None,
) -> None:
    """Run an application in this process until SIGTERM or SIGINT, and end in good order.

    What is not given comes from the configuration of the application. Port 0 is a free port.

    Raises:
        SystemExit: the port is taken, the host unknown, the configuration wrong (what is wrong
            stands on stderr), or the clean-up failed.
    """
    leave_on_signals()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            went_well = runner.run(_serve(app, host=host, port=port, access_log=access_log))
    except WebkitError as error:
        sys.stderr.write(f"Error: {error}\n")
        raise SystemExit(error.exit_status) from None
    if not went_well:
        raise SystemExit(1)


async def _serve(
    source: AppSource, *, host: str | None, port: int | None, access_log: bool | None
) -> bool:
    app = await source if inspect.isawaitable(source) else source
    config = app.get(CONFIG)
    settings = config.settings if config else Settings()
    configure_logging(config)
    address = address_of(config, host=host, port=port)
    sockets = bind(address)

    def announce() -> None:
        sys.stdout.write(f"Serving {address.url(sockets)}{address.remark}\n")
        sys.stdout.flush()

    stop = Stop()
    hosting = Hosting(
        sockets=sockets,
        access_log=settings.access_log if access_log is None else access_log,
        patience=Patience(finishing=settings.stop_wait_time),
        on_ready=announce,
    )
    watch = asyncio.ensure_future(leave_in_time(stop, limit=settings.stop_wait_time))
    try:
        with stop_on_signals(stop):
            return await host_app(app, hosting, stop=stop)
    finally:
        watch.cancel()
        for sock in sockets:
            sock.close()
