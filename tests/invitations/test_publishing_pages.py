import html
import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage, Publication
from confmgr.meetings.domain import Role
from confmgr.scheduling.services import cancel_session, keep_draft
from tests import make
from tests.conftest import Counter
from tests.make_invitations import messages, published
from tests.make_scheduling import ELEVEN, NOW, World, as_, bilateral, move, once, world

BASE = "/meetings/seoul-2"


def mark_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]* value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def text_of(page: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def state_of(session: Session, row: OutboxMessage) -> str:
    session.refresh(row)
    session.commit()
    return row.state.value


def publications(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(Publication)) or 0
    session.commit()
    return number


def moved(session: Session, here: World) -> None:
    row = bilateral(session, here)
    published(session, here)
    move(session, here, row, place=here.t2)


def test_the_preview_shows_new_sessions_and_how_many_mails_leave(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    assert "Nothing is published yet: others see no programme." in page
    assert "<b><bdi>Bilateral meeting KH–TH</bdi></b>: <ins><bdi>Thu, 5 Feb 10:00–10:40, Place T1</bdi></ins>." in page
    assert "2 people" in page
    assert "2 people get one mail each, in one language." in page
    assert "Publish 1 change and send 2 mails" in page
    assert publications(stored) == 0


def test_the_preview_shows_where_a_session_moved_from_and_to(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    moved(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    assert "moves from Thu, 5 Feb 10:00–10:40, Place T1 to Thu, 5 Feb 11:00–11:40, Place T2." in text_of(page)


def test_the_preview_shows_the_mail_with_the_place_of_its_answer_link(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    page = text_of(client.get(f"{BASE}/publish").text)
    assert re.search(r"accept or decline in your calendar, or here without signing in: \S+/r/\*\*\*", page)
    assert "or sign in here" not in page
    assert "The reader's own answer link is not shown here" in page


def test_the_preview_strikes_out_what_is_cancelled(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    as_(client, stored, here.organiser)
    assert "is cancelled. It was Thu, 5 Feb 10:00–10:40, Place T1." in text_of(client.get(f"{BASE}/publish").text)


def test_confirming_publishes_once_with_its_note(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    data = {"once": once(), "seen": mark_on(client.get(f"{BASE}/publish").text), "note": "First programme"}
    assert client.post(f"{BASE}/publish", data=data).headers["Location"] == f"{BASE}/outbox"
    assert client.post(f"{BASE}/publish", data=data).headers["Location"] == f"{BASE}/outbox"
    assert publications(stored) == 1
    listed = client.get(f"{BASE}/publications").text
    assert "First programme" in listed
    assert "Secretariat" in listed


def test_a_schedule_that_changed_behind_the_preview_is_not_published(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    seen = mark_on(client.get(f"{BASE}/publish").text)
    bilateral(stored, here, starts=ELEVEN)
    stored.commit()
    assert client.post(f"{BASE}/publish", data={"once": once(), "seen": seen}).status_code == 409
    assert publications(stored) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": "x" * 1001}, "Field cannot be longer than 1000 characters."),
        ({"note": "a\x00b"}, "Remove the invisible control characters."),
        ({"seen": ""}, "This field is required."),
    ],
)
def test_a_wrong_confirmation_says_why_and_publishes_nothing(
    client: FlaskClient, stored: Session, changes: dict[str, str], sentence: str
) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    data = {"once": once(), "seen": mark_on(client.get(f"{BASE}/publish").text)} | changes
    answer = client.post(f"{BASE}/publish", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert publications(stored) == 0


def test_nothing_placed_cannot_be_published(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert 'id="publish"' not in client.get(f"{BASE}/publish").text
    mark = {"once": once(), "seen": "0123456789abcdef"}
    assert client.post(f"{BASE}/publish", data=mark).status_code == 409
    assert publications(stored) == 0


@pytest.mark.parametrize(
    "role", [Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.PRESS, Role.AUDITOR]
)
def test_publishing_and_the_outbox_are_for_organisers_alone(client: FlaskClient, stored: Session, role: Role) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    for address in ("publish", "publications", "outbox", f"outbox/{row.uuid}", f"outbox/{row.uuid}.eml"):
        assert client.get(f"{BASE}/{address}").status_code == 403
    for action in ("hold", "try-again"):
        assert client.post(f"{BASE}/outbox/{row.uuid}/{action}").status_code == 403


def test_an_outsider_finds_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    as_(client, stored, make.user(stored))
    for address in ("publish", "publications", "outbox", "programme", "my-agenda", "my-agenda.ics"):
        assert client.get(f"{BASE}/{address}").status_code == 404


def test_the_outbox_lists_every_mail_and_narrows_by_state(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    first, second = messages(stored, published(stored, here))
    first.state, first.problem = OutboxState.REFUSED, "550 b'No such mailbox'"
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/outbox").text
    assert str(here.delegate_kh.email) in page
    assert "No such mailbox" in page
    assert "Bilateral meeting KH–TH" in page
    refused = client.get(f"{BASE}/outbox?state=refused").text
    assert str(first.recipient) in refused
    assert str(second.recipient) not in refused
    assert client.get(f"{BASE}/outbox?state=nonsense").status_code == 404


def test_one_mail_is_readable_with_its_parts(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/outbox/{row.uuid}").text
    assert "You are invited to this meeting." in page
    assert "BEGIN:VCALENDAR" in page
    assert "text/calendar; method=REQUEST" in page
    assert "invite.ics" in page
    raw = client.get(f"{BASE}/outbox/{row.uuid}.eml")
    assert raw.mimetype == "message/rfc822"
    assert f"Message-ID: {row.message_id}".encode() in raw.data
    html = client.get(f"{BASE}/outbox/{row.uuid}/html")
    assert html.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Bilateral meeting KH–TH" in html.text


def test_a_mail_is_held_back_and_sent_after_all(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    as_(client, stored, here.organiser)
    at = f"{BASE}/outbox/{row.uuid}"
    assert client.post(f"{at}/try-again").status_code == 422
    assert client.post(f"{at}/hold").status_code == 302
    assert client.post(f"{at}/hold").status_code == 422
    assert state_of(stored, row) == "held"
    assert client.post(f"{at}/try-again").status_code == 302
    assert state_of(stored, row) == "waiting"


def test_a_mail_of_another_meeting_does_not_exist_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    other = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    make.membership(stored, other, here.organiser)
    as_(client, stored, here.organiser)
    assert client.get(f"/meetings/seoul-1/outbox/{row.uuid}").status_code == 404
    assert client.post(f"/meetings/seoul-1/outbox/{row.uuid}/hold").status_code == 404
    assert client.get(f"{BASE}/outbox/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("outbox", 8),
        ("publications", 9),
        ("publish", 23),
        ("programme", 10),
        ("my-agenda", 11),
        ("my-changes", 12),
        ("drafts", 6),
    ],
)
def test_pages_ask_the_same_number_of_statements_for_any_number_of_rows(
    client: FlaskClient, stored: Session, statements: Counter, number: int, address: str, most: int
) -> None:
    here = world(stored)
    for n in range(number):
        bilateral(stored, here, anyway=True)
        if n < 3 or address == "publications":
            published(stored, here, NOW + timedelta(hours=n))
        if address == "drafts":
            keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name=f"Draft {n}")
    published(stored, here, NOW + timedelta(days=3))
    who = here.head_kh if address in {"programme", "my-agenda", "my-changes"} else here.organiser
    as_(client, stored, who)
    statements.statements.clear()
    assert client.get(f"{BASE}/{address}").status_code == 200
    assert statements.count == most
