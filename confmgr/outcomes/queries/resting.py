"""Sources that a reader may know of, with what rests on each."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound
from confmgr.outcomes.models import Figure, IndicatorValue, Source
from confmgr.outcomes.queries.figures import Facts
from confmgr.outcomes.queries.items import sources
from confmgr.outcomes.returns import is_source_of_return
from confmgr.parties.models import Operation


def known_sources(session: Session, operation: Operation, facts: Facts) -> list[Source]:
    """Sources that a viewer may know of: all but those on which nothing rests that the viewer may see.

    A return of a reporting round is no source to choose: its figures come from accepting it.
    """
    shown = {figure.source_id for figure in facts.figures}
    used = set(session.scalars(select(Figure.source_id).where(Figure.operation_id == operation.id)))
    used -= indicated(session, operation)
    return [
        row
        for row in sources(session, operation)
        if (row.id in shown or row.id not in used) and not is_source_of_return(row.code)
    ]


def indicated(session: Session, operation: Operation) -> frozenset[int]:
    """Ids of the sources from which values of an indicator come."""
    rows = select(IndicatorValue.source_id).join(IndicatorValue.source).where(Source.operation_id == operation.id)
    return frozenset(session.scalars(rows))


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
