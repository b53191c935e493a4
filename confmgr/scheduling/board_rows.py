"""What the board reads beside its sessions, as one statement of many parts."""

from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from confmgr.cases.models import Case
from confmgr.delegations.models import (
    Delegate,
    DelegateBusy,
    Delegation,
    DelegationHours,
    Interpreter,
    InterpreterHours,
)
from confmgr.meetings.models import MeetingDay, Place, PlaceHours
from confmgr.orm.base import WallDateTime
from confmgr.parties.models import Party
from confmgr.scheduling.models import (
    MeetingSession,
    ScheduleState,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item, Marking

_COLUMNS: dict[str, Any] = {
    "owner": Integer(),
    "ident": Integer(),
    "a": String(),
    "b": String(),
    "c": String(),
    "n": Integer(),
    "m": Integer(),
    "r": Integer(),
    "x": JSON(),
    "t1": WallDateTime(),
    "t2": WallDateTime(),
}


def _part(what: str, **given: Any) -> Any:
    columns: list[ColumnElement[Any]] = [literal(what).label("what")]
    for name, kind in _COLUMNS.items():
        value = given.get(name)
        if value is None:
            value = cast(null(), kind)
        elif name in {"a", "b", "c"}:
            value = cast(value, String)
        elif name in {"x", "t1", "t2"}:
            value = type_coerce(value, kind)
        columns.append(value.label(name))
    return select(*columns)


def things(meeting_id: int) -> Any:
    """Everything but the sessions, one row each: `what` says which, capitals for things that have capacity."""
    here = MeetingSession.meeting_id == meeting_id
    d, p, i, c = SessionDelegation, SessionDelegate, SessionInterpreter, SessionCase
    whose = Delegation.meeting_id == meeting_id
    people = (
        select(func.count())
        .where(Delegate.delegation_id == Delegation.id, Delegate.left_at.is_(None))
        .correlate(Delegation)
        .scalar_subquery()
    )
    side = case((Delegate.left_at.is_(None), Delegate.delegation_id))  # of somebody who has left, none
    return union_all(
        _part("S", n=ScheduleState.walk_minutes, x=ScheduleState.severities).where(
            ScheduleState.meeting_id == meeting_id
        ),
        _part("y", a=MeetingDay.day, b=MeetingDay.opens, c=MeetingDay.closes).where(
            MeetingDay.meeting_id == meeting_id
        ),
        _part("D", ident=Delegation.id, a=Party.code, n=Delegation.teams, m=people, x=Party.short_name)
        .join(Party, Party.id == Delegation.party_id)
        .where(whose),
        _part(
            "P",
            owner=Place.room_id,
            ident=Place.id,
            a=Place.code,
            b=Place.building,
            n=Place.seats,
            m=Place.booths,
            r=Place.rank,
            x=Place.name,
        ).where(Place.meeting_id == meeting_id),
        _part(
            "I",
            ident=Interpreter.id,
            a=Interpreter.latin_name,
            n=Interpreter.longest_run_minutes,
            m=Interpreter.longest_day_minutes,
            x=Interpreter.pairs,
        ).where(Interpreter.meeting_id == meeting_id),
        _part("d", owner=d.session_id, ident=d.delegation_id, n=d.id, m=cast(d.absent, Integer))
        .join(MeetingSession, MeetingSession.id == d.session_id)
        .where(here),
        _part("p", owner=p.session_id, ident=p.delegate_id, n=p.id, m=Delegate.delegation_id, a=Delegate.latin_name)
        .join(MeetingSession, MeetingSession.id == p.session_id)
        .join(Delegate, Delegate.id == p.delegate_id)
        .where(here),
        _part("i", owner=i.session_id, ident=i.interpreter_id, n=i.id)
        .join(MeetingSession, MeetingSession.id == i.session_id)
        .where(here),
        _part("c", owner=c.session_id, ident=c.case_id, n=c.id, a=Item.reference, x=Case.crime_types)
        .join(MeetingSession, MeetingSession.id == c.session_id)
        .join(Case, Case.id == c.case_id)
        .join(Item, Item.id == Case.id)
        .join(Marking, Marking.id == Item.marking_id)
        .where(here, Marking.tlp != Tlp.RED),  # whom a RED case concerns, and what it is about, is no envelope's
        _part("h", owner=DelegationHours.delegation_id, n=DelegationHours.id, **_span(DelegationHours))
        .join(Delegation, Delegation.id == DelegationHours.delegation_id)
        .where(whose),
        _part("o", owner=PlaceHours.place_id, n=PlaceHours.id, **_span(PlaceHours))
        .join(Place, Place.id == PlaceHours.place_id)
        .where(Place.meeting_id == meeting_id),
        _part("w", owner=InterpreterHours.interpreter_id, n=InterpreterHours.id, **_span(InterpreterHours))
        .join(Interpreter, Interpreter.id == InterpreterHours.interpreter_id)
        .where(Interpreter.meeting_id == meeting_id),
        _part(
            "a",
            owner=side,
            ident=Delegate.id,
            a=Delegate.latin_name,
            t1=Delegate.arrives_local,
            t2=Delegate.departs_local,
            n=Delegate.id,
        )
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(whose, Delegate.arrives_local.is_not(None) | Delegate.departs_local.is_not(None)),
        _part(
            "b",
            owner=side,
            ident=Delegate.id,
            a=Delegate.latin_name,
            t1=DelegateBusy.starts_at,  # instants, unlike the other times
            t2=DelegateBusy.ends_at,
        )
        .join(Delegate, Delegate.id == DelegateBusy.delegate_id)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(whose),
    )


def _span(hours: type[DelegationHours | PlaceHours | InterpreterHours]) -> dict[str, Any]:
    return {"t1": hours.starts_local, "t2": hours.ends_local}
