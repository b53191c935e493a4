"""Who took the confirmation of a figure back, and why; what rests on a source."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.errors import NotFound
from confmgr.outcomes.domain import UNCONFIRM
from confmgr.outcomes.models import Figure, Source
from confmgr.outcomes.queries.figures import Facts, known_sources
from confmgr.parties.models import Operation


def taken_back(session: Session, figure: Figure) -> list[tuple[datetime, str, str]]:
    """When, by whom and why a confirmation was taken back, the latest first."""
    rows = session.execute(
        select(AuditEntry.at, User.name, AuditEntry.facts)
        .join(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.object_uuid == figure.uuid, AuditEntry.action == UNCONFIRM)
        .order_by(AuditEntry.id.desc())
    )
    return [(at, name, str(facts.get("reason", ""))) for at, name, facts in rows]


def resting_on(facts: Facts, sources: list[Source]) -> list[tuple[Source, list[Figure]]]:
    """Sources with what rests on each, as far as the reader may see it."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in facts.figures:
        found[figure.source_id].append(figure)
    return [(source, found[source.id]) for source in sources]


def get_source(session: Session, operation: Operation, facts: Facts, code: str) -> Source:
    """A source that the reader may know of.

    Raises:
        NotFound: There is none, or not for this reader.
    """
    found = next((row for row in known_sources(session, operation, facts) if row.code == code), None)
    if found is None:
        raise NotFound("source", code)
    return found
