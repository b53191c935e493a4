"""Publishing: a frozen publication and its outbox rows in one transaction. Nothing is sent here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused
from confmgr.gateways import chance
from confmgr.invitations import queries
from confmgr.invitations.domain import Difference, Method, News, OutboxState, PartStat, Told, change_of, news, stamp
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting, Place
from confmgr.orm.base import set_planned
from confmgr.scheduling import queries as schedule
from confmgr.scheduling.attendance import attendees
from confmgr.scheduling.domain import GONE, SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession

UNINVITED = frozenset({SessionKind.BREAK, SessionKind.HOLD})
"""Kinds that stand in the programme and invite nobody."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One session as a publication will keep it."""

    row: MeetingSession
    starts: datetime
    ends: datetime
    state: SessionState
    place: Place | None
    delegations: tuple[Delegation, ...]
    delegate_ids: tuple[int, ...]
    interpreter_ids: tuple[int, ...]
    case_ids: tuple[int, ...]
    kept: bool = False

    @property
    def gone(self) -> bool:
        """Whether nobody has to come any more."""
        return self.state in GONE

    def facts(self) -> dict[str, Any]:
        """The session for comparison and for its attendees: JSON, never the text of an item."""
        row = self.row
        return {
            "kind": row.kind.value,
            "title": None if row.title is None else row.title.to_json(),
            "parties": [delegation.party.code for delegation in self.delegations],
            "names": {d.party.code: d.party.short_name.to_json() for d in self.delegations},
            "starts_local": self.starts.isoformat(timespec="minutes"),
            "ends_local": self.ends.isoformat(timespec="minutes"),
            "zone": row.zone,
            "starts_at": (row.starts_at.isoformat() if row.starts_at else ""),
            "ends_at": (row.ends_at.isoformat() if row.ends_at else ""),
            "place_id": None if self.place is None else self.place.id,
            "place": None if self.place is None else self.place.name.to_json(),
            "building": None if self.place is None else self.place.building,
            "interpretation": row.interpretation,
            "state": "confirmed" if not self.gone else self.state.value,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing now would do: the difference session by session, and how many mails would leave."""

    changes: tuple[Difference, ...]
    mails: int
    people: int
    languages: Mapping[str, int]
    unchanged: int
    held_back: tuple[MeetingSession, ...]


@dataclass(frozen=True, slots=True)
class _Addressee:
    """Somebody who hears of a session, and what."""

    session_id: int
    person: Delegate | Interpreter
    row: Participation | None
    news: News


def preview(session: Session, meeting: Meeting) -> Preview:
    """The difference between the working schedule and what is published; writes nothing."""
    before = _published_facts(session, meeting)
    frozen = _freeze(session, meeting)
    addressees = _addressees(session, meeting, frozen)
    heard: dict[int, set[str]] = {}
    languages: dict[str, int] = {}
    for one in addressees:
        heard.setdefault(one.session_id, set()).add(_person_key(one.person))
    for person in {_person_key(one.person): one.person for one in addressees if one.person.email}.values():
        languages[person.language] = languages.get(person.language, 0) + 1
    changes = []
    for one_frozen in frozen:
        kind = change_of(before.get(one_frozen.row.id), one_frozen.facts())
        if kind is not None:
            people = len(heard.get(one_frozen.row.id, ()))
            changes.append(
                Difference(one_frozen.row.id, kind, before.get(one_frozen.row.id), one_frozen.facts(), people)
            )
    return Preview(
        changes=tuple(changes),
        mails=sum(bool(one.person.email) for one in addressees),
        people=len({_person_key(one.person) for one in addressees}),
        languages=languages,
        unchanged=len(frozen) - len(changes),
        held_back=tuple(one.row for one in frozen if one.kept),
    )


def publish(
    session: Session, meeting: Meeting, *, actor: User, now: datetime, domain: str, note: str | None = None
) -> Publication:
    """Freeze the schedule, raise sequences, and write one outbox row for each participation that must hear.

    Args:
        session: An open transaction; everything happens in it.
        meeting: The meeting.
        actor: Who publishes.
        now: When; DTSTAMP of every message unless an earlier one was not older.
        domain: Right side of the Message-IDs.
        note: For the change log.

    Raises:
        Refused: Nothing is placed yet.
    """
    frozen = _freeze(session, meeting)
    if not frozen:
        raise Refused("nothing_to_publish")
    last = queries.latest(session, meeting)
    addressees = _addressees(session, meeting, frozen)
    publication = Publication(
        meeting_id=meeting.id,
        number=1 if last is None else last.number + 1,
        made_at=now,
        made_by_id=actor.id,
        note=note,
    )
    session.add(publication)
    session.flush()
    session.add_all(_published(publication, one) for one in frozen)
    for one in frozen:
        if one.row.state is SessionState.DRAFT and not one.kept:
            one.row.state = SessionState.CONFIRMED
    stamps = queries.last_stamps(session, meeting)
    for addressee in addressees:
        _tell(session, meeting, publication, addressee, now, stamps, domain)
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="publish",
        object_type="publication",
        object_uuid=publication.uuid,
        meeting_id=meeting.id,
        facts={"number": publication.number, "told": len(addressees)},
    )
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=meeting.id)
    return publication


def _published_facts(session: Session, meeting: Meeting) -> dict[int, dict[str, Any]]:
    last = queries.latest(session, meeting)
    if last is None:
        return {}
    places = queries.places(session, meeting)
    parties = queries.parties_of(session, meeting)
    return {one.session_id: _thawed(one, places, parties).facts() for one in queries.published_sessions(session, last)}


def _thawed(one: PublishedSession, places: Mapping[int, Place], parties: Mapping[int, Delegation]) -> Frozen:
    row = MeetingSession(
        kind=one.kind,
        title=one.session.title,
        zone=one.zone,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        interpretation=one.interpretation,
        minutes=5,
    )
    return Frozen(
        row=row,
        starts=one.starts_local,
        ends=one.ends_local,
        state=one.state,
        place=places.get(one.place_id or 0),
        delegations=tuple(parties[i] for i in one.delegation_ids if i in parties),
        delegate_ids=tuple(one.delegate_ids),
        interpreter_ids=tuple(one.interpreter_ids),
        case_ids=tuple(one.case_ids),
    )


def _freeze(session: Session, meeting: Meeting) -> list[Frozen]:
    """Every session as it would be published now; held back ones as they were, lost ones as cancelled."""
    rows = schedule.sessions(session, meeting)
    sides = queries.sides(session, meeting)
    parties = queries.parties_of(session, meeting)
    everyone = tuple(person for side in sides.values() for person in side.people)
    last = queries.latest(session, meeting)
    earlier = {} if last is None else {one.session_id: one for one in queries.published_sessions(session, last)}
    places = queries.places(session, meeting)
    frozen = []
    for row in rows:
        old = earlier.get(row.id)
        if row.held_back or row.starts_local is None or row.ends_local is None:
            if old is not None:
                frozen.append(_as_before(row, old, places, parties))
            continue
        if old is None and row.state in GONE:
            continue
        named = {link.delegate_id for link in row.delegates}
        people = (
            everyone
            if row.everybody
            else tuple(p for link in row.delegations for p in attendees(sides[link.delegation_id], named))
        )
        frozen.append(
            Frozen(
                row=row,
                starts=row.starts_local,
                ends=row.ends_local,
                state=row.state,
                place=row.place,
                delegations=tuple(link.delegation for link in row.delegations),
                delegate_ids=() if row.kind in UNINVITED else people,
                interpreter_ids=tuple(link.interpreter_id for link in row.interpreters),
                case_ids=tuple(link.case_id for link in row.cases),
            )
        )
    return frozen


def _as_before(
    row: MeetingSession, old: PublishedSession, places: Mapping[int, Place], parties: Mapping[int, Delegation]
) -> Frozen:
    was = _thawed(old, places, parties)
    state = old.state if row.held_back else SessionState.CANCELLED
    return Frozen(
        row=row,
        starts=was.starts,
        ends=was.ends,
        state=state,
        place=was.place,
        delegations=was.delegations,
        delegate_ids=was.delegate_ids,
        interpreter_ids=was.interpreter_ids,
        case_ids=was.case_ids,
        kept=row.held_back,
    )


def _addressees(session: Session, meeting: Meeting, frozen: Iterable[Frozen]) -> list[_Addressee]:
    known = queries.participations(session, meeting)
    wanted: dict[tuple[int, str, int], dict[str, Any] | None] = dict.fromkeys(known)
    for one in frozen:
        if one.kept:
            for place in [k for k in wanted if k[0] == one.row.id]:
                del wanted[place]
            continue
        facts = None if one.gone else one.facts()
        for kind, ids in (("delegate", one.delegate_ids), ("interpreter", one.interpreter_ids)):
            for ident in ids:
                wanted[one.row.id, kind, ident] = facts
    people: dict[tuple[str, int], Delegate | Interpreter] = {}
    people |= {("delegate", i): p for i, p in queries.delegates(session, _ids(wanted, "delegate")).items()}
    people |= {("interpreter", i): p for i, p in queries.interpreters(session, _ids(wanted, "interpreter")).items()}
    found = []
    for place, facts in sorted(wanted.items(), key=lambda item: item[0]):
        row = known.get(place)
        told = None if row is None else Told(row.invited, row.sequence, row.told_text)
        what = news(told, facts)
        if what is not None:
            found.append(_Addressee(place[0], people[place[1], place[2]], row, what))
    return found


def _ids(wanted: Iterable[tuple[int, str, int]], kind: str) -> set[int]:
    return {ident for _session, what, ident in wanted if what == kind}


def _person_key(person: Delegate | Interpreter) -> str:
    return f"{type(person).__name__}-{person.id}"


def _published(publication: Publication, one: Frozen) -> PublishedSession:
    frozen = PublishedSession(
        publication_id=publication.id,
        session_id=one.row.id,
        kind=one.row.kind,
        state=SessionState.CONFIRMED if one.state is SessionState.DRAFT else one.state,
        everybody=one.row.everybody,
        place_id=None if one.place is None else one.place.id,
        building=None if one.place is None else one.place.building,
        interpretation=one.row.interpretation,
        delegation_ids=[delegation.id for delegation in one.delegations],
        delegate_ids=list(one.delegate_ids),
        interpreter_ids=list(one.interpreter_ids),
        case_ids=list(one.case_ids),
    )
    set_planned(frozen, one.starts, one.ends, one.row.zone)
    return frozen


def _tell(
    session: Session,
    meeting: Meeting,
    publication: Publication,
    addressee: _Addressee,
    now: datetime,
    stamps: Mapping[int, datetime],
    domain: str,
) -> None:
    what = addressee.news
    row = addressee.row
    if row is None:
        is_delegate = isinstance(addressee.person, Delegate)
        row = Participation(
            session_id=addressee.session_id,
            delegate_id=addressee.person.id if is_delegate else None,
            interpreter_id=None if is_delegate else addressee.person.id,
            uid=chance.uid(),
        )
        session.add(row)
    row.invited = what.method is Method.REQUEST
    row.sequence = what.sequence
    row.told_text = dict(what.facts)
    row.told_in_id = publication.id
    if what.asks_again:
        row.answer, row.answered_at = PartStat.NEEDS_ACTION, None
    session.flush()
    if not addressee.person.email:
        return
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.participation_id == row.id, OutboxMessage.state.in_((OutboxState.WAITING, OutboxState.HELD))
        )
        .values(state=OutboxState.OVERTAKEN)
    )
    dtstamp = stamp(now, stamps.get(row.id))
    session.add(
        OutboxMessage(
            meeting_id=meeting.id,
            publication_id=publication.id,
            participation_id=row.id,
            change=what.change,
            method=what.method,
            recipient=addressee.person.email,
            language=addressee.person.language,
            uid=row.uid,
            sequence=what.sequence,
            dtstamp=dtstamp,
            message_id=f"<{row.uid}.{what.sequence}.{dtstamp:%Y%m%dT%H%M%SZ}@{domain}>",
            thread_id=f"<{row.uid}@{domain}>",
            facts=_message_facts(meeting, addressee, row),
            next_at=now,
        )
    )


def _message_facts(meeting: Meeting, addressee: _Addressee, row: Participation) -> dict[str, Any]:
    what, person = addressee.news, addressee.person
    own = person.delegation.party.code if isinstance(person, Delegate) else None
    return {
        "session": dict(what.facts),
        "before": None if what.before is None else dict(what.before),
        "meeting": meeting.title.to_json(),
        "slug": meeting.slug,
        "name": person.name,
        "zone": person.zone,
        "own_party": own,
        "role": "delegate" if isinstance(person, Delegate) else "interpreter",
        "answer": row.answer.value,
    }


def answer(session: Session, row: Participation, *, actor: User, now: datetime, said: PartStat) -> None:
    """Keep what a person answered to the version that it was told last.

    Raises:
        Refused: The person is not invited (any more).
    """
    if not row.invited:
        raise Refused("not_invited")
    row.answer, row.answered_at, row.answered_sequence = said, now, row.sequence
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"answer_{said.value.lower()}",
        object_type="participation",
        object_ids=[row.id],
    )


def claim_messages(session: Session, *, now: datetime, until: datetime, most: int = 50) -> list[OutboxMessage]:
    """Lease waiting messages (and those whose lease ran out) to be rendered and sent by one worker."""
    due = (
        select(OutboxMessage)
        .where(
            ((OutboxMessage.state == OutboxState.WAITING) & (OutboxMessage.next_at <= now))
            | ((OutboxMessage.state == OutboxState.SENDING) & (OutboxMessage.leased_until < now))
        )
        .order_by(OutboxMessage.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(due))
    for row in rows:
        row.state, row.leased_until = OutboxState.SENDING, until
    session.flush()
    return rows


def try_again(session: Session, message: OutboxMessage, *, actor: User, now: datetime) -> None:
    """Put a refused or held message back in the queue, with the same bytes."""
    message.state, message.next_at, message.problem = OutboxState.WAITING, now, None
    session.flush()
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=message.meeting_id)


def hold(session: Session, message: OutboxMessage) -> None:
    """Keep a waiting message back.

    Raises:
        Refused: It has left already.
    """
    if message.state is not OutboxState.WAITING:
        raise Refused("already_sent")
    message.state = OutboxState.HELD
    session.flush()
