"""Who of a delegation may sign in for it, and who has left or come back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts import queries as accounts
from confmgr.accounts import services as account_services
from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused
from confmgr.meetings import services as meetings
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership

FOR_A_DELEGATION = (Role.HEAD, Role.DELEGATE)


def let_in(session: Session, person: Delegate | Interpreter, meeting: Meeting, *, actor: User, now: datetime) -> User:
    """Let somebody sign in: an account for the mail address, the role, and a mail where no password is set yet.

    Raises:
        Refused: There is no mail address, or the account speaks for another delegation of the meeting.
    """
    if not person.email:
        raise Refused("no_mail_address")
    user = accounts.by_email(session, person.email)
    if user is None:
        user = account_services.create_account(
            session, email=person.email, name=person.latin_name, now=now, language=person.language, zone=person.zone
        )
    person.user_id = user.id
    if isinstance(person, Interpreter):
        role, delegation_id = Role.INTERPRETER, None
    else:
        role = Role.HEAD if person.capacity is Capacity.HEAD_OF_DELEGATION else Role.DELEGATE
        delegation_id = person.delegation_id
    meetings.give_role(
        session, actor=actor, now=now, meeting=meeting, user=user, role=role, delegation_id=delegation_id
    )
    if user.password is None:
        account_services.mail_password_address(session, user, actor=actor, now=now)
    session.flush()
    return user


def shut_out(session: Session, delegate: Delegate, *, actor: User, now: datetime) -> None:
    """End what somebody who leaves may do for the delegation."""
    for row in session.scalars(
        select(Membership).where(
            Membership.user_id == delegate.user_id,
            Membership.delegation_id == delegate.delegation_id,
            Membership.role.in_(FOR_A_DELEGATION),
            Membership.ends_at.is_(None),
        )
    ):
        meetings.end_role(session, row, actor=actor, now=now)


def bring_back(session: Session, delegate: Delegate, *, actor: User, now: datetime) -> None:
    """Take up again somebody who had left: the same row, so that its invitations go on.

    Raises:
        Refused: Another person of the delegation is its head, or has the address by now.
    """
    others = select(Delegate).where(
        Delegate.delegation_id == delegate.delegation_id, Delegate.left_at.is_(None), Delegate.id != delegate.id
    )
    if delegate.capacity is Capacity.HEAD_OF_DELEGATION and session.scalar(
        others.where(Delegate.capacity == delegate.capacity)
    ):
        raise Refused("second_head")
    if delegate.email and session.scalar(others.where(Delegate.email == delegate.email)):
        raise Refused("delegate_email_taken", email=delegate.email)
    delegate.left_at = None
    session.flush()
    _audit(session, actor, now, "name_delegate", delegate.delegation)


def confirm(session: Session, delegation: Delegation, *, actor: User, now: datetime) -> None:
    """The delegation has said that it comes."""
    delegation.state = DelegationState.CONFIRMED
    session.flush()
    _audit(session, actor, now, "change", delegation)


def _audit(session: Session, actor: User, now: datetime, action: str, delegation: Delegation) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="delegation",
        object_uuid=delegation.uuid,
        meeting_id=delegation.meeting_id,
    )
