"""The annotated agenda as a document, and documents in two languages side by side."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.papers import services
from confmgr.papers.domain import AgendaKind
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words
from tests.gateways.paper import bookmarks, opened, pages, said
from tests.make_invitations import case, published
from tests.make_papers import item
from tests.make_scheduling import NOW, TEN, World, as_, bilateral, world

BASE = "/meetings/seoul-2"
SECRET = "The blue house behind the market"
BACKGROUND = Words.of(
    {
        "en": "Groups move to another area, or regroup.",
        "ko": "조직은 다른 지역으로 옮겨 가거나 다시 뭉친다.",
        "ar": "تنتقل الجماعات إلى منطقة أخرى أو تعيد تجميع صفوفها.",
    }
)


def written(client: FlaskClient, session: Session) -> World:
    """An agenda of two items, a plenary, and a meeting of Cambodia and Thailand named after its case."""
    here = world(session)
    case(session, here, SECRET)
    everybody = {"kind": SessionKind.PLENARY, "delegations": [], "everybody": True, "starts": TEN.replace(hour=9)}
    title = Words.of({"en": "Opening sitting", "ko": "개회 회의"})
    sitting = bilateral(session, here, title=title, interpretation="km-ko", **everybody)
    bilateral(session, here, title=Words.of(SECRET))
    routes = item(session, here.meeting, title="Routes", annotation=BACKGROUND, sessions=[sitting], speaker="Sok Dara")
    routes.title = Words.of({"en": "Routes of groups", "ko": "조직의 이동 경로", "ar": "مسارات الجماعات"})
    item(session, here.meeting, title="Case meetings", kind=AgendaKind.MEETINGS)
    services.write_document(
        session,
        routes,
        actor=here.organiser,
        now=NOW,
        seen_version=routes.version,
        title=Words.of({"en": "Threat assessment", "ko": "위협 평가"}),
        symbol="BC/S2/3",
        languages=["en", "ko"],
    )
    published(session, here)
    as_(client, session, here.head_th)
    return here


def text(answer: bytes) -> str:
    """The whole file as one copies it, without the marks that keep words together."""
    found = " ".join(" ".join(said(answer, number).split()) for number in range(pages(answer)))
    return found.replace("\u2060", "").replace("\u200b", "")


def get(client: FlaskClient, page: str) -> bytes:
    answer = client.get(f"{BASE}/{page}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.data


def test_the_document_has_its_parts_in_their_order(client: FlaskClient, stored: Session) -> None:
    written(client, stored)
    found = text(get(client, "agenda.pdf"))
    parts = ["Provisional annotated agenda", "List of items", "Annotations", "Proposed organisation of work"]
    places = [found.index(part) for part in [*parts, "List of documents"]]
    assert places == sorted(places)
    for words in ("Original language: English", "Groups move to another area, or regroup.", "Sok Dara", "BC/S2/3"):
        assert words in found
    assert "09:00–09:40 Opening sitting agenda item 1 interpretation Khmer–Korean" in found
    assert "09:40–18:00 Bilateral and multilateral case meetings agenda item 2" in found
    assert found.count("TLP:GREEN") == 2 * pages(get(client, "agenda.pdf"))


@pytest.mark.parametrize("page", ["agenda.pdf", "reports/programme.pdf", "agenda.pdf?language=ko&with=en"])
def test_neither_sides_nor_cases_stand_in_what_everybody_reads(client: FlaskClient, stored: Session, page: str) -> None:
    here = written(client, stored)
    for who in (here.head_kh, here.organiser):
        as_(client, stored, who)
        found = text(get(client, page))
        assert SECRET not in found
        assert "KH" not in found


def test_every_text_stands_in_both_languages_and_the_first_language_heads_the_outline(
    client: FlaskClient, stored: Session
) -> None:
    written(client, stored)
    made = get(client, "agenda.pdf?language=ko&with=en")
    found = text(made)
    for korean, english in (
        ("잠정 주석 의제", "Provisional annotated agenda"),
        ("조직의 이동 경로", "Routes of groups"),
        ("조직은 다른 지역으로 옮겨 가거나 다시 뭉친다.", "Groups move to another area, or regroup."),
        ("개회 회의", "Opening sitting"),
        ("사건별 양자·다자회의", "Bilateral and multilateral case meetings"),
        ("위협 평가", "Threat assessment"),
        ("2026년 2월 5일 목요일", "Thursday, 5 February 2026"),
    ):
        assert korean in found
        assert english in found
    titles = [title.replace("\u2060", "") for _level, title in bookmarks(made)]
    assert "의제 목록" in titles
    assert "List of items" not in titles


def box(made: bytes, word: str) -> tuple[float, float]:
    """How far from the left and how high on the first page a word stands, in points.

    Of a line with Arabic and English in two columns pdfium copies the words of one backwards, so one word is looked for.
    """
    page = opened(made)[0].get_textpage()
    left, _bottom, _right, top = page.get_charbox(page.get_text_range().index(word))
    return float(left), float(top)


def test_both_languages_of_a_row_begin_at_one_height(client: FlaskClient, stored: Session) -> None:
    written(client, stored)
    for first, second, word in (("ko", "en", "조직은"), ("ar", "en", "تنتقل"), ("en", "ar", "تنتقل")):
        made = get(client, f"agenda.pdf?language={first}&with={second}")
        assert abs(box(made, word)[1] - box(made, "another")[1]) < 3


def test_arabic_stands_at_the_right_whether_it_comes_first_or_second(client: FlaskClient, stored: Session) -> None:
    written(client, stored)
    middle = 298
    for pair in ("language=ar&with=en", "language=en&with=ar"):
        made = get(client, f"agenda.pdf?{pair}")
        assert box(made, "another")[0] < middle < box(made, "تنتقل")[0]


def test_the_programme_of_a_delegation_comes_in_two_languages(client: FlaskClient, stored: Session) -> None:
    here = written(client, stored)
    own = f"delegations/{here.th.uuid}/programme.pdf"
    found = text(get(client, f"{own}?language=ko&with=en"))
    assert "2026년 2월 5일 목요일 Thursday, 5 February 2026" in found
    assert "1 meeting with others" in found
    assert found.count("10:00–10:40") == 1


def test_the_programme_of_the_meeting_comes_in_two_languages(client: FlaskClient, stored: Session) -> None:
    written(client, stored)
    answer = client.get(f"{BASE}/reports/programme.pdf?language=ko&with=en")
    assert "programme-seoul-2-ko-en.pdf" in answer.headers["Content-Disposition"]
    assert "개회 회의 의제 1" in text(answer.data)
    assert "Opening sitting agenda item 1" in text(answer.data)


@pytest.mark.parametrize("page", ["agenda.pdf", "reports/programme.pdf"])
def test_a_language_that_is_none_or_stands_there_twice_is_refused(
    client: FlaskClient, stored: Session, page: str
) -> None:
    written(client, stored)
    unknown = client.get(f"{BASE}/{page}?language=ko&with=tlh")
    assert (unknown.status_code, "“tlh” is not a language" in unknown.text) == (422, True)
    twice = client.get(f"{BASE}/{page}?language=ko&with=ko")
    assert (twice.status_code, "Choose two different languages." in twice.text) == (422, True)
    assert client.get(f"{BASE}/{page}?language=xx").status_code == 422


def test_two_languages_are_chosen_on_a_page_and_the_same_twice_is_answered_there(
    client: FlaskClient, stored: Session
) -> None:
    here = written(client, stored)
    chosen = f"{BASE}/reports/two-languages"
    assert chosen in client.get(f"{BASE}/reports").text
    page = client.get(chosen).text
    assert "Programme of Thailand" in page
    assert "Programme of Cambodia" not in page
    answer = client.get(f"{chosen}?paper=agenda&language=ar&with=fr")
    assert answer.headers["Location"] == f"{BASE}/agenda.pdf?language=ar&with=fr"
    own = client.get(f"{chosen}?paper={here.th.uuid}&language=ko&with=en")
    assert own.headers["Location"] == f"{BASE}/delegations/{here.th.uuid}/programme.pdf?language=ko&with=en"
    twice = client.get(f"{chosen}?paper=programme&language=ko&with=ko")
    assert (twice.status_code, "Choose two different languages." in twice.text) == (422, True)
    assert client.get(f"{chosen}?paper={here.kh.uuid}").status_code == 404


def test_an_agenda_that_fills_pages_loses_nothing_in_two_languages(client: FlaskClient, stored: Session) -> None:
    here = written(client, stored)
    long = Words.of({"en": "word " * 790 + "end", "ar": "كلمة " * 700 + "النهاية"})
    item(stored, here.meeting, title="Long", annotation=long)
    stored.commit()
    made = get(client, "agenda.pdf?language=ar&with=en")
    assert pages(made) >= 3
    assert text(made).count("word") == 790
    assert text(made).count("كلمة") == 700
