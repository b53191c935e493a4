"""Every document in every language: nothing runs off its page, and no sign is missing from the fonts."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.gateways.pdf import Part, renderer, speech
from confmgr.reports import printing, queries, rendering
from confmgr.reports.printing import Kind, Wanted
from confmgr.scheduling.domain import SessionKind
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words
from tests import make_cases, make_outcomes
from tests.gateways import paper
from tests.make_invitations import published
from tests.make_programme import BALLOON, QUESTIONS
from tests.make_scheduling import ELEVEN, NOW, World, bilateral, world
from tests.soak import SOAK

MARGIN = 14 / 25.4 * 72
"""Points beside the content of every page."""
SLACK = 1.5
"""Points that a rounded glyph may stand out."""
HAIR = 0.5
"""Width of the box that a reader gives a tone sign, wherever it stands."""


def filled(session: Session) -> World:
    """A meeting with something in every document, half of it in no language but English, names in many scripts."""
    here = world(session)
    here.t1.name = Words.of(BALLOON)
    here.meeting.venue = Words.of("The long hall of the headquarters of the Korean National Police Agency, Seoul")
    bilateral(session, here, interpretation="km-ko")
    bilateral(
        session,
        here,
        kind=SessionKind.PLENARY,
        title=Words.of(BALLOON),
        description=Words.of(QUESTIONS),
        starts=ELEVEN,
        place=here.t2,
        delegations=[],
    )
    coffee = Words.of("Coffee")
    bilateral(
        session, here, kind=SessionKind.BREAK, title=coffee, starts=ELEVEN.replace(hour=14), delegations=[], place=None
    )
    case = make_cases.case(session, here, "C-1", title=Words.of(QUESTIONS), neutral_title=None, disclose_to=[here.th])
    for reference, title in (("L-1", Words.of(BALLOON)), ("L-2", Words.of("サイト「東京」の李さん 李 直", "ja"))):
        make_cases.shared_lead(session, here, case, reference, title=title, body=Words.of(QUESTIONS))
    title = Words.of("Arrest operation against the match-making group of Poipet")
    raid = make_outcomes.carried_out(session, here, title=title)
    make_outcomes.figure(session, here, joint_action=raid, low=15)
    loss = {"measure": "reported_loss", "currency": "KRW", "title": Words.of(BALLOON)}
    make_outcomes.figure(session, here, "loss", 2_500_000_000, **loss)
    make_outcomes.request(session, here, text=Words.of(QUESTIONS), tlp=Tlp.GREEN)
    make_outcomes.base(session, here, make_outcomes.group(session, here), "House near the border with Viet Nam")
    published(session, here)
    session.commit()
    return here


def documents(session: Session, here: World, language: str) -> Iterator[Part]:
    """All six kinds."""
    viewer = viewer_of(session, here.head_kh, NOW)
    operation = here.meeting.operation
    papers = [
        rendering.programme(queries.programme(session, here.meeting), language, NOW),
        rendering.leads(queries.leads_report(session, operation, viewer, NOW), language, NOW),
        rendering.outcomes(queries.outcome_report(session, operation, viewer, NOW, as_of=NOW.date()), language, NOW),
    ]
    yield from (Part(one.html, language) for one in papers)
    table = queries.timetable(session, here.meeting, viewer, NOW)
    for kind in Kind:
        yield from printing.prints(table, Wanted(kind, language), NOW).parts


def printed(parts: Iterator[Part]) -> bytes:
    """In this process, so that the log is heard."""
    job: dict[str, Any] = {
        "parts": [{"html": part.html, "language": part.language} for part in parts],
        "title": "Probe",
        "created": paper.CREATED.isoformat(),
        "attachments": [],
    }
    return renderer.render(job)


def outside(file: bytes) -> list[str]:
    """Lines with a sign that stands in the margin or off the page."""
    found = []
    for number, page in enumerate(paper.opened(file), 1):
        width, height = page.get_size()
        text = page.get_textpage()
        said = text.get_text_range()
        for at in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(at)
            sideways = left < MARGIN - SLACK or right > width - MARGIN + SLACK
            if right > left + HAIR and (sideways or bottom < 0 or top > height):
                found.append(f"page {number}: {said[max(0, at - 30) : at + 30]!r}")
                break
    return found


TRIED = LANGUAGES if SOAK else ("km", "ja", "ar", "fr")
"""One of each way to break lines; all of them where there is time."""


@pytest.mark.slow
def test_nothing_runs_off_a_page_and_no_sign_is_missing(
    app: Flask, stored: Session, caplog: pytest.LogCaptureFixture
) -> None:
    here = filled(stored)
    speech.install()
    found = {}
    with app.test_request_context(), caplog.at_level(logging.WARNING, logger="weasyprint"):
        for language in TRIED:
            found[language] = outside(printed(documents(stored, here, language)))
    assert found == {language: [] for language in TRIED}
    assert [entry.message for entry in caplog.records if ".notdef" in entry.message] == []
