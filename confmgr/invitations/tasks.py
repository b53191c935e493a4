"""Sending the outbox: claimed, rendered once, kept, sent; a retry sends the same bytes."""

from importlib.metadata import version
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from confmgr.config import Settings
from confmgr.gateways.mail import transport
from confmgr.invitations import queries, rendering, services
from confmgr.invitations.delivery import Worker
from confmgr.invitations.models import OutboxMessage
from confmgr.jobs.registry import Context, task


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
