"""`bin/serve`: the web server and the worker of one installation, started, watched and stopped together.

Needs nothing of the application itself, so that it starts at once and stays small.
"""

import fcntl
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import IO

import click

from confmgr.app.children import Child
from confmgr.config import DEFAULT_INSTANCE, PACKAGE, REPOSITORY

START_PATIENCE = 60.0
STOP_PATIENCE = 30.0
TICK = 0.2
WEB_PROCESSES = 2
WEB_THREADS = 4
ONE_HEAP = {"MALLOC_ARENA_MAX": "1"}
"""Threads of Python wait for each other anyhow: a heap for each of them costs a web process 12 MB and saves no time."""
MARKER = "SAMPLE"
MARKER_WORDS = "This folder holds the sample operation of confmgr. Delete it to have the sample made anew.\n"
SAMPLE_ACCOUNTS = (
    "Sign in as organiser@knpa.example, leadership@knpa.example or sok.dara@kh.example; "
    "the password is: breaking chains"
)
MIGRATIONS = PACKAGE / "migrations" / "versions"
REVISION = re.compile(r"""^revision(?:: str)? = ["'](\w+)["']""", re.MULTILINE)
FOLLOWS = re.compile(r"^down_revision[^=]*=(.*)$", re.MULTILINE)
QUOTED = re.compile(r"""["'](\w+)["']""")
PROGRAMS = Path(sys.executable).parent


class CannotStart(Exception):
    """A sentence for the terminal; `status` is what the command ends with."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        self.status = status
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder, and whether it holds the sample operation."""

    folder: Path
    sample: bool

    @property
    def leave_file(self) -> Path:
        """Made by the page's button: open an empty installation instead."""
        return self.folder / "leave"


def choose(folder: Path, *, empty: bool, has_database_url: bool) -> Installation:
    """The installation of `folder`; while there is none, the sample operation in a folder of its own.

    A folder that holds the sample stays a sample, whoever names it: its accounts are known to everybody.
    """
    if (folder / MARKER).exists():
        return Installation(folder, sample=True)
    if empty or has_database_url or (folder / "confmgr.db").exists():
        return Installation(folder, sample=False)
    return Installation(folder / "sample", sample=True)


def listen_on(host: str, port: int) -> socket.socket:
    """A bound socket that is handed to the web server; nothing answers on it before the web server does.

    Raises:
        CannotStart: The port is taken, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as problem:
        raise CannotStart(f"{host} is not an address of this machine.", 2) from problem
    with suppress(OSError), socket.create_connection((_reachable(host), port), timeout=1):
        raise CannotStart(f"Port {port} is taken. Choose another one: bin/serve --port {port + 1}", 2)
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as problem:
        listener.close()
        raise CannotStart(f"Cannot listen on {host} port {port}: {problem.strerror}.", 2) from problem
    return listener


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine itself can reach the socket."""
    return ip_address(listener.getsockname()[0]).is_loopback


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not bound


