"""Linking by hand what led to what, and chains that begin at a figure, a session or a case."""

import uuid
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound, Refused
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import FigureKind
from confmgr.outcomes.models import ChainLink
from confmgr.scheduling.models import SessionDelegation
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, shared_lead, without_tokens
from tests.make_invitations import published
from tests.make_outcomes import base, carried_out, figure, group, request, source
from tests.make_scheduling import NOW, as_, bilateral, once, world

CHAIN = "/operations/breaking-chains/chain"


def links(session: Session) -> list[tuple[int | None, int | None]]:
    rows = session.execute(select(ChainLink.from_item_id, ChainLink.to_item_id)).all()
    session.commit()
    return [(cause, effect) for cause, effect in rows]


def test_a_party_says_what_its_request_came_of_and_takes_it_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    lead, asked = shared_lead(stored, here, case(stored, here)), request(stored, here)
    page = f"{CHAIN}/{asked.item.uuid}"
    as_(client, stored, here.head_kh)
    assert f"{page}/link" in client.get(page).text
    data = {"once": once(), "way": "came_of", "other": str(lead.item.uuid), "note-en": "Said at the table"}
    assert client.post(f"{page}/link", data=data).status_code == 302
    assert links(stored) == [(lead.id, asked.id)]
    assert "Said at the table" in client.get(page).text
    twice = client.post(f"{page}/link", data=data | {"once": once(2)})
    assert twice.status_code == 422
    assert "These two are linked already." in twice.text
    turned = client.post(f"{page}/link", data=data | {"once": once(3), "way": "led_to"})
    assert "These two are linked the other way round." in turned.text
    taken = {"cause": str(lead.item.uuid), "effect": str(asked.item.uuid)}
    assert client.post(f"{page}/unlink", data=taken).status_code == 302
    assert links(stored) == []
    assert client.post(f"{page}/unlink", data=taken).status_code == 404
    assert client.post(f"{page}/unlink", data={"cause": "x"}).status_code == 404


def test_a_party_links_nothing_that_is_of_others_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    lead, asked = shared_lead(stored, here, case(stored, here)), request(stored, here)
    page = f"{CHAIN}/{asked.item.uuid}"
    as_(client, stored, here.head_th)
    data = {"once": once(), "way": "came_of", "other": str(lead.item.uuid)}
    assert client.post(f"{page}/link", data=data).status_code == 403
    services.link_chain(stored, here.meeting.operation, lead.item, asked.item)
    stored.commit()
    taken = {"cause": str(lead.item.uuid), "effect": str(asked.item.uuid)}
    assert client.post(f"{page}/unlink", data=taken).status_code == 403
    assert "/unlink" not in client.get(page).text
    as_(client, stored, here.organiser)
    assert client.get(f"{page}/link").status_code == 403


def test_what_somebody_may_not_see_cannot_be_linked(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    laos = make.delegation(stored, here.meeting, "LA")
    other = make.user(stored, "Kham Souk")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=laos)
    lead, asked = shared_lead(stored, here, case(stored, here)), request(stored, here)
    services.link_chain(stored, here.meeting.operation, lead.item, asked.item)
    as_(client, stored, other)
    page = f"{CHAIN}/{asked.item.uuid}"
    taken = {"cause": str(lead.item.uuid), "effect": str(asked.item.uuid)}
    assert client.get(f"{page}/link").status_code == 404
    assert client.post(f"{page}/link", data={"once": once()}).status_code == 404
    assert client.post(f"{page}/unlink", data=taken).status_code == 404
    assert len(links(stored)) == 1


