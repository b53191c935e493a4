"""Who hears of which session in a publication, and the outbox row that says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from confmgr.delegations.belonging import has_left
from confmgr.delegations.models import Delegate, Interpreter
from confmgr.invitations import queries
from confmgr.invitations.domain import MailKind, Method, News, OutboxState, PartStat, Told, news, stamp
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.invitations.services.freezing import Frozen
from confmgr.meetings.models import Meeting
from confmgr.values import chance


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who hears of a session, and what."""

    session_id: int
    person: Delegate | Interpreter
    row: Participation | None
    news: News


def addressees_of(session: Session, meeting: Meeting, frozen: Iterable[Frozen], now: datetime) -> list[Addressee]:
    """Everybody who must hear something if this were published now, in a stable order."""
    known = queries.participations(session, meeting)
    wanted: dict[tuple[int, str, int], dict[str, Any] | None] = dict.fromkeys(known)
    for one in frozen:
        if one.kept:
            for place in [k for k in wanted if k[0] == one.row.id]:
                if place[1] != "delegate" or place[2] not in one.losing:
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
        person = people[place[1], place[2]]
        if what is not None and not _sat_there_and_left(person, what, now):
            found.append(Addressee(place[0], person, row, what))
    return found


def _sat_there_and_left(person: Delegate | Interpreter, what: News, now: datetime) -> bool:
    if what.method is not Method.CANCEL or isinstance(person, Interpreter):
        return False
    return has_left(person) and datetime.fromisoformat(what.facts["ends_at"]) <= now


def _ids(wanted: Iterable[tuple[int, str, int]], kind: str) -> set[int]:
    return {ident for _session, what, ident in wanted if what == kind}


def person_key(person: Delegate | Interpreter) -> str:
    """One text a person, across delegates and interpreters."""
    return f"{type(person).__name__}-{person.id}"


def tell(
    session: Session,
    meeting: Meeting,
    publication: Publication,
    addressee: Addressee,
    now: datetime,
    domain: str,
) -> None:
    """Raise a participation to its new version, and write its message; an unsent older one is overtaken."""
    what = addressee.news
    row = addressee.row or _new_row(addressee)
    session.add(row)
    row.invited = what.method is Method.REQUEST
    row.sequence = what.sequence
    row.told_text = dict(what.facts)
    row.told_in_id = publication.id
    if what.asks_again:
        row.answer, row.answered_at = PartStat.NEEDS_ACTION, None
    row.dtstamp = stamp(now, row.dtstamp)
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
    message = _message(meeting, addressee, row, row.dtstamp, domain)
    message.publication_id, message.participation_id, message.next_at = publication.id, row.id, now
    session.add(message)


def sample(meeting: Meeting, addressee: Addressee, now: datetime, domain: str) -> OutboxMessage:
    """The message that publishing now would write, in no session and never kept: to be looked at.

    The identifier of a first invitation is made anew each time, so that of the mail that leaves is another.
    """
    row = addressee.row or _new_row(addressee)
    return _message(meeting, addressee, row, stamp(now, None), domain)


def _new_row(addressee: Addressee) -> Participation:
    is_delegate = isinstance(addressee.person, Delegate)
    return Participation(
        session_id=addressee.session_id,
        delegate_id=addressee.person.id if is_delegate else None,
        interpreter_id=None if is_delegate else addressee.person.id,
        uid=chance.uid(),
        answer=PartStat.NEEDS_ACTION,
    )


def _message(
    meeting: Meeting, addressee: Addressee, row: Participation, dtstamp: datetime, domain: str
) -> OutboxMessage:
    what = addressee.news
    return OutboxMessage(
        meeting_id=meeting.id,
        kind=MailKind.INVITATION,
        change=what.change,
        method=what.method,
        recipient=addressee.person.email,
        domain=(addressee.person.email or "").rpartition("@")[2].lower(),
        language=addressee.person.language,
        uid=row.uid,
        sequence=what.sequence,
        dtstamp=dtstamp,
        message_id=f"<{row.uid}.{what.sequence}.{dtstamp:%Y%m%dT%H%M%SZ}@{domain}>",
        thread_id=f"<{row.uid}@{domain}>",
        facts=_message_facts(meeting, addressee, row),
    )


def _message_facts(meeting: Meeting, addressee: Addressee, row: Participation) -> dict[str, Any]:
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
        "answer": PartStat.NEEDS_ACTION.value if what.asks_again else row.answer.value,
    }
