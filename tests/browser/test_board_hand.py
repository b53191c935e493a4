"""What a hand does on the board beyond placing: resize, swap, put back, other days, hidden places, a finger."""

import re

from playwright.sync_api import Page, expect

from tests.browser.boards import House, Opens, card, drag, first_waiting, free, waiting

MOVABLE = ".bd-day:not([hidden]) .card:not(.band):not(.locked)"


def value(page: Page, selector: str, number: int = 0) -> str:
    found = page.locator(selector).nth(number).get_attribute("value")
    assert found is not None
    return found


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(8, box["height"] / 2)


def test_the_lower_edge_of_a_card_makes_it_longer(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("edge")
    page = opens("edge", cookie)
    ident = value(page, MOVABLE)
    length = page.evaluate("(id) => document.getElementById('board').board.model.cards.get(id).n", ident)
    box = page.locator(card(page, ident)).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] + 12, steps=3)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] + 27, steps=3)
    page.keyboard.down("Alt")
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(page.locator("[data-toast]")).to_contain_text("Thu")
    expect(page.locator(card(page, ident))).to_have_class(re.compile(rf"\bn{length + 4}\b"))


def test_a_drop_with_alt_on_another_card_swaps_the_two(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("swap")
    page = opens("swap", cookie)
    one, other = value(page, MOVABLE), value(page, MOVABLE, 2)
    before = page.locator(card(page, other)).get_attribute("class") or ""
    x, y = middle(page, card(page, one))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8, steps=2)
    page.keyboard.down("Alt")
    page.mouse.move(*middle(page, card(page, other)), steps=4)
    expect(page.locator("[data-status]")).to_contain_text("Swaps with")
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(page.locator("[data-toast]")).to_contain_text("You swapped 2 sessions.")
    for name in re.findall(r"\b[st]\d+\b", before):
        expect(page.locator(card(page, one))).to_have_class(re.compile(rf"\b{name}\b"))


def test_a_card_that_is_dropped_on_the_column_beside_is_unscheduled(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("back")
    page = opens("back", cookie)
    ident = value(page, MOVABLE)
    x, y = middle(page, card(page, ident))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10, steps=2)
    page.mouse.move(100, 500, steps=4)
    expect(page.locator("[data-status]")).to_contain_text("unscheduled")
    page.mouse.up()
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    assert waiting(page) == "4"


def test_a_card_is_carried_to_another_day_over_its_tab(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("days")
    page = opens("days", cookie)
    ident = first_waiting(page)
    page.mouse.move(*middle(page, card(page, ident)))
    page.mouse.down()
    page.mouse.move(300, 300, steps=3)
    page.mouse.move(*middle(page, ".bd-days a[data-day='1']"), steps=3)
    expect(page.locator(".bd-day[data-day='1']")).to_be_visible()
    x, y = page.evaluate(
        """(id) => {
            const { model } = document.getElementById("board").board;
            const one = model.cards.get(id);
            const { units } = model.data.days[1];
            const box = document.querySelector(".bd-day[data-day='1'] .bd-field").getBoundingClientRect();
            for (let s = 0; s + one.n <= units; s += model.slot)
              for (let c = 0; c < model.columns.length; c += 1)
                if (!model.check(one, { d: 1, s, n: one.n, c }).rank)
                  return [box.left + box.width * (c + 0.5) / model.columns.length, box.top + box.height * (s + 0.5) / units];
        }""",
        ident,
    )
    page.mouse.move(x, y, steps=3)
    page.mouse.up()
    expect(page.locator("[data-toast]")).to_contain_text("Fri")
    expect(page.locator(f".bd-day[data-day='1'] {card(page, ident)}")).to_be_visible()


def test_hidden_places_leave_no_gap_and_a_drop_goes_where_it_looks(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("hide")
    page = opens("hide", cookie)
    page.locator(".bd-view summary").click()
    page.locator("[data-show='0']").uncheck()
    page.locator(".bd-view summary").click()
    expect(page.locator(".bd-heads li[data-column='0']").first).to_be_hidden()
    ident = first_waiting(page)
    drag(page, card(page, ident), 0.02, 0.02, drop=False)
    expect(page.locator("[data-status]")).to_contain_text("Table 2")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(f"[data-tray] {card(page, ident)}")).to_be_visible()
    page.reload()
    expect(page.locator(".bd-heads li[data-column='0']").first).to_be_hidden()


def test_a_finger_carries_a_card_after_a_press(house: House, opens: Opens) -> None:
    _here, cookie, _other = house.made("touch")
    page = opens("touch", cookie, has_touch=True)
    ident = first_waiting(page)
    x, y = free(page, ident)
    field = page.locator(".bd-day:not([hidden]) .bd-field").bounding_box()
    assert field is not None
    start = middle(page, card(page, ident))
    protocol = page.context.new_cdp_session(page)

    def touch(kind: str, at: tuple[float, float] | None) -> None:
        points = [] if at is None else [{"x": at[0], "y": at[1]}]
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    expect(page.locator(f"{card(page, ident)}.carried")).to_be_visible()
    goal = (field["x"] + x * field["width"], field["y"] + y * field["height"])
    for part in (0.3, 0.6, 1.0):
        touch("touchMove", (start[0] + part * (goal[0] - start[0]), start[1] + part * (goal[1] - start[1])))
        page.wait_for_timeout(60)
    expect(page.locator(".bd-preview")).to_be_visible()
    touch("touchEnd", None)
    expect(page.locator(f".bd-field {card(page, ident)}")).to_be_visible()


def test_the_board_stands_the_other_way_round_and_lights_one_delegation(house: House, opens: Opens) -> None:
    here, cookie, _other = house.made("turn")
    page = opens("turn", cookie)
    page.locator(".bd-view summary").click()
    page.locator("[data-across]").check()
    page.locator(".bd-view summary").click()
    ident = first_waiting(page)
    page.locator(card(page, ident)).focus()
    page.keyboard.press("Enter")
    first = page.locator(".bd-preview").bounding_box()
    page.keyboard.press("ArrowRight")
    second = page.locator(".bd-preview").bounding_box()
    assert first is not None
    assert second is not None
    assert second["x"] > first["x"]
    assert second["y"] == first["y"]
    page.keyboard.press("Escape")
    page.locator("[data-highlight]").select_option(str(here.delegations[0].id))
    expect(page.locator(".card.lit").first).to_be_visible()
    assert page.locator(".card.lit").count() < page.locator(".card").count()
