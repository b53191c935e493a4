"""Running the supervisor as a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

REPOSITORY = Path(__file__).parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
PATIENCE = 60.0


class Served:
    """A supervisor on a free port and the processes below it."""

    def __init__(self, folder: Path, *options: str) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            command("--port", "0", *options),
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
        )
        self.output = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if found := ADDRESS.search(line):
                self.port, self.took = int(found[1]), time.monotonic() - began
                return
        raise AssertionError(self.output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer


def environment(folder: Path) -> dict[str, str]:
    """Without the settings of the machine that tests run on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONFMGR_")}
    return kept | {"CONFMGR_INSTANCE": str(folder)}


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "confmgr.app.supervisor", *options]


def refused(folder: Path, *options: str) -> tuple[int, str]:
    """Status and words of a supervisor that must not start."""
    done = subprocess.run(
        command(*options),
        env=environment(folder),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout + done.stderr


def below(process: int) -> set[int]:
    """Ids of all living descendants of a process."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in read(task).split():
            found |= {int(child)} | below(int(child))
    return found


def named(process: int, word: str) -> int | None:
    """The child of a process whose command has `word`."""
    for child in read(Path(f"/proc/{process}/task/{process}/children")).split():
        if word in read(Path(f"/proc/{child}/cmdline")).split("\0"):
            return int(child)
    return None


def read(file: Path) -> str:
    """What /proc tells of a process; nothing if it ended between being listed and being read."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(process: int) -> bool:
    """Whether a process lives and is not a corpse that waits for its parent."""
    told = read(Path(f"/proc/{process}/stat"))
    return bool(told) and told.rsplit(")", 1)[1].split()[0] != "Z"


def soon(condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether a condition comes true within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
