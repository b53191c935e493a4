"""A figure on its way to the public: proposed, released by a second person, cleared by the territory. Writes."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.outcomes import queries
from confmgr.outcomes.measures import MEASURES, Unit
from confmgr.outcomes.models import Figure, PublicFigure
from confmgr.outcomes.publicity import SMALL
from confmgr.parties.models import Party
from confmgr.values.words import Words


def propose_figure(
    session: Session,
    figure: Figure,
    *,
    actor: User,
    now: datetime,
    clearing_party: Party,
    wording: Words | None = None,
    embargo_until: datetime | None = None,
) -> PublicFigure:
    """A person of the owner proposes; what was taken back begins anew.

    Without words of its own it keeps the title as it is now: what is edited later nobody has released.

    Raises:
        Refused: It is on its way already, something keeps it from the public, or another party has to clear it.
    """
    row = queries.publication(session, figure)
    if row is not None and row.withdrawn_at is None:
        raise Refused("proposed_already")
    territory = None if figure.joint_action is None else figure.joint_action.territory_id
    if territory not in {None, clearing_party.id}:
        raise Refused("territory_clears", field="clearing_party")
    found = queries.obstacles(session, [figure])[figure.id]
    if found:
        raise Refused(f"public_{found[0].value}")
    if row is None:
        row = PublicFigure(figure_id=figure.id)
        row.figure = figure
        session.add(row)
    row.wording, row.embargo_until, row.clearing_party = wording or figure.title, embargo_until, clearing_party
    row.small_numbers, row.proposed_by_id, row.proposed_at = False, actor.id, now
    row.released_by_id = row.released_at = row.cleared_by_id = row.cleared_at = None
    row.withdrawn_by_id = row.withdrawn_at = None
    session.flush()
    _note(session, row, actor, now, "propose_public")
    return row


def release_figure(
    session: Session, row: PublicFigure, *, actor: User, now: datetime, small_numbers: bool = False
) -> None:
    """A second person of the owner says that it may go out, and says so of a small number in particular.

    Raises:
        Refused: The same person, a small number that nobody allowed, or something keeps it from the public.
    """
    _still_open(session, row)
    if actor.id == row.proposed_by_id:
        raise Refused("second_person_public")
    if is_small(row.figure) and not small_numbers:
        raise Refused("small_number", field="small_numbers")
    row.released_by_id, row.released_at = actor.id, now
    row.small_numbers = small_numbers and is_small(row.figure)
    session.flush()
    _note(session, row, actor, now, "release_public")


def clear_figure(session: Session, row: PublicFigure, *, actor: User, now: datetime) -> None:
    """A person of the party of the territory says that it may go out.

    Raises:
        Refused: Something keeps it from the public.
    """
    _still_open(session, row)
    row.cleared_by_id, row.cleared_at = actor.id, now
    session.flush()
    _note(session, row, actor, now, "clear_public")


def take_back_publication(session: Session, row: PublicFigure, *, actor: User, now: datetime) -> None:
    """At any time: from the next page on it is not public."""
    row.withdrawn_by_id, row.withdrawn_at = actor.id, now
    session.flush()
    _note(session, row, actor, now, "take_back_public")


def is_small(figure: Figure) -> bool:
    """Whether so few persons may be counted that one of them may be told apart; an interval from none, too."""
    known = MEASURES.get(figure.measure)
    people = known is None or known.unit is Unit.PERSONS
    return people and figure.low < SMALL and figure.high > 0


def _still_open(session: Session, row: PublicFigure) -> None:
    if row.withdrawn_at is not None:
        raise Refused("publication_taken_back")
    found = queries.obstacles(session, [row.figure], {row.figure_id: row.clearing_party_id})[row.figure_id]
    if found:
        raise Refused(f"public_{found[0].value}")


def _note(session: Session, row: PublicFigure, actor: User, now: datetime, action: str) -> None:
    record(session, actor=actor, now=now, action=action, object_type="figure", object_uuid=row.figure.uuid)
