"""Who has read what: for its originator, for heads of a party, for auditors."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.activity.services import record, tell_denials
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, seen, shared_lead
from tests.make_scheduling import NOW, World, as_, once, world

OURS = "/operations/breaking-chains/readers"
LOG = "/meetings/seoul-2/audit"


def gave(session: Session) -> tuple[World, str]:
    """Cambodia has given Thailand a lead; gives its address."""
    here = world(session)
    row = shared_lead(session, here, case(session, here), title=Words.of("Canary of the lead"))
    session.commit()
    return here, f"/leads/{row.item.uuid}"


def auditor(session: Session, here: World) -> User:
    person = make.user(session, "Park Auditor")
    make.membership(session, here.meeting, person, Role.AUDITOR)
    return person


def readers_of(address: str) -> str:
    return address.replace("/leads/", "/items/") + "/readers"


def entries(session: Session, action: str) -> list[AuditEntry]:
    session.rollback()
    rows = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).all()
    session.commit()
    return list(rows)


def test_opening_a_lead_is_one_entry_with_the_letter_that_let_it_be_read(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 200
    (entry,) = entries(stored, "read")
    assert (entry.actor_id, entry.rule, entry.object_type) == (here.head_th.id, "R", "lead")
    assert str(entry.object_uuid) in address
    assert entry.object_ids == []
    assert entry.facts == {"page": "cases.lead"}


def test_a_case_with_its_leads_is_one_entry_that_names_them(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_kh)
    of = client.get(address).text.split("/cases/")[1][:36]
    client.get(f"/cases/{of}")
    entry = entries(stored, "read")[-1]
    assert (entry.object_type, str(entry.object_uuid), entry.rule) == ("case", of, "O")
    assert entry.object_ids == [address.removeprefix("/leads/")]


def test_a_list_is_one_entry_with_the_ids_whose_bodies_it_shows(client: FlaskClient, stored: Session) -> None:
    here, _address = gave(stored)
    hidden = case(stored, here, "KH-02")
    stored.commit()
    as_(client, stored, here.organiser)
    client.get("/meetings/seoul-2/cases")
    assert entries(stored, "read") == []
    as_(client, stored, here.head_kh)
    client.get("/meetings/seoul-2/cases")
    client.get("/meetings/seoul-2/cases?party=TH")
    (entry,) = entries(stored, "read")
    assert entry.object_type == "list"
    assert str(hidden.item.uuid) in entry.object_ids
    assert len(entry.object_ids) == 2


def test_what_shows_nothing_notes_nothing(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_kh)
    looked = seen(client, f"{address}/keep")
    before = entries(stored, "read")
    assert client.post(f"{address}/withdraw", data={"seen": looked}).status_code == 302
    assert entries(stored, "read") == before


def test_a_refusal_is_counted_and_told_to_the_originator_once_the_minute_is_over(
    client: FlaskClient, stored: Session
) -> None:
    here, address = gave(stored)
    jp = make.delegation(stored, here.meeting, "JP")
    curious = make.user(stored, "Sato Aoi")
    make.membership(stored, here.meeting, curious, Role.HEAD, of_delegation=jp)
    stored.commit()
    as_(client, stored, curious)
    with clock.frozen(NOW):
        assert client.get(address).status_code == 404
        assert client.get(address).status_code == 404
        assert client.get("/leads/00000000-0000-4000-8000-000000000000").status_code == 404
        assert client.get(readers_of(address)).status_code == 404
    tell_denials(stored, NOW + timedelta(minutes=1))
    stored.commit()
    (entry,) = entries(stored, "read")
    assert (entry.allowed, entry.facts, len(entry.object_ids)) == (False, {"number": 4}, 2)
    as_(client, stored, here.head_kh)
    page = client.get(readers_of(address)).text
    assert "Sato Aoi" in page
    assert "Refused" in page
    assert "× 4" not in page  # it counts what others gave, too
    person = auditor(stored, here)
    stored.commit()
    as_(client, stored, person)
    assert "× 4" in client.get(LOG).text


def test_the_originator_sees_who_has_read_a_lead_and_nobody_else_does(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_th)
    client.get(address)
    assert client.get(readers_of(address)).status_code == 403
    as_(client, stored, here.organiser)
    assert client.get(readers_of(address)).status_code == 404
    as_(client, stored, here.head_kh)
    assert readers_of(address) in client.get(address).text
    page = client.get(readers_of(address)).text
    assert "Somchai Wong" in page
    assert "because it was passed on to them" in page
    assert "Canary" not in page


def test_a_head_sees_who_has_read_what_the_party_gave_but_not_of_red_that_others_hold(
    client: FlaskClient, stored: Session
) -> None:
    here, address = gave(stored)
    author, second = make.user(stored, "Author"), make.user(stored, "Second")
    for person in (author, second):
        make.membership(stored, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    secret = case(stored, here, "KH-RED", actor=author, tlp=Tlp.RED, named_readers=[second])
    stored.commit()
    as_(client, stored, second)
    client.get(f"/cases/{secret.item.uuid}")
    assert client.get(OURS).status_code == 403
    as_(client, stored, here.head_th)
    client.get(address)
    as_(client, stored, here.head_kh)
    page = client.get(f"{OURS}?own=1").text
    assert "KH/KH-L1" in page
    assert "Somchai Wong" in page
    assert "KH-RED" not in page
    assert "Second" not in page
    assert "Author" not in page


def test_filters_of_the_address_narrow_the_list(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_th)
    with clock.frozen(NOW):
        client.get(address)
    as_(client, stored, here.head_kh)
    assert "Somchai" in client.get(f"{OURS}?what=read&party=TH&from=2026-01-15&to=2026-01-15").text
    assert "Somchai" in client.get(f"{OURS}?person={here.head_th.uuid}").text
    for nothing in ("party=JP", "what=taken", "from=2026-01-16", "to=2026-01-14", f"person={here.head_kh.uuid}"):
        page = client.get(f"{OURS}?{nothing}")
        assert page.status_code == 200, nothing
        assert "No entry matches these filters." in page.text, nothing
    for wrong, status in (
        ("what=everything", 404),
        ("person=x", 404),
        ("from=yesterday", 422),
        ("to=9999-12-31", 422),
        ("from=2026-01-16&to=2026-01-14", 422),
        ("page=x", 200),
        ("page=-1", 200),
        (f"page={10**30}", 200),
        ("party=%00", 400),
    ):
        assert client.get(f"{OURS}?{wrong}").status_code == status, wrong


def test_pages_and_files_hold_every_entry(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_th)
    for _ in range(60):
        client.get(address)
    as_(client, stored, here.head_kh)
    first, second = client.get(f"{OURS}?what=read"), client.get(f"{OURS}?what=read&page=2")
    assert "60 entries" in first.text
    assert first.text.count("because it was passed on") == 50
    assert second.text.count("because it was passed on") == 10
    rows = list(csv.DictReader(io.StringIO(client.get(f"{OURS}.csv?what=read").get_data().decode("utf-8-sig"))))
    assert len(rows) == 60
    assert {(row["person"], row["parties"], row["items"], row["rule"]) for row in rows} == {
        ("Somchai Wong", "TH", "KH/KH-L1", "R")
    }
    assert not {"entry", "seal", "refused"} & rows[0].keys()  # they would count what happens between others
    made = client.get(f"{OURS}.xlsx?what=read&language=ko").data
    sheet = load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 62
    taken = entries(stored, "export")
    assert [entry.object_ids[1:] for entry in taken] == [[address.removeprefix("/leads/")]] * 2


def test_auditors_see_every_event_of_the_meeting_and_no_body(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    lead(stored, here, case(stored, here, "KH-02", title=Words.of("Canary of a case")), "KH-L9")
    person = auditor(stored, here)
    stored.commit()
    as_(client, stored, here.head_th)
    client.get(address)
    for who in (here.organiser, here.head_kh):
        as_(client, stored, who)
        assert client.get(LOG).status_code == 403
        assert LOG not in client.get("/meetings/seoul-2").text
        assert client.get(f"{LOG}.csv").status_code == 403
    as_(client, stored, person)
    assert LOG in client.get("/meetings/seoul-2").text.partition("<main")[2]
    page = client.get(LOG).text
    for known in ("KH/KH-L1", "KH/KH-02", "Somchai Wong", "Nominated", "because it was passed on to them"):
        assert known in page, known
    assert "Canary" not in page
    file = client.get(f"{LOG}.csv").data
    assert b"Canary" not in file
    assert file.splitlines()[0].endswith(b",entry,seal,refused")
    assert client.get(address).status_code == 404


def test_where_nothing_was_done_the_pages_say_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    person = auditor(stored, here)
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "Nobody has read anything of it yet." in client.get(OURS).text
    as_(client, stored, person)
    assert "Nothing has been done in this meeting yet." in client.get(LOG).text


@pytest.mark.parametrize("who", ["organiser", "head_th"])
def test_a_draft_lead_has_no_readers_page_for_others(client: FlaskClient, stored: Session, who: str) -> None:
    here = world(stored)
    row = lead(stored, here, case(stored, here))
    stored.commit()
    as_(client, stored, getattr(here, who))
    assert client.get(f"/items/{row.item.uuid}/readers").status_code == 404
    as_(client, stored, here.head_kh)
    assert client.get(f"/items/{row.item.uuid}/readers").status_code == 200


def test_what_the_audit_has_no_word_for_is_a_change_in_every_language(client: FlaskClient, stored: Session) -> None:
    here, _address = gave(stored)
    action, where = "was_once_called_so", here.meeting.id
    record(stored, actor=here.head_th, now=NOW, action=action, object_type="case", meeting_id=where)
    as_(client, stored, auditor(stored, here))
    page = client.get(f"{LOG}?lang=ko").text
    assert "was_once_called_so" not in page
    assert "변경" in page.partition("<tbody")[2]


def purged(client: FlaskClient, session: Session) -> tuple[World, str]:
    """Thailand has read a lead of Cambodia and commented on it, then Cambodia purged it; gives its address."""
    here, address = gave(session)
    as_(client, session, here.head_th)
    client.get(address)
    client.post(f"{address}/comments", data={"once": once(), "text": "Canary of a comment", "audience": "all"})
    as_(client, session, here.head_kh)
    client.get(address)
    client.post(f"{address}/purge")
    return here, address


def test_who_read_a_lead_stays_known_to_its_party_once_it_is_purged(client: FlaskClient, stored: Session) -> None:
    here, address = purged(client, stored)
    assert client.get(address).status_code == 404
    page = client.get(OURS).text
    assert "Somchai Wong" in page
    assert f'href="{readers_of(address)}"><bdi>KH/KH-L1</bdi></a> <span class="muted">(Purged)</span>' in page
    of_lead = client.get(readers_of(address)).text
    for known in ("Who has read", "KH/KH-L1", "Somchai Wong", "because it was passed on to them", "Purged"):
        assert known in of_lead
    for text in (page, of_lead):
        assert "Canary" not in text
    assert f'href="{address}"' not in of_lead
    rows = list(csv.DictReader(io.StringIO(client.get(f"{OURS}.csv?what=read").get_data().decode("utf-8-sig"))))
    assert {(row["person"], row["items"], row["purged"]) for row in rows} == {("Somchai Wong", "KH/KH-L1", "KH/KH-L1")}
    made = client.get(f"{readers_of(address)}.xlsx?what=read").data
    assert "KH/KH-L1 (Purged)" in {row[4] for row in load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()}
    person = auditor(stored, here)
    stored.commit()
    as_(client, stored, person)
    log = client.get(LOG).text
    assert '<bdi>KH/KH-L1</bdi> <span class="muted">(Purged)</span>' in log
    assert "Canary" not in log


def test_of_a_purged_lead_nobody_else_is_told_who_had_read_it(client: FlaskClient, stored: Session) -> None:
    here, address = purged(client, stored)
    for person in (here.head_th, here.organiser):
        as_(client, stored, person)
        assert client.get(readers_of(address)).status_code == 404
        assert client.get(f"{readers_of(address)}.csv").status_code == 404
    as_(client, stored, here.head_th)
    assert "KH-L1" not in client.get(f"{OURS}?own=1").text  # nor by the own comment that stood under it


def test_of_purged_red_only_those_who_knew_it_see_who_had_read_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    author, second = make.user(stored, "Author"), make.user(stored, "Second")
    for person in (author, second):
        make.membership(stored, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    secret = case(stored, here, "KH-RED", actor=author, tlp=Tlp.RED, named_readers=[second])
    stored.commit()
    address = f"/cases/{secret.item.uuid}"
    as_(client, stored, second)
    client.get(address)
    as_(client, stored, author)
    client.post(f"{address}/purge")
    page = client.get(f"/items/{secret.item.uuid}/readers")
    assert "Second" in page.text
    as_(client, stored, here.head_kh)
    assert client.get(f"/items/{secret.item.uuid}/readers").status_code == 404
    given = client.get(f"{OURS}?own=1").text
    assert "KH-RED" not in given
    assert "Second" not in given


def test_comments_are_named_by_what_they_stand_under(client: FlaskClient, stored: Session) -> None:
    here, address = gave(stored)
    as_(client, stored, here.head_kh)
    for number, text in enumerate(("One", "Two"), 1):
        client.post(f"{address}/comments", data={"once": once(number), "text": text, "audience": "all"})
    stored.rollback()
    comments = stored.scalars(select(Item).where(Item.kind == ItemKind.COMMENT)).all()
    stored.commit()
    as_(client, stored, here.head_th)
    client.get(address)
    as_(client, stored, here.head_kh)
    person = auditor(stored, here)
    stored.commit()
    ours, one = client.get(OURS).text, client.get(f"/items/{comments[0].uuid}/readers")
    table = client.get(f"{OURS}.csv").get_data().decode("utf-8-sig")
    as_(client, stored, person)
    log = client.get(LOG).text
    assert 'Comment on KH/KH-L1</bdi> <span class="muted">× 2</span>' in ours
    assert 'Who has read <bdi dir="ltr" class="upright">Comment on KH/KH-L1</bdi>' in one.text
    assert f'href="{address}"' in one.text
    assert "Comment on KH/KH-L1" in log
    for text in (ours, one.text, table, log):
        assert not any(comment.reference in text for comment in comments)
