"""A worker's way through the outbox: claim, check, write, hand over, note; whoever dies, another goes on."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.gateways.mail import MailRefused, Transport
from confmgr.invitations import outgoing, services
from confmgr.invitations.models import OutboxMessage
from confmgr.jobs.registry import Context

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=6)
RESERVE = timedelta(minutes=4)
"""More than one message can take: eight steps of SMTP and a second connection. With less left, no other is begun."""
BEAT = timedelta(seconds=20)
LATER = timedelta(minutes=1)
"""When a server that is away is asked again."""


@dataclass(frozen=True, slots=True)
class Leased:
    """One message that this worker may hand over."""

    id: int
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim gave; `taken` counts also those that must not or cannot leave."""

    mails: Sequence[Leased]
    until: datetime
    taken: int


class Worker:
    """Sends what waits, in batches over one connection, until nothing is due or the server is away."""

    def __init__(
        self,
        context: Context,
        way: Transport,
        *,
        sender: str,
        per_minute: int | None,
        write: Callable[[Session, OutboxMessage], tuple[bytes, str]],
    ) -> None:
        self._context, self._way = context, way
        self._sender, self._per_minute, self._write = sender, per_minute, write
        self._beaten = context.now()
        self.sent = self.refused = 0

    def run(self) -> None:
        """Send."""
        with contextlib.closing(self._way):
            while not self._context.cancelled():
                batch = self._claimed()
                if batch.taken == 0 or not self._delivered(batch):
                    return
                self._beat()

    def _claimed(self) -> Batch:
        with self._context.session() as session:
            now = self._context.now()
            until = now + LEASE
            rows = services.claim_messages(session, now=now, until=until, per_minute=self._per_minute)
        with self._context.session() as session:
            allowed = services.checked(session, rows)
            ready = [row for row in allowed if services.keep_bytes(session, row, self._write)]
            mails = [Leased(row.id, row.recipient, row.raw or b"") for row in ready]
        return Batch(mails, until, len(rows))

    def _delivered(self, batch: Batch) -> bool:
        """Hand a batch over; False where nothing more would get through now."""
        for at, mail in enumerate(batch.mails):
            now = self._context.now()
            if batch.until - now < RESERVE:
                self._give_back(batch, at, due=now)
                return True
            try:
                self._way.send(mail.raw, sender=self._sender, recipient=mail.recipient)
            except MailRefused as refused:
                log.warning("mail %s not taken: %s", mail.id, refused.reason)
                if refused.offered:
                    self._note_refused(mail, refused)
                if refused.server:
                    self._give_back(batch, at + refused.offered, due=now + LATER, said=refused.reason)
                    return False
            else:
                self.sent += 1
                with self._context.session() as session:
                    services.note_sent(session, mail.id, now=self._context.now())
            if self._context.now() - self._beaten > BEAT:
                self._beat()
        return True

    def _note_refused(self, mail: Leased, refused: MailRefused) -> None:
        self.refused += 1
        with self._context.session() as session:
            services.note_refused(
                session, mail.id, now=self._context.now(), said=refused.reason, permanent=refused.permanent
            )

    def _give_back(self, batch: Batch, first: int, *, due: datetime, said: str | None = None) -> None:
        with self._context.session() as session:
            services.give_back(session, [one.id for one in batch.mails[first:]], until=batch.until, due=due, said=said)

    def _beat(self) -> None:
        self._beaten = self._context.now()
        with self._context.session() as session:
            waiting = outgoing.waiting(session, now=self._beaten)
        self._context.progress(self.sent + self.refused, self.sent + self.refused + waiting)
