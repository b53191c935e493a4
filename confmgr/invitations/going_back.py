"""An earlier publication as a working schedule: what `scheduling.services.take_up` makes of the present one again."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from confmgr.invitations import queries
from confmgr.invitations.domain import UNINVITED
from confmgr.invitations.models import Publication, PublishedSession
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries as schedule
from confmgr.scheduling.attendance import Side, attendees
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import Earlier
from confmgr.scheduling.snapshots import Snapshot


def earlier_of(session: Session, meeting: Meeting, publication: Publication) -> Earlier:
    """What a publication says of each session. Sessions that were published later go back among the unplaced.

    Words, locks and what is held back are not part of a publication and stay as they are.
    """
    rows = queries.published_sessions(session, publication)
    sides = queries.sides(session, meeting)
    live = {row.id: row for row in schedule.sessions_by_id(session, meeting, [row.session_id for row in rows])}
    kept = {row.session_id: _fields(row, live[row.session_id], sides) for row in rows if row.session_id in live}
    later = _published_later(session, meeting, kept.keys())
    return Earlier(kept | {ident: {"starts": None, "place": None} for ident in later})


def _published_later(session: Session, meeting: Meeting, known: Collection[int]) -> list[int]:
    last = queries.latest(session, meeting)
    rows = [] if last is None else queries.published_sessions(session, last)
    return [row.session_id for row in rows if row.session_id not in known and row.state not in GONE]


def _fields(one: PublishedSession, row: MeetingSession, sides: dict[int, Side]) -> Snapshot:
    fields: Snapshot = {
        "kind": one.kind.value,
        "starts": one.starts_local.isoformat(timespec="minutes"),
        "minutes": int((one.ends_local - one.starts_local).total_seconds() // 60),
        "place": one.place_id,
        "state": one.state.value if one.state in GONE else "open",
        "removed": False,
        "everybody": one.everybody,
        "interpretation": one.interpretation,
        "delegations": sorted(one.delegation_ids),
        "cases": sorted(one.case_ids),
        "interpreters": sorted(one.interpreter_ids),
    }
    if not one.everybody and one.kind not in UNINVITED:
        fields["delegates"] = _named(one, row, sides)
    return fields


def _named(one: PublishedSession, row: MeetingSession, sides: dict[int, Side]) -> list[int]:
    """The delegates to name, so that those of the publication attend: none for a side that comes as it would anyway."""
    named = {link.delegate_id for link in row.delegates}
    published = set(one.delegate_ids)
    wanted: set[int] = set()
    for ident in one.delegation_ids:
        side = sides.get(ident)
        if side is None:
            continue
        then, as_usual = published & set(side.people), set(attendees(side, ()))
        comes_whole = then == as_usual or (side.teams == 1 and then <= as_usual)
        if named & set(side.people) or not comes_whole:
            wanted |= then
    return sorted(wanted)
