"""Who may not see any more what they were told hears of it at once, whichever way they left."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.invitations import queries
from confmgr.invitations.models import Publication
from confmgr.invitations.services.publishing import publish
from confmgr.meetings.models import Meeting
from confmgr.scheduling.services.commands import next_revision


def tell_those_who_left(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime, domain: str
) -> Publication | None:
    """Cancel for delegates who left, alone or with their delegation, what they are still invited to; for nobody else.

    The publication holds what was published before, without them. None where nobody of that kind is invited still.
    """
    if actor is None:
        next_revision(session, meeting)  # whoever publishes just now may be telling them
    losing = queries.invited_after_leaving(session, meeting, now)
    if not losing:
        return None
    return publish(session, meeting, actor=actor, now=now, domain=domain, only=(), losing=losing)
