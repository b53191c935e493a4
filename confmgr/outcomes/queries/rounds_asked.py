"""Which measures a round may ask for, and who reads the returns of a round."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.outcomes.domain import Publishing, ReturnState
from confmgr.outcomes.measures import MEASURES, Nature, Unit
from confmgr.outcomes.models import MeasureInUse, OwnMeasure, ReportingRound, RoundReturn
from confmgr.outcomes.returns import COUNTED_HERE, Asked, source_code
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer

HANDED_IN = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})
"""States in which a party has let a return go; what it is still writing is its own."""


@dataclass(frozen=True, slots=True)
class RoundReader:
    """For which parties somebody writes returns in an operation, and of which meetings that person is an organiser."""

    parties: frozenset[int]
    organises: frozenset[int]

    def writes(self, row: RoundReturn) -> bool:
        """Head and delegates of the party."""
        return row.party_id in self.parties

    def judges(self, round_: ReportingRound) -> bool:
        """Organisers of the meeting that asks."""
        return round_.meeting_id in self.organises

    def reads(self, row: RoundReturn) -> bool:
        """The party itself always; the organisers what was handed in; nobody else."""
        return self.writes(row) or (self.judges(row.round) and row.state in HANDED_IN)

    def known(self) -> ColumnElement[bool]:
        """Returns that the reader writes or judges, as a clause beside their `ReportingRound`: for loading one."""
        return or_(RoundReturn.party_id.in_(self.parties), ReportingRound.meeting_id.in_(self.organises))


NOBODY = RoundReader(frozenset(), frozenset())


def round_reader(session: Session, viewer: Viewer, operation: Operation, now: datetime) -> RoundReader:
    """What somebody may do in the rounds of an operation; one statement."""
    found = round_readers(session, viewer.user_id, now) if viewer.active else {}
    return found.get(operation.id, NOBODY)


def round_readers(session: Session, user_id: int, now: datetime) -> dict[int, RoundReader]:
    """What somebody may do in rounds, by the id of their operation; one statement."""
    rows = session.execute(
        select(Meeting.operation_id, Membership.role, Membership.meeting_id, Delegation.party_id)
        .select_from(Membership)
        .join(Meeting, Meeting.id == Membership.meeting_id)
        .outerjoin(Delegation, Delegation.id == Membership.delegation_id)
        .where(
            Membership.user_id == user_id,
            current(now),
            or_(
                Membership.role == Role.ORGANISER,
                and_(Membership.role.in_(SPEAKERS), Delegation.state != DelegationState.DECLINED),
            ),
        )
    )
    parties: dict[int, set[int]] = {}
    organises: dict[int, set[int]] = {}
    for operation_id, role, meeting_id, party_id in rows:
        if role is Role.ORGANISER:
            organises.setdefault(operation_id, set()).add(meeting_id)
        else:
            parties.setdefault(operation_id, set()).add(party_id)
    return {
        ident: RoundReader(frozenset(parties.get(ident, ())), frozenset(organises.get(ident, ())))
        for ident in parties | organises
    }


def measures_offered(session: Session, operation: Operation) -> dict[str, Asked]:
    """Measures in use that somebody can type in, by code, in the order of the table; the operation's own follow."""
    every = all_measures(session, operation)
    used = set(session.scalars(select(MeasureInUse.measure).where(MeasureInUse.operation_id == operation.id)))
    return {code: one for code, one in every.items() if (not used or code in used) and code not in COUNTED_HERE}


def all_measures(session: Session, operation: Operation) -> dict[str, Asked]:
    """Every measure that a round of the operation may ever have asked for, by code."""
    own = session.scalars(
        select(OwnMeasure).where(OwnMeasure.operation_id == operation.id).order_by(OwnMeasure.id)
    ).all()
    standard = {one.code: Asked(one.code, one.unit, one.nature) for one in MEASURES.values()}
    return standard | {
        one.code: Asked(one.code, Unit(one.unit), Nature(one.nature), one.name, one.definition) for one in own
    }


def asked_of(session: Session, round_: ReportingRound) -> list[Asked]:
    """The measures of a round, in its order."""
    known = all_measures(session, round_.operation)
    return [known[code] for code in round_.measures if code in known]


def parties_by_default(session: Session, meeting: Meeting) -> list[tuple[Party, bool]]:
    """Parties that a round of a meeting may ask, by code, and whether it asks them unless an organiser says otherwise.

    Asked are members and partners, and the host.
    """
    rows = session.scalars(
        select(Delegation)
        .join(Party)
        .where(Delegation.meeting_id == meeting.id, Delegation.state != DelegationState.DECLINED)
    )
    found = {row.party: row.status.value in {"member", "partner"} for row in rows}
    found[session.get_one(Party, meeting.host_party_id)] = True
    return sorted(found.items(), key=lambda pair: pair[0].code)


def kept_sources(session: Session, operation: Operation, reader: RoundReader) -> frozenset[str]:
    """Short names of sources that are returns of which the reader must not learn a value; one statement."""
    rows = session.execute(
        select(
            ReportingRound.id,
            ReportingRound.meeting_id,
            RoundReturn.party_id,
            RoundReturn.publishing,
            Party.code,
        )
        .join(RoundReturn, RoundReturn.round_id == ReportingRound.id)
        .join(Party, Party.id == RoundReturn.party_id)
        .where(ReportingRound.operation_id == operation.id)
    ).all()
    numbers = {ident: at for at, ident in enumerate(sorted({row.id for row in rows}), 1)}
    return frozenset(
        source_code(numbers[row.id], row.code)
        for row in rows
        if row.publishing is not Publishing.ALLOWED
        and row.party_id not in reader.parties
        and row.meeting_id not in reader.organises
    )
