"""Who holds which role in a meeting."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.parties.models import Agency


def give_role(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    user: User,
    role: Role,
    delegation_id: int | None = None,
    agency: Agency | None = None,
) -> Membership:
    """Let an account be something in a meeting from now on; the same again changes nothing.

    Raises:
        Refused: A head or delegate of no delegation, or somebody who speaks for another one.
    """
    if delegation_id is None and role in {Role.HEAD, Role.DELEGATE}:
        raise Refused("delegation_needed", field="delegation")
    row = session.scalar(
        select(Membership).where(
            Membership.meeting_id == meeting.id, Membership.user_id == user.id, Membership.role == role
        )
    )
    if row is None:
        row = Membership(meeting_id=meeting.id, user_id=user.id, role=role, starts_at=now)
        session.add(row)
    elif row.ends_at is not None and row.ends_at <= now:
        row.starts_at, row.ends_at = now, None
    elif row.delegation_id not in {None, delegation_id}:
        raise Refused("speaks_for_another", field="delegation")
    if delegation_id is not None:
        row.delegation_id = delegation_id
    if agency is not None:
        row.agency_id = agency.id
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="give_role",
        object_type="membership",
        object_ids=[user.id, role.value],
        meeting_id=meeting.id,
    )
    return row


def end_role(session: Session, membership: Membership, *, actor: User, now: datetime) -> None:
    """End a membership at once.

    Raises:
        Refused: It is the meeting's last organiser.
    """
    if membership.role is Role.ORGANISER:
        others = session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(
                Membership.meeting_id == membership.meeting_id,
                Membership.role == Role.ORGANISER,
                Membership.ends_at.is_(None),
                Membership.id != membership.id,
            )
        )
        if not others:
            raise Refused("last_organiser")
    membership.ends_at = now
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="end_role",
        object_type="membership",
        object_ids=[membership.user_id, membership.role.value],
        meeting_id=membership.meeting_id,
    )
