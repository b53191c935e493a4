"""Meetings, their days and places."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion, StillUsed
from confmgr.meetings.domain import STATE_STEPS, STATUS_GROUPS, MeetingState, NameOrder, PlaceKind, Role
from confmgr.meetings.models import Meeting, MeetingDay, Place, PlaceHours
from confmgr.meetings.services.roles import give_role
from confmgr.orm.base import Planned, set_planned
from confmgr.orm.references import references
from confmgr.orm.unique import once
from confmgr.parties.models import Operation, Party
from confmgr.values import times
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words

LONGEST_MEETING = 60
"""Days."""
USUAL_HOURS = (time(9), time(18))

Wall = tuple[datetime, datetime]
Row = TypeVar("Row", bound=Planned)


def plan_meeting(
    session: Session,
    *,
    actor: User,
    now: datetime,
    operation: Operation,
    slug: str,
    number: int,
    title: Words,
    venue: Words,
    zone: str,
    starts_on: date,
    ends_on: date,
    languages: Sequence[str],
    host: Party,
    host_counts: bool = True,
    slot_minutes: int = 20,
    follows: Meeting | None = None,
    description: Words | None = None,
    order_rule: NameOrder = NameOrder.ALPHABETICAL,
    order_language: str = "en",
    order_first: str | None = None,
    order_groups: Sequence[str] = STATUS_GROUPS,
    green_for: Sequence[str] = ("member", "partner"),
    hours: tuple[time, time] = USUAL_HOURS,
    requests_close_at: datetime | None = None,
) -> Meeting:
    """A new edition of an operation, with one day row per date and its maker as organiser.

    Raises:
        Refused: Unknown zone or language, dates reversed or too far apart, slug or number taken.
    """
    _check_frame(zone, starts_on, ends_on, languages)
    meeting = Meeting(
        operation_id=operation.id,
        slug=slug,
        number=number,
        title=title,
        description=description,
        venue=venue,
        zone=zone,
        starts_on=starts_on,
        ends_on=ends_on,
        slot_minutes=slot_minutes,
        languages=list(languages),
        host_party_id=host.id,
        host_counts=host_counts,
        order_rule=order_rule,
        order_language=order_language,
        order_first=order_first,
        order_groups=list(order_groups),
        green_for=list(green_for),
        follows_id=None if follows is None else follows.id,
        requests_close_at=requests_close_at,
    )
    meeting.operation, meeting.host_party = operation, host
    meeting.days = [MeetingDay(day=day, opens=hours[0], closes=hours[1]) for day in times.days(starts_on, ends_on)]
    with once(session, lambda: _check_free(session, operation, slug, number)):
        session.add(meeting)
    give_role(session, actor=actor, now=now, meeting=meeting, user=actor, role=Role.ORGANISER)
    _audit(session, actor, now, "create", meeting)
    return meeting


def change_meeting(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    title: Words,
    venue: Words,
    description: Words | None,
    languages: Sequence[str],
    host_counts: bool,
    order_rule: NameOrder,
    order_language: str,
    order_first: str | None = None,
    order_groups: Sequence[str] = STATUS_GROUPS,
) -> None:
    """Edit what does not move the schedule.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: Unknown language.
    """
    if meeting.version != seen_version:
        raise StaleVersion("meeting", meeting.slug)
    _check_languages([*languages, order_language])
    meeting.title, meeting.venue, meeting.description = title, venue, description
    meeting.languages, meeting.host_counts = list(languages), host_counts
    meeting.order_rule, meeting.order_language = order_rule, order_language
    meeting.order_first, meeting.order_groups = order_first, list(order_groups)
    session.flush()
    _audit(session, actor, now, "change", meeting)


def set_state(session: Session, meeting: Meeting, *, actor: User, now: datetime, state: MeetingState) -> None:
    """Open, close or archive a meeting.

    Raises:
        Refused: That step does not lead from the present state.
    """
    if state not in STATE_STEPS[meeting.state]:
        raise Refused("state_step", field="state", present=meeting.state, wanted=state)
    meeting.state = state
    session.flush()
    _audit(session, actor, now, "change", meeting)


def set_day(session: Session, meeting: Meeting, *, day: date, opens: time, closes: time) -> None:
    """Between which hours one day of the meeting may be planned.

    Raises:
        Refused: Not a day of the meeting, or hours reversed.
    """
    row = next((d for d in meeting.days if d.day == day), None)
    if row is None:
        raise Refused("day_outside", field="day", day=day.isoformat())
    if opens >= closes:
        raise Refused("hours_reversed", field="closes")
    row.opens, row.closes = opens, closes
    session.flush()


def add_place(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    code: str,
    name: Words,
    kind: PlaceKind,
    seats: int,
    booths: int = 0,
    room: Place | None = None,
    building: str | None = None,
    hours: Iterable[Wall] = (),
) -> Place:
    """A room, or a table in one. `hours` are wall times in the meeting's zone.

    Raises:
        Refused: Code taken, or the table's room is of another meeting.
    """
    if room is not None and room.meeting_id != meeting.id:
        raise Refused("room_elsewhere", field="room")
    rank = session.scalar(select(func.coalesce(func.max(Place.rank), 0)).where(Place.meeting_id == meeting.id)) or 0
    place = Place(
        meeting_id=meeting.id,
        code=code,
        name=name,
        kind=kind,
        seats=seats,
        booths=booths,
        room_id=None if room is None else room.id,
        building=building,
        rank=rank + 1,
    )
    place.hours = [stretch(PlaceHours(), span, meeting.zone) for span in hours]
    with once(session, lambda: _check_place(session, meeting, code)):
        session.add(place)
    record(
        session, actor=actor, now=now, action="create", object_type="place", object_ids=[code], meeting_id=meeting.id
    )
    return place


def change_place(
    session: Session,
    place: Place,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    seen_version: int,
    name: Words,
    kind: PlaceKind,
    seats: int,
    booths: int,
    room: Place | None,
    building: str | None,
) -> None:
    """Edit a place.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: The room is of another meeting, or the place itself.
    """
    if place.version != seen_version:
        raise StaleVersion("place", place.code)
    if room is not None and (room.meeting_id != meeting.id or room.id == place.id):
        raise Refused("room_elsewhere", field="room")
    place.name, place.kind, place.seats, place.booths = name, kind, seats, booths
    place.room_id, place.building = (None if room is None else room.id), building
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="change",
        object_type="place",
        object_ids=[place.code],
        meeting_id=meeting.id,
    )


def set_opening_hours(session: Session, place: Place, spans: Iterable[Wall], *, zone: str) -> None:
    """When a place is open, as wall times; none means whenever the meeting is.

    Raises:
        Refused: A time that does not exist, exists twice, or is reversed.
    """
    place.hours = [stretch(PlaceHours(), span, zone) for span in spans]
    session.flush()


def remove_place(session: Session, place: Place, *, actor: User, now: datetime) -> None:
    """Delete a place that nothing rests on.

    Raises:
        StillUsed: Sessions or tables stand in it.
    """
    used = references(session, place, except_tables=("place_hours",))
    if used:
        raise StillUsed("place", used)
    session.delete(place)
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="delete",
        object_type="place",
        object_ids=[place.code],
        meeting_id=place.meeting_id,
    )


def _check_frame(zone: str, starts_on: date, ends_on: date, languages: Sequence[str]) -> None:
    try:
        times.zone(zone)
    except times.UnknownZone:
        raise Refused("unknown_zone", field="zone", zone=zone) from None
    if ends_on < starts_on:
        raise Refused("dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= LONGEST_MEETING:
        raise Refused("too_many_days", field="ends_on", most=LONGEST_MEETING)
    _check_languages(languages)


def _check_languages(languages: Sequence[str]) -> None:
    for tag in languages:
        if tag not in LANGUAGES:
            raise Refused("unknown_language", field="languages", language=tag)


def _check_free(session: Session, operation: Operation, slug: str, number: int) -> None:
    if session.scalar(select(func.count()).select_from(Meeting).where(Meeting.slug == slug)):
        raise Refused("slug_taken", field="slug", slug=slug)
    if session.scalar(
        select(func.count()).select_from(Meeting).where(Meeting.operation_id == operation.id, Meeting.number == number)
    ):
        raise Refused("number_taken", field="number", number=number)


def _check_place(session: Session, meeting: Meeting, code: str) -> None:
    if session.scalar(
        select(func.count()).select_from(Place).where(Place.meeting_id == meeting.id, Place.code == code)
    ):
        raise Refused("place_code_taken", field="code", code=code)


def stretch(row: Row, span: Wall, zone: str) -> Row:
    """Give a row of hours its stretch of time.

    Raises:
        Refused: A time that does not exist, exists twice, or is reversed.
    """
    start, end = span
    if end <= start:
        raise Refused("hours_reversed", field="ends")
    times.planned_instant(start, zone, field="starts")
    times.planned_instant(end, zone, field="ends")
    set_planned(row, start, end, zone)
    return row


def _audit(session: Session, actor: User, now: datetime, action: str, meeting: Meeting) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="meeting",
        object_uuid=meeting.uuid,
        meeting_id=meeting.id,
    )
