"""Leads exchanged: each reader sees exactly what is theirs, and what each lead led to as far as they may see it."""

import io
import re
import zipfile
from datetime import date

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.cases.domain import FeedbackKind
from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.reports import queries, rendering
from confmgr.reports.domain import exchange
from confmgr.reports.queries import Asked, LeadsReport
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, shared_lead
from tests.make_outcomes import action, figure, request
from tests.make_scheduling import NOW, World, as_, world

PAGE = "/meetings/seoul-2/reports/leads"
RIGHT_TO_LEFT = b'rightToLeft="1"'


def chained(session: Session) -> World:
    """Cambodia gave Thailand one lead that led to a request, a raid and 15 arrests, and one that led to nothing."""
    here = world(session)
    own = case(session, here)
    cases.disclose_item(session, own.item, actor=here.head_kh, now=NOW, to=[here.th])
    first = shared_lead(session, here, own, title=Words.of("The blue villa"))
    shared_lead(session, here, own, "KH-L2", title=Words.of("=SUM(A1:A9)"), body=Words.of("@here"))
    asked, raid = request(session, here), action(session, here)
    services.carry_out(session, raid, actor=here.head_kh, now=NOW, on=date(2026, 2, 20))
    for cause, effect in ((first.item, asked.item), (asked.item, raid.item)):
        services.link_chain(session, here.meeting.operation, cause, effect)
    figure(session, here, joint_action=raid)
    figure(session, here, "rescued", 1, measure="rescued", joint_action=raid)
    cases.give_feedback(
        session, first, actor=here.head_th, now=NOW, party=here.th.party, kind=FeedbackKind.IN_USE, note="so"
    )
    session.commit()
    return here


def leadership(session: Session, here: World) -> User:
    person = make.user(session, "Chief")
    make.membership(session, here.meeting, person, Role.LEADERSHIP)
    session.commit()
    return person


def observer(session: Session, here: World) -> User:
    of = make.delegation(session, here.meeting, "JP")
    of.status = DelegationStatus.OBSERVER
    person = make.user(session, "Observer")
    make.membership(session, here.meeting, person, Role.HEAD, of_delegation=of)
    session.commit()
    return person


def report(session: Session, here: World, who: str = "kh", **asked: str) -> LeadsReport:
    person = {"kh": here.head_kh, "th": here.head_th, "organiser": here.organiser}[who]
    viewer = viewer_of(session, person, NOW)
    return queries.leads_report(
        session, here.meeting.operation, viewer, NOW, meeting=here.meeting, asked=Asked(**asked)
    )


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_giver_sees_what_each_lead_each_cell_and_each_giver_led_to(stored: Session) -> None:
    here = chained(stored)
    found = report(stored, here)
    came = found.cells["KH", "TH"]
    assert (len(came.requests), len(came.actions), int(came.arrested.high), int(came.rescued.high)) == (1, 1, 15, 1)
    assert found.givers["KH"] == came
    assert [one.anything for one in found.came.values()] == [True, False]
    assert [(bar.name, int(bar.low)) for bar in found.funnel] == [
        ("leads", 2),
        ("requests", 1),
        ("actions", 1),
        ("arrested", 1),
    ]


def test_a_raid_to_which_two_leads_led_counts_once(stored: Session) -> None:
    here = chained(stored)
    found = report(stored, here)
    second = next(row for row in found.rows if row.item.reference == "KH-L2")
    raid = stored.scalars(select(Item).where(Item.uuid == found.together.actions[0].uuid)).one()
    services.link_chain(stored, here.meeting.operation, second.item, raid)
    again = report(stored, here)
    assert again.together.arrested.high == 15
    assert [one.arrested.high for one in again.came.values()] == [15, 15]


def test_a_receiver_who_may_not_see_the_raid_reads_of_the_request_alone(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    found = report(stored, here, "th")
    assert (len(found.together.requests), len(found.together.actions)) == (1, 0)
    assert found.together.arrested.parts == ()
    as_(client, stored, here.head_th)
    page = client.get(PAGE).text
    assert "Who rents the villa?" in page
    assert "Raid of the blue villa" not in page
    assert "15" not in text_of(page).split("What came of them")[1].split("By case")[0]


def test_the_hosts_leadership_sees_who_gave_to_whom_and_how_many_are_closed_to_it(
    client: FlaskClient, stored: Session
) -> None:
    here = chained(stored)
    as_(client, stored, leadership(stored, here))
    page = client.get(PAGE).text
    assert "2 leads on 1 cases were exchanged. Of 2 of them only the envelope is shown here" in text_of(page)
    assert "KH/KH-L1" in page
    assert "KH/KH-01" in page
    assert "No request and no joint action is linked to these leads yet, or none that you may see." in page
    for secret in ("The blue villa", "Voice phishing ring", "Raid of", "Who rents", "In use"):
        assert secret not in page
    assert 'class="on-tlp-amber' in page


def test_a_delegation_reads_title_marking_feedback_case_and_chain_of_its_leads(
    client: FlaskClient, stored: Session
) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    for told in ("The blue villa", "Voice phishing ring in Sihanoukville", "TLP:AMBER", "In use", "KH/KH-L1 → TH"):
        assert told in page, told
    lead_of = report(stored, here).rows[0]
    assert f"/chain/{lead_of.item.uuid}" in page
    assert "Raid of the blue villa" in page


def test_an_observer_to_whom_nothing_was_given_learns_of_no_lead(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    as_(client, stored, observer(stored, here))
    page = client.get(PAGE).text
    assert "No lead has been shared that you may know of." in page
    assert "KH-L1" not in page
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}.xlsx").data))
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [2, 2, 2]


def test_of_red_leadership_learns_number_giver_and_date_and_not_the_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own = case(stored, here, "KH-09")
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    row = lead(stored, here, own, "KH-R", tlp=Tlp.RED, named_readers=[second])
    cases.share_lead(stored, row, actor=here.head_kh, now=NOW, persons=[here.head_th])
    as_(client, stored, leadership(stored, here))
    page = client.get(PAGE).text
    assert "1 lead is marked TLP:RED" in page
    assert "KH/KH-R" in page
    assert "KH-09" not in page
    assert "TH" not in text_of(page).split("Who gave to whom")[1].split("By case")[0].split()


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"giver": "KH"}, 2),
        ({"giver": "TH"}, 0),
        ({"receiver": "TH"}, 2),
        ({"case": "KH/KH-01"}, 2),
        ({"case": "KH/NO"}, 0),
        ({"feedback": "in_use"}, 1),
        ({"feedback": "none"}, 1),
    ],
)
def test_the_address_narrows_the_leads(stored: Session, asked: dict[str, str], left: int) -> None:
    assert report(stored, chained(stored), **asked).exchange.leads == left


