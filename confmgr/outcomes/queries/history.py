"""Earlier and later versions of a figure; who took a confirmation back, and why."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.outcomes.domain import UNCONFIRM
from confmgr.outcomes.models import Figure
from confmgr.outcomes.queries.figures import Facts


def taken_back(session: Session, figure: Figure) -> list[tuple[datetime, str, str]]:
    """When, by whom and why a confirmation was taken back, the latest first."""
    rows = session.execute(
        select(AuditEntry.at, User.name, AuditEntry.facts)
        .join(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.object_uuid == figure.uuid, AuditEntry.action == UNCONFIRM)
        .order_by(AuditEntry.id.desc())
    )
    return [(at, name, str(facts.get("reason", ""))) for at, name, facts in rows]


def corrections(facts: Facts, figure: Figure) -> list[Figure]:
    """Earlier and later versions of a figure, the newest first."""
    found, edge = {figure.id: figure}, [figure]
    while edge:
        here = edge.pop()
        for row in facts.figures:
            if row.id not in found and (row.supersedes_id == here.id or here.supersedes_id == row.id):
                found[row.id] = row
                edge.append(row)
    return sorted(found.values(), key=lambda row: (row.as_of, row.id), reverse=True)


def newest(facts: Facts, figure: Figure) -> Figure:
    """The figure that has taken the place of a superseded one, as far as the reader may see it."""
    after = {row.supersedes_id: row for row in facts.figures if row.supersedes_id is not None}
    here = figure
    while here.id in after:
        here = after[here.id]
    return here
