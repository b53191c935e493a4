"""Every address of a meeting, tried by those to whom it does not belong."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.invitations.services import publish
from confmgr.meetings.domain import Role
from confmgr.scheduling import services
from confmgr.scheduling.plans import prepare
from tests import make
from tests.make_scheduling import NOW, World, as_, bilateral, request, world

ROOMS = ("scheduling", "invitations")
OPEN_TO_DELEGATES = {
    "invitations.agenda",
    "invitations.calendars",
    "invitations.day_calendar",
    "invitations.my_agenda",
    "invitations.my_calendar",
    "invitations.my_changes",
    "invitations.own_calendar",
    "invitations.programme",
    "invitations.slots",
    "reports.delegation_programme",
    "reports.delegation_programme_pdf",
    "scheduling.ask",
    "scheduling.requests",
}


def addresses(app: Flask, slug: str, ident: uuid.UUID) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of everything under a meeting."""
    values = {"slug": slug, "uuid": ident, "code": "KH", "other": "TH", "place": "T1", "answer": "confirm"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            ours = rule.endpoint.partition(".")[0] in ROOMS or "/prints" in rule.rule or "<uuid:uuid>/prog" in rule.rule
            if "slug" not in rule.arguments or not ours:
                continue
            if not rule.arguments <= values.keys():
                continue
            address = app.url_map.bind("localhost").build(rule.endpoint, {k: values[k] for k in rule.arguments})
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule.endpoint, method, address


def things(session: Session, here: World) -> list[uuid.UUID]:
    """One of everything that an address can name."""
    row = bilateral(session, here)
    wish = request(session, here)
    bilateral(session, here, starts=None, place=None)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    draft = services.keep_draft(session, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    publication = publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    return [row.uuid, wish.uuid, run.uuid, draft.uuid, publication.uuid, here.kh.uuid]


@pytest.mark.parametrize("who", ["outsider", "other"])
def test_who_is_not_at_a_meeting_finds_nothing_of_it(
    app: Flask, client: FlaskClient, stored: Session, who: str
) -> None:
    here = world(stored)
    known = things(stored, here)[0]
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    stranger = make.user(stored, "Han Bora")
    if who == "other":
        make.membership(stored, other, stranger)
    as_(client, stored, stranger)
    for _endpoint, method, address in addresses(app, "seoul-2", known):
        assert client.open(address, method=method).status_code == 404, (method, address)


def test_the_organiser_of_another_meeting_reaches_nothing_through_the_own_one(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    known = things(stored, here)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    organiser = make.user(stored, "Han Bora")
    make.membership(stored, other, organiser)
    as_(client, stored, organiser)
    for ident in known:
        for _endpoint, method, address in addresses(app, "seoul-3", ident):
            if str(ident) in address:
                assert client.open(address, method=method).status_code == 404, (method, address)


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.HEAD])
def test_a_third_delegation_reaches_only_what_is_for_delegates_and_nothing_of_others(
    app: Flask, client: FlaskClient, stored: Session, role: Role
) -> None:
    here = world(stored)
    known = things(stored, here)
    third = make.delegation(stored, here.meeting, "JP")
    sato = make.user(stored, "Sato Ken")
    make.membership(stored, here.meeting, sato, role, of_delegation=third)
    as_(client, stored, sato)
    reached = set()
    for number, ident in enumerate(known):
        for endpoint, method, address in addresses(app, "seoul-2", ident):
            if number and str(ident) not in address:
                continue
            answer = client.open(address, method=method)
            if answer.status_code not in {403, 404}:
                assert str(ident) not in address, (method, address)
                reached.add(endpoint)
    assert reached <= OPEN_TO_DELEGATES


def test_what_a_script_posts_needs_the_token_of_the_page(app: Flask, client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for place in ("move", "swap", "unplace", "lock", "undo", "redo", "plan"):
            body = {"cards": [{"i": str(row.uuid), "v": 1}], "locked": True}
            assert client.post(f"/meetings/seoul-2/board/{place}", json=body).status_code == 400, place
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    stored.refresh(row)
    assert (row.version, row.time_locked) == (1, False)
