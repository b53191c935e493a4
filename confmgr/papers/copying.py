"""The next edition made from this one: its frame, places, participants, agenda and skeleton; no cases, no persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations import services as inviting
from confmgr.meetings import queries as meetings
from confmgr.meetings import services as planning
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Place
from confmgr.papers import queries, services
from confmgr.papers.models import AgendaItem
from confmgr.scheduling import queries as schedule
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import GONE, SessionKind
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words

SKELETON = frozenset(
    {
        SessionKind.PLENARY,
        SessionKind.BREAK,
        SessionKind.SOCIAL,
        SessionKind.REGISTRATION,
        SessionKind.CEREMONY,
        SessionKind.HEADS,
        SessionKind.PRESS,
    }
)
"""Sessions of the frame, which no case and no wish to meet rests on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a meeting the next edition takes over, besides its frame: days, zone, languages, host, order of names."""

    places: bool = True
    parties: bool = True
    agenda: bool = True
    skeleton: bool = True
    organisers: bool = True


def copy_meeting(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    slug: str,
    number: int,
    title: Words,
    starts_on: date,
    wanted: Wanted,
) -> Meeting:
    """A new meeting that follows `meeting` and has as many days.

    Parties are invited anew with their status, teams and languages, and the first letter of the order of names is drawn
    anew; delegates, interpreters, cases, requests and availability stay behind. Sessions of the frame keep their wall
    times on the same day of the new meeting.

    Raises:
        Refused: Address or number taken, or a time that the zone does not have on the new date.
    """
    copy = planning.plan_meeting(
        session,
        actor=actor,
        now=now,
        operation=meeting.operation,
        slug=slug,
        number=number,
        title=title,
        venue=meeting.venue,
        description=meeting.description,
        zone=meeting.zone,
        starts_on=starts_on,
        ends_on=starts_on + (meeting.ends_on - meeting.starts_on),
        languages=meeting.languages,
        host=meeting.host_party,
        host_counts=meeting.host_counts,
        slot_minutes=meeting.slot_minutes,
        follows=meeting,
        order_rule=meeting.order_rule,
        order_language=meeting.order_language,
        order_groups=meeting.order_groups,
        green_for=meeting.green_for,
    )
    later = starts_on - meeting.starts_on
    for day in meeting.days:
        planning.set_day(session, copy, day=day.day + later, opens=day.opens, closes=day.closes)
    places = _places(session, meeting, copy, actor, now, later) if wanted.places else {}
    if wanted.organisers:
        _organisers(session, meeting, copy, actor, now)
    if wanted.parties:
        _parties(session, meeting, copy, actor, now)
    made = _skeleton(session, meeting, copy, places, actor, now, later) if wanted.skeleton else {}
    if wanted.agenda:
        _agenda(session, meeting, copy, made, actor, now)
    return copy


def _places(
    session: Session, meeting: Meeting, copy: Meeting, actor: User, now: datetime, later: timedelta
) -> dict[int, Place]:
    made: dict[int, Place] = {}
    rows = meetings.places(session, meeting)
    for row in sorted(rows, key=lambda place: (place.room_id is not None, place.rank)):  # rooms before their tables
        made[row.id] = planning.add_place(
            session,
            actor=actor,
            now=now,
            meeting=copy,
            code=row.code,
            name=row.name,
            kind=row.kind,
            seats=row.seats,
            booths=row.booths,
            room=made.get(row.room_id or 0),
            building=row.building,
            hours=[(h.starts_local + later, h.ends_local + later) for h in row.hours],
        )
        made[row.id].rank = row.rank
    return made


def _organisers(session: Session, meeting: Meeting, copy: Meeting, actor: User, now: datetime) -> None:
    for held in meetings.memberships(session, meeting):
        stands = held.starts_at <= now and (held.ends_at is None or held.ends_at > now)
        if held.role is Role.ORGANISER and stands and held.user_id != actor.id:
            planning.give_role(session, actor=actor, now=now, meeting=copy, user=held.user, role=Role.ORGANISER)


def _parties(session: Session, meeting: Meeting, copy: Meeting, actor: User, now: datetime) -> None:
    for row in delegations.delegations(session, meeting):
        inviting.invite_party(
            session,
            actor=actor,
            now=now,
            meeting=copy,
            party=row.party,
            status=row.status,
            languages=row.languages,
            teams=row.teams,
        )


def _skeleton(
    session: Session,
    meeting: Meeting,
    copy: Meeting,
    places: Mapping[int, Place],
    actor: User,
    now: datetime,
    later: timedelta,
) -> dict[int, MeetingSession]:
    made = {}
    for row in schedule.sessions(session, meeting):
        if row.kind not in SKELETON or row.state in GONE or row.starts_local is None or row.ends_local is None:
            continue
        made[row.id] = scheduling.create_session(
            session,
            actor=actor,
            now=now,
            meeting=copy,
            kind=row.kind,
            starts=row.starts_local + later,
            ends=row.ends_local + later,
            place=places.get(row.place_id or 0),
            title=row.title,
            description=row.description,
            everybody=row.everybody,
            priority=row.priority,
            locked=row.time_locked,
            anyway=True,  # it stood like this before
        )
    return made


def _agenda(
    session: Session,
    meeting: Meeting,
    copy: Meeting,
    made: Mapping[int, MeetingSession],
    actor: User,
    now: datetime,
) -> None:
    written = queries.paper(session, meeting)
    if written is not None:
        services.write_agenda(
            session,
            copy,
            actor=actor,
            now=now,
            seen_version=0,
            symbol=None,  # each edition's document has its own
            original_language=written.original_language,
            organisation=written.organisation,
        )
    copies: dict[int, AgendaItem] = {}
    for item in queries.annotated(session, meeting).items:
        copies[item.id] = services.add_agenda_item(
            session,
            actor=actor,
            now=now,
            meeting=copy,
            number=item.number,
            title=item.title,
            kind=item.kind,
            mandate=item.mandate,
            annotation=item.annotation,
            speaker=item.speaker,
            expected=item.expected,
            chair=item.chair,
            under=copies.get(item.parent_id or 0),
            sessions=[made[link.session_id] for link in item.sessions if link.session_id in made],
        )
