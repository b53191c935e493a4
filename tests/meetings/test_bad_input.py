"""What a form may not say is refused with a sentence at its field, the right status, and nothing half written."""

import itertools
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.parties.models import Party
from tests import make
from tests.make_scheduling import as_, world

_once = itertools.count(1)
MEETING = {
    "title-en": "Third meeting",
    "slug": "third",
    "number": "3",
    "venue-en": "Seoul",
    "zone": "Asia/Seoul",
    "starts_on": "2027-02-04",
    "ends_on": "2027-02-05",
    "opens": "09:00",
    "closes": "18:00",
    "slot_minutes": "20",
    "languages": ["en"],
    "host": "KR",
    "follows": "",
}


def sent(data: Mapping[str, object], **changes: object) -> dict[str, object]:
    return dict(data) | changes | {"once": f"form-{next(_once)}"}


def rows(session: Session, model: type[object]) -> int:
    return int(session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone": "Asia/Soul"}, "There is no time zone of that name."),
        ({"ends_on": "2027-02-03"}, "The last day is before the first."),
        ({"slug": "seoul-2"}, "Another meeting has the address"),
        ({"slug": "Third meeting"}, "Use small letters, digits and hyphens."),
        ({"languages": ["tlh"]}, "tlh"),
        ({"number": "99999999999999999999"}, "Number must be between"),
        ({"title-en": "a\x00b"}, "Remove the invisible control characters."),
        ({"title-en": "a\u202eb"}, "Remove the invisible control characters."),
        ({"title-en": "x" * 5000}, "Too long"),
        ({"starts_on": "2027-02-30"}, "Not a valid date"),
    ],
)
def test_a_meeting_that_is_not_right_is_not_planned(
    client: FlaskClient, stored: Session, changes: dict[str, object], words: str
) -> None:
    here = world(stored)
    stored.commit()
    as_(client, stored, here.organiser)
    answer = client.post("/operations/breaking-chains/meetings/new", data=sent(MEETING, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert rows(stored, Meeting) == 1


def test_a_form_sent_twice_is_carried_out_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    as_(client, stored, here.organiser)
    data = sent(MEETING)
    first = client.post("/operations/breaking-chains/meetings/new", data=data)
    second = client.post("/operations/breaking-chains/meetings/new", data=data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.headers["Location"] == first.headers["Location"]
    assert rows(stored, Meeting) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "k1", "kind": "state", "short_name-en": "K"}, "is not a code"),
        ({"code": "KH", "kind": "state", "short_name-en": "Cambodia"}, "There is already a participant"),
        ({"code": "VN", "kind": "state"}, "Write this in at least one language."),
    ],
)
def test_a_participant_that_is_not_right_is_not_added(
    client: FlaskClient, stored: Session, data: dict[str, object], words: str
) -> None:
    here = world(stored)
    stored.commit()
    before = rows(stored, Party)
    as_(client, stored, here.organiser)
    answer = client.post("/parties/new", data=sent(data))
    assert answer.status_code == 422
    assert words in answer.text
    assert rows(stored, Party) == before


PERSON = {
    "name": "Chan Sophea",
    "email": "chan@kh.example",
    "language": "en",
    "zone": "Asia/Phnom_Penh",
    "capacity": "delegate",
    "printed_as": "name",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity": "head_of_delegation"}, "The delegation already has a head."),
        ({"grade": "Passport M1234567"}, "Passport data is not kept here"),
        ({"email": "not an address"}, "Invalid email address."),
        ({"zone": "Mars/Base"}, "There is no time zone of that name."),
        ({"arrives": "2026-02-06T10:00", "departs": "2026-02-05T10:00"}, "The departure is not after the arrival."),
    ],
)
def test_a_person_who_is_not_right_is_not_named(
    client: FlaskClient, stored: Session, changes: dict[str, object], words: str
) -> None:
    here = world(stored)
    stored.commit()
    before = rows(stored, Delegate)
    as_(client, stored, here.organiser)
    page = f"/meetings/seoul-2/delegations/{here.kh.uuid}/people/new"
    answer = client.post(page, data=sent(PERSON, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert rows(stored, Delegate) == before


def test_a_person_who_is_right_is_named(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    as_(client, stored, here.organiser)
    answer = client.post(f"/meetings/seoul-2/delegations/{here.kh.uuid}/people/new", data=sent(PERSON))
    assert answer.status_code == 302
    assert stored.scalars(select(Delegate).where(Delegate.name == "Chan Sophea")).one().capacity is Capacity.DELEGATE


def test_a_place_with_sessions_in_it_is_not_deleted_and_the_page_says_why(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    table = make.place(stored, here.meeting, "T9")
    table.room_id = here.t1.id
    stored.commit()
    as_(client, stored, here.organiser)
    answer = client.post(f"/meetings/seoul-2/places/{here.t1.id}/delete", data=sent({}))
    assert answer.status_code == 409
    assert "Other records rest on this" in answer.text
    assert "<li>Tables in this room</li>" in answer.text
    assert rows(stored, Place) == 3


def test_the_last_organiser_cannot_leave(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    own = stored.scalars(
        select(Membership).where(Membership.user_id == here.organiser.id, Membership.meeting_id == here.meeting.id)
    ).one()
    as_(client, stored, here.organiser)
    answer = client.post(f"/meetings/seoul-2/people/{own.id}/end", data=sent({}))
    assert answer.status_code == 422
    assert "A meeting needs at least one organiser." in answer.text


@pytest.mark.parametrize(
    "page", ["delegations/new", "places/new", "people", "settings", "interpreters/new", "import", "publish", "outbox"]
)
def test_what_organisers_do_is_not_for_delegates_and_does_not_exist_for_strangers(
    client: FlaskClient, stored: Session, page: str
) -> None:
    here = world(stored)
    stranger = make.user(stored, "Stranger")
    stored.commit()
    for who, status in ((here.head_kh, 403), (stranger, 404), (here.organiser, 200)):
        as_(client, stored, who)
        assert client.get(f"/meetings/seoul-2/{page}").status_code == status


def test_a_delegation_of_another_meeting_does_not_exist_under_this_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    elsewhere = make.delegation(stored, other, of_party=here.kh.party)
    stored.commit()
    as_(client, stored, here.organiser)
    missing = client.get("/meetings/seoul-2/delegations/00000000-0000-4000-8000-000000000000")
    found = client.get(f"/meetings/seoul-2/delegations/{elsewhere.uuid}")
    assert (found.status_code, missing.status_code) == (404, 404)
    assert rows(stored, Delegation) == 3
