"""Reads of the agenda."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.activity.models import AuditEntry
from confmgr.errors import NotFound
from confmgr.invitations import queries as invitations
from confmgr.invitations.models import PublishedSession
from confmgr.meetings.models import Meeting
from confmgr.papers.domain import AgendaKind, case_blocks, half_days
from confmgr.papers.models import Agenda, AgendaDocument, AgendaItem, AgendaItemSession
from confmgr.scheduling.domain import GONE, SessionKind
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import Span
from confmgr.values.words import Words

CASE_MEETINGS = frozenset({SessionKind.BILATERAL, SessionKind.MULTILATERAL})


def agenda(session: Session, meeting: Meeting) -> list[AgendaItem]:
    """The items of a meeting's agenda with the sessions that deal with each; three statements."""
    return list(
        session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id)
            .options(
                joinedload(AgendaItem.chair), selectinload(AgendaItem.sessions).joinedload(AgendaItemSession.session)
            )
            .order_by(AgendaItem.rank)
        )
    )


def get_item(session: Session, meeting: Meeting, ident: uuid.UUID) -> AgendaItem:
    """One item.

    Raises:
        NotFound: This meeting has none of that id.
    """
    item = session.scalar(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, AgendaItem.uuid == ident))
    if item is None:
        raise NotFound("agenda item", ident)
    return item


def was_removed(session: Session, meeting: Meeting, kind: str, ident: uuid.UUID, number: int | None = None) -> bool:
    """Whether the audit knows that an item, or the document of that number under one, was taken off the agenda."""
    entries = session.scalars(
        select(AuditEntry).where(
            AuditEntry.meeting_id == meeting.id,
            AuditEntry.object_uuid == ident,
            AuditEntry.object_type == kind,
            AuditEntry.action == "delete",
        )
    )
    return any(number is None or number in entry.object_ids for entry in entries)


def parts_of(session: Session, item: AgendaItem) -> list[AgendaItem]:
    """The items under an item, in order."""
    return list(session.scalars(select(AgendaItem).where(AgendaItem.parent_id == item.id).order_by(AgendaItem.rank)))


def paper(session: Session, meeting: Meeting) -> Agenda | None:
    """The agenda as a document; None where nothing was written of it yet."""
    return session.scalar(select(Agenda).where(Agenda.meeting_id == meeting.id))


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """A time of the proposed organisation of work: a session for everybody, or case meetings without names.

    `block`: the case meetings of a half-day, which have no title, place or interpretation here.
    """

    starts: datetime
    ends: datetime
    kind: SessionKind
    items: tuple[str, ...]
    title: Words | None = None
    place: Words | None = None
    interpretation: str | None = None
    cancelled: bool = False
    block: bool = False


@dataclass(frozen=True, slots=True)
class Annotated:
    """The agenda of a meeting with everything that its document says; the same for every reader in the meeting."""

    meeting: Meeting
    paper: Agenda | None
    items: tuple[AgendaItem, ...]
    published_at: datetime | None
    work: tuple[tuple[date, tuple[WorkEntry, ...]], ...]

    @property
    def symbol(self) -> str | None:
        """What the document is cited by."""
        return None if self.paper is None else self.paper.symbol

    @property
    def adopted_on(self) -> date | None:
        """The day since which it is no longer provisional."""
        return None if self.paper is None else self.paper.adopted_on

    @property
    def documents(self) -> list[tuple[AgendaItem, AgendaDocument]]:
        """Every document with its item, in the order of the agenda."""
        return [(item, document) for item in self.items for document in item.documents]

    def days_of(self, item: AgendaItem) -> list[date]:
        """The days on which the organisation of work deals with an item."""
        return [day for day, entries in self.work if any(item.number in entry.items for entry in entries)]


def annotated(session: Session, meeting: Meeting) -> Annotated:
    """The annotated agenda; nine statements."""
    items = tuple(
        session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id)
            .options(
                joinedload(AgendaItem.chair), selectinload(AgendaItem.sessions), selectinload(AgendaItem.documents)
            )
            .order_by(AgendaItem.rank)
        )
    )
    publication = invitations.latest(session, meeting)
    if publication is None:
        return Annotated(meeting, paper(session, meeting), items, None, ())
    published = invitations.published_sessions(session, publication)
    work = _work(session, meeting, published, items)
    return Annotated(meeting, paper(session, meeting), items, publication.made_at, work)


def _work(
    session: Session, meeting: Meeting, published: Sequence[PublishedSession], items: Sequence[AgendaItem]
) -> tuple[tuple[date, tuple[WorkEntry, ...]], ...]:
    places = invitations.places(session, meeting)
    numbers = numbers_of(items)
    found: dict[date, list[WorkEntry]] = {}
    for one in published:
        if not one.everybody or one.kind is SessionKind.HOLD:
            continue
        place = places.get(one.place_id or 0)
        found.setdefault(one.starts_local.date(), []).append(
            WorkEntry(
                one.starts_local,
                one.ends_local,
                one.kind,
                tuple(numbers.get(one.session_id, ())),
                title=one.session.title,
                place=None if place is None else place.name,
                interpretation=one.interpretation,
                cancelled=one.state in GONE,
            )
        )
    about = tuple(item.number for item in items if item.kind is AgendaKind.MEETINGS)
    hours = {
        one.day: Span(datetime.combine(one.day, one.opens), datetime.combine(one.day, one.closes))
        for one in meeting.days
    }
    for day, spans in case_times(published, hours).items():
        entries = found.setdefault(day, [])
        breaks = [entry.starts for entry in entries if entry.kind is SessionKind.BREAK and not entry.cancelled]
        entries += [
            WorkEntry(span.start, span.end, SessionKind.BILATERAL, about, block=True)
            for span in half_days(spans, breaks)
        ]
    return tuple((day, tuple(sorted(found[day], key=lambda e: (e.starts, e.ends)))) for day in sorted(found))


def numbers_of(items: Iterable[AgendaItem]) -> dict[int, list[str]]:
    """The numbers of the items that each session deals with, by the session's id."""
    numbers: dict[int, list[str]] = {}
    for item in items:
        for link in item.sessions:
            numbers.setdefault(link.session_id, []).append(item.number)
    return numbers


def case_times(
    published: Iterable[PublishedSession], hours: Mapping[date, Span] = MappingProxyType({})
) -> dict[date, list[Span]]:
    """When case meetings are held on each day, told apart only by what is for everybody.

    Where the `hours` of a day are given, times at its ends reach as far as they do, and not as far as the meetings.
    """
    public: dict[date, list[Span]] = {}
    meetings: dict[date, list[Span]] = {}
    for one in published:
        if one.state not in GONE and (one.everybody or one.kind in CASE_MEETINGS):
            kept = public if one.everybody else meetings
            kept.setdefault(one.starts_local.date(), []).append(Span(one.starts_local, one.ends_local))
    return {day: case_blocks(public.get(day, []), held, hours.get(day)) for day, held in meetings.items()}


def may_deal_with(session: Session, meeting: Meeting) -> list[MeetingSession]:
    """The sessions that an item can be dealt with in, by time: neither case meetings nor what takes no work."""
    no_work = {*CASE_MEETINGS, SessionKind.BREAK, SessionKind.HOLD}
    return list(
        session.scalars(
            select(MeetingSession)
            .where(
                MeetingSession.meeting_id == meeting.id,
                MeetingSession.removed_at.is_(None),
                MeetingSession.kind.not_in(no_work),
                MeetingSession.state.not_in(GONE),
            )
            .order_by(MeetingSession.starts_local, MeetingSession.id)
        )
    )
