"""Sources in the browser: what rests on each, withdrawn with a reason, taken up again; who may do which."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from tests import make
from tests.make_cases import without_tokens
from tests.make_outcomes import carried_out, figure, indicator, source
from tests.make_scheduling import NOW, World, as_, once, world

LIST = "/operations/breaking-chains/sources"
HOME = "/operations/breaking-chains/outcomes"
WITHDRAW = f"{LIST}/R1/withdraw"
REINSTATE = f"{LIST}/R1/reinstate"


def withdrawing(number: int = 1, reason: str = "The ministry took it back.") -> dict[str, object]:
    return {"once": once(number), "reason": reason}


def of_thailand(session: Session, here: World, code: str = "bangkok", low: int = 13, **changes: object) -> None:
    figure(session, here, code, low, **{"actor": here.head_th, "owner": here.th.party, **changes})


def test_the_page_names_every_source_with_what_rests_on_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here)
    source(stored, here, "R2")
    as_(client, stored, here.organiser)
    page = client.get(LIST).text
    assert "R1 · Report R1" in without_tokens(page.encode()).decode().replace("<bdi>", "").replace("</bdi>", "")
    assert "1 figure" in page
    assert "Nothing yet." in page
    assert "Add a source" not in page


def test_nothing_is_named_yet_and_a_delegate_names_the_first(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert "No source is named yet." in client.get(LIST).text
    data = {"once": once(), "code": "R1", "title-en": "Press release", "published_on": "2026-01-05"}
    assert client.post(f"{LIST}/new", data=data).status_code == 302
    assert "Press release" in client.get(LIST).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "This field is required."),
        ({"code": "x" * 16}, "Field cannot be longer than 15 characters."),
        ({"title-en": ""}, "Write this in at least one language."),
        ({"published_on": "2026-02-30"}, "Not a valid date value."),
        ({"title-en": "a\u202eb"}, "Remove the invisible control characters."),
    ],
)
def test_a_wrong_source_is_refused_in_words(
    client: FlaskClient, stored: Session, changes: dict[str, str], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    data = {"once": once(), "code": "R1", "title-en": "Press release", "published_on": ""} | changes
    answer = client.post(f"{LIST}/new", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "No source is named yet." in client.get(LIST).text


def test_what_rests_on_a_withdrawn_source_stays_to_be_read_and_counts_no_more(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = figure(stored, here)
    of_thailand(stored, here, source=source(stored, here, "R2"))
    as_(client, stored, here.head_kh)
    assert ">28</bdi>" in client.get(HOME).text
    page = client.get(WITHDRAW)
    assert (page.status_code, "1 figure stays to be read and counts in no total any more." in page.text) == (200, True)
    assert client.post(WITHDRAW, data=withdrawing()).status_code == 302
    home = client.get(HOME).text
    assert ">28</bdi>" not in home
    assert ">13</bdi>" in home
    assert "counts in no total. Reason: The ministry took it back." in client.get(f"/figures/{row.uuid}").text
    assert "The ministry took it back." in client.get(LIST).text
    assert client.post(REINSTATE).status_code == 302
    assert ">28</bdi>" in client.get(HOME).text


@pytest.mark.parametrize(("reason", "sentence"), [("", "This field is required."), ("   ", "Give a reason")])
def test_a_source_is_withdrawn_with_a_reason(client: FlaskClient, stored: Session, reason: str, sentence: str) -> None:
    here = world(stored)
    figure(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(WITHDRAW, data=withdrawing(reason=reason))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Source withdrawn" not in client.get(LIST).text


def test_a_source_is_withdrawn_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here)
    as_(client, stored, here.head_kh)
    client.post(WITHDRAW, data=withdrawing())
    again = client.post(WITHDRAW, data=withdrawing(2, "Another reason"))
    assert again.status_code == 422
    assert "The source R1 has been withdrawn." in again.text
    assert "The ministry took it back." in client.get(LIST).text


def test_no_figure_is_stated_from_a_withdrawn_source(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    client.post(WITHDRAW, data=withdrawing())
    data = {
        "once": once(2),
        "code": "poipet-2",
        "low": "17",
        "source": "R1",
        "as_of": "2026-01-12",
        "qualifier": "exact",
    }
    answer = client.post(f"/figures/{row.uuid}/correct", data=data | {"version": "1"})
    assert answer.status_code == 422
    assert "poipet-2" not in client.get(LIST).text


@pytest.mark.parametrize("code", ["R1", "REC"])
def test_no_party_withdraws_a_source_from_under_the_figures_of_another_one(
    client: FlaskClient, stored: Session, code: str
) -> None:
    here = world(stored)
    figure(stored, here, source=source(stored, here, code))
    of_thailand(stored, here, source=source(stored, here, code))
    as_(client, stored, here.head_th)
    assert "Withdraw" not in client.get(LIST).text
    assert client.post(f"{LIST}/{code}/withdraw", data=withdrawing()).status_code == 403
    assert ">28</bdi>" in client.get(HOME).text


def test_the_records_of_the_operation_are_no_source_that_a_party_withdraws(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    figure(stored, here, source=source(stored, here, "REC"))
    as_(client, stored, here.head_kh)
    assert client.post(f"{LIST}/REC/withdraw", data=withdrawing()).status_code == 403


def test_only_whose_figures_rest_on_a_source_withdraws_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here)
    leader = make.user(stored, "Director")
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP, of_delegation=here.kh)
    for person in (here.head_th, leader, here.organiser):
        as_(client, stored, person)
        assert "Withdraw" not in client.get(LIST).text, person.name
        assert client.get(WITHDRAW).status_code == 403, person.name
        assert client.post(WITHDRAW, data=withdrawing()).status_code == 403, person.name
        assert client.post(REINSTATE).status_code == 403, person.name
    outsider = make.user(stored, "Outsider")
    as_(client, stored, outsider)
    assert [client.get(LIST).status_code, client.post(WITHDRAW, data=withdrawing()).status_code] == [404, 404]


def test_a_source_of_hidden_figures_answers_as_one_that_does_not_exist(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here, joint_action=carried_out(stored, here), source=source(stored, here, "SECRET"))
    as_(client, stored, here.head_th)
    assert "SECRET" not in client.get(LIST).text
    hidden, missing = (client.post(f"{LIST}/{code}/withdraw", data=withdrawing()) for code in ("SECRET", "NO-SUCH"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert without_tokens(hidden.data) == without_tokens(missing.data).replace(b"NO-SUCH", b"SECRET")


def test_a_source_of_an_indicator_is_withdrawn_only_by_whose_figures_rest_on_it_too(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    indicator(stored, here)
    figure(stored, here, joint_action=carried_out(stored, here))
    as_(client, stored, here.head_th)
    assert client.get(WITHDRAW).status_code == 403
    assert "Withdraw" not in client.get(LIST).text
    as_(client, stored, here.head_kh)
    assert client.get(WITHDRAW).status_code == 200


def test_among_sources_that_disagree_a_withdrawn_one_gives_way(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first = figure(stored, here, "r1", 27)
    second = figure(stored, here, "r2", 29, alternative_to=first, source=source(stored, here, "R2"))
    services.choose_current(stored, [first, second], first, actor=here.head_kh, now=NOW)
    as_(client, stored, here.head_kh)
    assert ">27</bdi>" in client.get(HOME).text
    client.post(WITHDRAW, data=withdrawing())
    assert "Arrested: <bdi" in client.get(HOME).text
    page = client.get(f"/figures/{second.uuid}").text
    assert page.count("Source withdrawn") == 1
    assert "Use this one" not in page
