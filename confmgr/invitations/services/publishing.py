"""Publishing: a frozen publication and its outbox rows in one transaction. Nothing is sent here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations import queries
from confmgr.invitations.domain import ChangeKind, Difference, change_of
from confmgr.invitations.models import Publication
from confmgr.invitations.services.freezing import as_published, freeze, published_facts
from confmgr.invitations.services.telling import addressees_of, person_key, tell
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import CommandKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import step


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing now would do: the difference session by session, and how many mails would leave."""

    changes: tuple[Difference, ...]
    mails: int
    people: int
    languages: Mapping[str, int]
    unchanged: int
    held_back: tuple[MeetingSession, ...]

    @property
    def mark(self) -> str:
        """A short digest of the changes: the same as long as publishing would do the same."""
        told = [(c.session_id, c.change.value, c.before, c.after, c.people) for c in self.changes]
        return hashlib.sha256(json.dumps([told, self.mails], sort_keys=True).encode()).hexdigest()[:16]


def preview(session: Session, meeting: Meeting) -> Preview:
    """The difference between the working schedule and what is published; writes nothing."""
    before = published_facts(session, meeting)
    frozen = freeze(session, meeting)
    addressees = addressees_of(session, meeting, frozen)
    heard: dict[int, set[str]] = {}
    languages: dict[str, int] = {}
    for one in addressees:
        heard.setdefault(one.session_id, set()).add(person_key(one.person))
    for person in {person_key(one.person): one.person for one in addressees if one.person.email}.values():
        languages[person.language] = languages.get(person.language, 0) + 1
    changes = []
    for one_frozen in frozen:
        kind = change_of(before.get(one_frozen.row.id), one_frozen.facts())
        people = len(heard.get(one_frozen.row.id, ()))
        if kind is None and people:
            kind = ChangeKind.CHANGED
        if kind is not None:
            changes.append(
                Difference(one_frozen.row.id, kind, before.get(one_frozen.row.id), one_frozen.facts(), people)
            )
    return Preview(
        changes=tuple(changes),
        mails=sum(bool(one.person.email) for one in addressees),
        people=len({person_key(one.person) for one in addressees}),
        languages=languages,
        unchanged=len(frozen) - len(changes),
        held_back=tuple(one.row for one in frozen if one.kept),
    )


def publish(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    domain: str,
    note: str | None = None,
    seen: str | None = None,
) -> Publication:
    """Freeze the schedule, raise sequences, and write one outbox row for each participation that must hear.

    Args:
        session: An open transaction; everything happens in it.
        meeting: The meeting.
        actor: Who publishes.
        now: When; DTSTAMP of every message unless an earlier one was not older.
        domain: Right side of the Message-IDs.
        note: For the change log.
        seen: `Preview.mark` of what the person confirmed; None to publish whatever there is.

    Raises:
        Refused: Nothing is placed yet.
        StaleVersion: The schedule has changed since the preview was shown.
    """
    if seen is not None and preview(session, meeting).mark != seen:
        raise StaleVersion("schedule", meeting.slug)
    frozen = freeze(session, meeting)
    if not frozen:
        raise Refused("nothing_to_publish")
    last = queries.latest(session, meeting)
    addressees = addressees_of(session, meeting, frozen)
    publication = Publication(
        meeting_id=meeting.id,
        number=1 if last is None else last.number + 1,
        made_at=now,
        made_by_id=actor.id,
        note=note,
    )
    session.add(publication)
    session.flush()
    session.add_all(as_published(publication, one) for one in frozen)
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.PUBLISH):
        for one in frozen:
            if one.row.state is SessionState.DRAFT and not one.kept and one.row.removed_at is None:
                one.row.state = SessionState.CONFIRMED
    stamps = queries.last_stamps(session, meeting)
    for addressee in addressees:
        tell(session, meeting, publication, addressee, now, stamps, domain)
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
