"""Sessions as calendars show them: what is published, and what a person heard. Reads of few columns, no rows kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.invitations.domain import UNINVITED, AnswerWay, PartStat
from confmgr.invitations.models import Participation, Publication, PublishedSession
from confmgr.invitations.programme import OPEN_KINDS, Reader, sees
from confmgr.meetings.models import Place
from confmgr.parties.models import Party
from confmgr.scheduling.domain import GONE, SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words

START = datetime(2000, 1, 1, tzinfo=UTC)
EVERYBODY = Reader(sees_all=False, delegation_ids=frozenset(), interpreter_ids=frozenset())
"""Somebody at the meeting of whom nothing else is known."""
BY_MAIL = frozenset({AnswerWay.MAIL, AnswerWay.LINK})
"""Answers after which the own calendar shows the session already."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One published session. `number` and `changed_at` are of the last publication in which it became another."""

    session_id: int
    uuid: str
    kind: SessionKind
    state: SessionState
    starts_at: datetime
    ends_at: datetime
    everybody: bool
    title: Words | None
    place: Words | None
    building: str | None
    codes: tuple[str, ...]
    delegation_ids: tuple[int, ...]
    interpreter_ids: tuple[int, ...]
    number: int
    changed_at: datetime

    @property
    def gone(self) -> bool:
        """Whether nobody has to come any more."""
        return self.state in GONE

    def shown_after(self, moment: datetime) -> bool:
        """Whether a calendar still has it that forgets what was cancelled up to a moment."""
        return not self.gone or self.changed_at > moment


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person was told of one session, under the identity that its mails carry."""

    uid: str
    sequence: int
    dtstamp: datetime
    invited: bool
    facts: dict[str, Any]
    answer: PartStat
    answered_by: AnswerWay | None

    def shown_after(self, moment: datetime) -> bool:
        """Whether a calendar still has it that forgets what was cancelled up to a moment."""
        return self.invited or self.dtstamp > moment

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return datetime.fromisoformat(self.facts["starts_at"])

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return datetime.fromisoformat(self.facts["ends_at"])

    @property
    def in_own_calendar(self) -> bool:
        """Whether its mail was answered, so that the person's own calendar has it."""
        return self.invited and self.answer in SETTLED and self.answered_by in BY_MAIL


SETTLED = frozenset({PartStat.ACCEPTED, PartStat.DECLINED})


def heard_from(row: Participation) -> Heard:
    """A participation as calendars show it."""
    return Heard(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp or START,
        invited=row.invited,
        facts=row.told_text or {},
        answer=row.answer,
        answered_by=row.answered_by,
    )


def own(meeting_id: int, user_id: int) -> ColumnElement[bool]:
    """Participations of the people of a meeting for whom an account stands; not of those who have left."""
    people = (
        select(Delegate.id)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegate.user_id == user_id, Delegate.left_at.is_(None), Delegation.meeting_id == meeting_id)
    )
    crew = select(Interpreter.id).where(Interpreter.user_id == user_id, Interpreter.meeting_id == meeting_id)
    return and_(
        or_(Participation.delegate_id.in_(people), Participation.interpreter_id.in_(crew)),
        Participation.told_in_id.is_not(None),
    )


def heard_by(session: Session, meeting_id: int, user_id: int) -> list[Heard]:
    """What somebody was told, cancellations included, by start; one statement."""
    rows = session.execute(
        select(
            Participation.uid,
            Participation.sequence,
            Participation.dtstamp,
            Participation.invited,
            Participation.told_text,
            Participation.answer,
            Participation.answered_by,
        ).where(own(meeting_id, user_id))
    )
    found = [Heard(row[0], row[1], row[2] or START, *row[3:]) for row in rows if row.told_text]
    return sorted(found, key=lambda one: (one.facts["starts_at"], one.uid))


