"""Sending the outbox: claimed, rendered once, kept, sent; a retry sends the same bytes."""

import logging
from importlib.metadata import version
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from confmgr.config import Settings
from confmgr.gateways.imap import Mailbox, MailboxBroken
from confmgr.gateways.mail import transport
from confmgr.invitations import outgoing, queries, rendering, services
from confmgr.invitations.delivery import Worker
from confmgr.invitations.ingesting import keep
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.replies import LARGEST
from confmgr.jobs.registry import Context, task
from confmgr.jobs.services import runs_already

log = logging.getLogger(__name__)
SET_APART = frozenset({"too_large", "too_many_headers", "too_many_parts", "unreadable", "unreadable_calendar"})
"""Why a mail lies among the rejected ones of the mailbox, where somebody can open it."""


@task("send_outbox", each_minute=True)
def send_outbox(context: Context) -> dict[str, Any]:
    """Send what waits, in batches, until nothing is due. What stays in a folder of this machine is not throttled."""
    settings: Settings = current_app.extensions["confmgr"]

    def write(session: Session, row: OutboxMessage) -> tuple[bytes, str]:
        token = services.answer_token(session, row, now=context.now())
        done = rendering.render(row, sender=rendering.sender(settings), base_url=settings.base_url, token=token)
        return done.raw, done.subject

    worker = Worker(
        context,
        transport(settings.smtp_url, settings.instance),
        sender=settings.mail_from,
        per_minute=settings.mails_per_minute if settings.smtp_url else None,
        write=write,
    )
    worker.run()
    return {"sent": worker.sent, "refused": worker.refused}


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


@task("tell_new_addresses", each_minute=True)
def tell_new_addresses(context: Context) -> dict[str, Any]:
    """Send what was published to people whose address is corrected, or came afterwards."""
    settings: Settings = current_app.extensions["confmgr"]
    written = 0
    with context.session() as session:
        for meeting in outgoing.meetings_unreached(session, context.now()):
            written += services.tell_new_addresses(session, meeting, now=context.now(), domain=settings.mail_domain)
    return {"written": written}


@task("remind", each_minute=True)
def remind(context: Context) -> dict[str, Any]:
    """Write the reminders that are due; sending is the outbox's."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        return {"written": services.remind(session, now=context.now(), domain=settings.mail_domain)}


@task("tell_of_items", each_minute=True)
def tell_of_items(context: Context) -> dict[str, Any]:
    """Write to those for whom something about a case or lead waits; sending is the outbox's."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        return {"written": services.tell_of_items(session, now=context.now(), domain=settings.mail_domain)}


@task("zone_rules", each_minute=True)
def zone_rules(context: Context) -> dict[str, Any]:
    """Derive planned instants again once after an upgrade of tzdata; one statement at all other times."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        done = services.apply_zone_rules(
            session, version=version("tzdata"), now=context.now(), domain=settings.mail_domain
        )
    return {} if done is None else {"moved": done.moved, "publications": len(done.publications)}


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
