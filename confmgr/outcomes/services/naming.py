"""Codes for what a person names: refused only by what that person may know of. Reads; writes nothing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import chain, count

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.outcomes import queries
from confmgr.outcomes.models import Figure, Source
from confmgr.outcomes.naming import called, with_tail
from confmgr.outcomes.returns import is_source_of_return
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing

LONGEST_NAME = 55


def figure_code(
    session: Session, operation: Operation, owner: Party, wanted: str, *, actor: User, now: datetime
) -> str:
    """The code of a figure that its writer calls so; the name begins with the code of its owner.

    Raises:
        Refused: The writer may see a figure that is called the same.
    """
    name = wanted if wanted.startswith(f"{owner.code}-") else f"{owner.code}-{wanted}"
    there = _beginning(session, operation, name)
    if name in _names(session, there, actor, now):
        raise Refused("figure_code_taken", field="code", code=name)
    return _untaken(name, there)


def free_figure_code(session: Session, operation: Operation, stem: str, *, actor: User, now: datetime) -> str:
    """A code for a figure that is named here: after the stem, with a number where the writer sees one of that name."""
    stem = stem[: LONGEST_NAME - 4]
    there = _beginning(session, operation, stem)
    taken = _names(session, there, actor, now)
    name = next(name for name in chain([stem], (f"{stem}-{n}" for n in count(2))) if name not in taken)
    return _untaken(name, there)


def source_code(session: Session, operation: Operation, name: str, *, actor: User, now: datetime) -> str:
    """The code of a source that its writer calls so.

    Raises:
        Refused: The writer may know of a source that is called the same; the name is kept for returns.
    """
    if is_source_of_return(name):
        raise Refused("source_reserved", field="code", code=name)
    facts = queries.facts(session, operation, sharing.viewer_of(session, actor, now), now)
    if name in {called(row.code) for row in queries.known_sources(session, operation, facts)}:
        raise Refused("source_taken", field="code", code=name)
    return _untaken(name, session.scalars(select(Source.code).where(Source.operation_id == operation.id)).all())


def _beginning(session: Session, operation: Operation, stem: str) -> dict[str, int]:
    """Codes of all figures that begin with a stem, with their ids."""
    begins = Figure.code.startswith(stem, autoescape=True)
    rows = session.execute(select(Figure.code, Figure.id).where(Figure.operation_id == operation.id, begins))
    return dict(rows.all())


def _names(session: Session, figures: Mapping[str, int], actor: User, now: datetime) -> frozenset[str]:
    """What those of some figures are called that somebody may see."""
    viewer = sharing.viewer_of(session, actor, now)
    seen = queries.visible_figure_ids(session, viewer, list(figures.values()), now)
    return frozenset(called(code) for code, ident in figures.items() if ident in seen)


def _untaken(name: str, there: Collection[str]) -> str:
    """A code for a name that is none of those that are there."""
    return next(code for code in iter(lambda: with_tail(name), None) if code not in there)
