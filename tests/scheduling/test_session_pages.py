import uuid
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.invitations.services import publish
from confmgr.meetings.domain import Role
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, as_, bilateral, break_, interpreter, once, world

BASE = "/meetings/seoul-2"


def form(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "version": "1",
        "kind": "bilateral",
        "title-en": "",
        "title-ko": "",
        "description-en": "",
        "description-ko": "",
        "starts": "2026-02-05T10:00",
        "minutes": "40",
        "place": "T1",
        "delegations": ["KH", "TH"],
        "first": "",
        "second": "",
        "interpreters_wanted": "0",
    }
    return values | changes


def placing(row: MeetingSession, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "version": str(row.version),
        "starts": "2026-02-05T11:00",
        "place": "T2",
    }
    return values | changes


def at(row: MeetingSession, action: str) -> str:
    return f"{BASE}/sessions/{row.uuid}/{action}"


def rows(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(MeetingSession)) or 0
    session.commit()
    return number


def test_an_organiser_adds_a_plenary_with_titles_in_two_languages(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    words = {"title-en": "Opening", "title-ko": "개회", "kind": "plenary", "everybody": "y", "delegations": []}
    answer = client.post(f"{BASE}/sessions/new", data=form(**words, place="", minutes="60"))
    assert answer.status_code == 302
    row = stored.scalars(select(MeetingSession)).one()
    assert row.title is not None
    assert (row.title.source, row.title.text("en"), row.title.text("ko")) == ("en", "Opening", "개회")
    assert (row.kind, row.everybody, row.reference, row.starts_local) == (SessionKind.PLENARY, True, "S1", TEN)
    assert row.starts_at is not None
    assert row.starts_at.isoformat() == "2026-02-05T01:00:00+00:00"
    stored.commit()
    assert "Opening" in client.get(f"{BASE}/sessions/{row.uuid}").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": "2026-02-05T10:03"}, "Start and end are multiples of five minutes."),
        (
            {"starts": "2026-03-05T10:00"},
            "The meeting is from 2026-02-05 to 2026-02-06. Choose a time on one of its days.",
        ),
        ({"starts": "tomorrow"}, "Not a valid datetime value."),
        ({"minutes": "7"}, "The length is a multiple of five minutes, at most 1440 minutes."),
        ({"minutes": "-5"}, "Number must be between 5 and 1440."),
        ({"place": "T9"}, "Not a valid choice."),
        ({"delegations": ["ZZ"]}, "is not a valid choice"),
        ({"kind": "party"}, "Invalid Choice: could not coerce."),
        ({"first": "km"}, "Choose both languages, or none."),
        ({"title-en": "a\u202eb"}, "Remove the invisible control characters."),
    ],
)
def test_a_wrong_session_says_why_at_its_field_and_writes_nothing(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/sessions/new", data=form(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(stored) == 0


def test_a_published_session_leads_to_what_was_answered_and_a_draft_does_not(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row, draft = bilateral(stored, here), bilateral(stored, here, starts=ELEVEN, place=here.t2)
    row.state = SessionState.CONFIRMED
    stored.commit()
    as_(client, stored, here.organiser)
    link = f'<a class="act" href="{BASE}/answers#{row.uuid}">Who has answered what</a>'
    assert link in client.get(f"{BASE}/sessions/{row.uuid}").text
    assert "Who has answered what" not in client.get(f"{BASE}/sessions/{draft.uuid}").text


def test_a_time_that_the_clocks_skip_is_asked_about(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.meeting.zone = "Europe/Madrid"
    here.meeting.starts_on = here.meeting.ends_on = datetime(2026, 3, 29).date()  # noqa: DTZ001
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/sessions/new", data=form(starts="2026-03-29T02:30"))
    assert answer.status_code == 422
    assert "The clocks in Europe/Madrid skip 2026-03-29 02:30. Choose another time." in answer.text


def test_a_busy_delegation_refuses_the_session_until_the_organiser_insists(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    make.delegation(stored, here.meeting, "JP")
    as_(client, stored, here.organiser)
    wanted = form(place="T2", delegations=["KH", "JP"])
    answer = client.post(f"{BASE}/sessions/new", data=wanted)
    assert answer.status_code == 422
    assert "KH has no team left: it is in KH–TH then." in answer.text
    assert "Keep this in spite of the conflicts" in answer.text
    assert rows(stored) == 1
    assert client.post(f"{BASE}/sessions/new", data=wanted | {"anyway": "y"}).status_code == 302
    assert rows(stored) == 2
    assert "KH has no team left: it is in KH–TH then." in client.get(f"{BASE}/schedule").text


def test_a_break_refuses_a_meeting_and_touching_ends_do_not(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, starts=None)
    break_(stored, here, ELEVEN, 40)
    as_(client, stored, here.organiser)
    refused = client.post(at(row, "place"), data=placing(row, starts="2026-02-05T11:20"))
    assert refused.status_code == 422
    assert "It falls into Break, which is for everybody." in refused.text
    assert client.post(at(row, "place"), data=placing(row, starts="2026-02-05T11:40")).status_code == 302
    stored.refresh(row)
    assert row.starts_local == datetime(2026, 2, 5, 11, 40)  # noqa: DTZ001


def test_moving_keeps_length_and_takes_the_ticked_interpreters(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    who = interpreter(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "place"), data=placing(row, interpreters=[str(who.uuid)])).status_code == 302
    stored.refresh(row)
    assert (row.starts_local, row.minutes, row.place_id) == (ELEVEN, 40, here.t2.id)
    assert [link.interpreter_id for link in row.interpreters] == [who.id]


def test_an_empty_start_puts_a_session_back_among_the_unplaced(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "place"), data=placing(row, starts="", place="")).status_code == 302
    stored.refresh(row)
    assert (row.starts_at, row.minutes) == (None, 40)


def test_a_move_from_an_old_page_is_refused(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "place"), data=placing(row, version="7")).status_code == 409
    stored.refresh(row)
    assert row.starts_local == TEN


def test_the_edit_form_shows_what_is_stored_and_changes_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, interpretation="km-th", interpreters_wanted=1)
    jp = make.delegation(stored, here.meeting, "JP")
    as_(client, stored, here.organiser)
    page = client.get(at(row, "edit")).text
    assert 'value="2026-02-05T10:00"' in page
    assert '<option selected value="km">' in page
    data = form(version=str(row.version), delegations=["KH", "JP"], starts="2026-02-06T09:00", held_back="y")
    assert client.post(at(row, "edit"), data=data).status_code == 302
    stored.refresh(row)
    sides = select(SessionDelegation.delegation_id).where(SessionDelegation.session_id == row.id)
    assert set(stored.scalars(sides)) == {here.kh.id, jp.id}
    assert (row.held_back, row.interpretation, row.minutes) == (True, None, 40)


def test_cancel_with_a_reason_and_restore_bring_back_the_same_session(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "cancel"), data={"once": once(), "reason": ""}).status_code == 422
    assert client.post(at(row, "cancel"), data={"once": once(), "reason": "Both asked for it"}).status_code == 302
    stored.refresh(row)
    assert (row.state, row.cancelled_because) == (SessionState.CANCELLED, "Both asked for it")
    as_(client, stored, here.organiser)
    assert client.post(at(row, "restore")).status_code == 302
    stored.refresh(row)
    assert (row.state, row.cancelled_because, row.starts_local) == (SessionState.DRAFT, None, TEN)


