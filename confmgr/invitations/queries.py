"""Reads of publications, participations and the outbox."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.cases.queries import shown_title
from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations.domain import MailKind, OutboxState
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession
from confmgr.invitations.programme import reader_of, sees
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling.attendance import Side
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words


def latest(session: Session, meeting: Meeting) -> Publication | None:
    """The publication that others see now, without its sessions."""
    return session.scalar(
        select(Publication).where(Publication.meeting_id == meeting.id).order_by(Publication.number.desc()).limit(1)
    )


def published_sessions(session: Session, publication: Publication) -> list[PublishedSession]:
    """The frozen sessions of a publication with their live rows (for titles), by time; two statements."""
    return list(
        session.scalars(
            select(PublishedSession)
            .where(PublishedSession.publication_id == publication.id)
            .options(joinedload(PublishedSession.session))
            .order_by(PublishedSession.starts_at, PublishedSession.session_id)
        )
    )


def published_last(session: Session, session_ids: Collection[int]) -> dict[int, PublishedSession]:
    """Some sessions as the last publications of their meetings show them; cancelled ones are left out."""
    last = (
        select(Publication.meeting_id, func.max(Publication.number).label("number"))
        .group_by(Publication.meeting_id)
        .subquery()
    )
    rows = session.scalars(
        select(PublishedSession)
        .join(Publication, Publication.id == PublishedSession.publication_id)
        .join(last, and_(last.c.meeting_id == Publication.meeting_id, last.c.number == Publication.number))
        .where(PublishedSession.session_id.in_(session_ids), PublishedSession.state.not_in(GONE))
    )
    return {row.session_id: row for row in rows}


def sides(session: Session, meeting: Meeting) -> dict[int, Side]:
    """Who can attend for each delegation, in two statements; for one that has declined or left, nobody."""
    rows = session.scalars(
        select(Delegation).where(Delegation.meeting_id == meeting.id).options(selectinload(Delegation.delegates))
    )
    found = {}
    for row in rows:
        here = row.state is not DelegationState.DECLINED
        people = [p for p in row.delegates if p.left_at is None and here]
        head = next((p.id for p in people if p.capacity is Capacity.HEAD_OF_DELEGATION), None)
        found[row.id] = Side(row.id, row.teams, tuple(p.id for p in people), head)
    return found


def invited_after_leaving(session: Session, meeting: Meeting, now: datetime) -> set[int]:
    """Ids of delegates who have left, alone or with their delegation, and are invited to sessions yet to come."""
    return set(
        session.scalars(
            _left_and_invited(now)
            .with_only_columns(Participation.delegate_id)
            .where(Delegation.meeting_id == meeting.id)
            .distinct()
        )
    )


def meetings_left(session: Session, now: datetime) -> list[Meeting]:
    """Meetings in which somebody has left who is invited to sessions yet to come."""
    ids = _left_and_invited(now).with_only_columns(Delegation.meeting_id).distinct()
    return list(session.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id)))


def _left_and_invited(now: datetime) -> Select[Any]:
    return (
        select(Participation)
        .join(Delegate, Delegate.id == Participation.delegate_id)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .join(PublishedSession, PublishedSession.session_id == Participation.session_id)
        .join(Publication, Publication.id == PublishedSession.publication_id)
        .where(
            or_(Delegate.left_at.is_not(None), Delegation.state == DelegationState.DECLINED),
            Participation.invited,
            PublishedSession.ends_at > now,
            Publication.number
            == select(func.max(Publication.number))
            .where(Publication.meeting_id == Delegation.meeting_id)
            .correlate(Delegation)
            .scalar_subquery(),
        )
    )


def everybody(session: Session, meeting: Meeting, of: Mapping[int, Side]) -> set[str]:
    """Everybody who could hear of a publication: delegates who have not left, and interpreters; as `Delegate-5`."""
    crew = session.scalars(select(Interpreter.id).where(Interpreter.meeting_id == meeting.id))
    people = {f"Delegate-{person}" for side in of.values() for person in side.people}
    return people | {f"Interpreter-{ident}" for ident in crew}


def case_references(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """References of cases, which every organiser may know, by id."""
    return dict(session.execute(select(Item.id, Item.reference).where(Item.id.in_(set(ids)))).all())


def delegates(session: Session, ids: Iterable[int]) -> dict[int, Delegate]:
    """Delegates by id, with their delegation and party."""
    return {
        row.id: row
        for row in session.scalars(
            select(Delegate)
            .where(Delegate.id.in_(set(ids)))
            .options(joinedload(Delegate.delegation).joinedload(Delegation.party))
        )
    }


def interpreters(session: Session, ids: Iterable[int]) -> dict[int, Interpreter]:
    """Interpreters by id."""
    return {row.id: row for row in session.scalars(select(Interpreter).where(Interpreter.id.in_(set(ids))))}


def places(session: Session, meeting: Meeting) -> dict[int, Place]:
    """Places of a meeting by id."""
    return {row.id: row for row in session.scalars(select(Place).where(Place.meeting_id == meeting.id))}


def parties_of(session: Session, meeting: Meeting) -> dict[int, Delegation]:
    """Delegations of a meeting by id, with their parties."""
    return {
        row.id: row
        for row in session.scalars(
            select(Delegation).where(Delegation.meeting_id == meeting.id).options(joinedload(Delegation.party))
        )
    }


def of_secretariat(meeting: Meeting) -> ColumnElement[bool]:
    """Mails of a meeting that its organisers may know of: not those by which parties hear of each other's items."""
    return and_(OutboxMessage.meeting_id == meeting.id, OutboxMessage.kind != MailKind.ITEM_NOTICE)


