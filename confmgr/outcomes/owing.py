"""Who owes what to whom by when: action requests chosen by a filter, and counted by the party that was asked.

Plain Python over requests that the reader may know of: what is hidden is in no count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from confmgr.outcomes.domain import OPEN_REQUESTS, RequestStep, Urgency
from confmgr.outcomes.models import ActionRequest
from confmgr.parties.models import Party


class Shown(StrEnum):
    """Which requests are listed."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is wanted; None is everything. `party`: the code of either side."""

    shown: Shown | None = None
    party: str | None = None
    urgency: Urgency | None = None

    def takes(self, row: ActionRequest, now: datetime) -> bool:
        """Whether a request is wanted."""
        return (
            (self.shown is None or self.shown in shown_as(row, now))
            and (self.party is None or self.party in {row.asking.code, row.asked.code})
            and (self.urgency is None or row.urgency is self.urgency)
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """What one party has been asked for, and how long it takes to answer."""

    party: Party
    open: int
    overdue: int
    done: int
    declined: int
    answers_after: timedelta | None


def is_open(row: ActionRequest) -> bool:
    """Whether its result is not known yet."""
    return row.state in OPEN_REQUESTS


def is_overdue(row: ActionRequest, now: datetime) -> bool:
    """Whether its result was due and is not known."""
    return is_open(row) and row.due_at is not None and row.due_at < now


def shown_as(row: ActionRequest, now: datetime) -> frozenset[Shown]:
    """Under which filters a request is found."""
    if not is_open(row):
        return frozenset({Shown.CLOSED})
    return frozenset({Shown.OPEN, Shown.OVERDUE} if is_overdue(row, now) else {Shown.OPEN})


def answered_after(row: ActionRequest) -> timedelta | None:
    """How long the party that was asked took to its first answer; None while there is none."""
    answers = [step.at for step in row.steps if step.state is not RequestStep.ASKED]
    return min(answers) - row.steps[0].at if answers else None


def by_party(rows: Sequence[ActionRequest], now: datetime) -> list[Owed]:
    """What each party has been asked for; those with the most overdue first."""
    parties = {row.to_id: row.asked for row in rows}
    found = [_owed(party, [row for row in rows if row.to_id == party.id], now) for party in parties.values()]
    return sorted(found, key=lambda one: (-one.overdue, -one.open, one.party.code))


def _owed(party: Party, rows: Sequence[ActionRequest], now: datetime) -> Owed:
    waits = [wait.total_seconds() for row in rows if (wait := answered_after(row)) is not None]
    return Owed(
        party=party,
        open=sum(is_open(row) for row in rows),
        overdue=sum(is_overdue(row, now) for row in rows),
        done=_in(rows, RequestStep.DONE),
        declined=_in(rows, RequestStep.DECLINED),
        answers_after=timedelta(seconds=median(waits)) if waits else None,
    )


def _in(rows: Iterable[ActionRequest], state: RequestStep) -> int:
    return sum(row.state is state for row in rows)


def stretches(row: ActionRequest, now: datetime) -> list[timedelta]:
    """How long each state of its history lasted; the last one of an open request lasts until now."""
    ends = [step.at for step in row.steps[1:]] + [now if is_open(row) else row.steps[-1].at]
    return [max(end - step.at, timedelta()) for step, end in zip(row.steps, ends, strict=True)]
