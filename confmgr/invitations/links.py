"""Answer links that are in force."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import AnswerLink, OutboxMessage, Participation
from confmgr.scheduling.models import MeetingSession

SHOWN_AFTER = timedelta(days=30)
"""How long a link still says what was answered, once the session is over."""

AT_ONCE = timedelta(minutes=1)
"""How much later than a link its mail may be stamped: each version of a second is a second later than the last."""


def open_link(session: Session, digest: str, now: datetime) -> AnswerLink:
    """The link of a secret, with its person and session; one statement where there is none, else two.

    Raises:
        NotFound: There is none, it has expired, its person or delegation has left, or its mail went to an address that
            the person has no more.
    """
    crews = aliased(Delegation)
    link = session.scalar(
        select(AnswerLink)
        .join(Participation, Participation.id == AnswerLink.participation_id)
        .outerjoin(Delegate, Delegate.id == Participation.delegate_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .outerjoin(Interpreter, Interpreter.id == Participation.interpreter_id)
        .outerjoin(crews, crews.id == Interpreter.delegation_id)
        .where(
            AnswerLink.token_hash == digest,
            Delegate.left_at.is_(None),
            or_(Delegation.id.is_(None), Delegation.state != DelegationState.DECLINED),
            or_(crews.id.is_(None), crews.state != DelegationState.DECLINED),
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
    if not _is_at_its_person(session, link):
        raise NotFound("answer link", "")
    return link


def _is_at_its_person(session: Session, link: AnswerLink) -> bool:
    """Whether the mail with a link went to the address that its person has now; whoever has another reads on nothing.

    That mail is the newest that there was when the link was made: of older ones none is written any more.
    """
    row = link.participation
    went_to = session.scalar(
        select(OutboxMessage.recipient)
        .where(
            OutboxMessage.participation_id == row.id,
            OutboxMessage.kind == MailKind.INVITATION,
            OutboxMessage.dtstamp <= link.made_at + AT_ONCE,
        )
        .order_by(OutboxMessage.id.desc())
        .limit(1)
    )
    person = row.person
    email = None if person is None else person.email
    return went_to is None or went_to.casefold() == (email or "").casefold()


def is_older(link: AnswerLink) -> bool:
    """Whether the person has been told something newer than the mail with this link."""
    row = link.participation
    return link.sequence != row.sequence or (row.dtstamp is not None and link.made_at < row.dtstamp)
