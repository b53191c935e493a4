"""Reads of the chain: in order, a part at a time, however long it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from confmgr.activity.domain import Break, Fault, Head, Report, seal_of
from confmgr.activity.models import AuditEntry

COLUMNS = tuple(AuditEntry.__table__.columns)
BATCH = 1000
Entry = dict[str, Any]
"""A row of the audit by the names of its columns."""


def head(session: Session) -> Head:
    """The last seal."""
    row = session.execute(
        select(AuditEntry.sealed_as, AuditEntry.seal)
        .where(AuditEntry.sealed_as.is_not(None))
        .order_by(AuditEntry.sealed_as.desc())
        .limit(1)
    ).first()
    return Head() if row is None else Head(int(row[0] or 0), str(row[1]))


def holds(session: Session, kept: Head) -> bool:
    """Whether a head that was written down is in the chain."""
    if kept.number == 0:
        return kept == Head()
    return session.scalar(select(AuditEntry.seal).where(AuditEntry.sealed_as == kept.number)) == kept.seal


def waiting(session: Session) -> tuple[int, datetime | None]:
    """How many entries wait for their seal, and since when the oldest."""
    unsealed = AuditEntry.sealed_as.is_(None)
    count: int = session.scalar(select(func.count()).where(unsealed)) or 0
    return count, session.scalar(select(func.min(AuditEntry.at)).where(unsealed))


def entries(session: Session, statement: Select[Any]) -> list[Entry]:
    """Rows as they stand in the database, whatever the session holds of them."""
    return [{str(name): value for name, value in row.items()} for row in session.execute(statement).mappings()]


def sealed(session: Session, first: int = 1) -> Iterator[Entry]:
    """Sealed entries in the order of the chain, read in parts: a chain of any length takes the memory of one."""
    place, number, ident = (AuditEntry.sealed_as, AuditEntry.id), first, 0
    while True:
        behind = or_(place[0] > number, and_(place[0] == number, place[1] > ident))
        rows = entries(session, select(*COLUMNS).where(behind).order_by(*place).limit(BATCH))
        yield from rows
        if len(rows) < BATCH:
            return
        number, ident = rows[-1]["sealed_as"], rows[-1]["id"]


def check(session: Session, *, first: int = 1, kept: Head | None = None) -> Report:
    """Look over the chain from number `first` on; the seal before that one is taken as good.

    `kept`: a head that was written down outside the database.
    """
    before = _before(session, first)
    number, broken = first - 1, None
    if before is None:
        broken, before = Break(Fault.MISSING, first - 1), Head(first - 1).seal
    elif kept is not None and kept.number == first - 1 and kept.seal != before:
        broken = Break(Fault.REWRITTEN, kept.number)
    for row in () if broken else sealed(session, first):
        number += 1
        broken = _fault(session, row, before, number, first)
        before = row["seal"]
        if broken is None and kept is not None and kept.number == number and kept.seal != before:
            broken = Break(Fault.REWRITTEN, number, row["id"])
        if broken:
            number = broken.number - 1
            break
    last = head(session)
    if broken is None and kept is not None and kept.number > last.number:
        broken = Break(Fault.ENDS_EARLY, last.number + 1)
    count, since = waiting(session)
    return Report(max(number - first + 1, 0), last, count, since, broken)


def _before(session: Session, first: int) -> str | None:
    if first == 1:
        return Head().seal
    return session.scalar(select(AuditEntry.seal).where(AuditEntry.sealed_as == first - 1))


def _fault(session: Session, row: Entry, before: str, number: int, first: int) -> Break | None:
    """What is wrong with an entry at a place, if anything."""
    if row["sealed_as"] > number:
        return Break(Fault.MISSING, number)
    if row["sealed_as"] < number:
        return Break(Fault.INSERTED, row["sealed_as"], row["id"])
    if row["seal"] == seal_of(before, row, number):
        return None
    if fault := _elsewhere(session, row, before, number):
        return Break(fault, number, row["id"])
    if place := _too_late(session, row, number, first):
        return place
    following = next(sealed(session, number + 1), None)
    if following is not None and following["seal"] == seal_of(row["seal"], following, number + 2):
        return Break(Fault.MISSING, number)  # and those behind it were numbered anew
    return Break(Fault.CHANGED, number, row["id"])


def _elsewhere(session: Session, row: Entry, before: str, number: int) -> Fault | None:
    """Whether the entry that was sealed at a place stands further on: behind one put in, or in another order."""
    previous = row
    for other in sealed(session, number + 1):
        if other["seal"] != seal_of(before, other, number):
            previous = other
            continue
        following = next(sealed(session, other["sealed_as"] + 1), None)
        if following is not None:
            return (
                Fault.INSERTED
                if following["seal"] == seal_of(other["seal"], following, number + 1)
                else Fault.REORDERED
            )
        left = other if previous is row else previous
        was_last = row["seal"] == seal_of(left["seal"], row, other["sealed_as"])
        return Fault.REORDERED if was_last else Fault.INSERTED
    return None


def _too_late(session: Session, row: Entry, number: int, first: int) -> Break | None:
    """Where something was put in and sealed before an entry, which therefore stands later than it was sealed."""
    seal, place = _before(session, first), first
    for other in sealed(session, first):
        if other["sealed_as"] >= number or seal is None:
            return None
        if row["seal"] == seal_of(seal, row, place):
            return Break(Fault.INSERTED, place, other["id"])
        seal, place = other["seal"], other["sealed_as"] + 1
    return None
