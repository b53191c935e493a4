"""Prints hold what their reader may see and what may hang on a door, and say which state they show."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import pdf
from confmgr.jobs import running
from confmgr.jobs.models import Job
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.reports.models import CachedDocument
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import SessionCase
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.gateways.paper import opened
from tests.make_invitations import case, published
from tests.make_scheduling import ELEVEN, NOW, World, as_, bilateral, world

BASE = "/meetings/seoul-2/prints"
SECRET = "The ringleader of the blue house"
ALL = ["day-board.pdf", "door-signs.pdf", "delegations.pdf"]


def planned(session: Session) -> World:
    """Cambodia and Thailand meet on a case; the meeting is named after it."""
    here = world(session)
    make.delegation(session, here.meeting, "VN")
    row = bilateral(session, here, title=Words.of(SECRET))
    row.cases.append(SessionCase(case_id=case(session, here, SECRET).id))
    session.commit()
    return here


def text(answer: bytes) -> list[str]:
    """The words of each page."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in opened(answer)]


def get(client: FlaskClient, page: str) -> list[str]:
    answer = client.get(page)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return text(answer.data)


def test_a_day_board_shows_who_meets_and_never_what_about(client: FlaskClient, stored: Session) -> None:
    here = planned(stored)
    published(stored, here)
    as_(client, stored, here.organiser)
    first, second = get(client, f"{BASE}/day-board.pdf")
    assert "KH–TH" in first
    assert "issue 1" in first
    assert first.count("TLP:AMBER") == 2
    assert SECRET not in first
    assert "Nothing on this day yet." in second


