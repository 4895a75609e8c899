"""A server of PostgreSQL that is stopped and started again while a service is asked."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from msgspec import Struct
from sqlalchemy.orm import Mapped

from webkit.application import create_app
from webkit.database import DatabaseConfig, Model, SQLRepository, WithID, attach
from webkit.database.tables import create_tables
from webkit.resources import ResourceViewSet
from webkit.routers import SimpleRouter


CLIENTS = 20
ROOT = 0


class GuestRow(WithID, Model):
    __tablename__ = "restart_guest"

    name: Mapped[str]


class NewGuest(Struct):
    name: str


class Guest(NewGuest, kw_only=True):
    id: int


class GuestViewSet(ResourceViewSet[Guest, NewGuest, NewGuest, int]):
    actions = ("create", "list")
    repository = SQLRepository(GuestRow, Guest)


class Server:
    """A server with an empty directory of its own, which runs as somebody else than root."""

    def __init__(self, binaries, home):
        self._binaries, self._data = binaries, f"{home}/data"
        self._facts = {"cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if os.geteuid() == ROOT:
            os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
            self._facts["user"] = "nobody"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"postgresql://tester@127.0.0.1:{self._port}/postgres"
        self._process = None

    def make(self):
        options = (
            "--username=tester",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        command = (self._binaries / "initdb", f"--pgdata={self._data}", *options)
        subprocess.run(command, check=True, **self._facts)

    def start(self):
        options = ("fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories=")
        given = (part for option in (f"port={self._port}", *options) for part in ("-c", option))
        command = (self._binaries / "postgres", "-D", self._data, *given)
        self._process = subprocess.Popen(command, **self._facts)

    def stop(self):
        """Cut all connections, undo their transactions, and end."""
        process, self._process = self._process, None
        if process:
            process.send_signal(signal.SIGINT)
            process.wait(10)


@pytest.fixture
def server():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no initdb found in /usr/lib/postgresql/*/bin")
    home = tempfile.mkdtemp(prefix="webkit-postgres-")
    server = Server(found[-1].parent, home)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home)


class Clients:
    """Those who ask for ever, half of them for the list and half to add somebody."""

    def __init__(self, client):
        self._client = client
        self.statuses = set()
        self.added = set()
        self._answers = [asyncio.Event() for _ in range(CLIENTS)]
        self._wanted = ()

    async def ask(self, number):
        while True:
            if number % 2:
                request = self._client.get("/guest/?limit=1")
            else:
                request = self._client.post("/guest/", json={"name": str(number)})
            async with request as answer:
                self.statuses.add(answer.status)
                if answer.status in self._wanted:
                    self._answers[number].set()
                if answer.status == 503:
                    assert answer.headers["Retry-After"]
                elif answer.status == 201:
                    self.added.add((await answer.json())["id"])

    async def all_get(self, *statuses):
        """Wait until each has been answered with one of these."""
        self._wanted = statuses
        for answered in self._answers:
            answered.clear()
        async with asyncio.timeout(10):
            for answered in self._answers:
                await answered.wait()


@pytest.mark.slow
async def test_a_service_outlives_a_restart_of_its_server(server, aiohttp_client):
    router = SimpleRouter()
    router.register(GuestViewSet)
    app = create_app(routes=router.routes)
    database = attach(app, DatabaseConfig(url=server.url))
    client = await aiohttp_client(app)
    await create_tables(database, [GuestRow])
    clients = Clients(client)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(clients.ask(number)) for number in range(CLIENTS)]
        await clients.all_get(200, 201)
        await asyncio.to_thread(server.stop)
        await clients.all_get(503)
        assert (await client.get("/ready")).status == 503
        server.start()
        await clients.all_get(200, 201)
        assert (await client.get("/ready")).status == 200
        for task in tasks:
            task.cancel()

    assert clients.statuses == {200, 201, 503}
    assert clients.added <= {id for (id,) in await database.read("SELECT id FROM restart_guest")}
