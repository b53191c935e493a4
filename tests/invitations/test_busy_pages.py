"""A delegate's own calendar file: seen before it is kept, forgotten at a word, and free and busy times of a delegation."""

import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from confmgr.delegations.models import DelegateBusy, DelegationHours
from confmgr.invitations import freebusy
from confmgr.invitations.ical import Busy
from confmgr.invitations.models import OutboxMessage
from confmgr.meetings.domain import Role
from confmgr.orm.base import set_planned
from confmgr.values.times import Span
from tests import make
from tests.make_invitations import participation, published
from tests.make_scheduling import NOW, TEN, World, as_, bilateral, once, world

BASE = "/meetings/seoul-2"
FILE = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Dentist\r\nDTSTART:20260205T050000Z\r\nDTEND:20260205T060000Z\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:{ours}\r\nDTSTART:20260206T050000Z\r\nDTEND:20260206T060000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def sent(client: FlaskClient, here: World, content: bytes) -> TestResponse:
    data = {"once": once(), "file": (BytesIO(content), "mine.ics")}
    address = f"{BASE}/delegates/{here.delegate_kh.uuid}/busy"
    answer = client.post(address, data=data, content_type="multipart/form-data")
    answer.request.input_stream.close()  # what is large is sent from a file
    return answer


def kept(session: Session) -> list[tuple[datetime, datetime]]:
    found = [(row.starts_at, row.ends_at) for row in session.scalars(select(DelegateBusy)).all()]
    session.commit()
    return found


def test_a_file_is_shown_before_its_times_are_kept_and_nothing_is_sent(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    mails = stored.scalar(select(func.count()).select_from(OutboxMessage))
    ours = participation(stored, here.delegate_kh.id).uid
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}/my-agenda/busy").headers["Location"].endswith(f"{here.delegate_kh.uuid}/busy")
    page = sent(client, here, FILE.format(ours=ours).encode())
    assert page.status_code == 200
    assert "14:00–15:00" in page.text
    assert "Sessions of this meeting, left out" in page.text
    assert "Dentist" not in page.text
    assert kept(stored) == []
    assert 'value="840-900"' in page.text
    at = f"{BASE}/delegates/{here.delegate_kh.uuid}/busy"
    assert client.post(f"{at}/keep", data={"times": "840-900", "once": once(2)}).status_code == 302
    five = datetime(2026, 2, 5, 5, 0, tzinfo=UTC)
    assert kept(stored) == [(five, five + timedelta(hours=1))]
    assert "Forget them now" in client.get(at).text
    client.post(f"{at}/keep", data={"times": "", "once": once(3)})
    assert kept(stored) == []
    client.post(f"{at}/keep", data={"times": "0-10 20-30", "once": once(4)})
    assert len(kept(stored)) == 2
    assert client.post(f"{at}/forget").status_code == 302
    assert kept(stored) == []
    assert stored.scalar(select(func.count()).select_from(OutboxMessage)) == mails


