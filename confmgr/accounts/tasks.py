"""The mail with the address at which somebody sets a password."""

import contextlib
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _

from confmgr.accounts import addresses, queries
from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.gateways.mail import transport
from confmgr.jobs.registry import Context, task
from confmgr.values.languages import LANGUAGES
from confmgr.web.reader import speaking


@task("mail_password_address")
def mail_password_address(context: Context, *, user: str) -> dict[str, Any]:
    """Send somebody the address at which the password is set; sending it twice does no harm."""
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        row = queries.by_uuid(session, uuid.UUID(user))
        if row is None or not row.active:
            return {"sent": 0}
        recipient, raw = row.email, _letter(row, settings).as_bytes(policy=SMTP)
    with contextlib.closing(transport(settings.smtp_url, settings.instance)) as way:
        way.send(raw, sender=settings.mail_from, recipient=recipient)
    return {"sent": 1}


def _letter(user: User, settings: Settings) -> EmailMessage:
    language = user.language if user.language in LANGUAGES else "en"
    link = f"{settings.base_url}/password/{addresses.token(user, settings.secret_key)}"
    with speaking(language):
        letter = EmailMessage()
        letter["Subject"] = _("Choose your password for confmgr")
        letter["From"], letter["To"] = settings.mail_from, user.email
        letter.set_content(render_template("mail/password.txt", name=user.name, link=link))
    return letter
