"""What was published so far, as differences: for organisers all of it, for others what concerned them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.delegations.models import Delegate, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations import queries
from confmgr.invitations.differences import Heard, heard, of_facts
from confmgr.invitations.domain import ChangeKind, Facts, change_of
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession
from confmgr.invitations.services.freezing import Frozen, thawed
from confmgr.meetings.models import Meeting
from confmgr.scheduling.differences import Aspect, Detail, listed


def get_publication(session: Session, meeting: Meeting, ident: uuid.UUID) -> Publication:
    """One publication.

    Raises:
        NotFound: The meeting has no such publication.
    """
    row = session.scalar(
        select(Publication)
        .where(Publication.uuid == ident, Publication.meeting_id == meeting.id)
        .options(joinedload(Publication.made_by))
    )
    if row is None:
        raise NotFound("publication", ident)
    return row


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication changed of one session, and how many mails said it, by language."""

    session_id: int
    heard: Heard
    mails: Mapping[str, int]


def differences(session: Session, meeting: Meeting, publication: Publication) -> list[Published]:
    """What a publication changed, session by session, in a constant number of statements.

    Words that a publication keeps no copy of (titles) are taken from the mails that it made.
    """
    before = _frozen(session, meeting, _previous(session, publication))
    after = _frozen(session, meeting, publication)
    told = _messages(session, publication)
    names = _names(session, [*before.values(), *after.values()])
    found = []
    for ident, one in after.items():
        mails = told.get(ident, [])
        change = _change(before.get(ident), one, mails, names)
        if change is not None:
            languages = [language for language, _facts in mails]
            found.append(Published(ident, change, {tag: languages.count(tag) for tag in sorted(set(languages))}))
    return found


def _previous(session: Session, publication: Publication) -> Publication | None:
    return session.scalar(
        select(Publication).where(
            Publication.meeting_id == publication.meeting_id, Publication.number == publication.number - 1
        )
    )


def _frozen(session: Session, meeting: Meeting, publication: Publication | None) -> dict[int, Frozen]:
    if publication is None:
        return {}
    places, parties = queries.places(session, meeting), queries.parties_of(session, meeting)
    rows = queries.published_sessions(session, publication)
    return {row.session_id: thawed(row, places, parties) for row in rows}


def _messages(session: Session, publication: Publication) -> dict[int, list[tuple[str, dict[str, Any]]]]:
    rows = session.execute(
        select(Participation.session_id, OutboxMessage.language, OutboxMessage.facts)
        .join(Participation, Participation.id == OutboxMessage.participation_id)
        .where(OutboxMessage.publication_id == publication.id)
        .order_by(OutboxMessage.id)
    )
    found: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for ident, language, facts in rows:
        found.setdefault(ident, []).append((language, facts))
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    delegates: Mapping[int, str]
    interpreters: Mapping[int, str]
    cases: Mapping[int, str]


def _names(session: Session, frozen: Sequence[Frozen]) -> _Names:
    people = {ident for one in frozen for ident in one.delegate_ids}
    crew = {ident for one in frozen for ident in one.interpreter_ids}
    cases = {ident for one in frozen for ident in one.case_ids}
    return _Names(
        dict(session.execute(select(Delegate.id, Delegate.latin_name).where(Delegate.id.in_(people))).all()),
        dict(session.execute(select(Interpreter.id, Interpreter.latin_name).where(Interpreter.id.in_(crew))).all()),
        queries.case_references(session, cases),
    )


def _change(
    old: Frozen | None, new: Frozen, mails: Sequence[tuple[str, dict[str, Any]]], names: _Names
) -> Heard | None:
    after = new.facts()
    before = None if old is None else old.facts()
    kind = change_of(before, after)
    last = next((facts for _language, facts in mails if facts["before"] is not None), None)
    if before is not None and last is not None:
        before["title"], after["title"] = last["before"]["title"], last["session"]["title"]
    details: list[Detail] = []
    if old is not None and before is not None and not new.gone and not old.gone:
        details = [*of_facts(before, after), *_lists(old, new, names)]
    if kind is None and details:
        kind = ChangeKind.CHANGED
    return None if kind is None else Heard(kind, before, after, tuple(details))


