"""The day desk: absences, swaps, leaving delegations, meetings on the spot, slots asked from a phone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate
from confmgr.errors import Conflict, Refused
from confmgr.invitations import desk as desks
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.invitations.services import desk, preview, publish
from confmgr.meetings.domain import Role
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import RequestState, SessionState
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, move, once, request, world

DOMAIN = "police.example"
MORNING = datetime(2026, 2, 5, 0, 30, tzinfo=UTC)
"""09:30 in Seoul, on the first day."""
BASE = "/meetings/seoul-2"


def told(session: Session) -> list[str]:
    """Who has been sent what, in order."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [f"{row.method} {row.recipient}" for row in rows]


def reach(person: Delegate, address: str) -> None:
    person.email = address


def opened(session: Session) -> World:
    """A published meeting of Cambodia and Thailand at ten, both with an address."""
    here = world(session)
    reach(here.delegate_kh, "kh@police.example")
    reach(here.delegate_th, "th@police.example")
    session.flush()
    return here


def published(session: Session, here: World) -> None:
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain=DOMAIN)


def test_an_absent_side_is_noted_without_a_mail_and_may_still_come(session: Session) -> None:
    here = opened(session)
    row = bilateral(session, here)
    published(session, here)
    before = told(session)
    desk.mark_absent(session, row, here.kh, actor=here.organiser, now=MORNING)
    assert (row.state, [link.absent for link in row.delegations]) == (SessionState.ABSENT, [True, False])
    assert (told(session), preview(session, here.meeting, now=NOW).changes) == (before, ())
    desk.mark_absent(session, row, here.kh, actor=here.organiser, now=MORNING, absent=False)
    assert SessionState(row.state) is SessionState.CONFIRMED


def test_a_multilateral_goes_on_while_two_sides_are_there(session: Session) -> None:
    here = opened(session)
    jp = make.delegation(session, here.meeting, "JP")
    row = bilateral(session, here, delegations=[here.kh, here.th, jp])
    desk.mark_absent(session, row, jp, actor=here.organiser, now=MORNING)
    assert row.state is SessionState.DRAFT
    with pytest.raises(Refused) as refused:
        desk.mark_absent(session, row, make.delegation(session, here.meeting, "VN"), actor=here.organiser, now=MORNING)
    assert refused.value.reason == "not_in_session"


def test_a_meeting_on_the_spot_is_told_at_once_and_nothing_else_with_it(session: Session) -> None:
    here = opened(session)
    other = bilateral(session, here)
    published(session, here)
    before = len(told(session))
    move(session, here, other, now=MORNING, place=here.t2, anyway=False)
    row = desk.meet_now(
        session,
        here.meeting,
        actor=here.organiser,
        now=MORNING,
        delegations=[here.kh, here.th],
        starts=TEN,
        minutes=20,
        place=here.t1,
        domain=DOMAIN,
    )
    assert told(session)[before:] == ["REQUEST kh@police.example", "REQUEST th@police.example"]
    assert (row.state, row.time_locked) == (SessionState.CONFIRMED, True)
    assert [change.session_id for change in preview(session, here.meeting, now=NOW).changes] == [other.id]


def test_nothing_is_published_by_the_desk_before_somebody_has_published_the_programme(session: Session) -> None:
    here = opened(session)
    desk.meet_now(
        session,
        here.meeting,
        actor=here.organiser,
        now=MORNING,
        delegations=[here.kh, here.th],
        starts=TEN,
        minutes=20,
        place=here.t1,
        domain=DOMAIN,
    )
    assert session.scalar(select(func.count()).select_from(Publication)) == 0
    with pytest.raises(Refused) as refused:
        desk.meet_now(
            session,
            here.meeting,
            actor=here.organiser,
            now=MORNING,
            delegations=[here.kh],
            starts=ELEVEN,
            minutes=20,
            place=here.t1,
            domain=DOMAIN,
        )
    assert refused.value.reason == "two_delegations"


