"""A session's editable state as plain JSON, and back: what steps, undo and drafts keep."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from confmgr.orm.base import set_planned
from confmgr.scheduling.domain import RequestState, SessionKind, SessionState
from confmgr.scheduling.models import (
    MeetingSession,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.values.words import Words

Snapshot = dict[str, Any]

DRAFTED = frozenset({SessionState.DRAFT, SessionState.CONFIRMED})
"""The two open states; publishing turns one into the other, so a snapshot does not tell them apart."""
_PLAIN = (
    "minutes",
    "everybody",
    "time_locked",
    "place_locked",
    "held_back",
    "interpretation",
    "interpreters_wanted",
    "priority",
    "cancelled_because",
)


def snapshot(row: MeetingSession) -> Snapshot:
    """Everything of a session that an organiser can change."""
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "kind": row.kind.value,
        "title": None if row.title is None else row.title.to_json(),
        "description": None if row.description is None else row.description.to_json(),
        "starts": None if row.starts_local is None else row.starts_local.isoformat(timespec="minutes"),
        "place": row.place_id,
        "state": "open" if row.state in DRAFTED else row.state.value,
        "removed": row.removed_at is not None,
        "delegations": sorted(link.delegation_id for link in row.delegations),
        "absent": sorted(link.delegation_id for link in row.delegations if link.absent),
        "delegates": sorted(link.delegate_id for link in row.delegates),
        "cases": sorted(link.case_id for link in row.cases),
        "interpreters": sorted(link.interpreter_id for link in row.interpreters),
    }


def difference(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """The fields in which two snapshots differ, as each has them."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def agrees(row: MeetingSession, kept: Mapping[str, Any]) -> bool:
    """Whether a session still has the values of some fields."""
    now = snapshot(row)
    return all(now[name] == value for name, value in kept.items())


def restore(row: MeetingSession, kept: Mapping[str, Any], *, now: datetime) -> None:
    """Give a session back the fields of a snapshot, and its request the state that follows."""
    for name in _PLAIN:
        if name in kept:
            setattr(row, name, kept[name])
    if "kind" in kept:
        row.kind = SessionKind(kept["kind"])
    for name in ("title", "description"):
        if name in kept:
            setattr(row, name, None if kept[name] is None else Words.from_json(kept[name]))
    if "place" in kept:
        row.place_id = kept["place"]
    if "removed" in kept:
        row.removed_at = now if kept["removed"] else None
    if "state" in kept and (kept["state"] != "open" or row.state not in DRAFTED):
        row.state = SessionState.DRAFT if kept["state"] == "open" else SessionState(kept["state"])
    _restore_links(row, kept)
    if "starts" in kept or "minutes" in kept:
        _restore_time(row, kept)
    follow(row)


def _restore_time(row: MeetingSession, kept: Mapping[str, Any]) -> None:
    starts = datetime.fromisoformat(kept["starts"]) if kept.get("starts") else None
    if "starts" not in kept:
        starts = row.starts_local
    if starts is None:
        row.starts_local = row.ends_local = row.starts_at = row.ends_at = None
    else:
        set_planned(row, starts, ends_of(starts, row.minutes), row.zone)  # type: ignore[arg-type]  # its times may be empty


def ends_of(starts: datetime, minutes: int) -> datetime:
    """Wall time at which a session that starts then ends."""
    return starts + timedelta(minutes=minutes)


def _restore_links(row: MeetingSession, kept: Mapping[str, Any]) -> None:
    if "delegations" in kept:
        row.delegations = _links(row.delegations, "delegation_id", kept["delegations"], SessionDelegation)
    if "absent" in kept:
        for link in row.delegations:
            link.absent = link.delegation_id in kept["absent"]
    if "delegates" in kept:
        row.delegates = _links(row.delegates, "delegate_id", kept["delegates"], SessionDelegate)
    if "cases" in kept:
        row.cases = _links(row.cases, "case_id", kept["cases"], SessionCase)
    if "interpreters" in kept:
        row.interpreters = _links(row.interpreters, "interpreter_id", kept["interpreters"], SessionInterpreter)


def _links(present: list[Any], key: str, wanted: Collection[int], kind: type[Any]) -> list[Any]:
    stay = [link for link in present if getattr(link, key) in wanted]
    here = {getattr(link, key) for link in stay}
    return [*stay, *(kind(**{key: ident}) for ident in wanted if ident not in here)]


def follow(row: MeetingSession) -> None:
    """Keep a session's request in the state that the session gives it."""
    if row.request is None:
        return
    if row.removed_at is not None:
        row.request.state = RequestState.ACCEPTED
    elif row.state is SessionState.HELD:
        row.request.state = RequestState.HELD
    else:
        row.request.state = RequestState.SCHEDULED
