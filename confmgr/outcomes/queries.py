"""Reads of outcomes, always for one viewer, in constant numbers of statements."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case
from confmgr.errors import NotFound
from confmgr.outcomes.domain import FigureKind, FigureStatus, LinkKind, OverlapDecision
from confmgr.outcomes.models import (
    ActionRequest,
    ChainLink,
    Figure,
    FigureCase,
    FigureLink,
    Group,
    GroupBase,
    Indicator,
    IndicatorValue,
    JointAction,
    JointActionCase,
    JointActionParty,
    Move,
    PersonSet,
    Source,
    TaskForce,
    TaskForceParty,
)
from confmgr.outcomes.totals import Comparison, Count, Overlap, Total, compare, total
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True)
class Facts:
    """Every figure of an operation that a viewer may see, with the links between them."""

    figures: tuple[Figure, ...]
    links: tuple[FigureLink, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Figure]:
        """Figures by their stable code."""
        return {figure.code: figure for figure in self.figures}

    @cached_property
    def by_id(self) -> Mapping[int, Figure]:
        """Figures by row id."""
        return {figure.id: figure for figure in self.figures}

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """The figures as the rules see them."""
        return tuple(_count(figure, self._losers) for figure in self.figures)

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """The links as the rules see them."""
        return tuple(
            Overlap(self.by_id[link.first_id].code, self.by_id[link.second_id].code, link.kind, link.decision)
            for link in self.links
            if link.first_id in self.by_id and link.second_id in self.by_id
        )

    @cached_property
    def disagreements(self) -> list[list[Figure]]:
        """Figures that several sources give differently, the current one first in each list."""
        found: dict[int, list[Figure]] = {}
        for figure in self.figures:
            if figure.alternative_to_id is not None:
                found.setdefault(figure.alternative_to_id, []).append(figure)
        return [
            sorted([self.by_id[head], *rest], key=lambda f: (f.chosen_at is None, f.as_of, f.code))
            for head, rest in found.items()
            if head in self.by_id
        ]

    @cached_property
    def _losers(self) -> frozenset[int]:
        return frozenset(f.id for rows in self.disagreements for f in rows[1:])

    def total(self, measure: str, *, meeting_id: int | None = None, currency: str | None = None) -> Total:
        """The total of one measure, of the operation or of what one meeting led to."""
        rows = [
            count
            for count, figure in zip(self.counts, self.figures, strict=True)
            if figure.measure == measure
            and figure.currency == currency
            and (meeting_id is None or figure.meeting_id == meeting_id)
        ]
        return total(rows, self.overlaps)

    def measures(self, meeting_id: int | None = None) -> list[tuple[str, str | None]]:
        """Measures (with currency) that have a recorded figure to add up."""
        found = {
            (figure.measure, figure.currency)
            for figure, count in zip(self.figures, self.counts, strict=True)
            if figure.kind is FigureKind.RECORDED
            and figure.status is not FigureStatus.SUPERSEDED
            and count.counts
            and (meeting_id is None or figure.meeting_id == meeting_id)
        }
        return sorted(found, key=lambda pair: (pair[0], pair[1] or ""))

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every declared total held against its records, those with records first, by date."""
        declared = [
            count
            for count in self.counts
            if count.kind is FigureKind.DECLARED and count.status is not FigureStatus.SUPERSEDED
        ]
        return [compare(count, self.counts, self.overlaps) for count in declared]


