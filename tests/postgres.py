"""A PostgreSQL server for the tests alone: in a temporary folder, on a socket only, gone with the tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from signal import SIGINT

import psycopg
import pytest

from confmgr.gateways.processes import dies_with_parent

PATIENCE = 60.0
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=40",
    "jit=off",
)


class Postgres:
    """A running server; `new_database()` gives the SQLAlchemy address of an empty database."""

    def __init__(self, programs: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="confmgr-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        if self._user:
            shutil.chown(self._folder, self._user)
        data = str(self._folder / "data")
        initdb = [str(programs / "initdb"), "--pgdata", data, "--username", "confmgr", "--auth", "trust", "--no-sync"]
        initdb += ["--encoding", "UTF8", "--locale", "C"]
        subprocess.run(
            initdb,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            capture_output=True,
            check=True,
        )
        postgres = [str(programs / "postgres"), "-D", data, "-k", str(self._folder)]
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                postgres + [part for setting in SETTINGS for part in ("-c", setting)],
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent(SIGINT),  # noqa: PLW1509  # started before the tests make threads
            )
        self._numbers = count(1)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def _address(self, database: str) -> str:
        return f"postgresql://confmgr@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty database and return its address for SQLAlchemy, with psycopg 3 as the driver."""
        name = f"confmgr_{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self._address(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._server.send_signal(SIGINT)
        try:
            self._server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the tests of one process; without PostgreSQL they are skipped, but never under CI."""
    where = programs()
    if where is None or (os.geteuid() == 0 and not _has_user("postgres")):
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed: run bin/install test")
        pytest.skip("PostgreSQL is not installed")
    server = Postgres(where)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql_url(postgres: Postgres) -> str:
    """The SQLAlchemy address of a database that all tests of one process share."""
    return postgres.new_database()


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
