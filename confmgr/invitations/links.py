"""Answer links that are in force."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import NotFound
from confmgr.invitations.models import AnswerLink, Participation
from confmgr.scheduling.models import MeetingSession

SHOWN_AFTER = timedelta(days=30)
"""How long a link still says what was answered, once the session is over."""


def open_link(session: Session, digest: str, now: datetime) -> AnswerLink:
    """The link of a secret, with its person and session; one statement, whether there is one or not.

    Raises:
        NotFound: There is none, it has expired, or its person or delegation has left.
    """
    link = session.scalar(
        select(AnswerLink)
        .join(Participation, Participation.id == AnswerLink.participation_id)
        .outerjoin(Delegate, Delegate.id == Participation.delegate_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .where(
            AnswerLink.token_hash == digest,
            Delegate.left_at.is_(None),
            or_(Delegation.id.is_(None), Delegation.state != DelegationState.DECLINED),
        )
        .options(
            joinedload(AnswerLink.participation).options(
                joinedload(Participation.delegate),
                joinedload(Participation.interpreter),
                joinedload(Participation.session).joinedload(MeetingSession.meeting),
            )
        )
    )
    facts = None if link is None else link.participation.told_text
    if link is None or not facts or datetime.fromisoformat(facts["ends_at"]) + SHOWN_AFTER <= now:
        raise NotFound("answer link", "")
    return link


def is_older(link: AnswerLink) -> bool:
    """Whether the person has been told something newer than the mail with this link."""
    row = link.participation
    return link.sequence != row.sequence or (row.dtstamp is not None and link.made_at < row.dtstamp)
