"""The published programme for one audience."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegation
from confmgr.invitations import queries as invitations
from confmgr.invitations.models import Publication, PublishedSession
from confmgr.meetings.models import Meeting
from confmgr.papers import queries as papers
from confmgr.papers.models import AgendaItem
from confmgr.reports.domain import ProgrammeDay, ProgrammeEntry
from confmgr.scheduling.domain import GONE, SessionKind


@dataclass(frozen=True, slots=True)
class Programme:
    """What is published of a meeting for one audience."""

    meeting: Meeting
    delegation: Delegation | None
    published_at: datetime | None
    days: tuple[ProgrammeDay, ...]
    agenda: tuple[AgendaItem, ...]


def programme(
    session: Session, meeting: Meeting, *, delegation: Delegation | None = None, everything: bool = False
) -> Programme:
    """The published programme; nine statements.

    Args:
        session: An open transaction.
        meeting: The meeting.
        delegation: Adds the sessions that this delegation takes part in.
        everything: Every session, for organisers.
    """
    publication = invitations.latest(session, meeting)
    agenda = papers.agenda(session, meeting)
    if publication is None:
        return Programme(meeting, delegation, None, (), tuple(agenda))
    days = _days(session, meeting, publication, None if delegation is None else delegation.id, everything, agenda)
    return Programme(meeting, delegation, publication.made_at, days, tuple(agenda))


def _days(
    session: Session,
    meeting: Meeting,
    publication: Publication,
    delegation_id: int | None,
    everything: bool,  # noqa: FBT001
    agenda: Collection[AgendaItem],
) -> tuple[ProgrammeDay, ...]:
    places = invitations.places(session, meeting)
    parties = invitations.parties_of(session, meeting)
    numbers = papers.numbers_of(agenda)
    found: dict[date, list[ProgrammeEntry]] = {}
    published = invitations.published_sessions(session, publication)
    for one in published:
        mine = delegation_id is not None and delegation_id in one.delegation_ids
        if one.kind is SessionKind.HOLD or not (one.everybody or mine or everything):
            continue
        place = places.get(one.place_id) if one.place_id is not None else None
        found.setdefault(one.starts_local.date(), []).append(
            ProgrammeEntry(
                starts=one.starts_local,
                ends=one.ends_local,
                kind=one.kind,
                title=one.session.title,
                description=one.session.description,
                place=None if place is None else place.name,
                codes=() if one.everybody else tuple(parties[i].party.code for i in one.delegation_ids if i in parties),
                interpretation=one.interpretation,
                cancelled=one.state in GONE,
                agenda=tuple(numbers.get(one.session_id, ())),
            )
        )
    if delegation_id is None and not everything:
        for block in _blocks(published):
            found.setdefault(block.starts.date(), []).append(block)
    return tuple(
        ProgrammeDay(day, tuple(sorted(found[day], key=lambda e: (e.starts, e.ends)))) for day in sorted(found)
    )


def _blocks(published: Sequence[PublishedSession]) -> Iterator[ProgrammeEntry]:
    for spans in papers.case_times(published).values():
        for span in spans:
            yield ProgrammeEntry(
                starts=span.start,
                ends=span.end,
                kind=SessionKind.BILATERAL,
                title=None,
                description=None,
                place=None,
                codes=(),
                interpretation=None,
                cancelled=False,
                block=True,
            )
