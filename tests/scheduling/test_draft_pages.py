from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.scheduling.models import ScheduleDraft
from confmgr.scheduling.services import keep_draft
from tests.invitations.test_log_pages import seen_on
from tests.invitations.test_publishing_pages import text_of
from tests.make_scheduling import NOW, TEN, as_, bilateral, move, once, world

BASE = "/meetings/seoul-2"


def test_a_schedule_is_kept_compared_taken_up_and_its_draft_deleted(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert "No draft yet." in client.get(f"{BASE}/drafts").text
    data = {"once": once(), "name": "Before lunch", "note": "Tried out"}
    assert client.post(f"{BASE}/drafts", data=data).headers["Location"] == f"{BASE}/drafts"
    again = client.post(f"{BASE}/drafts", data=data | {"once": once(2)})
    assert again.status_code == 422
    assert "There is a draft of that name already." in again.text
    draft = stored.query(ScheduleDraft).one()
    move(stored, here, row, place=here.t1, anyway=False)
    stored.commit()
    page = client.get(f"{BASE}/drafts/{draft.uuid}").text
    assert "Start: Thu, 5 Feb 10:00 instead of Thu, 5 Feb 11:00" in text_of(page)
    assert "1 session changes." in page
    sent = {"once": once(3), "seen": seen_on(page)}
    assert client.post(f"{BASE}/drafts/{draft.uuid}", data=sent).status_code == 302
    stored.refresh(row)
    stored.commit()
    assert row.starts_local == TEN
    assert "nothing would change" in client.get(f"{BASE}/drafts/{draft.uuid}").text
    assert client.post(f"{BASE}/drafts/{draft.uuid}/delete").status_code == 302
    assert client.get(f"{BASE}/drafts/{draft.uuid}").status_code == 404


def test_what_is_missing_is_named_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, delegates=[here.delegate_th])
    draft = keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    row.place = None
    row.delegates = []
    here.delegate_th.left_at = NOW
    stored.flush()
    stored.delete(here.t1)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/drafts/{draft.uuid}").text
    assert f"{row.reference} was at T1, which is deleted; it is left without a place." in page
    assert f"Somchai Wong has left the delegation and misses in {row.reference}." in page


def test_a_wrong_mark_is_refused_and_nothing_is_taken_up(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    draft = keep_draft(stored, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    as_(client, stored, here.organiser)
    for seen in ("", "x", "-1"):
        assert client.post(f"{BASE}/drafts/{draft.uuid}", data={"once": once(), "seen": seen}).status_code == 422
