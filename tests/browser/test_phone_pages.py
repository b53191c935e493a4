"""The pages of cases and leads on a phone: nothing is wider than the screen, and what opens stays on it."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from tests.browser.test_keep import address, signed_in
from tests.make_cases import case, shared_lead
from tests.make_scheduling import world

__all__ = ["address"]
WIDTH = 360


@pytest.fixture
def pages(browser: Browser, address: str, client: FlaskClient, stored: Session) -> Iterator[tuple[Page, list[str]]]:
    """A phone of the head of Cambodia, and the pages around a case and a lead of Cambodia."""
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    lead = shared_lead(stored, here, of)
    items = [f"/cases/{of.item.uuid}", f"/leads/{lead.item.uuid}"]
    lists = [
        f"/meetings/seoul-2/{name}" for name in ("cases", "leads", "exchange", "consents", "matches", "search?q=a")
    ]
    forms = [f"{item}/{name}" for item in items for name in ("share", "marking", "keep", "edit", "ask")]
    context = browser.new_context(
        base_url=address, viewport={"width": WIDTH, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    stored.commit()
    signed_in(page, address, client, stored, here.head_kh)
    yield page, [*items, *lists, *forms]
    context.close()


def test_nothing_is_wider_than_the_phone_and_each_menu_opens_on_its_screen(pages: tuple[Page, list[str]]) -> None:
    page, addresses = pages
    for language in ("en", "ar"):
        for where in addresses:
            page.goto(f"{where}{'&' if '?' in where else '?'}lang={language}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            outside = page.evaluate(
                """() => [...document.querySelectorAll("#content details.menu")].filter((menu) => {
                    menu.open = true;
                    const box = menu.querySelector(".menu-list").getBoundingClientRect();
                    menu.open = false;
                    return box.left < 0 || box.right > innerWidth || box.bottom > innerHeight;
                }).length"""
            )
            assert (where, language, wide, outside) == (where, language, WIDTH, 0)
