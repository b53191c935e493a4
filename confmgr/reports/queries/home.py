"""A meeting at a glance: how far it is, what is missing, what changed, what is due. Envelopes alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from confmgr.activity.domain import READING, TAKING
from confmgr.activity.models import AuditEntry
from confmgr.cases.domain import NominationState
from confmgr.cases.queries import case_figures
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation
from confmgr.invitations import answers, mailbox
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import Publication
from confmgr.invitations.queries import latest, outbox_counts
from confmgr.meetings.models import Meeting, Place
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.models import ActionRequest
from confmgr.papers.models import AgendaItem
from confmgr.parties.models import Party
from confmgr.scheduling.domain import GONE, RequestState
from confmgr.scheduling.models import MeetingRequest, MeetingSession, RequestParty, SessionInterpreter
from confmgr.scheduling.queries import request_counts
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item, Marking
from confmgr.values import times

DUE = 6
LOOKED_AT = 2000
"""Entries that are looked at for what changed lately."""


@dataclass(frozen=True, slots=True)
class Change:
    """When something was done last, and how often on that day."""

    action: str
    object_type: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """What the organisers see first. Codes are those of parties."""

    delegations: Mapping[DelegationState, int]
    unconfirmed: tuple[str, ...]
    nameless: tuple[str, ...]
    silent: tuple[str, ...]
    cases: Mapping[NominationState, int]
    requests: Mapping[RequestState, int]
    places: int
    unplaced: int
    wanted_interpreters: int
    found_interpreters: int
    without_chair: tuple[AgendaItem, ...]
    unapproved: tuple[str, ...]
    published: Publication | None
    mails: Mapping[OutboxState, int]
    replies: int
    unanswered: int
    declined: int
    changes: tuple[Change, ...]
    due: tuple[ActionRequest, ...]


def home(session: Session, meeting: Meeting, now: datetime) -> Home:
    """Counts and gaps of a meeting; twelve statements, whatever its size."""
    rows = session.execute(
        select(
            Delegation.state,
            Party.code,
            Party.names_approved_at,
            exists().where(Delegate.delegation_id == Delegation.id, Delegate.left_at.is_(None)),
            exists().where(MeetingRequest.from_id == Delegation.id),
            exists().where(RequestParty.delegation_id == Delegation.id),
        )
        .join(Party, Party.id == Delegation.party_id)
        .where(Delegation.meeting_id == meeting.id)
        .order_by(Party.code)
    ).all()
    states: dict[DelegationState, int] = {}
    for row in rows:
        states[row[0]] = states.get(row[0], 0) + 1
    wanted, found = _interpreters(session, meeting)
    unplaced, places, unanswered, declined, replies = _single_counts(session, meeting, now)
    return Home(
        delegations=states,
        unconfirmed=tuple(r[1] for r in rows if r[0] in {DelegationState.INVITED, DelegationState.ACCEPTED}),
        nameless=tuple(r[1] for r in rows if not r[3] and r[0] is not DelegationState.DECLINED),
        silent=tuple(r[1] for r in rows if not r[4] and not r[5] and r[0] is not DelegationState.DECLINED),
        cases=case_figures(session, meeting),
        requests=request_counts(session, meeting),
        places=places,
        unplaced=unplaced,
        wanted_interpreters=wanted,
        found_interpreters=found,
        without_chair=tuple(
            session.scalars(
                select(AgendaItem)
                .where(AgendaItem.meeting_id == meeting.id, AgendaItem.chair_id.is_(None))
                .order_by(AgendaItem.rank)
            )
        ),
        unapproved=tuple(r[1] for r in rows if r[2] is None),
        published=latest(session, meeting),
        mails=outbox_counts(session, meeting),
        replies=replies,
        unanswered=unanswered,
        declined=declined,
        changes=tuple(_changes(session, meeting)),
        due=tuple(_due(session, meeting)),
    )


def _single_counts(session: Session, meeting: Meeting, now: datetime) -> tuple[int, int, int, int, int]:
    """Sessions without a time, places, invitations without answer, declined ones, replies that wait: one statement."""
    unplaced = (
        select(func.count())
        .select_from(MeetingSession)
        .where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.starts_at.is_(None),
            MeetingSession.removed_at.is_(None),
            MeetingSession.state.not_in(GONE),
        )
    )
    places = select(func.count()).select_from(Place).where(Place.meeting_id == meeting.id)
    answered = answers.counts(meeting, now)
    counts = (unplaced.scalar_subquery(), places.scalar_subquery(), *answered, mailbox.waiting(meeting))
    row = session.execute(select(*counts)).one()
    return row[0], row[1], row[2], row[3], row[4]


def _interpreters(session: Session, meeting: Meeting) -> tuple[int, int]:
    """Sessions that want interpretation, and those of them that have somebody."""
    has_one = exists().where(SessionInterpreter.session_id == MeetingSession.id)
    row = session.execute(
        select(func.count(), func.count().filter(has_one)).where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.removed_at.is_(None),
            and_(MeetingSession.interpretation.is_not(None), MeetingSession.state.not_in(GONE)),
        )
    ).one()
    return row[0], row[1]


def _changes(session: Session, meeting: Meeting) -> list[Change]:
    """Of the newest entries those of the day on which something was done last, by what was done."""
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.object_type, AuditEntry.at)
        .where(
            AuditEntry.meeting_id == meeting.id,
            AuditEntry.allowed.is_(True),
            AuditEntry.action.not_in(READING | TAKING),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(LOOKED_AT)
    )
    days: dict[tuple[str, str], list[datetime]] = {}
    for action, kind, at in rows:
        found = days.setdefault((action, kind), [])
        if not found or _day(at, meeting) == _day(found[0], meeting):
            found.append(at)
    return [Change(action, kind, len(found), found[0]) for (action, kind), found in days.items()]


def _day(at: datetime, meeting: Meeting) -> date:
    return times.wall_time(at, meeting.zone).date()


def _due(session: Session, meeting: Meeting) -> list[ActionRequest]:
    return list(
        session.scalars(
            select(ActionRequest)
            .join(Item, Item.id == ActionRequest.id)
            .join(Marking, Marking.id == Item.marking_id)
            .where(
                ActionRequest.meeting_id == meeting.id,
                Item.state == ItemState.SHARED,
                Marking.tlp != Tlp.RED,  # its envelope tells neither date nor party
                ActionRequest.due_at.is_not(None),
                ActionRequest.state.not_in((RequestStep.DONE, RequestStep.DECLINED)),
            )
            .options(joinedload(ActionRequest.asking), joinedload(ActionRequest.asked), joinedload(ActionRequest.item))
            .order_by(ActionRequest.due_at)
            .limit(DUE)
        )
    )
