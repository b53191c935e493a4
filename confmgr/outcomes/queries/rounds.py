"""Reporting rounds: what was asked, who answered, and what the answers come to for one reader."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState, RoundState
from confmgr.outcomes.measures import Nature
from confmgr.outcomes.models import ReportingRound, ReturnStep, RoundAnswer, RoundReturn
from confmgr.outcomes.queries.figures import Facts
from confmgr.outcomes.queries.rounds_asked import (
    HANDED_IN,
    NOBODY,
    RoundReader,
    all_measures,
    asked_of,
    round_reader,
    round_readers,
)
from confmgr.outcomes.returns import Asked, Coverage, coverage, may_be_written
from confmgr.outcomes.totals import Total, countable, total
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer

ENOUGH = 3
"""So many values that were given "in totals only" must stand in a number before others see it (decision 19)."""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """What a round's answers to one measure come to; a stock has no sum, only its parts.

    `reported` and `nil` count parties; `parts` are the answers that this reader may open, `hidden` how many more are in
    the sum, `left_out` how many are in neither. `low` is None where nothing may be shown.
    """

    asked: Asked
    currency: str | None
    low: Decimal | None
    high: Decimal | None
    reported: int
    nil: int
    parts: tuple[RoundAnswer, ...]
    hidden: int
    left_out: int
    party_of: Mapping[int, Party]

    @property
    def is_stock(self) -> bool:
        """Whether it stands at a date and is never added."""
        return self.asked.nature is Nature.STOCK


@dataclass(frozen=True, slots=True)
class RoundTotals:
    """What a round comes to: how many parties were asked and have handed in, and a line for each measure.

    `coverage`: how many answered how much.
    """

    round: ReportingRound
    asked: int
    reported: int
    nil: int
    final: bool
    lines: tuple[RoundLine, ...]
    coverage: Mapping[Coverage, int]


def rounds(session: Session, operation: Operation) -> list[tuple[ReportingRound, int, int]]:
    """Rounds of an operation, the newest first, each with how many parties it asks and how many have handed in."""
    handed = func.count(RoundReturn.id).filter(RoundReturn.state.in_(HANDED_IN))
    rows = session.execute(
        select(ReportingRound, func.count(RoundReturn.id), handed)
        .outerjoin(RoundReturn, RoundReturn.round_id == ReportingRound.id)
        .where(ReportingRound.operation_id == operation.id)
        .options(joinedload(ReportingRound.meeting))
        .group_by(ReportingRound.id)
        .order_by(ReportingRound.opened_at.desc(), ReportingRound.id.desc())
    )
    return [(row, asked, reported) for row, asked, reported in rows]


def own_returns(session: Session, operation: Operation, reader: RoundReader) -> dict[int, list[RoundReturn]]:
    """Returns that the reader writes, by the id of their round; one statement, two where there are any."""
    rows = session.scalars(
        select(RoundReturn)
        .join(ReportingRound, ReportingRound.id == RoundReturn.round_id)
        .where(ReportingRound.operation_id == operation.id, RoundReturn.party_id.in_(reader.parties))
        .options(joinedload(RoundReturn.party))
        .order_by(RoundReturn.id)
    )
    found: dict[int, list[RoundReturn]] = {}
    for row in rows:
        found.setdefault(row.round_id, []).append(row)
    return found


def get_round(session: Session, ident: uuid.UUID) -> ReportingRound:
    """A round with its operation, meeting and returns.

    Raises:
        NotFound: There is none.
    """
    row = session.scalar(
        select(ReportingRound)
        .where(ReportingRound.uuid == ident)
        .options(
            joinedload(ReportingRound.operation),
            joinedload(ReportingRound.meeting),
            selectinload(ReportingRound.returns).options(
                joinedload(RoundReturn.party), selectinload(RoundReturn.answers), selectinload(RoundReturn.steps)
            ),
        )
    )
    if row is None:
        raise NotFound("round", ident)
    return row


def get_return(session: Session, ident: uuid.UUID, user: User, now: datetime) -> tuple[RoundReturn, RoundReader]:
    """A return that somebody writes or judges, with its round, party, answers and steps; and that person's rights.

    Raises:
        NotFound: There is none, or none for this reader: the same in as many statements.
    """
    readers = round_readers(session, user.id, now)
    known = (and_(ReportingRound.operation_id == of, reader.known()) for of, reader in readers.items())
    row = session.scalar(
        select(RoundReturn)
        .join(RoundReturn.round)
        .where(RoundReturn.uuid == ident, or_(false(), *known))
        .options(
            contains_eager(RoundReturn.round).options(
                joinedload(ReportingRound.operation), joinedload(ReportingRound.meeting)
            ),
            joinedload(RoundReturn.party),
            selectinload(RoundReturn.answers).joinedload(RoundAnswer.figure),
            selectinload(RoundReturn.steps).joinedload(ReturnStep.by),
        )
    )
    if row is None:
        raise NotFound("return", ident)
    return row, readers[row.round.operation_id]


def returned_at(row: RoundReturn) -> datetime | None:
    """When a return was sent back to its party last."""
    return max((step.at for step in row.steps if step.state is ReturnState.RETURNED), default=None)


def is_writable(row: RoundReturn, round_: ReportingRound | None = None) -> bool:
    """Whether the party may write its return now."""
    of = round_ or row.round
    return may_be_written(of.state, of.closed_at, row.state, returned_at(row))


def coverage_of(row: RoundReturn, measures: Iterable[str]) -> Coverage:
    """How much of what was asked a return answers."""
    kinds: dict[str, AnswerKind] = {}
    for answer in row.answers:
        if kinds.get(answer.measure) is not AnswerKind.VALUE:
            kinds[answer.measure] = answer.kind
    return coverage(measures, kinds)


def round_number(session: Session, round_: ReportingRound) -> int:
    """Which round of its operation it is, from 1."""
    same = select(func.count()).where(
        ReportingRound.operation_id == round_.operation_id, ReportingRound.id <= round_.id
    )
    return session.scalar(same) or 1


def round_totals(session: Session, round_: ReportingRound, viewer: Viewer, now: datetime) -> RoundTotals:
    """What a round (of `get_round`) comes to for one reader; four statements.

    Organisers of its meeting get every answer. All others get one and the same sum: the answers that may be published,
    and those given for totals as soon as there are three; what a party keeps to itself is in no number of theirs.
    """
    reader = round_reader(session, viewer, round_.operation, now)
    return _totals(round_, asked_of(session, round_), reader)


def totals_for_all(session: Session, operation: Operation, meeting: Meeting | None = None) -> list[RoundTotals]:
    """What rounds come to for whoever writes and judges none of their returns, the oldest first.

    So reports show them, which others than their first reader may open. At most five statements.
    """
    rows = session.scalars(
        select(ReportingRound)
        .where(
            ReportingRound.operation_id == operation.id,
            *([] if meeting is None else [ReportingRound.meeting_id == meeting.id]),
        )
        .options(
            selectinload(ReportingRound.returns).options(
                joinedload(RoundReturn.party), selectinload(RoundReturn.answers), selectinload(RoundReturn.steps)
            )
        )
        .order_by(ReportingRound.id)
    ).all()
    known = all_measures(session, operation) if rows else {}
    return [_totals(row, [known[code] for code in row.measures if code in known], NOBODY) for row in rows]


def _totals(round_: ReportingRound, measures: Sequence[Asked], reader: RoundReader) -> RoundTotals:
    handed = sorted((row for row in round_.returns if row.state in HANDED_IN), key=lambda row: row.party.code)
    waiting = any(row.state is ReturnState.SUBMITTED or is_writable(row, round_) for row in round_.returns)
    every = reader.judges(round_)
    nil = [
        row
        for row in handed
        if coverage_of(row, round_.measures) is Coverage.NIL and (every or row.publishing is Publishing.ALLOWED)
    ]
    return RoundTotals(
        round=round_,
        asked=len(round_.returns),
        reported=len(handed),
        nil=len(nil),
        final=round_.state is RoundState.CLOSED and not waiting,
        lines=tuple(line for one in measures for line in _lines(one, handed, reader, every=every)),
        coverage=_coverage(round_, handed, nil),
    )


def _coverage(round_: ReportingRound, handed: Sequence[RoundReturn], nil: Sequence[RoundReturn]) -> dict[Coverage, int]:
    """How many returns answer how much; that one is all nil is a value too, and without `nil` it is only answered."""
    found = dict.fromkeys((Coverage.ANSWERED, Coverage.PARTLY, Coverage.NIL, Coverage.NONE), 0)
    for row in handed:
        covers = coverage_of(row, round_.measures)
        found[Coverage.ANSWERED if covers is Coverage.NIL and row not in nil else covers] += 1
    found[Coverage.NONE] += len(round_.returns) - len(handed)
    return found


Pair = tuple[RoundReturn, RoundAnswer]


def _lines(asked: Asked, handed: Sequence[RoundReturn], reader: RoundReader, *, every: bool) -> Iterator[RoundLine]:
    """A line for each currency of which the reader may see something: a currency alone can tell whose value it is."""
    said = [
        (row, answer)
        for row in handed
        for answer in row.answers
        if answer.measure == asked.code and answer.kind in {AnswerKind.VALUE, AnswerKind.NIL}
    ]
    found = {
        currency: _open_and_shared([pair for pair in said if _belongs(pair[1], currency)], every=every)
        for currency in {answer.currency for _row, answer in said} or {None}
    }
    own = {pair[1].currency for pair in said if reader.writes(pair[0])}
    shown = {
        currency
        for currency, (open_, shared) in found.items()
        if currency in own or any(answer.currency == currency for _row, answer in (*open_, *shared))
    }
    if len(shown) > 1:
        shown.discard(None)
    counted = {
        id(answer) for currency in shown or {None} for pairs in found.get(currency, ((), ())) for _r, answer in pairs
    }
    for currency in sorted(shown or {None}, key=lambda code: code or ""):
        open_, shared = found.get(currency, ([], []))
        yield _line(asked, currency, said, open_, shared, counted, reader, every=every)


def _belongs(answer: RoundAnswer, currency: str | None) -> bool:
    return answer.kind is AnswerKind.NIL or answer.currency == currency


def _line(
    asked: Asked,
    currency: str | None,
    said: Sequence[Pair],
    open_: Sequence[Pair],
    shared: Sequence[Pair],
    counted: Collection[int],
    reader: RoundReader,
    *,
    every: bool,
) -> RoundLine:
    stock = asked.nature is Nature.STOCK
    summed = [*open_] if stock else [*open_, *shared]
    readable = [
        (row, answer)
        for row, answer in said
        if _belongs(answer, currency) and (every or (row, answer) in open_ or reader.writes(row))
    ]
    has_sum = not stock and any(currency is None or answer.currency == currency for _row, answer in summed)
    left_out = [one for one in said if id(one[1]) not in counted or (stock and one not in open_)]
    return RoundLine(
        asked=asked,
        currency=currency,
        low=sum((answer.low or Decimal(0) for _row, answer in summed), Decimal(0)) if has_sum else None,
        high=sum((answer.high or Decimal(0) for _row, answer in summed), Decimal(0)) if has_sum else None,
        reported=len({row.id for row, _answer in said}),
        nil=sum(answer.kind is AnswerKind.NIL for _row, answer in summed),
        parts=tuple(answer for _row, answer in readable),
        hidden=0 if stock else len([one for one in shared if one not in readable]),
        left_out=len(left_out),
        party_of={row.id: row.party for row, _answer in readable},
    )


def _open_and_shared(said: Sequence[Pair], *, every: bool) -> tuple[list[Pair], list[Pair]]:
    """Answers that a reader may see by party, and those that are only in the sum."""
    if every:
        return list(said), []
    shown = [pair for pair in said if pair[0].publishing is Publishing.ALLOWED]
    in_totals = [pair for pair in said if pair[0].publishing is Publishing.IN_TOTALS]
    values = sum(answer.kind is AnswerKind.VALUE for _row, answer in in_totals)
    return shown, in_totals if values >= ENOUGH else []


def from_records(facts: Facts, row: RoundReturn, measure: str) -> list[tuple[str | None, Total]]:
    """What a party's own recorded figures within the period of its round come to, by currency, with their names."""
    round_ = row.round
    own = [
        count
        for count in countable(facts.counts)
        if count.measure == measure
        and count.id in facts.by_code
        and facts.by_code[count.id].owner_id == row.party_id
        and _within(round_, count.from_on or count.at_on, count.to_on or count.at_on)
    ]
    currencies = sorted({count.currency for count in own}, key=lambda code: code or "")
    return [(code, total([one for one in own if one.currency == code], facts.overlaps)) for code in currencies]


def _within(round_: ReportingRound, first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and round_.from_on <= first and last <= round_.to_on