def outbox_counts(session: Session, meeting: Meeting) -> Mapping[OutboxState, int]:
    """How many messages stand in which state."""
    return dict(
        session.execute(
            select(OutboxMessage.state, func.count()).where(of_secretariat(meeting)).group_by(OutboxMessage.state)
        ).all()
    )


def newest_mail() -> ScalarSelect[int]:
    """The id of the newest invitation mail of the participation beside which it is selected."""
    mail = aliased(OutboxMessage)
    return (
        select(func.max(mail.id))
        .where(mail.participation_id == Participation.id, mail.kind == MailKind.INVITATION)
        .correlate(Participation)
        .scalar_subquery()
    )


def get_message(session: Session, meeting: Meeting, ident: uuid.UUID) -> OutboxMessage:
    """One message.

    Raises:
        NotFound: The meeting has no such message.
    """
    row = session.scalar(select(OutboxMessage).where(OutboxMessage.uuid == ident, of_secretariat(meeting)))
    if row is None:
        raise NotFound("message", ident)
    return row


def told_to(
    session: Session, meeting: Meeting, *, delegate_ids: Iterable[int] = (), interpreter_ids: Iterable[int] = ()
) -> list[Participation]:
    """What some delegates or interpreters were told, cancellations included; by start."""
    rows = session.scalars(
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(
            MeetingSession.meeting_id == meeting.id,
            or_(
                Participation.delegate_id.in_(set(delegate_ids)), Participation.interpreter_id.in_(set(interpreter_ids))
            ),
        )
        .options(joinedload(Participation.session), joinedload(Participation.told_in))
    )
    return sorted((row for row in rows if row.told_text), key=lambda row: (row.told_text or {})["starts_at"])


def persons_of(session: Session, meeting: Meeting, user: User) -> tuple[list[int], list[int]]:
    """The delegates and interpreters of a meeting that an account stands for."""
    delegates_here = session.scalars(
        select(Delegate.id)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegation.meeting_id == meeting.id, Delegate.user_id == user.id)
    )
    interpreters_here = session.scalars(
        select(Interpreter.id).where(Interpreter.meeting_id == meeting.id, Interpreter.user_id == user.id)
    )
    return list(delegates_here), list(interpreters_here)


