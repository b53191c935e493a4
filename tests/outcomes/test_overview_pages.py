"""Outcomes, chains and groups in the browser: every total opens, ranges stay ranges, each reader sees what is theirs."""

import re
import uuid
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.invitations.services import publish
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import FigureKind
from confmgr.parties.domain import PartyKind
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_cases import case, shared_lead, without_tokens
from tests.make_outcomes import action, base, carried_out, figure, group, item, request, source
from tests.make_scheduling import NOW, as_, bilateral, move, world

HOME = "/operations/breaking-chains/outcomes"
CHAIN = "/operations/breaking-chains/chain"
GROUPS = "/operations/breaking-chains/groups"


def test_a_total_is_a_range_and_opens_to_its_records(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    one, other = figure(stored, here), figure(stored, here, "five", 31)
    services.overlap(stored, one, other)
    as_(client, stored, here.organiser)
    page = client.get(HOME).text
    assert "31</bdi> to <bdi" in page
    assert "2 records" in page
    for row in (one, other):
        assert f"/figures/{row.uuid}" in page


def test_a_declared_total_stands_beside_its_records_with_what_is_missing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here)
    figure(stored, here, "announced", 28, kind=FigureKind.DECLARED)
    as_(client, stored, here.organiser)
    page = client.get(HOME).text
    assert "Declared against recorded" in page
    assert 'at least <bdi dir="ltr" class="upright">13</bdi> missing' in page


