"""Reports hold what their reader may see, on the page as in the document, and an outsider sees that there is none."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.activity.services import record
from confmgr.gateways.pdf import Press
from confmgr.meetings.domain import Role
from confmgr.reports import queries, rendering
from confmgr.reports.domain import exchange
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make, make_cases
from tests.make_cases import without_tokens
from tests.make_outcomes import action
from tests.make_scheduling import NOW, World, as_, bilateral, world

SECRET = "the blue house behind the market"
PAGES = ["reports", "reports/outcome", "reports/leads", "reports/programme.pdf"]


def with_a_lead(session: Session) -> World:
    """Cambodia gave Thailand a lead; a third delegation has nothing of it."""
    here = world(session)
    case = make_cases.case(session, here, "C-1", disclose_to=[here.th])
    make_cases.shared_lead(session, here, case, "L-1", title=Words.of("A house"), body=Words.of(SECRET))
    session.commit()
    return here


def test_a_receiver_reads_the_lead_in_the_report(client: FlaskClient, stored: Session) -> None:
    here = with_a_lead(stored)
    as_(client, stored, here.head_th)
    assert SECRET in client.get("/meetings/seoul-2/reports/leads").text


def test_an_organiser_sees_that_a_lead_went_but_not_what_it_says(client: FlaskClient, stored: Session) -> None:
    here = with_a_lead(stored)
    as_(client, stored, here.organiser)
    text = client.get("/meetings/seoul-2/reports/leads").text
    assert "KH/L-1" in text
    assert SECRET not in text
    assert "A house" not in text


def test_another_delegation_does_not_learn_that_there_is_a_lead(client: FlaskClient, stored: Session) -> None:
    here = with_a_lead(stored)
    other = make.delegation(stored, here.meeting, "VN")
    head = make.user(stored, "Minh")
    make.membership(stored, here.meeting, head, Role.HEAD, of_delegation=other)
    stored.commit()
    as_(client, stored, head)
    text = client.get("/meetings/seoul-2/reports/leads").text
    assert "No lead has been shared that you may know of." in text
    assert b"KH" not in without_tokens(text.encode())


@pytest.mark.parametrize("page", PAGES)
def test_to_an_outsider_the_reports_do_not_exist(client: FlaskClient, stored: Session, page: str) -> None:
    world(stored)
    stranger = make.user(stored, "Stranger")
    stored.commit()
    as_(client, stored, stranger)
    assert client.get(f"/meetings/seoul-2/{page}").status_code == 404


def test_an_action_without_a_date_has_none_in_the_report_and_not_that_of_today(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    action(stored, here)
    stored.commit()
    as_(client, stored, here.head_kh)
    text = client.get("/operations/breaking-chains/report").text
    assert "<td>no date</td>" in text


def test_a_language_that_documents_do_not_speak_is_refused(client: FlaskClient, stored: Session) -> None:
    here = with_a_lead(stored)
    as_(client, stored, here.organiser)
    answer = client.get("/meetings/seoul-2/reports/programme.pdf?language=tlh")
    assert answer.status_code == 422
    assert "tlh" in answer.text


def test_a_delegations_programme_is_for_itself_and_for_organisers(client: FlaskClient, stored: Session) -> None:
    here = with_a_lead(stored)
    page = f"/meetings/seoul-2/delegations/{here.kh.uuid}/programme"
    for who, status in ((here.head_kh, 200), (here.organiser, 200), (here.head_th, 404)):
        as_(client, stored, who)
        assert client.get(page).status_code == status


def test_the_same_report_gives_the_same_bytes(stored: Session, client: FlaskClient) -> None:
    here = with_a_lead(stored)
    bilateral(stored, here)
    viewer = viewer_of(stored, here.head_th, NOW)
    with client.application.app_context(), Press() as press:
        report = queries.leads_report(stored, here.meeting.operation, viewer, NOW, meeting=here.meeting)
        paper = rendering.leads(report, "ko", NOW)
        assert paper.pdf(press) == paper.pdf(press)
        assert SECRET in paper.html


def test_a_lead_to_three_parties_stands_in_three_cells_and_counts_once_for_its_giver() -> None:
    found = exchange([("KH", ["TH", "VN", "KR"]), ("KH", ["TH"]), ("TH", ["KH"])])
    assert found.given == {"KH": 2, "TH": 1}
    assert found.cells["KH", "TH"] == 2
    assert found.received == {"TH": 2, "VN": 1, "KR": 1, "KH": 1}
    assert found.leads == 3


def test_what_changed_lately_counts_the_day_on_which_it_was_done_last(session: Session) -> None:
    here = world(session)
    for days in (0, 0, 30):
        record(
            session,
            actor=here.organiser,
            now=NOW + timedelta(days=days),
            action="move",
            object_type="session",
            meeting_id=here.meeting.id,
        )
    session.flush()
    found = [one for one in queries.home(session, here.meeting, NOW).changes if one.object_type == "session"]
    assert [(one.action, one.count, one.last) for one in found] == [("move", 1, NOW + timedelta(days=30))]
