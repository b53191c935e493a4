"""How figures are marked: as strictly as the strictest thing that they belong to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.outcomes.models import Figure
from confmgr.outcomes.returns import is_source_of_return
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item, Marking
from confmgr.sharing.rule import strictest

RETURNS = Tlp.AMBER
"""How it is marked at least that tells what parties answered in a reporting round, alone or added up."""
UNMARKED = Tlp.GREEN
"""How a figure travels that hangs on no marked thing: whoever sits in the operation sees it, and it is not cleared."""


def markings_of(session: Session, figures: Sequence[Figure]) -> dict[int, Tlp]:
    """By figure its own marking or that of what it belongs to, whichever is strictest; two statements."""
    items = {ident for figure in figures for ident in _items(figure)}
    own = {figure.marking_id for figure in figures if figure.marking_id is not None}
    by_item = dict(
        session.execute(
            select(Item.id, Marking.tlp).join(Marking, Marking.id == Item.marking_id).where(Item.id.in_(items))
        ).all()
    )
    by_id = dict(session.execute(select(Marking.id, Marking.tlp).where(Marking.id.in_(own))).all())
    found = {}
    for figure in figures:
        marks = [by_item[ident] for ident in _items(figure)]
        if figure.marking_id is not None:
            marks.append(by_id[figure.marking_id])
        if is_source_of_return(figure.source.code):
            marks.append(RETURNS)
        found[figure.id] = strictest(marks) if marks else UNMARKED
    return found


def _items(figure: Figure) -> list[int]:
    belongs = [figure.joint_action_id, figure.task_force_id, figure.group_id, *(link.case_id for link in figure.cases)]
    return [ident for ident in belongs if ident is not None]
