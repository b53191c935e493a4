"""What a page of action requests shows beside them, as one reader may see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases.models import Case
from confmgr.outcomes.models import ActionRequest
from confmgr.outcomes.queries.items import action_requests
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Requests that a reader may know of. `bare`: of these no more than reference, originator and date."""

    rows: tuple[ActionRequest, ...]
    bare: tuple[ActionRequest, ...]
    readable: frozenset[int]


def follow_up(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> FollowUp:
    """Every request of an operation that the viewer may know of, by due date."""
    rows = action_requests(session, operation, viewer, now)
    readable = sharing.visible_ids(session, viewer, (row.id for row in rows), now)
    showing.listed(session, (row.item for row in rows if row.id in readable))
    bare = {row.id for row in rows if row.id not in readable and row.item.marking.tlp is Tlp.RED}
    return FollowUp(
        rows=tuple(row for row in rows if row.id not in bare),
        bare=tuple(row for row in rows if row.id in bare),
        readable=readable,
    )


def own_lines(found: FollowUp, own: Collection[int], viewer: Viewer) -> list[ActionRequest]:
    """The lines of an action list: of a delegation its own alone, of organisers and host's leadership all they know."""
    if not own and any(seat.organises or seat.leads_host for seat in viewer.seats):
        return list(found.rows)
    return [row for row in found.rows if row.id in found.readable and {row.from_id, row.to_id} & set(own)]


def readable_cases(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Case]:
    """Cases of an operation whose body the viewer may see, by reference."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(joinedload(Case.item).joinedload(Item.originator))
            .order_by(Item.reference, Item.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def case_of(cases: Sequence[Case], ident: str) -> Case | None:
    """The case of an id among those offered."""
    return next((row for row in cases if str(row.item.uuid) == ident), None)
