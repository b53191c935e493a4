"""Persons found in a joint action, and as what they are held to be. Writes; the caller commits."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.outcomes.domain import Dimension, FigureKind, FigureStatus, PersonStatus
from confmgr.outcomes.models import Figure, JointAction, PersonSet, PersonSetShare, PersonSetStatus, Source
from confmgr.outcomes.services.amounts import check_number
from confmgr.values.words import Words

FURTHEST_AHEAD = timedelta(hours=14)
"""How far the calendar of some place is ahead of common time."""


def find_persons(session: Session, action: JointAction, *, name: Words, count: int) -> PersonSet:
    """A set of persons found in an action; its status follows.

    Raises:
        Refused: A negative number.
    """
    check_number(Decimal(count))
    persons = PersonSet(joint_action_id=action.id, name=name, count=count)
    session.add(persons)
    session.flush()
    return persons


def change_persons(session: Session, persons: PersonSet, *, name: Words, count: int) -> None:
    """What a set is called, and how many they are.

    Raises:
        Refused: A negative number, or fewer than are held to be something.
    """
    check_number(Decimal(count))
    most = max((row.count for row in persons.statuses), default=0)
    if count < most:
        raise Refused("fewer_than_held", field="count", least=most)
    persons.name, persons.count = name, count
    session.flush()


def set_status(
    session: Session,
    persons: PersonSet,
    *,
    status: PersonStatus,
    count: int,
    decided_on: date,
    decided_by: str | None = None,
    source: Source | None = None,
    actor: User | None = None,
    now: datetime | None = None,
    operation_starts: date | None = None,
) -> PersonSetStatus:
    """As what how many of a set were held to be from a day on; earlier rows stay.

    Raises:
        Refused: A negative number, or more persons than the set has; before the operation or ahead of now.
    """
    check_number(Decimal(count))
    if count > persons.count:
        raise Refused("more_than_set", field="count", most=persons.count)
    if operation_starts is not None and decided_on < operation_starts:
        raise Refused("before_operation", field="decided_on", start=str(operation_starts))
    if now is not None and decided_on > (now + FURTHEST_AHEAD).date():
        raise Refused("not_yet", field="decided_on")
    row = PersonSetStatus(
        set_id=persons.id,
        status=status,
        count=count,
        decided_on=decided_on,
        decided_by=decided_by,
        source_id=None if source is None else source.id,
        entered_at=now,
        entered_by_id=None if actor is None else actor.id,
    )
    persons.statuses.append(row)
    session.flush()
    return row


def set_share(
    session: Session, persons: PersonSet, *, dimension: Dimension, key: str, count: int, verified: bool
) -> PersonSetShare:
    """How many of a set share something. Shares that exceed the set are kept as they were said, and shown as such.

    Raises:
        Refused: A negative number.
    """
    check_number(Decimal(count))
    row = next((share for share in persons.shares if (share.dimension, share.key) == (dimension, key)), None)
    if row is None:
        row = PersonSetShare(dimension=dimension, key=key)
        persons.shares.append(row)
    row.count, row.verified = count, verified
    session.flush()
    return row


def remove_share(session: Session, persons: PersonSet, share: PersonSetShare) -> None:
    """A share that was entered by mistake."""
    persons.shares.remove(share)
    session.flush()


def asks_again(session: Session, persons: PersonSet, measure: str, number: Decimal) -> tuple[str, int] | None:
    """Whether a figure of a set should be looked at twice: the reason, and the number that it exceeds.

    More returned than arrested, or more than the set has, may be right; it is asked, never forbidden.
    """
    if number > persons.count:
        return "exceeds_set", persons.count
    if measure != "returned":
        return None
    arrested = session.scalar(
        select(func.max(Figure.high)).where(
            Figure.person_set_id == persons.id,
            Figure.measure == "arrested",
            Figure.kind == FigureKind.RECORDED,
            Figure.status != FigureStatus.SUPERSEDED,
        )
    )
    return ("exceeds_arrested", int(arrested)) if arrested is not None and number > arrested else None
