"""LMTP (RFC 2033): our own mail server hands over each mail that came in, and is told that it is kept."""

import asyncio
import contextlib
import logging
import signal
import stat
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

log = logging.getLogger(__name__)
LARGEST = 10 * 2**20
"""Bytes of a mail that are taken at all."""
MOST = 20
"""Conversations at a time, as many as a mail server begins by itself; each may hold a whole mail."""
TOO_MANY = b"421 4.3.2 Too many at once, try again\r\n"
KEPT = "250 2.0.0 Kept"
LATER = "452 4.3.0 It cannot be kept now, try again"
ONE_AT_A_TIME = "452 4.5.3 One recipient at a time"

Keep = Callable[[bytes], bool]
"""Keeps one mail for good; False where it must come again."""


class _Taking:
    """Gives each mail to `keep` in a thread, so that others go on meanwhile."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds it by this name
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """One recipient a mail: LMTP wants an answer for each, and ours are all the same mailbox."""
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Kept before it is confirmed."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode("utf-8", "surrogateescape")
        return KEPT if await asyncio.to_thread(self._keep, raw) else LATER

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours must not send the mail back to who wrote it."""
        log.error("a mail could not be kept", exc_info=error)
        return LATER


class _Server(LMTP):
    """Lines may be as long as the mail: it is read with limits of its own."""

    line_length_limit = LARGEST

    def __init__(self, keep: Keep, going_on: set["_Server"], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_Taking(keep), data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="confmgr", loop=loop)
        self._going_on = going_on

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or send away who is one too many."""
        if len(self._going_on) < MOST:
            self._going_on.add(self)
            super().connection_made(transport)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.write(TOO_MANY)
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for the next."""
        if self in self._going_on:
            self._going_on.remove(self)
            super().connection_lost(error)


def serve(listen: str, keep: Keep, *, ready: Callable[[str], None]) -> None:
    """Take mails until SIGTERM or SIGINT; the one in hand is finished first.

    Args:
        listen: `host:port`, or the path of a socket.
        keep: Keeps one mail.
        ready: Told the address once mails are taken.
    """
    asyncio.run(_serve(listen, keep, ready))


async def _serve(listen: str, keep: Keep, ready: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopped.set)

    going_on = set[_Server]()

    def conversation() -> LMTP:
        return _Server(keep, going_on, loop)

    host, _, port = listen.rpartition(":")
    if port.isdecimal():
        server = await loop.create_server(conversation, host.strip("[]") or "127.0.0.1", int(port))
        address = "{}:{}".format(*server.sockets[0].getsockname()[:2])
    else:
        _free(Path(listen))
        server = await loop.create_unix_server(conversation, listen)
        address = listen
    ready(address)
    async with server:
        await stopped.wait()
        server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    if not port.isdecimal():
        _free(Path(listen))


def _free(path: Path) -> None:
    """Remove the socket that an earlier server left behind, and nothing else."""
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.stat().st_mode):
            path.unlink()
