"""The schedule board in Chromium: drag, keyboard, undo, two editors, a failed save, and no fault that axe finds."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.boards import House, Opens, card, drag, first_waiting, free, waiting
from tests.setup.serving import REPOSITORY

PATIENT = 30_000
AXE = (REPOSITORY / ".tools/axe-core/axe.min.js").read_text(encoding="utf-8")
LIGHT = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def test_a_meeting_is_dragged_onto_the_board_and_taken_back_after_a_reload(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("drag")
    page = opens("drag", cookie)
    assert waiting(page) == "3"
    ident = first_waiting(page)
    drag(page, card(page, ident), *free(page, ident))
    expect(page.locator("[data-toast]")).to_contain_text("Thu")
    expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()
    assert waiting(page) == "2"
    page.reload()
    expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()
    page.locator(".bd-undo").click()
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    expect(page.locator("[data-toast]")).to_contain_text("Undone: the move.")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()


def test_a_meeting_is_placed_moved_lengthened_locked_and_unscheduled_by_keys_alone(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("keys")
    page = opens("keys", cookie)
    live = page.locator("[data-live]")
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    ident = page.evaluate("document.activeElement.value")
    page.keyboard.press("Enter")
    expect(live).to_contain_text("Picked up")
    page.keyboard.press("ArrowDown")
    expect(live).to_contain_text("Thu, 5 Feb")
    page.keyboard.press("Escape")
    expect(live).to_contain_text("nothing changed")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    placed = page.locator(f".bd-field {card(page, ident)}")
    expect(placed).to_be_focused()
    expect(page.locator("[data-toast]")).to_contain_text("Thu")
    page.keyboard.press("l")
    expect(placed).to_have_class(re.compile("locked"))
    page.keyboard.press("Enter")
    expect(live).to_contain_text("locked")
    page.keyboard.press("l")
    expect(placed).not_to_have_class(re.compile("locked"))
    expect(placed).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(placed).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")


def test_a_drop_that_a_rule_forbids_is_offered_with_its_reason_and_made_when_asked(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("rules")
    page = opens("rules", cookie)
    ident = first_waiting(page)
    taken = page.locator(".bd-day:not([hidden]) .card.band")
    box, field = taken.bounding_box(), page.locator(".bd-day:not([hidden]) .bd-field").bounding_box()
    assert box is not None
    assert field is not None
    drag(page, card(page, ident), 0.4, (box["y"] + 20 - field["y"]) / field["height"])
    expect(page.locator("[data-toast]")).to_contain_text("It falls into Lunch")
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    page.get_by_role("button", name="Place anyway").click()
    expect(page.locator(f".bd-field {card(page, ident)}.clash")).to_be_visible()
    expect(page.locator(".card.band.clash").first).to_be_visible()
    expect(page.locator("[data-toast] [data-do=undo]")).to_be_visible()
    page.locator(".bd-clashes").click()
    expect(page.locator("[data-conflicts]")).to_contain_text("Lunch")


def test_two_editors_see_each_other_and_only_the_slower_one_is_refused(house: House, opens: Opens) -> None:
    _here, cookie, other = house.made("two")
    one, two = opens("two", cookie), opens("two", other)
    ident = first_waiting(one)
    x, y = free(one, ident)
    two.route("**/board/changes*", lambda route: route.fulfill(status=204))
    drag(one, card(one, ident), x, y)
    expect(one.locator(f".bd-field {card(one, ident)}")).to_be_visible()
    expect(one.locator("[data-toast]")).to_contain_text("Thu")
    drag(two, card(two, ident), x, y)
    expect(two.locator("[data-toast]")).to_contain_text("Kim Minji moved")
    expect(two.locator(f".bd-field {card(two, ident)}")).to_be_visible()
    two.unroute("**/board/changes*")
    next_one = first_waiting(one)
    drag(one, card(one, next_one), *free(one, next_one))
    expect(two.locator(f".bd-field {card(two, next_one)}")).to_be_visible()
    expect(two.locator("[data-toast]")).to_contain_text("Kim Minji moved")


def test_changes_of_others_do_not_disturb_what_is_in_the_hand(house: House, opens: Opens) -> None:
    _here, cookie, other = house.made("hand")
    one, two = opens("hand", cookie), opens("hand", other)
    mine, theirs = first_waiting(one), one.locator("[data-tray] .card").nth(1).get_attribute("value")
    assert theirs is not None
    drag(two, card(two, mine), *free(two, mine), drop=False)
    drag(one, card(one, theirs), *free(one, theirs))
    expect(two.locator(f".bd-field {card(two, theirs)}")).to_be_visible()
    expect(two.locator(".bd-preview")).to_be_visible()
    two.mouse.up()
    expect(two.locator("[data-toast]")).to_be_visible()


def test_a_save_that_fails_rolls_the_card_back_and_says_so(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("fails")
    page = opens("fails", cookie)
    ident = first_waiting(page)

    def lost(route: Route) -> None:
        route.abort()

    page.route("**/board/move", lost)
    drag(page, card(page, ident), *free(page, ident))
    expect(page.locator("[data-toast]")).to_contain_text("Not saved. There is no connection.", timeout=PATIENT)
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    page.unroute("**/board/move")
    drag(page, card(page, ident), *free(page, ident))
    expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()
    expect(page.locator("[data-net]")).to_be_hidden()


def test_an_automatic_schedule_is_drawn_as_a_difference_and_taken_in_part(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("auto")
    page = opens("auto", cookie)
    page.get_by_role("link", name="Auto-schedule…").click()
    page.get_by_role("button", name="Find a schedule").click()
    expect(page.get_by_role("button", name="Apply 3 changes")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".card.proposed")).to_have_count(3)
    on_this_day = page.locator(".card.proposed:visible").count()
    page.locator("[data-take]").first.uncheck()
    expect(page.locator(".card.proposed:visible")).to_have_count(on_this_day - 1)
    page.get_by_role("button", name="Apply 2 changes").click()
    expect(page.locator("[data-toast]")).to_contain_text("2 changes applied.")
    expect(page.locator(".card.proposed")).to_have_count(0)
    assert waiting(page) == "1"
    page.locator(".bd-undo").click()
    expect(page.locator("[data-waiting]")).to_have_text("3")


def test_without_script_a_card_leads_to_its_form_and_back_to_the_board(house: House, browser: Browser) -> None:
    _here, cookie, _other = house.made("plain")
    context = browser.new_context(base_url=house.url, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": cookie, "url": house.url}])
    page = context.new_page()
    page.goto("/meetings/plain/board")
    page.locator("[data-tray] .card").first.click()
    page.locator("#starts").fill("2026-02-05T17:40")
    page.locator("#place").select_option("T4")
    page.locator("#anyway").check() if page.locator("#anyway").count() else None
    page.get_by_role("button", name="Save the time and place").click()
    expect(page.get_by_role("heading", name="Schedule")).to_be_attached()
    assert "/meetings/plain/board" in page.url
    context.close()


@pytest.mark.parametrize(
    ("slug", "scheme", "direction"),
    [("axe-light", "light", "ltr"), ("axe-dark", "dark", "ltr"), ("axe-rtl", "light", "rtl")],
)
def test_axe_finds_nothing(house: House, opens: Opens, slug: str, scheme: str, direction: str, tmp_path: Path) -> None:
    _here, cookie, _other = house.made(slug)
    page = opens(slug, cookie, color_scheme=scheme)
    page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)
    page.locator(".bd-field .card:not(.band)").first.click()
    expect(page.get_by_role("link", name="Move to…")).to_be_visible()
    page.evaluate(AXE)
    for name in ("details", "tray"):
        page.locator(f"[data-tab={name}]").click()
        found = page.evaluate("(options) => axe.run(document, options)", LIGHT)
        assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]] == []
    page.screenshot(path=tmp_path / f"board-{slug}.png")


def test_on_a_phone_the_board_is_a_list_by_time_that_leads_to_the_form(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("phone")
    page = opens("phone", cookie, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".bd-field .card:not(.band)").first.click()
    expect(page.get_by_role("heading", name="Move this session")).to_be_visible()


def test_right_to_left_arrows_are_mirrored(house: House, opens: Opens) -> None:
    here, cookie, _other = house.made("rtl")
    page = opens("rtl", cookie)
    ident = first_waiting(page)
    page.evaluate("document.documentElement.dir = 'rtl'; document.getElementById('board').board.rtl = true")
    page.locator(card(page, ident)).focus()
    page.keyboard.press("Enter")
    before = page.evaluate("document.getElementById('board').board.carry.active.to.c")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.getElementById('board').board.carry.active.to.c") == before + 1
    left = page.locator(".bd-preview").bounding_box()
    page.keyboard.press("ArrowRight")
    right = page.locator(".bd-preview").bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] < right["x"]
    assert len(here.places) == 4


def test_several_are_chosen_and_moved_together_as_one_step(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("many")
    page = opens("many", cookie)
    tray = page.locator("[data-tray] .card")
    first, second = (tray.nth(n).get_attribute("value") for n in (0, 1))
    assert first is not None
    assert second is not None
    tray.nth(0).click()
    page.locator("[data-tab=tray]").click()
    tray.nth(1).click(modifiers=["Control"])
    drag(page, card(page, first), 0.1, 0.05, drop=False)
    page.keyboard.down("Alt")
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(page.locator("[data-toast]")).to_contain_text("You moved 2 sessions.")
    for ident in (first, second):
        expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()
    page.locator(".bd-undo").click()
    expect(page.locator("[data-waiting]")).to_have_text("3")