def test_a_figure_opens_the_chain_that_it_counts(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    asked, raid = request(stored, here), carried_out(stored, here)
    counted = figure(stored, here, joint_action=raid)
    stated = figure(stored, here, "said", 20, joint_action=raid, kind=FigureKind.DECLARED)
    alone = figure(stored, here, "alone", 3)
    services.link_chain(stored, here.meeting.operation, asked.item, raid.item)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{counted.uuid}").text
    assert "Raid of the blue villa" in page
    assert f'id="figure-{counted.uuid}"' in page
    assert f'data-to="figure-{counted.uuid}" data-kind="walked"' in page
    assert "/link" not in page
    assert "Raid of the blue villa" in client.get(f"{CHAIN}/{stated.uuid}").text
    assert "Nothing is linked to it yet" in client.get(f"{CHAIN}/{alone.uuid}").text
    assert f"{CHAIN}/{counted.uuid}" in client.get(f"/figures/{counted.uuid}").text
    as_(client, stored, here.head_th)
    for one in (counted, stated):
        assert client.get(f"{CHAIN}/{one.uuid}").status_code == 404


def test_of_sources_that_disagree_the_one_in_use_ends_the_chain(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    raid = carried_out(stored, here)
    first = figure(stored, here, "r0", 27, joint_action=raid)
    second = figure(stored, here, "r2", 29, joint_action=raid, alternative_to=first, source=source(stored, here, "R2"))
    services.choose_current(stored, [first, second], second, actor=here.head_kh, now=NOW)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{raid.item.uuid}").text
    assert f'id="figure-{second.uuid}"' in page
    assert f'id="figure-{first.uuid}"' not in page


def test_a_case_opens_all_that_belongs_to_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of, another = case(stored, here), case(stored, here, "KH-02", title=Words.of("Another case"))
    lead = shared_lead(stored, here, of)
    asked = request(stored, here, case=of)
    raid = carried_out(stored, here, cases=[of])
    request(stored, here, "KH-R2", case=another, text=Words.of("Elsewhere"))
    services.link_chain(stored, here.meeting.operation, asked.item, raid.item)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{of.item.uuid}").text
    assert lead.title.text("en") in page
    assert "Who rents the villa?" in page
    assert "Raid of the blue villa" in page
    assert "Elsewhere" not in page
    assert f"{CHAIN}/{of.item.uuid}" in client.get(f"/cases/{of.item.uuid}").text
    as_(client, stored, here.organiser)
    assert client.get(f"{CHAIN}/{of.item.uuid}").status_code == 404


def test_what_is_not_shared_yet_offers_no_link(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    draft = lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    answer = client.get(f"{CHAIN}/{draft.item.uuid}")
    assert answer.status_code == 200
    assert "/link" not in answer.text
    assert client.get(f"{CHAIN}/{draft.item.uuid}/link").status_code == 404


def test_the_chain_of_a_case_with_one_thing_offers_no_link_of_the_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    sent = shared_lead(stored, here, of)
    as_(client, stored, here.head_kh)
    page = client.get(f"{CHAIN}/{of.item.uuid}").text
    assert f"/{sent.item.uuid}" in page
    assert "/link" not in page


def test_a_session_has_its_chain_and_a_side_of_it_links_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    sat, asked = bilateral(stored, here), request(stored, here)
    published(stored, here)
    page = f"{CHAIN}/{sat.uuid}"
    as_(client, stored, here.head_th)
    assert "Nothing is linked to it yet" in client.get(page).text
    data = {"once": once(), "way": "led_to", "other": str(asked.item.uuid)}
    assert client.post(f"{page}/link", data=data).status_code == 302
    assert "Who rents the villa?" in client.get(page).text


@pytest.mark.parametrize("reason", ["led_to_itself", "linked_already", "linked_the_other_way"])
def test_links_that_say_nothing_new_are_refused(session: Session, reason: str) -> None:
    here = world(session)
    one, other = request(session, here).item, request(session, here, "KH-R2").item
    given: dict[str, Any] = {"actor": here.head_kh, "now": NOW}
    services.say_it_led_to(session, here.meeting.operation, one, other, **given)
    wanted = {"led_to_itself": (one, one), "linked_already": (one, other), "linked_the_other_way": (other, one)}
    with pytest.raises(Refused, match=reason):
        services.say_it_led_to(session, here.meeting.operation, *wanted[reason], **given)
    with pytest.raises(NotFound):
        services.take_back_link(session, here.meeting.operation, other, one, **given)
    services.take_back_link(session, here.meeting.operation, one, other, **given)
    assert session.scalars(select(ChainLink)).all() == []


def test_a_figure_older_than_what_it_counts_is_shown_with_a_warning(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    raid = carried_out(stored, here, tlp=Tlp.GREEN)
    october = (date(2025, 10, 1), date(2025, 10, 31))
    figure(stored, here, "early", 4, joint_action=raid, period=october)
    as_(client, stored, here.head_kh)
    assert "Not as a cause: the dates run backwards." in client.get(f"{CHAIN}/{raid.item.uuid}").text


@pytest.mark.parametrize(("change", "planned"), [("joins", (True, True)), ("leaves", (False, False))])
def test_a_session_names_those_who_were_told_of_it_until_the_next_publication(
    client: FlaskClient, stored: Session, change: str, planned: tuple[bool, bool]
) -> None:
    here = world(stored)
    japan, third = make.delegation(stored, here.meeting, "JP"), make.delegation(stored, here.meeting, "LA")
    held = bilateral(stored, here, delegations=[here.kh, here.th, third])
    published(stored, here)
    if change == "joins":
        held.delegations.append(SessionDelegation(delegation_id=japan.id))
    else:
        held.delegations = [link for link in held.delegations if link.delegation_id != third.id]
    stored.flush()
    for who, named in ((here.head_th, (True, False)), (here.organiser, planned)):
        as_(client, stored, who)
        page = client.get(f"{CHAIN}/{held.uuid}").text
        assert ("Lao PDR" in page, "Japan" in page) == named


def test_no_chain_tells_of_a_base_whose_group_the_reader_may_not_see(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = base(stored, here, group(stored, here, tlp=Tlp.AMBER), "Poipet", Tlp.GREEN)
    as_(client, stored, here.head_th)
    answers = [client.get(f"{CHAIN}/{ident}") for ident in (row.item.uuid, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_tokens(answers[0].data) == without_tokens(answers[1].data)
