"""Who of a delegation may sign in for it, and who has left or come back."""

from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from confmgr.accounts import queries as accounts
from confmgr.accounts import services as account_services
from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused
from confmgr.meetings import services as meetings
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting, Membership


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


def has_left(delegate: Delegate) -> bool:
    """Whether a person takes no part any more: left alone, or with a delegation that does not come."""
    return delegate.left_at is not None or delegate.delegation.state is DelegationState.DECLINED


def leave(session: Session, delegation: Delegation, *, actor: User, now: datetime) -> None:
    """A delegation does not come, or leaves: what its people may do and see for it ends at once.

    Raises:
        Refused: It is the host's.
    """
    if delegation.party_id == delegation.meeting.host_party_id:
        raise Refused("host_stays", field="state")
    delegation.state = DelegationState.DECLINED
    for row in session.scalars(_memberships(delegation).where(Membership.ends_at.is_(None))):
        meetings.end_role(session, row, actor=actor, now=now)
    session.flush()


def come_back(session: Session, delegation: Delegation, *, actor: User, now: datetime, state: DelegationState) -> None:
    """A delegation that had declined or left comes after all: those who are still named may sign in for it again."""
    delegation.state = state
    crew = session.scalars(select(Interpreter.user_id).where(Interpreter.delegation_id == delegation.id))
    present = {person.user_id for person in delegation.delegates if person.left_at is None} | set(crew)
    for row in session.scalars(_memberships(delegation).where(Membership.ends_at <= now)):
        if row.user_id in present:
            row.starts_at, row.ends_at = now, None
            record(
                session,
                actor=actor,
                now=now,
                action="give_role",
                object_type="membership",
                object_ids=[row.user_id, row.role.value],
                meeting_id=delegation.meeting_id,
            )
    session.flush()


def change_state(
    session: Session, delegation: Delegation, *, actor: User, now: datetime, state: DelegationState
) -> None:
    """How far a delegation's taking part has come, with what it takes from its people or gives them back.

    Raises:
        Refused: The host's would leave.
    """
    if state is delegation.state:
        return
    if state is DelegationState.DECLINED:
        leave(session, delegation, actor=actor, now=now)
    elif delegation.state is DelegationState.DECLINED:
        come_back(session, delegation, actor=actor, now=now, state=state)
    else:
        delegation.state = state


def _memberships(delegation: Delegation) -> Select[Membership]:
    crew = select(Interpreter.user_id).where(
        Interpreter.delegation_id == delegation.id, Interpreter.user_id.is_not(None)
    )
    own = and_(Membership.delegation_id == delegation.id, Membership.role.in_(SPEAKERS))
    brought = and_(Membership.role == Role.INTERPRETER, Membership.user_id.in_(crew))
    return select(Membership).where(Membership.meeting_id == delegation.meeting_id, or_(own, brought))


def shut_out(session: Session, delegate: Delegate, *, actor: User, now: datetime) -> None:
    """End what somebody who leaves may do for the delegation."""
    for row in session.scalars(
        select(Membership).where(
            Membership.user_id == delegate.user_id,
            Membership.delegation_id == delegate.delegation_id,
            Membership.role.in_(SPEAKERS),
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
    """The delegation has said that it comes, perhaps after it had declined."""
    change_state(session, delegation, actor=actor, now=now, state=DelegationState.CONFIRMED)
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