def facts(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> Facts:
    """Figures of an operation that pass the visibility rule with what they belong to; seven statements."""
    figures = list(
        session.scalars(
            select(Figure)
            .where(Figure.operation_id == operation.id)
            .options(
                joinedload(Figure.source),
                joinedload(Figure.meeting),
                joinedload(Figure.owner),
                joinedload(Figure.joint_action).joinedload(JointAction.item),
                selectinload(Figure.cases).joinedload(FigureCase.case).joinedload(Case.item),
                selectinload(Figure.breakdown),
            )
            .order_by(Figure.as_of, Figure.id)
        )
    )
    owners = {ident for figure in figures for ident in _belongs_to(figure)}
    seen = sharing.visible_ids(session, viewer, owners, now)
    shown = tuple(figure for figure in figures if set(_belongs_to(figure)) <= seen)
    links = session.scalars(
        select(FigureLink).where(FigureLink.first_id.in_(f.id for f in shown)).order_by(FigureLink.id)
    )
    return Facts(shown, tuple(links))


def _belongs_to(figure: Figure) -> list[int]:
    items = [figure.joint_action_id, figure.task_force_id, figure.group_id]
    return [ident for ident in items if ident is not None]


def _count(figure: Figure, losers: frozenset[int]) -> Count:
    task_force = figure.task_force_id
    if task_force is None and figure.joint_action is not None:
        task_force = figure.joint_action.task_force_id
    return Count(
        id=figure.code,
        measure=figure.measure,
        low=figure.low,
        high=figure.high,
        kind=figure.kind,
        status=figure.status,
        qualifier=figure.qualifier,
        from_on=figure.from_on,
        to_on=figure.to_on,
        at_on=figure.at_on,
        currency=figure.currency,
        as_of=figure.as_of,
        meeting=None if figure.meeting_id is None else str(figure.meeting_id),
        joint_action=None if figure.joint_action_id is None else str(figure.joint_action_id),
        task_force=None if task_force is None else str(task_force),
        counts=figure.id not in losers,
    )


def get_figure(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Figure:
    """A figure that passes the rule.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    figure = session.scalar(
        select(Figure)
        .where(Figure.uuid == ident)
        .options(joinedload(Figure.operation), joinedload(Figure.source), selectinload(Figure.breakdown))
    )
    if figure is None:
        raise NotFound("figure", ident)
    in_operation = any(seat for seat in viewer.seats)
    owners = _belongs_to(figure)
    if not in_operation or not set(owners) <= sharing.visible_ids(session, viewer, owners, now):
        raise NotFound("figure", ident)
    return figure


def action_requests(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[ActionRequest]:
    """Requests that the viewer may see, by due date; organisers see envelopes."""
    return list(
        session.scalars(
            select(ActionRequest)
            .join(Item, Item.id == ActionRequest.id)
            .where(Item.operation_id == operation.id, or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)))
            .options(
                joinedload(ActionRequest.item).joinedload(Item.marking),
                joinedload(ActionRequest.asking),
                joinedload(ActionRequest.asked),
                joinedload(ActionRequest.case).joinedload(Case.item),
                selectinload(ActionRequest.steps),
            )
            .order_by(ActionRequest.due_at.is_(None), ActionRequest.due_at, ActionRequest.asked_on)
        )
    )


def joint_actions(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[JointAction]:
    """Joint actions whose body the viewer may see, by date; planned ones are RED and so in nobody else's list."""
    return list(
        session.scalars(
            select(JointAction)
            .join(Item, Item.id == JointAction.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(
                joinedload(JointAction.item).joinedload(Item.marking),
                joinedload(JointAction.territory),
                joinedload(JointAction.task_force),
                selectinload(JointAction.parties).joinedload(JointActionParty.party),
                selectinload(JointAction.cases).joinedload(JointActionCase.case).joinedload(Case.item),
                selectinload(JointAction.person_sets).selectinload(PersonSet.statuses),
            )
            .order_by(JointAction.on, JointAction.id)
        )
    )


def task_forces(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[TaskForce]:
    """Task forces that the viewer may see."""
    return list(
        session.scalars(
            select(TaskForce)
            .join(Item, Item.id == TaskForce.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(joinedload(TaskForce.item), selectinload(TaskForce.parties).joinedload(TaskForceParty.party))
            .order_by(TaskForce.starts_on)
        )
    )


def groups(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> tuple[list[Group], list[Move]]:
    """Groups with their bases, and their moves, as far as the viewer may see them."""
    found = list(
        session.scalars(
            select(Group)
            .join(Item, Item.id == Group.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(
                joinedload(Group.item).joinedload(Item.marking),
                selectinload(Group.bases).joinedload(GroupBase.territory),
            )
            .order_by(Item.reference)
        )
    )
    moves = list(
        session.scalars(
            select(Move)
            .join(Item, Item.id == Move.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(joinedload(Move.from_base), joinedload(Move.to_base))
            .order_by(Move.noticed_on)
        )
    )
    return found, moves


def indicators(session: Session, operation: Operation) -> list[Indicator]:
    """Indicators with their values and sources."""
    return list(
        session.scalars(
            select(Indicator)
            .where(Indicator.operation_id == operation.id)
            .options(selectinload(Indicator.values).joinedload(IndicatorValue.source))
            .order_by(Indicator.code)
        )
    )


def sources(session: Session, operation: Operation) -> list[Source]:
    """Sources of an operation by code."""
    return list(session.scalars(select(Source).where(Source.operation_id == operation.id).order_by(Source.code)))


def chain_links(session: Session, operation: Operation) -> list[ChainLink]:
    """Every step of every chain of an operation."""
    return list(session.scalars(select(ChainLink).where(ChainLink.operation_id == operation.id).order_by(ChainLink.id)))


def items_by_id(session: Session, ids: Iterable[int]) -> dict[int, Item]:
    """Items by row id, with their originators and markings."""
    return {
        row.id: row
        for row in session.scalars(
            select(Item).where(Item.id.in_(set(ids))).options(joinedload(Item.originator), joinedload(Item.marking))
        )
    }


def is_open(link: FigureLink) -> bool:
    """Whether nobody has decided an overlap yet."""
    return link.kind is LinkKind.POSSIBLE and link.decision is OverlapDecision.OPEN
