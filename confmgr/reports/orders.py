"""Documents that are to be made: what a request hands to a job, and how a job makes them on several cores."""

import io
import json
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from confmgr.gateways.pdf import Attachment, Part, Press
from confmgr.reports import cache
from confmgr.reports.printing import Print

SECONDS = 600.0
"""What one document of a job may take."""
MOST_PRESSES = 2
BREATH = 1.0
"""Seconds between two looks at whether somebody wants it stopped."""


@dataclass(frozen=True, slots=True)
class Order:
    """One document, or several that leave together in a ZIP called `name`; names are without an ending."""

    files: tuple[tuple[str, Print], ...]
    name: str = ""
    packed: bool = False

    @property
    def key(self) -> str:
        """What the whole is kept under."""
        if not self.packed:
            return cache.key(self.files[0][1])
        text = "".join(f"{name}\n{cache.key(ready)}\n" for name, ready in self.files)
        return sha256(f"zip\n{text}".encode()).hexdigest()

    @property
    def ending(self) -> str:
        """Of the file's name."""
        return "zip" if self.packed else "pdf"

    @property
    def heavy(self) -> bool:
        """Whether it is a job's work."""
        return self.packed or self.files[0][1].heavy

    @property
    def steps(self) -> int:
        """How many steps its making tells of."""
        return sum(len(ready.parts) for _name, ready in self.files)


def alone(name: str, ready: Print) -> Order:
    """An order of one document."""
    return Order(((name, ready),))


def sealed(order: Order) -> bytes:
    """An order as it is kept until its job has made it."""
    return zlib.compress(
        json.dumps(
            {"name": order.name, "packed": order.packed, "files": [_plain(*one) for one in order.files]}
        ).encode()
    )


def opened(raw: bytes) -> Order:
    """The order again."""
    found = json.loads(zlib.decompress(raw))
    return Order(tuple(_print(one) for one in found["files"]), found["name"], found["packed"])


def _plain(name: str, ready: Print) -> dict[str, Any]:
    return {
        "name": name,
        "title": ready.title,
        "created": ready.created.isoformat(),
        "sheets": ready.sheets,
        "parts": [[part.html, part.language] for part in ready.parts],
        "attachments": [[one.name, one.content, one.description] for one in ready.attachments],
    }


def _print(one: Mapping[str, Any]) -> tuple[str, Print]:
    parts = tuple(Part(*part) for part in one["parts"])
    attachments = tuple(Attachment(*file) for file in one["attachments"])
    created = datetime.fromisoformat(one["created"])
    return one["name"], Print(parts, one["title"], created, one["sheets"], attachments)


def packed(files: Mapping[str, bytes], made: datetime) -> bytes:
    """Files in a ZIP whose bytes depend on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", made.timetuple()[:6]), file)
    return out.getvalue()


def made(
    wanted: Mapping[str, Print], told: Callable[[int], None], *, stopped: Callable[[], bool], presses: int | None = None
) -> dict[str, bytes] | None:
    """Documents by key, made in as many renderers as there are cores, at most two; None when somebody stopped it.

    `told` and `stopped` are called in this thread: `told` hears how many steps are done and is called at least every
    few seconds.

    Raises:
        PdfFailed: One could not be made.
    """
    number = min(presses or _cores(), MOST_PRESSES, len(wanted)) or 1
    line = _Line(wanted)
    with ExitStack() as stack:
        machines = [stack.enter_context(Press(seconds=SECONDS)) for _ in range(number)]
        with ThreadPoolExecutor(number) as pool:
            pending = {pool.submit(line.work, press) for press in machines}
            try:
                while pending:
                    done, pending = wait(pending, BREATH, FIRST_COMPLETED)
                    for one in done:
                        one.result()
                    told(line.steps)
                    if pending and stopped():
                        return None
            finally:
                line.over = True
                for press in machines:
                    press.stop()
    return line.finished


class _Line:
    """What several threads take documents from and put files into."""

    def __init__(self, wanted: Mapping[str, Print]) -> None:
        self.steps = 0
        self.over = False
        self.finished: dict[str, bytes] = {}
        self._waiting = list(reversed(list(wanted.items())))
        self._lock = threading.Lock()

    def work(self, press: Press) -> None:
        """Make documents until none is left."""
        while not self.over:
            with self._lock:
                if not self._waiting:
                    return
                key, ready = self._waiting.pop()
            self.finished[key] = ready.pdf(press, seconds=SECONDS, told=self._told)

    def _told(self, _part: int) -> None:
        with self._lock:
            self.steps += 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
