"""Who hears of which session in a publication, and the outbox row that says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from confmgr.delegations.belonging import has_left
from confmgr.delegations.models import Delegate, Interpreter
from confmgr.invitations import queries, standing
from confmgr.invitations.domain import Facts, MailKind, Method, News, OutboxState, PartStat, Told, news, stamp
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.invitations.services.freezing import Frozen
from confmgr.meetings.models import Meeting
from confmgr.scheduling.models import MeetingSession
from confmgr.values import chance
from confmgr.values.addresses import domain_of

UNSENT = (OutboxState.WAITING, OutboxState.HELD)
"""States of a mail that a newer one overtakes; one that is being sent may leave, and calendars put both in order."""

_MESSAGES: Any = OutboxMessage.__table__
_PARTICIPATIONS: Any = Participation.__table__


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who hears of a session, and what."""

    session_id: int
    person: Delegate | Interpreter
    row: standing.Standing | Participation | None
    news: News


def addressees_of(session: Session, meeting: Meeting, frozen: Iterable[Frozen], now: datetime) -> list[Addressee]:
    """Everybody who must hear something if this were published now, in a stable order."""
    known = standing.participations(session, meeting)
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
    addressees: Sequence[Addressee],
    now: datetime,
    domain: str,
) -> None:
    """Raise participations to their new version, and write the messages; of older ones, what is unsent is overtaken.

    A handful of statements, however many hear of it.
    """
    versions = [_version(one, publication, now) for one in addressees]
    title = meeting.title.to_json()
    ids = _keep(session, addressees, versions)
    _overtake(session, meeting, publication)
    written = [
        {
            **outbox_row(meeting, title, one, version, domain),
            "publication_id": publication.id,
            "participation_id": ids[version["uid"]],
            "next_at": now,
        }
        for one, version in zip(addressees, versions, strict=True)
        if one.person.email
    ]
    if written:
        session.execute(insert(_MESSAGES), written)


def _version(addressee: Addressee, publication: Publication, now: datetime) -> dict[str, Any]:
    """What a participation is from this publication on; `id` only of one that exists.

    An answer that stays is not written again, as another one may come in just now.
    """
    what, row = addressee.news, addressee.row
    version: dict[str, Any] = {
        "invited": what.method is Method.REQUEST,
        "sequence": what.sequence,
        "told_text": what.facts,
        "told_in_id": publication.id,
        "dtstamp": stamp(now, None if row is None else row.dtstamp),
    }
    if row is None:
        return {**version, **_identity(addressee), "answer": PartStat.NEEDS_ACTION}
    again = {"answer": PartStat.NEEDS_ACTION, "answered_at": None} if what.asks_again else {}
    return {**version, **again, "id": row.id, "uid": row.uid}


def _identity(addressee: Addressee) -> dict[str, Any]:
    is_delegate = isinstance(addressee.person, Delegate)
    return {
        "session_id": addressee.session_id,
        "delegate_id": addressee.person.id if is_delegate else None,
        "interpreter_id": None if is_delegate else addressee.person.id,
        "uid": chance.uid(),
    }


def _keep(session: Session, addressees: Sequence[Addressee], versions: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Write the versions, a statement for each set of columns; gives the ids of participations by UID."""
    known = sorted((one for one in versions if "id" in one), key=lambda one: "answer" in one)
    fresh = [one for one in versions if "id" not in one]
    ids: dict[str, int] = {one["uid"]: one["id"] for one in known}
    if known:
        session.execute(update(Participation), known)
    for row in session.identity_map.values():
        if isinstance(row, Participation):
            session.expire(row)
    if fresh:
        ids |= dict(
            session.execute(insert(_PARTICIPATIONS).returning(Participation.uid, Participation.id), fresh).all()
        )
    return ids


def _overtake(session: Session, meeting: Meeting, publication: Publication) -> None:
    told = (
        select(Participation.id)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(MeetingSession.meeting_id == meeting.id, Participation.told_in_id == publication.id)
    )
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.participation_id.in_(told), OutboxMessage.state.in_(UNSENT))
        .values(state=OutboxState.OVERTAKEN)
    )


def sample(meeting: Meeting, addressee: Addressee, now: datetime, domain: str) -> OutboxMessage:
    """The message that publishing now would write, in no session and never kept: to be looked at.

    The identifier of a first invitation is made anew each time, so that of the mail that leaves is another.
    """
    row = addressee.row
    version = {"uid": chance.uid() if row is None else row.uid, "dtstamp": stamp(now, None)}
    return OutboxMessage(**outbox_row(meeting, meeting.title.to_json(), addressee, version, domain))


def outbox_row(
    meeting: Meeting, title: Facts, addressee: Addressee, version: Mapping[str, Any], domain: str
) -> dict[str, Any]:
    """The columns of a message that say what somebody hears; `version` has the UID and the DTSTAMP."""
    what, person = addressee.news, addressee.person
    uid, dtstamp = version["uid"], version["dtstamp"]
    return {
        "meeting_id": meeting.id,
        "kind": MailKind.INVITATION,
        "change": what.change,
        "method": what.method,
        "recipient": person.email,
        "domain": domain_of(person.email or ""),
        "language": person.language,
        "uid": uid,
        "sequence": what.sequence,
        "dtstamp": dtstamp,
        "message_id": f"<{uid}.{what.sequence}.{dtstamp:%Y%m%dT%H%M%SZ}@{domain}>",
        "thread_id": f"<{uid}@{domain}>",
        "facts": _message_facts(meeting, title, addressee),
    }


def _message_facts(meeting: Meeting, title: Facts, addressee: Addressee) -> dict[str, Any]:
    what, person, row = addressee.news, addressee.person, addressee.row
    answer = PartStat.NEEDS_ACTION if row is None or what.asks_again else row.answer
    own = person.delegation.party.code if isinstance(person, Delegate) else None
    return {
        "session": what.facts,
        "before": what.before,
        "meeting": title,
        "slug": meeting.slug,
        "name": person.name,
        "zone": person.zone,
        "own_party": own,
        "role": "delegate" if isinstance(person, Delegate) else "interpreter",
        "answer": answer.value,
    }
