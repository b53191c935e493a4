"""Attacks on what leaves: files, documents, lists, and what is taken back while they are made."""

import io
import re
import uuid
from collections.abc import Callable, Iterator
from zipfile import ZipFile

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases.models import Lead
from confmgr.delegations.models import Delegate
from confmgr.gateways import clock
from confmgr.jobs.services import enqueue
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.orm.engine import writing
from confmgr.sharing import services
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from confmgr.web.db import db
from tests import make, make_cases
from tests.gateways import paper
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, once

OUT = "/meetings/seoul-2/files/cases-and-leads"
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1")

pytestmark = pytest.mark.usefixtures("soon_after")

Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(app: Flask, stored: Session) -> Iterator[Meanwhile]:
    """Takes what somebody else does at the moment at which the next request has read all that it will show."""
    with app.app_context():
        engine = db.engine
    waiting: list[Callable[[], object]] = []

    def done(_connection: object) -> None:
        if waiting and not writing.get():
            token = writing.set(True)
            waiting.pop()()
            stored.commit()
            writing.reset(token)

    event.listen(engine, "commit", done)
    yield waiting.append
    event.remove(engine, "commit", done)


@pytest.mark.parametrize("form", ["stix", "json", "xlsx"])
def test_a_file_that_is_made_while_something_in_it_is_taken_back_does_not_leave(
    client: FlaskClient, meanwhile: Meanwhile, stored: Session, here: World, lead: Lead, form: str
) -> None:
    as_(client, stored, here.head_th)
    meanwhile(lambda: services.withdraw(stored, lead.item, actor=here.head_kh, now=clock.now()))
    answer = client.get(f"{OUT}.{form}")
    assert answer.status_code == 409
    assert "something in it was taken back" in answer.text
    assert b"KH-L1" not in answer.data
    assert not stored.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    stored.commit()
    again = client.get(f"{OUT}.{form}")
    assert again.status_code == 200


@pytest.mark.parametrize(
    "way",
    [
        lambda session, lead, here: services.withdraw(session, lead.item, actor=here.head_kh, now=clock.now()),
        lambda session, lead, here: services.revoke(
            session, lead.item.disclosures[0], actor=here.head_kh, now=clock.now()
        ),
        lambda session, lead, here: services.purge(session, lead.item, actor=here.head_kh, now=clock.now()),
        lambda session, lead, here: services.change_marking(
            session, lead.item, actor=here.head_kh, now=clock.now(), tlp=Tlp.AMBER_STRICT
        ),
    ],
    ids=["withdrawn", "revoked", "purged", "raised"],
)
def test_a_page_that_was_being_made_when_its_item_was_taken_back_is_not_found(
    client: FlaskClient, meanwhile: Meanwhile, stored: Session, here: World, lead: Lead, way: Callable[..., object]
) -> None:
    as_(client, stored, here.head_th)
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
    meanwhile(lambda: way(stored, lead, here))
    lost = client.get(f"/leads/{lead.item.uuid}")
    unknown = client.get(f"/leads/{uuid.uuid4()}")
    assert (lost.status_code, unknown.status_code) == (404, 404)
    assert make_cases.without_tokens(lost.data) == make_cases.without_tokens(unknown.data)


def test_a_list_that_was_being_made_when_something_on_it_was_taken_back_is_shown_anew(
    client: FlaskClient, meanwhile: Meanwhile, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_th)
    meanwhile(lambda: services.withdraw(stored, lead.item, actor=here.head_kh, now=clock.now()))
    answer = client.get("/meetings/seoul-2/leads")
    assert (answer.status_code, "KH-L1" in answer.text) == (409, False)
    assert client.get("/meetings/seoul-2/leads").status_code == 200


HIDDEN, OPEN = "Hidden words", "Open words"


def everything(app: Flask) -> list[str]:
    """The address of every page and file that needs no more than the meeting or its operation."""
    known = {"slug": "seoul-2", "code": "breaking-chains"}
    forms = re.compile(r"<any\((\w+)[^)]*\):\w+>")
    with app.test_request_context():
        return [
            url_for(
                rule.endpoint,
                **{name: known[name] for name in rule.arguments & known.keys()}
                | {name: forms.findall(rule.rule)[0] for name in rule.arguments & {"form"}},
            )
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments <= {*known, "form"} and "logout" not in rule.rule
        ]


def plain(content: bytes) -> bytes:
    """What stands in a file: of a workbook its sheets, of a PDF its text."""
    if content.startswith(b"PK"):
        book = load_workbook(io.BytesIO(content))
        return repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]).encode()
    if content.startswith(b"%PDF"):
        return " ".join(page.get_textpage().get_text_range() for page in paper.opened(content)).encode()
    return content


