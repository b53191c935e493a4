"""Steps of organisers: what each touched, so that it can be taken back, and told to those who have the board open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries
from confmgr.scheduling.domain import NOT_UNDONE, CommandKind, CommandState
from confmgr.scheduling.models import BoardCommand, MeetingSession, ScheduleState
from confmgr.scheduling.snapshots import Snapshot, agrees, difference, restore, snapshot

_OPEN = "open step"


@dataclass(slots=True)
class Step:
    """A step that is being made: the sessions it touches, as they were."""

    kind: CommandKind
    rows: list[MeetingSession] = field(default_factory=list)
    before: dict[int, Snapshot | None] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    command: BoardCommand | None = None

    def watch(self, *rows: MeetingSession) -> None:
        """Remember sessions before they are changed."""
        for row in rows:
            if id(row) not in self.before:
                self.before[id(row)], self.versions[id(row)] = snapshot(row), row.version
                self.rows.append(row)

    def made(self, row: MeetingSession) -> None:
        """Remember that a session is new."""
        if id(row) not in self.before:
            self.before[id(row)] = None
            self.rows.append(row)


@contextmanager
def step(
    session: Session, meeting: Meeting, *, actor: User, now: datetime, kind: CommandKind, of: BoardCommand | None = None
) -> Iterator[Step]:
    """Everything inside is one step of undo; a step inside a step becomes part of it. No change, no step.

    Only the outermost step records: `step.watch(row)` before a change, `step.made(row)` for a new session. It waits
    for the steps of others before it changes anything, so that two steps never wait for each other.
    """
    outer: Step | None = session.info.get(_OPEN)
    if outer is not None:
        yield outer
        return
    revision = next_revision(session, meeting)
    current = session.info[_OPEN] = Step(kind)
    try:
        yield current
    finally:
        del session.info[_OPEN]
    _write(session, meeting, current, revision, actor, now, of)


def _write(
    session: Session,
    meeting: Meeting,
    current: Step,
    revision: int,
    actor: User,
    now: datetime,
    of: BoardCommand | None,
) -> None:
    session.flush()
    touched: dict[str, Any] = {}
    for row in current.rows:
        before, after = current.before[id(row)], snapshot(row)
        if before is None:
            touched[str(row.id)] = [None, after]
        elif before != after:
            touched[str(row.id)] = list(difference(before, after))
            if row.version == current.versions[id(row)]:  # only who or what belongs to it has changed
                flag_modified(row, "minutes")
        elif current.kind is CommandKind.PUBLISH and row.version != current.versions[id(row)]:
            touched[str(row.id)] = [{}, {}]  # confirmed: boards that are open must know the new version
    if not touched and current.kind is not CommandKind.PUBLISH:
        give_back(session, meeting)
        return
    current.command = keep(
        session, meeting, kind=current.kind, touched=touched, revision=revision, actor=actor, now=now, of=of
    )


def keep(
    session: Session,
    meeting: Meeting,
    *,
    kind: CommandKind,
    touched: dict[str, Any],
    revision: int,
    actor: User,
    now: datetime,
    of: BoardCommand | None = None,
) -> BoardCommand:
    """Record a step under a revision of `next_revision`; what the actor had undone can no longer be done again."""
    if kind not in NOT_UNDONE:
        _forget_undone(session, meeting, actor)
    command = BoardCommand(
        meeting_id=meeting.id,
        revision=revision,
        actor_id=actor.id,
        made_at=now,
        kind=kind,
        of_id=None if of is None else of.id,
        touched=touched,
    )
    session.add(command)
    session.flush()
    return command


def _forget_undone(session: Session, meeting: Meeting, actor: User) -> None:
    session.execute(
        update(BoardCommand)
        .where(
            BoardCommand.meeting_id == meeting.id,
            BoardCommand.actor_id == actor.id,
            BoardCommand.state == CommandState.UNDONE,
        )
        .values(state=CommandState.GONE)
    )


def next_revision(session: Session, meeting: Meeting) -> int:
    """Count one more change of a meeting's schedule; others wait here until this transaction ends."""
    raised = (
        update(ScheduleState)
        .where(ScheduleState.meeting_id == meeting.id)
        .values(revision=ScheduleState.revision + 1)
        .returning(ScheduleState.revision)
    )
    revision = session.scalar(raised)
    if revision is None:
        try:
            with session.begin_nested():
                session.add(ScheduleState(meeting_id=meeting.id, revision=1))
        except IntegrityError:  # somebody else was first
            revision = session.scalar(raised)
        else:
            revision = 1
    return revision or 1


def give_back(session: Session, meeting: Meeting) -> None:
    """Count a change less: nothing was changed after all."""
    session.execute(
        update(ScheduleState)
        .where(ScheduleState.meeting_id == meeting.id)
        .values(revision=ScheduleState.revision - 1)
        .execution_options(synchronize_session=False)
    )


def revision_of(session: Session, meeting: Meeting) -> int:
    """How often a meeting's schedule has changed."""
    return session.scalar(select(ScheduleState.revision).where(ScheduleState.meeting_id == meeting.id)) or 0


def steps_after(session: Session, meeting: Meeting, revision: int) -> list[BoardCommand]:
    """Steps after a revision with who made them, the oldest first."""
    return list(
        session.scalars(
            select(BoardCommand)
            .where(BoardCommand.meeting_id == meeting.id, BoardCommand.revision > revision)
            .options(joinedload(BoardCommand.actor))
            .order_by(BoardCommand.revision)
        )
    )


