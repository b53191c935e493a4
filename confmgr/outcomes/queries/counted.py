"""What is counted from the records themselves: cases, leads, countries, joint actions. Nobody types these in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases.domain import TAKEN, Readiness
from confmgr.cases.models import Case, Lead, Nomination
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegation
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import JointActionState, LinkKind, OverlapDecision
from confmgr.outcomes.models import JointAction
from confmgr.outcomes.totals import Count, Overlap
from confmgr.parties.domain import PartyKind
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values.times import wall_time
from confmgr.values.words import Words

COUNTRIES = frozenset({PartyKind.STATE, PartyKind.TERRITORY})


@dataclass(frozen=True, slots=True)
class Counted:
    """One count for each record, and which of them are one thing at several meetings.

    `names`: what a record is called, by the id of its count; cases and leads go by their reference alone.
    """

    counts: tuple[Count, ...]
    same: tuple[Overlap, ...]
    names: Mapping[str, Words]


def counted(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> Counted:
    """Records of an operation that a reader may know of, at the meetings where the reader sits; four statements."""
    seats = {seat.meeting_id for seat in viewer.seats}
    known = or_(sharing.bodies(viewer, now), sharing.envelopes(viewer))
    names: dict[str, Words] = {}
    counts = [
        *_countries(session, operation, seats, names),
        *_cases(session, operation, viewer, now, seats),
        *_leads(session, operation, known, seats),
        *_actions(session, operation, sharing.bodies(viewer, now), names),
    ]
    return Counted(tuple(counts), tuple(_same(counts)), names)


def _countries(session: Session, operation: Operation, seats: set[int], names: dict[str, Words]) -> Iterable[Count]:
    rows = session.scalars(
        select(Delegation)
        .join(Meeting, Meeting.id == Delegation.meeting_id)
        .where(Meeting.operation_id == operation.id, Meeting.id.in_(seats))
        .options(joinedload(Delegation.party), joinedload(Delegation.meeting))
        .order_by(Delegation.meeting_id, Delegation.id)
    )
    for row in rows:
        host = row.party_id == row.meeting.host_party_id
        if row.party.kind in COUNTRIES and row.state is not DelegationState.DECLINED:
            if host and not row.meeting.host_counts:
                continue
            ident = f"country {row.party.code} {row.meeting.slug}"
            names[ident] = row.party.short_name
            yield _once(ident, "countries", row.meeting, row.meeting.starts_on, row.meeting.ends_on)


def _cases(session: Session, operation: Operation, viewer: Viewer, now: datetime, seats: set[int]) -> Iterable[Count]:
    found = session.scalars(
        select(Nomination)
        .join(Item, Item.id == Nomination.case_id)
        .where(
            Item.operation_id == operation.id,
            or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)),
            Nomination.state.in_(TAKEN),
            Nomination.meeting_id.in_(seats),
        )
        .options(
            joinedload(Nomination.meeting),
            joinedload(Nomination.case)
            .joinedload(Case.item)
            .options(joinedload(Item.originator), joinedload(Item.marking)),
        )
        .order_by(Nomination.meeting_id, Nomination.id)
    )
    rows = list(found)
    red = {row.case_id for row in rows if row.case.item.marking.tlp is Tlp.RED}
    bare = red - sharing.visible_ids(session, viewer, red, now)  # the envelope of RED does not tell how ready it is
    bringing: dict[tuple[int, str], Count] = {}
    for row in rows:
        item = row.case.item
        name, day = f"{item.originator.code}/{item.reference}", row.nominated_on
        yield _once(f"case {name} {row.meeting.slug}", "cases", row.meeting, day, day)
        if row.readiness is Readiness.READY_FOR_ACTION and row.case_id not in bare:
            yield _once(f"case_ready {name} {row.meeting.slug}", "cases_ready", row.meeting, day, day)
        if item.originator.kind in COUNTRIES:
            first = f"country_with_cases {item.originator.code} {row.meeting.slug}"
            key = (row.meeting_id, item.originator.code)
            bringing.setdefault(key, _once(first, "countries_with_cases", row.meeting, day, day))
    yield from bringing.values()


def _leads(session: Session, operation: Operation, known: object, seats: set[int]) -> Iterable[Count]:
    rows = session.scalars(
        select(Lead)
        .join(Item, Item.id == Lead.id)
        .where(
            Item.operation_id == operation.id,
            known,  # type: ignore[arg-type]  # a clause of the visibility rule
            Item.state == ItemState.SHARED,
            or_(Lead.meeting_id.in_(seats), Lead.meeting_id.is_(None)),
        )
        .options(joinedload(Lead.item).joinedload(Item.originator), joinedload(Lead.meeting))
        .order_by(Item.shared_at, Lead.id)
    )
    for row in rows:
        shared = row.item.shared_at
        if shared is None:
            continue
        day = wall_time(shared, row.meeting.zone).date() if row.meeting else shared.date()
        yield _once(f"lead {row.item.originator.code}/{row.item.reference}", "leads", row.meeting, day, day)


def _actions(session: Session, operation: Operation, visible: object, names: dict[str, Words]) -> Iterable[Count]:
    rows = session.scalars(
        select(JointAction)
        .join(Item, Item.id == JointAction.id)
        .where(
            Item.operation_id == operation.id,
            visible,  # type: ignore[arg-type]  # a clause of the visibility rule
            JointAction.state == JointActionState.ENDED,
        )
        .options(joinedload(JointAction.item).joinedload(Item.originator))
        .order_by(JointAction.on, JointAction.id)
    )
    for row in rows:
        if row.on is not None:
            ident = f"joint_action {row.item.originator.code}/{row.item.reference}"
            names[ident] = row.title
            yield Count(
                id=ident,
                measure="joint_actions",
                low=Decimal(1),
                high=Decimal(1),
                from_on=row.on,
                to_on=row.on,
                joint_action=str(row.id),
                task_force=None if row.task_force_id is None else str(row.task_force_id),
            )


def _once(ident: str, measure: str, meeting: Meeting | None, first: date, last: date) -> Count:
    return Count(
        id=ident,
        measure=measure,
        low=Decimal(1),
        high=Decimal(1),
        from_on=first,
        to_on=last,
        meeting=None if meeting is None else str(meeting.id),
    )


def _same(counts: Iterable[Count]) -> Iterable[Overlap]:
    """A case or country that comes to several meetings is one in the operation's total."""
    things: dict[tuple[str, str], list[Count]] = {}
    for count in counts:
        if count.meeting is not None:
            things.setdefault((count.measure, count.id.split(" ")[1]), []).append(count)
    for rows in things.values():
        for one, other in pairwise(rows):
            yield Overlap(one.id, other.id, LinkKind.SAME, OverlapDecision.SAME)