def test_a_lock_needs_a_time_and_can_be_taken_off(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, starts=None, place=None)
    placed = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "lock"), data={"locked": "1"}).status_code == 422
    assert client.post(at(placed, "lock"), data={"locked": "1"}).status_code == 302
    stored.refresh(placed)
    assert (placed.time_locked, placed.place_locked) == (True, True)
    stored.commit()
    client.post(at(placed, "lock"))
    stored.refresh(placed)
    assert (placed.time_locked, placed.place_locked) == (False, False)


def test_a_session_is_held_once_and_a_cancelled_one_never(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(at(row, "held")).status_code == 302
    assert client.post(at(row, "held"), data={"absent": "1"}).status_code == 422
    stored.refresh(row)
    assert row.state is SessionState.HELD


def test_a_published_session_cannot_be_deleted(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, draft = bilateral(stored, here), bilateral(stored, here, starts=None)
    publish(stored, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    as_(client, stored, here.organiser)
    assert client.post(at(row, "delete")).status_code == 409
    assert client.post(at(draft, "delete")).status_code == 302
    there = select(MeetingSession.reference).where(MeetingSession.removed_at.is_(None))
    assert list(stored.scalars(there)) == ["S1"]


def test_a_deleted_session_leaves_its_reference_free_of_trouble(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first, _second = bilateral(stored, here, starts=None), bilateral(stored, here, starts=None)
    as_(client, stored, here.organiser)
    client.post(at(first, "delete"))
    assert client.post(f"{BASE}/sessions/new", data=form()).status_code == 302
    there = select(MeetingSession.reference).where(MeetingSession.removed_at.is_(None))
    assert sorted(stored.scalars(there)) == ["S2", "S3"]


@pytest.mark.parametrize(
    "role", [Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.PRESS, Role.AUDITOR]
)
def test_the_working_schedule_is_for_organisers_alone(client: FlaskClient, stored: Session, role: Role) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    for address in ("schedule", "sessions/new", "plan", f"sessions/{row.uuid}", f"sessions/{row.uuid}/place"):
        assert client.get(f"{BASE}/{address}").status_code == 403
    for action in ("lock", "restore", "held", "delete"):
        assert client.post(at(row, action)).status_code == 403


def test_a_session_of_another_meeting_does_not_exist_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    make.membership(stored, other, here.organiser)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.get(f"/meetings/seoul-1/sessions/{row.uuid}").status_code == 404
    assert client.post(f"/meetings/seoul-1/sessions/{row.uuid}/delete").status_code == 404
    assert client.get(f"{BASE}/sessions/{uuid.uuid4()}").status_code == 404


def test_day_and_delegation_narrow_the_schedule(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    jp = make.delegation(stored, here.meeting, "JP")
    first = bilateral(stored, here)
    second = bilateral(stored, here, starts=datetime(2026, 2, 6, 10, 0), delegations=[here.th, jp])  # noqa: DTZ001
    as_(client, stored, here.organiser)
    everything = client.get(f"{BASE}/schedule").text
    assert str(first.uuid) in everything
    assert str(second.uuid) in everything
    friday = client.get(f"{BASE}/schedule?day=2026-02-06").text
    assert str(first.uuid) not in friday
    assert str(second.uuid) in friday
    cambodia = client.get(f"{BASE}/schedule?delegation=KH").text
    assert str(first.uuid) in cambodia
    assert str(second.uuid) not in cambodia


@pytest.mark.parametrize("number", [1, 30])
def test_the_schedule_asks_the_same_number_of_statements_for_any_number_of_rows(
    client: FlaskClient, stored: Session, statements: Counter, number: int
) -> None:
    here = world(stored, days=2)
    for _ in range(number):
        bilateral(stored, here, anyway=True)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(f"{BASE}/schedule").text.count('/place"') == number
    assert statements.count == 20
