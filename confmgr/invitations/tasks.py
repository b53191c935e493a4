"""Sending the outbox: claimed, rendered once, kept, sent; a retry sends the same bytes."""

import hashlib
import logging
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from flask import current_app

from confmgr.config import Settings
from confmgr.gateways.mail import MailRefused, Transport, transport
from confmgr.invitations import queries, rendering, services
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.jobs.registry import Context, task

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACK_OFF = (1, 5, 15, 60, 240)
"""Minutes until the next attempt."""


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


@task("tell_those_who_left", each_minute=True)
def tell_those_who_left(context: Context) -> dict[str, Any]:
    """Cancel at once for people who have left what they are still invited to."""
    settings: Settings = current_app.extensions["confmgr"]
    told = 0
    with context.session() as session:
        for meeting in queries.meetings_left(session, context.now()):
            services.tell_those_who_left(session, meeting, actor=None, now=context.now(), domain=settings.mail_domain)
            told += 1
    return {"meetings": told}


@task("remind", each_minute=True)
def remind(context: Context) -> dict[str, Any]:
    """Write the reminders that are due; sending is the outbox's."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        return {"written": services.remind(session, now=context.now(), domain=settings.mail_domain)}


@task("zone_rules", each_minute=True)
def zone_rules(context: Context) -> dict[str, Any]:
    """Derive planned instants again once after an upgrade of tzdata; one statement at all other times."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        done = services.apply_zone_rules(
            session, version=version("tzdata"), now=context.now(), domain=settings.mail_domain
        )
    return {} if done is None else {"moved": done.moved, "publications": len(done.publications)}
