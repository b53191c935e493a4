"""Figures of an operation as one reader may see them, with what is counted from the records themselves."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case
from confmgr.errors import NotFound
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.measures import MEASURES, Nature
from confmgr.outcomes.models import (
    Figure,
    FigureCase,
    FigureConversion,
    FigureLink,
    JointAction,
)
from confmgr.outcomes.queries.counted import Counted, counted
from confmgr.outcomes.queries.measures import own_measures
from confmgr.outcomes.queries.rounds_asked import kept_sources, round_reader
from confmgr.outcomes.returns import is_source_of_return
from confmgr.outcomes.totals import Comparison, Count, Overlap, Total, compare, countable, same_people, total
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing.rule import Viewer

NO_ITEM = 0


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One measure: what the records come to, and each of them with its own interval."""

    measure: str
    currency: str | None
    total: Total
    status: FigureStatus
    parts: tuple[tuple[str, Decimal, Decimal], ...]

    @property
    def is_range(self) -> bool:
        """Whether open overlaps or intervals keep the total from being one number."""
        return not self.total.certain


@dataclass(frozen=True)
class Facts:
    """Every figure of an operation that a viewer may see, with the links between them."""

    figures: tuple[Figure, ...]
    links: tuple[FigureLink, ...]
    counted: Counted
    own_stocks: frozenset[str] = frozenset()

    @cached_property
    def by_code(self) -> Mapping[str, Figure]:
        """Figures by their stable code."""
        return {figure.code: figure for figure in self.figures}

    @cached_property
    def named(self) -> frozenset[str]:
        """Ids of counts that have a name in words: stated figures, and records that are called something."""
        return frozenset([*self.by_code, *self.counted.names])

    @cached_property
    def by_id(self) -> Mapping[int, Figure]:
        """Figures by row id."""
        return {figure.id: figure for figure in self.figures}

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """The figures as the rules see them."""
        return (
            *(_count(figure, self._losers, self.own_stocks, self._disagreement) for figure in self.figures),
            *self.counted.counts,
        )

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """The links as the rules see them."""
        between = (
            Overlap(self.by_id[link.first_id].code, self.by_id[link.second_id].code, link.kind, link.decision)
            for link in self.links
            if link.first_id in self.by_id and link.second_id in self.by_id
        )
        return (*between, *self.counted.same)

    @cached_property
    def disagreements(self) -> list[list[Figure]]:
        """Figures that several sources give differently, the current one first in each list.

        A withdrawn source comes last, whoever chose it. What another party sets beside a figure stands behind those of
        its owner until one is chosen. Where the reader may not see the first figure of all, the rest still stand for
        the same people.
        """
        found: dict[int, list[Figure]] = {}
        for figure in self.figures:
            if figure.alternative_to_id is not None and figure.status is not FigureStatus.SUPERSEDED:
                found.setdefault(figure.alternative_to_id, []).append(figure)
        lists = [[*([self.by_id[head]] if head in self.by_id else []), *rest] for head, rest in found.items()]
        return [sorted(rows, key=_in_use_first(rows[0].owner_id)) for rows in lists if len(rows) > 1]

    @cached_property
    def _losers(self) -> frozenset[int]:
        return frozenset(f.id for rows in self.disagreements for f in rows[1:])

    @cached_property
    def _disagreement(self) -> dict[int, str]:
        return {f.id: str(rows[0].id) for rows in self.disagreements for f in rows}

    @cached_property
    def _identities(self) -> dict[str, str]:
        return same_people(self.counts, self.overlaps)

    @cached_property
    def _counts_of(self) -> Mapping[tuple[str, str | None], list[Count]]:
        found: dict[tuple[str, str | None], list[Count]] = defaultdict(list)
        for count in self.counts:
            found[count.measure, count.currency].append(count)
        return found

    @cached_property
    def _overlaps_of(self) -> Mapping[str, list[Overlap]]:
        measures = {count.id: count.measure for count in self.counts}
        found: dict[str, list[Overlap]] = defaultdict(list)
        for overlap in self.overlaps:
            if overlap.first in measures:
                found[measures[overlap.first]].append(overlap)
        return found

    def total(self, measure: str, *, meeting_id: int | None = None, currency: str | None = None) -> Total:
        """The total of one measure, of the operation or of what one meeting led to."""
        rows = [count for count in self._counts_of.get((measure, currency), ()) if _led_to(count, meeting_id)]
        return total(rows, self._overlaps_of.get(measure, ()), self._identities)

    def measures(self, meeting_id: int | None = None) -> list[tuple[str, str | None]]:
        """Measures (with currency) that have a record to add up, in the order of the standard table, own ones last."""
        found = {
            pair
            for pair, rows in self._counts_of.items()
            if any(_led_to(count, meeting_id) for count in countable(rows))
        }
        order = {code: at for at, code in enumerate(MEASURES)}
        return sorted(found, key=lambda pair: (order.get(pair[0], len(order)), pair[0], pair[1] or ""))

    def lines(self, meeting_id: int | None = None) -> list[TotalLine]:
        """Every total of the operation, or of what one meeting led to."""
        values = {count.id: (count.low, count.high) for count in self.counts}
        found = []
        for measure, currency in self.measures(meeting_id):
            summed = self.total(measure, meeting_id=meeting_id, currency=currency)
            parts = tuple((code, *values[code]) for code in summed.parts)
            found.append(TotalLine(measure, currency, summed, self.status(summed), parts))
        return found

    def status(self, found: Total) -> FigureStatus:
        """Confirmed once every stated figure in a total is; what is counted from records needs no second person."""
        stated = [self.by_code[code] for code in found.parts if code in self.by_code]
        firm = all(figure.standing is FigureStatus.CONFIRMED for figure in stated)
        return FigureStatus.CONFIRMED if firm else FigureStatus.PROVISIONAL

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every declared total held against its records; what a withdrawn source announced is no longer held."""
        declared = [
            count
            for count in self.counts
            if count.kind is FigureKind.DECLARED and count.status is not FigureStatus.SUPERSEDED and count.counts
        ]
        return [
            compare(
                count,
                self._counts_of[count.measure, count.currency],
                self._overlaps_of.get(count.measure, ()),
                self._identities,
            )
            for count in declared
        ]


def facts(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> Facts:
    """Figures of an operation that pass the visibility rule with what they belong to; at most fourteen statements."""
    figures = list(
        session.scalars(
            select(Figure)
            .where(Figure.operation_id == operation.id)
            .options(
                joinedload(Figure.source),
                joinedload(Figure.meeting),
                joinedload(Figure.owner),
                joinedload(Figure.chosen_by),
                joinedload(Figure.joint_action).joinedload(JointAction.item),
                selectinload(Figure.cases).joinedload(FigureCase.case).joinedload(Case.item),
                selectinload(Figure.breakdown),
                selectinload(Figure.conversions).joinedload(FigureConversion.source),
            )
            .order_by(Figure.as_of, Figure.id)
        )
    )
    shown = tuple(_shown(session, viewer, figures, now))
    ids = {figure.id for figure in shown}
    links = session.scalars(
        select(FigureLink)
        .where(FigureLink.first_id.in_(ids), FigureLink.second_id.in_(ids))
        .options(joinedload(FigureLink.first), joinedload(FigureLink.second))
        .order_by(FigureLink.id)
    )
    known = {figure.measure for figure in shown} <= MEASURES.keys()
    own = [] if known else own_measures(session, operation)
    stocks = frozenset(row.code for row in own if row.nature == Nature.STOCK)
    return Facts(shown, tuple(links), counted(session, operation, viewer, now), stocks)


def _shown(session: Session, viewer: Viewer, figures: Collection[Figure], now: datetime) -> list[Figure]:
    """Figures whose action, task force and group the viewer may read, and of whose cases the viewer may know.

    Those that a return of a reporting round made are for its readers, until the party allows more (decision 19).
    """
    owners = {ident for figure in figures for ident in _belongs_to(figure)}
    cases = {link.case_id for figure in figures for link in figure.cases}
    seen = sharing.visible_ids(session, viewer, owners, now)
    known = sharing.known_ids(session, viewer, cases, now)
    returns = {figure.operation_id: figure.operation for figure in figures if is_source_of_return(figure.source.code)}
    kept = {
        (ident, code)
        for ident, operation in returns.items()
        for code in kept_sources(session, operation, round_reader(session, viewer, operation, now))
    }
    return [
        figure
        for figure in figures
        if set(_belongs_to(figure)) <= seen
        and {link.case_id for link in figure.cases} <= known
        and (figure.operation_id, figure.source.code) not in kept
    ]


def _in_use_first(owner_id: int) -> Callable[[Figure], tuple[bool, bool, bool, date, str]]:
    def key(one: Figure) -> tuple[bool, bool, bool, date, str]:
        return (
            one.source.withdrawn_at is not None,
            one.chosen_at is None,
            one.owner_id != owner_id,
            one.as_of,
            one.code,
        )

    return key


def _belongs_to(figure: Figure) -> list[int]:
    items = [figure.joint_action_id, figure.task_force_id, figure.group_id]
    return [ident for ident in items if ident is not None]


def _led_to(count: Count, meeting_id: int | None) -> bool:
    return meeting_id is None or count.meeting == str(meeting_id)


def _count(
    figure: Figure, losers: Collection[int], own_stocks: Collection[str], disagreement: Mapping[int, str]
) -> Count:
    task_force = figure.task_force_id
    if task_force is None and figure.joint_action is not None:
        task_force = figure.joint_action.task_force_id
    known = MEASURES.get(figure.measure)
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
        party=_party(figure),
        counts=figure.id not in losers and figure.source.withdrawn_at is None,
        owner=str(figure.owner_id),
        tags=frozenset(_tags(figure)),
        stock=figure.measure in own_stocks if known is None else known.nature is Nature.STOCK,
        alternative_to=disagreement.get(figure.id),
    )


def _tags(figure: Figure) -> list[str]:
    found = [f"case {link.case_id}" for link in figure.cases]
    for kind, ident in (("action", figure.joint_action_id), ("group", figure.group_id), ("set", figure.person_set_id)):
        if ident is not None:
            found.append(f"{kind} {ident}")
    return found


def _party(figure: Figure) -> str | None:
    """Whose results a figure speaks of: a return those of its party alone, other declared totals those of all."""
    recorded = figure.kind is FigureKind.RECORDED
    return str(figure.owner_id) if recorded or is_source_of_return(figure.source.code) else None


def get_figure(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Figure:
    """A figure that passes the rule.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    rows = session.scalars(
        select(Figure)
        .where(Figure.uuid == ident)
        .options(joinedload(Figure.operation), joinedload(Figure.source), joinedload(Figure.cases))
    )
    figure = rows.unique().one_or_none()
    if figure is None:  # that takes as long as a hidden one, so that the time does not tell them apart
        sharing.visible_ids(session, viewer, [NO_ITEM], now)
    if figure is None or not _shown(session, viewer, [figure], now):
        raise NotFound("figure", ident)
    return figure


