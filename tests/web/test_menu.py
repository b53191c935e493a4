import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.make_cases import case
from tests.make_scheduling import as_, bilateral, world


def test_the_menu_says_where_one_is_also_on_pages_below_an_entry(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    entries = {
        "schedule": "Schedule",
        "schedule/delegations": "Schedule",
        f"sessions/{row.uuid}": "Schedule",
        "requests/matrix": "Requests",
        "publications": "Publish",
        "desk/meet": "Day desk",
        "agenda/edit": "Agenda",
    }
    found = {}
    for page in entries:
        menu = client.get(f"/meetings/seoul-2/{page}").text.partition('class="bar-nav"')[2].partition("</nav>")[0]
        found[page] = re.findall(r'aria-current="page">([^<]*)<', menu)
    assert found == {page: [label] for page, label in entries.items()}


def test_an_organiser_has_the_day_desk_beside_the_schedule(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2").text
    menu = page.partition('class="bar-nav"')[2].partition("<details")[0]
    labels = ["Home", "Delegations", "Cases", "Requests", "Schedule", "Day desk", "Publish"]
    assert re.findall(r">([A-Z][a-z ]+)</a>", menu) == labels
    phone = page.partition('class="bottom"')[2].partition("<details")[0]
    assert re.findall(r"<span>([^<]+)</span>", phone) == ["Home", "Requests", "Schedule", "Day desk"]


def test_everybody_finds_the_agenda_in_the_menu(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    for somebody in (here.organiser, here.head_kh):
        as_(client, stored, somebody)
        menu = client.get("/meetings/seoul-2").text.partition('class="bar-nav"')[2].partition("</nav>")[0]
        assert 'href="/meetings/seoul-2/agenda">Agenda</a>' in menu


def test_a_head_finds_from_the_meeting_what_its_party_owes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.get("/meetings/seoul-2").text
    places = page[page.index("Where to go from here") :]
    assert 'href="/operations/breaking-chains/follow-up">Follow-up</a></strong>' in places
    assert 'href="/operations/breaking-chains/rounds">Reporting rounds</a></strong>' in places


def test_pages_of_a_case_are_below_cases_in_the_menu_though_their_address_names_no_meeting(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    for page in (f"/cases/{of.item.uuid}", f"/cases/{of.item.uuid}/edit", "/meetings/seoul-2/exchange"):
        menu = client.get(page).text.partition('class="bar-nav"')[2].partition("</nav>")[0]
        assert re.findall(r'aria-current="page">([^<]*)<', menu) == ["Cases"]


def test_a_delegate_has_cases_at_the_thumb(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    phone = client.get("/meetings/seoul-2").text.partition('class="bottom"')[2].partition("<details")[0]
    assert re.findall(r"<span>([^<]+)</span>", phone) == ["Home", "My agenda", "Programme", "Cases"]
