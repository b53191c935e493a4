"""A newcomer walks from an empty installation to a published programme, in a browser, with a worker behind it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from tests.setup.serving import Served

PASSWORD = "a long enough one"
PATIENT = 30_000
"""Milliseconds that the planner and the worker may take on a busy machine."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("empty"), "--empty") as server:
        yield server


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{served.port}", locale="en-GB")
    fresh = context.new_page()
    fresh.set_default_timeout(30_000)
    yield fresh
    context.close()


def workbook(path: Path, *, minutes: object) -> Path:
    """Three delegations with a head each, and two requests to Korea."""
    book = xlsxwriter.Workbook(str(path))
    sheets: dict[str, list[list[object]]] = {
        "Delegations": [
            ["Code", "Name", "Teams"],
            ["KR", "Republic of Korea", 2],
            ["KH", "Cambodia", 1],
            ["TH", "Thailand", 1],
        ],
        "Delegates": [
            ["Delegation", "Name", "Capacity", "Mail address", "Language"],
            ["KR", "Kim Seojun", "head_of_delegation", "kim@kr.example", "ko"],
            ["KH", "Sok Dara", "head_of_delegation", "sok@kh.example", "en"],
            ["TH", "Anan Sriwong", "head_of_delegation", "anan@th.example", "en"],
        ],
        "Meeting requests": [["From", "To", "Minutes"], ["KH", "KR", minutes], ["TH", "KR", 40]],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def start(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="The first organiser")).to_be_visible()
    page.get_by_label("Your name").fill("Secretariat")
    page.get_by_label("Mail address").fill("organiser@police.example")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Make this account")
    expect(page.get_by_text("There is no operation yet.")).to_be_visible()


def found(page: Page) -> None:
    page.goto("/parties/new")
    page.locator("#code").fill("KR")
    page.locator("[name=short_name-en]").fill("Republic of Korea")
    press(page, "Save the participant")
    page.goto("/operations/new")
    page.locator("#code").fill("chains")
    page.locator("[name=name-en]").fill("Chains")
    page.locator("#starts_on").fill("2027-01-04")
    press(page, "Save the operation")
    page.goto("/operations/chains/meetings/new")
    page.locator("[name=title-en]").fill("First meeting")
    page.locator("#slug").fill("first")
    page.locator("[name=venue-en]").fill("Seoul")
    page.locator("#starts_on").fill("2027-02-04")
    page.locator("#ends_on").fill("2027-02-05")
    press(page, "Plan this meeting")
    expect(page.get_by_role("heading", name="First meeting")).to_be_visible()
    page.goto("/meetings/first/places/new")
    page.locator("#code").fill("T1")
    page.locator("[name=name-en]").fill("Table 1")
    page.locator("#kind").select_option("table")
    page.locator("#seats").fill("6")
    press(page, "Save the place")


def test_from_nothing_to_a_published_programme(page: Page, served: Served, tmp_path: Path) -> None:
    start(page)
    found(page)

    page.goto("/meetings/first/import")
    page.locator("#file").set_input_files(workbook(tmp_path / "wrong.xlsx", minutes=43))
    press(page, "Look at it")
    expect(page.get_by_text("Nothing has been written.")).to_be_visible()
    expect(page.get_by_role("button", name="Apply all of it")).to_have_count(0)
    page.goto("/meetings/first/delegations")
    expect(page.get_by_text("No delegation yet.")).to_be_visible()

    page.goto("/meetings/first/import")
    page.locator("#file").set_input_files(workbook(tmp_path / "right.xlsx", minutes=40))
    press(page, "Look at it")
    press(page, "Apply all of it")
    expect(page.get_by_text("8 rows were added.")).to_be_visible()

    for number in (1, 2):
        page.goto("/meetings/first/requests")
        follow(page, f"Request {number}")
        page.get_by_label("Accepts").check()
        press(page, "Send the answer")
    page.goto("/meetings/first/requests")
    press(page, "Make sessions of 2 accepted requests")

    page.goto("/meetings/first/plan")
    press(page, "Start the planner")
    expect(page.get_by_role("button", name="Take what is ticked")).to_be_visible(timeout=PATIENT)
    press(page, "Take what is ticked")

    page.goto("/meetings/first/publish")
    expect(page.get_by_text("3 people get 4 mails, one for each of their sessions")).to_be_visible()
    press(page, "Publish 2 changes and send 4 mails")
    page.goto("/meetings/first/programme")
    expect(page.get_by_text("Bilateral meeting KH–KR")).to_be_visible()
    page.goto("/meetings/first/outbox?state=sent")
    for _attempt in range(30):
        if page.get_by_role("row").count() > 4:
            break
        page.wait_for_timeout(1000)
        page.reload()
    assert page.get_by_role("row").count() == 5, "a heading and one mail for each of four participations"

    answer = page.request.get("/meetings/first/reports/programme.pdf?language=ko")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF-")
    follow_delegation = page.request.get("/meetings/first/delegations").text()
    link = re.search(r'href="(/meetings/first/delegations/[0-9a-f-]{36})"', follow_delegation)
    assert link is not None
    calendar = page.request.get(f"{link[1]}/calendar.ics")
    assert calendar.text().count("BEGIN:VEVENT") > 0


def test_a_wrong_password_is_refused_with_one_sentence(page: Page, served: Served) -> None:
    page.goto("/sign-in")
    page.get_by_label("Mail address").fill("organiser@police.example")
    page.get_by_label("Password").fill("not the right one")
    press(page, "Sign in")
    expect(page.get_by_text("The address or the password is not right.")).to_be_visible()
    page.goto("/meetings/first")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
