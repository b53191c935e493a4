"""Reporting rounds: opened, changed, closed by an organiser. Writes; the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import ReturnState, RoundState
from confmgr.outcomes.models import ReportingRound, RoundReturn
from confmgr.outcomes.queries.rounds_asked import measures_offered
from confmgr.outcomes.returns import MOST_MEASURES, may_be_taken_back, order_of
from confmgr.outcomes.services.asking import check_asks
from confmgr.parties.models import Party
from confmgr.values import times
from confmgr.values.words import Words

Due = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an organiser wants to know of whom. `due`: wall time and zone."""

    title: Words
    period: tuple[date, date]
    measures: Sequence[str]
    parties: Sequence[Party]
    due: Due | None = None
    note: Words | None = None


def open_round(session: Session, meeting: Meeting, wanted: Wanted, *, actor: User, now: datetime) -> ReportingRound:
    """Ask parties for measures over a period.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        Refused: A measure that is not in use here or none; no party; a period reversed or before the operation; a due
            time that does not exist, or before the end of the period.
    """
    check_asks(session, meeting, meeting.operation, actor, now)
    round_ = ReportingRound(
        operation_id=meeting.operation_id,
        meeting_id=meeting.id,
        title=wanted.title,
        note=wanted.note,
        from_on=wanted.period[0],
        to_on=wanted.period[1],
        measures=_measures(session, meeting, wanted.measures, ()),
        opened_at=now,
        opened_by_id=actor.id,
        state=RoundState.OPEN,
    )
    round_.operation, round_.meeting = meeting.operation, meeting
    _check_period(round_, wanted.period)
    _set_due(round_, wanted.due)
    if not wanted.parties:
        raise Refused("no_party_asked", field="parties")
    round_.returns = [_asked(party) for party in wanted.parties]
    session.add(round_)
    session.flush()
    _audit(session, actor, now, "open_round", round_)
    return round_


def change_round(
    session: Session, round_: ReportingRound, wanted: Wanted, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Change an open round; what somebody has answered already stays asked.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        StaleVersion: Somebody changed it meanwhile.
        Refused: It is closed; a measure or party that has an answer is left out, or the period is changed after one;
            what `open_round` refuses.
    """
    check_asks(session, round_.meeting, round_.operation, actor, now)
    if round_.version != seen_version:
        raise StaleVersion("round", round_.uuid)
    if round_.state is RoundState.CLOSED:
        raise Refused("round_closed")
    if not wanted.parties:
        raise Refused("no_party_asked", field="parties")
    _check_period(round_, wanted.period)
    begun = [row for row in round_.returns if row.state is not ReturnState.NOT_ANSWERED]
    if begun and wanted.period != (round_.from_on, round_.to_on):
        raise Refused("round_begun", field="from_on")
    measures = _measures(session, round_.meeting, wanted.measures, round_.measures)
    answered = {answer.measure for row in begun for answer in row.answers}
    if answered - set(measures):
        raise Refused("measure_answered", field="measures")
    kept = {party.id for party in wanted.parties}
    if any(row.party_id not in kept for row in begun):
        raise Refused("party_answered", field="parties")
    round_.title, round_.note, round_.measures = wanted.title, wanted.note, measures
    round_.from_on, round_.to_on = wanted.period
    _set_due(round_, wanted.due)
    known = {row.party_id for row in round_.returns}
    round_.returns = [
        *(row for row in round_.returns if row.party_id in kept),
        *(_asked(party) for party in wanted.parties if party.id not in known),
    ]
    session.flush()
    _audit(session, actor, now, "change_round", round_)


def close_round(session: Session, round_: ReportingRound, *, actor: User, now: datetime) -> None:
    """No more returns, but of parties for which it is opened again.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        Refused: It is closed already.
    """
    check_asks(session, round_.meeting, round_.operation, actor, now)
    if round_.state is RoundState.CLOSED:
        raise Refused("round_closed")
    round_.state, round_.closed_at = RoundState.CLOSED, now
    session.flush()
    _audit(session, actor, now, "close_round", round_)


def take_back_closing(session: Session, round_: ReportingRound, *, actor: User, now: datetime) -> None:
    """A round that was closed by mistake is open as before.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        Refused: It is open, or was closed more than a day ago: then it is opened again party by party.
    """
    check_asks(session, round_.meeting, round_.operation, actor, now)
    if not may_be_taken_back(round_.state, round_.closed_at, now):
        raise Refused("round_closed")
    round_.state, round_.closed_at = RoundState.OPEN, None
    session.flush()
    _audit(session, actor, now, "take_back_closing", round_)


def _asked(party: Party) -> RoundReturn:
    row = RoundReturn(party_id=party.id, state=ReturnState.NOT_ANSWERED)
    row.party = party
    return row


def _measures(session: Session, meeting: Meeting | None, wanted: Sequence[str], asked: Sequence[str]) -> list[str]:
    """What was chosen, in the order of the table; what the round asks for already may stay, in use or not."""
    if meeting is None:
        raise Refused("no_measure_asked", field="measures")
    offered = [*measures_offered(session, meeting.operation)]
    known = [*offered, *(code for code in asked if code not in offered)]
    strange = [code for code in wanted if code not in known]
    if strange:
        raise Refused("unknown_measure", field="measures", measure=strange[0][:60])
    found = order_of(known, wanted)
    if not found:
        raise Refused("no_measure_asked", field="measures")
    if len(found) > MOST_MEASURES:
        raise Refused("too_many_measures", field="measures", most=MOST_MEASURES)
    return found


def _check_period(round_: ReportingRound, period: tuple[date, date]) -> None:
    if period[1] < period[0]:
        raise Refused("dates_reversed", field="to_on")
    if period[1] < round_.operation.starts_on:
        raise Refused("before_operation", field="to_on", start=round_.operation.starts_on)


def _set_due(round_: ReportingRound, due: Due | None) -> None:
    if due is None:
        round_.due_local = round_.due_zone = round_.due_at = None
        return
    round_.due_at = times.planned_instant(*due, field="due")
    round_.due_local, round_.due_zone = due
    if due[0].date() < round_.from_on:
        raise Refused("due_before_period", field="due")


def _audit(session: Session, actor: User, now: datetime, action: str, round_: ReportingRound) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="reporting_round",
        object_uuid=round_.uuid,
        meeting_id=round_.meeting_id,
    )
