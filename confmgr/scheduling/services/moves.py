"""What organisers do on the board: several sessions moved, resized, swapped, unplaced or locked in one step."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Conflict, NotFound, Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.scheduling.board import Board, Card, load
from confmgr.scheduling.conflicts import Clash, all_clashes, blocking
from confmgr.scheduling.domain import CommandKind
from confmgr.scheduling.models import BoardCommand, MeetingSession
from confmgr.scheduling.services.checks import check_length, instants
from confmgr.scheduling.services.commands import give_back, keep, later, next_revision

LONGEST = 1440


@dataclass(frozen=True, slots=True)
class Seen:
    """A session by its public id, and the version of it that the editor saw."""

    ident: uuid.UUID
    version: int


@dataclass(frozen=True, slots=True)
class Placing(Seen):
    """Where a session goes: no start puts it back among the unplaced, no minutes keep its length."""

    starts: datetime | None = None
    place: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: the schedule after it and its clashes; no command when nothing changed."""

    board: Board
    clashes: Mapping[str, Sequence[Clash]]
    revision: int
    command: BoardCommand | None


def move_sessions(
    session: Session,
    meeting: Meeting,
    wanted: Sequence[Placing],
    *,
    actor: User,
    now: datetime,
    kind: CommandKind = CommandKind.MOVE,
    anyway: bool = False,
) -> Made:
    """Move sessions to other times and places, or give them another length.

    Raises:
        StaleVersion: One of them has changed since it was seen; `since` says what was done to it.
        Refused: Times off the grid or outside the meeting; a session that was held or cancelled.
        Conflict: A blocking rule is broken for one of them, and not `anyway`.
    """
    revision, board = next_revision(session, meeting), load(session, meeting)
    cards = _chosen(session, meeting, board, wanted)
    changed = [_placed(board, card, to) for card, to in zip(cards, wanted, strict=True)]
    return _keep(session, meeting, board, cards, changed, kind, revision, actor, now, anyway=anyway)


def swap_sessions(
    session: Session, meeting: Meeting, one: Seen, other: Seen, *, actor: User, now: datetime, anyway: bool = False
) -> Made:
    """Let two sessions change time and place; each keeps its length.

    Raises:
        StaleVersion, Refused, Conflict: As `move_sessions`.
    """
    revision, board = next_revision(session, meeting), load(session, meeting)
    first, second = cards = _chosen(session, meeting, board, [one, other])
    changed = [
        replace(first, starts=second.starts, place=second.place),
        replace(second, starts=first.starts, place=first.place),
    ]
    return _keep(session, meeting, board, cards, changed, CommandKind.SWAP, revision, actor, now, anyway=anyway)


def unplace_sessions(session: Session, meeting: Meeting, wanted: Sequence[Seen], *, actor: User, now: datetime) -> Made:
    """Put sessions back among the unplaced, without their locks.

    Raises:
        StaleVersion, Refused: As `move_sessions`.
    """
    revision, board = next_revision(session, meeting), load(session, meeting)
    cards = _chosen(session, meeting, board, wanted)
    changed = [replace(card, starts=None, place=None, time_locked=False, place_locked=False) for card in cards]
    return _keep(session, meeting, board, cards, changed, CommandKind.UNPLACE, revision, actor, now, anyway=True)


def lock_sessions(
    session: Session, meeting: Meeting, wanted: Sequence[Seen], *, actor: User, now: datetime, locked: bool
) -> Made:
    """Let the planner leave sessions where they are, or free them again.

    Raises:
        StaleVersion: As `move_sessions`.
        Refused: One has no time that could be locked.
    """
    revision, board = next_revision(session, meeting), load(session, meeting)
    cards = _chosen(session, meeting, board, wanted)
    if locked and any(card.starts is None for card in cards):
        raise Refused("not_placed")
    changed = [replace(card, time_locked=locked, place_locked=locked and card.place is not None) for card in cards]
    return _keep(session, meeting, board, cards, changed, CommandKind.LOCK, revision, actor, now, anyway=True)


