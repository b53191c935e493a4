"""Figures that count the same people, or may, and which of several sources is used. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.orm.unique import once
from confmgr.outcomes.domain import LinkKind, OverlapDecision
from confmgr.outcomes.models import Figure, FigureLink
from confmgr.values.words import Words


def overlap(
    session: Session,
    one: Figure,
    other: Figure,
    *,
    kind: LinkKind = LinkKind.POSSIBLE,
    reason: Words | None = None,
    decision: OverlapDecision = OverlapDecision.OPEN,
) -> FigureLink:
    """Say that two figures count the same persons, or may.

    Raises:
        Refused: A figure with itself, two measures, or two that are linked already.
    """
    if one.id == other.id or one.measure != other.measure:
        raise Refused("overlap_of_two", field="other")
    first, second = sorted((one, other), key=lambda figure: figure.id)
    link = FigureLink(first_id=first.id, second_id=second.id, kind=kind, reason=reason, decision=decision)
    link.first, link.second = first, second

    def look() -> None:
        there = select(FigureLink.id).where(FigureLink.first_id == first.id, FigureLink.second_id == second.id)
        if session.scalar(there) is not None:
            raise Refused("overlap_taken", field="other")

    with once(session, look):
        session.add(link)
    return link


def decide_overlap(
    session: Session, link: FigureLink, *, actor: User, now: datetime, decision: OverlapDecision
) -> None:
    """Same people, different people, or left open: the totals follow."""
    link.decision, link.decided_by_id, link.decided_at = decision, actor.id, now
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"overlap_{decision.value}",
        object_type="figure_link",
        object_ids=[link.id],
    )


def choose_current(session: Session, figures: Sequence[Figure], chosen: Figure, *, actor: User, now: datetime) -> None:
    """Of sources that disagree, one is chosen by a named person; the others stay side by side."""
    for figure in figures:
        figure.chosen_at = figure.chosen_by_id = None
    chosen.chosen_at, chosen.chosen_by_id = now, actor.id
    session.flush()
    record(session, actor=actor, now=now, action="choose", object_type="figure", object_uuid=chosen.uuid)


def remove_overlap(session: Session, link: FigureLink, *, actor: User, now: datetime) -> None:
    """Two figures were linked by mistake."""
    session.delete(link)
    session.flush()
    record(session, actor=actor, now=now, action="overlap_removed", object_type="figure_link", object_ids=[link.id])


def disagrees(session: Session, figure: Figure, with_: Figure, *, actor: User, now: datetime) -> None:
    """Say that two sources give the same thing differently: only one of them counts, both stay to be read.

    Raises:
        Refused: Not two figures of the same measure, kind and currency, or they stand side by side already.
    """
    first, second = (figure.measure, figure.currency, figure.kind), (with_.measure, with_.currency, with_.kind)
    if figure.id == with_.id or first != second:
        raise Refused("overlap_of_two", field="other")
    head = with_.alternative_to_id or with_.id
    of_it = select(Figure.id).where(Figure.alternative_to_id == figure.id)
    if figure.alternative_to_id is not None or head == figure.id or session.scalar(of_it) is not None:
        raise Refused("disagrees_already", field="other", code=figure.called)
    figure.alternative_to_id, figure.chosen_at, figure.chosen_by_id = head, None, None
    session.flush()
    record(session, actor=actor, now=now, action="disagree", object_type="figure", object_uuid=figure.uuid)


def agrees_again(session: Session, figure: Figure, *, actor: User, now: datetime) -> None:
    """The two speak of different things after all: each counts for itself."""
    figure.alternative_to_id = figure.chosen_at = figure.chosen_by_id = None
    session.flush()
    record(session, actor=actor, now=now, action="agree", object_type="figure", object_uuid=figure.uuid)