def test_the_list_of_joint_actions_says_which_wait_for_the_party_of_the_territory(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = carried_out(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(HOME).text
    listed = page[page.index(f"/actions/{row.item.uuid}") :]
    assert "provisional" in listed[: listed.index("</li>")]
    row.confirmed_at = NOW
    stored.commit()
    page = client.get(HOME).text
    listed = page[page.index(f"/actions/{row.item.uuid}") :]
    assert "provisional" not in listed[: listed.index("</li>")]


def test_an_empty_operation_says_what_to_do(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.kh.party.kind = here.th.party.kind = PartyKind.ORGANISATION
    as_(client, stored, here.head_kh)
    page = client.get(HOME).text
    assert "Nothing is recorded of what came of it yet." in page
    assert "/figures/new" in page


def test_what_a_reader_may_not_see_changes_no_byte_of_the_outcomes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here, "free", 2)
    as_(client, stored, here.head_th)
    before = {address: without_tokens(client.get(address).data) for address in (HOME, GROUPS)}
    raid = carried_out(stored, here)
    hidden = figure(stored, here, "canary", joint_action=raid)
    services.overlap(stored, hidden, figure(stored, here, "canary-2", 31, joint_action=raid))
    of = group(stored, here, tlp=Tlp.AMBER)
    base(stored, here, of, "Canary")
    stored.commit()
    for address, page in before.items():
        assert without_tokens(client.get(address).data) == page


@pytest.mark.parametrize("address", [HOME, GROUPS, "/operations/breaking-chains/follow-up"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ORGANISER, 200),
        (Role.LEADERSHIP, 200),
        (Role.HEAD, 200),
        (Role.INTERPRETER, 403),
        (Role.PRESS, 403),
        (None, 404),
    ],
)
def test_each_page_is_for_its_roles(
    client: FlaskClient, stored: Session, address: str, role: Role | None, status: int
) -> None:
    here = world(stored)
    person = make.user(stored, "Somebody")
    if role is not None:
        make.membership(stored, here.meeting, person, role)
    as_(client, stored, person)
    assert client.get(address).status_code == status


def test_a_chain_is_opened_from_either_end(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    lead = shared_lead(stored, here, case(stored, here))
    asked, raid = request(stored, here), action(stored, here)
    services.carry_out(stored, raid, actor=here.head_kh, now=NOW, on=date(2026, 2, 20))
    counted = figure(stored, here, joint_action=raid, title=Words.of("The blue villa"))
    for cause, effect in ((lead.item, asked.item), (asked.item, raid.item)):
        services.link_chain(stored, here.meeting.operation, cause, effect)
    as_(client, stored, here.head_kh)
    for start in (lead, asked, raid):
        page = client.get(f"{CHAIN}/{start.item.uuid}").text
        assert "A number in Phnom Penh" in page
        assert "Who rents the villa?" in page
        assert "Raid of the blue villa" in page
        assert f"/figures/{counted.uuid}" in page
        assert "The blue villa</bdi>" in page


def test_a_chain_is_marked_as_the_strictest_thing_in_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    asked, raid = request(stored, here), carried_out(stored, here, "KH-A2", tlp=Tlp.GREEN)
    services.link_chain(stored, here.meeting.operation, asked.item, raid.item)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{raid.item.uuid}").text
    assert '<body class="on-tlp-amber' in page


def test_a_chain_is_walked_towards_the_results_or_back_to_the_leads(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    lead = shared_lead(stored, here, case(stored, here))
    asked, raid = request(stored, here), action(stored, here)
    services.carry_out(stored, raid, actor=here.head_kh, now=NOW, on=date(2026, 2, 20))
    for cause, effect in ((lead.item, asked.item), (asked.item, raid.item)):
        services.link_chain(stored, here.meeting.operation, cause, effect)
    as_(client, stored, here.head_kh)
    page = f"{CHAIN}/{asked.item.uuid}"
    steps = [
        f'data-to="action_request-{asked.item.uuid}" data-kind=',
        f'data-to="joint_action-{raid.item.uuid}" data-kind=',
    ]
    for walk, kinds in (("", ["walked", "walked"]), ("on", ["plain", "walked"]), ("back", ["walked", "plain"])):
        text = client.get(f"{page}?walk={walk}").text
        for step, kind in zip(steps, kinds, strict=True):
            assert f'{step}"{kind}"' in text


def test_a_link_that_runs_backwards_is_shown_with_a_warning(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    asked = request(stored, here)
    force = services.form_task_force(
        stored,
        item(stored, here, ItemKind.TASK_FORCE, "KH-T1"),
        name=Words.of("Korea Desk"),
        starts_on=date(2025, 11, 10),
        parties=[here.kh.party, here.th.party],
    )
    services.link_chain(stored, here.meeting.operation, asked.item, force.item)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{asked.item.uuid}").text
    assert "began before" in page
    assert "is not counted as its result." in page


def test_something_that_led_to_nothing_yet_has_its_page_all_the_same(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    lead = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_th)
    page = client.get(f"{CHAIN}/{lead.item.uuid}")
    assert page.status_code == 200
    assert "No figure rests on it yet." in page.text


def test_what_is_hidden_or_elsewhere_starts_no_chain(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    raid = carried_out(stored, here)
    other = make.operation(stored, make.party(stored, "JP"), code="other")
    tokyo = make.meeting(stored, other, slug="tokyo")
    make.membership(stored, tokyo, here.head_kh)
    lead = shared_lead(stored, here, of)
    as_(client, stored, here.head_th)
    for start in (raid.item.uuid, of.item.uuid, uuid.uuid4()):
        assert client.get(f"{CHAIN}/{start}").status_code == 404
    as_(client, stored, here.head_kh)
    assert client.get(f"/operations/other/chain/{lead.item.uuid}").status_code == 404


def test_groups_are_shown_with_their_bases_and_moves(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = group(stored, here)
    start = base(stored, here, of, "Poipet", territory=here.kh.party, to_on=date(2025, 12, 4))
    services.notice_move(
        stored,
        item(stored, here, ItemKind.MOVE, "KH-M1", tlp=Tlp.GREEN),
        group=of,
        from_base=start,
        to_base=None,
        noticed_on=date(2025, 12, 10),
    )
    as_(client, stored, here.head_th)
    page = client.get(GROUPS).text
    assert "Golden Fox" in page
    assert "a place not known</a>" in page


def test_bases_with_a_place_and_dates_are_drawn(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = group(stored, here)
    first = base(stored, here, of, "Poipet", to_on=date(2025, 12, 4), coordinates=(13.66, 102.56))
    second = base(stored, here, of, "Savannakhet", from_on=date(2025, 12, 14), coordinates=(16.55, 104.75))
    services.notice_move(
        stored,
        item(stored, here, ItemKind.MOVE, "KH-M1", tlp=Tlp.GREEN),
        group=of,
        from_base=first,
        to_base=second,
        noticed_on=date(2025, 12, 14),
    )
    as_(client, stored, here.head_th)
    page = client.get(GROUPS).text
    assert page.count('<circle class="dot') >= 2
    assert '<path class="land" d="M' in page
    assert "no borders are drawn" in page
    assert "Time line of bases" in page


@pytest.mark.parametrize("address", [HOME, GROUPS])
def test_thirty_rows_ask_as_often_as_one(
    client: FlaskClient, stored: Session, statements: Counter, address: str
) -> None:
    here = world(stored)

    def rows(first: int, last: int) -> None:
        for number in range(first, last):
            raid = carried_out(stored, here, f"KH-A{number}", tlp=Tlp.GREEN)
            figure(stored, here, f"f{number}", number, joint_action=raid, cases=[case(stored, here, f"KH-{number}")])
            figure(stored, here, f"d{number}", number, kind=FigureKind.DECLARED, source=source(stored, here))
            of = group(stored, here, f"KH-G{number}")
            services.notice_move(
                stored,
                item(stored, here, ItemKind.MOVE, f"KH-M{number}", tlp=Tlp.GREEN),
                group=of,
                from_base=base(stored, here, of, f"Place {number}", territory=here.kh.party),
                to_base=base(stored, here, of, f"Other {number}", territory=here.th.party),
                noticed_on=NOW.date(),
            )
        stored.commit()

    rows(1, 2)
    action(stored, here, "KH-P1", tlp=Tlp.GREEN)
    as_(client, stored, here.head_kh)
    client.get(address)
    statements.statements.clear()
    client.get(address)
    one = statements.count
    rows(2, 31)
    statements.statements.clear()
    page = client.get(address)
    assert page.status_code == 200
    assert page.text.count("Place 30") + page.text.count("/figures/") >= 1
    assert statements.count == one


def test_a_chain_shows_a_delegation_its_session_as_published_and_organisers_as_planned(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    asked = request(stored, here)
    services.link_chain(stored, here.meeting.operation, row, asked.item)
    stored.commit()
    address = f"{CHAIN}/{asked.item.uuid}"
    as_(client, stored, here.head_kh)
    assert f'id="session-{row.uuid}"' not in client.get(address).text
    publish(stored, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    moved = row.starts_local and row.starts_local + timedelta(days=1)
    move(stored, here, row, moved, place=here.t1, anyway=False)
    for roles, day in (([], "5 Feb 2026"), ([Role.ORGANISER], "6 Feb 2026")):
        for role in roles:
            make.membership(stored, here.meeting, here.head_kh, role)
        as_(client, stored, here.head_kh)
        card = client.get(address).text.split(f'id="session-{row.uuid}"')[1].split("</article>")[0]
        assert day in card


def test_time_runs_from_right_to_left_in_arabic_and_east_stays_on_the_right(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = group(stored, here)
    base(stored, here, of, "Poipet", from_on=date(2025, 11, 20), to_on=date(2025, 12, 4), coordinates=(13.66, 102.56))
    here.head_th.language = "ar"
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(GROUPS).text
    assert '<html lang="ar" dir="rtl"' in page
    assert '<svg class="drawing map" direction="ltr"' in page
    months = [float(x) for x in re.findall(r'<text class="scale" x="([\d.]+)" y="14">', page)]
    assert months == sorted(months, reverse=True)
    assert '<text class="place" x="1000" y="61">Poipet</text>' in page
