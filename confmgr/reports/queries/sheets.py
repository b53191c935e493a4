"""The schedule as it is printed: the published one, or for organisers the working one, in one shape."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation
from confmgr.invitations import queries as invitations
from confmgr.invitations.queries import ShownCase
from confmgr.meetings import queries as meetings
from confmgr.meetings.models import Meeting, Place
from confmgr.reports.sheets import Booked, CaseLine, Party, Source, Spot
from confmgr.scheduling import queries as scheduling
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import BoardCommand
from confmgr.sharing.rule import Viewer
from confmgr.values.times import Span


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule with everything that its prints say.

    `as_of` is when it was published or, of the working one, last changed; `issue` is the number of the publication.
    """

    meeting: Meeting
    source: Source
    as_of: datetime | None
    issue: int | None
    booked: tuple[Booked, ...]
    spots: tuple[Spot, ...]
    parties: tuple[Party, ...]


def timetable(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, *, source: Source = Source.PUBLISHED
) -> Timetable:
    """All sessions that have a time; at most sixteen statements. Cases are those that the viewer may know of.

    What of it a reader may see is for the caller to choose: organisers everything, others the sheet of their own
    delegation alone.
    """
    rows = delegations.delegations(session, meeting, with_people=True)
    parties = {row.id: _party(row) for row in rows}
    places = meetings.places(session, meeting)
    with_tables = {row.room_id for row in places}
    spots = {row.id: Spot(row.id, row.code, row.name, row.id in with_tables) for row in _in_order(places)}
    read = _published if source is Source.PUBLISHED else _working
    as_of, issue, booked = read(session, meeting, viewer, now, parties, spots)
    return Timetable(meeting, source, as_of, issue, tuple(booked), tuple(spots.values()), tuple(parties.values()))


Parties = Mapping[int, Party]
Spots = Mapping[int, Spot]
Read = tuple[datetime | None, int | None, list[Booked]]


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda row: (row.rank, row.code))


def _party(row: Delegation) -> Party:
    return Party(
        row.id,
        row.party.code,
        row.party.short_name,
        row.party.long_name or row.party.short_name,
        tuple(row.languages),
        tuple((person.id, person.latin_name) for person in row.delegates if person.left_at is None),
    )


def _published(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, parties: Parties, spots: Spots
) -> Read:
    publication = invitations.latest(session, meeting)
    if publication is None:
        return None, None, []
    rows = invitations.published_sessions(session, publication)
    crew = invitations.interpreters(session, (ident for row in rows for ident in row.interpreter_ids))
    cases = _cases(session, viewer, now, (ident for row in rows for ident in row.case_ids))
    booked = [
        Booked(
            reference=row.session.reference,
            span=Span(row.starts_local, row.ends_local),
            kind=row.kind,
            title=row.session.title,
            off=row.state in GONE,
            everybody=row.everybody,
            spot=spots.get(row.place_id or 0),
            parties=_those(parties, row.delegation_ids),
            interpretation=row.interpretation,
            interpreters=tuple(crew[ident].latin_name for ident in row.interpreter_ids if ident in crew),
            attending=frozenset(row.delegate_ids),
            cases=cases(row.case_ids),
        )
        for row in rows
    ]
    return publication.made_at, publication.number, booked


def _working(session: Session, meeting: Meeting, viewer: Viewer, now: datetime, parties: Parties, spots: Spots) -> Read:
    rows = scheduling.sessions(session, meeting)
    cases = _cases(session, viewer, now, (link.case_id for row in rows for link in row.cases))
    changed = session.scalar(select(func.max(BoardCommand.made_at)).where(BoardCommand.meeting_id == meeting.id))
    booked = [
        Booked(
            reference=row.reference,
            span=Span(row.starts_local, row.ends_local),
            kind=row.kind,
            title=row.title,
            off=row.state in GONE,
            everybody=row.everybody,
            spot=spots.get(row.place_id or 0),
            parties=_those(parties, (link.delegation_id for link in row.delegations)),
            interpretation=row.interpretation,
            interpreters=tuple(link.interpreter.latin_name for link in row.interpreters),
            attending=frozenset(link.delegate_id for link in row.delegates),
            cases=cases(link.case_id for link in row.cases),
        )
        for row in rows
        if row.starts_local is not None and row.ends_local is not None
    ]
    return changed or now, None, booked


def _those(parties: Parties, ids: Iterable[int]) -> tuple[Party, ...]:
    wanted = set(ids)
    return tuple(party for ident, party in parties.items() if ident in wanted)


def _cases(
    session: Session, viewer: Viewer, now: datetime, ids: Iterable[int]
) -> Callable[[Iterable[int]], tuple[CaseLine, ...]]:
    known: Mapping[int, ShownCase] = invitations.shown_cases(session, viewer, now, ids)

    def lines(wanted: Iterable[int]) -> tuple[CaseLine, ...]:
        return tuple(CaseLine(known[ident].reference, known[ident].title) for ident in wanted if ident in known)

    return lines
