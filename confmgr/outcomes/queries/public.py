"""Figures on their way to the public, and those that are there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.outcomes.domain import FigureStatus
from confmgr.outcomes.measures import MEASURES, Nature
from confmgr.outcomes.models import Figure, FigureCase, FigureLink, JointAction, PublicFigure
from confmgr.outcomes.publicity import Obstacle, Step, Way
from confmgr.outcomes.queries.counted import Counted
from confmgr.outcomes.queries.figures import Facts
from confmgr.outcomes.queries.measures import own_measures
from confmgr.parties.models import Operation
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item, Marking

NOTHING = Counted((), (), {})


def publication(session: Session, figure: Figure) -> PublicFigure | None:
    """What was proposed of a figure."""
    return session.scalar(
        select(PublicFigure)
        .where(PublicFigure.figure_id == figure.id)
        .options(joinedload(PublicFigure.figure), joinedload(PublicFigure.clearing_party))
    )


def obstacles(
    session: Session, figures: Collection[Figure], clearing: dict[int, int | None] | None = None
) -> dict[int, tuple[Obstacle, ...]]:
    """By figure what keeps it from the public; three statements for any number.

    Args:
        session: An open transaction.
        figures: Of which.
        clearing: By figure the party that was asked to clear it, where one was.
    """
    actions = {figure.joint_action_id for figure in figures if figure.joint_action_id is not None}
    territories = {
        row.id: row.territory_id for row in session.scalars(select(JointAction).where(JointAction.id.in_(actions)))
    }
    own = {figure.marking_id for figure in figures if figure.marking_id is not None}
    markings = {row.id: row.tlp for row in session.scalars(select(Marking).where(Marking.id.in_(own)))} if own else {}
    ids = {ident for figure in figures for ident in _items_of(figure)}
    with for_nobody(
        session, Purpose.REFERENCES
    ):  # what hinders a figure is asked of items that its reader may not know
        wanted = select(Item).where(Item.id.in_(ids)).options(joinedload(Item.marking))
        items = {row.id: row for row in session.scalars(wanted)}
    found = {}
    for figure in figures:
        rows = [items[ident] for ident in _items_of(figure)]
        asked = None if clearing is None else clearing.get(figure.id)
        territory = territories.get(figure.joint_action_id or 0)
        checks = {
            Obstacle.SUPERSEDED: figure.status is FigureStatus.SUPERSEDED,
            Obstacle.NOT_CONFIRMED: figure.status is FigureStatus.PROVISIONAL,
            Obstacle.SOURCE_WITHDRAWN: figure.source.withdrawn_at is not None,
            Obstacle.MARKING: markings.get(figure.marking_id or 0, Tlp.CLEAR) is not Tlp.CLEAR,
            Obstacle.ITEM_MARKING: any(row.marking.tlp is not Tlp.CLEAR for row in rows),
            Obstacle.ITEM_TAKEN_BACK: any(row.state is not ItemState.SHARED for row in rows),
            Obstacle.OTHER_TERRITORY: asked is not None and territory not in {None, asked},
        }
        found[figure.id] = tuple(kind for kind, holds in checks.items() if holds)
    return found


def way(row: PublicFigure, found: tuple[Obstacle, ...]) -> Way:
    """How far a figure is."""
    return Way(
        found,
        released=row.released_at is not None,
        cleared=row.cleared_at is not None,
        taken_back=row.withdrawn_at is not None,
        embargo_until=row.embargo_until,
    )


def on_the_way(
    session: Session, operation: Operation, parties: Collection[int], now: datetime
) -> list[tuple[PublicFigure, Way]]:
    """What some parties own or are asked to clear, what waits first; taken back ones last."""
    rows = _rows(session, operation, or_(Figure.owner_id.in_(parties), PublicFigure.clearing_party_id.in_(parties)))
    order = list(Step)
    found = _with_ways(session, rows)
    return sorted(found, key=lambda pair: (pair[1].step(now) is Step.TAKEN_BACK, order.index(pair[1].step(now))))


def public_facts(session: Session, operation: Operation, now: datetime) -> tuple[Facts, dict[str, PublicFigure]]:
    """Only what is public at an instant, with the links between these figures and nothing else."""
    rows = _rows(session, operation, PublicFigure.withdrawn_at.is_(None))
    public = {row.figure.code: row for row, found in _with_ways(session, rows) if found.step(now) is Step.PUBLIC}
    figures = tuple(row.figure for row in public.values())
    ids = {figure.id for figure in figures}
    links = session.scalars(
        select(FigureLink)
        .where(FigureLink.first_id.in_(ids), FigureLink.second_id.in_(ids))
        .options(joinedload(FigureLink.first), joinedload(FigureLink.second))
        .order_by(FigureLink.id)
    )
    known = {figure.measure for figure in figures} <= MEASURES.keys()
    own = [] if known else own_measures(session, operation)
    stocks = frozenset(row.code for row in own if row.nature == Nature.STOCK)
    return Facts(figures, tuple(links), NOTHING, stocks), public


def _rows(session: Session, operation: Operation, which: object) -> list[PublicFigure]:
    return list(
        session.scalars(
            select(PublicFigure)
            .join(Figure, Figure.id == PublicFigure.figure_id)
            .where(Figure.operation_id == operation.id, which)  # type: ignore[arg-type]  # a clause
            .options(
                joinedload(PublicFigure.clearing_party),
                joinedload(PublicFigure.figure).options(
                    joinedload(Figure.source),
                    joinedload(Figure.owner),
                    joinedload(Figure.meeting),
                    joinedload(Figure.chosen_by),
                    joinedload(Figure.joint_action).joinedload(JointAction.item),
                    selectinload(Figure.cases).joinedload(FigureCase.case).joinedload(Case.item),
                    selectinload(Figure.breakdown),
                    selectinload(Figure.conversions),
                ),
            )
            .order_by(Figure.as_of, Figure.id)
        )
    )


def _with_ways(session: Session, rows: Collection[PublicFigure]) -> list[tuple[PublicFigure, Way]]:
    found = obstacles(session, [row.figure for row in rows], {row.figure_id: row.clearing_party_id for row in rows})
    return [(row, way(row, found[row.figure_id])) for row in rows]


def _items_of(figure: Figure) -> list[int]:
    ids = [figure.joint_action_id, figure.task_force_id, figure.group_id, *(link.case_id for link in figure.cases)]
    return [ident for ident in ids if ident is not None]
