"""Measures in the browser: what an operation counts, chosen and added by organisers of its lead party."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.outcomes.models import MeasureInUse, OwnMeasure
from tests import make
from tests.make_outcomes import figure, own_measure, source
from tests.make_scheduling import as_, once, world

LIST = "/operations/breaking-chains/measures"
STATE = "/operations/breaking-chains/figures/new"


def adding(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "code": "bus-raids",
        "name-en": "Buses searched",
        "name-ko": "수색한 버스",
        "definition-en": "Long-distance buses, each time.",
        "unit": "items",
        "nature": "flow",
    }
    return values | {name.replace("_en", "-en"): text for name, text in changes.items()}


def codes(session: Session) -> list[str]:
    found = list(session.scalars(select(OwnMeasure.code)))
    session.commit()
    return found


def test_every_reader_sees_what_is_counted_and_how(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own_measure(stored, here)
    as_(client, stored, here.head_th)
    assert f'href="{LIST}"' in client.get("/operations/breaking-chains/outcomes").text
    page = client.get(LIST).text
    assert "Buses searched" in page
    assert "Long-distance buses, each time." in page
    assert "First deprivation of liberty on suspicion of an offence" in page
    assert "Add a measure" not in page


def test_an_organiser_adds_rewords_and_removes_a_measure(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get(f"{LIST}/new").status_code == 200
    assert client.post(f"{LIST}/new", data=adding()).status_code == 302
    assert codes(stored) == ["breaking-chains-bus-raids"]
    address = f"{LIST}/breaking-chains-bus-raids"
    assert 'value="Buses searched"' in client.get(address).text
    words = {"once": once(2), "name-en": "Coaches searched", "definition-en": "Each time."}
    assert client.post(address, data=words).status_code == 302
    page = client.get(LIST).text
    assert ("Coaches searched" in page, "Buses searched" in page) == (True, False)
    assert client.post(f"{address}/remove").status_code == 302
    assert codes(stored) == []
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "This field is required."),
        ({"code": "Bus raids"}, "Write the short name in small letters and numbers, like bus-raids."),
        ({"code": "bus--raids"}, "Write the short name in small letters and numbers, like bus-raids."),
        ({"code": "x" * 45}, "Too long: at most 44 characters."),
        ({"code": "x" * 61}, "Field cannot be longer than 60 characters."),
        ({"name_en": "", "name-ko": ""}, "Write this in at least one language."),
        ({"definition_en": ""}, "Write this in at least one language."),
        ({"unit": "parsecs"}, "Invalid Choice: could not coerce."),
        ({"nature": ""}, "Invalid Choice: could not coerce."),
    ],
)
def test_a_wrong_measure_is_refused_in_words_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(f"{LIST}/new", data=adding(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert codes(stored) == []


def test_a_measure_is_added_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own_measure(stored, here)
    as_(client, stored, here.organiser)
    answer = client.post(f"{LIST}/new", data=adding())
    assert answer.status_code == 422
    assert "There is a measure bus-raids already." in answer.text


def test_a_measure_with_figures_stays(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = own_measure(stored, here)
    figure(stored, here, measure=row.code)
    as_(client, stored, here.organiser)
    assert client.post(f"{LIST}/{row.code}/remove").status_code == 302
    assert "Figures were stated under this measure: it stays." in client.get(LIST).text
    assert codes(stored) == ["breaking-chains-bus-raids"]


def test_a_figure_of_an_own_measure_reads_by_its_name_in_the_readers_language(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = figure(stored, here, measure=own_measure(stored, here).code)
    as_(client, stored, here.head_kh)
    assert "Buses searched" in client.get("/operations/breaking-chains/outcomes").text
    here.head_kh.language = "ko"
    stored.commit()
    assert "수색한 버스" in client.get(f"/figures/{row.uuid}").text


def test_forms_offer_what_is_switched_on_and_figures_stay(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    own_measure(stored, here)
    as_(client, stored, here.organiser)
    assert "checked" in client.get(f"{LIST}/choose").text
    chosen = {"once": once(), "measures": ["rescued", "seized"]}
    assert client.post(f"{LIST}/choose", data=chosen).status_code == 302
    as_(client, stored, here.head_kh)
    form = client.get(STATE).text
    found = [f'value="{code}"' in form for code in ("rescued", "seized", "arrested", "breaking-chains-bus-raids")]
    assert found == [True, True, False, True]
    assert client.get(f"/figures/{row.uuid}").status_code == 200
    assert "Arrested" in client.get("/operations/breaking-chains/outcomes").text


@pytest.mark.parametrize(
    ("measures", "sentence"), [([], "Leave at least one measure switched on."), (["parsecs"], "parsecs")]
)
def test_a_wrong_choice_of_measures_changes_nothing(
    client: FlaskClient, stored: Session, measures: list[str], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(f"{LIST}/choose", data={"once": once(), "measures": measures})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(MeasureInUse)).all() == []


def test_a_measure_of_another_operation_is_not_found_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.operation(stored, make.party(stored, "JP"), code="other")
    row = own_measure(stored, here)
    tokyo = make.meeting(stored, make.operation(stored, make.party(stored, "VN"), code="third"), slug="tokyo")
    make.membership(stored, tokyo, here.organiser)
    as_(client, stored, here.organiser)
    assert client.get(f"/operations/third/measures/{row.code}").status_code == 404
    assert client.post(f"/operations/third/measures/{row.code}/remove").status_code == 404
    assert "Buses searched" not in client.get("/operations/third/measures").text


def test_an_organiser_of_a_meeting_that_another_party_hosts_chooses_no_measures(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    own_measure(stored, here)
    elsewhere = make.meeting(stored, here.meeting.operation, slug="bangkok-3", number=3)
    elsewhere.host_party_id = here.th.party_id
    other = make.user(stored, "Organiser in Bangkok")
    make.membership(stored, elsewhere, other)
    as_(client, stored, other)
    assert "/measures/choose" not in client.get(LIST).text
    for page in ("/choose", "/new", "/breaking-chains-bus-raids"):
        assert client.get(f"{LIST}{page}").status_code == 403, page
    assert client.post(f"{LIST}/choose", data={"once": once(), "measures": ["rescued"]}).status_code == 403
    assert client.post(f"{LIST}/breaking-chains-bus-raids/remove").status_code == 403
    assert codes(stored) == ["breaking-chains-bus-raids"]


@pytest.mark.parametrize("page", ["/choose", "/new", "/breaking-chains-bus-raids"])
def test_only_organisers_choose_measures(client: FlaskClient, stored: Session, page: str) -> None:
    here = world(stored)
    own_measure(stored, here)
    source(stored, here)
    for who, role, of in (("Press", Role.PRESS, None), ("Chief", Role.LEADERSHIP, here.kh)):
        person = make.user(stored, who)
        make.membership(stored, here.meeting, person, role, of_delegation=of)
        as_(client, stored, person)
        assert client.get(f"{LIST}{page}").status_code == 403, who
    as_(client, stored, here.head_kh)
    assert client.post(f"{LIST}{page}", data=adding(measures=["rescued"])).status_code == 403
    assert client.post(f"{LIST}/breaking-chains-bus-raids/remove").status_code == 403
    as_(client, stored, make.user(stored, "Outsider"))
    assert client.get(f"{LIST}{page}").status_code == 404
    assert codes(stored) == ["breaking-chains-bus-raids"]
