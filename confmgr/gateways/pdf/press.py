"""The near side: starts the rendering process, hands it documents, ends it when it takes too long."""

import atexit
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from confmgr.errors import ConfmgrError

SECONDS = 60.0
"""What one document may take."""
MEGABYTES = 1536
"""Address space of the rendering process; a report of 200 pages takes 900."""
LARGEST = 20 * 2**20
"""Characters of HTML that are still taken."""
IDLE = 120.0
"""Seconds after which a renderer without work ends by itself."""
DOCUMENTS = 40
"""What one renderer makes before a fresh one takes over, so that nothing grows for ever."""
STOPPED = frozenset({signal.SIGXCPU, signal.SIGALRM})
"""Signals that end a renderer which has used its time."""
HEADER = struct.Struct(">cQ")
LENGTH = struct.Struct(">Q")
PASSED_ON = frozenset(
    {
        "PATH",
        "PYTHONPATH",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
        "WEASYPRINT_DLL_DIRECTORIES",
        "SYSTEMROOT",
    }
)
"""What the rendering process sees of the environment: how to find programs and libraries, and no secret."""
PART_DONE = b"p"
"""Status that only says how many parts are laid out; the others come with a file or a reason."""


class PdfFailed(ConfmgrError):
    """A document could not be made.

    `reason`: `too_slow`, `too_large` (HTML or memory), `refused` (it names something that is not shipped), `busy` (the
    press was printing for others all the time that one would wait), `broken`.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF, for instance the report's figures as JSON. Its type follows from the name's ending."""

    name: str
    content: str
    description: str


@dataclass(frozen=True, slots=True)
class Part:
    """A page of HTML that becomes some pages of a bound document, numbered and laid out on its own."""

    html: str
    language: str


Told = Callable[[int], None]
"""Hears how many parts are laid out."""


