"""The audit as pages show it: who did what with which items, never what stands in them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from confmgr.accounts.models import User
from confmgr.activity.domain import READING, TAKING
from confmgr.activity.models import AuditEntry, AuditObject
from confmgr.delegations.models import Delegation
from confmgr.meetings.models import Meeting, Membership
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Viewer

PAGE = 50
MOST = 50_000
"""Entries that one file holds, the newest."""
SHOWN = 20
"""Items that one line names; it counts the others."""


class What(StrEnum):
    """What a list of entries is narrowed to."""

    READ = "read"
    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stands in the address of a list. `own`: what people of the own party did is in it, too."""

    what: What | None = None
    party: str = ""
    person: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    own: bool = False

    def clauses(self, operation: Operation) -> list[ColumnElement[bool]]:
        """The same as conditions on entries."""
        found: list[ColumnElement[bool]] = []
        if self.what is not None:
            found.append(AuditEntry.allowed.is_(self.what is not What.REFUSED))
        if self.what is What.READ:
            found.append(AuditEntry.action.in_(READING))
        elif self.what is What.TAKEN:
            found.append(AuditEntry.action.in_(TAKING))
        elif self.what is What.CHANGED:
            found.append(AuditEntry.action.not_in(READING | TAKING))
        if self.party:
            found.append(AuditEntry.actor_id.in_(members(operation, Party.code == self.party)))
        if self.person is not None:
            found.append(AuditEntry.actor_id.in_(select(User.id).where(User.uuid == self.person)))
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        if self.until is not None:
            found.append(AuditEntry.at < self.until)
        return found


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted: the name, and the parties for which that person sits in the operation."""

    uuid: uuid.UUID
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `person` is None for the system itself. `items`: those the list is about, `more` of them unnamed."""

    entry: AuditEntry
    person: Person | None
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """A page of entries, the newest first, of so many."""

    lines: tuple[Line, ...]
    number: int
    page: int
    codes: tuple[str, ...] = field(default=())

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.number // PAGE))

    @property
    def ids(self) -> list[str]:
        """The ids of the items on it."""
        return list(dict.fromkeys(str(item.uuid) for line in self.lines for item in line.items))


def of_item(session: Session, item: Item, wanted: Wanted, page: int | None = 1) -> Log:
    """What happened to one item; all at once without `page`, as in the other two. A constant number of statements."""
    about = Item.id == item.id
    with for_nobody(session, Purpose.AUDITING):
        return _log(session, item.operation, about, _concerns(about), wanted, page)


def of_parties(
    session: Session,
    operation: Operation,
    viewer: Viewer,
    parties: Iterable[int],
    now: datetime,
    wanted: Wanted,
    page: int | None = 1,
) -> Log:
    """What happened to the items of some parties, as far as the viewer may see these, or could before their purge."""
    own, known = set(parties), or_(sharing.bodies(viewer, now), sharing.tombstones(viewer, now))
    given = or_(false(), *(sharing.given_at(seat) for seat in viewer.seats if seat.party_id in own))
    about = (Item.operation_id == operation.id) & given & known
    which = _concerns(about)
    if not wanted.own:
        which &= or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id.not_in(members(operation, Party.id.in_(own))))
    with for_nobody(session, Purpose.AUDITING):  # of what is purged the wall shows nothing
        return _log(session, operation, about, which, wanted, page)


def of_meeting(session: Session, meeting: Meeting, wanted: Wanted, page: int | None = 1) -> Log:
    """Everything that happened in a meeting or to items linked to it, for its auditors."""
    about = Item.id.in_(select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id))
    which = or_(AuditEntry.meeting_id == meeting.id, _concerns(about))
    with for_nobody(session, Purpose.AUDITING):  # auditors see events, and no item behind the wall
        return _log(session, meeting.operation, about, which, wanted, page)


def members(operation: Operation, which: ColumnElement[bool]) -> Select[int]:
    """Ids of those who sit, or sat, for some parties at meetings of an operation."""
    return (
        select(Membership.user_id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .join(Meeting, Meeting.id == Membership.meeting_id)
        .where(Meeting.operation_id == operation.id, which)
    )


def _concerns(about: ColumnElement[bool]) -> ColumnElement[bool]:
    inner = select(AuditObject.entry_id).join(Item, Item.uuid == AuditObject.object_uuid)
    return exists(inner.where(AuditObject.entry_id == AuditEntry.id, about).correlate(AuditEntry))


def _log(
    session: Session,
    operation: Operation,
    about: ColumnElement[bool],
    which: ColumnElement[bool],
    wanted: Wanted,
    page: int | None,
) -> Log:
    conditions = (which, *wanted.clauses(operation))
    rows = select(AuditEntry).where(*conditions).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    rows = rows.limit(MOST) if page is None else rows.limit(PAGE).offset((page - 1) * PAGE)
    entries = list(session.scalars(rows))
    number = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    people = _people(session, operation, {entry.actor_id for entry in entries if entry.actor_id is not None})
    items = _items(session, (entry.id for entry in entries), about)
    lines = tuple(_line(entry, people, items.get(entry.id, [])) for entry in entries)
    return Log(lines, number, page or 1, _codes(session, operation))


def _line(entry: AuditEntry, people: Mapping[int, Person], items: list[Item]) -> Line:
    person = people.get(entry.actor_id) if entry.actor_id is not None else None
    return Line(entry, person, tuple(items[:SHOWN]), max(0, len(items) - SHOWN))


def _people(session: Session, operation: Operation, ids: set[int]) -> dict[int, Person]:
    codes: dict[int, list[str]] = {}
    rows = session.execute(
        members(operation, Membership.user_id.in_(ids)).add_columns(Party.code).distinct().order_by(Party.code)
    )
    for ident, code in rows:
        codes.setdefault(ident, []).append(code)
    return {
        user.id: Person(user.uuid, user.name, tuple(codes.get(user.id, ())))
        for user in session.scalars(select(User).where(User.id.in_(ids)))
    }


def _items(session: Session, entries: Iterable[int], about: ColumnElement[bool]) -> dict[int, list[Item]]:
    rows = session.execute(
        select(AuditObject.entry_id, Item)
        .join(Item, Item.uuid == AuditObject.object_uuid)
        .join(Item.originator)
        .where(AuditObject.entry_id.in_(set(entries)), about)
        .options(contains_eager(Item.originator), joinedload(Item.parent).joinedload(Item.originator))
        .order_by(Item.reference, Item.id)
    )
    found: dict[int, list[Item]] = {}
    for ident, item in rows:
        found.setdefault(ident, []).append(item)
    return found


def _codes(session: Session, operation: Operation) -> tuple[str, ...]:
    """Parties whose people can be in a list: all that sit at the operation's meetings."""
    return tuple(
        session.scalars(
            select(Party.code)
            .join(Delegation, Delegation.party_id == Party.id)
            .join(Meeting, Meeting.id == Delegation.meeting_id)
            .where(Meeting.operation_id == operation.id)
            .distinct()
            .order_by(Party.code)
        )
    )