@pytest.mark.parametrize("times", ["x", "10-5", "0-999999", "20-30 10-15", "0-10 5-20", "-5-10"])
def test_times_that_no_page_showed_are_refused(client: FlaskClient, stored: Session, times: str) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    at = f"{BASE}/delegates/{here.delegate_kh.uuid}/busy/keep"
    assert client.post(at, data={"times": times, "once": once()}).status_code == 422
    assert kept(stored) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "This is no calendar file."),
        (b"x" * (2**20 + 1), "larger than 1 MB"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 10_000 + b"END:VCALENDAR", "more than 3000 entries"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(
    client: FlaskClient, stored: Session, content: bytes, sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = sent(client, here, content)
    assert page.status_code == 422
    assert sentence in page.text


def test_busy_times_are_for_the_person_its_head_and_organisers(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    colleague = make.user(stored, "Chan Sophea")
    make.membership(stored, here.meeting, colleague, Role.DELEGATE, of_delegation=here.kh)
    row = make.delegate(stored, here.kh, "Chan Sophea", account=colleague)
    stored.commit()
    seen = []
    for who in (here.organiser, here.head_kh, colleague, here.head_th, make.user(stored)):
        as_(client, stored, who)
        answers = [client.get(f"{BASE}/delegates/{one.uuid}/busy").status_code for one in (row, here.delegate_kh)]
        seen.append(tuple(answers))
    assert seen == [(200, 200), (200, 200), (200, 404), (404, 404), (404, 404)]


def test_free_and_busy_times_hold_sessions_and_imported_times_without_a_word(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    hours = DelegationHours(delegation_id=here.kh.id)
    set_planned(hours, TEN, TEN + timedelta(hours=6), "Asia/Seoul")
    at = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)
    stored.add_all(
        [
            hours,
            DelegateBusy(
                delegate_id=here.delegate_kh.id, starts_at=at, ends_at=at + timedelta(hours=1), imported_at=NOW
            ),
        ]
    )
    published(stored, here)
    address = f"{BASE}/delegations/{here.kh.uuid}/freebusy.ics"
    as_(client, stored, here.head_kh)
    text = client.get(address).text.replace("\r\n ", "")
    assert "FREEBUSY;FBTYPE=BUSY:20260205T010000Z/20260205T014000Z,20260205T030000Z/20260205T040000Z\r\n" in text
    assert (
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260204T150000Z/20260205T010000Z,20260205T070000Z/20260206T150000Z\r\n"
        in text
    )
    assert "DTSTART:20260204T150000Z\r\nDTEND:20260206T150000Z\r\n" in text
    assert not [word for word in ("SUMMARY", "Bilateral", "Sok", "Thailand") if word in text]
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 403


def at(hour: int, end: int) -> Span:
    day = datetime(2026, 2, 5, tzinfo=UTC)
    return Span(day + timedelta(hours=hour), day + timedelta(hours=end))


def kinds(**changes: object) -> list[tuple[str, int, int]]:
    given = {"sessions": [], "teams": 1, "hours": [], "people": []} | changes
    found: list[Busy] = freebusy.stretches(at(0, 24), **given)  # type: ignore[arg-type]  # what tests change
    return [(one.kind, one.starts_at.hour, one.ends_at.hour) for one in found]


def test_a_delegation_is_taken_when_all_of_it_is_and_perhaps_when_some_is() -> None:
    assert kinds() == []
    assert kinds(sessions=[at(9, 10), at(10, 11)]) == [("BUSY", 9, 11)]
    assert kinds(teams=2, sessions=[at(9, 11), at(10, 12)]) == [
        ("BUSY-TENTATIVE", 9, 10),
        ("BUSY", 10, 11),
        ("BUSY-TENTATIVE", 11, 12),
    ]
    assert kinds(people=[[at(9, 11)], [at(10, 12)]]) == [
        ("BUSY-TENTATIVE", 9, 10),
        ("BUSY", 10, 11),
        ("BUSY-TENTATIVE", 11, 12),
    ]
    assert kinds(hours=[at(8, 12), at(13, 18)], people=[[at(11, 14)], []]) == [
        ("BUSY-UNAVAILABLE", 0, 8),
        ("BUSY-TENTATIVE", 11, 12),
        ("BUSY-UNAVAILABLE", 12, 13),
        ("BUSY-TENTATIVE", 13, 14),
        ("BUSY-UNAVAILABLE", 18, 0),
    ]


def test_the_whole_meeting_is_for_organisers_to_download(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/calendar.ics").status_code == 404
    published(stored, here)
    stored.commit()
    answer = client.get(f"{BASE}/calendar.ics")
    assert f"UID:{row.uuid}@seoul-2" in answer.text
    assert 'filename="seoul-2-all.ics"' in answer.headers["Content-Disposition"]
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}/calendar.ics").status_code == 403


def test_the_times_of_forty_people_with_three_hundred_each_are_laid_together_in_a_second() -> None:
    whole, minute = at(0, 24 * 5), timedelta(minutes=1)
    people = [
        [Span(whole.start + (n + 24 * i) * minute, whole.start + (n + 24 * i + 11) * minute) for i in range(299)]
        for n in range(40)
    ]
    began = time.process_time()
    found = freebusy.stretches(whole, sessions=[], teams=1, hours=[], people=people)
    assert {one.kind for one in found} == {"BUSY-TENTATIVE"}
    assert time.process_time() - began < 3
