"""What a publication keeps of each session: the working schedule and the last publication, as one shape."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegation
from confmgr.invitations import queries
from confmgr.invitations.domain import UNINVITED
from confmgr.invitations.models import Publication, PublishedSession
from confmgr.meetings.models import Meeting, Place
from confmgr.orm.base import set_planned
from confmgr.scheduling import queries as schedule
from confmgr.scheduling.attendance import Side, attendees
from confmgr.scheduling.domain import GONE, SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import planned_instant
from confmgr.values.words import Words

OVER = frozenset({SessionState.HELD, SessionState.ABSENT})
"""States of a session that has been: it stays as it was published, for those who were invited to it."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One session as a publication keeps it; `row` is the live one, whose other values may have gone on.

    `kept`: held back or over, so that nobody hears of it but those of `losing`, who may not see it any more.
    """

    row: MeetingSession
    kind: SessionKind
    title: Words | None
    zone: str
    starts: datetime
    ends: datetime
    starts_at: datetime
    ends_at: datetime
    state: SessionState
    everybody: bool
    place: Place | None
    building: str | None
    interpretation: str | None
    delegations: tuple[Delegation, ...]
    delegate_ids: tuple[int, ...]
    interpreter_ids: tuple[int, ...]
    case_ids: tuple[int, ...]
    kept: bool = False
    losing: tuple[int, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether nobody has to come any more."""
        return self.state in GONE

    def facts(self) -> dict[str, Any]:
        """The session for comparison and for its attendees: JSON, never the text of an item."""
        return {
            "kind": self.kind.value,
            "title": None if self.title is None else self.title.to_json(),
            "parties": [delegation.party.code for delegation in self.delegations],
            "names": {d.party.code: d.party.short_name.to_json() for d in self.delegations},
            "starts_local": self.starts.isoformat(timespec="minutes"),
            "ends_local": self.ends.isoformat(timespec="minutes"),
            "zone": self.zone,
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "place_id": None if self.place is None else self.place.id,
            "place": None if self.place is None else self.place.name.to_json(),
            "building": self.building,
            "interpretation": self.interpretation,
            "state": "confirmed" if not self.gone else self.state.value,
        }


@dataclass(frozen=True, slots=True)
class Material:
    """The working schedule beside what was published last: everything that freezing needs, read once."""

    last: Publication | None
    earlier: Mapping[int, PublishedSession]
    rows: Sequence[MeetingSession]
    sides: Mapping[int, Side]
    parties: Mapping[int, Delegation]
    places: Mapping[int, Place]

    def published_facts(self) -> dict[int, dict[str, Any]]:
        """What the last publication says of each session, by the session's id."""
        return {ident: thawed(one, self.places, self.parties).facts() for ident, one in self.earlier.items()}


def material(session: Session, meeting: Meeting) -> Material:
    """What can be published, and what was."""
    last = queries.latest(session, meeting)
    earlier = {} if last is None else {one.session_id: one for one in queries.published_sessions(session, last)}
    rows = schedule.sessions(session, meeting)
    if deleted := earlier.keys() - {row.id for row in rows}:
        rows += schedule.sessions_by_id(session, meeting, deleted)
    return Material(
        last=last,
        earlier=earlier,
        rows=rows,
        sides=queries.sides(session, meeting),
        parties=queries.parties_of(session, meeting),
        places=queries.places(session, meeting),
    )


def freeze(given: Material, held: Collection[int], *, losing: Collection[int] = ()) -> list[Frozen]:
    """Every session as it would be published now; held back ones (ids) as they were, lost ones as cancelled.

    Args:
        given: What was read.
        held: Ids of sessions that are held back.
        losing: Ids of delegates who have lost the right to what they were told; they drop out of held back ones too.
    """
    everyone = tuple(person for side in given.sides.values() for person in side.people)
    frozen = []
    for row in given.rows:
        old = given.earlier.get(row.id)
        over = old is not None and row.state in OVER  # nobody is told afterwards that they need not have come
        if row.id in held or over or row.removed_at or row.starts_local is None or row.ends_local is None:
            if old is not None:
                before = _as_before(row, old, given, kept=row.id in held or over)
                frozen.append(before if over or not before.kept else _without(before, losing))
            continue
        if old is None and row.state in GONE:
            continue
        frozen.append(_as_it_is(row, row.starts_local, row.ends_local, given.sides, everyone))
    return frozen


def _without(before: Frozen, losing: Collection[int]) -> Frozen:
    gone = tuple(person for person in before.delegate_ids if person in losing)
    stay = tuple(person for person in before.delegate_ids if person not in losing)
    return replace(before, delegate_ids=stay, losing=gone) if gone else before


def _as_it_is(
    row: MeetingSession, starts: datetime, ends: datetime, sides: Mapping[int, Side], everyone: tuple[int, ...]
) -> Frozen:
    named = {link.delegate_id for link in row.delegates}
    people = (
        everyone
        if row.everybody
        else tuple(p for link in row.delegations for p in attendees(sides[link.delegation_id], named))
    )
    return Frozen(
        row=row,
        kind=row.kind,
        title=row.title,
        zone=row.zone,
        starts=starts,
        ends=ends,
        starts_at=planned_instant(starts, row.zone, field="starts"),
        ends_at=planned_instant(ends, row.zone, field="starts"),
        state=row.state,
        everybody=row.everybody,
        place=row.place,
        building=None if row.place is None else row.place.building,
        interpretation=row.interpretation,
        delegations=tuple(link.delegation for link in row.delegations),
        delegate_ids=() if row.kind in UNINVITED else people,
        interpreter_ids=tuple(link.interpreter_id for link in row.interpreters),
        case_ids=tuple(link.case_id for link in row.cases),
    )


def _as_before(row: MeetingSession, old: PublishedSession, given: Material, *, kept: bool) -> Frozen:
    was = thawed(old, given.places, given.parties)
    return replace(was, row=row, state=old.state if kept else SessionState.CANCELLED, kept=kept)


def thawed(one: PublishedSession, places: Mapping[int, Place], parties: Mapping[int, Delegation]) -> Frozen:
    """A published session in the shape of one that is about to be; its title is the present one."""
    return Frozen(
        row=one.session,
        kind=one.kind,
        title=one.session.title,
        zone=one.zone,
        starts=one.starts_local,
        ends=one.ends_local,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        state=one.state,
        everybody=one.everybody,
        place=places.get(one.place_id or 0),
        building=one.building,
        interpretation=one.interpretation,
        delegations=tuple(parties[i] for i in one.delegation_ids if i in parties),
        delegate_ids=tuple(one.delegate_ids),
        interpreter_ids=tuple(one.interpreter_ids),
        case_ids=tuple(one.case_ids),
    )


def as_published(publication: Publication, one: Frozen) -> PublishedSession:
    """The row that keeps a frozen session."""
    frozen = PublishedSession(
        publication_id=publication.id,
        session_id=one.row.id,
        kind=one.kind,
        state=SessionState.CONFIRMED if one.state is SessionState.DRAFT else one.state,
        everybody=one.everybody,
        place_id=None if one.place is None else one.place.id,
        building=one.building,
        interpretation=one.interpretation,
        delegation_ids=[delegation.id for delegation in one.delegations],
        delegate_ids=list(one.delegate_ids),
        interpreter_ids=list(one.interpreter_ids),
        case_ids=list(one.case_ids),
    )
    set_planned(frozen, one.starts, one.ends, one.zone)
    return frozen
