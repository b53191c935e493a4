"""Measures of an operation: switched on, added. Writes; the caller commits."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.orm.unique import once
from confmgr.outcomes import queries
from confmgr.outcomes.measures import MEASURES, Nature, Unit
from confmgr.outcomes.models import MeasureInUse, OwnMeasure
from confmgr.parties.models import Operation
from confmgr.values.words import Words

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 60


def use_measures(
    session: Session, operation: Operation, codes: Collection[str], *, actor: User, now: datetime
) -> frozenset[str]:
    """Which measures of the standard table forms offer; figures that were stated stay where they are.

    Raises:
        Refused: None is left, or one is not in the table.
    """
    wanted = frozenset(codes)
    if not wanted:
        raise Refused("no_measure_left", field="measures")
    if unknown := wanted - MEASURES.keys():
        raise Refused("unknown_measure", field="measures", measure=min(unknown))
    before = queries.switched_on(session, operation)
    session.execute(delete(MeasureInUse).where(MeasureInUse.operation_id == operation.id))
    session.add_all(MeasureInUse(operation_id=operation.id, measure=code) for code in MEASURES if code in wanted)
    session.flush()
    if wanted != before:
        record(
            session,
            actor=actor,
            now=now,
            action="use_measures",
            object_type="operation",
            object_uuid=operation.uuid,
            object_ids=sorted(wanted ^ before),
        )
    return wanted


def add_own_measure(
    session: Session,
    operation: Operation,
    *,
    code: str,
    name: Words,
    definition: Words,
    unit: Unit,
    nature: Nature,
    actor: User,
    now: datetime,
) -> OwnMeasure:
    """A measure that the standard table does not have; its code begins with that of the operation.

    Raises:
        Refused: The code is no short name, too long, or taken.
    """
    if not CODE.fullmatch(code):
        raise Refused("measure_code", field="code")
    full = f"{operation.code}-{code}"
    if len(full) > LONGEST:
        raise Refused("measure_code_long", field="code", most=LONGEST - len(operation.code) - 1)
    row = OwnMeasure(
        operation_id=operation.id,
        code=full,
        name=name,
        definition=definition,
        unit=unit.value,
        nature=nature.value,
    )

    def look() -> None:
        if full in MEASURES or session.scalar(select(OwnMeasure.id).where(OwnMeasure.code == full)) is not None:
            raise Refused("measure_taken", field="code", code=code)

    with once(session, look):
        session.add(row)
    record(session, actor=actor, now=now, action="add_measure", object_type="operation", object_uuid=operation.uuid)
    return row


def reword_measure(
    session: Session, row: OwnMeasure, *, name: Words, definition: Words, actor: User, now: datetime
) -> None:
    """Another name or definition; unit and nature stay, since figures rest on them."""
    row.name, row.definition = name, definition
    session.flush()
    record(session, actor=actor, now=now, action="reword_measure", object_type="own_measure", object_ids=[row.code])


def remove_measure(session: Session, operation: Operation, row: OwnMeasure, *, actor: User, now: datetime) -> None:
    """Take an own measure away again.

    Raises:
        Refused: A figure was stated under it.
    """
    if row.code in queries.measures_with_figures(session, operation):
        raise Refused("measure_has_figures")
    session.delete(row)
    session.flush()
    record(session, actor=actor, now=now, action="remove_measure", object_type="own_measure", object_ids=[row.code])
