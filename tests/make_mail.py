"""Mail servers of every temper, and the sending job."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations.models import OutboxMessage
from confmgr.jobs import running
from confmgr.jobs.models import Job
from tests.make_scheduling import NOW


class Taking:
    """Takes every mail and keeps it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _server: SMTP, _session: Conversation, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((envelope.rcpt_tos[0], content))
        return "250 OK"


class Refusing:
    """Answers every recipient with one line."""

    def __init__(self, line: str) -> None:
        self.line = line

    async def handle_RCPT(self, *_asked: object) -> str:  # noqa: N802
        return self.line


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def server(app: Flask, handler: object, options: str = "", **settings: Any) -> Iterator[None]:
    """An SMTP server on a free port, and the application set to use it."""
    with listening(handler) as port, using(app, f"smtp://127.0.0.1:{port}{options}", **settings):
        yield


@contextmanager
def using(app: Flask, url: str, **settings: Any) -> Iterator[None]:
    """The application set to use some server."""
    before = app.extensions["confmgr"]
    app.extensions["confmgr"] = replace(before, smtp_url=url, **settings)
    try:
        yield
    finally:
        app.extensions["confmgr"] = before


def send(app: Flask, stored: Session, minutes: int = 0) -> list[OutboxMessage]:
    """Run the sending job as it would run some minutes after publishing."""
    job = Job(kind="send_outbox", args={}, created_at=NOW)
    stored.add(job)
    stored.commit()
    with clock.frozen(NOW + timedelta(minutes=minutes)):
        running.run(app, job.id)
    rows = select(OutboxMessage).order_by(OutboxMessage.id).execution_options(populate_existing=True)
    found = list(stored.scalars(rows))
    stored.commit()
    return found


class Silent(Taking):
    """Takes the content of some mails and never answers; takes those after them."""

    def __init__(self, mails: int = 1) -> None:
        super().__init__()
        self.left = mails

    async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self.left -= 1
        if self.left >= 0:
            await asyncio.sleep(2)
        return answer


class Dropping(Taking):
    """Hangs up while it gets the content of some mails; takes those after them."""

    def __init__(self, mails: int = 1) -> None:
        super().__init__()
        self.left = mails

    async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:  # noqa: N802
        self.left -= 1
        if self.left >= 0:
            server.transport.abort()  # type: ignore[union-attr]
            return "250 nobody hears this"
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def listening(handler: object, **options: Any) -> Iterator[int]:
    """An SMTP server on a free port of this machine."""
    controller = Controller(handler, hostname="127.0.0.1", **({"port": free_port()} | options))
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
