"""Indicators: numbers over time that nobody here produces. Writes; the caller commits."""

import hashlib
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.orm.unique import once
from confmgr.outcomes.models import Indicator, IndicatorValue, Source
from confmgr.outcomes.services.amounts import check_number
from confmgr.parties.models import Operation
from confmgr.values.words import Words


def add_indicator(
    session: Session, operation: Operation, *, code: str, name: Words, unit: str, definition: Words | None = None
) -> Indicator:
    """A number over time that nobody here produces.

    Raises:
        Refused: The code is taken.
    """
    indicator = Indicator(operation_id=operation.id, code=code, name=name, unit=unit, definition=definition, values=[])
    with once(session, lambda: _free(session, operation.id, code)):
        session.add(indicator)
    return indicator


def change_indicator(
    session: Session,
    indicator: Indicator,
    *,
    actor: User,
    now: datetime,
    seen: str,
    code: str,
    name: Words,
    unit: str,
    definition: Words | None,
) -> None:
    """Call it otherwise, or say better what it counts.

    Raises:
        Refused: The code is taken.
        StaleVersion: It has changed since `seen`.
    """
    _check_seen(indicator, seen)
    if code != indicator.code:
        _free(session, indicator.operation_id, code)
    indicator.code, indicator.name, indicator.unit, indicator.definition = code, name, unit, definition
    record(session, actor=actor, now=now, action="change", object_type="indicator", object_ids=[code])
    session.flush()


def remove_indicator(session: Session, indicator: Indicator, *, actor: User, now: datetime, seen: str) -> uuid.UUID:
    """Take it away with its values; the id returned brings it back.

    Raises:
        StaleVersion: It has changed since `seen`.
    """
    _check_seen(indicator, seen)
    kept = {
        "operation": indicator.operation_id,
        "code": indicator.code,
        "name": indicator.name.to_json(),
        "unit": indicator.unit,
        "definition": None if indicator.definition is None else indicator.definition.to_json(),
        "values": [_kept(value) for value in indicator.values],
    }
    session.delete(indicator)
    session.flush()
    return _removed(session, actor, now, indicator.code, kept)


def add_value(
    session: Session, indicator: Indicator, *, at_on: date, value: Decimal, source: Source, month_only: bool = False
) -> IndicatorValue:
    """One value of an indicator, with its source; of a whole month it stands at the first day.

    Raises:
        Refused: Negative or too large; the source has said a value for that date.
    """
    row = IndicatorValue(indicator_id=indicator.id)
    _fill(indicator, row, at_on=at_on, value=value, source=source, month_only=month_only)
    indicator.values.append(row)
    session.flush()
    return row


def change_value(
    session: Session,
    indicator: Indicator,
    row: IndicatorValue,
    *,
    actor: User,
    now: datetime,
    seen: str,
    at_on: date,
    value: Decimal,
    source: Source,
    month_only: bool = False,
) -> None:
    """Mend a value that was typed wrongly; what a source says anew is a value of its own.

    Raises:
        Refused: As for a new one.
        StaleVersion: The indicator has changed since `seen`.
    """
    _check_seen(indicator, seen)
    _fill(indicator, row, at_on=at_on, value=value, source=source, month_only=month_only)
    record(session, actor=actor, now=now, action="change", object_type="indicator_value", object_ids=[row.id])
    session.flush()


def remove_value(
    session: Session, indicator: Indicator, row: IndicatorValue, *, actor: User, now: datetime, seen: str
) -> uuid.UUID:
    """Take a value away; the id returned brings it back.

    Raises:
        StaleVersion: The indicator has changed since `seen`.
    """
    _check_seen(indicator, seen)
    kept = {"operation": indicator.operation_id, "code": indicator.code, "values": [_kept(row)]}
    indicator.values.remove(row)
    session.flush()
    return _removed(session, actor, now, indicator.code, kept)


def restore_removed(
    session: Session, operation: Operation, ident: uuid.UUID, *, actor: User, now: datetime
) -> Indicator:
    """Bring back what the same person removed: an indicator with its values, or one value.

    Raises:
        Refused: There is nothing of that id to bring back for this person, or it is there again.
    """
    entry = session.scalar(
        select(AuditEntry).where(
            AuditEntry.object_uuid == ident,
            AuditEntry.actor_id == actor.id,
            AuditEntry.action == "remove",
            AuditEntry.object_type == "indicator",
        )
    )
    if entry is None or entry.facts["operation"] != operation.id:
        raise Refused("nothing_to_bring_back")
    indicator = _brought_back(session, operation, entry.facts)
    sources = {row.id: row for row in session.scalars(select(Source).where(Source.operation_id == operation.id))}
    for value in entry.facts["values"]:
        add_value(
            session,
            indicator,
            at_on=date.fromisoformat(value["at"]),
            value=Decimal(value["value"]),
            source=sources[value["source"]],
            month_only=value["month_only"],
        )
    record(session, actor=actor, now=now, action="restore", object_type="indicator", object_ids=[indicator.code])
    return indicator


def fingerprint(indicator: Indicator) -> str:
    """Changes with everything that is said of an indicator: a form that knows an older one is refused.

    It holds no number of a row: those count what the reader may not see.
    """
    said = (
        indicator.code,
        indicator.name.to_json(),
        indicator.unit,
        None if indicator.definition is None else indicator.definition.to_json(),
        sorted(
            (str(row.at_on), row.month_only, str(row.value.normalize()), row.source.code) for row in indicator.values
        ),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _fill(
    indicator: Indicator, row: IndicatorValue, *, at_on: date, value: Decimal, source: Source, month_only: bool
) -> None:
    check_number(value, field="value")
    day = at_on.replace(day=1) if month_only else at_on
    for other in indicator.values:
        if other is not row and (other.at_on, other.month_only, other.source_id) == (day, month_only, source.id):
            raise Refused("value_taken", field="at_on", source=source.called)
    row.at_on, row.value, row.month_only, row.source_id, row.source = day, value, month_only, source.id, source


def _free(session: Session, operation_id: int, code: str) -> None:
    taken = select(Indicator.id).where(Indicator.operation_id == operation_id, Indicator.code == code)
    if session.scalar(taken) is not None:
        raise Refused("indicator_taken", field="code", code=code)


def _check_seen(indicator: Indicator, seen: str) -> None:
    if seen != fingerprint(indicator):
        raise StaleVersion("indicator", indicator.code)


def _kept(row: IndicatorValue) -> dict[str, Any]:
    return {
        "at": row.at_on.isoformat(),
        "month_only": row.month_only,
        "value": str(row.value.normalize()),
        "source": row.source_id,
    }


def _removed(session: Session, actor: User, now: datetime, code: str, kept: dict[str, Any]) -> uuid.UUID:
    ident = uuid.uuid4()
    record(
        session,
        actor=actor,
        now=now,
        action="remove",
        object_type="indicator",
        object_uuid=ident,
        object_ids=[code],
        facts=kept,
    )
    session.flush()
    return ident


def _brought_back(session: Session, operation: Operation, kept: dict[str, Any]) -> Indicator:
    if "name" in kept:
        definition = kept["definition"]
        return add_indicator(
            session,
            operation,
            code=kept["code"],
            name=Words.from_json(kept["name"]),
            unit=kept["unit"],
            definition=None if definition is None else Words.from_json(definition),
        )
    found = session.scalar(
        select(Indicator).where(Indicator.operation_id == operation.id, Indicator.code == kept["code"])
    )
    if found is None:
        raise Refused("nothing_to_bring_back")
    return found
