"""Figures in the browser: stated, opened, confirmed, corrected, compared; who may do which."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import Dimension, FigureKind, FigureStatus, JointActionState, OverlapDecision
from confmgr.outcomes.models import Figure, FigureLink, Source
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_cases import without_tokens
from tests.make_outcomes import action, carried_out, figure, source
from tests.make_scheduling import NOW, World, as_, once, world

NEW = "/operations/breaking-chains/figures/new"


def stated(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "code": "poipet",
        "kind": "recorded",
        "measure": "arrested",
        "qualifier": "exact",
        "low": "15",
        "high": "",
        "currency": "",
        "from_on": "2025-12-04",
        "to_on": "2025-12-04",
        "at_on": "",
        "source": "R1",
        "as_of": "2026-01-10",
        "attribution": "resulting",
        "meeting": "",
        "action": "",
        "note-en": "",
    }
    return values | changes


def figures(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(Figure)) or 0
    session.commit()
    return number


def colleague(session: Session, here: World) -> User:
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def test_a_delegate_states_a_figure_for_the_own_party(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    source(stored, here)
    as_(client, stored, here.head_kh)
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, data=stated(meeting="seoul-2"))
    assert answer.status_code == 302
    row = stored.scalars(select(Figure)).one()
    assert (row.owner_id, int(row.low), int(row.high), row.status) == (
        here.kh.party_id,
        15,
        15,
        FigureStatus.PROVISIONAL,
    )
    assert row.meeting_id == here.meeting.id
    stored.commit()
    page = client.get(answer.location).text
    assert "Arrested: " in page
    assert "First deprivation of liberty" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"low": "-1"}, "Number must be at least 0."),
        ({"low": "many"}, "Not a valid decimal value."),
        ({"low": "NaN"}, "Not a valid decimal value."),
        ({"low": "sNaN"}, "Not a valid decimal value."),
        ({"low": "Infinity"}, "Not a valid decimal value."),
        ({"low": "1e19"}, "Number must be at most 1000000000000000000."),
        ({"high": "14"}, "The upper end is below the lower end."),
        ({"currency": "KRW"}, "Money needs its currency, such as KRW; other measures have none."),
        ({"measure": "reported_loss"}, "Money needs its currency, such as KRW; other measures have none."),
        ({"from_on": "", "to_on": ""}, "This measure happens over a period"),
        ({"to_on": ""}, "This measure happens over a period"),
        ({"from_on": "2025-12-05"}, "The last day is before the first."),
        ({"from_on": "2025-02-30"}, "Not a valid date value."),
        ({"at_on": "2025-12-04"}, "Enter either a period or a date."),
        ({"source": "R9"}, "Not a valid choice."),
        ({"meeting": "tokyo"}, "Not a valid choice."),
        ({"code": ""}, "This field is required."),
        ({"measure": ""}, "This field is required."),
        ({"source": ""}, "This field is required."),
        ({"note-en": "a\u202eb"}, "Remove the invisible control characters."),
    ],
)
def test_a_wrong_figure_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    source(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=stated(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert figures(stored) == 0


def test_a_short_name_tells_nothing_of_the_figures_of_another_party_and_takes_none_from_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    secret = action(stored, here, "A-7", tlp=Tlp.RED, named_readers=[colleague(stored, here)])
    figure(stored, here, "KH-A-7-arrested", joint_action=secret, source=source(stored, here, "R9"))
    source(stored, here)
    as_(client, stored, here.head_th)
    for number, code in enumerate(("KH-A-7-arrested", "KH-A-8-arrested", "TH-own"), 1):
        assert client.post(NEW, data=stated(code=code, once=once(number))).status_code == 302
    own = select(Figure).where(Figure.owner_id == here.th.party_id).order_by(Figure.id)
    called = [row.called for row in stored.scalars(own)]
    assert called == ["TH-KH-A-7-arrested", "TH-KH-A-8-arrested", "TH-own"]
    stored.commit()
    again = client.post(NEW, data=stated(code="own", once=once(4)))
    assert again.status_code == 422
    assert "TH-own" in again.text


def test_a_short_name_tells_nothing_of_what_persons_of_the_own_party_keep_to_themselves(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    reader, other = colleague(stored, here), make.user(stored, "Sok Vanna")
    make.membership(stored, here.meeting, other, Role.DELEGATE, of_delegation=here.kh)
    secret = action(stored, here, "A-7", tlp=Tlp.RED, named_readers=[reader])
    rests_on = source(stored, here, "R9")
    figure(stored, here, "KH-secret", joint_action=secret, source=rests_on)
    source(stored, here)
    as_(client, stored, other)
    pages = []
    for number, code in enumerate(("secret", "nothing"), 1):
        answer = client.post(NEW, data=stated(code=code, once=once(number)))
        assert answer.status_code == 302
        pages.append(client.get(answer.location).text.replace(code, "…"))
        stored.commit()
    assert "KH-…" in pages[0]
    assert pages[0].count("KH-…") == pages[1].count("KH-…")
    assert "~" not in pages[0]
    again = client.post(NEW, data=stated(code="secret", once=once(3)))
    assert again.status_code == 422
    assert "There is a figure KH-secret already." in again.text


def test_the_code_of_a_source_tells_nothing_of_sources_of_hidden_figures(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    secret = action(stored, here, "A-7", tlp=Tlp.RED, named_readers=[colleague(stored, here)])
    figure(stored, here, "KH-secret", joint_action=secret, source=source(stored, here, "R9"))
    as_(client, stored, here.head_th)
    address = "/operations/breaking-chains/sources"
    data = {"once": once(), "code": "R9", "title-en": "Press release", "published_on": "2026-01-05"}
    assert client.post(f"{address}/new", data=data).status_code == 302
    page = client.get(address).text
    assert "Press release" in page
    assert "Report R9" not in page
    again = client.post(f"{address}/new", data=data | {"once": once(2)})
    assert again.status_code == 422
    assert "There is a source R9 already." in again.text


def test_a_joint_action_under_way_offers_to_state_a_figure_of_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    source(stored, here)
    row = action(stored, here)
    as_(client, stored, here.head_kh)
    page = f"/actions/{row.item.uuid}"
    assert "State a figure" not in client.get(page).text
    row.state = JointActionState.UNDER_WAY
    stored.commit()
    assert f"{NEW}?action={row.item.uuid}" in client.get(page).text
    assert f'<option selected value="{row.item.uuid}">' in client.get(f"{NEW}?action={row.item.uuid}").text


def test_organisers_state_no_figures_and_outsiders_find_none(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    source(stored, here)
    row = figure(stored, here)
    outsider = make.user(stored, "Outsider")
    as_(client, stored, here.organiser)
    assert client.post(NEW, data=stated()).status_code == 403
    assert client.get(f"/figures/{row.uuid}").status_code == 200
    as_(client, stored, outsider)
    assert client.post(NEW, data=stated()).status_code == 404
    assert client.get(f"/figures/{row.uuid}").status_code == 404


def test_somebody_who_sits_for_a_party_in_another_operation_only_states_nothing_here(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    source(stored, here)
    other = make.operation(stored, make.party(stored, "JP"), code="other")
    tokyo = make.meeting(stored, other, slug="tokyo")
    make.membership(
        stored, tokyo, here.organiser, Role.HEAD, of_delegation=make.delegation(stored, tokyo, of_party=here.kh.party)
    )
    row = figure(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(NEW, data=stated()).status_code == 403
    assert client.post(f"/figures/{row.uuid}/confirm").status_code == 403
    assert "State a figure" not in client.get("/operations/breaking-chains/outcomes").text


def test_leadership_with_a_seat_in_a_delegation_reads_and_writes_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    leader = make.user(stored, "Director")
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP, of_delegation=here.kh)
    row = figure(stored, here)
    as_(client, stored, leader)
    assert client.get(f"/figures/{row.uuid}").status_code == 200
    assert client.post(NEW, data=stated()).status_code == 403
    assert client.post(f"/figures/{row.uuid}/confirm").status_code == 403


def test_a_figure_of_a_hidden_action_answers_as_one_that_does_not_exist(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here, joint_action=carried_out(stored, here))
    as_(client, stored, here.head_th)
    hidden, missing = client.get(f"/figures/{row.uuid}"), client.get(f"/figures/{uuid.uuid4()}")
    assert (hidden.status_code, without_tokens(hidden.data)) == (404, without_tokens(missing.data))


def test_a_figure_opens_to_its_joint_action_and_says_who_has_to_confirm_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = colleague(stored, here)
    raid = carried_out(stored, here)
    row = figure(stored, here, joint_action=raid)
    for person, waits in ((here.head_kh, True), (second, False)):
        as_(client, stored, person)
        page = client.get(f"/figures/{row.uuid}").text
        assert ("A second person of its owner has to confirm it first." in page) is waits
        assert f"/actions/{raid.item.uuid}" in page
        assert "TLP:AMBER" in client.get(f"/figures/{row.uuid}/correct").text
        assert "TLP:AMBER" in client.get(f"/figures/{row.uuid}/edit").text


@pytest.mark.parametrize("kind", FigureKind)
def test_a_second_person_of_the_owner_confirms(client: FlaskClient, stored: Session, kind: FigureKind) -> None:
    here = world(stored)
    second = colleague(stored, here)
    row = figure(stored, here, kind=kind)
    address = f"/figures/{row.uuid}"
    found = []
    as_(client, stored, second)
    assert client.post(f"{address}/confirm", data={"version": row.version + 1}).status_code == 409
    seen = {"version": row.version}
    stored.commit()
    for person in (here.head_kh, here.head_th, second):
        as_(client, stored, person)
        offered = "Confirm as second person" in client.get(address).text
        found.append((offered, client.post(f"{address}/confirm", data=seen).status_code))
        stored.expire_all()
        found.append((row.status is FigureStatus.CONFIRMED, 0))
        stored.commit()
    assert found == [(False, 302), (False, 0), (False, 403), (False, 0), (True, 302), (True, 0)]


def _both(session: Session) -> list[Figure]:
    return list(session.scalars(select(Figure).where(Figure.code.contains("poipet")).order_by(Figure.id)))


def test_a_correction_leaves_the_old_figure_to_be_read(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    old = figure(stored, here)
    as_(client, stored, here.head_kh)
    data = {"once": once(), "code": "poipet-2", "low": "17", "high": "", "source": "R1", "as_of": "2026-01-12"}
    data |= {"version": str(old.version), "qualifier": "exact"}
    stored.commit()
    answer = client.post(f"/figures/{old.uuid}/correct", data=data)
    assert answer.status_code == 302
    assert "poipet-2" in client.get(f"/figures/{old.uuid}").text
    again = client.post(f"/figures/{old.uuid}/correct", data=data | {"once": once(2), "code": "poipet-3"})
    assert again.status_code == 409
    assert "The figure poipet has been corrected already." in again.text
    assert "Open the newest version, KH-poipet-2" in again.text
    figure(stored, here, "bavet")
    stored.commit()
    links = [
        f'action="/figures/{row.uuid}/overlaps"' in client.get(f"/figures/{row.uuid}").text for row in _both(stored)
    ]
    assert links == [False, True]
    as_(client, stored, here.head_th)
    assert client.get(f"/figures/{old.uuid}/correct").status_code == 403


def overlapping(session: Session, here: World) -> tuple[Figure, FigureLink]:
    row = figure(session, here)
    return row, services.overlap(session, row, figure(session, here, "five", 31))


def test_deciding_an_overlap_moves_the_total_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, link = overlapping(stored, here)
    as_(client, stored, here.head_kh)
    home = "/operations/breaking-chains/outcomes"
    assert "31</bdi> to <bdi" in client.get(home).text
    address = f"/figures/{row.uuid}/overlaps/{link.second.uuid}"
    assert client.post(address, data={"decision": "maybe"}).status_code == 400
    for other in (row.uuid, uuid.uuid4()):
        assert client.post(f"/figures/{row.uuid}/overlaps/{other}", data={"decision": "same"}).status_code == 404
    assert client.post(address, data={"decision": "excluded"}).status_code == 302
    page = client.get(home).text
    assert "31</bdi> to <bdi" not in page
    assert ">46</bdi>" in page
    as_(client, stored, here.head_th)
    assert client.post(address, data={"decision": "same"}).status_code == 403
    stored.expire_all()
    assert stored.scalars(select(FigureLink.decision)).one() is OverlapDecision.EXCLUDED


def test_no_address_of_an_overlap_counts_those_that_a_reader_may_not_see(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    secret = action(stored, here, tlp=Tlp.RED, named_readers=[colleague(stored, here)])
    services.overlap(stored, *(figure(stored, here, code, joint_action=secret) for code in ("a", "b")))
    row, other = (figure(stored, here, code, actor=here.head_th, owner=here.th.party) for code in ("c", "d"))
    services.overlap(stored, row, other)
    as_(client, stored, here.head_th)
    assert set(re.findall(r"/overlaps/([^/\"]*)", client.get(f"/figures/{row.uuid}").text)) == {str(other.uuid)}


def test_the_owner_says_that_two_figures_may_count_the_same_people(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, other = figure(stored, here), figure(stored, here, "five", 31)
    saved = figure(stored, here, "saved", 2, measure="rescued")
    as_(client, stored, here.head_kh)
    address = f"/figures/{row.uuid}/overlaps"
    wrong = client.post(address, data={"once": once(), "other": str(saved.uuid)})
    assert wrong.status_code == 422
    assert client.post(address, data={"once": once(2), "other": str(other.uuid)}).status_code == 302
    twice = client.post(address, data={"once": once(3), "other": str(other.uuid)})
    assert twice.status_code == 422
    assert len(stored.scalars(select(FigureLink)).all()) == 1


def test_a_figure_that_is_hidden_is_not_offered_for_an_overlap(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    thai: dict[str, Any] = {"actor": here.head_th, "owner": here.th.party}
    row = figure(stored, here, "free", 2, **thai)
    figure(stored, here, "third", 3)
    figure(stored, here, joint_action=carried_out(stored, here))
    as_(client, stored, here.head_th)
    page = client.get(f"/figures/{row.uuid}").text
    assert "third: 3" in page
    assert "poipet" not in page


def test_of_sources_that_disagree_the_owner_chooses_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first = figure(stored, here, "r0", 27)
    second = figure(stored, here, "r2", 29, alternative_to=first, source=source(stored, here, "R2"))
    alone = figure(stored, here, "alone", 1)
    as_(client, stored, here.head_kh)
    assert client.post(f"/figures/{second.uuid}/choose").status_code == 302
    page = client.get("/operations/breaking-chains/outcomes").text
    assert "Sources disagree: Arrested" in page
    stored.expire_all()
    assert [one.chosen_at is not None for one in (first, second)] == [False, True]
    stored.commit()
    assert client.post(f"/figures/{alone.uuid}/choose").status_code == 404


@pytest.mark.parametrize("chosen_before", [False, True])
def test_the_figure_of_another_party_counts_until_that_party_chooses_otherwise(
    client: FlaskClient, stored: Session, *, chosen_before: bool
) -> None:
    here = world(stored)
    row = figure(stored, here, low=15)
    own = figure(stored, here, "bangkok", 901, owner=here.th.party, actor=here.head_th, as_of=date(2020, 1, 1))
    if chosen_before:
        services.choose_current(stored, [own], own, actor=here.head_th, now=NOW)
    as_(client, stored, here.head_th)
    data = {"once": once(), "other": str(row.uuid), "how": "rival"}
    assert client.post(f"/figures/{own.uuid}/overlaps", data=data).status_code == 302
    assert "Use this one" not in client.get(f"/figures/{own.uuid}").text
    assert client.post(f"/figures/{own.uuid}/choose").status_code == 403
    assert total(client) == (15, 15)
    as_(client, stored, here.head_kh)
    assert f"/figures/{own.uuid}/choose" in client.get(f"/figures/{row.uuid}").text
    assert client.post(f"/figures/{own.uuid}/choose").status_code == 302
    assert total(client) == (901, 901)


def total(client: FlaskClient) -> tuple[int, int]:
    """How many were arrested, at least and at most."""
    lines = (client.get("/operations/breaking-chains/report.json").json or {})["totals"]
    (found,) = (line for line in lines if line["measure"] == "arrested")
    return found["from"], found["to"]


def test_a_breakdown_says_what_is_not_stated_and_what_exceeds(client: FlaskClient, stored: Session) -> None:
    here = world(stored)

    def parts(*values: int) -> list[Any]:
        return [(Dimension.SEX, key, value, True) for key, value in zip(("male", "female"), values, strict=False)]

    few, many = figure(stored, here, breakdown=parts(12)), figure(stored, here, "more", 4, breakdown=parts(3, 2))
    as_(client, stored, here.head_kh)
    assert "Sex, not stated: 3" in client.get(f"/figures/{few.uuid}").text
    assert "Sex: the parts exceed the whole by 1." in client.get(f"/figures/{many.uuid}").text


def test_a_declared_figure_opens_to_the_records_it_is_held_against(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here)
    figure(stored, here, "bangkok", 13)
    row = figure(stored, here, "announced", 28, kind=FigureKind.DECLARED)
    as_(client, stored, here.head_th)
    page = client.get(f"/figures/{row.uuid}").text
    assert "15 + 13" in page
    assert "Difference: none." in page


def test_a_source_is_named_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    address = "/operations/breaking-chains/sources/new"
    data = {"once": once(), "code": "R1", "title-en": "Press release", "published_on": "2026-01-05"}
    assert client.post(address, data=data).status_code == 302
    again = client.post(address, data=data | {"once": once(2)})
    assert again.status_code == 422
    assert "There is a source R1 already." in again.text
    assert len(stored.scalars(select(Source)).all()) == 1


@pytest.mark.parametrize("path", ["confirm", "choose", "overlaps", "correct"])
def test_nothing_is_written_about_a_figure_that_is_hidden(client: FlaskClient, stored: Session, path: str) -> None:
    here = world(stored)
    row = figure(stored, here, joint_action=carried_out(stored, here))
    services.confirm_figure(stored, row, actor=here.organiser, now=NOW)
    as_(client, stored, here.head_th)
    assert client.post(f"/figures/{row.uuid}/{path}", data={"once": once()}).status_code == 404
