"""Border sections to watch, who is told of a move over them, and what follows from a move. The caller commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.domain import MailKind
from confmgr.invitations.reminder_rows import heads
from confmgr.invitations.services import hand_over
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.outcomes.models import BorderSection, BorderWatch, Move, MoveAlert, MoveFollow
from confmgr.outcomes.queries.groups import rests_on
from confmgr.parties.models import Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import ItemMeeting
from confmgr.values.words import Words


def add_section(
    session: Session,
    operation: Operation,
    *,
    actor: User,
    now: datetime,
    name: Words,
    one_side: Party,
    other_side: Party | None,
    coordinates: tuple[float, float] | None = None,
    note: Words | None = None,
) -> BorderSection:
    """A stretch of a border that is worth watching.

    Raises:
        Refused: Twice the same side; 0° north, 0° east.
    """
    _check_section(one_side, other_side, coordinates)
    section = BorderSection(
        operation_id=operation.id,
        name=name,
        latitude=None if coordinates is None else coordinates[0],
        longitude=None if coordinates is None else coordinates[1],
        note=note,
    )
    section.one_side, section.other_side = one_side, other_side
    session.add(section)
    session.flush()
    _audit(session, actor, now, "create", section)
    return section


def change_section(
    session: Session,
    section: BorderSection,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    one_side: Party,
    other_side: Party | None,
    coordinates: tuple[float, float] | None,
    note: Words | None,
) -> None:
    """Another name, place or note.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `add_section`.
    """
    if section.version != seen_version:
        raise StaleVersion("border_section", section.uuid)
    _check_section(one_side, other_side, coordinates)
    section.name, section.one_side, section.other_side, section.note = name, one_side, other_side, note
    section.latitude, section.longitude = (None, None) if coordinates is None else coordinates
    session.flush()
    _audit(session, actor, now, "change", section)


def _check_section(one: Party, other: Party | None, coordinates: tuple[float, float] | None) -> None:
    if other is not None and other.id == one.id:
        raise Refused("two_sides", field="other_side")
    if coordinates == (0.0, 0.0):
        raise Refused("null_island", field="latitude")


def end_section(session: Session, section: BorderSection, *, actor: User, now: datetime, ended: bool) -> None:
    """A section is not worth watching any more, or is again. What was said of it stays."""
    section.ended_at = now if ended else None
    session.flush()
    _audit(session, actor, now, "end" if ended else "take_up", section)


def watch(session: Session, section: BorderSection, party: Party, *, actor: User, now: datetime, on: bool) -> None:
    """A party asks to be told of moves over a section, or to be told no more; asking twice is asking once."""
    standing = session.scalar(
        select(BorderWatch).where(
            BorderWatch.section_id == section.id, BorderWatch.party_id == party.id, BorderWatch.ended_at.is_(None)
        )
    )
    if on and standing is None:
        session.add(BorderWatch(section_id=section.id, party_id=party.id, by_id=actor.id, at=now))
    elif not on and standing is not None:
        standing.ended_at = now
    else:
        return
    session.flush()
    _audit(session, actor, now, "watch" if on else "unwatch", section)


def tell_watchers(session: Session, move: Move, *, now: datetime, domain: str) -> list[MoveAlert]:
    """Tell each party that watches a section of a move, once; none that may not see the move, and not its originator.

    The mail goes to the head of the delegation, if the head may see the move, and says nothing of it.
    """
    if move.item.state is not ItemState.SHARED or not move.sections:
        return []
    told = set(session.scalars(select(MoveAlert.party_id).where(MoveAlert.move_id == move.id)))
    watching = set(
        session.scalars(
            select(BorderWatch.party_id).where(
                BorderWatch.section_id.in_(row.section_id for row in move.sections), BorderWatch.ended_at.is_(None)
            )
        )
    )
    made = []
    for party_id in sorted(watching - told - {move.item.originator_id}):
        people = {
            person.id for person in _members(session, move, party_id, now) if _may_see(session, person, move, now)
        }
        if people:
            alert = MoveAlert(move_id=move.id, party_id=party_id, at=now)
            alert.move = move
            session.add(alert)
            session.flush()
            made.append(alert)
            _write(session, move, party_id, people, now, domain)
    return made


def tell_of_group(session: Session, group_id: int, *, now: datetime, domain: str) -> None:
    """As `tell_watchers`, of every move of a group: more people may see them now than before."""
    moves = session.scalars(select(Move).where(Move.group_id == group_id).order_by(Move.noticed_on, Move.id)).all()
    for move in moves:
        tell_watchers(session, move, now=now, domain=domain)


def _members(session: Session, move: Move, party_id: int, now: datetime) -> Iterable[User]:
    """People of a party at the meetings of a move."""
    return session.scalars(
        select(User)
        .where(
            User.active,
            User.id.in_(
                select(Membership.user_id)
                .join(Delegation, Delegation.id == Membership.delegation_id)
                .join(ItemMeeting, ItemMeeting.meeting_id == Membership.meeting_id)
                .where(Delegation.party_id == party_id, ItemMeeting.item_id == move.id, current(now))
            ),
        )
        .order_by(User.id)
    ).all()


def _may_see(session: Session, person: User, move: Move, now: datetime) -> bool:
    wanted = set(rests_on(move))
    return sharing.visible_ids(session, sharing.viewer_of(session, person, now), wanted, now) == wanted


def _write(session: Session, move: Move, party_id: int, people: set[int], now: datetime, domain: str) -> None:
    """One mail to the head, through the newest meeting at which there is one."""
    meetings = session.scalars(
        select(Meeting)
        .join(ItemMeeting, ItemMeeting.meeting_id == Meeting.id)
        .where(ItemMeeting.item_id == move.id, Meeting.state != MeetingState.ARCHIVED)
        .order_by(Meeting.starts_on.desc())
    )
    for meeting in meetings:
        head = heads(session, meeting).get(party_id)
        account = (
            None if head is None else session.scalar(select(Delegate.user_id).where(Delegate.id == head.delegate_id))
        )
        if head is not None and account in people:
            hand_over(
                session,
                meeting,
                kind=MailKind.MOVE_NOTICED,
                recipient=head,
                once=f"move_noticed:{party_id}:{move.item.uuid}",
                facts={"page": f"/operations/{move.item.operation.code}/alerts"},
                now=now,
                at=now,
                domain=domain,
            )
            return


def acknowledge(session: Session, alert: MoveAlert, *, actor: User, now: datetime) -> None:
    """Somebody of the party that was told has read it; the first who says so stays."""
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by_id = now, actor.id
        session.flush()
        item = alert.move.item
        record(session, actor=actor, now=now, action="acknowledge", object_type=item.kind.value, object_uuid=item.uuid)


def follow(
    session: Session, move: Move, *, actor: User, now: datetime, case: Case | None, at: MeetingSession | None
) -> MoveFollow:
    """A case or a session that follows from a move.

    Raises:
        Refused: Neither or both; named already.
    """
    if (case is None) == (at is None):
        raise Refused("one_to_follow", field="thing")
    wanted = (None if case is None else case.id, None if at is None else at.id)
    if wanted in {(row.case_id, row.session_id) for row in move.follows}:
        raise Refused("follows_already", field="thing")
    row = MoveFollow(move_id=move.id, case_id=wanted[0], session_id=wanted[1], by_id=actor.id, at=now)
    move.follows.append(row)
    session.flush()
    item = move.item
    record(session, actor=actor, now=now, action="follow", object_type=item.kind.value, object_uuid=item.uuid)
    return row


def unfollow(session: Session, move: Move, row: MoveFollow, *, actor: User, now: datetime) -> None:
    """It does not follow from that move."""
    move.follows.remove(row)
    session.flush()
    item = move.item
    record(session, actor=actor, now=now, action="unfollow", object_type=item.kind.value, object_uuid=item.uuid)


def _audit(session: Session, actor: User, now: datetime, action: str, section: BorderSection) -> None:
    record(session, actor=actor, now=now, action=action, object_type="border_section", object_uuid=section.uuid)
