"""Pages of what was published: all of it for organisers, the own changes for everybody else, and the way back."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.invitations.models import Publication
from confmgr.meetings.domain import Role
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import keep_draft
from tests import make
from tests.conftest import Counter
from tests.invitations.test_publishing_pages import text_of
from tests.make_invitations import published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, move, once, world

BASE = "/meetings/seoul-2"
LATER = NOW + timedelta(days=1)


def seen_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]* value="(\d+)"', page)
    assert found is not None
    return found[1]


def moved_once(session: Session, here: World) -> tuple[MeetingSession, Publication, Publication]:
    row = bilateral(session, here)
    first = published(session, here)
    move(session, here, row)
    return row, first, published(session, here, LATER)


def test_an_organiser_reads_the_differences_of_each_publication(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    _row, first, second = moved_once(stored, here)
    third = published(stored, here, LATER + timedelta(hours=1))
    as_(client, stored, here.organiser)
    assert f"/publications/{second.uuid}" in client.get(f"{BASE}/publications").text
    page = text_of(client.get(f"{BASE}/publications/{second.uuid}").text)
    assert "moves from Thu, 5 Feb 10:00–10:40, Place T1 to Thu, 5 Feb 11:00–11:40, Place T1." in page
    assert "2 mails English 2" in page.replace("2 mailsEnglish", "2 mails English")
    assert "Bilateral meeting KH–TH: Thu, 5 Feb 10:00" in text_of(client.get(f"{BASE}/publications/{first.uuid}").text)
    assert "changed nothing that others see" in client.get(f"{BASE}/publications/{third.uuid}").text


def test_a_delegate_reads_dates_and_own_changes_and_no_number(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    moved_once(stored, here)
    as_(client, stored, here.head_kh)
    assert "/my-changes" in client.get(f"{BASE}/my-agenda").text
    page = text_of(client.get(f"{BASE}/my-changes").text)
    assert "16 Jan 2026, 12:00" in page
    assert "moves from Thu, 5 Feb 10:00–10:40, Place T1 to Thu, 5 Feb 11:00–11:40, Place T1." in page
    assert "Number" not in page


def test_the_changes_of_a_delegate_are_the_same_bytes_whatever_is_published_of_others(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    moved_once(stored, here)
    as_(client, stored, here.head_kh)
    alone = client.get(f"{BASE}/my-changes").data
    jp, vn = make.delegation(stored, here.meeting, "JP"), make.delegation(stored, here.meeting, "VN")
    make.delegate(stored, jp, "Sato Aki")
    other = bilateral(stored, here, delegations=[jp, vn], place=here.t2)
    published(stored, here, LATER + timedelta(hours=1))
    move(stored, here, other)
    published(stored, here, LATER + timedelta(hours=2))
    stored.commit()
    nonce = re.compile(rb'(nonce|value|csrf)[^>]*"[^"]*"')
    assert nonce.sub(b"", client.get(f"{BASE}/my-changes").data) == nonce.sub(b"", alone)


def test_without_a_publication_the_changes_say_what_will_stand_there(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert "What the secretariat publishes, moves or cancels for you" in client.get(f"{BASE}/my-changes").text


def test_going_back_shows_what_would_change_and_then_does_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, first, _second = moved_once(stored, here)
    as_(client, stored, here.organiser)
    address = f"{BASE}/publications/{first.uuid}/go-back"
    page = client.get(address).text
    assert "Start: Thu, 5 Feb 10:00 instead of Thu, 5 Feb 11:00" in text_of(page)
    assert row.starts_local == ELEVEN
    done = client.post(address, data={"once": once(), "seen": seen_on(page)})
    assert done.headers["Location"] == f"{BASE}/publish"
    stored.refresh(row)
    stored.commit()
    assert row.starts_local == TEN
    assert "The working schedule is like this already" in client.get(address).text


def test_going_back_over_a_change_that_was_not_seen_is_refused(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, first, _second = moved_once(stored, here)
    as_(client, stored, here.organiser)
    address = f"{BASE}/publications/{first.uuid}/go-back"
    seen = seen_on(client.get(address).text)
    bilateral(stored, here, starts=None, place=None)
    stored.commit()
    assert client.post(address, data={"once": once(), "seen": seen}).status_code == 409
    stored.refresh(row)
    stored.commit()
    assert row.starts_local == ELEVEN


@pytest.mark.parametrize(
    "role", [Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.PRESS, Role.AUDITOR]
)
def test_the_log_the_way_back_and_drafts_are_for_organisers_alone(
    client: FlaskClient, stored: Session, role: Role
) -> None:
    here = world(stored)
    _row, first, _second = moved_once(stored, here)
    draft = keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    for address in (
        f"publications/{first.uuid}",
        f"publications/{first.uuid}/go-back",
        "drafts",
        f"drafts/{draft.uuid}",
    ):
        assert client.get(f"{BASE}/{address}").status_code == 403
    for address in (f"publications/{first.uuid}/go-back", f"drafts/{draft.uuid}", f"drafts/{draft.uuid}/delete"):
        assert client.post(f"{BASE}/{address}", data={"once": once(), "seen": "0"}).status_code == 403
    assert client.get(f"{BASE}/my-changes").status_code == 200


def test_publications_and_drafts_of_another_meeting_do_not_exist_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    _row, first, _second = moved_once(stored, here)
    draft = keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    other = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    make.membership(stored, other, here.organiser)
    as_(client, stored, here.organiser)
    for address in (f"publications/{first.uuid}", f"publications/{first.uuid}/go-back", f"drafts/{draft.uuid}"):
        assert client.get(f"/meetings/seoul-1/{address}").status_code == 404
    assert client.get(f"{BASE}/publications/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_one_publication_and_the_way_back_ask_the_same_number_of_statements_for_any_number_of_sessions(
    client: FlaskClient, stored: Session, statements: Counter, number: int
) -> None:
    here = world(stored)
    rows = [bilateral(stored, here, anyway=True) for _n in range(number)]
    first = published(stored, here)
    for row in rows:
        move(stored, here, row)
    second = published(stored, here, LATER)
    draft = keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    as_(client, stored, here.organiser)
    counted = []
    for address in (f"publications/{second.uuid}", f"publications/{first.uuid}/go-back", f"drafts/{draft.uuid}"):
        statements.statements.clear()
        assert client.get(f"{BASE}/{address}").status_code == 200
        counted.append(statements.count)
    assert counted == [17, 28, 18]
