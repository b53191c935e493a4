"""Which figures belong to a case, and to which cases a figure: a reader sees the pair who may read both."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases import alongside
from confmgr.cases.alongside import FigureName
from confmgr.cases.models import Case
from confmgr.outcomes.models import Figure, FigureCase
from confmgr.outcomes.queries import figures_in, markings_of
from confmgr.outcomes.queries.groups import MARKED
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


def figures_of(session: Session, viewer: Viewer, item: Item, now: datetime) -> Sequence[FigureName]:
    """Figures of a case that stand and that the viewer may see, by their day: a constant number of statements."""
    of = select(FigureCase.figure_id).where(FigureCase.case_id == item.id)
    rows = figures_in(session, viewer, Figure.id.in_(of), now)
    marks = markings_of(session, rows)
    return [
        FigureName(
            uuid=row.uuid,
            title=row.title,
            measure=row.measure,
            low=row.low,
            high=row.high,
            currency=row.currency,
            qualifier=row.qualifier,
            status=row.status,
            as_of=row.as_of,
            tlp=marks[row.id],
        )
        for row in rows
    ]


def cases_of(session: Session, viewer: Viewer, figure: Figure, now: datetime) -> list[Case]:
    """Cases to which a figure belongs and whose body the viewer may see: one statement."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(
                Case.id.in_(select(FigureCase.case_id).where(FigureCase.figure_id == figure.id)),
                sharing.bodies(viewer, now),
            )
            .options(joinedload(Case.item).options(*MARKED))
            .order_by(Item.reference, Item.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


alongside.figures.register(figures_of)
