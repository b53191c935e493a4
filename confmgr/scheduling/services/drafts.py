"""A working schedule kept under a name, and taken up again; also one that was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.orm.unique import once
from confmgr.scheduling import queries
from confmgr.scheduling.differences import Detail, Names, of_snapshots, span_of, state_of
from confmgr.scheduling.domain import CommandKind, SessionState
from confmgr.scheduling.models import MeetingSession, ScheduleDraft
from confmgr.scheduling.services.commands import step
from confmgr.scheduling.snapshots import Snapshot, difference, restore, snapshot

OVER = frozenset({SessionState.HELD, SessionState.ABSENT})
"""States of a session that has been: nothing takes it back to another time."""


class Lost(StrEnum):
    """Why something of an earlier schedule cannot be had again."""

    SESSION = "session"
    OVER = "over"
    TIME = "time"
    PLACE = "place"
    DELEGATION = "delegation"
    DELEGATE = "delegate"
    INTERPRETER = "interpreter"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Lack:
    """What one session (its reference) does not get back, and what that is called."""

    kind: Lost
    session: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Retaken:
    """A session that would be another one: the fields it gets, and how that differs from now."""

    row: MeetingSession
    fields: Snapshot
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class TakeUp:
    """What taking up an earlier schedule changes, what it cannot bring back, and how many sessions it does not know."""

    changes: tuple[Retaken, ...]
    lacks: tuple[Lack, ...]
    unknown: int
    revision: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier schedule: fields of snapshots by the id of a session, and what ids were called then, as text keys."""

    sessions: Mapping[int, Snapshot]
    called: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def keep_draft(
    session: Session, meeting: Meeting, *, actor: User, now: datetime, name: str, note: str | None = None
) -> ScheduleDraft:
    """Keep the working schedule as it is now.

    Raises:
        Refused: The meeting has a draft of that name.
    """
    rows = queries.sessions(session, meeting)
    draft = ScheduleDraft(
        meeting_id=meeting.id,
        name=name,
        note=note,
        made_by_id=actor.id,
        made_at=now,
        placements={"sessions": {str(row.id): snapshot(row) for row in rows}, "called": _called(rows)},
    )

    def look() -> None:
        taken = select(func.count()).where(ScheduleDraft.meeting_id == meeting.id, ScheduleDraft.name == name)
        if session.scalar(taken):
            raise Refused("draft_name_taken", field="name", name=name)

    with once(session, look):
        session.add(draft)
    _audit(session, draft, actor, now, "keep_draft", meeting)
    return draft


def delete_draft(session: Session, draft: ScheduleDraft, *, actor: User, now: datetime, meeting: Meeting) -> None:
    """Forget a draft; the schedule stays as it is."""
    _audit(session, draft, actor, now, "delete_draft", meeting)
    session.delete(draft)
    session.flush()


def earlier_of(draft: ScheduleDraft) -> Earlier:
    """What a draft keeps."""
    kept = draft.placements
    return Earlier({int(ident): fields for ident, fields in kept["sessions"].items()}, kept["called"])


def look(session: Session, meeting: Meeting, earlier: Earlier) -> TakeUp:
    """What taking up an earlier schedule would do; writes nothing. Sessions that it does not name stay."""
    rows = {row.id: row for row in queries.sessions_by_id(session, meeting, earlier.sessions.keys())}
    cases = {case for fields in earlier.sessions.values() for case in fields.get("cases", ())}
    present = queries.present(session, meeting, cases)
    names = _names(earlier, present, list(rows.values()))
    changes, lacks = [], []
    for ident, wanted in earlier.sessions.items():
        row = rows.get(ident)
        if row is None:
            lacks.append(Lack(Lost.SESSION, f"#{ident}"))
            continue
        now = snapshot(row)
        fields, missing = _possible(row, now, wanted, earlier, meeting, present)
        changed = difference(now, {**now, **fields})[1]
        if changed and row.state in OVER:
            lacks.append(Lack(Lost.OVER, row.reference))
        elif changed:
            changes.append(Retaken(row, fields, tuple(of_snapshots(now, fields, names))))
            lacks += missing
        else:
            lacks += missing
    return TakeUp(
        changes=tuple(sorted(changes, key=_by_time)),
        lacks=tuple(lacks),
        unknown=queries.count_others(session, meeting, earlier.sessions.keys()),
        revision=queries.schedule_revision(session, meeting),
    )


