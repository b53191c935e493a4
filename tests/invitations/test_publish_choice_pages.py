"""The publish page: ticks, groups, the mail beside them, and a schedule that changed behind it."""

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from confmgr.gateways import clock
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import cancel_session, place_session
from tests import make
from tests.invitations.test_publishing_pages import text_of
from tests.make_invitations import case, published
from tests.make_scheduling import ELEVEN, NOW, World, as_, bilateral, move, once, world

BASE = "/meetings/seoul-2"


def fields(page: str, *, untick: str = "", **extra: str) -> MultiDict[str, str]:
    """What a browser without script sends of the publish page."""
    form = page.partition("data-publish")[2].partition("</form>")[0]
    sent: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or value is None or name[1] == "csrf_token":
            continue
        if 'type="checkbox"' in tag and (" checked" not in tag or value[1] == untick):
            continue
        sent.add(name[1], value[1])
    sent["once"] = once(len(extra) + 7)
    sent.update(extra)
    return sent


def number(session: Session, kind: type[Publication | OutboxMessage | Participation]) -> int:
    found = session.scalar(select(func.count()).select_from(kind)) or 0
    session.commit()
    return found


def two_changes(session: Session, here: World) -> tuple[MeetingSession, MeetingSession]:
    """One session that moves and one that is cancelled, both published before."""
    moved, gone = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    published(session, here)
    move(session, here, moved)
    cancel_session(session, gone, actor=here.organiser, now=NOW)
    return moved, gone


def test_unticking_shows_new_numbers_first_and_then_publishes_without_that_change(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    moved, _gone = two_changes(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    assert "Publish 2 changes and send 4 mails" in page
    assert "2 people get 4 mails, one for each of their sessions, in one language." in page
    again = client.post(f"{BASE}/publish", data=fields(page, untick=moved.reference))
    assert again.status_code == 200
    assert "Nothing was published yet, because you changed what is ticked." in again.text
    assert "Publish 1 change and send 2 mails" in again.text
    assert "1 change is published, 1 held back, 0 people hear nothing." in text_of(again.text)
    assert "Others keep seeing Thu, 5 Feb 10:00–10:40, Place T1." in text_of(again.text)
    assert number(stored, Publication) == 1
    assert client.post(f"{BASE}/publish", data=fields(again.text)).status_code == 302
    assert number(stored, Publication) == 2
    assert number(stored, OutboxMessage) == 6
    stored.refresh(moved)
    stored.commit()
    assert moved.held_back
    page = text_of(client.get(f"{BASE}/publish").text)
    assert "Held back" in page
    assert "Everything is held back, so there is nothing to publish." in page
    assert "held back" in client.get(f"{BASE}/sessions/{moved.uuid}").text


def test_ticking_a_session_that_was_held_back_publishes_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    row.held_back = True
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    assert "Others do not see it." in page
    ticked = fields(page, take=row.reference, do="count")
    page = client.post(f"{BASE}/publish", data=ticked).text
    assert "Publish 1 change and send 2 mails" in page
    assert client.post(f"{BASE}/publish", data=fields(page)).status_code == 302
    stored.refresh(row)
    stored.commit()
    assert not row.held_back


def test_a_group_is_shown_alone_and_what_is_unticked_elsewhere_is_kept(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    moved, _gone = two_changes(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    narrowed = client.post(f"{BASE}/publish", data=fields(page, untick=moved.reference, do="show:cancelled")).text
    assert "is cancelled." in narrowed
    assert "moves from" not in narrowed
    assert "Publish 1 change and send 2 mails" in narrowed
    whole = client.post(f"{BASE}/publish", data=fields(narrowed, do="show:")).text
    assert "moves from" in whole
    assert f'value="{moved.reference}" id="take-{moved.reference}">' in whole
    assert number(stored, Publication) == 1


def test_a_changed_schedule_is_answered_with_what_changed_and_by_whom(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    moved, gone = two_changes(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    other = make.user(stored, "Kim Minsu")
    place_session(
        stored,
        moved,
        actor=other,
        now=NOW + timedelta(minutes=3),
        meeting=here.meeting,
        seen_version=moved.version,
        starts=ELEVEN.replace(hour=14),
        place=here.t1,
    )
    stored.commit()
    answer = client.post(f"{BASE}/publish", data=fields(page))
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert f"Kim Minsu changed {moved.reference} at 12:03." in text
    assert f"New or different below, and marked: {moved.reference}." in text
    assert gone.reference not in text.partition("marked:")[2].partition(".")[0]
    assert number(stored, Publication) == 1
    assert client.post(f"{BASE}/publish", data=fields(answer.text)).status_code == 302


def test_the_bar_says_whose_night_it_is_and_who_must_be_told_otherwise(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.delegate_kh.zone = "Asia/Qatar"
    here.delegate_th.email = None
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    with clock.frozen(NOW - timedelta(hours=2)):
        page = text_of(client.get(f"{BASE}/publish").text)
    assert "It is 04:00 in Qatar. Mails leave at once all the same." in page
    assert "1 person gets one mail, in one language." in page
    assert "1 person has no mail address: TH Somchai Wong. Tell them yourself." in page


def test_the_mail_of_anybody_is_shown_as_sent_or_in_the_readers_language_and_never_kept(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.delegate_th.language = "ko"
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/publish").text
    assert "TLP:GREEN Invitation: Bilateral meeting KH–TH" in page
    assert "invite.ics, a new entry in the calendar" in page
    key = f"{row.reference}.Delegate-{here.delegate_th.id}"
    sent = client.post(f"{BASE}/publish", data=fields(page, to=key, do="count")).text
    assert "TLP:GREEN 초청" in sent
    assert "Somchai Wong" in sent
    assert "As sent, in Korean" in sent
    mine = client.post(f"{BASE}/publish", data=fields(page, to=key, do="in:mine")).text
    assert "TLP:GREEN Invitation: Bilateral meeting KH–TH" in mine
    assert "Your time: Thu, 5 Feb 08:00–08:40" in text_of(mine)
    assert "BEGIN:VCALENDAR" in mine
    assert (number(stored, OutboxMessage), number(stored, Participation)) == (0, 0)


def test_the_preview_never_names_a_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, cases=[case(stored, here, "Voice phishing ring in Sihanoukville")])
    as_(client, stored, here.organiser)
    assert "Sihanoukville" not in client.get(f"{BASE}/publish").text


def test_nothing_placed_and_nothing_changed_say_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert "Nothing is placed yet, so there is nothing to publish." in client.get(f"{BASE}/publish").text
    bilateral(stored, here)
    published(stored, here)
    stored.commit()
    assert "Nothing has changed since the last publication" in client.get(f"{BASE}/publish").text