def test_who_sits_for_a_side_changes_for_those_two_alone(session: Session) -> None:
    here = opened(session)
    here.kh.teams = 2
    deputy = make.delegate(session, here.kh, "Chan Vuthy")
    reach(deputy, "deputy@police.example")
    row = bilateral(session, here)
    session.flush()
    session.refresh(here.kh, ["delegates"])
    published(session, here)
    before = len(told(session))
    desk.swap_delegates(session, row, here.kh, [deputy], actor=here.organiser, now=MORNING, domain=DOMAIN)
    assert sorted(told(session)[before:]) == ["CANCEL kh@police.example", "REQUEST deputy@police.example"]
    scheduling.undo(session, here.meeting, actor=here.organiser, now=MORNING)
    assert row.delegates == []


def test_somebody_who_sits_elsewhere_is_not_swapped_in(session: Session) -> None:
    here = opened(session)
    here.kh.teams = here.th.teams = 2
    deputy = make.delegate(session, here.kh, "Chan Vuthy")
    session.flush()
    session.refresh(here.kh, ["delegates"])
    bilateral(session, here, place=here.t2, delegates=[deputy])
    row = bilateral(session, here)
    with pytest.raises(Conflict):
        desk.swap_delegates(session, row, here.kh, [deputy], actor=here.organiser, now=MORNING, domain=DOMAIN)


def test_a_delegation_that_leaves_frees_its_slots_and_those_concerned_are_told(session: Session) -> None:
    here = opened(session)
    jp = make.delegation(session, here.meeting, "JP")
    late = bilateral(session, here, starts=ELEVEN)
    early = bilateral(session, here, starts=TEN - timedelta(hours=1), minutes=20)
    many = bilateral(session, here, starts=ELEVEN + timedelta(hours=3), delegations=[here.kh, here.th, jp])
    asked = request(session, here)
    published(session, here)
    before = len(told(session))
    left = desk.cancel_delegation(
        session, here.kh, actor=here.organiser, now=MORNING, reason="Called home", domain=DOMAIN
    )
    assert (left.cancelled, left.without) == ((late,), (many,))
    assert (early.state, late.state) == (SessionState.CONFIRMED, SessionState.CANCELLED)
    assert [link.delegation.party.code for link in many.delegations] == ["TH", "JP"]
    assert (asked.state, here.kh.state) == (RequestState.WITHDRAWN, DelegationState.DECLINED)
    assert sorted(told(session)[before:]) == [
        "CANCEL kh@police.example",
        "CANCEL kh@police.example",
        "CANCEL th@police.example",
        "REQUEST th@police.example",
    ]


def test_a_slot_is_placed_only_once_the_other_side_confirms(session: Session) -> None:
    here = opened(session)
    bilateral(session, here, starts=ELEVEN)
    published(session, here)
    wanted = desk.ask_slot(
        session,
        actor=here.head_kh,
        now=MORNING,
        asking=here.kh,
        asked=here.th,
        starts=TEN,
        minutes=20,
        place=here.t1,
    )
    assert session.scalar(select(func.count()).select_from(MeetingSession)) == 1
    row = desk.confirm_slot(session, wanted, actor=here.head_th, now=MORNING, delegation=here.th, domain=DOMAIN)
    assert (row.starts_local, row.place_id, wanted.state) == (TEN, here.t1.id, RequestState.SCHEDULED)
    invited = select(func.count()).select_from(Participation).where(Participation.session_id == row.id)
    assert session.scalar(invited) == 2


def test_a_slot_that_is_taken_meanwhile_or_over_is_not_given(session: Session) -> None:
    here = opened(session)
    published_row = bilateral(session, here, starts=ELEVEN)
    published(session, here)
    slot = {"asking": here.kh, "asked": here.th, "minutes": 20, "place": here.t1}
    wanted = desk.ask_slot(session, actor=here.head_kh, now=MORNING, starts=TEN, **slot)  # type: ignore[arg-type]
    move(session, here, published_row, TEN, now=MORNING, place=here.t1, anyway=False)
    with pytest.raises(Conflict):
        desk.confirm_slot(session, wanted, actor=here.head_th, now=MORNING, delegation=here.th, domain=DOMAIN)
    with pytest.raises(Refused) as refused:
        desk.ask_slot(
            session,
            actor=here.head_kh,
            now=MORNING,
            starts=TEN - timedelta(hours=1),
            **slot,  # type: ignore[arg-type]
        )
    assert refused.value.reason == "slot_over"


