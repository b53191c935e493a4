"""Naming the groups that a case is about. Writes; the caller commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotAllowed
from confmgr.outcomes.models import CaseGroup, Group
from confmgr.sharing import asking
from confmgr.sharing.models import Item


def name_groups(
    session: Session, case: Item, chosen: Collection[Group], *, offered: Collection[Group], actor: User, now: datetime
) -> None:
    """Let a case be about exactly those of the offered groups that were chosen; others, unseen by the actor, stay.

    Raises:
        NotAllowed: By somebody who may not change the case.
    """
    if not asking.writes(session, case, actor, now):
        raise NotAllowed("change this")
    known = {group.id for group in offered}
    wanted = {group.id for group in chosen} & known
    rows = session.scalars(select(CaseGroup).where(CaseGroup.case_id == case.id, CaseGroup.group_id.in_(known))).all()
    have = {row.group_id for row in rows}
    for row in rows:
        if row.group_id not in wanted:
            session.delete(row)
    session.add_all(
        CaseGroup(case_id=case.id, group_id=ident, by_id=actor.id, at=now) for ident in sorted(wanted - have)
    )
    session.flush()
    if have != wanted:
        record(session, actor=actor, now=now, action="name_groups", object_type=case.kind.value, object_uuid=case.uuid)
