"""What a publication keeps of each session: the working schedule and the last publication, as one shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegation
from confmgr.invitations import queries
from confmgr.invitations.models import Publication, PublishedSession
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


def published_facts(session: Session, meeting: Meeting) -> dict[int, dict[str, Any]]:
    """What the last publication says of each session, by the session's id."""
    last = queries.latest(session, meeting)
    if last is None:
        return {}
    places = queries.places(session, meeting)
    parties = queries.parties_of(session, meeting)
    return {one.session_id: _thawed(one, places, parties).facts() for one in queries.published_sessions(session, last)}


def freeze(session: Session, meeting: Meeting) -> list[Frozen]:
    """Every session as it would be published now; held back ones as they were, lost ones as cancelled."""
    sides = queries.sides(session, meeting)
    parties = queries.parties_of(session, meeting)
    everyone = tuple(person for side in sides.values() for person in side.people)
    last = queries.latest(session, meeting)
    earlier = {} if last is None else {one.session_id: one for one in queries.published_sessions(session, last)}
    rows = schedule.sessions(session, meeting)
    if deleted := earlier.keys() - {row.id for row in rows}:
        rows += schedule.sessions_by_id(session, meeting, deleted)
    places = queries.places(session, meeting)
    frozen = []
    for row in rows:
        old = earlier.get(row.id)
        if row.held_back or row.removed_at or row.starts_local is None or row.ends_local is None:
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
    kept = row.held_back and row.removed_at is None
    return Frozen(
        row=row,
        starts=was.starts,
        ends=was.ends,
        state=old.state if kept else SessionState.CANCELLED,
        place=was.place,
        delegations=was.delegations,
        delegate_ids=was.delegate_ids,
        interpreter_ids=was.interpreter_ids,
        case_ids=was.case_ids,
        kept=kept,
    )


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


def as_published(publication: Publication, one: Frozen) -> PublishedSession:
    """The row that keeps a frozen session."""
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
