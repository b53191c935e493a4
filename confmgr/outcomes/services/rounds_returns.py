"""A party's return: saved, handed in; by organisers sent back, accepted, opened again. Writes; the caller commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes.domain import RETURN_STEPS, AnswerKind, FigureKind, FigureStatus, Publishing, ReturnState
from confmgr.outcomes.measures import Nature
from confmgr.outcomes.models import Figure, ReportingRound, ReturnStep, RoundAnswer, RoundReturn, Source
from confmgr.outcomes.queries.rounds import is_writable, round_number
from confmgr.outcomes.queries.rounds_asked import asked_of
from confmgr.outcomes.returns import STORY_LINES, Asked, Said, may_be_reopened, parts_of, source_code
from confmgr.outcomes.services.asking import check_asks, check_writes
from confmgr.outcomes.services.figures import state_figure
from confmgr.values.times import wall_time
from confmgr.values.words import Words

LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Texts:
    """What a return says beside its numbers."""

    compiled_by: str | None = None
    released_by: str | None = None
    story: str | None = None
    new_methods: str | None = None
    obstacles: str | None = None
    publishing: Publishing = Publishing.NOT_ALLOWED


def save_return(
    session: Session,
    row: RoundReturn,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    answers: Sequence[Said],
    texts: Texts,
) -> None:
    """Keep a draft. What is in no answer becomes an empty cell.

    Raises:
        NotAllowed: Not by the party.
        StaleVersion: Somebody saved it meanwhile.
        Refused: The round is closed or the return handed in; the story is too long; an answer that was not asked.
    """
    check_writes(session, row, actor, now)
    if row.version != seen_version:
        raise StaleVersion("return", row.uuid)
    if not is_writable(row):
        raise Refused("return_not_open")
    if len((texts.story or "").splitlines()) > STORY_LINES:
        raise Refused("story_too_long", field="story", most=STORY_LINES)
    strange = [one.measure for one in answers if one.measure not in row.round.measures]
    if strange:
        raise Refused("unknown_measure", measure=strange[0])
    _write(row, answers)
    row.compiled_by, row.released_by, row.publishing = texts.compiled_by, texts.released_by, texts.publishing
    row.story, row.new_methods, row.obstacles = texts.story, texts.new_methods, texts.obstacles
    if row.state is ReturnState.NOT_ANSWERED:
        _step(row, ReturnState.DRAFT, actor, now)
    flag_modified(row, "state")  # an answer alone would not raise the version that guards them all
    session.flush()
    _audit(session, actor, now, "save_return", row)


def _write(row: RoundReturn, answers: Iterable[Said]) -> None:
    known = {(answer.measure, answer.currency): answer for answer in row.answers}
    kept: list[RoundAnswer] = []
    for one in answers:
        answer = known.pop((one.measure, one.currency), None) or RoundAnswer(measure=one.measure, currency=one.currency)
        if any(answer is other for other in kept) or (one.measure, one.currency) in {
            (other.measure, other.currency) for other in kept
        }:
            raise Refused("answered_twice", field="currency", value=one.currency or one.measure)
        answer.kind, answer.low, answer.high, answer.note = one.kind, one.low, one.high, one.note
        answer.shares = {name: dict(parts) for name, parts in one.shares.items()}
        kept.append(answer)
    row.answers = kept


def submit_return(session: Session, row: RoundReturn, *, actor: User, now: datetime) -> None:
    """Hand in what was saved.

    Raises:
        NotAllowed: Not by the party.
        Refused: Nothing is answered; nobody compiled or released it; the round is closed.
    """
    check_writes(session, row, actor, now)
    if not is_writable(row):
        raise Refused("return_not_open")
    if not row.answers:
        raise Refused("nothing_answered")
    for field in ("compiled_by", "released_by"):
        if not getattr(row, field):
            raise Refused(f"{field}_needed", field=field)
    row.submitted_at, row.submitted_by_id = now, actor.id
    _step(row, ReturnState.SUBMITTED, actor, now)
    session.flush()
    _audit(session, actor, now, "submit_return", row)


def send_back(
    session: Session, row: RoundReturn, *, actor: User, now: datetime, reason: str | None, seen_version: int
) -> None:
    """Give a return back with a question, or open it again with a reason; its figures stay until it is accepted again.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        StaleVersion: It is no longer as it was seen.
        Refused: Without a reason; a return that its party is writing.
    """
    check_asks(session, row.round.meeting, row.round.operation, actor, now)
    if row.version != seen_version:
        raise StaleVersion("return", row.uuid)
    if not may_be_reopened(row.round.state, row.state):
        raise Refused("return_is_with_party")
    if not reason:
        raise Refused("return_reason_needed", field="reason")
    _step(row, ReturnState.RETURNED, actor, now, reason)
    flag_modified(row, "state")
    session.flush()
    _audit(session, actor, now, "send_back_return", row)


def accept_return(
    session: Session, row: RoundReturn, *, actor: User, now: datetime, seen_version: int, illustrative: bool = False
) -> None:
    """Accept a return: each value becomes a declared figure, and supersedes the one of an earlier acceptance.

    Raises:
        NotAllowed: Not by an organiser of the meeting that asks.
        StaleVersion: It is no longer as it was seen.
        Refused: It was not handed in.
    """
    check_asks(session, row.round.meeting, row.round.operation, actor, now)
    if row.version != seen_version:
        raise StaleVersion("return", row.uuid)
    if ReturnState.ACCEPTED not in RETURN_STEPS[row.state]:
        raise Refused("return_not_handed_in")
    number = round_number(session, row.round)
    source = _source(session, row, number)
    old = _current_figures(session, row, source)
    known = {one.code: one for one in asked_of(session, row.round)}
    for answer in row.answers:
        earlier = old.pop((answer.measure, answer.currency), None) if answer.kind is AnswerKind.VALUE else None
        if answer.kind is AnswerKind.VALUE and answer.low is not None:
            asked = known[answer.measure]
            figure = _declare(session, row, answer, asked, source, earlier, actor, now, illustrative=illustrative)
            answer.figure_id, answer.figure = figure.id, figure
        else:
            answer.figure_id = answer.figure = None
    for figure in old.values():
        figure.status = FigureStatus.SUPERSEDED
    _step(row, ReturnState.ACCEPTED, actor, now)
    session.flush()
    _audit(session, actor, now, "accept_return", row)


def _source(session: Session, row: RoundReturn, number: int) -> Source:
    """The return as a source of figures: one for all times it is accepted."""
    code = source_code(number, row.party.code)
    operation = row.round.operation
    found = session.scalar(select(Source).where(Source.operation_id == operation.id, Source.code == code))
    if found is None:
        found = Source(operation_id=operation.id, code=code, title=row.round.title)
        session.add(found)
    found.published_on = _day_of(row)
    session.flush()
    return found


def _current_figures(session: Session, row: RoundReturn, source: Source) -> dict[tuple[str, str | None], Figure]:
    rows = session.scalars(
        select(Figure).where(Figure.source_id == source.id, Figure.status != FigureStatus.SUPERSEDED)
    )
    return {(figure.measure, figure.currency): figure for figure in rows if figure.owner_id == row.party_id}


def _declare(
    session: Session,
    row: RoundReturn,
    answer: RoundAnswer,
    asked: Asked,
    source: Source,
    earlier: Figure | None,
    actor: User,
    now: datetime,
    *,
    illustrative: bool,
) -> Figure:
    round_ = row.round
    stock = asked.nature is Nature.STOCK
    figure = state_figure(
        session,
        actor=actor,
        now=now,
        operation=round_.operation,
        owner=row.party,
        code=_free_code(session, round_, f"{source.code}-{answer.measure}", answer.currency),
        title=row.party.short_name,
        kind=FigureKind.DECLARED,
        measure=answer.measure,
        low=answer.low or Decimal(0),
        high=answer.high,
        currency=answer.currency,
        period=None if stock else (round_.from_on, round_.to_on),
        at_on=round_.to_on if stock else None,
        source=source,
        as_of=_day_of(row),
        breakdown=[(dimension, key, value, True) for dimension, key, value in parts_of(answer.shares)],
        note=Words.of(answer.note) if answer.note else None,
        illustrative=illustrative,
    )
    if earlier is not None:
        figure.supersedes_id, earlier.status = earlier.id, FigureStatus.SUPERSEDED
    return figure


def _free_code(session: Session, round_: ReportingRound, stem: str, currency: str | None) -> str:
    name = f"{stem[: LONGEST_CODE - 8]}-{currency}" if currency else stem[: LONGEST_CODE - 4]
    taken = set(
        session.scalars(
            select(Figure.code).where(Figure.operation_id == round_.operation_id, Figure.code.startswith(name))
        )
    )
    if name not in taken:
        return name
    return next(code for code in (f"{name}-{at}" for at in range(2, len(taken) + 3)) if code not in taken)


def _day_of(row: RoundReturn) -> date:
    """The day on which a return was handed in, by the clock of the meeting."""
    moment = row.submitted_at or row.round.opened_at
    meeting = row.round.meeting
    return wall_time(moment, meeting.zone).date() if meeting else moment.date()


def _step(row: RoundReturn, state: ReturnState, actor: User, now: datetime, reason: str | None = None) -> None:
    row.state = state
    row.steps.append(ReturnStep(state=state, at=now, by_id=actor.id, by=actor, reason=reason))


def _audit(session: Session, actor: User, now: datetime, action: str, row: RoundReturn) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="round_return",
        object_uuid=row.uuid,
        meeting_id=row.round.meeting_id,
    )