def visible_figure_ids(session: Session, viewer: Viewer, ids: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of some figures that pass the rule, in a constant number of statements."""
    rows = session.scalars(
        select(Figure)
        .where(Figure.id.in_(set(ids)))
        .options(joinedload(Figure.operation), joinedload(Figure.source), selectinload(Figure.cases))
    )
    return frozenset(figure.id for figure in _shown(session, viewer, list(rows), now))


def figures_in(session: Session, viewer: Viewer, among: ColumnElement[bool], now: datetime) -> list[Figure]:
    """Those of some figures, by a clause on `Figure`, that stand and that the viewer may see; three statements."""
    rows = session.scalars(
        select(Figure)
        .where(among, Figure.status != FigureStatus.SUPERSEDED)
        .options(joinedload(Figure.source), joinedload(Figure.joint_action), selectinload(Figure.cases))
        .order_by(Figure.as_of, Figure.id)
    )
    return _shown(session, viewer, list(rows), now)


def links_of(facts: Facts, figure: Figure) -> list[FigureLink]:
    """The overlaps of a figure with others that the reader may see, decided or not."""
    return [link for link in facts.links if figure.id in {link.first_id, link.second_id}]


def get_link(facts: Facts, figure: Figure, other: uuid.UUID) -> FigureLink:
    """The overlap of a figure with another one.

    Raises:
        NotFound: The figure has no such overlap that the reader may see.
    """
    found = next((link for link in links_of(facts, figure) if other in {link.first.uuid, link.second.uuid}), None)
    if found is None or other == figure.uuid:
        raise NotFound("overlap", other)
    return found


def rivals(facts: Facts, figure: Figure) -> list[Figure]:
    """What other sources say instead of a figure, itself among them, the current one first; none where all agree."""
    return next((rows for rows in facts.disagreements if figure.id in {row.id for row in rows}), [])


def doubts_of(facts: Facts, figure: Figure) -> list[Figure]:
    """Figures that are held to count the same people as this one, although nobody has linked the two."""
    if figure.kind is FigureKind.DECLARED or figure.measure not in {count.measure for count in facts.counts}:
        return []
    linked = {frozenset((one.first, one.second)) for one in facts.overlaps}
    unsaid = (
        one
        for one in facts.total(figure.measure, currency=figure.currency).overlaps
        if figure.code in {one.first, one.second} and frozenset((one.first, one.second)) not in linked
    )
    codes = {code for one in unsaid for code in (one.first, one.second)} - {figure.code}
    return [facts.by_code[code] for code in sorted(codes) if code in facts.by_code]


def may_overlap(facts: Facts, figure: Figure) -> list[Figure]:
    """Figures of the same measure with which nobody has compared this one yet."""
    taken = {figure.id, *(ident for link in links_of(facts, figure) for ident in (link.first_id, link.second_id))}
    return [
        row
        for row in facts.figures
        if row.id not in taken
        and (row.measure, row.currency, row.kind) == (figure.measure, figure.currency, figure.kind)
        and row.status is not FigureStatus.SUPERSEDED
    ]
