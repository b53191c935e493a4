"""The near side: starts the rendering process, hands it documents, ends it when it takes too long."""

import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

SECONDS = 60.0
"""What one document may take."""
MEGABYTES = 2048
"""Address space of the rendering process."""
HEADER = struct.Struct(">cQ")
LENGTH = struct.Struct(">Q")


class PdfFailed(Exception):
    """The document could not be made: too long, too large, or the renderer refused it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF: the report's figures as data."""

    name: str
    content: str
    description: str


class Press:
    """One rendering process, started at the first document and kept for the next ones."""

    def __init__(self, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None

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
        attachments: Sequence[Attachment] = (),
    ) -> bytes:
        """A tagged PDF (PDF/UA-1); the same input gives the same bytes.

        Args:
            html: A whole page; it may name bundled files as `asset:…` and nothing else.
            language: BCP 47; decides the fonts and where lines may break.
            created: Instant that the file claims to be of.
            attachments: Files to embed.

        Raises:
            PdfFailed: Not done in time or memory, or refused.
        """
        job = {
            "html": html,
            "language": language,
            "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "attachments": [
                {"name": one.name, "content": one.content, "description": one.description} for one in attachments
            ],
        }
        child = self._started()
        if child.stdin is None:
            raise PdfFailed("no way to reach the renderer")
        raw = json.dumps(job).encode()
        try:
            child.stdin.write(LENGTH.pack(len(raw)) + raw)
            child.stdin.flush()
            return self._answer(child)
        except (BrokenPipeError, PdfFailed) as problem:
            self.close()
            raise PdfFailed(str(problem) or "the renderer ended") from problem

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            environment = {
                **os.environ,
                "FONTCONFIG_FILE": str(Path(__file__).parent / "fonts.conf"),
                "CONFMGR_PDF_MEGABYTES": str(self._megabytes),
            }
            self._child = subprocess.Popen(
                [sys.executable, "-m", "confmgr.gateways.pdf.renderer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
        return self._child

    def _answer(self, child: subprocess.Popen[bytes]) -> bytes:
        deadline = time.monotonic() + self._seconds
        status, length = HEADER.unpack(self._read(child, HEADER.size, deadline))
        body = self._read(child, length, deadline)
        if status != b"+":
            raise PdfFailed(body.decode())
        return body

    @staticmethod
    def _read(child: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        if child.stdout is None:
            raise PdfFailed("no way to hear the renderer")
        found = bytearray()
        while len(found) < size:
            ready, _, _ = select.select([child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise PdfFailed("not done in time")
            part = os.read(child.stdout.fileno(), size - len(found))
            if not part:
                raise PdfFailed("the renderer ended, perhaps for want of memory")
            found += part
        return bytes(found)
