"""What a job brought in, as its page shows it: through the visibility rule at every reading."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases.models import Case, Lead
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words

PAGE = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """A draft that was written, under its title of today."""

    item: Item
    title: Words


def arrivals(session: Session, viewer: Viewer, now: datetime, ids: Sequence[str], page: int) -> list[Arrival]:
    """Drafts of one page of public ids, in the order in which they were written; one statement."""
    wanted = [uuid.UUID(one) for one in ids[(page - 1) * PAGE : page * PAGE]]
    statement = (
        select(Item, Case, Lead)
        .outerjoin(Case, Case.id == Item.id)
        .outerjoin(Lead, Lead.id == Item.id)
        .where(Item.uuid.in_(wanted), sharing.bodies(viewer, now))
        .options(joinedload(Item.originator), joinedload(Item.marking))
    )
    found = {
        item.uuid: Arrival(item, case.title if item.kind is ItemKind.CASE else lead.title)
        for item, case, lead in session.execute(statement)
    }
    showing.listed(session, (one.item for one in found.values()))
    return [found[one] for one in wanted if one in found]


def last_page(number: int) -> int:
    """The number of the last page of so many."""
    return max(1, -(-number // PAGE))