def test_feedback_that_is_no_word_of_ours_leads_nowhere(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    assert client.get(f"{PAGE}?feedback=splendid").status_code == 404
    page = client.get(f"{PAGE}?giver=XX").text
    assert "No lead matches." in page


def test_leads_that_the_reader_cannot_read_are_found_by_no_feedback(stored: Session) -> None:
    here = chained(stored)
    assert report(stored, here, "organiser", feedback="in_use").exchange.leads == 0
    assert report(stored, here, "organiser", feedback="none").exchange.leads == 0


def test_the_document_says_what_it_was_narrowed_to(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    with client.application.app_context():
        html = rendering.leads(report(stored, here, giver="KH", feedback="in_use"), "en", NOW).html
    assert "Only: from KH, In use." in html
    assert "The blue villa" in html
    assert "KH-L2" not in html


def test_a_cell_is_the_darker_the_more_leads_it_holds() -> None:
    found = exchange([("KH", ["TH"])] * 8 + [("TH", ["KH"])] * 2 + [("VN", ["TH"])])
    assert found.heat("KH", "TH") == 4
    assert found.heat("TH", "KH") == 1
    assert found.heat("VN", "TH") == 1
    assert found.heat("VN", "KH") == 0


def test_the_workbook_holds_live_sums_and_the_same_numbers(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    made = client.get(f"{PAGE}.xlsx?language=en").data
    book = load_workbook(io.BytesIO(made))
    assert book.sheet_names == ["Matrix", "By case", "Leads"]
    matrix = book.get_sheet_by_name("Matrix").to_python()
    assert matrix[2][:8] == ["KH", 2, 2, 2, 1, 1, 15, 15]
    assert matrix[3][:4] == ["Received", 2, 2, 2]
    assert book.get_sheet_by_name("By case").to_python()[2][:3] == [
        "KH/KH-01",
        "Voice phishing ring in Sihanoukville",
        2,
    ]
    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<f>([^<]*)</f>", sheet) == [
        "SUM(B3:B3)",
        "COUNTIF('Leads'!$B$3:$B$4,$A3)",
        "SUM(B3:B3)",
        "SUM(C3:C3)",
        "SUM(D3:D3)",
    ]


def test_every_row_of_the_workbook_has_its_source_and_marking_and_every_sheet_the_strictest(
    client: FlaskClient, stored: Session
) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    made = client.get(f"{PAGE}.xlsx?language=en").data
    book = load_workbook(io.BytesIO(made))
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()[1:]
        marked, said = head.index("Marking"), head.index("Source")
        assert rows
        for row in rows:
            assert row[marked] == "TLP:AMBER"
            assert row[said] or row[0] == "Received"
    files = zipfile.ZipFile(io.BytesIO(made))
    for number in (1, 2, 3):
        sheet = files.read(f"xl/worksheets/sheet{number}.xml").decode()
        assert "TLP:AMBER" in re.findall(r"<oddHeader>(.*)</oddHeader>", sheet)[0]
        assert "TLP:AMBER" in re.findall(r"<oddFooter>(.*)</oddFooter>", sheet)[0]


def test_what_people_wrote_is_never_a_formula(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    made = client.get(f"{PAGE}.xlsx?language=en").data
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet3.xml")
    rows = load_workbook(io.BytesIO(made)).get_sheet_by_name("Leads").to_python()
    assert ["=SUM(A1:A9)", "@here"] in [row[5:7] for row in rows]


def test_an_arabic_workbook_runs_from_the_right(client: FlaskClient, stored: Session) -> None:
    here = chained(stored)
    as_(client, stored, here.head_kh)
    for language, mirrored in (("ar", True), ("ko", False)):
        files = zipfile.ZipFile(io.BytesIO(client.get(f"{PAGE}.xlsx?language={language}").data))
        for number in (1, 2, 3):
            assert (RIGHT_TO_LEFT in files.read(f"xl/worksheets/sheet{number}.xml")) is mirrored


def test_the_workbook_that_was_taken_is_noted_with_the_ids_of_its_leads_and_cases(
    client: FlaskClient, stored: Session
) -> None:
    here = chained(stored)
    found = report(stored, here).rows
    ids = {str(row.item.uuid) for row in found} | {str(row.lead.case.item.uuid) for row in found}
    as_(client, stored, here.head_kh)
    client.get(f"{PAGE}.xlsx")
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert entry.object_ids[0] == "leads-seoul-2-en.xlsx"
    assert set(entry.object_ids[1:]) == ids
    assert entry.actor_id == here.head_kh.id
