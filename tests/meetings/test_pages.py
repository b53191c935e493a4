"""Settings of a meeting in the browser: order of names, hours of days and places, deleting a participant."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from tests import make
from tests.make_scheduling import as_, once, world


def test_the_order_of_names_takes_a_letter_and_groups(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    data = {
        "version": "1",
        "title-en": "Second meeting",
        "venue-en": "Seoul",
        "languages": ["en"],
        "order_rule": "alphabetical",
        "order_language": "en",
        "order_first": "T",
        "once": once(),
    }
    assert client.post("/meetings/seoul-2/settings", data=data).status_code == 302
    stored.expire_all()
    meeting = stored.get_one(Meeting, here.meeting.id)
    assert (meeting.order_first, meeting.order_groups) == ("T", [])
    page = client.get("/meetings/seoul-2/delegations").text
    assert page.index("Thailand") < page.index("Cambodia")


def test_opening_hours_of_a_place_are_added_and_removed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    address = f"/meetings/seoul-2/places/{here.t1.id}"
    times = {"starts": "2026-02-05T09:00", "ends": "2026-02-05T12:00", "once": once()}
    assert client.post(f"{address}/hours", data=times).status_code == 302
    assert "09:00–12:00" in client.get(address).text
    assert client.post(f"{address}/hours/clear", data={"once": once(2)}).status_code == 302
    assert "Whenever the meeting is." in client.get(address).text


def test_a_participant_is_deleted_only_while_nothing_rests_on_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.party(stored, "LA")
    as_(client, stored, here.organiser)
    used = client.post("/parties/KH/delete", data={"once": once()})
    assert (used.status_code, "<li>Delegations" in used.text) == (409, True)
    assert client.post("/parties/LA/delete", data={"once": once(2)}).status_code == 302
    assert stored.query(Party).filter_by(code="LA").first() is None
