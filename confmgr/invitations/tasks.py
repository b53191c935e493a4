"""Sending the outbox: claimed, rendered once, kept, sent; a retry sends the same bytes."""

import hashlib
import logging
from datetime import timedelta
from typing import Any

from flask import current_app

from confmgr.config import Settings
from confmgr.gateways.imap import Mailbox, MailboxBroken
from confmgr.gateways.mail import MailRefused, Transport, transport
from confmgr.invitations import rendering, services
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.ingesting import keep
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.replies import LARGEST
from confmgr.jobs.registry import Context, task
from confmgr.jobs.services import runs_already

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACK_OFF = (1, 5, 15, 60, 240)
"""Minutes until the next attempt."""

SET_APART = frozenset({"too_large", "too_many_headers", "too_many_parts", "unreadable", "unreadable_calendar"})
"""Why a mail lies among the rejected ones of the mailbox, where somebody can open it."""


@task("send_outbox", each_minute=True)
def send_outbox(context: Context) -> dict[str, Any]:
    """Send what waits, in batches, until nothing is due."""
    settings: Settings = current_app.extensions["confmgr"]
    way = transport(settings.smtp_url, settings.instance)
    sent = 0
    while not context.cancelled():
        with context.session() as session:
            now = context.now()
            rows = services.claim_messages(session, now=now, until=now + LEASE)
            for row in rows:
                if row.raw is None:
                    token = services.answer_token(session, row, now=now)
                    done = rendering.render(
                        row, sender=rendering.sender(settings), base_url=settings.base_url, token=token
                    )
                    row.raw, row.subject, row.sha256 = done.raw, done.subject, hashlib.sha256(done.raw).hexdigest()
            ids = [row.id for row in rows]
        if not ids:
            break
        for ident in ids:
            sent += _send(context, way, settings.mail_from, ident)
        context.progress(sent)
    return {"sent": sent}


def _send(context: Context, way: Transport, from_address: str, ident: int) -> int:
    with context.session() as session:
        row = session.get(OutboxMessage, ident)
        if row is None or row.state is not OutboxState.SENDING or row.raw is None:
            return 0
        raw, recipient = row.raw, row.recipient
    problem: MailRefused | None = None
    try:
        way.send(raw, sender=from_address, recipient=recipient)
    except MailRefused as refused:
        problem = refused
        log.warning("mail %s not taken: %s", ident, refused.reason)
    with context.session() as session:
        row = session.get(OutboxMessage, ident)
        if row is None:
            return 0
        row.attempts += 1
        row.leased_until = None
        if problem is None:
            row.state, row.sent_at = OutboxState.SENT, context.now()
            return 1
        row.problem = problem.reason
        if problem.permanent or row.attempts > len(BACK_OFF):
            row.state = OutboxState.REFUSED
        else:
            row.state = OutboxState.WAITING
            row.next_at = context.now() + timedelta(minutes=BACK_OFF[row.attempts - 1])
        return 0


@task("poll_imap", each_minute=True)
def poll_imap(context: Context) -> dict[str, Any]:
    """Keep what is new in the mailbox of the replies; a broken server is asked again the next minute."""
    settings: Settings = current_app.extensions["confmgr"]
    if settings.imap_url is None:
        return {"kept": 0}
    with context.session() as session:
        if runs_already(session, "poll_imap", context.job_id, now=context.now()):
            return {"kept": 0}
    done = 0

    def kept(raw: bytes, size: int) -> bool:
        nonlocal done
        reason = keep(raw, size)
        done += 1
        context.progress(done)
        return reason not in SET_APART

    try:
        Mailbox(settings.imap_url).drain(kept, largest=LARGEST)
    except MailboxBroken as broken:
        log.warning("the mailbox of the replies cannot be read now: %s", broken)
    return {"kept": done}
