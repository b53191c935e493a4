"""What an outcome report draws and tells beside its totals, and that no reader learns more of it than another may."""

from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.outcomes import services
from confmgr.outcomes.domain import PersonStatus, Publishing
from confmgr.reports import queries, stating
from confmgr.reports.domain import Period
from confmgr.reports.queries import OutcomeReport
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make_cases, make_moves, make_outcomes, make_rounds
from tests.conftest import Counter
from tests.make_scheduling import NOW, World, as_, world

PAGE = "/operations/breaking-chains/report"


def report(session: Session, here: World, who: User, period: Period | None = None) -> OutcomeReport:
    viewer = viewer_of(session, who, NOW)
    return queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date(), period=period)


def asked(session: Session, here: World) -> None:
    """Cambodia answered everything and keeps it to itself, Thailand answered in part, Japan said nil to all."""
    people = make_rounds.heads(session, here, ["JP"])
    row = make_rounds.round_(session, here, parties=[here.kh.party, here.th.party, people["JP"][0].party])
    whole = [make_rounds.value("arrested", 3), make_rounds.value("held", 2), make_rounds.nil("seized")]
    nothing = [make_rounds.nil(measure) for measure in ("arrested", "held", "seized")]
    own = make_rounds.of(row, here.kh)
    make_rounds.handed_in(session, own, here.head_kh, *whole, publishing=Publishing.NOT_ALLOWED)
    make_rounds.handed_in(session, make_rounds.of(row, here.th), here.head_th, make_rounds.value("arrested", 40))
    make_rounds.handed_in(session, make_rounds.of(row, people["JP"][0]), people["JP"][1], *nothing)


def test_a_round_tells_how_many_reported_and_how_much_the_same_to_everybody(session: Session) -> None:
    here = world(session)
    asked(session, here)
    for who in (here.organiser, here.head_kh, here.head_th):
        [one] = report(session, here, who).rounds
        assert (one.asked, one.reported, one.nil, one.final) == (3, 3, 1, False)
        assert {kind.value: count for kind, count in one.coverage.items()} == {
            "answered": 1,
            "partly": 1,
            "nil": 1,
            "none": 0,
        }
        arrested = one.lines[0]
        assert arrested.low == 40
        assert (arrested.reported, arrested.nil, arrested.left_out) == (3, 1, 1)


def test_a_report_is_of_the_day_on_which_the_last_return_was_handed_in(session: Session) -> None:
    here = world(session)
    later = NOW + timedelta(days=3)
    row = make_rounds.of(make_rounds.round_(session, here), here.kh)
    assert stating.newest(report(session, here, here.head_kh), later) == NOW
    make_rounds.handed_in(session, row, here.head_kh, make_rounds.value("arrested", 3), now=later)
    session.expire_all()
    assert stating.newest(report(session, here, here.head_kh), later) == later


def test_a_round_stands_in_the_reports_of_its_own_days_alone(session: Session) -> None:
    here = world(session)
    asked(session, here)
    winter = Period(date(2025, 12, 1), date(2026, 1, 31))
    december = Period(date(2025, 12, 1), date(2025, 12, 31))
    assert [len(report(session, here, here.head_kh, days).rounds) for days in (winter, december)] == [1, 0]


def test_any_number_of_rounds_takes_the_same_number_of_statements(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    asked(stored, here)
    counts = []
    for more in (0, 4):
        for _n in range(more):
            make_rounds.round_(stored, here)
        stored.commit()
        as_(client, stored, here.head_kh)
        statements.statements.clear()
        assert client.get(PAGE).status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]


