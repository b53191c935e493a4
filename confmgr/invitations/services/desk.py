"""What the desk does on the days of the meeting. Its own sessions are published at once, and nothing else with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.belonging import leave
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused
from confmgr.invitations import queries
from confmgr.invitations.models import Publication
from confmgr.invitations.services.leaving import tell_those_who_left
from confmgr.invitations.services.publishing import publish
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import queries as schedule
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import OPEN_REQUESTS, Answer, CommandKind, RequestState, SessionKind, SessionState
from confmgr.scheduling.models import MeetingRequest, MeetingSession, SessionDelegate
from confmgr.scheduling.services import step
from confmgr.scheduling.services.checks import audit, check_conflicts, check_version, instants
from confmgr.scheduling.snapshots import follow
from confmgr.values.times import wall_time

TWO = 2
OVER = frozenset({SessionState.HELD, SessionState.CANCELLED})


def publish_own(
    session: Session, meeting: Meeting, rows: Iterable[MeetingSession], *, actor: User, now: datetime, domain: str
) -> Publication | None:
    """Publish some sessions at once, and nothing else; None while nobody has published the programme yet."""
    ids = {row.id for row in rows}
    if not ids or queries.latest(session, meeting) is None:
        return None
    return publish(session, meeting, actor=actor, now=now, domain=domain, only=ids)


def mark_absent(
    session: Session, row: MeetingSession, delegation: Delegation, *, actor: User, now: datetime, absent: bool = True
) -> None:
    """Note that one side did not come, or that it came after all; with fewer than two sides it did not take place.

    Nobody is told: whoever is there sees it.

    Raises:
        Refused: The session is over or has no time, or the delegation takes no part in it.
    """
    if row.state in OVER:
        raise Refused("session_state", state=row.state)
    if row.starts_at is None:
        raise Refused("not_placed")
    link = next((one for one in row.delegations if one.delegation_id == delegation.id), None)
    if link is None:
        raise Refused("not_in_session", code=delegation.party.code)
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.DESK) as made:
        made.watch(row)
        link.absent = absent
        there = sum(not one.absent for one in row.delegations)
        if there < min(TWO, len(row.delegations)):
            row.state = SessionState.ABSENT
        elif row.state is SessionState.ABSENT:
            row.state = SessionState.CONFIRMED
        follow(row)
    session.flush()
    audit(session, actor, now, "absent" if absent else "came", "session", row)


def swap_delegates(
    session: Session,
    row: MeetingSession,
    delegation: Delegation,
    people: Sequence[Delegate],
    *,
    actor: User,
    now: datetime,
    domain: str,
    seen_version: int | None = None,
) -> None:
    """Name who sits for one side; none: whoever the usual rule says. Those who go and those who come are told at once.

    Raises:
        StaleVersion: Somebody changed the session since `seen_version`.
        Refused: The session is over, the delegation takes no part in it, or somebody is of another delegation.
        Conflict: Somebody is in another session then, or not there.
    """
    if seen_version is not None:
        check_version(session, row.meeting, row, seen_version)
    if row.state not in {SessionState.DRAFT, SessionState.CONFIRMED}:
        raise Refused("session_state", state=row.state)
    if delegation.id not in {link.delegation_id for link in row.delegations}:
        raise Refused("not_in_session", code=delegation.party.code)
    if any(person.delegation_id != delegation.id for person in people):
        raise Refused("other_delegation", field="people")
    if any(person.left_at is not None for person in people):
        raise Refused("person_has_left", field="people")
    wanted = {person.id: person for person in people}
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.DESK) as made:
        made.watch(row)
        own = {person.id for person in delegation.delegates}
        row.delegates = [link for link in row.delegates if link.delegate_id not in own or link.delegate_id in wanted]
        present = {link.delegate_id for link in row.delegates}
        row.delegates += [
            SessionDelegate(delegate_id=i, delegate=person) for i, person in wanted.items() if i not in present
        ]
        if row.starts_local is not None:
            check_conflicts(session, row.meeting, row)
    session.flush()
    audit(session, actor, now, "swap", "session", row)
    publish_own(session, row.meeting, [row], actor=actor, now=now, domain=domain)


def _check_here(delegations: Iterable[Delegation]) -> None:
    gone = next((one for one in delegations if one.state is DelegationState.DECLINED), None)
    if gone is not None:
        raise Refused("has_left", code=gone.party.code)


@dataclass(frozen=True, slots=True)
class Left:
    """What became of a delegation's sessions when it left: cancelled ones, and ones that go on without it."""

    cancelled: tuple[MeetingSession, ...]
    without: tuple[MeetingSession, ...]