def test_the_working_schedule_is_printed_for_organisers_and_says_that_it_is_not_published(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    as_(client, stored, here.organiser)
    for page in ALL:
        found = get(client, f"{BASE}/{page}?from=working")
        assert all("Working schedule, not published" in words for words in found)
        assert "KH" in found[0]
    as_(client, stored, here.head_kh)
    own = f"/meetings/seoul-2/delegations/{here.kh.uuid}/programme.pdf"
    assert client.get(f"{own}?from=working").status_code == 403


@pytest.mark.parametrize("page", ALL)
def test_without_a_publication_a_print_says_that_nothing_is_published(
    client: FlaskClient, stored: Session, page: str
) -> None:
    here = planned(stored)
    as_(client, stored, here.organiser)
    (only,) = get(client, f"{BASE}/{page}")
    assert "Nothing is published yet." in only


def test_a_door_sign_names_parties_by_code_and_name_and_nothing_of_the_case(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    bilateral(stored, here, starts=ELEVEN, place=here.t2)
    published(stored, here)
    as_(client, stored, here.organiser)
    found = get(client, f"{BASE}/door-signs.pdf")
    assert len(found) == 2
    assert "10:00–10:40" in found[0]
    assert "KH Cambodia" in found[0]
    assert "TH Thailand" in found[0]
    assert SECRET not in " ".join(found)
    assert "KH-01" not in " ".join(found)
    assert len(get(client, f"{BASE}/door-signs.pdf?place=T2")) == 1


def test_the_programmes_of_all_delegations_hold_each_its_own_and_number_their_own_pages(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    published(stored, here)
    as_(client, stored, here.organiser)
    kh, th, vn = get(client, f"{BASE}/delegations.pdf")
    assert "Thailand TH" in kh
    assert "Cambodia KH" in th
    assert "Thailand" not in vn
    assert all("1 / 1" in page for page in (kh, th, vn))
    assert "KH-01 A fraud case" in kh  # the envelope
    answer = client.get(f"{BASE}/delegations.pdf").data
    marks = [(one.level, one.get_title()) for one in opened(answer).get_toc()]
    assert [title for level, title in marks if level == 0] == ["Cambodia KH", "Thailand TH", "Viet Nam VN"]


def test_each_in_its_own_language(client: FlaskClient, stored: Session) -> None:
    here = planned(stored)
    here.kh.languages = ["ko"]
    here.th.languages = ["th"]
    published(stored, here)
    as_(client, stored, here.organiser)
    kh, th, _vn = get(client, f"{BASE}/delegations.pdf?language=own")
    assert "2026년 2월 5일 목요일" in kh.replace("\u2060", "")
    assert "วันพฤหัสบดีที่ 5 กุมภาพันธ์" in th


def test_a_delegation_prints_its_own_programme_with_its_case_and_no_other_delegations(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    published(stored, here)
    as_(client, stored, here.head_kh)
    own = f"/meetings/seoul-2/delegations/{here.kh.uuid}/programme"
    (only,) = get(client, f"{own}.pdf")
    assert f"KH-01 {SECRET}" in only
    assert client.get(f"{own}.pdf".replace(str(here.kh.uuid), str(here.th.uuid))).status_code == 404
    assert "from=working" not in client.get(own).text
    as_(client, stored, here.organiser)
    assert "from=working" in client.get(own).text


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.PRESS])
def test_the_prints_of_the_whole_meeting_are_for_organisers(client: FlaskClient, stored: Session, role: Role) -> None:
    here = planned(stored)
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    assert client.get(BASE).status_code == 403
    for page in ALL:
        assert client.get(f"{BASE}/{page}").status_code == 403


@pytest.mark.parametrize(
    "page",
    ["day-board.pdf?day=2026-03-01", "door-signs.pdf?place=T9", "door-signs.pdf?day=x", "delegations.pdf?from=x"],
)
def test_an_unknown_day_place_or_state_is_not_found(client: FlaskClient, stored: Session, page: str) -> None:
    here = planned(stored)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/{page}").status_code == 404


def test_the_page_of_prints_offers_each_in_the_chosen_language_and_state(client: FlaskClient, stored: Session) -> None:
    here = planned(stored)
    as_(client, stored, here.organiser)
    assert "day-board.pdf?day=2026-02-05&amp;language=en&amp;from=working" in client.get(BASE).text
    assert "Publish the programme, or print the working schedule." in client.get(f"{BASE}?from=published").text
    published(stored, here)
    stored.commit()
    assert "day-board.pdf?language=ko&amp;from=published" in client.get(f"{BASE}?language=ko").text


def many(session: Session) -> World:
    """A published meeting of 28 delegations, whose programmes are more than a request prints."""
    here = planned(session)
    for n in range(25):
        make.delegation(session, here.meeting, f"X{chr(65 + n)}")
    published(session, here)
    session.commit()
    return here


def the_job(session: Session) -> Job:
    job = session.scalars(select(Job).where(Job.kind == "print_document").order_by(Job.id.desc()).limit(1)).one()
    session.commit()
    return job


def ran(client: FlaskClient, session: Session, job: Job) -> Job:
    session.commit()
    running.run(client.application, job.id)
    session.expire_all()
    return job


def test_many_sheets_are_printed_by_a_job_and_then_stand_at_their_own_address(
    client: FlaskClient, stored: Session
) -> None:
    here = many(stored)
    as_(client, stored, here.organiser)
    answer = client.get(f"{BASE}/delegations.pdf?language=en")
    job = the_job(stored)
    assert answer.location == f"/jobs/{job.uuid}"
    assert client.get(f"{BASE}/delegations.pdf?language=en").location == answer.location  # asked again: the same job
    ran(client, stored, job)
    assert (job.state.value, job.done, job.total) == ("done", 28, 28)
    stored.commit()
    assert f"{BASE}/delegations.pdf?language=en" in client.get(f"/jobs/{job.uuid}").text
    assert len(get(client, f"{BASE}/delegations.pdf?language=en")) == 28
    assert stored.scalars(select(CachedDocument.key)).all() == [job.args["key"]]  # the order and its text are gone


def test_nobody_opens_the_job_of_another_and_who_may_no_longer_print_gets_no_file(
    client: FlaskClient, stored: Session
) -> None:
    here = many(stored)
    second = make.user(stored, "Second organiser")
    make.membership(stored, here.meeting, second)
    as_(client, stored, here.organiser)
    client.get(f"{BASE}/delegations.pdf")
    job = ran(client, stored, the_job(stored))
    seat = stored.scalars(select(Membership).where(Membership.user_id == here.organiser.id)).one()
    seat.ends_at = NOW
    stored.commit()
    assert client.get(f"{BASE}/delegations.pdf").status_code in {403, 404}
    as_(client, stored, second)
    assert client.get(f"/jobs/{job.uuid}").status_code == 404
    assert client.get(f"{BASE}/{job.uuid}.pdf").status_code == 404


def test_what_was_revoked_while_a_job_printed_is_not_in_the_file_that_is_given(
    client: FlaskClient, stored: Session
) -> None:
    here = many(stored)
    as_(client, stored, here.organiser)
    client.get(f"{BASE}/delegations.pdf")
    first = ran(client, stored, the_job(stored))
    stored.scalars(select(Item).where(Item.kind == ItemKind.CASE)).one().state = ItemState.DRAFT  # nobody's but KH's
    stored.commit()
    answer = client.get(f"{BASE}/delegations.pdf")
    second = the_job(stored)
    assert answer.location == f"/jobs/{second.uuid}" != f"/jobs/{first.uuid}"
    ran(client, stored, second)
    stored.commit()
    found = " ".join(get(client, f"{BASE}/delegations.pdf"))
    assert "Thailand TH" in found
    assert "KH-01" not in found


def test_a_print_that_somebody_stopped_is_given_to_nobody(client: FlaskClient, stored: Session) -> None:
    here = many(stored)
    as_(client, stored, here.organiser)
    client.get(f"{BASE}/delegations.pdf")
    job = the_job(stored)
    job.cancel_asked = True
    ran(client, stored, job)
    assert job.result == {}
    assert not stored.scalars(select(CachedDocument.key)).all()


def test_a_document_asked_for_twice_is_made_once_and_the_same(client: FlaskClient, stored: Session) -> None:
    here = planned(stored)
    published(stored, here)
    as_(client, stored, here.organiser)
    first = client.get(f"{BASE}/day-board.pdf").data
    made = stored.scalars(select(CachedDocument)).one()
    assert bytes(made.file) == first
    made.file = b"%PDF from the cache"
    stored.commit()
    assert client.get(f"{BASE}/day-board.pdf").data == b"%PDF from the cache"
    assert client.get(f"{BASE}/day-board.pdf?language=ko").data != b"%PDF from the cache"


@pytest.mark.parametrize("state", ["published", "working"])
@pytest.mark.parametrize("number", [1, 20])
def test_a_print_asks_the_same_number_of_statements_for_any_number_of_sessions(
    client: FlaskClient, stored: Session, statements: Counter, state: str, number: int
) -> None:
    here = planned(stored)
    for n in range(number):
        make.place(stored, here.meeting, f"P{n}")
        bilateral(stored, here, anyway=True, kind=SessionKind.MULTILATERAL)
    published(stored, here)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(f"{BASE}/day-board.pdf?from={state}").status_code == 200
    asked = [
        one for one in statements.statements if not one.startswith("BEGIN")
    ]  # SQLite alone is told where one begins
    assert len(asked) == {"published": 21, "working": 24}[state]


def test_a_bound_document_is_the_same_twice_and_tells_of_each_part() -> None:
    parts = [pdf.Part(f"<html><head></head><body><p>{word}</p></body></html>", "en") for word in ("One", "Two")]
    created = datetime.fromisoformat("2026-02-05T09:00:00+00:00")
    heard: list[int] = []
    with pdf.Press() as press:
        first = press.bind(parts, created=created, title="Two", told=heard.append)
        assert press.bind(parts, created=created, title="Two") == first
    assert heard == [1, 2]
    assert text(first) == ["One", "Two"]


def test_no_address_makes_a_job_lead_elsewhere_or_break_its_page(client: FlaskClient, stored: Session) -> None:
    here = many(stored)
    as_(client, stored, here.organiser)
    forged = "_external=1&_scheme=javascript&_anchor=x&_method=DELETE"
    answer = client.get(f"{BASE}/delegations.pdf?language=en&{forged}")
    ran(client, stored, the_job(stored))
    page = client.get(answer.location)
    assert page.status_code == 200
    assert f'href="{BASE}/delegations.pdf?language=en"' in page.text