def published(session: Session, meeting_id: int, *, delegation_id: int | None = None) -> list[Slot]:
    """The sessions of the last publication, cancelled ones included, by start; four statements.

    `delegation_id`: only those in which a delegation takes part.
    """
    rows = session.execute(
        select(
            PublishedSession.session_id,
            MeetingSession.uuid,
            PublishedSession.kind,
            PublishedSession.state,
            PublishedSession.starts_at,
            PublishedSession.ends_at,
            PublishedSession.everybody,
            MeetingSession.title,
            Place.name,
            PublishedSession.building,
            PublishedSession.delegation_ids,
            PublishedSession.interpreter_ids,
        )
        .join(MeetingSession, MeetingSession.id == PublishedSession.session_id)
        .outerjoin(Place, Place.id == PublishedSession.place_id)
        .where(PublishedSession.publication_id == last_of(meeting_id))
        .order_by(PublishedSession.starts_at, PublishedSession.session_id)
    ).all()
    if delegation_id is not None:
        rows = [row for row in rows if attends(delegation_id, row.kind, row.delegation_ids, everybody=row.everybody)]
    codes = dict(
        session.execute(select(Delegation.id, Party.code).join(Party).where(Delegation.meeting_id == meeting_id)).all()
    )
    turned = changed_in(session, meeting_id, None if delegation_id is None else [row.session_id for row in rows])
    return [
        Slot(
            session_id=row.session_id,
            uuid=str(row.uuid),
            kind=row.kind,
            state=row.state,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            everybody=row.everybody,
            title=row.title,
            place=row.name,
            building=row.building,
            codes=tuple(codes[ident] for ident in row.delegation_ids if ident in codes),
            delegation_ids=tuple(row.delegation_ids),
            interpreter_ids=tuple(row.interpreter_ids),
            number=turned[row.session_id][0],
            changed_at=turned[row.session_id][1],
        )
        for row in rows
    ]


def attends(delegation_id: int, kind: SessionKind, delegation_ids: Sequence[int], *, everybody: bool) -> bool:
    """Whether a delegation sits in a session: named, or with everybody else."""
    return delegation_id in delegation_ids or (everybody and kind not in UNINVITED)


def shown_in(delegation_id: int | None) -> ColumnElement[bool]:
    """Which published sessions the calendar of a delegation, or that of everybody, shows: `attends`, or `sees`."""
    here = cast(PublishedSession.delegation_ids, Text)
    if delegation_id is None:
        unnamed = and_(here == "[]", PublishedSession.kind != SessionKind.HOLD)
        return or_(PublishedSession.everybody, PublishedSession.kind.in_(OPEN_KINDS), unnamed)
    listed = func.replace(func.replace(here, "[", ", "), "]", ", ")
    together = and_(PublishedSession.everybody, PublishedSession.kind.not_in(UNINVITED))
    return or_(listed.like(f"%, {delegation_id}, %"), together)


def for_everybody(slots: Sequence[Slot]) -> list[Slot]:
    """Those that everybody at the meeting may know of."""
    return [slot for slot in slots if sees(EVERYBODY, slot)]


def last_of(meeting_id: int) -> Any:
    """The id of the publication that others see now, as a subquery."""
    return (
        select(Publication.id)
        .where(Publication.meeting_id == meeting_id)
        .order_by(Publication.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def changed_in(
    session: Session, meeting_id: int, session_ids: Collection[int] | None = None
) -> dict[int, tuple[int, datetime]]:
    """The publication in which each published session last became what it is: its number and when; two statements.

    That is the one after the last publication that shows the session otherwise: every publication shows every session
    that was ever published. What counts is what a calendar shows.

    Args:
        session: A session of the database.
        meeting_id: The meeting.
        session_ids: Only these sessions; None for all.
    """
    now, then = aliased(PublishedSession), aliased(PublishedSession)
    shown = (
        *(getattr(now, name).is_distinct_from(getattr(then, name)) for name in _SHOWN),
        cast(now.delegation_ids, Text) != cast(then.delegation_ids, Text),
        now.state.in_(GONE) != then.state.in_(GONE),
    )
    rows = (
        select(
            then.session_id,
            func.min(Publication.number).label("first"),
            func.max(case((or_(*shown), Publication.number), else_=0)).label("otherwise"),
        )
        .join(Publication, Publication.id == then.publication_id)
        .join(now, and_(now.session_id == then.session_id, now.publication_id == last_of(meeting_id)))
        .where(Publication.meeting_id == meeting_id)
        .group_by(then.session_id)
    )
    if session_ids is not None:
        rows = rows.where(then.session_id.in_(session_ids))
    made = select(Publication.number, Publication.made_at).where(Publication.meeting_id == meeting_id)
    at = dict(session.execute(made).all())
    found = {}
    for ident, first, otherwise in session.execute(rows):
        number = max(first, otherwise + 1)
        found[ident] = (number, at[number])
    return found


_SHOWN = ("kind", "starts_at", "ends_at", "place_id", "building")


def is_unpublished(session: Session, meeting_id: int) -> bool:
    """Whether nothing of a meeting has been published yet."""
    return session.scalar(select(last_of(meeting_id))) is None