def _lists(old: Frozen, new: Frozen, names: _Names) -> list[Detail]:
    return [
        *listed(Aspect.PEOPLE, _called(names.delegates, old.delegate_ids), _called(names.delegates, new.delegate_ids)),
        *listed(
            Aspect.INTERPRETERS,
            _called(names.interpreters, old.interpreter_ids),
            _called(names.interpreters, new.interpreter_ids),
        ),
        *listed(Aspect.CASES, _called(names.cases, old.case_ids), _called(names.cases, new.case_ids)),
    ]


def _called(names: Mapping[int, str], ids: Collection[int]) -> list[str]:
    return [names[ident] for ident in ids if ident in names]


@dataclass(frozen=True, slots=True)
class OwnChanges:
    """What one publication changed for some people: when, and what, by time."""

    at: datetime
    heard: tuple[Heard, ...]


def own_changes(
    session: Session, meeting: Meeting, *, delegate_ids: Collection[int], interpreter_ids: Collection[int]
) -> list[OwnChanges]:
    """What publications changed for some people, the newest first; those that changed nothing for them are absent.

    Only sessions that the people were ever invited to are read, and of these only what invitations say: neither who
    else comes, nor cases.
    """
    told = queries.told_to(session, meeting, delegate_ids=delegate_ids, interpreter_ids=interpreter_ids)
    rows = session.scalars(
        select(PublishedSession)
        .join(Publication, Publication.id == PublishedSession.publication_id)
        .where(PublishedSession.session_id.in_({row.session_id for row in told}))
        .options(joinedload(PublishedSession.publication), joinedload(PublishedSession.session))
        .order_by(Publication.number, PublishedSession.starts_at)
    ).all()
    places, parties = queries.places(session, meeting), queries.parties_of(session, meeting)
    titles = _titles(session, told)
    found: dict[int, list[Heard]] = {}
    published: dict[int, Publication] = {}
    for one in told:
        versions = [row for row in rows if row.session_id == one.session_id]
        facts = _facts_for(one, [(row.publication_id, thawed(row, places, parties)) for row in versions], titles)
        for row, what in zip(versions, heard(facts), strict=True):
            if what is not None:
                published[row.publication_id] = row.publication
                found.setdefault(row.publication_id, []).append(what)
    newest = sorted(published.values(), key=lambda publication: -publication.number)
    return [OwnChanges(one.made_at, tuple(sorted(found[one.id], key=_start))) for one in newest]


def _start(one: Heard) -> str:
    return str(one.after["starts_at"])


def _facts_for(
    who: Participation, versions: Sequence[tuple[int, Frozen]], titles: Mapping[tuple[int, int], Any]
) -> list[Facts | None]:
    title = next(
        (titles[who.id, at] for at, _one in versions if (who.id, at) in titles), (who.told_text or {})["title"]
    )
    found: list[Facts | None] = []
    for at, one in versions:
        title = titles.get((who.id, at), title)
        takes_part = who.delegate_id in one.delegate_ids or who.interpreter_id in one.interpreter_ids
        found.append({**one.facts(), "title": title} if takes_part and not one.gone else None)
    return found


def _titles(session: Session, told: Sequence[Participation]) -> dict[tuple[int, int], Any]:
    """What each mail called its session, by participation and publication: publications keep no titles."""
    rows = session.execute(
        select(OutboxMessage.participation_id, OutboxMessage.publication_id, OutboxMessage.facts).where(
            OutboxMessage.participation_id.in_({row.id for row in told})
        )
    )
    return {(ident, at): facts["session"]["title"] for ident, at, facts in rows}