class Press:
    """One rendering process, started at the first document and kept for the next ones. Threads wait for one another."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: str | None = None
        self._owner = os.getpid()
        self._made = 0
        self._rested = 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def render(
        self,
        html: str,
        *,
        language: str,
        created: datetime,
        title: str | None = None,
        attachments: Sequence[Attachment] = (),
        seconds: float | None = None,
    ) -> bytes:
        """A tagged PDF (PDF/UA-1); the same input gives the same bytes.

        Args:
            html: A whole page; it may name bundled files as `asset:…` (below `confmgr/static`) and nothing else.
            language: BCP 47; decides the fonts, the direction and where lines may break.
            created: Aware instant that the file claims to be of: that of its record, not of the clock.
            title: What a reader shows as the document's name; else the page's own title.
            attachments: Files to embed.
            seconds: Limit for this document, else that of the press.

        Raises:
            PdfFailed: Not done in time or memory, or refused.
            ValueError: `created` is not aware.
        """
        return self.bind([Part(html, language)], created=created, title=title, attachments=attachments, seconds=seconds)

    def bind(
        self,
        parts: Sequence[Part],
        *,
        created: datetime,
        title: str | None = None,
        attachments: Sequence[Attachment] = (),
        seconds: float | None = None,
        wait: float | None = None,
        told: Told | None = None,
    ) -> bytes:
        """One PDF of several pages of HTML, each numbered from 1; otherwise as `render`.

        Args:
            parts: At least one; the file is in the language of the first.
            created: See `render`.
            title: See `render`.
            attachments: See `render`.
            seconds: See `render`; for all parts together.
            wait: How many seconds to stand in line behind other threads; without it until it is our turn.
            told: Called after each part; what it raises ends the document.

        Raises:
            PdfFailed: Not done in time or memory, or refused.
            ValueError: `created` is not aware.
        """
        if created.tzinfo is None:
            raise ValueError("the instant of a document must be aware")
        if (size := sum(len(part.html) for part in parts)) > LARGEST:
            raise PdfFailed("too_large", f"{size} characters")
        limit = self._seconds if seconds is None else seconds
        job = {
            "parts": [{"html": part.html, "language": part.language} for part in parts],
            "title": title,
            "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "attachments": [
                {"name": one.name, "content": one.content, "description": one.description} for one in attachments
            ],
            "seconds": limit,
        }
        raw = json.dumps(job).encode()
        if not self._lock.acquire(timeout=-1 if wait is None else wait):
            raise PdfFailed("busy")
        try:
            return self._print(raw, limit, told)
        finally:
            self._lock.release()

    @property
    def idle(self) -> bool:
        """Whether there is no process now."""
        return self._child is None

    @property
    def pid(self) -> int | None:
        """The process's number; None without one."""
        return None if self._child is None else self._child.pid

    def stop(self) -> None:
        """End the process from another thread: the one that waits for a document hears that it is `broken`."""
        child = self._child
        if child is not None and self._owner == os.getpid():
            child.kill()

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            child.kill()
            child.communicate()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    def _print(self, raw: bytes, seconds: float, told: Told | None) -> bytes:
        deadline = time.monotonic() + seconds
        child = self._ready()
        try:
            _write(child, LENGTH.pack(len(raw)) + raw)
            status, length = HEADER.unpack(_read(child, HEADER.size, deadline))
            while status == PART_DONE:
                if told is not None:
                    told(length)
                status, length = HEADER.unpack(_read(child, HEADER.size, deadline))
            body = _read(child, length, deadline)
        except BaseException:
            self.close()
            raise
        self._made += 1
        self._rested = time.monotonic()
        if status != b"+":
            if status == b"m":
                self.close()
            raise PdfFailed({b"-": "refused", b"m": "too_large"}.get(status, "broken"), body.decode())
        return body

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # a forked process must not speak into its parent's renderer
            self._child, self._folder, self._owner = None, None, os.getpid()
        tired = self._made >= DOCUMENTS or time.monotonic() - self._rested > IDLE / 2
        if self._child is not None and (tired or self._child.poll() is not None):
            self.close()
        if self._child is None:
            self._child = self._started()
            self._made, self._rested = 0, time.monotonic()
        return self._child

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        environment["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
        self._folder = tempfile.mkdtemp(prefix="confmgr-press-")  # its fonts, which it cannot remove when it is killed
        environment["TMPDIR"] = self._folder
        command = [sys.executable, "-W", "ignore:No fonts configured", "-m", "confmgr.gateways.pdf.renderer"]
        return subprocess.Popen(
            [*command, str(self._megabytes), str(IDLE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )


def _write(child: subprocess.Popen[bytes], raw: bytes) -> None:
    if child.stdin is None:
        raise PdfFailed("broken", "no way to reach the renderer")
    try:
        child.stdin.write(raw)
        child.stdin.flush()
    except BrokenPipeError as problem:
        raise PdfFailed("broken", "the renderer ended") from problem


def _read(child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
    if child.stdout is None:
        raise PdfFailed("broken", "no way to hear the renderer")
    found = bytearray()
    while len(found) < size:
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise PdfFailed("too_slow")
        part = os.read(child.stdout.fileno(), size - len(found))
        if not part:
            ended = child.wait()
            raise PdfFailed("too_slow" if -ended in STOPPED else "broken", f"the renderer ended, exit code {ended}")
        found += part
    return bytes(found)


_shared = Press()


def render(
    html: str,
    *,
    language: str,
    created: datetime,
    title: str | None = None,
    attachments: Sequence[Attachment] = (),
    seconds: float = SECONDS,
) -> bytes:
    """A tagged PDF from this process's own press, which stays warm for a minute: see `Press.render`.

    Raises:
        PdfFailed: Not done in time or memory, or refused.
    """
    return _shared.render(
        html, language=language, created=created, title=title, attachments=attachments, seconds=seconds
    )


def bind(
    parts: Sequence[Part],
    *,
    created: datetime,
    title: str | None = None,
    attachments: Sequence[Attachment] = (),
    seconds: float = SECONDS,
    wait: float | None = None,
    told: Told | None = None,
) -> bytes:
    """One PDF of several pages of HTML from this process's own press: see `Press.bind`.

    Raises:
        PdfFailed: Not done in time or memory, or refused.
    """
    return _shared.bind(
        parts, created=created, title=title, attachments=attachments, seconds=seconds, wait=wait, told=told
    )


def close() -> None:
    """End the renderer of this process; the next document starts another."""
    _shared.close()


atexit.register(close)