def cancel_delegation(
    session: Session, delegation: Delegation, *, actor: User, now: datetime, reason: str, domain: str
) -> Left:
    """A delegation does not come, or leaves early: what it had yet to sit in is cancelled or goes on without it.

    Sessions that have begun stay. Its open requests are withdrawn or declined. Everybody concerned is told at once, and
    its people lose what they might see and do for it.

    Raises:
        Refused: It has left already, or is the host's.
    """
    meeting = delegation.meeting
    _check_here([delegation])
    leave(session, delegation, actor=actor, now=now)
    wall = wall_time(now, meeting.zone)
    ahead = [
        row
        for row in schedule.sessions(session, meeting)
        if row.state in {SessionState.DRAFT, SessionState.CONFIRMED}
        and (row.starts_local is None or row.starts_local >= wall)
        and delegation.id in {link.delegation_id for link in row.delegations}
    ]
    cancelled, without = [], []
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.DESK) as made:
        for row in ahead:
            if len(row.delegations) > TWO:
                made.watch(row)
                row.delegations = [link for link in row.delegations if link.delegation_id != delegation.id]
                own = {person.id for person in delegation.delegates}
                row.delegates = [link for link in row.delegates if link.delegate_id not in own]
                without.append(row)
            else:
                scheduling.cancel_session(session, row, actor=actor, now=now, reason=reason)
                cancelled.append(row)
    _close_requests(session, delegation, actor, now, reason)
    record(
        session,
        actor=actor,
        now=now,
        action="cancel",
        object_type="delegation",
        object_uuid=delegation.uuid,
        meeting_id=meeting.id,
        facts={"cancelled": len(cancelled), "without": len(without)},
    )
    publish_own(session, meeting, [*cancelled, *without], actor=actor, now=now, domain=domain)
    tell_those_who_left(session, meeting, actor=actor, now=now, domain=domain)
    return Left(tuple(cancelled), tuple(without))


def _close_requests(session: Session, delegation: Delegation, actor: User, now: datetime, reason: str) -> None:
    for request in schedule.requests(session, delegation.meeting, of=delegation):
        if request.state not in OPEN_REQUESTS:
            continue
        if request.from_id == delegation.id:
            scheduling.withdraw_request(session, request, actor=actor, now=now)
        else:
            scheduling.answer_request(
                session,
                request,
                actor=actor,
                now=now,
                delegation=delegation,
                answer=Answer.DECLINED,
                reason=reason,
            )


def place_now(
    session: Session,
    row: MeetingSession,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    starts: datetime,
    place: Place,
    interpreters: Sequence[Interpreter],
    domain: str,
) -> None:
    """Give a session that waits a free slot, and tell its people at once.

    Raises:
        StaleVersion, Refused, Conflict: As `place_session`.
    """
    scheduling.place_session(
        session,
        row,
        actor=actor,
        now=now,
        meeting=row.meeting,
        seen_version=seen_version,
        starts=starts,
        place=place,
        interpreters=interpreters,
    )
    publish_own(session, row.meeting, [row], actor=actor, now=now, domain=domain)


def meet_now(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    delegations: Sequence[Delegation],
    starts: datetime,
    minutes: int,
    place: Place,
    domain: str,
    anyway: bool = False,
) -> MeetingSession:
    """A meeting on the spot, locked where it is, told at once.

    Raises:
        Refused: Fewer than two delegations, or one that has left; times off the grid or outside the meeting.
        Conflict: Something stands in the way, and not `anyway`.
    """
    if len(delegations) < TWO:
        raise Refused("two_delegations", field="delegations")
    _check_here(delegations)
    row = scheduling.create_session(
        session,
        actor=actor,
        now=now,
        meeting=meeting,
        kind=SessionKind.BILATERAL if len(delegations) == TWO else SessionKind.MULTILATERAL,
        starts=starts,
        ends=starts + timedelta(minutes=minutes),
        place=place,
        delegations=delegations,
        locked=True,
        anyway=anyway,
    )
    publish_own(session, meeting, [row], actor=actor, now=now, domain=domain)
    return row


def ask_slot(
    session: Session,
    *,
    actor: User,
    now: datetime,
    asking: Delegation,
    asked: Delegation,
    starts: datetime,
    minutes: int,
    place: Place,
) -> MeetingRequest:
    """A delegation asks another for a free slot of the day; nothing is placed before the other side confirms.

    Raises:
        Refused: It asks itself, one of both has left, or the slot is over, off the grid or outside the meeting.
    """
    _check_here([asking, asked])
    _check_ahead(starts, asking.meeting, now)
    instants(asking.meeting, starts, starts + timedelta(minutes=minutes))
    request = scheduling.ask_meeting(session, actor=actor, now=now, asking=asking, asked=[asked], minutes=minutes)
    request.slot_local, request.slot_place_id = starts, place.id
    session.flush()
    return request


def _check_ahead(starts: datetime, meeting: Meeting, now: datetime) -> None:
    if starts < wall_time(now, meeting.zone):
        raise Refused("slot_over", field="slot")


def confirm_slot(
    session: Session, request: MeetingRequest, *, actor: User, now: datetime, delegation: Delegation, domain: str
) -> MeetingSession:
    """The other side confirms: the meeting is placed in the slot that was asked for, and told at once.

    Raises:
        Refused: The request names no slot or one that is over, is closed, or was not put to this delegation.
        Conflict: The slot has been taken meanwhile; nothing is kept.
    """
    if request.slot_local is None or request.slot_place_id is None:
        raise Refused("no_slot")
    scheduling.answer_request(session, request, actor=actor, now=now, delegation=delegation, answer=Answer.ACCEPTED)
    if request.state is not RequestState.ACCEPTED:
        raise Refused("not_accepted", state=request.state)
    meeting = request.asking.meeting
    _check_ahead(request.slot_local, meeting, now)
    place = session.get_one(Place, request.slot_place_id)
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.DESK):
        row = scheduling.schedule_request(session, request, actor=actor, now=now)
        place_now(
            session,
            row,
            actor=actor,
            now=now,
            seen_version=row.version,
            starts=request.slot_local,
            place=place,
            interpreters=[],
            domain=domain,
        )
    return row
