import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.postgres import Postgres, programs

REPOSITORY = Path(__file__).parents[2]
START_AND_DIE = """
import os, signal
from tests.postgres import Postgres, programs
server = Postgres(programs())
print(server.new_database(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_databases_of_one_server_know_nothing_of_each_other(postgres: Postgres) -> None:
    first, second = create_engine(postgres.new_database()), create_engine(postgres.new_database())
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (x int)"))
    with second.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"))
    first.dispose()
    second.dispose()
    assert found == 0


def test_the_server_listens_on_no_network(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        addresses = connection.scalar(text("SHOW listen_addresses"))
        collation = connection.scalar(text("SHOW server_encoding"))
    engine.dispose()
    assert (addresses, collation) == ("", "UTF8")


@pytest.mark.slow
def test_a_stopped_server_leaves_no_folder() -> None:
    where = programs()
    assert where is not None
    server = Postgres(where)
    folder = Path(server.new_database().split("host=")[1])
    there_before = folder.is_dir()
    server.stop()
    assert there_before
    assert not folder.exists()


@pytest.mark.slow
def test_the_server_dies_with_tests_that_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START_AND_DIE], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    url = done.stdout.strip().replace("+psycopg", "")
    assert url.startswith("postgresql://"), done.stderr
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return
        time.sleep(0.1)
    pytest.fail("the server outlived its tests")
