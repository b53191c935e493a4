"""The board's page and answers, as the script and a browser without script see them."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.scheduling import services
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, as_, bilateral, break_, world
from tests.scheduling.test_plan_pages import offered

BASE = "/meetings/seoul-2/board"


def ask(row: MeetingSession, starts: datetime | None, place: str = "T2", **more: Any) -> dict[str, Any]:
    card = {"i": str(row.uuid), "v": row.version, "start": starts and starts.isoformat(), "place": place}
    return {"after": more.pop("after", 0), "cards": [card | more.pop("card", {})], **more}


def again(session: Session, row: MeetingSession) -> MeetingSession:
    session.refresh(row)
    session.commit()  # the next request must be able to write
    return row


def test_the_page_shows_days_tables_cards_and_what_waits(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, title=Words.of("On fraud"))
    bilateral(stored, here, starts=None, place=None)
    break_(stored, here, datetime(2026, 2, 5, 12, 0))  # noqa: DTZ001
    page = as_(client, stored, here.organiser).get(BASE)
    assert page.status_code == 200
    assert "Place T1" in page.text
    assert "s12 n8 t0 w1" in page.text
    assert "On fraud" in page.text
    assert ' style="' not in page.text
    assert "data-waiting>1<" in page.text


def test_only_organisers_see_the_board(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(BASE).status_code == 403
    assert client.get(f"{BASE}/changes?after=0").status_code == 403
    assert client.post(f"{BASE}/move", json={}).status_code == 403
    outsider = make.user(stored)
    assert as_(client, stored, outsider).get(BASE).status_code == 404


def test_a_move_answers_with_every_card_whose_conflicts_changed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    one, other = bilateral(stored, here), bilateral(stored, here, starts=ELEVEN)
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/move", json=ask(other, TEN, anyway=True, after=2))
    assert answer.status_code == 200
    assert answer.json is not None
    assert {card["i"] for card in answer.json["cards"]} == {str(one.uuid), str(other.uuid)}
    assert answer.json["tally"] == {"waiting": 0, "clashing": 2}
    assert answer.json["reach"] == {"undo": "the move", "redo": ""}
    assert "KH has no team left: it is in KH–TH then." in answer.json["cards"][0]["html"]
    assert answer.json["said"] == "KH–TH: Thu, 5 Feb 10:00 to 10:40, Place T2."
    assert again(stored, other).starts_local == TEN
    back = client.post(f"{BASE}/undo", json={"after": 3})
    assert back.json is not None
    assert {card["i"] for card in back.json["cards"]} == {str(one.uuid), str(other.uuid)}
    assert back.json["tally"]["clashing"] == 0


def test_a_blocked_move_is_refused_with_the_reasons(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = bilateral(stored, here, starts=ELEVEN)
    answer = as_(client, stored, here.organiser).post(f"{BASE}/move", json=ask(row, TEN))
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["blocked"] is True
    assert answer.json["clashes"] == [
        "KH has no team left: it is in KH–TH then.",
        "TH has no team left: it is in KH–TH then.",
    ]
    assert again(stored, row).starts_local == ELEVEN


def test_a_stale_move_is_told_who_was_faster_and_gets_the_card(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    bora = make.user(stored, "Han Bora")
    make.membership(stored, here.meeting, bora)
    body = ask(row, ELEVEN, after=1)
    as_(client, stored, bora)
    assert client.post(f"{BASE}/move", json=ask(row, ELEVEN, "T1")).status_code == 200
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/move", json=body)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["problem"].startswith("Not saved, because somebody was faster. Han Bora moved S1.")
    assert [card["v"] for card in answer.json["cards"]] == [2]


def test_changes_are_none_until_somebody_made_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    bora = make.user(stored, "Han Bora")
    make.membership(stored, here.meeting, bora)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/changes?after=1").status_code == 204
    services.place_session(
        stored, row, actor=bora, now=NOW, meeting=here.meeting, seen_version=1, starts=ELEVEN, place=here.t2
    )
    stored.commit()
    found = client.get(f"{BASE}/changes?after=1").json
    assert found is not None
    assert found["by"] == ["Han Bora moved KH–TH."]
    assert found["revision"] == 2
    services.delete_session(stored, row, actor=bora, now=NOW)
    stored.commit()
    assert (client.get(f"{BASE}/changes?after=2").json or {})["gone"] == [str(row.uuid)]


def test_swap_lock_and_unplace_are_saved(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    one, other = bilateral(stored, here), bilateral(stored, here, starts=ELEVEN, place=here.t2)
    as_(client, stored, here.organiser)
    pair = {"after": 0, "cards": [{"i": str(one.uuid), "v": 1}, {"i": str(other.uuid), "v": 1}]}
    assert client.post(f"{BASE}/swap", json=pair).status_code == 200
    assert again(stored, one).starts_local == ELEVEN
    single = {"after": 0, "cards": [{"i": str(one.uuid), "v": 2}], "locked": True}
    assert client.post(f"{BASE}/lock", json=single).status_code == 200
    assert again(stored, one).time_locked
    single["cards"] = [{"i": str(one.uuid), "v": 3}]
    assert client.post(f"{BASE}/unplace", json=single).status_code == 200
    assert again(stored, one).starts_local is None
    assert client.post(f"{BASE}/redo", json={}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"cards": []},
        {"cards": [{"i": "x", "v": 1}]},
        {"cards": [{"i": "0b889a53-5591-4a6f-8557-4e60c3eaa155", "v": "x"}]},
        {"cards": [{"i": "0b889a53-5591-4a6f-8557-4e60c3eaa155", "v": 1, "start": "2026-02-05T10:00:00+09:00"}]},
        {"cards": ["x"]},
        {"cards": 7},
    ],
)
def test_what_is_not_a_move_is_refused(client: FlaskClient, stored: Session, body: object) -> None:
    here = world(stored)
    assert as_(client, stored, here.organiser).post(f"{BASE}/move", json=body).status_code == 400


def test_a_session_of_another_meeting_cannot_be_moved(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    other = make.meeting(stored, here.meeting.operation, slug="other", number=3)
    make.membership(stored, other, here.organiser)
    answer = as_(client, stored, here.organiser).post("/meetings/other/board/move", json=ask(row, ELEVEN))
    assert answer.status_code == 404


def test_a_saved_move_is_twelve_statements_and_a_question_for_changes_four(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.post(f"{BASE}/move", json=ask(row, ELEVEN, after=1)).status_code == 200
    assert statements.count == 12
    statements.statements.clear()
    assert client.get(f"{BASE}/changes?after=2").status_code == 204
    assert statements.count == 4


def test_details_say_what_stands_in_the_way_and_lead_to_the_form(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    bilateral(stored, here, place=here.t2, anyway=True)
    page = as_(client, stored, here.organiser).get(f"{BASE}/{row.uuid}/details")
    assert "KH has no team left" in page.text
    assert f"/meetings/seoul-2/sessions/{row.uuid}/place?board=1" in page.text


def test_a_card_without_script_leads_to_its_form_and_the_form_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    form = client.get(f"{BASE}?move={row.uuid}")
    assert form.headers["Location"] == f"/meetings/seoul-2/sessions/{row.uuid}/place?board=1"
    sent = client.post(
        form.headers["Location"],
        data={"once": "form-0001", "version": "1", "starts": "2026-02-05T11:00", "place": "T2"},
    )
    assert sent.headers["Location"] == "/meetings/seoul-2/board?day=2026-02-05"
    assert client.get(f"{BASE}?move=nonsense").status_code == 404


def test_a_room_occupies_its_tables_and_what_has_no_place_has_a_column(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    hall = make.place(stored, here.meeting, "H")
    here.t1.room_id = here.t2.room_id = hall.id
    bilateral(stored, here, place=hall)
    bilateral(stored, here, starts=ELEVEN, place=None, kind=SessionKind.SOCIAL)
    page = as_(client, stored, here.organiser).get(BASE)
    assert "s12 n8 t0 w2" in page.text
    assert "No place yet" in page.text
    assert "s24 n8 t2 w1" in page.text


def test_a_plan_is_drawn_as_a_difference_and_taken_in_part(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    found = client.get(f"{BASE}/plan/{run.uuid}").json
    assert found is not None
    assert not found["working"]
    assert [(card["r"], card["d"], card["s"]) for card in found["cards"]] == [("R1", 0, 0), ("R2", 0, 8)]
    assert "KH, TH have no time in common" in found["html"]
    taken = client.post(f"{BASE}/plan/{run.uuid}/take", json={"after": 0, "take": ["R1"]})
    assert taken.json is not None
    assert taken.json["said"] == "1 change applied."
    placed = stored.scalars(select(MeetingSession.reference).where(MeetingSession.starts_local.is_not(None))).all()
    stored.commit()
    assert placed == ["R1"]
    assert client.post(f"{BASE}/plan/{run.uuid}/take", json={"take": ["R2"]}).status_code == 422


def test_a_plan_that_is_offered_can_be_put_aside(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/plan/{run.uuid}/cancel", json={}).status_code == 200
    assert "Put aside" in (client.get(f"{BASE}/plan/{run.uuid}").json or {})["html"]


def test_nothing_to_plan_is_said(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/plan").status_code == 200
    answer = client.post(f"{BASE}/plan", json={"keep": "placed", "seconds": "4"})
    assert answer.status_code == 422
    assert answer.json == {"problem": "Nothing waits to be placed. Accepted requests become sessions first."}
