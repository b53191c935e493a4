import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from confmgr.app import supervisor
from confmgr.app.supervisor import CannotStart, Installation, choose, listen_on, only_one
from tests.setup.serving import Served, alive, below, named, refused, soon
from tests.soak import SOAK

pytestmark = pytest.mark.slow
KILLS = 200 if SOAK else 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def started(folder: Path) -> Iterator[list[Served]]:
    """The supervisors of one installation, of which each starts once the one before has ended."""
    with ExitStack() as stack:
        yield (ones := [Served(folder, "--empty")])
        for one in ones:
            stack.enter_context(one)


@pytest.fixture
def served(started: list[Served], folder: Path) -> Served:
    """A supervisor that runs: a start takes seconds, so that tests share one until a test ends it."""
    if started[-1].process.poll() is not None:
        started.append(Served(folder, "--empty"))
    return started[-1]


def test_an_empty_installation_asks_for_its_first_organiser(served: Served) -> None:
    assert served.get("/health")[0] == 200
    status, page = served.get("/start")
    assert status == 200
    assert 'name="email"' in page


def test_a_second_supervisor_is_kept_off_the_same_folder(served: Served, folder: Path) -> None:
    status, words = refused(folder, "--port", "0", "--empty")
    assert status == 2
    assert f"confmgr already runs on {folder} (process {served.process.pid})." in words


def test_a_taken_port_is_refused_before_anything_is_touched(served: Served, tmp_path: Path) -> None:
    status, words = refused(tmp_path / "other", "--port", str(served.port), "--empty")
    assert status == 2
    assert f"Port {served.port} is taken. Choose another one: bin/serve --port {served.port + 1}" in words
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("word", ["gunicorn", "worker"])
def test_a_killed_process_comes_back(served: Served, word: str) -> None:
    for _ in range(KILLS):
        assert soon(lambda: named(served.process.pid, word) is not None)
        first = named(served.process.pid, word)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert soon(lambda: named(served.process.pid, word) not in {None, first})  # noqa: B023  # awaited in this round
    assert served.get("/health")[0] == 200


def test_what_a_killed_worker_has_started_dies_with_it(served: Served) -> None:
    assert soon(lambda: len(below(named(served.process.pid, "worker") or 0)) >= 3)  # two that work and the scheduler
    worker = named(served.process.pid, "worker")
    assert worker is not None
    family = below(worker)
    os.kill(worker, signal.SIGKILL)
    assert soon(lambda: not any(map(alive, family)), 5)


def test_the_children_die_with_a_killed_supervisor_and_the_next_start_is_quick(
    served: Served, started: list[Served], folder: Path
) -> None:
    assert soon(lambda: named(served.process.pid, "worker") is not None)
    family = below(served.process.pid)
    served.process.kill()
    served.process.wait()
    assert soon(lambda: not any(map(alive, family)), 15)
    again = Served(folder, "--empty")
    started.append(again)
    assert again.get("/health")[0] == 200
    assert "Bringing the database up to date." not in again.output
    assert again.took < started[0].took * 2 / 3  # of the first, on the same machine: seconds say what else it does


def test_nothing_is_left_after_a_stop(served: Served) -> None:
    assert soon(lambda: len(below(served.process.pid)) >= 4)  # gunicorn and its two processes, the worker
    family = below(served.process.pid)
    served.process.terminate()
    assert served.process.wait(30) == 0
    assert soon(lambda: not any(map(alive, family)), 5)


def test_the_button_of_the_sample_opens_an_empty_installation_on_the_same_address(tmp_path: Path) -> None:
    with Served(tmp_path) as running:
        assert "The sample operation is open" in running.output
        before = named(running.process.pid, "gunicorn")
        (tmp_path / "sample" / "leave").touch()
        assert soon(lambda: named(running.process.pid, "gunicorn") not in {None, before})
        assert running.get("/start")[0] == 200
    assert (tmp_path / "confmgr.db").exists()
    assert choose(tmp_path, empty=False, has_database_url=False) == Installation(tmp_path, sample=False)


def test_the_sample_is_refused_where_others_can_reach_it(tmp_path: Path) -> None:
    status, words = refused(tmp_path, "--port", "0", "--host", "0.0.0.0")  # noqa: S104  # refused
    assert status == 2
    assert "it is shown to this machine only" in words
    assert not (tmp_path / "sample").exists()


def test_a_folder_with_the_sample_stays_a_sample_whoever_names_it(tmp_path: Path) -> None:
    (tmp_path / "confmgr.db").touch()
    assert choose(tmp_path, empty=True, has_database_url=False) == Installation(tmp_path, sample=False)
    (tmp_path / supervisor.MARKER).touch()
    assert choose(tmp_path, empty=True, has_database_url=True) == Installation(tmp_path, sample=True)


@pytest.mark.parametrize(
    ("empty", "has_url", "folder", "sample"),
    [
        (False, False, "sample", True),
        (True, False, ".", False),
        (False, True, ".", False),
    ],
)
def test_without_an_installation_the_sample_opens_unless_one_is_asked_for(
    tmp_path: Path, *, empty: bool, has_url: bool, folder: str, sample: bool
) -> None:
    chosen = choose(tmp_path, empty=empty, has_database_url=has_url)
    assert chosen == Installation(tmp_path / folder, sample=sample)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on 192\.0\.2\.1"):
        listen_on("192.0.2.1", 0)
    with pytest.raises(CannotStart, match="is not an address of this machine"):
        listen_on("nowhere.invalid", 0)


def test_a_port_with_a_listener_is_taken_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(CannotStart, match="is taken"):
        listen_on("127.0.0.1", other.getsockname()[1])
    with listen_on("127.0.0.1", 0) as mine:
        assert supervisor.is_loopback(mine)


def test_the_lock_of_a_folder_is_free_again_after_use(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(CannotStart, match="already runs"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "serve.lock").read_text() == str(os.getpid())


def test_a_migration_that_fails_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "confmgr.db").write_bytes(b"this is no database" * 100)
    status, words = refused(tmp_path, "--port", "0")
    assert status == 1
    assert "The database could not be brought up to date." in words
    assert "SQLITE_NOTADB" in words, "by its code: a message might hold what somebody wrote"


def test_the_newest_migrations_are_those_that_none_follows(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("revision = 'a1'\ndown_revision = None\n")
    (tmp_path / "b.py").write_text('revision: str = "b2"\ndown_revision: str | None = "a1"\n')
    assert supervisor.newest_revisions(tmp_path) == {"b2"}
    (tmp_path / "c.py").write_text("revision = 'c3'\ndown_revision = 'a1'\n")
    assert supervisor.newest_revisions(tmp_path) == {"b2", "c3"}
    (tmp_path / "d.py").write_text("revision = 'd4'\ndown_revision = ('b2', 'c3')\n")
    assert supervisor.newest_revisions(tmp_path) == {"d4"}