def _by_time(one: Retaken) -> tuple[str, str]:
    return one.fields.get("starts") or "unplaced", one.row.reference


def _names(earlier: Earlier, present: Names, rows: list[MeetingSession]) -> Names:
    """What ids are or were called: the present name, else the one that a session or the earlier schedule knows."""
    known = _called(rows)
    found = {
        key: {int(i): n for i, n in (*earlier.called.get(key, {}).items(), *known[key].items())} | getattr(present, key)
        for _kind, key in _LINKS
    }
    return Names(places=present.places, **found)


def take_up(
    session: Session, meeting: Meeting, earlier: Earlier, *, actor: User, now: datetime, seen_revision: int
) -> TakeUp:
    """Make the working schedule an earlier one again, in one step that can be taken back.

    Raises:
        StaleVersion: Somebody changed the schedule since `look`.
    """
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.TAKE_UP) as made, session.no_autoflush:
        found = look(session, meeting, earlier)
        if found.revision != seen_revision + 1:  # with the step that is being made
            raise StaleVersion("schedule", meeting.slug)
        made.watch(*(one.row for one in found.changes))
        for one in found.changes:
            restore(one.row, one.fields, now=now)
    for one in found.changes:
        session.expire(one.row, ["place", "delegations", "delegates", "cases", "interpreters"])
    return found


def _possible(
    row: MeetingSession, now: Snapshot, wanted: Snapshot, earlier: Earlier, meeting: Meeting, present: Names
) -> tuple[Snapshot, list[Lack]]:
    fields, lacks = dict(wanted), []
    if fields.get("state") in {"held", "absent"} or state_of({**now, **fields}) == state_of(now):
        fields.pop("state", None)
    place = fields.get("place")
    if place is not None and place not in present.places:
        lacks.append(Lack(Lost.PLACE, row.reference, _name(earlier, "places", place)))
        fields["place"] = None
    starts, ends = span_of({**now, **fields})
    if starts and ends and not meeting.starts_on <= starts.date() <= ends.date() <= meeting.ends_on:
        lacks.append(Lack(Lost.TIME, row.reference, f"{starts:%Y-%m-%d %H:%M}"))
        fields |= {"starts": None, "place": None}
    for kind, key in _LINKS:
        gone = [ident for ident in fields.get(key, ()) if ident not in getattr(present, key)]
        lacks += [Lack(kind, row.reference, _name(earlier, key, ident)) for ident in gone]
        if gone:
            fields[key] = [ident for ident in fields[key] if ident not in gone]
    if "absent" in fields:
        fields["absent"] = [ident for ident in fields["absent"] if ident in fields["delegations"]]
    return fields, lacks


_LINKS = (
    (Lost.DELEGATION, "delegations"),
    (Lost.DELEGATE, "delegates"),
    (Lost.INTERPRETER, "interpreters"),
    (Lost.CASE, "cases"),
)


def _name(earlier: Earlier, key: str, ident: int) -> str:
    return earlier.called.get(key, {}).get(str(ident), f"#{ident}")


def _called(rows: list[MeetingSession]) -> dict[str, dict[str, str]]:
    called: dict[str, dict[str, str]] = {key: {} for key in ("places", *(key for _kind, key in _LINKS))}
    for row in rows:
        if row.place is not None:
            called["places"][str(row.place.id)] = row.place.code
        called["delegations"] |= {str(link.delegation_id): link.delegation.party.code for link in row.delegations}
        called["delegates"] |= {str(link.delegate_id): link.delegate.latin_name for link in row.delegates}
        called["interpreters"] |= {str(link.interpreter_id): link.interpreter.latin_name for link in row.interpreters}
        called["cases"] |= {str(link.case_id): link.case.item.reference for link in row.cases}
    return called


def _audit(session: Session, draft: ScheduleDraft, actor: User, now: datetime, action: str, meeting: Meeting) -> None:
    facts: dict[str, Any] = {"name": draft.name}
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="schedule_draft",
        object_uuid=draft.uuid,
        meeting_id=meeting.id,
        facts=facts,
    )
