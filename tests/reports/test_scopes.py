"""Reports of a period and of a party hold what belongs to them, each for three readers as far as the rule lets them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.outcomes.domain import RequestStep
from confmgr.reports import queries
from confmgr.reports.domain import Asked, Period, responses
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make, make_cases, make_issued, make_outcomes
from tests.make_scheduling import NOW, World, as_, world

DECEMBER = Period(date(2025, 12, 1), date(2025, 12, 31))
HOUSE = "Raid of the blue villa"


def watched(session: Session) -> tuple[World, dict[str, User]]:
    """Cambodia gave Thailand a lead and asked it something, and raided a house: AMBER, for itself and Thailand."""
    here = world(session)
    case = make_cases.case(session, here)
    make_cases.shared_lead(session, here, case)
    make_outcomes.request(session, here)
    raid = make_outcomes.carried_out(session, here, tlp=Tlp.AMBER)
    make_outcomes.figure(session, here, joint_action=raid)
    make_outcomes.figure(session, here, "november", 4, period=(date(2025, 11, 1), date(2025, 11, 30)))
    make_outcomes.figure(session, here, "winter", 9, period=(date(2025, 11, 20), date(2025, 12, 5)))
    observer = make.user(session, "Observer")
    watching = make.delegation(session, here.meeting, "IOM", status=DelegationStatus.OBSERVER)
    make.membership(session, here.meeting, observer, Role.HEAD, of_delegation=watching)
    leader = make_issued.leader(session, here)
    session.commit()
    return here, {"leader": leader, "own": here.head_kh, "other": here.head_th, "observer": observer}


def test_a_period_has_the_figures_that_lie_within_it_and_no_others(session: Session) -> None:
    here = world(session)
    raid = make_outcomes.carried_out(session, here)
    make_outcomes.figure(session, here, joint_action=raid)
    make_outcomes.figure(session, here, "winter", 9, period=(date(2025, 11, 20), date(2025, 12, 5)))
    viewer = viewer_of(session, here.head_kh, NOW)
    found = queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date(), period=DECEMBER)
    assert [(line.measure, int(line.total.low)) for line in found.totals] == [("arrested", 15), ("joint_actions", 1)]
    assert [row.title for row in found.actions] == [Words.of(HOUSE)]
    later = Period(date(2026, 1, 1), date(2026, 1, 31))
    empty = queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date(), period=later)
    assert (empty.totals, empty.actions) == ((), ())


def test_a_period_has_the_requests_that_were_asked_or_answered_in_it(session: Session) -> None:
    here = world(session)
    make_outcomes.request(session, here)
    viewer = viewer_of(session, here.head_kh, NOW)
    counts = [
        len(
            queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date(), period=days).requests
        )
        for days in (DECEMBER, Period(NOW.date(), NOW.date()))
    ]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Write both days like 2026-02-05."),
        ("?from=yesterday&to=2026-02-05", "Write both days like 2026-02-05."),
        ("?from=2026-02-30&to=2026-03-01", "Write both days like 2026-02-05."),
        ("?from=2026-02-05&to=2026-02-04", "The last day is before the first."),
    ],
)
def test_days_that_are_none_are_refused_in_words(
    client: FlaskClient, stored: Session, query: str, sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    for page in ("report/period", "report/period.pdf"):
        answer = client.get(f"/operations/breaking-chains/{page}{query}")
        assert answer.status_code == 422
        assert sentence in answer.text


def test_the_report_of_a_party_is_for_its_members_and_the_hosts_leadership(
    client: FlaskClient, stored: Session
) -> None:
    here, people = watched(stored)
    page = "/operations/breaking-chains/party/KH/report"
    for who, status in (("own", 200), ("leader", 200), ("other", 404), ("observer", 404)):
        as_(client, stored, people[who])
        assert client.get(page).status_code == status
    as_(client, stored, here.organiser)
    assert client.get(page).status_code == 404
    unknown = client.get("/operations/breaking-chains/party/ZZ/report")
    assert make_cases.without_tokens(client.get(page).data) == make_cases.without_tokens(unknown.data)


def test_who_came_to_two_meetings_gets_the_reports_of_days_and_of_the_party(session: Session) -> None:
    here = world(session)
    make_outcomes.figure(session, here)
    later = make.meeting(session, of=here.meeting.operation, slug="busan", number=3)
    again = make.delegation(session, later, of_party=here.kh.party)
    make.membership(session, later, here.head_kh, Role.HEAD, of_delegation=again)
    viewer, operation = viewer_of(session, here.head_kh, NOW), here.meeting.operation
    own = queries.party_report(session, operation, here.kh.party, viewer, NOW, as_of=NOW.date())
    days = queries.outcome_report(session, operation, viewer, NOW, as_of=NOW.date(), period=DECEMBER)
    assert [line.measure for line in own.totals] == ["arrested"]
    assert [line.measure for line in days.totals] == ["arrested"]


def test_three_readers_get_what_they_may_see(client: FlaskClient, stored: Session) -> None:
    _here, people = watched(stored)
    days = "/operations/breaking-chains/report/period?from=2025-12-01&to=2026-12-31"
    seen = {}
    for who in ("own", "other", "leader", "observer"):
        as_(client, stored, people[who])
        text = client.get(days).text
        seen[who] = (HOUSE in text, "Who rents the villa?" in text, "Identification" in text)
    assert seen == {
        "own": (True, True, True),
        "other": (False, True, True),
        "leader": (False, False, True),
        "observer": (False, False, False),
    }


def test_response_figures_count_answers_in_time_later_and_none(session: Session) -> None:
    asked = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [
        Asked(asked, asked + timedelta(days=2), RequestStep.DONE),
        Asked(asked, asked + timedelta(days=7), RequestStep.ACCEPTED),
        Asked(asked, asked + timedelta(days=12), RequestStep.DECLINED),
        Asked(asked, None, RequestStep.ASKED),
    ]
    found = responses(rows)
    assert (found.asked, found.in_time, found.later, found.none) == (4, 2, 1, 1)
    assert (found.done, found.declined, found.days) == (1, 1, 7)
    assert responses([]).days is None


def test_open_requests_come_first_and_the_overdue_before_all(session: Session) -> None:
    here = world(session)
    for reference, due in (("KH-R1", datetime(2026, 3, 1, 9)), ("KH-R2", datetime(2026, 1, 2, 9))):  # noqa: DTZ001
        make_outcomes.request(session, here, reference, due=(due, "Asia/Bangkok"))
    viewer = viewer_of(session, here.head_kh, NOW)
    found = queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date())
    assert [row.item.reference for row in found.open_requests] == ["KH-R2", "KH-R1"]
    assert len(found.overdue) == 1
