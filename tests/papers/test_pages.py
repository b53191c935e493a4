"""The agenda as organisers write it and as everybody in the meeting reads it."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.papers import queries
from confmgr.papers.models import AgendaDocument, AgendaItem
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_invitations import case, published
from tests.make_papers import item, numbered
from tests.make_scheduling import ELEVEN, TEN, World, as_, bilateral, once, world

BASE = "/meetings/seoul-2/agenda"
SECRET = "The blue house behind the market"


def sent(**changes: object) -> dict[str, object]:
    """An item as the form sends it."""
    given: dict[str, object] = {
        "once": once(),
        "title-en": "Routes of groups",
        "kind": "substance",
        "under": "0",
        "expected": "discussion",
        "chair": "KH",
    }
    return given | changes


def plenary(session: Session, here: World) -> None:
    bilateral(
        session,
        here,
        kind=SessionKind.PLENARY,
        delegations=[],
        everybody=True,
        title=Words.of("Opening sitting"),
        starts=TEN.replace(hour=9),
    )


def begun(client: FlaskClient, session: Session) -> tuple[World, list[AgendaItem]]:
    """An organiser before an agenda of three items."""
    here = world(session)
    items = [item(session, here.meeting, title=title) for title in ("Opening", "Routes", "Closing")]
    as_(client, session, here.organiser)
    return here, items


def of(row: AgendaItem, verb: str = "") -> str:
    return f"{BASE}/items/{row.uuid}{verb}"


def test_an_empty_agenda_begins_with_the_standard_items_in_the_languages_of_the_meeting(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.meeting.languages = ["en", "ko"]
    as_(client, stored, here.organiser)
    assert "Begin with the standard items" in client.get(f"{BASE}/edit").text
    page = client.post(f"{BASE}/standard", follow_redirects=True)
    assert "Begin with the standard items" not in page.text
    assert numbered(stored, here.meeting).startswith("1 Opening, 2 Adoption of the agenda and organisation of work, 3")
    titles = [row.title.values.get("ko") for row in queries.agenda(stored, here.meeting)]
    stored.commit()
    assert [title.text for title in titles if title] == [
        "개회",
        "의제 채택 및 회의 진행 방식",
        "지난 회의 후속조치 보고",
        "실질 의제",
        "사건별 양자·다자회의",
        "결론 및 결정",
        "차기 회의",
        "폐회",
    ]
    assert client.post(f"{BASE}/standard").status_code == 422


def test_an_item_is_added_with_its_sessions_and_read_by_a_delegate(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    plenary(stored, here)
    bilateral(stored, here)
    published(stored, here)
    (row,) = queries.may_deal_with(stored, here.meeting)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/items/new").text.count('name="sessions"') == 1  # never a meeting of two
    given = sent(
        **{
            "annotation-en": "Groups move to evade a crackdown.",
            "mandate-en": "Resolution 7",
            "speaker": "Sok Dara",
            "sessions": str(row.uuid),
        }
    )
    answer = client.post(f"{BASE}/items/new", data=given)
    assert (answer.status_code, f"{BASE}/edit#item-" in answer.headers["Location"]) == (302, True)
    as_(client, stored, here.head_th)
    page = client.get(BASE).text
    for text in ("Routes of groups", "Groups move to evade", "Resolution 7", "Sok Dara", "Thu", "agenda item 1"):
        assert text in page
    assert "Provisional annotated agenda" in page


def test_what_cannot_stand_in_an_item_is_refused_with_a_sentence_and_nothing_is_written(
    client: FlaskClient, stored: Session
) -> None:
    here, items = begun(client, stored)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    foreign, part = item(stored, other), item(stored, here.meeting, title="Part", under=items[1])
    stored.commit()
    before = numbered(stored, here.meeting)
    for n, (changes, sentence) in enumerate(
        [
            ({"title-en": ""}, "Write this in at least one language."),
            ({"title-en": "Rou\u202etes"}, "Remove the invisible control characters."),
            ({"annotation-en": "x" * 4001}, "Too long: at most 4000 characters."),
            ({"speaker": "x" * 301}, "Too long: at most 300 characters."),
            ({"under": str(foreign.id)}, "Not a valid choice."),
            ({"under": str(part.id)}, "Not a valid choice."),
            ({"chair": "JP"}, "Not a valid choice."),
            ({"sessions": "00000000-0000-0000-0000-000000000000"}, "is not a valid choice"),
            ({"kind": "surprise"}, "could not coerce"),
        ]
    ):
        page = client.post(f"{BASE}/items/new", data=sent(once=once(n), **changes))
        assert (page.status_code, sentence in page.text) == (422, True), changes
    assert numbered(stored, here.meeting) == before


def test_buttons_move_an_item_without_a_script(client: FlaskClient, stored: Session) -> None:
    here, (_first, second, _third) = begun(client, stored)
    assert "Move item 2 up" in client.get(f"{BASE}/edit").text
    client.post(of(second, "/up"))
    assert numbered(stored, here.meeting) == "1 Routes, 2 Opening, 3 Closing"
    client.post(of(second, "/up"))
    client.post(of(second, "/down"))
    assert numbered(stored, here.meeting) == "1 Opening, 2 Routes, 3 Closing"


def test_who_saves_what_another_changed_or_removed_is_told_and_nothing_is_half_done(
    client: FlaskClient, stored: Session
) -> None:
    here, (_first, second, third) = begun(client, stored)
    assert client.post(of(second), data=sent(version="1")).status_code == 302
    assert client.post(of(second), data=sent(once=once(2), version="1", **{"title-en": "Mine"})).status_code == 409
    assert "Mine" not in numbered(stored, here.meeting)
    client.post(of(third, "/remove"), data={"once": once(3), "version": "1"})
    for verb in ("", "/up", "/remove", "/documents/new"):
        gone = client.post(of(third, verb), data=sent(once=once(4), version="1"))
        assert (gone.status_code, "Somebody has removed this from the agenda" in gone.text) == (422, True)
    assert client.get(of(third)).status_code == 404
    assert numbered(stored, here.meeting) == "1 Opening, 2 Routes of groups"


def test_before_an_item_is_removed_the_page_says_what_goes_with_it(client: FlaskClient, stored: Session) -> None:
    here, (_first, second, _third) = begun(client, stored)
    item(stored, here.meeting, title="Borders", under=second)
    stored.commit()
    page = client.get(of(second, "/remove")).text
    assert "Borders" in page
    assert "This cannot be taken back." in page
    assert numbered(stored, here.meeting) == "1 Opening, 2 Routes, 2(a) Borders, 3 Closing"
    assert client.post(of(second, "/remove"), data={"once": once(), "version": "9"}).status_code == 409
    client.post(of(second, "/remove"), data={"once": once(2), "version": "1"})
    assert numbered(stored, here.meeting) == "1 Opening, 2 Closing"


def test_documents_are_named_edited_and_removed(client: FlaskClient, stored: Session) -> None:
    _here, (first, _second, _third) = begun(client, stored)
    given = {"once": once(), "version": "1", "title-en": "Report", "symbol": "BC/S2/2", "languages": ["en", "ko"]}
    assert client.post(of(first, "/documents/new"), data=given).status_code == 302
    (document,) = documents(stored)
    assert "BC/S2/2" in client.get(BASE).text
    again = client.post(of(first, "/documents/new"), data=given | {"once": once(2), "version": "2"})
    assert (again.status_code, "has a document with the symbol BC/S2/2 already" in again.text) == (422, True)
    edited = given | {"once": once(3), "version": "2", "title-en": "Final report", "languages": ["en"]}
    assert client.post(of(first, f"/documents/{document}"), data=edited).status_code == 302
    assert "Final report" in client.get(BASE).text
    assert client.post(of(first, f"/documents/{document}/remove"), data={"version": "1"}).status_code == 409
    assert client.post(of(first, f"/documents/{document}/remove"), data={"version": "3"}).status_code == 302
    gone = client.post(of(first, f"/documents/{document}/remove"), data={"version": "4"})
    assert (gone.status_code, documents(stored)) == (422, [])


def documents(session: Session) -> list[int]:
    found = list(session.scalars(select(AgendaDocument.id)))
    session.commit()
    return found


def test_an_agenda_is_adopted_and_made_provisional_again(client: FlaskClient, stored: Session) -> None:
    begun(client, stored)
    said = {
        "once": once(),
        "version": "0",
        "symbol": "BC/S2/1",
        "original_language": "ko",
        "organisation-en": "Two days.",
    }
    assert client.post(f"{BASE}/paper", data=said).status_code == 302
    assert client.post(f"{BASE}/paper", data=said | {"once": once(2)}).status_code == 409
    late = client.post(f"{BASE}/adopted", data={"once": once(3), "on": "2099-01-01"})
    assert (late.status_code, "a day that is still to come" in late.text) == (422, True)
    client.post(f"{BASE}/adopted", data={"once": once(4), "on": "2026-02-05"})
    page = client.get(BASE).text
    assert "Adopted on 5 Feb 2026" in page
    assert "Provisional" not in page
    assert "BC/S2/1" in page
    assert "Two days." in page
    refused = client.post(f"{BASE}/items/new", data=sent(once=once(5)))
    assert "Make it provisional again before you change its items" in refused.text
    client.post(f"{BASE}/provisional")
    assert "Provisional annotated agenda" in client.get(BASE).text


@pytest.mark.parametrize("path", ["/edit", "/items/new", "/paper"])
def test_only_organisers_write_the_agenda(client: FlaskClient, stored: Session, path: str) -> None:
    here, (first, _second, _third) = begun(client, stored)
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}{path}").status_code == 403
    assert client.post(of(first, "/remove"), data={"once": once(), "version": "1"}).status_code == 403
    assert "agenda/edit" not in client.get(BASE).text


def test_an_item_of_another_meeting_is_not_there(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    foreign = item(stored, other)
    as_(client, stored, here.organiser)
    assert client.get(of(foreign)).status_code == 404
    assert client.post(of(foreign, "/up")).status_code == 404


def test_the_organisation_of_work_names_no_side_no_case_and_nothing_that_is_not_published(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    case(stored, here, SECRET)
    plenary(stored, here)
    bilateral(stored, here, title=Words.of(SECRET))
    heads = {"kind": SessionKind.HEADS, "delegations": [here.kh], "place": here.t2, "starts": ELEVEN}
    bilateral(stored, here, title=Words.of("Heads apart"), **heads)
    published(stored, here)
    late = datetime(2026, 2, 6, 10, 0)  # noqa: DTZ001
    everybody = {"kind": SessionKind.PLENARY, "delegations": [], "everybody": True, "starts": late}
    bilateral(stored, here, title=Words.of("Not yet published"), **everybody)
    item(stored, here.meeting, title="Cases", sessions=queries.may_deal_with(stored, here.meeting))
    for who in (here.organiser, here.head_kh, here.head_th):
        as_(client, stored, who)
        page = client.get(BASE).text
        assert "Opening sitting" in page
        assert "Bilateral and multilateral case meetings" in page
        for hidden in (SECRET, "Heads apart", "Not yet published", "KH-01"):
            assert hidden not in page


@pytest.mark.parametrize("page", [BASE, f"{BASE}/edit", f"{BASE}/items/new"])
def test_thirty_items_cost_as_many_statements_as_one(
    client: FlaskClient, stored: Session, statements: Counter, page: str
) -> None:
    here = world(stored)
    plenary(stored, here)
    published(stored, here)
    counts = []
    for number in (1, 29):
        for _n in range(number):
            item(stored, here.meeting, chair=here.kh.party, sessions=queries.may_deal_with(stored, here.meeting))
        as_(client, stored, here.organiser)
        client.get(page)
        statements.statements.clear()
        assert client.get(page).status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 17


def test_who_opens_an_item_of_an_adopted_agenda_is_told_before_writing(client: FlaskClient, stored: Session) -> None:
    _here, (opening, *_rest) = begun(client, stored)
    told = "Make it provisional again before you change its items."
    assert told not in client.get(of(opening)).text
    client.post(f"{BASE}/adopted", data={"once": once(4), "on": "2026-02-05"})
    assert told in client.get(of(opening)).text


def test_saving_an_item_unchanged_makes_no_translation_outdated_although_browsers_end_lines_otherwise(
    client: FlaskClient, stored: Session
) -> None:
    here, items = begun(client, stored)
    items[0].annotation = Words.of({"en": "First line.\nSecond line.", "km": "ទីមួយ\nទីពីរ"})
    stored.commit()
    page = {"annotation-en": "First line.\r\nSecond line.", "annotation-km": "ទីមួយ\r\nទីពីរ"}
    assert client.post(of(items[0]), data=sent(version=items[0].version, **page)).status_code == 302
    stored.expire_all()
    annotation = queries.agenda(stored, here.meeting)[0].annotation
    stored.commit()
    assert annotation is not None
    assert (annotation.version, annotation.outdated("km")) == (1, False)
    assert annotation.text("km") == "ទីមួយ\nទីពីរ"
    assert annotation.values["km"].by is None