def test_groups_that_are_one_stand_once_with_all_their_bases(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own, other = make_outcomes.group(stored, here), make_moves.thai_group(stored, here)
    make_outcomes.base(stored, here, own, "Poipet")
    make_outcomes.base(stored, here, other, "Bangkok")
    services.merge(stored, own, other, actor=here.head_kh, now=NOW, reason="The same leader")
    stored.commit()
    [whole] = report(stored, here, here.head_kh).wholes
    assert [base.name.text("en") for base in whole.bases] == ["Poipet", "Bangkok"]
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    assert page.count("<h3><bdi>หมาทอง") + page.count("<h3>หมาทอง") == 1
    assert '<bdi translate="no">Golden Fox</bdi>' in page


def test_of_a_merged_record_that_a_reader_may_not_see_nothing_is_said(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own, other = make_outcomes.group(stored, here, tlp=Tlp.AMBER), make_moves.thai_group(stored, here)
    services.merge(stored, own, other, actor=here.head_kh, now=NOW, reason="The same leader")
    stored.commit()
    as_(client, stored, here.head_th)
    assert "Golden Fox" not in client.get(PAGE).text


def test_persons_held_to_be_something_else_stand_in_the_notes_of_who_sees_the_action(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    raid = make_outcomes.carried_out(stored, here, tlp=Tlp.AMBER)
    found = services.find_persons(stored, raid, name=Words.of("Four men"), count=4)
    victims, suspects = (PersonStatus.PRESUMED_VICTIM, date(2025, 12, 4)), (PersonStatus.SUSPECT, date(2026, 1, 8))
    for status, day in (victims, suspects):
        services.set_status(stored, found, status=status, count=4, decided_on=day)
    stored.commit()
    [row] = report(stored, here, here.head_kh).reclassified
    assert (row.before, row.after) == ({PersonStatus.PRESUMED_VICTIM: 4}, {PersonStatus.SUSPECT: 4})
    assert report(stored, here, here.head_kh, Period(date(2025, 12, 1), date(2025, 12, 31))).reclassified == ()
    pages = {}
    for name, who in (("own", here.head_kh), ("other", here.head_th)):
        as_(client, stored, who)
        pages[name] = client.get(PAGE).text
    assert "Persons held to be something else" in pages["own"]
    assert "Persons held to be something else" not in pages["other"]
    assert "Four men" not in pages["other"]


def test_the_page_draws_the_matrix_the_funnel_and_indicators_each_with_its_numbers(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    case = make_cases.case(stored, here)
    lead = make_cases.shared_lead(stored, here, case)
    raid = make_outcomes.action(stored, here)
    services.carry_out(stored, raid, actor=here.head_kh, now=NOW, on=date(2026, 2, 20))
    services.link_chain(stored, here.meeting.operation, lead.item, raid.item)
    make_outcomes.indicator(stored, here, "missing", (10, 93, "R1"), (11, 17, "R1"))
    stored.commit()
    assert report(stored, here, here.head_kh).led == {("KH", "TH")}
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    assert 'class="given heat4 led"' in page
    assert '<svg class="chart"' in page
    assert page.count(">93<") > 1  # at its mark and in the table
    as_(client, stored, here.head_th)
    assert " led" not in client.get(PAGE).text.partition('<table class="matrix')[2].partition("</table>")[0]


def test_a_time_line_runs_from_the_right_in_arabic(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make_outcomes.indicator(stored, here, "missing", (10, 93, "R1"), (11, 17, "R1"))
    stored.commit()
    as_(client, stored, here.head_kh)
    courses = [client.get(f"{PAGE}?lang={tag}").text.partition('class="course" d="M')[2][:5] for tag in ("en", "ar")]
    assert courses == ["96.0 ", "624.0"]


def test_borders_to_watch_stand_on_the_map_of_moves(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make_moves.fled(stored, here, make_moves.border(stored, here))
    base = stored.merge(make_outcomes.group(stored, here, "KH-G2"))
    make_outcomes.base(stored, here, base, "Poipet town", coordinates=(13.6, 102.5))
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    assert 'class="gate"' in page
    assert "Poipet – Aranyaprathet" in page.partition("Borders to watch</h3>")[2]
