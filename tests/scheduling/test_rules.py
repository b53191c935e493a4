"""How a meeting judges its schedule, as a service; every test on both databases."""

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Conflict, Refused, StaleVersion
from confmgr.scheduling import judged
from confmgr.scheduling.conflicts import Clash, ClashKind, Severity
from confmgr.scheduling.models import MeetingSession, ScheduleState
from confmgr.scheduling.plans import apply_plan, offer, prepare
from confmgr.scheduling.services import redo, rules_seen, set_rules, undo
from tests import make
from tests.make_scheduling import ELEVEN, NOW, World, bilateral, world


def judge(
    session: Session, here: World, *, seen: str | None = None, walk: int = 0, **severities: Severity
) -> ScheduleState:
    """Set rules, named in small letters, as seen now."""
    state = judged.schedule_state(session, here.meeting)
    set_rules(
        session,
        here.meeting,
        actor=here.organiser,
        now=NOW,
        seen=seen or rules_seen(state),
        severities={ClashKind(name): severity for name, severity in severities.items()},
        walk_minutes=walk,
    )
    return session.get_one(ScheduleState, here.meeting.id)


def test_only_what_is_not_usual_is_kept_and_others_see_that_something_changed(session: Session) -> None:
    here = world(session)
    state = judge(session, here, walk=15, place_small=Severity.BLOCK, place_taken=Severity.BLOCK)
    assert (state.severities, state.walk_minutes, state.revision) == ({"place_small": "block"}, 15, 1)
    state = judge(session, here)
    assert (state.severities, state.walk_minutes, state.revision) == ({}, 0, 2)


def test_rules_seen_before_somebody_changed_them_are_not_saved(session: Session) -> None:
    here = world(session)
    before = rules_seen(None)
    judge(session, here, place_small=Severity.BLOCK)
    with pytest.raises(StaleVersion):
        judge(session, here, seen=before, place_small=Severity.IGNORE)
    assert session.get_one(ScheduleState, here.meeting.id).severities == {"place_small": "block"}


def test_moving_a_session_does_not_make_the_rules_look_changed(session: Session) -> None:
    here = world(session)
    seen = rules_seen(judged.schedule_state(session, here.meeting))
    bilateral(session, here)
    assert judge(session, here, seen=seen, place_small=Severity.BLOCK).severities == {"place_small": "block"}


def test_undo_passes_over_the_rules(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    judge(session, here, place_small=Severity.BLOCK)
    undo(session, here.meeting, actor=here.organiser, now=NOW)
    assert row.removed_at is not None
    redo(session, here.meeting, actor=here.organiser, now=NOW)
    assert session.get_one(ScheduleState, here.meeting.id).severities == {"place_small": "block"}


@pytest.mark.parametrize("walk", [-5, 245])
def test_a_walk_takes_no_longer_than_four_hours(session: Session, walk: int) -> None:
    here = world(session)
    with pytest.raises(Refused) as refused:
        judge(session, here, walk=walk)
    assert (refused.value.reason, refused.value.field) == ("walk_out_of_range", "walk_minutes")


def test_a_save_is_judged_by_the_meetings_own_rules(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    judge(session, here, delegation_busy=Severity.WARN, place_taken=Severity.IGNORE, place_small=Severity.BLOCK)
    bilateral(session, here)
    small = make.place(session, here.meeting, "T3", seats=2)
    with pytest.raises(Conflict) as conflict:
        bilateral(session, here, starts=ELEVEN, place=small)
    assert [c.kind for c in conflict.value.clashes if isinstance(c, Clash)] == [ClashKind.PLACE_SMALL]


def planned(session: Session, here: World, row: MeetingSession) -> list[str]:
    """Take a plan that puts a session where another one has come to be; gives what was left out."""
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    bilateral(session, here)
    offer(
        session,
        run,
        {
            "placements": {row.reference: {"start": 3, "place": "T1", "interpreters": []}},
            "unplaced": [],
            "because": [],
        },
    )
    return list(apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW))


def test_a_plan_is_taken_as_the_meeting_judges(session: Session) -> None:
    here = world(session)
    assert planned(session, here, bilateral(session, here, starts=None)) == ["S1"]
    judge(session, here, delegation_busy=Severity.WARN, place_taken=Severity.WARN)
    second = bilateral(session, here, starts=None)
    assert planned(session, here, second) == []
    assert second.starts_local is not None
