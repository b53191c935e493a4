"""New rules of time zones: every planned instant derived again, and what moved published once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from confmgr.activity.services import record
from confmgr.delegations.models import Delegate, Delegation
from confmgr.invitations import queries, standing
from confmgr.invitations.domain import Facts, Told, news
from confmgr.invitations.models import Publication, PublishedSession, ZoneRules
from confmgr.invitations.services.telling import Addressee, tell
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.orm.planned import derive_again
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services.commands import next_revision
from confmgr.values.times import NoSuchTime, TwoSuchTimes, UnknownZone, instant


@dataclass(frozen=True, slots=True)
class Applied:
    """What new rules did: how many rows moved, and which publications say so."""

    moved: int
    publications: tuple[Publication, ...]


def apply_zone_rules(session: Session, *, version: str, now: datetime, domain: str) -> Applied | None:
    """Derive every planned instant that lies ahead again, if this version of the rules was not applied before.

    What is published keeps its wall times and gets their new instants in one new publication a meeting, made by
    nobody: everybody whose session moved gets one mail. What organisers have changed since stays theirs to publish.
    The very first version that an installation sees is only noted: what it holds was derived by it, or by one that
    nobody noted.

    Args:
        session: An open transaction; everything happens in it.
        version: Of the tzdata that is installed.
        now: The present instant.
        domain: Right side of the Message-IDs.

    Returns:
        None if the version is known.
    """
    if session.scalar(select(ZoneRules.id).where(ZoneRules.version == version)) is not None:
        return None
    is_first = session.scalar(select(ZoneRules.id).limit(1)) is None
    claimed = _claim(session, version, now)
    if claimed is None:
        return None
    done = derive_again(session, now=now, zones=_zones(), leave=_FROZEN)
    for meeting in _meetings_of(session, done.moved.get("meeting_session", ())):
        next_revision(session, meeting)
    published = [] if is_first else _publish_moved(session, now, domain)
    session.get_one(ZoneRules, claimed).moved = done.total
    record(
        session,
        actor=None,
        now=now,
        action="apply_zone_rules",
        object_type="zone_rules",
        facts={
            "version": version,
            "moved": {table: len(ids) for table, ids in done.moved.items()},
            "unsound": done.unsound,
            "publications": len(published),
        },
    )
    session.flush()
    return Applied(done.total, tuple(published))


_FROZEN = ("published_session",)
"""What was published is a record; its new instants stand in a new publication."""


def _zones() -> dict[str, ColumnElement[str]]:
    """Arrivals and departures are told in the zone of the meeting, not in that of the person's home."""
    venue = (
        select(Meeting.zone)
        .join(Delegation, Delegation.meeting_id == Meeting.id)
        .where(Delegation.id == Delegate.delegation_id)
        .correlate(Delegate)
    )
    return {"delegate": venue.scalar_subquery()}


def _claim(session: Session, version: str, now: datetime) -> int | None:
    """The row of this version; None if another worker is at it, or was."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {"version": version, "applied_at": now, "moved": 0}
    return session.scalar(
        dialect.insert(ZoneRules).on_conflict_do_nothing(index_elements=["version"]).returning(ZoneRules.id), row
    )


def _meetings_of(session: Session, session_ids: Collection[int]) -> list[Meeting]:
    ids = select(MeetingSession.meeting_id).where(MeetingSession.id.in_(session_ids))
    return list(session.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id))) if session_ids else []


Instants = tuple[datetime, datetime]


def _publish_moved(session: Session, now: datetime, domain: str) -> list[Publication]:
    """One new publication for each meeting of whose published sessions some, still ahead, have moved."""
    made = []
    for last, rows in _last_published(session, now).items():
        moved = {row.id: fresh for row in rows if (fresh := _moved(row)) is not None}
        if moved:
            made.append(
                _publish_again(session, last, moved, {row.session_id for row in rows if row.id in moved}, now, domain)
            )
    if made:
        enqueue(session, "send_outbox", {}, owner=None, now=now)
    return made


def _last_published(session: Session, now: datetime) -> dict[Publication, list[PublishedSession]]:
    """Sessions that are ahead and take place, of the last publication of each meeting."""
    newest = select(func.max(Publication.id)).group_by(Publication.meeting_id)
    rows = session.scalars(
        select(PublishedSession)
        .where(
            PublishedSession.publication_id.in_(newest),
            PublishedSession.ends_at > now,
            PublishedSession.state.not_in(GONE),
        )
        .options(joinedload(PublishedSession.publication).joinedload(Publication.meeting))
        .order_by(PublishedSession.publication_id, PublishedSession.id)
    )
    found: dict[Publication, list[PublishedSession]] = {}
    for row in rows:
        found.setdefault(row.publication, []).append(row)
    return found


def _moved(row: PublishedSession) -> Instants | None:
    try:
        fresh = instant(row.starts_local, row.zone), instant(row.ends_local, row.zone)
    except (NoSuchTime, TwoSuchTimes, UnknownZone):
        return None
    return None if fresh == (row.starts_at, row.ends_at) else fresh


def _publish_again(
    session: Session,
    last: Publication,
    moved: Mapping[int, Instants],
    session_ids: Collection[int],
    now: datetime,
    domain: str,
) -> Publication:
    """What `last` holds, with the instants of `moved` (by row of `last`); whoever was told another instant hears."""
    publication = Publication(meeting_id=last.meeting_id, number=last.number + 1, made_at=now, made_by_id=None)
    session.add(publication)
    session.flush()
    table = PublishedSession.__table__
    kept = [column for column in table.columns if column.name != "publication_id"]
    copies = []
    for row in session.execute(select(*kept).where(table.c.publication_id == last.id).order_by(table.c.id)):
        copy = {**row._mapping, "publication_id": publication.id}  # noqa: SLF001  # SQLAlchemy's public name
        if (fresh := moved.get(copy.pop("id"))) is not None:
            copy["starts_at"], copy["ends_at"] = fresh
        copies.append(copy)
    session.execute(insert(PublishedSession), copies)
    told = _addressees(session, last.meeting, session_ids)
    tell(session, last.meeting, publication, told, now, domain)
    record(
        session,
        actor=None,
        now=now,
        action="publish",
        object_type="publication",
        object_uuid=publication.uuid,
        meeting_id=last.meeting_id,
        facts={"number": publication.number, "told": len(told), "because": "zone_rules"},
    )
    return publication


def _addressees(session: Session, meeting: Meeting, session_ids: Collection[int]) -> list[Addressee]:
    """Whoever was told of these sessions, with nothing new but the instants of what they were told."""
    known = standing.participations(session, meeting).values()
    rows = [row for row in known if row.invited and row.session_id in session_ids]
    delegates = queries.delegates(session, {row.delegate_id for row in rows if row.delegate_id is not None})
    crew = queries.interpreters(session, {row.interpreter_id for row in rows if row.interpreter_id is not None})
    found = []
    for row in rows:
        what = news(Told(row.invited, row.sequence, row.told_text), _told_again(row.told_text))
        person = crew[row.interpreter_id or 0] if row.delegate_id is None else delegates[row.delegate_id]
        if what is not None:
            found.append(Addressee(row.session_id, person, row, what))
    return found


def _told_again(facts: Facts | None) -> Facts | None:
    """The same facts by the present rules; unchanged where a wall time does not exist once."""
    if facts is None:
        return None
    try:
        starts, ends = (
            instant(datetime.fromisoformat(facts[f"{end}_local"]), facts["zone"]) for end in ("starts", "ends")
        )
    except (NoSuchTime, TwoSuchTimes, UnknownZone):
        return facts
    return {**facts, "starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
