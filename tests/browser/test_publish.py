"""The publish page in a browser: one change held back, and the mail of somebody who reads Khmer, then of one in Korean."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.invitations.models import OutboxMessage
from tests import make
from tests.browser.serving import serving
from tests.make_invitations import published
from tests.make_scheduling import World, bilateral, move, world

BASE = "/meetings/seoul-2"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails its test when the console reports an error."""
    context = browser.new_context(base_url=address, locale="en-GB", reduced_motion="reduce")
    fresh = context.new_page()
    fresh.set_default_timeout(30_000)
    wrong: list[str] = []
    fresh.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    fresh.on("pageerror", lambda error: wrong.append(str(error)))
    yield fresh
    context.close()
    assert wrong == []


def sign_in(page: Page, address: str, client: FlaskClient, stored: Session, here: World) -> None:
    make.sign_in(client, stored, here.organiser)
    cookie = client.get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])


def test_one_change_is_held_back_and_mails_are_read_before_they_leave(
    page: Page, address: str, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.delegate_kh.language, here.delegate_th.language = "km", "ko"
    first, second = bilateral(stored, here), bilateral(stored, here, place=here.t2, anyway=True)
    published(stored, here)
    for row in (first, second):
        move(stored, here, row)
    sign_in(page, address, client, stored, here)

    page.goto(f"{BASE}/publish")
    last = page.locator("#publish-last")
    expect(last).to_have_text("Publish 2 changes and send 4 mails")
    expect(page.get_by_role("button", name="Count again")).to_be_hidden()
    box = page.locator(f"#take-{first.reference}")
    box.focus()
    page.keyboard.press("Space")
    expect(last).to_have_text("Publish 1 change and send 2 mails")
    expect(page.locator("#publish-changes").get_by_text("Nobody, for now")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).not_to_be_checked()

    mail = page.locator("#publish-sample")
    expect(mail.locator(".letter-body")).to_have_attribute("lang", "km")
    expect(mail.get_by_text("TLP:GREEN បានកែប្រែ")).to_be_visible()
    page.locator("#to").select_option(label="TH Somchai Wong: Bilateral meeting KH–TH")
    expect(mail.locator(".letter-body")).to_have_attribute("lang", "ko")
    expect(mail.get_by_text("TLP:GREEN 변경")).to_be_visible()
    mail.get_by_role("button", name="In English").click()
    expect(mail.get_by_text("Your meeting has moved.")).to_be_visible()
    expect(box).not_to_be_checked()

    page.get_by_role("button", name="Publish 1 change and send 2 mails").click()
    expect(page.get_by_text("Published. 1 change stays held back until somebody ticks it.")).to_be_visible()
    mails = stored.scalar(select(func.count()).select_from(OutboxMessage))
    stored.commit()
    assert mails == 6
    page.goto(f"{BASE}/publish")
    expect(page.get_by_text("Everything is held back, so there is nothing to publish.")).to_be_visible()


def test_without_script_the_page_counts_again_by_a_button(
    browser: Browser, address: str, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    first = bilateral(stored, here)
    bilateral(stored, here, place=here.t2, anyway=True)
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, client, stored, here)
    page.goto(f"{BASE}/publish")
    page.locator(f"#take-{first.reference}").uncheck()
    page.get_by_role("button", name="Count again").click()
    expect(page.get_by_role("button", name="Publish 1 change and send 2 mails")).to_be_visible()
    context.close()
