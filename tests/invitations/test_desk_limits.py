"""What the day desk does not do: to those who have left, out of time, twice; every test on both databases."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.invitations.services import desk, preview
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.invitations.test_desk import BASE, DOMAIN, MORNING, opened, published, told
from tests.make_scheduling import TEN, as_, bilateral, once


def test_what_was_held_stays_in_the_calendar_of_those_who_sat_there_and_have_left_since(session: Session) -> None:
    here = opened(session)
    row = bilateral(session, here)
    published(session, here)
    scheduling.set_held(session, row, actor=here.organiser, now=MORNING)
    here.delegate_kh.left_at = MORNING
    session.flush()
    before = len(told(session))
    shown = preview(session, here.meeting, now=MORNING)
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


def test_two_organisers_who_name_who_sits_do_not_overwrite_each_other(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    here.kh.teams = 2
    one, other = make.delegate(stored, here.kh, "Chan Vuthy"), make.delegate(stored, here.kh, "Keo Sophal")
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    address = f"{BASE}/desk/sessions/{row.uuid}/swap/KH"
    assert 'name="version" type="hidden" value="1"' in client.get(address).text
    first = client.post(address, data={"once": once(), "version": "1", "people": [str(one.uuid)]})
    second = client.post(address, data={"once": once(2), "version": "1", "people": [str(other.uuid)]})
    assert (first.status_code, second.status_code) == (302, 409)
    stored.expire_all()
    assert [link.delegate_id for link in stored.get_one(MeetingSession, row.id).delegates] == [one.id]


@time_machine.travel(MORNING, tick=False)
def test_many_slots_that_wait_cost_no_more_statements(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = opened(stored)
    as_(client, stored, here.head_kh)
    counts = []
    for number in range(2):
        for place in [make.place(stored, here.meeting, f"P{number}{n}") for n in range(4)]:
            desk.ask_slot(
                stored,
                actor=here.head_kh,
                now=MORNING,
                asking=here.kh,
                asked=here.th,
                starts=TEN,
                minutes=20,
                place=place,
            )
        stored.commit()
        statements.statements.clear()
        assert client.get(f"{BASE}/slots").status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]


def test_a_briefing_of_one_delegation_takes_place_once_it_has_come_after_all(session: Session) -> None:
    here = opened(session)
    row = bilateral(session, here, kind=SessionKind.BRIEFING, delegations=[here.kh])
    desk.mark_absent(session, row, here.kh, actor=here.organiser, now=MORNING)
    assert row.state is SessionState.ABSENT
    desk.mark_absent(session, row, here.kh, actor=here.organiser, now=MORNING, absent=False)
    assert SessionState(row.state) is SessionState.CONFIRMED
