"""Somebody who has something else is not there: for the board, its rules and the planner; both databases."""

from datetime import timedelta

from sqlalchemy.orm import Session

from confmgr.delegations.busy import forget_busy, keep_busy
from confmgr.scheduling import board, judged, planning, queries
from confmgr.scheduling.conflicts import ClashKind, Severity, all_clashes
from confmgr.values.times import Span, instant, without
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, world

AT_TEN = instant(TEN, "Asia/Seoul")
BUSY = Span(AT_TEN + timedelta(minutes=30), AT_TEN + timedelta(minutes=50))
"""10:30 to 10:50 of Thursday in Seoul."""


def keep(session: Session, here: World, *spans: Span) -> None:
    keep_busy(session, here.delegate_kh, spans, actor=here.head_kh, now=NOW, meeting=here.meeting)


def test_a_session_on_a_busy_time_of_its_delegate_is_a_conflict(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, delegates=[here.delegate_kh])
    keep(session, here, BUSY)
    loaded = board.load(session, here.meeting)
    clash = all_clashes(loaded.sittings(), loaded.house)[row.reference][0]
    assert (clash.kind, clash.severity) == (ClashKind.PERSON_AWAY, Severity.BLOCK)
    assert clash.who == queries.person_name(here.delegate_kh)
    forget_busy(session, here.delegate_kh, actor=here.head_kh, now=NOW, meeting=here.meeting)
    loaded = board.load(session, here.meeting)
    assert all_clashes(loaded.sittings(), loaded.house) == {}


def test_a_session_that_ends_where_the_busy_time_begins_is_none(session: Session) -> None:
    here = world(session)
    bilateral(session, here, delegates=[here.delegate_kh], minutes=30)
    bilateral(session, here, delegates=[here.delegate_kh], starts=ELEVEN, minutes=30)
    keep(session, here, BUSY)
    rows = judged.sittings(queries.sessions(session, here.meeting))
    assert all_clashes(rows, judged.house(session, here.meeting)) == {}


def test_the_planner_leaves_out_the_slots_of_a_busy_person(session: Session) -> None:
    here = world(session)
    keep(session, here, BUSY)
    people = planning.task(session, here.meeting, queries.sessions(session, here.meeting)).instance["people"]
    assert people[0]["id"] == queries.person_name(here.delegate_kh)
    assert {3, 4, 5} - set(people[0]["available"]) == {
        4,
        5,
    }  # 10:20 and 10:40; a day begins at 9:00 and has 20 minutes a slot


def test_somebody_busy_all_the_time_is_never_there(session: Session) -> None:
    here = world(session)
    keep(session, here, Span(AT_TEN - timedelta(days=1), AT_TEN + timedelta(days=3)))
    assert judged.house(session, here.meeting).person_hours == {queries.person_name(here.delegate_kh): ()}
    people = planning.task(session, here.meeting, queries.sessions(session, here.meeting)).instance["people"]
    assert people[0]["available"] == []


def test_what_is_left_of_a_day_is_what_nothing_takes() -> None:
    day = Span(TEN, TEN + timedelta(hours=8))
    taken = [Span(TEN + timedelta(hours=2), TEN + timedelta(hours=3)), Span(TEN - timedelta(hours=1), ELEVEN)]
    assert without(day, taken) == (
        Span(ELEVEN, TEN + timedelta(hours=2)),
        Span(TEN + timedelta(hours=3), TEN + timedelta(hours=8)),
    )


def clashes(session: Session, here: World) -> set[tuple[ClashKind, str]]:
    """What the board and the rules find, which is the same."""
    loaded = board.load(session, here.meeting)
    by_board = all_clashes(loaded.sittings(), loaded.house)
    rows = judged.sittings(queries.sessions(session, here.meeting))
    assert by_board == all_clashes(rows, judged.house(session, here.meeting))
    return {(one.kind, one.who) for some in by_board.values() for one in some}


def test_a_delegation_of_which_everybody_has_something_else_is_not_there(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    keep(session, here, BUSY)
    assert clashes(session, here) == {(ClashKind.DELEGATION_AWAY, "KH")}
    parties = planning.task(session, here.meeting, queries.sessions(session, here.meeting)).instance["parties"]
    free = {one["id"]: one["available"] for one in parties}
    at_1040 = 5
    assert at_1040 not in free["KH"]
    assert free["TH"] is None


def test_a_delegation_comes_while_one_of_its_people_is_free(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    keep(session, here, BUSY)
    other = make.delegate(session, here.kh, "Chan Sophea")
    session.expire_all()
    assert clashes(session, here) == set()
    other.left_at = NOW
    session.flush()
    assert clashes(session, here) == {(ClashKind.DELEGATION_AWAY, "KH")}
