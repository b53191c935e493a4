"""A lead written on a phone survives a network that is cut, a server that fails and a sign-in that ends."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, FilePayload, Page, Route, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import SignIn, User
from confmgr.cases.models import Attachment, Identifier, Lead
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.parties.models import Party
from confmgr.values.words import Words
from tests import make
from tests.browser.serving import serving
from tests.make_cases import case
from tests.make_scheduling import world

NEW = "/meetings/seoul-2/leads/new?to=TH"
TEXT = "It called two hundred victims."


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.config["WTF_CSRF_ENABLED"] = True
    with serving(app) as found:
        yield found
    app.config["WTF_CSRF_ENABLED"] = False


def signed_in(page: Page, address: str, client: FlaskClient, stored: Session, who: User) -> None:
    make.sign_in(client, stored, who)
    cookie = client.get_cookie("session")
    assert cookie is not None
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])


@pytest.fixture
def phone(browser: Browser, address: str, client: FlaskClient, stored: Session) -> Iterator[Page]:
    """The page of a new lead on a phone, filled in."""
    here = world(stored)
    make.delegation(stored, here.meeting, "JP")
    case(stored, here)
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    signed_in(page, address, client, stored, here.head_kh)
    page.goto(NEW)
    page.locator("[name=title-en]").fill("A number in Phnom Penh")
    page.locator("[name=body-en]").fill(TEXT)
    page.locator("[name=identifiers-value]").first.fill("+855 12 345 678")
    yield page
    context.close()


def stored_leads(stored: Session) -> int:
    number = len(stored.scalars(select(Lead)).all())
    stored.commit()  # an open transaction would keep the server from writing
    return number


def nothing_in_the_browser(page: Page) -> None:
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_with_the_network_cut_the_text_stays_and_is_sent_once_it_is_back(phone: Page, stored: Session) -> None:
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_text("Not sent: there is no connection.")).to_be_visible()
    expect(phone.locator("[name=body-en]")).to_have_value(TEXT)
    nothing_in_the_browser(phone)
    assert stored_leads(stored) == 0
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="A number in Phnom Penh")).to_be_visible()
    assert stored_leads(stored) == 1
    assert [row.normal for row in stored.scalars(select(Identifier))] == ["+85512345678"]


def test_an_answer_that_was_lost_leads_to_the_same_lead_and_makes_no_second(phone: Page, stored: Session) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/leads/new*", lose_the_first)
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_role("heading", name="A number in Phnom Penh")).to_be_visible()
    assert lost == [201]
    assert stored_leads(stored) == 1


def test_a_server_in_trouble_is_asked_again(phone: Page, stored: Session) -> None:
    asked: list[str] = []

    def fail_the_first(route: Route) -> None:
        if route.request.method == "POST" and not asked:
            asked.append(route.request.method)
            route.fulfill(status=502, body="Bad gateway")
        else:
            route.continue_()

    phone.route("**/leads/new*", fail_the_first)
    phone.get_by_role("button", name="Keep as a draft").click()
    expect(phone.get_by_text("Not sent: the server has trouble.")).to_be_visible()
    expect(phone.get_by_role("heading", name="A number in Phnom Penh")).to_be_visible()
    assert stored_leads(stored) == 1


def test_after_the_sign_in_has_ended_one_signs_in_elsewhere_and_sends_it_again(
    phone: Page, address: str, client: FlaskClient, stored: Session
) -> None:
    stored.rollback()
    row = stored.scalars(select(SignIn)).one()
    who = stored.get_one(User, row.user_id)
    stored.execute(delete(SignIn))
    stored.commit()
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_text("Not sent: your sign-in has ended.")).to_be_visible()
    expect(phone.get_by_role("link", name="Sign in on another page")).to_be_visible()
    expect(phone.locator("[name=body-en]")).to_have_value(TEXT)
    signed_in(phone, address, client, stored, who)
    phone.get_by_role("button", name="Send it again").click()
    expect(phone.get_by_role("heading", name="A number in Phnom Penh")).to_be_visible()
    assert stored_leads(stored) == 1
    nothing_in_the_browser(phone)


def test_what_one_person_wrote_is_not_sent_by_another_who_signs_in_at_the_same_browser(
    phone: Page, address: str, client: FlaskClient, stored: Session
) -> None:
    stored.rollback()
    stored.execute(delete(SignIn))
    delegation = stored.scalars(select(Delegation).join(Party).where(Party.code == "KH")).one()
    other = make.user(stored, "Chea Vuth")
    make.membership(stored, delegation.meeting, other, Role.DELEGATE, of_delegation=delegation)
    stored.commit()
    phone.get_by_role("button", name="Keep as a draft").click()
    expect(phone.get_by_text("Not sent: your sign-in has ended.")).to_be_visible()
    signed_in(phone, address, client, stored, other)
    with phone.expect_response(lambda answer: answer.request.method == "GET"):  # it looks who is signed in now
        phone.get_by_role("button", name="Send it again").click()
    expect(phone.get_by_text("Not sent: your sign-in has ended.")).to_be_visible()
    expect(phone.locator("[name=body-en]")).to_have_value(TEXT)
    assert stored_leads(stored) == 0


def test_the_sentence_follows_the_choice_and_a_fault_is_shown_in_the_open_page(phone: Page, stored: Session) -> None:
    sentence = phone.locator("#consequence")
    expect(sentence).to_have_text("Thailand will see this; Japan must ask you first.")
    phone.get_by_text("Every member and partner of this meeting").click()
    expect(sentence).to_have_text("Every delegation at this meeting will see this.")
    phone.get_by_text("The delegations that you name").click()
    expect(sentence).to_have_text("Thailand will see this; Japan must ask you first.")
    phone.get_by_role("button", name="Another one").click()
    assert phone.locator("[name=identifiers-value]").count() == 3
    phone.locator("[name=identifiers-value]").last.fill("call me")
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_role("alert").get_by_text("“call me” cannot be read")).to_be_visible()
    phone.locator("[name=identifiers-value]").nth(1).fill("")
    phone.get_by_role("button", name="Another one").click()
    assert stored_leads(stored) == 0


def test_what_somebody_else_changed_meanwhile_does_not_eat_what_was_written(
    phone: Page, address: str, client: FlaskClient, stored: Session
) -> None:
    phone.get_by_role("button", name="Keep as a draft").click()
    phone.get_by_role("link", name="Edit", exact=True).click()
    row = stored.scalars(select(Lead)).one()
    row.body = Words.of("It called one victim.")
    stored.commit()
    phone.locator("[name=body-en]").fill("It called three hundred victims.")
    phone.get_by_role("button", name="Save the lead").click()
    expect(phone.get_by_text("Not sent: somebody else changed this meanwhile.")).to_be_visible()
    expect(phone.locator("[name=body-en]")).to_have_value("It called three hundred victims.")
    phone.goto("about:blank")


def test_the_page_is_no_wider_than_the_phone(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_files_stay_chosen_when_the_form_comes_back_and_are_held_back_where_they_are_too_large(
    phone: Page, stored: Session
) -> None:
    photograph: FilePayload = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"+855 12 345 678"}
    phone.locator("[name=file]").set_input_files([photograph])
    phone.locator("[name=title-en]").fill("")
    phone.get_by_role("button", name="Share it").click()
    expect(phone.locator(".summary-errors")).to_be_visible()
    assert phone.evaluate("document.querySelector('[name=file]').files[0].name") == "list.txt"
    phone.locator("[name=title-en]").fill("A number in Phnom Penh")
    most = phone.evaluate(
        "[document.querySelector('#lead').dataset.most, document.querySelector('#lead').dataset.most = 5][0]"
    )
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_text("Not sent: the files are too large together.")).to_be_visible()
    expect(phone.locator("[name=body-en]")).to_have_value(TEXT)
    phone.evaluate("most => document.querySelector('#lead').dataset.most = most", most)
    phone.get_by_role("button", name="Send it again").click()
    expect(phone.get_by_role("heading", name="A number in Phnom Penh")).to_be_visible()
    assert [row.name for row in stored.scalars(select(Attachment))] == ["list.txt"]
    assert stored_leads(stored) == 1


def test_beside_the_ticks_it_says_when_they_reach_nobody(phone: Page) -> None:
    nobody, strict = phone.locator(".told-nobody"), phone.locator(".told-strict")
    expect(nobody).to_be_hidden()
    phone.locator("[name=to][value=TH]").uncheck()
    expect(nobody).to_be_visible()
    phone.get_by_text("Only agencies or persons whom you name").click()
    expect(strict).to_be_visible()
    expect(nobody).to_be_hidden()
