"""A report once issued stays byte for byte, opens to who may see all it holds, and a later one says what changed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.gateways.pdf import Press
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import JointActionState, PersonStatus, ReportKind, RequestStep
from confmgr.outcomes.models import Figure, IssuedReport
from confmgr.reports import issuing
from confmgr.reports.issuing import Subject
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Disclosure, Recall
from confmgr.values.words import Words
from tests import make, make_cases, make_issued, make_outcomes
from tests.gateways import paper
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, once, world

LATER = NOW + timedelta(days=20)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as one:
        yield one


@pytest.fixture(autouse=True)
def a_known_day() -> Iterator[None]:
    with clock.frozen(NOW + timedelta(hours=2)):
        yield


def of_operation(here: World) -> Subject:
    return Subject(ReportKind.OPERATION, here.meeting.operation)


def recorded(session: Session) -> tuple[World, User]:
    """A raid that delegations see, with fifteen arrested, and three returned; and somebody who leads the host."""
    here = world(session)
    make_outcomes.figure(session, here, "returned", 3, measure="returned")
    raid = make_outcomes.carried_out(session, here, tlp=Tlp.GREEN)
    make_outcomes.figure(session, here, joint_action=raid)
    return here, make_issued.leader(session, here)


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IssuedReport)) or 0


def test_the_same_content_issued_twice_is_one_report_with_one_number(app: Flask, stored: Session, press: Press) -> None:
    here, leader = recorded(stored)
    first = make_issued.issued(app, stored, press, of_operation(here), leader, NOW)
    again = make_issued.issued(app, stored, press, of_operation(here), leader, LATER)
    assert (again.id, again.number, rows(stored)) == (first.id, first.number, 1)
    with app.test_request_context():
        made = make_issued.ready(stored, of_operation(here), leader, LATER)
        assert issuing.file_of(made, leader, press)[1] == first.file


def test_the_file_is_of_the_last_thing_that_it_tells_and_bears_its_number_on_every_page(
    app: Flask, stored: Session, press: Press
) -> None:
    here, leader = recorded(stored)
    row = make_issued.issued(app, stored, press, of_operation(here), leader, LATER)
    assert row.as_of == NOW
    assert paper.metadata(row.file)["CreationDate"] == "D:20260115030000Z"
    for page in range(paper.pages(row.file)):
        assert row.number in paper.said(row.file, page)
        assert "Made for Commissioner General." in paper.said(row.file, page)
    assert issuing.number_inside(row.file) == row.number


def test_another_language_and_another_issuer_have_numbers_of_their_own(app: Flask, stored: Session) -> None:
    here, leader = recorded(stored)
    with app.test_request_context():
        numbers = {
            make_issued.ready(stored, of_operation(here), who, NOW, language=language).number
            for who in (leader, here.organiser)
            for language in ("en", "ko")
        }
    assert len(numbers) == 4


def test_of_nothing_no_report_is_issued(app: Flask, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    with app.test_request_context(), pytest.raises(Refused, match="nothing_to_issue"):
        make_issued.ready(stored, of_operation(here), here.organiser, NOW)


def test_a_late_correction_stands_in_the_next_issue_and_leaves_the_first_as_it_was(
    app: Flask, stored: Session, press: Press, client: FlaskClient
) -> None:
    here, leader = recorded(stored)
    first = make_issued.issued(app, stored, press, of_operation(here), leader, NOW)
    before = first.file
    make_outcomes.figure(stored, here, "rescued", 2, measure="rescued")
    services.correct_figure(
        stored,
        stored.scalars(select(Figure).where(Figure.code == "poipet")).one(),
        actor=here.head_kh,
        now=LATER,
        code="poipet-2",
        low=Decimal(17),
        high=None,
        source=make_outcomes.source(stored, here),
        as_of=date(2026, 2, 1),
    )
    stored.commit()
    second = make_issued.issued(app, stored, press, of_operation(here), leader, LATER)
    assert second.replaces_id == first.id
    assert first.file == before
    told = issuing.changes_of(second)
    assert told is not None
    fifteen, seventeen, two = ((Decimal(n), Decimal(n)) for n in (15, 17, 2))
    assert [(row.measure, row.before, row.now) for row in told.totals] == [
        ("arrested", fifteen, seventeen),
        ("rescued", None, two),
    ]
    assert [(row.before, row.now) for row in told.corrected] == [(fifteen, seventeen)]
    assert "What changed since the last report" in [text for _level, text in paper.bookmarks(second.file)]
    as_(client, stored, leader)
    page = client.get(f"/issued/{second.uuid}").text
    assert "Totals that moved" in page
    assert first.number in page
    assert "A later report took its place." in client.get(f"/issued/{first.uuid}").text


def test_a_later_report_tells_new_actions_answers_and_persons_held_to_be_something_else(
    app: Flask, stored: Session, press: Press
) -> None:
    here = world(stored)
    raid = make_outcomes.carried_out(stored, here, tlp=Tlp.GREEN)
    found = services.find_persons(stored, raid, name=Words.of("Four men"), count=4)
    asked = make_outcomes.request(stored, here, tlp=Tlp.GREEN)
    leader = make_issued.leader(stored, here)
    make_issued.issued(app, stored, press, of_operation(here), leader, NOW)
    services.set_status(stored, found, status=PersonStatus.SUSPECT, count=4, decided_on=date(2026, 1, 28))
    services.advance_request(stored, asked, actor=here.head_th, now=LATER, state=RequestStep.ACCEPTED)
    make_outcomes.carried_out(stored, here, "KH-A2", tlp=Tlp.GREEN, title=Words.of("Raid of the red house"))
    stored.commit()
    stored.expire_all()
    with app.test_request_context():
        told = make_issued.ready(stored, of_operation(here), leader, LATER).changes
    assert told is not None
    assert [(row.title, row.state) for row in told.actions] == [("Raid of the red house", JointActionState.ENDED)]
    assert [(row.asking, row.asked, row.state) for row in told.answered] == [("KH", "TH", RequestStep.ACCEPTED)]
    assert [(row.name, row.count, row.status) for row in told.reclassified] == [("Four men", 4, PersonStatus.SUSPECT)]


def test_a_revoked_disclosure_closes_an_issued_report(
    app: Flask, stored: Session, press: Press, client: FlaskClient
) -> None:
    here = world(stored)
    raid = make_outcomes.carried_out(stored, here, tlp=Tlp.AMBER)
    make_outcomes.figure(stored, here, joint_action=raid)
    sharing.disclose(stored, raid.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    stored.commit()
    row = make_issued.issued(
        app, stored, press, Subject(ReportKind.PARTY, here.meeting.operation, party=here.kh.party), here.head_kh, NOW
    )
    as_(client, stored, here.head_th)
    assert client.get(f"/issued/{row.uuid}").status_code == 200
    assert row.number in client.get("/operations/breaking-chains/reports").text
    for disclosure in stored.scalars(select(Disclosure).where(Disclosure.item_id == raid.id)):
        disclosure.revoked_at = NOW
    stored.commit()
    nowhere = client.get("/issued/00000000-0000-4000-8000-000000000000")
    for page in (f"/issued/{row.uuid}", f"/issued/{row.uuid}.pdf"):
        assert client.get(page).status_code == 404
    assert make_cases.without_tokens(client.get(f"/issued/{row.uuid}").data) == make_cases.without_tokens(nowhere.data)
    assert row.number not in client.get("/operations/breaking-chains/reports").text


def test_who_took_the_file_of_a_report_is_asked_to_use_no_copy_of_what_is_taken_back(
    app: Flask, stored: Session, press: Press, client: FlaskClient
) -> None:
    here = world(stored)
    raid = make_outcomes.carried_out(stored, here, tlp=Tlp.AMBER)
    make_outcomes.figure(stored, here, joint_action=raid)
    sharing.disclose(stored, raid.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    stored.commit()
    row = make_issued.issued(
        app, stored, press, Subject(ReportKind.PARTY, here.meeting.operation, party=here.kh.party), here.head_kh, NOW
    )
    as_(client, stored, here.head_th)
    assert client.get(f"/issued/{row.uuid}.pdf").status_code == 200
    sharing.withdraw(stored, raid.item, actor=here.head_kh, now=LATER)
    recalls = stored.scalars(select(Recall))
    assert [(one.user_id, one.item_id, one.taken) for one in recalls] == [(here.head_th.id, raid.id, True)]


def test_a_lead_of_which_a_reader_may_not_know_closes_the_report_to_that_reader(
    app: Flask, stored: Session, press: Press, client: FlaskClient
) -> None:
    here, leader = recorded(stored)
    case = make_cases.case(stored, here)
    make_cases.shared_lead(stored, here, case)
    other = make.delegation(stored, here.meeting, "VN")
    head = make.user(stored, "Minh")
    make.membership(stored, here.meeting, head, Role.HEAD, of_delegation=other)
    stored.commit()
    row = make_issued.issued(app, stored, press, of_operation(here), leader, NOW)
    for who, status in ((leader, 200), (here.organiser, 404), (head, 404)):
        as_(client, stored, who)
        assert client.get(f"/issued/{row.uuid}.pdf").status_code == status


def test_a_secret_plan_is_in_no_report_not_even_in_its_authors(app: Flask, stored: Session) -> None:
    here, _leader = recorded(stored)
    second = colleague(stored, here, here.kh, "Chan Thida")
    make_outcomes.action(stored, here, "KH-SECRET", tlp=Tlp.RED, named_readers=[second, here.organiser])
    stored.commit()
    with app.test_request_context():
        made = make_issued.ready(stored, of_operation(here), here.head_kh, NOW)
    assert [row.item.reference for row in made.report.actions] == ["KH-A1"]
    assert made.report.marking is Tlp.GREEN


@pytest.mark.slow
def test_a_report_is_issued_and_opened_in_the_browser_and_both_are_in_the_audit(
    client: FlaskClient, stored: Session
) -> None:
    here, leader = recorded(stored)
    as_(client, stored, leader)
    page = client.get("/operations/breaking-chains/report/issue")
    assert "Issue this report" in page.text
    answer = client.post("/operations/breaking-chains/report/issue", data={"once": once()})
    row = stored.scalars(select(IssuedReport)).one()
    file = row.file
    stored.commit()
    assert answer.headers["Location"] == f"/issued/{row.uuid}"
    assert client.get(f"/issued/{row.uuid}.pdf").data == file
    again = client.post("/operations/breaking-chains/report/issue", data={"once": once(2)}, follow_redirects=True)
    assert "This very report was issued before." in again.text
    assert rows(stored) == 1
    noted = stored.scalars(select(AuditEntry.action).where(AuditEntry.object_uuid == row.uuid))
    assert list(noted) == ["issue", "export"]
    assert here.meeting.operation_id == row.operation_id


def test_who_has_nothing_to_issue_is_told_so_on_the_page_of_reports(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get("/operations/breaking-chains/report/issue", follow_redirects=True)
    assert page.status_code == 200
    assert "Nothing is recorded yet of which this report could tell." in page.text


@pytest.mark.parametrize(
    "page", ["/operations/breaking-chains/report/issue", "/meetings/seoul-2/reports/outcome/issue"]
)
def test_only_organisers_and_the_hosts_leadership_issue(client: FlaskClient, stored: Session, page: str) -> None:
    here, leader = recorded(stored)
    for who, status in ((leader, 200), (here.organiser, 200), (here.head_kh, 403), (here.head_th, 403)):
        as_(client, stored, who)
        assert client.get(page).status_code == status


def test_the_report_of_a_party_is_issued_by_its_head(client: FlaskClient, stored: Session) -> None:
    here, leader = recorded(stored)
    page = "/operations/breaking-chains/party/KH/report/issue"
    for who, status in ((leader, 200), (here.head_kh, 200), (here.organiser, 404), (here.head_th, 404)):
        as_(client, stored, who)
        assert client.get(page).status_code == status
