"""Sources, figures, their corrections and overlaps. Writes; the caller commits."""

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
from confmgr.outcomes.domain import (
    Attribution,
    Dimension,
    FigureKind,
    FigureStatus,
    LinkKind,
    OverlapDecision,
    Qualifier,
)
from confmgr.outcomes.measures import MEASURES, Nature, Unit
from confmgr.outcomes.models import (
    Figure,
    FigureBreakdown,
    FigureCase,
    FigureLink,
    Group,
    JointAction,
    PersonSet,
    Source,
    TaskForce,
)
from confmgr.outcomes.returns import is_source_of_return
from confmgr.parties.models import Operation, Party
from confmgr.values.words import Words

LARGEST = Decimal(10) ** 18


def add_source(
    session: Session, operation: Operation, *, code: str, title: Words, published_on: date | None = None
) -> Source:
    """A report, statement or return that figures come from.

    Raises:
        Refused: The code is taken, or is kept for returns of reporting rounds.
    """
    if is_source_of_return(code):
        raise Refused("source_reserved", field="code", code=code)
    taken = select(Source.id).where(Source.operation_id == operation.id, Source.code == code)
    if session.scalar(taken) is not None:
        raise Refused("source_taken", field="code", code=code)
    source = Source(operation_id=operation.id, code=code, title=title, published_on=published_on)
    session.add(source)
    session.flush()
    return source


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
    breakdown: Sequence[tuple[Dimension, str, Decimal, bool]] = (),
    alternative_to: Figure | None = None,
    note: Words | None = None,
    illustrative: bool = False,
) -> Figure:
    """A number with all that makes it hold: measure, period or moment, source, as-of date.

    Raises:
        Refused: Negative or too large; unknown measure or currency; a stock without a moment or a flow without a
            period; a period reversed or before the operation; the code is taken.
    """
    _check_figure(operation, measure, low, high, currency, period, at_on)
    taken = select(Figure.id).where(Figure.operation_id == operation.id, Figure.code == code)
    if session.scalar(taken) is not None:
        raise Refused("figure_code_taken", field="code", code=code)
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
    session.add(figure)
    session.flush()
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
        raise Refused("already_superseded", code=figure.code)
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
        overlap(session, fresh, other, kind=link.kind, reason=link.reason, decision=link.decision)
    session.flush()
    return fresh


def choose_current(session: Session, figures: Sequence[Figure], chosen: Figure, *, actor: User, now: datetime) -> None:
    """Of sources that disagree, one is chosen by a named person; the others stay side by side."""
    for figure in figures:
        figure.chosen_at = figure.chosen_by_id = None
    chosen.chosen_at, chosen.chosen_by_id = now, actor.id
    session.flush()
    record(session, actor=actor, now=now, action="choose", object_type="figure", object_uuid=chosen.uuid)


def confirm_figure(session: Session, figure: Figure, *, actor: User, now: datetime) -> None:
    """A second person confirms.

    Raises:
        Refused: By the person who stated it; it is superseded.
    """
    if actor.id == figure.declared_by_id:
        raise Refused("second_person")
    if figure.status is FigureStatus.SUPERSEDED:
        raise Refused("already_superseded", code=figure.code)
    figure.status, figure.confirmed_by_id, figure.confirmed_at = FigureStatus.CONFIRMED, actor.id, now
    session.flush()
    record(session, actor=actor, now=now, action="confirm", object_type="figure", object_uuid=figure.uuid)


def overlap(
    session: Session,
    one: Figure,
    other: Figure,
    *,
    kind: LinkKind = LinkKind.POSSIBLE,
    reason: Words | None = None,
    decision: OverlapDecision = OverlapDecision.OPEN,
) -> FigureLink:
    """Say that two figures count the same persons, or may.

    Raises:
        Refused: A figure with itself, or two measures.
    """
    if one.id == other.id or one.measure != other.measure:
        raise Refused("overlap_of_two", field="other")
    first, second = sorted((one, other), key=lambda figure: figure.id)
    link = FigureLink(first_id=first.id, second_id=second.id, kind=kind, reason=reason, decision=decision)
    link.first, link.second = first, second
    session.add(link)
    session.flush()
    return link


def decide_overlap(
    session: Session, link: FigureLink, *, actor: User, now: datetime, decision: OverlapDecision
) -> None:
    """Same people, different people, or left open: the totals follow."""
    link.decision, link.decided_by_id, link.decided_at = decision, actor.id, now
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"overlap_{decision.value}",
        object_type="figure_link",
        object_ids=[link.id],
    )


def _check_figure(
    operation: Operation,
    measure: str,
    low: Decimal,
    high: Decimal | None,
    currency: str | None,
    period: tuple[date, date] | None,
    at_on: date | None,
) -> None:
    known = MEASURES.get(measure)
    if known is None:
        raise Refused("unknown_measure", field="measure", measure=measure)
    check_number(low)
    check_number(low if high is None else high)
    if high is not None and high < low:
        raise Refused("interval_reversed", field="high")
    if (currency is not None) != (known.unit is Unit.MONEY) or (currency is not None and not is_currency(currency)):
        raise Refused("currency_not_right", field="currency", currency=currency or "")
    if known.nature is Nature.STOCK and at_on is None:
        raise Refused("stock_needs_moment", field="at_on")
    if known.nature is Nature.FLOW and period is None:
        raise Refused("flow_needs_period", field="from_on")
    if (period is None) == (at_on is None):
        raise Refused("period_or_moment", field="from_on")
    if period is not None and period[1] < period[0]:
        raise Refused("dates_reversed", field="to_on")


def check_number(value: Decimal, field: str = "low") -> None:
    """Refuse what is no amount.

    Raises:
        Refused: Negative, or larger than any real figure.
    """
    if value < 0:
        raise Refused("negative", field=field)
    if value >= LARGEST:
        raise Refused("too_large", field=field)
