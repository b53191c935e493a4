"""One mail that came in, kept: the same for a pipe, for LMTP and for a mailbox that is looked into."""

from flask import current_app

from confmgr.config import Settings
from confmgr.gateways import clock
from confmgr.invitations import services
from confmgr.invitations.replies import read
from confmgr.orm.engine import writing
from confmgr.web.db import transaction


def keep(raw: bytes, size: int | None = None) -> str | None:
    """Read a mail and keep it in a transaction of its own; the word why it waits, or None.

    Args:
        raw: The mail, or its beginning where it is too large to be taken apart.
        size: Bytes of the whole mail.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The database cannot keep it now; it must come again.
    """
    settings: Settings = current_app.extensions["confmgr"]
    incoming = read(raw, settings.authserv_id, size=size)
    writing.set(True)
    with transaction() as session:
        return services.take(session, incoming, now=clock.now()).reason
