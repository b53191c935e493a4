"""Reads of the texts of a meeting that are translated."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.interchange.domain import TEXTS, Piece, TextKind
from confmgr.meetings.models import Meeting, Place
from confmgr.papers.models import Agenda, AgendaDocument, AgendaItem
from confmgr.parties.models import Agency, Party
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession, SessionCase
from confmgr.values.words import Words


def texts(session: Session, meeting: Meeting) -> list[Piece]:
    """Every text of a meeting that others read and organisers may have translated; eight statements.

    Left out are cases and leads, sessions about cases, blocked time, and sessions that are held back or cancelled:
    files with these texts go to translators.
    """
    return [*_of_the_meeting(session, meeting), *_of_participants(session, meeting)]


def _of_the_meeting(session: Session, meeting: Meeting) -> Iterator[Piece]:
    yield from _pieces(TextKind.MEETING, meeting, meeting.uuid, "")
    yield from _pieces(TextKind.OPERATION, meeting.operation, meeting.operation.uuid, meeting.operation.code)
    for agenda in session.scalars(select(Agenda).where(Agenda.meeting_id == meeting.id)):
        yield from _pieces(TextKind.AGENDA, agenda, agenda.uuid, "")
    for item in session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.rank, AgendaItem.id)
    ):
        yield from _pieces(TextKind.ITEM, item, item.uuid, item.number)
    for document, number in session.execute(
        select(AgendaDocument, AgendaItem.number)
        .join(AgendaItem, AgendaItem.id == AgendaDocument.agenda_item_id)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.rank, AgendaDocument.rank, AgendaDocument.id)
    ):
        yield from _pieces(TextKind.DOCUMENT, document, document.id, document.symbol or number)
    for row in session.scalars(
        select(MeetingSession)
        .where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.removed_at.is_(None),
            MeetingSession.held_back.is_(False),
            MeetingSession.state != SessionState.CANCELLED,
            MeetingSession.kind != SessionKind.HOLD,
            ~select(SessionCase.id).where(SessionCase.session_id == MeetingSession.id).exists(),
        )
        .order_by(MeetingSession.starts_at, MeetingSession.id)
    ):
        yield from _pieces(TextKind.SESSION, row, row.uuid, row.reference)
    for place in session.scalars(select(Place).where(Place.meeting_id == meeting.id).order_by(Place.rank, Place.id)):
        yield from _pieces(TextKind.PLACE, place, place.id, place.code)


def _of_participants(session: Session, meeting: Meeting) -> Iterator[Piece]:
    here = select(Delegation.party_id).where(Delegation.meeting_id == meeting.id)
    of_meeting = or_(Party.id.in_(here), Party.id == meeting.host_party_id)
    for party in session.scalars(select(Party).where(of_meeting).order_by(Party.code)):
        yield from _pieces(TextKind.PARTY, party, party.code, party.code)
    for agency in session.scalars(
        select(Agency)
        .join(Agency.party)
        .where(of_meeting)
        .options(contains_eager(Agency.party))
        .order_by(Party.code, Agency.code)
    ):
        yield from _pieces(TextKind.AGENCY, agency, agency.id, f"{agency.party.code} {agency.code}")


def _pieces(kind: TextKind, row: Any, ident: object, name: str) -> Iterator[Piece]:
    for field in TEXTS[kind]:
        words: Words | None = getattr(row, field)
        if words is not None and str(words).strip():
            yield Piece(kind, str(ident), field, name, words, row)


def names_of(session: Session, pieces: Iterable[Piece], language: str) -> dict[int, str]:
    """What those are called who made the translations into a language; one statement."""
    values = (piece.value(language) for piece in pieces)
    makers = {value.by for value in values if value is not None and value.by is not None}
    if not makers:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(makers)))}


def agenda_items(session: Session, documents: Iterable[AgendaDocument]) -> dict[int, AgendaItem]:
    """The items under which documents stand, by their id; one statement."""
    wanted = {document.agenda_item_id for document in documents}
    rows = session.scalars(select(AgendaItem).where(AgendaItem.id.in_(wanted)).options(joinedload(AgendaItem.meeting)))
    return {row.id: row for row in rows}