class Supervisor:
    """Runs one installation at a time, on a socket that it keeps while the sample gives way to a real one."""

    def __init__(self, base: Path, host: str, listener: socket.socket) -> None:
        self._base = base
        self._host = host
        self._listener = listener
        self._port = int(listener.getsockname()[1])
        self._asked_to_stop = False
        self._children: list[Child] = []
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: object) -> None:
        self._asked_to_stop = True

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = _reachable(self._host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    def run(self, installation: Installation) -> None:
        """Serve until asked to stop; the sample's button leads on to an empty installation.

        Raises:
            CannotStart: The database cannot be migrated, or the web server does not come up.
        """
        while True:
            if installation.sample and not is_loopback(self._listener):
                raise CannotStart(
                    "The sample operation has accounts that everybody knows: it is shown to this machine only. "
                    "Start an installation of your own with --empty, or leave out --host.",
                    2,
                )
            with only_one(installation.folder):
                leaves = self._serve(installation)
            if not leaves:
                return
            installation = Installation(self._base, sample=False)
            say("Opening an empty installation.")

    def _serve(self, installation: Installation) -> bool:
        if installation.sample:
            (installation.folder / MARKER).write_text(MARKER_WORDS)
        installation.leave_file.unlink(missing_ok=True)
        environment = self._environment(installation)
        migrate(environment)
        web = self._web(environment)
        worker = Child("worker", [str(PROGRAMS / "confmgr"), "worker"], environment, signal.SIGINT)
        self._children = [web]
        try:
            web.start()
            self._until_it_answers(web)
            self._children.append(worker)
            worker.start()
            if installation.sample:
                loader = Child("sample", [str(PROGRAMS / "confmgr"), "sample-load"], environment, once=True)
                self._children.append(loader)
                loader.start()
            self._tell(installation)
            return self._watch(installation)
        finally:
            self._end()

    def _environment(self, installation: Installation) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["CONFMGR_INSTANCE"] = str(installation.folder)
        environment.setdefault("CONFMGR_BASE_URL", self.address)
        environment.pop("CONFMGR_SAMPLE", None)
        if installation.sample:
            environment.pop("CONFMGR_DATABASE_URL", None)
            environment["CONFMGR_SAMPLE"] = "1"
            environment["CONFMGR_LEAVE_SAMPLE"] = str(installation.leave_file)
        return environment

    def _web(self, environment: dict[str, str]) -> Child:
        descriptor = self._listener.fileno()
        gunicorn = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(WEB_PROCESSES)]
        gunicorn += ["--threads", str(WEB_THREADS), "--bind", f"fd://{descriptor}", "--chdir", str(REPOSITORY)]
        gunicorn += ["--log-level", "warning", "--graceful-timeout", "10", "--no-control-socket", "wsgi:application"]
        return Child("web", gunicorn, ONE_HEAP | environment, signal.SIGTERM, keep=(descriptor,))

    def _until_it_answers(self, web: Child) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while not self._answers():
            if self._asked_to_stop:
                return
            if not web.runs() or time.monotonic() > deadline:
                raise CannotStart("The web server did not start; the reason stands above.")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection(_reachable(self._host), self._port, timeout=START_PATIENCE)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200  # noqa: PLR2004  # OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _tell(self, installation: Installation) -> None:
        if installation.sample:
            say(f"The sample operation is open at {self.address}/ (Ctrl-C stops it).")
            say(SAMPLE_ACCOUNTS)
        else:
            say(f"confmgr is open at {self.address}/ (Ctrl-C stops it).")

    def _watch(self, installation: Installation) -> bool:
        while not self._asked_to_stop:
            if installation.sample and installation.leave_file.exists():
                return True
            for child in self._children:
                child.watch(time.monotonic())
            time.sleep(TICK)
        return False

    def _end(self) -> None:
        for child in reversed(self._children):
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_PATIENCE
        for child in reversed(self._children):
            child.wait_or_kill(deadline - time.monotonic())
        self._children = []


def migrate(environment: dict[str, str]) -> None:
    """Bring the database up to this version; an SQLite database that is there already costs nothing.

    Raises:
        CannotStart: With what the migration said.
    """
    database = Path(environment["CONFMGR_INSTANCE"]) / "confmgr.db"
    newest = newest_revisions()
    if newest and not environment.get("CONFMGR_DATABASE_URL") and newest == revisions_of(database):
        return
    say("Bringing the database up to date.")
    done = subprocess.run(
        [str(PROGRAMS / "confmgr"), "db", "upgrade"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CannotStart(f"{done.stdout}{done.stderr}\nThe database could not be brought up to date.")


def newest_revisions(folder: Path = MIGRATIONS) -> set[str]:
    """The migrations that no other one follows, read from the files alone: Alembic takes seconds to import."""
    texts = [path.read_text() for path in folder.glob("*.py")]
    revisions = {name for text in texts for name in REVISION.findall(text)}
    return revisions - {name for text in texts for line in FOLLOWS.findall(text) for name in QUOTED.findall(line)}


def revisions_of(database: Path) -> set[str]:
    """The migrations at which an SQLite database stands; empty where there is no database yet."""
    if not database.exists():
        return set()
    with closing(sqlite3.connect(database)) as connection:
        try:
            return {str(name) for (name,) in connection.execute("SELECT version_num FROM alembic_version")}
        except sqlite3.DatabaseError:
            return set()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        CannotStart: Another supervisor holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"confmgr already runs on {folder} (process {_holder(lock)}).", 2) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "unknown"


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    click.echo(sentence)
    sys.stdout.flush()


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--empty", is_flag=True, help="Open an installation of your own, not the sample operation.")
def main(port: int, host: str, *, empty: bool) -> None:
    """Serve one installation until stopped with Ctrl-C."""
    base = Path(os.environ.get("CONFMGR_INSTANCE") or DEFAULT_INSTANCE).resolve()
    try:
        with listen_on(host, port) as listener:
            Supervisor(base, host, listener).run(
                choose(base, empty=empty, has_database_url=bool(os.environ.get("CONFMGR_DATABASE_URL")))
            )
    except CannotStart as reason:
        click.echo(f"confmgr: {reason}", err=True)
        raise SystemExit(reason.status) from None


if __name__ == "__main__":
    main()
