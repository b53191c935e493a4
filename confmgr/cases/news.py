"""Which leads are new to their reader: those of others that may be read and were not opened yet."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from confmgr.cases.queries import LeadRow
from confmgr.sharing import recalling
from confmgr.sharing.rule import Viewer


def new_to(session: Session, viewer: Viewer, rows: Iterable[LeadRow]) -> frozenset[uuid.UUID]:
    """The public ids of those of some leads that are new to the viewer; one statement, whatever their number."""
    own = {seat.party_id for seat in viewer.seats}
    got = {row.item.uuid for row in rows if row.title is not None and row.item.originator_id not in own}
    return frozenset(got - recalling.opened_by(session, viewer.user_id, got))