def _chosen(session: Session, meeting: Meeting, board: Board, wanted: Sequence[Seen]) -> list[Card]:
    there = board.by_uuid()
    missing = [one.ident for one in wanted if one.ident not in there]
    if missing:
        raise NotFound("session", missing[0])
    cards = [there[one.ident] for one in wanted]
    stale = [(card, card.version - one.version) for card, one in zip(cards, wanted, strict=True)]
    stale = [(card, steps) for card, steps in stale if steps]
    if stale:
        since = later(session, meeting, 0, {str(card.id): None for card, _steps in stale})
        names = ", ".join(card.reference for card, _steps in stale)
        raise StaleVersion("session", names, since=since[: max(abs(steps) for _card, steps in stale)])
    closed = next((card for card in cards if not card.is_open), None)
    if closed is not None:
        raise Refused("session_state", state=closed.state)
    return cards


def _placed(board: Board, card: Card, to: Placing) -> Card:
    minutes = to.minutes or card.minutes
    check_length(minutes, LONGEST)
    place = None
    if to.place is not None:
        place = next((one.id for one in board.places if one.code == to.place), None)
        if place is None:
            raise Refused("other_meeting", field="place")
    if to.starts is None:
        return replace(card, starts=None, place=place, minutes=minutes, time_locked=False, place_locked=False)
    return replace(card, starts=to.starts, place=place, minutes=minutes)


def _keep(
    session: Session,
    meeting: Meeting,
    board: Board,
    cards: Sequence[Card],
    changed: Sequence[Card],
    kind: CommandKind,
    revision: int,
    actor: User,
    now: datetime,
    *,
    anyway: bool,
) -> Made:
    pairs = [(old, new) for old, new in zip(cards, changed, strict=True) if old != new]
    if not pairs:
        give_back(session, meeting)
        return Made(board, all_clashes(board.sittings(), board.house), revision - 1, None)
    values = [_values(meeting, new) for _old, new in pairs]
    after = board.with_cards(replace(new, version=new.version + 1) for _old, new in pairs)
    clashes = all_clashes(after.sittings(), after.house)
    if not anyway:
        _check(clashes, {new.reference for _old, new in pairs})
    _update(
        session,
        [row | {"b_id": old.id, "b_version": old.version} for (old, _new), row in zip(pairs, values, strict=True)],
    )
    touched: dict[str, Any] = {str(old.id): _difference(old, new) for old, new in pairs}
    for old, _new in pairs:
        record(
            session,
            actor=actor,
            now=now,
            action="lock" if kind is CommandKind.LOCK else "move",
            object_type="session",
            object_uuid=old.uuid,
            meeting_id=meeting.id,
        )
    command = keep(session, meeting, kind=kind, touched=touched, revision=revision, actor=actor, now=now)
    return Made(after, clashes, revision, command)


def _check(clashes: Mapping[str, Sequence[Clash]], references: Collection[str]) -> None:
    forbidden = blocking([clash for one in sorted(references) for clash in clashes.get(one, ())])
    if forbidden:
        raise Conflict(forbidden)


def _values(meeting: Meeting, card: Card) -> dict[str, Any]:
    starts_at = ends_at = None
    if card.starts is not None and card.ends is not None:
        starts_at, ends_at = instants(meeting, card.starts, card.ends)
    return {
        "starts_local": card.starts,
        "ends_local": card.ends,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "zone": meeting.zone,
        "minutes": card.minutes,
        "place_id": card.place,
        "time_locked": card.time_locked,
        "place_locked": card.place_locked,
        "version": card.version + 1,
    }


def _update(session: Session, rows: list[dict[str, Any]]) -> None:
    table: Any = MeetingSession.__table__
    names = [name for name in rows[0] if not name.startswith("b_")]
    statement = (
        table.update()
        .where(table.c.id == bindparam("b_id"), table.c.version == bindparam("b_version"))
        .values({name: bindparam(name) for name in names})
    )
    done: Any = session.connection().execute(statement, rows if len(rows) > 1 else rows[0])
    if done.rowcount != len(rows):
        raise StaleVersion("session", "")


def _difference(old: Card, new: Card) -> list[dict[str, Any]]:
    was, became = _placement(old), _placement(new)
    names = [name for name in was if was[name] != became[name]]
    return [{name: was[name] for name in names}, {name: became[name] for name in names}]


def _placement(card: Card) -> dict[str, Any]:
    """What a move may change, as `snapshots.snapshot` keeps it."""
    return {
        "starts": None if card.starts is None else card.starts.isoformat(timespec="minutes"),
        "minutes": card.minutes,
        "place": card.place,
        "time_locked": card.time_locked,
        "place_locked": card.place_locked,
    }
