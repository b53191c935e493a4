"""The board's loader sees what the rules see elsewhere; every test on both databases."""

from datetime import date, datetime, timedelta

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from confmgr.delegations.models import DelegateBusy, DelegationHours, InterpreterHours
from confmgr.meetings.models import PlaceHours
from confmgr.orm.base import set_planned
from confmgr.scheduling import board, judged, queries, services
from confmgr.scheduling.conflicts import ClashKind, Severity
from confmgr.scheduling.domain import Answer
from confmgr.scheduling.wishes import Half, HalfDay, Wishes
from confmgr.values.times import instant
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, break_, interpreter, request, world

NOON, HALF = instant(TEN + timedelta(hours=2), "Asia/Seoul"), timedelta(minutes=30)


def hours(row: DelegationHours | PlaceHours | InterpreterHours) -> DelegationHours | PlaceHours | InterpreterHours:
    set_planned(row, TEN, TEN + timedelta(hours=5), "Asia/Seoul")
    return row


def full(session: Session) -> World:
    """A meeting with everything that the rules look at."""
    here = world(session)
    crew = interpreter(session, here)
    crew.longest_run_minutes, crew.longest_day_minutes = 60, 300
    services.set_rules(
        session,
        here.meeting,
        actor=here.organiser,
        now=NOW,
        severities={ClashKind.PLACE_SMALL: Severity.IGNORE},
        walk_minutes=10,
        seen=services.rules_seen(judged.schedule_state(session, here.meeting)),
    )
    here.t1.building = "Main house"
    here.delegate_kh.arrives_local = TEN
    here.t2.room_id = here.t1.id
    session.add_all(
        [
            DelegateBusy(delegate_id=here.delegate_kh.id, starts_at=NOON, ends_at=NOON + HALF, imported_at=NOW),
            DelegateBusy(delegate_id=here.delegate_th.id, starts_at=NOON, ends_at=NOON + HALF, imported_at=NOW),
            hours(DelegationHours(delegation_id=here.kh.id)),
            hours(PlaceHours(place_id=here.t1.id)),
            hours(InterpreterHours(interpreter_id=crew.id)),
        ]
    )
    first = bilateral(session, here, interpreters=[crew], interpretation="km-th", interpreters_wanted=1, anyway=True)
    bilateral(session, here, place=here.t2, delegates=[here.delegate_kh, here.delegate_th], anyway=True)
    half = bilateral(session, here, starts=ELEVEN + timedelta(hours=2), delegates=[here.delegate_kh], anyway=True)
    half.delegations[0].absent = True
    waiting = bilateral(session, here, starts=None, place=None)
    services.cancel_session(session, bilateral(session, here, starts=ELEVEN), actor=here.organiser, now=NOW)
    services.delete_session(session, waiting, actor=here.organiser, now=NOW)
    break_(session, here, datetime(2026, 2, 5, 12, 0))  # noqa: DTZ001
    first_asked = request(session, here)
    first.request_id = first_asked.id
    friday = HalfDay(date(2026, 2, 6), Half.MORNING)
    first_asked.wishes = Wishes((friday,)).to_json()
    half.request_id = request(session, here, wishes=Wishes((), (first_asked.id,))).id
    asked = request(session, here)
    for side in asked.asked:
        services.answer_request(
            session, asked, actor=here.organiser, now=NOW, delegation=side.delegation, answer=Answer.ACCEPTED
        )
    services.schedule_request(session, asked, actor=here.organiser, now=NOW)
    assert first.starts_local == TEN
    session.flush()
    session.expire_all()
    return here


def test_the_loader_gives_the_same_sittings_and_house_as_the_queries_of_rows(session: Session) -> None:
    here = full(session)
    loaded = board.load(session, here.meeting)
    rows = queries.sessions(session, here.meeting)
    assert loaded.sittings() == judged.sittings(rows)
    assert loaded.house == judged.house(session, here.meeting)
    assert len(loaded.sittings()) == 4
    assert sum(bool(one.wished) for one in loaded.sittings()) == 1
    assert sum(bool(one.apart) for one in loaded.sittings()) == 1


def test_a_whole_schedule_is_two_statements(session: Session) -> None:
    here = full(session)
    connection = session.connection()
    engine: Engine = connection.engine
    session.refresh(here.meeting)
    counter = Counter()
    event.listen(engine, "before_cursor_execute", counter)
    board.load(session, here.meeting)
    event.remove(engine, "before_cursor_execute", counter)
    assert counter.count == 2


def test_a_card_has_what_the_board_shows(session: Session) -> None:
    here = full(session)
    loaded = board.load(session, here.meeting)
    card = next(card for card in loaded.shown() if card.interpretation)
    assert [loaded.delegations[i].code for i in card.delegations] == ["KH", "TH"]
    assert (card.starts, card.ends, card.minutes) == (TEN, TEN + timedelta(minutes=40), 40)
    assert loaded.codes[card.place or 0] == "T1"
    assert len(loaded.days) == 2
    assert [card.reference for card in loaded.cards.values() if card.removed] == ["S4"]