def test_5_no_list_search_or_file_of_a_party_holds_what_the_rule_hides_from_it(
    client: FlaskClient, app: Flask, stored: Session, here: World
) -> None:
    second = colleague(stored, here, here.kh, "Chan Thida")
    for number, tlp in enumerate((Tlp.RED, Tlp.AMBER_STRICT, Tlp.AMBER), start=1):
        words = Words.of(f"{HIDDEN} {number}")
        hidden = make_cases.case(
            stored, here, f"KH-9{number}", tlp=tlp, title=words, summary=words, named_readers=[second]
        )
        make_cases.lead(stored, here, hidden, f"KH-L9{number}", tlp=tlp, title=words, body=words)
    green = make_cases.case(stored, here, tlp=Tlp.GREEN, title=Words.of(OPEN))
    make_cases.shared_lead(stored, here, green, tlp=Tlp.GREEN, title=Words.of(OPEN))
    stored.commit()
    as_(client, stored, here.head_th)
    pages = everything(app)
    assert len(pages) > 80
    shows = set()
    for page in (*pages, "/meetings/seoul-2/search?q=words", "/meetings/seoul-2/search?q=Hidden"):
        content = plain(client.get(page).data)
        assert HIDDEN.encode() not in content, page
        assert b"KH-9" not in content, page
        assert b"KH-L9" not in content, page
        shows |= {page} if OPEN.encode() in content else set()
    assert {
        "/meetings/seoul-2/cases",
        "/meetings/seoul-2/leads",
        "/meetings/seoul-2/search?q=words",
        f"{OUT}.json",
    } <= shows


def test_8_the_job_of_another_is_not_found_and_an_own_one_gives_nothing_after_its_sharing_ended(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    job = enqueue(stored, "print_document", {"key": "k", "order": "o", "page": []}, owner=here.head_kh, now=NOW)
    stored.commit()
    as_(client, stored, here.head_th)
    found = [client.get(f"/jobs/{one}") for one in (job.uuid, uuid.uuid4())]
    assert [one.status_code for one in found] == [404, 404]
    assert make_cases.without_tokens(found[0].data) == make_cases.without_tokens(found[1].data)
    assert b"KH-L1" in client.get(f"{OUT}.json").data
    services.revoke(stored, lead.item.disclosures[0], actor=here.head_kh, now=NOW)
    stored.commit()
    assert b"KH-L1" not in client.get(f"{OUT}.json").data


def test_9_no_page_tells_a_delegation_the_address_of_somebody_in_another(
    client: FlaskClient, app: Flask, stored: Session, here: World, lead: Lead
) -> None:
    delegate = make.user(stored, "Ploy Suda")
    make.membership(stored, here.meeting, delegate, Role.DELEGATE, of_delegation=here.th)
    as_(client, stored, delegate)
    pages = [one for one in everything(app) if not one.endswith(".pdf")]
    pages += [f"/leads/{lead.item.uuid}", f"/meetings/seoul-2/delegations/{here.kh.uuid}"]
    for page in (*pages, f"/meetings/seoul-2/search?q={here.head_kh.email}", "/meetings/seoul-2/search?q=Sok"):
        content = plain(client.get(page).data).replace(f"q={here.head_kh.email}".encode(), b"")
        if "search" not in page:  # the field shows again what was asked
            assert here.head_kh.email.encode() not in content, page
        assert b"/people/" not in content.replace(str(here.th.uuid).encode(), b""), page


def test_11_the_head_of_a_delegation_moves_nobody_of_another(client: FlaskClient, stored: Session, here: World) -> None:
    as_(client, stored, here.head_th)
    before = stored.scalars(select(Membership.delegation_id).order_by(Membership.id)).all()
    stored.commit()
    theirs = f"/meetings/seoul-2/delegations/{here.kh.uuid}/people"
    own = f"/meetings/seoul-2/delegations/{here.th.uuid}/people"
    data = {"once": once(), "name": "X", "given_name": "X", "email": "x@example.org", "version": "1"}
    for address in (
        f"{theirs}/new",
        f"{theirs}/{here.delegate_kh.uuid}",
        f"{theirs}/{here.delegate_kh.uuid}/delete",
        f"{theirs}/{here.delegate_kh.uuid}/let-in",
    ):
        assert client.post(address, data=data).status_code in {403, 404}, address
    for way in ("", "/delete", "/let-in"):  # somebody else's person at the own delegation's address
        assert client.post(f"{own}/{here.delegate_kh.uuid}{way}", data=data).status_code in {403, 404}, way
    stored.expire_all()
    assert stored.scalars(select(Membership.delegation_id).order_by(Membership.id)).all() == before
    assert stored.get_one(Delegate, here.delegate_kh.id).delegation_id == here.kh.id


@pytest.mark.parametrize("formula", FORMULAS)
def test_35_what_looks_like_a_formula_is_text_in_a_workbook(
    client: FlaskClient, stored: Session, here: World, formula: str
) -> None:
    one = make_cases.case(stored, here, title=Words.of(formula), summary=Words.of(formula))
    make_cases.lead(stored, here, one, title=Words.of(formula), body=Words.of(formula))
    stored.commit()
    as_(client, stored, here.head_kh)
    with ZipFile(io.BytesIO(client.get(f"{OUT}.xlsx?language=en").data)) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 1
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet.lower()]


def test_54_nothing_of_an_item_is_kept_by_a_browser(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_th)
    for page in (
        f"/leads/{lead.item.uuid}",
        f"/cases/{lead.case.item.uuid}",
        "/meetings/seoul-2/leads",
        "/meetings/seoul-2/search?q=number",
        f"{OUT}.json",
        f"{OUT}.xlsx",
        "/meetings/seoul-2/reports/leads.pdf",
    ):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Cache-Control"], answer.headers.get("ETag")) == (
            200,
            "no-store",
            None,
        ), page
