"""Sets of persons found in joint actions, and what has changed of them since a date."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.errors import NotFound
from confmgr.outcomes.domain import PersonStatus
from confmgr.outcomes.models import JointAction, PersonSet, PersonSetStatus, Source
from confmgr.outcomes.persons import Change, Held, changes, standing
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True, slots=True)
class Reclassification:
    """A decision by which persons of a set are held to be something else than before.

    `before`, `after`: how many of the set were held to be what; those of whom nothing was said are in neither.
    """

    action: JointAction
    persons: PersonSet
    status: PersonStatus
    count: int
    decided_on: date
    decided_by: str | None
    source: Source | None
    before: Mapping[PersonStatus, int]
    after: Mapping[PersonStatus, int]


def get_persons(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> tuple[JointAction, PersonSet]:
    """One set and its joint action, whose body the viewer may see.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    action = session.scalar(
        select(JointAction)
        .join(Item, Item.id == JointAction.id)
        .join(PersonSet, PersonSet.joint_action_id == JointAction.id)
        .where(PersonSet.uuid == ident, sharing.bodies(viewer, now))
        .options(joinedload(JointAction.item))
    )
    if action is None:
        raise NotFound("set of persons", ident)
    persons = session.scalars(
        select(PersonSet)
        .where(PersonSet.uuid == ident)
        .options(selectinload(PersonSet.statuses), selectinload(PersonSet.shares))
    ).one()
    return action, persons


def decisions(persons: PersonSet) -> list[PersonSetStatus]:
    """What was decided of a set, in the order of the days."""
    return sorted(persons.statuses, key=lambda row: (row.decided_on, row.id))


def standing_of(persons: PersonSet) -> Mapping[PersonStatus, int]:
    """How many of a set are held to be what now."""
    return standing(persons.count, _held(decisions(persons)))


def reclassified(
    session: Session, operation: Operation, viewer: Viewer, since: date, now: datetime
) -> list[Reclassification]:
    """Who is held to be something else since a day: decided or entered on it or later; three statements.

    Only of joint actions whose body the viewer may see; by day of decision.
    """
    rows = session.execute(
        select(PersonSet, JointAction)
        .join(JointAction, JointAction.id == PersonSet.joint_action_id)
        .join(Item, Item.id == JointAction.id)
        .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
        .options(
            selectinload(PersonSet.statuses),
            joinedload(JointAction.item).options(joinedload(Item.marking), joinedload(Item.originator)),
        )
        .order_by(PersonSet.id)
    ).all()
    sources = {row.id: row for row in session.scalars(select(Source).where(Source.operation_id == operation.id))}
    found = [
        Reclassification(
            action=action,
            persons=persons,
            status=row.status,
            count=row.count,
            decided_on=row.decided_on,
            decided_by=row.decided_by,
            source=None if row.source_id is None else sources.get(row.source_id),
            before=change.before,
            after=change.after,
        )
        for persons, action in rows
        for row, change in zip(decisions(persons), _changes(persons), strict=True)
        if change.reclassifies and _is_since(row, since)
    ]
    return sorted(found, key=lambda row: (row.decided_on, row.persons.id))


def _changes(persons: PersonSet) -> list[Change]:
    return list(changes(persons.count, _held(decisions(persons))))


def _held(rows: Sequence[PersonSetStatus]) -> list[Held]:
    return [Held(row.status, row.count) for row in rows]


def _is_since(row: PersonSetStatus, since: date) -> bool:
    return row.decided_on >= since or (row.entered_at is not None and row.entered_at.date() >= since)