def own_participation(session: Session, meeting: Meeting, user: User, ident: uuid.UUID) -> Participation:
    """What somebody was told of one session.

    Raises:
        NotFound: The meeting has no such session, or the person never heard of it.
    """
    delegate_ids, interpreter_ids = persons_of(session, meeting, user)
    told = told_to(session, meeting, delegate_ids=delegate_ids, interpreter_ids=interpreter_ids)
    row = next((one for one in told if one.session.uuid == ident), None)
    if row is None:
        raise NotFound("session", ident)
    return row


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case of a session as one reader sees it: `tlp` and `title` by the visibility rule or the envelope."""

    reference: str
    title: Words | None
    tlp: Tlp
    sees_body: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One published session as one reader sees it."""

    row: PublishedSession
    place: Place | None
    delegations: tuple[Delegation, ...]
    cases: tuple[ShownCase, ...]


def programme(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, *, interpreter_ids: Iterable[int] = ()
) -> tuple[Publication | None, list[Entry]]:
    """The published sessions that a reader may see, by time; cancelled ones are left out. At most seven statements."""
    last = latest(session, meeting)
    if last is None:
        return None, []
    reader = reader_of(viewer, meeting.id, interpreter_ids)
    rows = [row for row in published_sessions(session, last) if row.state not in GONE and sees(reader, row)]
    return last, entries(session, meeting, rows, viewer, now)


def entries(
    session: Session, meeting: Meeting, rows: Sequence[PublishedSession], viewer: Viewer, now: datetime
) -> list[Entry]:
    """Published sessions with their places, delegations, and the cases that a viewer may know of."""
    places_here, delegations_here = places(session, meeting), parties_of(session, meeting)
    cases = shown_cases(session, viewer, now, (ident for row in rows for ident in row.case_ids))
    return [
        Entry(
            row,
            places_here.get(row.place_id or 0),
            tuple(delegations_here[ident] for ident in row.delegation_ids if ident in delegations_here),
            tuple(cases[ident] for ident in row.case_ids if ident in cases),
        )
        for row in rows
    ]


def shown_cases(session: Session, viewer: Viewer, now: datetime, ids: Iterable[int]) -> dict[int, ShownCase]:
    """Cases by id: the title where the body may be seen, the neutral title for envelopes, of RED neither."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(Case.id.in_(wanted), or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)))
            .options(joinedload(Case.item).joinedload(Item.marking))
        )
    )
    seen = sharing.visible_ids(session, viewer, (row.id for row in rows), now)
    showing.listed(session, (row.item for row in rows if row.id in seen))
    return {
        row.id: ShownCase(
            row.item.reference,
            shown_title(row, sees_body=row.id in seen),
            row.item.marking.tlp,
            row.id in seen,
        )
        for row in rows
    }


def cases_of_sessions(session: Session, publication: Publication, session_ids: Iterable[int]) -> dict[int, list[int]]:
    """The ids of the cases of some sessions, as published."""
    rows = session.execute(
        select(PublishedSession.session_id, PublishedSession.case_ids).where(
            PublishedSession.publication_id == publication.id, PublishedSession.session_id.in_(set(session_ids))
        )
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication in the list, with how many sessions it froze and how many messages it made."""

    publication: Publication
    sessions: int
    messages: int


def publications(session: Session, meeting: Meeting) -> list[PublicationRow]:
    """All publications, the newest first; three statements."""
    rows = session.scalars(
        select(Publication)
        .where(Publication.meeting_id == meeting.id)
        .options(joinedload(Publication.made_by))
        .order_by(Publication.number.desc())
    ).all()
    frozen = _counts(session, PublishedSession.publication_id, (row.id for row in rows))
    told = _counts(session, OutboxMessage.publication_id, (row.id for row in rows))
    return [PublicationRow(row, frozen.get(row.id, 0), told.get(row.id, 0)) for row in rows]


def _counts(session: Session, column: InstrumentedAttribute[Any], ids: Iterable[int]) -> dict[int, int]:
    return dict(session.execute(select(column, func.count()).where(column.in_(set(ids))).group_by(column)).all())