def test_the_desk_shows_what_runs_what_comes_and_what_nobody_marked(session: Session) -> None:
    here = opened(session)
    over = bilateral(session, here, starts=TEN - timedelta(hours=1), minutes=20)
    runs = bilateral(session, here)
    soon = bilateral(session, here, starts=ELEVEN)
    waits = bilateral(session, here, starts=None, place=None)
    found = desks.look(session, here.meeting, TEN + timedelta(minutes=10), rehearsal=False)
    assert (found.running, found.soon, found.unmarked, found.waiting) == ((runs,), (soon,), (over,), (waits,))
    board = desks.at_door([over, runs, soon], "T1", TEN + timedelta(minutes=10))
    assert (board.running, board.following) == (runs, soon)


def test_an_organiser_works_the_desk_in_the_browser(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    row = bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.organiser)
    with time_machine.travel(TEN.replace(tzinfo=UTC) - timedelta(hours=9) + timedelta(minutes=5), tick=False):
        make.sign_in(client, stored, here.organiser)
        page = client.get(f"{BASE}/desk").text
        assert "KH absent" in page
        assert client.post(f"{BASE}/desk/sessions/{row.uuid}/absent/KH").status_code == 302
        assert "KH came" in client.get(f"{BASE}/desk").text
        assert client.post(f"{BASE}/desk/delegations/{here.kh.uuid}/arrived").status_code == 302
        stored.expire_all()
        assert stored.get_one(Delegate, here.delegate_kh.id).arrived_at is not None
        screen = client.get(f"{BASE}/desk/screen/T1")
        assert screen.headers["Refresh"] == "30"
        assert client.get(f"{BASE}/desk/screen/T9").status_code == 404
        slots = client.get(f"{BASE}/desk/meet?delegations=KH&delegations=TH&minutes=20").text
        assert 'name="to"' in slots


def test_from_the_desk_tried_out_at_another_time_every_page_leads_back_to_that_time(
    client: FlaskClient, stored: Session
) -> None:
    here = opened(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    there = f'href="{BASE}/desk?at=2026-02-05T10:05"'
    for page in (f"sessions/{row.uuid}/swap/KH", f"delegations/{here.kh.uuid}/leave", "meet"):
        assert there in client.get(f"{BASE}/desk/{page}?at=2026-02-05T10:05").text


@time_machine.travel(MORNING + timedelta(days=60), tick=False)
def test_after_the_meeting_no_slot_is_offered_that_would_be_refused(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/slots?asked=TH&minutes=20").text
    assert 'name="to"' not in page
    assert "The meeting is over. No slot can be asked for any more." in page


@time_machine.travel(MORNING, tick=False)
def test_two_delegations_agree_on_a_slot_from_their_phones(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    bilateral(stored, here, starts=ELEVEN)
    published(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/slots?asked=TH&minutes=20").text
    offered = page.split('name="to" value="')[1].split('"')[0]
    sent = {"once": once(), "asked": "TH", "minutes": "20", "to": offered}
    assert client.post(f"{BASE}/slots", data=sent).status_code == 302
    wanted = stored.scalars(select(MeetingRequest)).one()
    assert wanted.state is RequestState.ASKED
    stored.commit()
    assert client.post(f"{BASE}/slots/{wanted.uuid}/confirm").status_code == 403
    as_(client, stored, here.head_th)
    assert "asks for a meeting" in client.get(f"{BASE}/slots").text
    assert client.post(f"{BASE}/slots/{wanted.uuid}/confirm").status_code == 302
    stored.expire_all()
    assert stored.scalars(select(MeetingRequest)).one().state is RequestState.SCHEDULED


def test_a_third_delegation_finds_no_trace_of_a_slot_and_no_desk(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    jp = make.delegation(stored, here.meeting, "JP")
    other = make.user(stored, "Sato Ken")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=jp)
    wanted = desk.ask_slot(
        stored,
        actor=here.head_kh,
        now=NOW,
        asking=here.kh,
        asked=here.th,
        starts=TEN,
        minutes=20,
        place=here.t1,
    )
    as_(client, stored, other)
    assert client.post(f"{BASE}/slots/{wanted.uuid}/confirm").status_code == 404
    assert "asks for a meeting" not in client.get(f"{BASE}/slots").text
    for address in ("desk", "desk/meet", "desk/screen/T1", f"desk/delegations/{here.kh.uuid}/leave"):
        assert client.get(f"{BASE}/{address}").status_code == 403
