"""Figures: stated, corrected, confirmed by a second person, reworded, converted. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import is_currency
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.orm.unique import once
from confmgr.outcomes.domain import (
    UNCONFIRM,
    Attribution,
    FigureKind,
    FigureStatus,
    Qualifier,
)
from confmgr.outcomes.models import (
    Figure,
    FigureBreakdown,
    FigureCase,
    FigureConversion,
    FigureLink,
    Group,
    JointAction,
    PersonSet,
    Source,
    TaskForce,
)
from confmgr.outcomes.naming import called
from confmgr.outcomes.returns import is_source_of_return
from confmgr.outcomes.services.amounts import Part, check_figure, check_number, check_parts
from confmgr.outcomes.services.links import overlap
from confmgr.parties.models import Operation, Party
from confmgr.values.words import Words

SMALLEST_RATE, LARGEST_RATE = Decimal("0.0000000001"), Decimal(10) ** 10


def state_figure(
    session: Session,
    *,
    actor: User,
    now: datetime,
    operation: Operation,
    owner: Party,
    code: str,
    measure: str,
    low: Decimal,
    source: Source,
    as_of: date,
    title: Words | None = None,
    high: Decimal | None = None,
    kind: FigureKind = FigureKind.RECORDED,
    qualifier: Qualifier = Qualifier.EXACT,
    currency: str | None = None,
    period: tuple[date, date] | None = None,
    at_on: date | None = None,
    counting_rule: Words | None = None,
    status: FigureStatus = FigureStatus.PROVISIONAL,
    attribution: Attribution = Attribution.SAME_PERIOD,
    meeting: Meeting | None = None,
    joint_action: JointAction | None = None,
    task_force: TaskForce | None = None,
    group: Group | None = None,
    person_set: PersonSet | None = None,
    cases: Sequence[Case] = (),
    breakdown: Sequence[Part] = (),
    alternative_to: Figure | None = None,
    note: Words | None = None,
    illustrative: bool = False,
) -> Figure:
    """A number with all that makes it hold: measure, period or moment, source, as-of date.

    Raises:
        Refused: Negative or too large; unknown measure or currency; a stock without a moment or a flow without a
            period; a period reversed; a wrong breakdown; a set of another action; a source that was withdrawn; the
            code is taken.
    """
    known = check_figure(session, operation, measure, low, high, currency, period, at_on)
    check_parts(known, breakdown)
    if person_set is not None and (joint_action is None or person_set.joint_action_id != joint_action.id):
        raise Refused("set_of_other_action", field="persons")
    if source.withdrawn_at is not None:
        raise Refused("source_withdrawn", field="source", code=source.called)
    figure = Figure(
        operation_id=operation.id,
        code=code,
        title=title,
        kind=kind,
        measure=measure,
        low=low,
        high=low if high is None else high,
        qualifier=qualifier,
        currency=currency,
        from_on=None if period is None else period[0],
        to_on=None if period is None else period[1],
        at_on=at_on,
        counting_rule=counting_rule,
        source_id=source.id,
        as_of=as_of,
        status=status,
        attribution=attribution,
        meeting_id=None if meeting is None else meeting.id,
        joint_action_id=None if joint_action is None else joint_action.id,
        task_force_id=None if task_force is None else task_force.id,
        group_id=None if group is None else group.id,
        person_set_id=None if person_set is None else person_set.id,
        note=note,
        alternative_to_id=None if alternative_to is None else alternative_to.id,
        declared_by_id=actor.id,
        declared_at=now,
        owner_id=owner.id,
        illustrative=illustrative,
    )
    figure.operation, figure.source, figure.owner, figure.meeting = operation, source, owner, meeting
    figure.joint_action = joint_action
    figure.cases = [FigureCase(case_id=case.id, case=case) for case in cases]
    figure.breakdown = [FigureBreakdown(dimension=d, key=k, value=v, verified=ok) for d, k, v, ok in breakdown]

    def look() -> None:
        taken = select(Figure.id).where(Figure.operation_id == operation.id, Figure.code == code)
        if session.scalar(taken) is not None:
            raise Refused("figure_code_taken", field="code", code=called(code))

    with once(session, look):
        session.add(figure)
    record(
        session, actor=actor, now=now, action="state", object_type="figure", object_uuid=figure.uuid, object_ids=[code]
    )
    return figure


def correct_figure(
    session: Session,
    figure: Figure,
    *,
    actor: User,
    now: datetime,
    code: str,
    low: Decimal,
    high: Decimal | None,
    source: Source,
    as_of: date,
    qualifier: Qualifier | None = None,
    note: Words | None = None,
    breakdown: Sequence[Part] = (),
) -> Figure:
    """A correction: a new figure that supersedes the old one, which stays to be read.

    It takes the old one's place: among sources that disagree, in overlaps, and with what it belongs to. The breakdown
    was that of the old number and stays with it.

    Raises:
        Refused: The old one is superseded already, or comes from a return, which is changed in its round; what
            `state_figure` refuses.
    """
    if is_source_of_return(figure.source.code):
        raise Refused("corrected_by_return", code=figure.source.code)
    if figure.status is FigureStatus.SUPERSEDED:
        raise Refused("already_superseded", code=figure.called)
    period = None if figure.from_on is None or figure.to_on is None else (figure.from_on, figure.to_on)
    fresh = state_figure(
        session,
        actor=actor,
        now=now,
        operation=figure.operation,
        owner=figure.owner,
        code=code,
        title=figure.title,
        measure=figure.measure,
        low=low,
        high=high,
        kind=figure.kind,
        qualifier=figure.qualifier if qualifier is None else qualifier,
        currency=figure.currency,
        counting_rule=figure.counting_rule,
        period=period,
        at_on=figure.at_on,
        source=source,
        as_of=as_of,
        attribution=figure.attribution,
        meeting=figure.meeting,
        joint_action=figure.joint_action,
        cases=[link.case for link in figure.cases],
        breakdown=breakdown,
        note=note,
        illustrative=figure.illustrative,
    )
    fresh.supersedes_id, fresh.task_force_id = figure.id, figure.task_force_id
    fresh.group_id, fresh.person_set_id = figure.group_id, figure.person_set_id
    fresh.alternative_to_id = figure.alternative_to_id
    fresh.chosen_at, fresh.chosen_by_id = figure.chosen_at, figure.chosen_by_id
    for rival in session.scalars(select(Figure).where(Figure.alternative_to_id == figure.id)):
        rival.alternative_to_id = fresh.id
    figure.status = FigureStatus.SUPERSEDED
    for link in session.scalars(
        select(FigureLink).where((FigureLink.first_id == figure.id) | (FigureLink.second_id == figure.id))
    ):
        other = link.second if link.first_id == figure.id else link.first
        kept = overlap(session, fresh, other, kind=link.kind, reason=link.reason, decision=link.decision)
        kept.decided_by_id, kept.decided_at = link.decided_by_id, link.decided_at
    session.flush()
    return fresh


def confirm_figure(session: Session, figure: Figure, *, actor: User, now: datetime) -> None:
    """A second person confirms; once confirmed it stays so.

    Raises:
        Refused: By the person who stated it; it is superseded.
    """
    if actor.id == figure.declared_by_id:
        raise Refused("second_person")
    if figure.status is FigureStatus.SUPERSEDED:
        raise Refused("already_superseded", code=figure.called)
    if figure.status is FigureStatus.CONFIRMED:
        return
    figure.status, figure.confirmed_by_id, figure.confirmed_at = FigureStatus.CONFIRMED, actor.id, now
    session.flush()
    record(session, actor=actor, now=now, action="confirm", object_type="figure", object_uuid=figure.uuid)


def take_back_confirmation(session: Session, figure: Figure, *, actor: User, now: datetime, reason: str) -> None:
    """A confirmation does not hold: the figure is provisional again, and the reason stands in its history.

    Raises:
        Refused: It is not confirmed, or without a reason.
    """
    if figure.status is not FigureStatus.CONFIRMED:
        raise Refused("not_confirmed")
    if not reason.strip():
        raise Refused("withdrawal_needs_reason", field="reason")
    figure.status, figure.confirmed_by_id, figure.confirmed_at = FigureStatus.PROVISIONAL, None, None
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=UNCONFIRM,
        object_type="figure",
        object_uuid=figure.uuid,
        facts={"reason": reason.strip()},
    )


def describe_figure(
    session: Session,
    figure: Figure,
    *,
    actor: User,
    now: datetime,
    title: Words | None,
    note: Words | None,
    counting_rule: Words | None,
    attribution: Attribution,
    breakdown: Sequence[Part],
) -> None:
    """What stands beside the number, and its parts; the number itself changes only by a correction.

    Parts are numbers too: with others than those that the second person confirmed, the figure is provisional again.

    Raises:
        Refused: It has been corrected already; a wrong breakdown.
    """
    if figure.status is FigureStatus.SUPERSEDED:
        raise Refused("already_superseded", code=figure.called)
    period = None if figure.from_on is None or figure.to_on is None else (figure.from_on, figure.to_on)
    known = check_figure(
        session, figure.operation, figure.measure, figure.low, figure.high, figure.currency, period, figure.at_on
    )
    check_parts(known, breakdown)
    figure.title, figure.note, figure.counting_rule, figure.attribution = title, note, counting_rule, attribution
    before = {(part.dimension, part.key): part for part in figure.breakdown}
    kept = {(dimension, key, part.value, part.verified) for (dimension, key), part in before.items()}
    if kept != set(breakdown) and figure.status is FigureStatus.CONFIRMED:
        figure.status, figure.confirmed_by_id, figure.confirmed_at = FigureStatus.PROVISIONAL, None, None
    wanted = {(dimension, key): (value, verified) for dimension, key, value, verified in breakdown}
    for place, part in before.items():
        if place not in wanted:
            figure.breakdown.remove(part)
    for (dimension, key), (value, verified) in wanted.items():
        row = before.get((dimension, key))
        if row is None:
            row = FigureBreakdown(dimension=dimension, key=key)
            figure.breakdown.append(row)
        row.value, row.verified = value, verified
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="figure", object_uuid=figure.uuid)


def convert_figure(
    session: Session,
    figure: Figure,
    *,
    actor: User,
    now: datetime,
    currency: str,
    rate: Decimal,
    rate_on: date,
    source: Source,
) -> FigureConversion:
    """A sum of money in another currency too; the original stays, and no total adds a converted sum.

    Raises:
        Refused: No money, no such currency, its own or one that is there, a rate that is none.
    """
    if figure.currency is None:
        raise Refused("conversion_of_money")
    taken = {figure.currency, *(row.currency for row in figure.conversions)}
    if not is_currency(currency) or currency in taken:
        raise Refused("conversion_currency", field="currency", currency=currency)
    if not SMALLEST_RATE <= rate <= LARGEST_RATE:
        raise Refused("conversion_rate", field="rate")
    check_number(figure.high * rate)
    row = FigureConversion(currency=currency, rate=rate, rate_on=rate_on, source_id=source.id)
    row.source = source
    figure.conversions.append(row)
    session.flush()
    record(session, actor=actor, now=now, action="convert", object_type="figure", object_uuid=figure.uuid)
    return row


def remove_conversion(session: Session, figure: Figure, currency: str, *, actor: User, now: datetime) -> None:
    """Take a conversion away again; one that is gone already stays gone."""
    for row in [row for row in figure.conversions if row.currency == currency]:
        figure.conversions.remove(row)
    session.flush()
    record(session, actor=actor, now=now, action="remove_conversion", object_type="figure", object_uuid=figure.uuid)
