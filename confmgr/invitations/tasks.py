"""Sending the outbox: claimed, rendered once, kept, sent; a retry sends the same bytes."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from confmgr.config import Settings
from confmgr.gateways.mail import transport
from confmgr.invitations import rendering, services
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
