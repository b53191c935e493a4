"""What the day desk does not do: to those who have left, out of time, twice; every test on both databases."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.invitations.services import desk, preview
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words
from tests import make
from tests.invitations.test_desk import BASE, DOMAIN, MORNING, opened, published, told
from tests.make_scheduling import TEN, as_, bilateral


def test_what_was_held_stays_in_the_calendar_of_those_who_sat_there_and_have_left_since(session: Session) -> None:
    here = opened(session)
    row = bilateral(session, here)
    published(session, here)
    scheduling.set_held(session, row, actor=here.organiser, now=MORNING)
    here.delegate_kh.left_at = MORNING
    session.flush()
    before = len(told(session))
    shown = preview(session, here.meeting)
    assert (shown.changes, shown.addressees) == ((), ())
    desk.publish_own(session, here.meeting, [row], actor=here.organiser, now=MORNING, domain=DOMAIN)
    assert told(session)[before:] == []


def test_a_slot_is_asked_for_on_the_grid_and_within_the_meeting_and_confirmed_before_it_begins(
    session: Session,
) -> None:
    here = opened(session)
    slot = {"asking": here.kh, "asked": here.th, "minutes": 20, "place": here.t1}
    reasons = []
    for starts in (TEN + timedelta(minutes=3), TEN + timedelta(days=20)):
        with pytest.raises(Refused) as refused:
            desk.ask_slot(session, actor=here.head_kh, now=MORNING, starts=starts, **slot)  # type: ignore[arg-type]
        reasons.append(refused.value.reason)
    assert reasons == ["off_grid", "outside_meeting"]
    wanted = desk.ask_slot(session, actor=here.head_kh, now=MORNING, starts=TEN, **slot)  # type: ignore[arg-type]
    late = {"actor": here.head_th, "now": MORNING + timedelta(hours=2), "delegation": here.th, "domain": DOMAIN}
    with pytest.raises(Refused) as refused:
        desk.confirm_slot(session, wanted, **late)  # type: ignore[arg-type]
    assert refused.value.reason == "slot_over"


def test_a_slot_is_confirmed_once(session: Session) -> None:
    here = opened(session)
    wanted = desk.ask_slot(
        session, actor=here.head_kh, now=MORNING, asking=here.kh, asked=here.th, starts=TEN, minutes=20, place=here.t1
    )
    desk.confirm_slot(session, wanted, actor=here.head_th, now=MORNING, delegation=here.th, domain=DOMAIN)
    with pytest.raises(Refused) as refused:
        desk.confirm_slot(session, wanted, actor=here.head_th, now=MORNING, delegation=here.th, domain=DOMAIN)
    assert refused.value.reason == "request_closed"


def test_the_host_does_not_leave_and_a_delegation_leaves_once(session: Session) -> None:
    here = opened(session)
    host = make.delegation(session, here.meeting, of_party=here.meeting.host_party)
    leave = {"actor": here.organiser, "now": MORNING, "reason": "Called home", "domain": DOMAIN}
    with pytest.raises(Refused) as refused:
        desk.cancel_delegation(session, host, **leave)  # type: ignore[arg-type]
    assert refused.value.reason == "host_stays"
    desk.cancel_delegation(session, here.kh, **leave)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        desk.cancel_delegation(session, here.kh, **leave)  # type: ignore[arg-type]
    assert refused.value.reason == "has_left"
    slot = {"starts": TEN, "minutes": 20, "place": here.t1}
    with pytest.raises(Refused) as refused:
        desk.ask_slot(session, actor=here.head_th, now=MORNING, asking=here.th, asked=here.kh, **slot)  # type: ignore[arg-type]
    assert refused.value.reason == "has_left"
    with pytest.raises(Refused) as refused:
        desk.meet_now(
            session,
            here.meeting,
            delegations=[here.th, here.kh],
            actor=here.organiser,
            now=MORNING,
            domain=DOMAIN,
            **slot,  # type: ignore[arg-type]
        )
    assert refused.value.reason == "has_left"


def test_nobody_is_swapped_in_who_has_left(session: Session) -> None:
    here = opened(session)
    gone = make.delegate(session, here.kh, "Chan Vuthy")
    gone.left_at = MORNING
    row = bilateral(session, here)
    with pytest.raises(Refused) as refused:
        desk.swap_delegates(session, row, here.kh, [gone], actor=here.organiser, now=MORNING, domain=DOMAIN)
    assert refused.value.reason == "person_has_left"


def test_the_screen_at_a_door_does_not_name_what_is_held_free(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    bilateral(stored, here, kind=SessionKind.HOLD, delegations=[], title=Words.of("Before the raid"))
    as_(client, stored, here.organiser)
    screen = client.get(f"{BASE}/desk/screen/T1?at=2026-02-05T10:05").text
    assert "Before the raid" not in screen
    assert "Before the raid" not in client.get(f"{BASE}/desk/screen/T1?at=2026-02-05T09:05").text