def undo(session: Session, meeting: Meeting, *, actor: User, now: datetime) -> BoardCommand:
    """Take back the actor's last step that stands.

    Raises:
        Refused: There is none.
        StaleVersion: A session that it touched is no longer as it left it; `since` holds the later steps.
    """
    last = session.scalar(
        _own(meeting, actor, CommandState.DONE)
        .where(BoardCommand.kind.not_in(NOT_UNDONE))
        .order_by(BoardCommand.id.desc())
        .limit(1)
    )
    if last is None:
        raise Refused("nothing_to_undo")
    undo_step(session, meeting, last, actor=actor, now=now)
    return last


def undo_step(session: Session, meeting: Meeting, command: BoardCommand, *, actor: User, now: datetime) -> None:
    """Take back one step that stands, whoever made it.

    Raises:
        StaleVersion: As `undo`.
    """
    _go(session, meeting, command, CommandKind.UNDO, actor, now)
    command.state = CommandState.UNDONE
    session.flush()


def redo(session: Session, meeting: Meeting, *, actor: User, now: datetime) -> BoardCommand:
    """Do again the step that the actor took back last.

    Raises:
        Refused: There is none, or another step has been made since.
        StaleVersion: As `undo`.
    """
    first = session.scalar(_own(meeting, actor, CommandState.UNDONE).order_by(BoardCommand.id).limit(1))
    if first is None:
        raise Refused("nothing_to_redo")
    _go(session, meeting, first, CommandKind.REDO, actor, now)
    first.state = CommandState.DONE
    session.flush()
    return first


def _own(meeting: Meeting, actor: User, state: CommandState) -> Any:
    return select(BoardCommand).where(
        BoardCommand.meeting_id == meeting.id, BoardCommand.actor_id == actor.id, BoardCommand.state == state
    )


def _go(
    session: Session, meeting: Meeting, command: BoardCommand, kind: CommandKind, actor: User, now: datetime
) -> None:
    back = kind is CommandKind.UNDO
    with step(session, meeting, actor=actor, now=now, kind=kind, of=command) as current:
        rows = {row.id: row for row in queries.sessions_by_id(session, meeting, [int(i) for i in command.touched])}
        lives = _lives(session, meeting, command)
        wanted = {ident: before if back else after for ident, (before, after) in command.touched.items()}
        gone = queries.deleted_since(session, [one for one in wanted.values() if one])
        changed = [
            rows[int(ident)].reference
            for ident, (before, after) in command.touched.items()
            if not agrees(rows[int(ident)], lives[ident] | _known(after if back else before))
            or _names(wanted[ident] or {}, gone)
        ]
        if changed:
            raise StaleVersion(
                "session", ", ".join(sorted(changed)), since=later(session, meeting, command.revision, command.touched)
            )
        current.watch(*rows.values())
        for ident, (before, _after) in command.touched.items():
            kept = wanted[ident]
            restore(rows[int(ident)], {"removed": True} if kept is None else kept | _present(before), now=now)
    record(
        session,
        actor=actor,
        now=now,
        action=kind.value,
        object_type="board_command",
        object_uuid=command.uuid,
        meeting_id=meeting.id,
    )


def _lives(session: Session, meeting: Meeting, command: BoardCommand) -> dict[str, Snapshot]:
    """Whether the sessions of a step were open, over or deleted then, where steps since have changed that."""
    found: dict[str, Snapshot] = {ident: {} for ident in command.touched}
    for since in steps_after(session, meeting, command.revision):
        for ident in since.touched.keys() & found.keys():
            was = since.touched[ident][0] or {}
            found[ident] = {name: was[name] for name in ("state", "removed") if name in was} | found[ident]
    return found


def _names(kept: Snapshot, gone: set[tuple[str, int]]) -> bool:
    return any(
        kept.get(key) == ident or (isinstance(kept.get(key), list) and ident in kept[key]) for key, ident in gone
    )


def _known(kept: Snapshot | None) -> Snapshot:
    return {"removed": True} if kept is None else kept


def _present(before: Snapshot | None) -> Snapshot:
    return {"removed": False} if before is None else {}


@dataclass(frozen=True, slots=True)
class LaterStep:
    """What somebody did to a session since: who, what kind of step, when, and to which sessions (ids)."""

    name: str
    kind: CommandKind
    at: datetime
    session_ids: tuple[int, ...]


def later(session: Session, meeting: Meeting, revision: int, touched: dict[str, Any]) -> list[LaterStep]:
    """Steps after a revision that touched any of some sessions, the newest first."""
    return [
        LaterStep(row.actor.name, row.kind, row.made_at, tuple(int(i) for i in sorted(row.touched.keys() & touched)))
        for row in reversed(steps_after(session, meeting, revision))
        if row.touched.keys() & touched.keys()
    ]


@dataclass(frozen=True, slots=True)
class Reach:
    """What the actor can take back and do again: the kinds of the steps, None where there is none."""

    undo: CommandKind | None
    redo: CommandKind | None


def reach(session: Session, meeting: Meeting, actor: User) -> Reach:
    """What undo and redo would do now, in one statement."""
    first, last = BoardCommand.id.asc(), BoardCommand.id.desc()
    done = _own_kind(meeting, actor, CommandState.DONE).order_by(last).limit(1).scalar_subquery()
    undone = _own_kind(meeting, actor, CommandState.UNDONE).order_by(first).limit(1).scalar_subquery()
    row = session.execute(select(done, undone)).one()
    return Reach(*row)


def _own_kind(meeting: Meeting, actor: User, state: CommandState) -> Any:
    return select(BoardCommand.kind).where(
        BoardCommand.meeting_id == meeting.id,
        BoardCommand.actor_id == actor.id,
        BoardCommand.state == state,
        BoardCommand.kind.not_in(NOT_UNDONE),
    )
