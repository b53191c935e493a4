"""The working schedule to read: a list by time for the phone, and delegations by time for the desk. Organisers only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings import queries as meetings
from confmgr.meetings.models import Meeting, MeetingDay
from confmgr.scheduling import judged, lanes, queries
from confmgr.scheduling.access import ORGANISER
from confmgr.scheduling.conflicts import House, all_clashes
from confmgr.scheduling.domain import GONE, WHOLE_MEETING
from confmgr.scheduling.labels import clash_sentence, session_names
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.routes.blueprint import bp
from confmgr.values.times import Span, at, wall_time
from confmgr.web.db import session
from confmgr.web.policy import policy

ALL_DAYS = "all"


@dataclass(frozen=True, slots=True)
class Placed:
    """A session that has a time."""

    row: MeetingSession
    span: Span


@bp.get("/meetings/<slug>/schedule")
@policy(ORGANISER)
def schedule(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The working schedule by time, what clashes, and what waits. `?day=`, `?delegation=` and `?place=` narrow it."""
    now = wall_time(clock.now(), meeting.zone)
    rows = queries.sessions(session(), meeting)
    house = judged.house(session(), meeting)
    code, place = _known("delegation", house.teams), _known("place", house.seats)
    days = [one.day for one in meeting.days]
    shown = [row for row in rows if _concerns(row, code) and (place is None or _place(row) == place)]
    placed = _placed(shown)
    clashes = _clashes(meeting, rows, house)
    under_way = lanes.progress((one for one in placed if one.row.state not in GONE), now)
    return render_template(
        "scheduling/schedule.html",
        meeting=meeting,
        days=[(d, [one.row for one in placed if one.span.start.date() == d]) for d in days],
        day=_day(days) or (now.date() if now.date() in days and request.args.get("day") != ALL_DAYS else None),
        unplaced=[row for row in shown if row.starts_local is None and queries.is_open(row)],
        placed=len(placed),
        clashes=clashes,
        clashing=sum(one.row.reference in clashes for one in placed),
        code=code,
        codes=sorted(house.teams),
        place=place,
        places=meetings.places(session(), meeting),
        now=now,
        on_now={one.row.id for one in under_way.now},
        on_next={one.row.id for one in under_way.next},
    )


@bp.get("/meetings/<slug>/schedule/delegations")
@policy(ORGANISER)
def lanes_of_day(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """One day with a row for each delegation. `?day=` chooses it, `?delegation=` highlights one and those it meets."""
    now = wall_time(clock.now(), meeting.zone)
    rows = queries.sessions(session(), meeting)
    house = judged.house(session(), meeting)
    parties = delegations.delegations(session(), meeting)
    order = [row.party.code for row in parties]
    placed = [one for one in _placed(rows) if one.row.state not in GONE]
    shown = _shown_day(meeting, placed, now)
    return render_template(
        "scheduling/lanes.html",
        meeting=meeting,
        days=[(one.day, sum(p.span.start.date() == one.day for p in placed)) for one in meeting.days],
        day=shown,
        code=_known("delegation", order),
        laid=None if shown is None else _laid(meeting, shown, placed, order, house),
        sessions={one.row.reference: one.row for one in placed},
        clashes=_clashes(meeting, rows, house),
        parties={row.party.code: row for row in parties},
        teams=house.teams,
        now=now,
    )


def _laid(meeting: Meeting, shown: MeetingDay, placed: list[Placed], order: list[str], house: House) -> lanes.Day:
    return lanes.day(
        Span(at(shown.day, shown.opens), at(shown.day, shown.closes)),
        meeting.slot_minutes,
        [_stint(one, order) for one in placed if one.span.start.date() == shown.day],
        order,
        house.delegation_hours,
    )


def _stint(one: Placed, order: list[str]) -> lanes.Stint:
    own = {link.delegation.party.code for link in one.row.delegations}
    return lanes.Stint(
        one.row.reference,
        one.span,
        tuple(code for code in order if code in own),
        whole_meeting=one.row.kind in WHOLE_MEETING or (one.row.everybody and not own),
    )


def _shown_day(meeting: Meeting, placed: list[Placed], now: datetime) -> MeetingDay | None:
    days = {one.day: one for one in meeting.days}
    asked = _day(days)
    busy = {one.span.start.date() for one in placed}
    first = next((day for day in days if day in busy), next(iter(days), None))
    chosen = asked or (now.date() if now.date() in days else first)
    return None if chosen is None else days[chosen]


def _day(days: Iterable[date]) -> date | None:
    text = request.args.get("day")
    if not text or text == ALL_DAYS:
        return None
    found = next((day for day in days if day.isoformat() == text), None)
    if found is None:
        raise NotFound("day", text)
    return found


def _known(name: str, values: Iterable[str]) -> str | None:
    text = request.args.get(name)
    if not text:
        return None
    if text not in values:
        raise NotFound(name, text)
    return text


def _concerns(row: MeetingSession, code: str | None) -> bool:
    return code is None or any(link.delegation.party.code == code for link in row.delegations)


def _place(row: MeetingSession) -> str | None:
    return None if row.place is None else row.place.code


def _placed(rows: Iterable[MeetingSession]) -> list[Placed]:
    return [
        Placed(row, Span(row.starts_local, row.ends_local))
        for row in rows
        if row.starts_local is not None and row.ends_local is not None
    ]


def _clashes(meeting: Meeting, rows: list[MeetingSession], house: House) -> dict[str, list[tuple[str, str]]]:
    found = all_clashes(judged.sittings(rows), house)
    names = session_names(rows)
    return {
        reference: [(clash_sentence(c, names), c.severity) for c in clashes] for reference, clashes in found.items()
    }
