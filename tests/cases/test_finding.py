"""Lists and searches hold all that the rule allows and nothing else, on both databases, a page at a time."""

import uuid
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import naming, services
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.finding import Edge, Wanted, find, hits_of, leads_of
from confmgr.cases.identifiers import Named
from confmgr.sharing import queries, searching
from confmgr.sharing import services as markings
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item, SearchText
from confmgr.sharing.rule import verdict
from confmgr.values.words import Words
from tests import make_cases, make_scheduling
from tests.make_scheduling import NOW, World
from tests.sharing.test_rule_in_sql import built, plan
from tests.sharing.test_rule_in_sql import world as crowd

LEADS = Wanted(kinds=(ItemKind.LEAD,), envelopes=True)


@pytest.fixture
def here(session: Session) -> World:
    return make_scheduling.world(session)


def walked(session: Session, person: User, wanted: Wanted, *, down: bool, size: int) -> list[int]:
    """Every page, from the first to the last or back."""
    viewer = queries.viewer_of(session, person, NOW)
    ids: list[int] = []
    edge = Edge() if down else Edge(last=True)
    while True:
        found = find(session, viewer, NOW, wanted, edge, size)
        assert len(found.ids) <= size
        ids = [*ids, *found.ids] if down else [*found.ids, *ids]
        if not (found.older if down else found.newer):
            return ids
        at = session.get_one(Item, found.ids[-1] if down else found.ids[0]).uuid
        edge = Edge(after=at) if down else Edge(before=at)


@pytest.mark.parametrize("seed", [5, 6])
def test_all_pages_together_hold_what_the_rule_allows_once_and_in_order(session: Session, seed: int) -> None:
    chance = Random(seed)
    here = crowd(session)
    rows = built(session, here, [plan(chance) for _number in range(120)], chance)
    session.add_all(SearchText(item_id=row.id, words="word") for row in rows)
    session.flush()
    facts = queries.facts_of(session, [row.id for row in rows])
    leads = [row.id for row in rows if row.kind is ItemKind.LEAD]
    for person in here.people:
        viewer = queries.viewer_of(session, person, NOW)
        said = {ident: verdict(viewer, facts[ident], NOW) for ident in leads}
        known = sorted((i for i, v in said.items() if v.body or v.envelope), reverse=True)
        bodies = sorted((i for i, v in said.items() if v.body), reverse=True)
        for down in (True, False):
            assert walked(session, person, LEADS, down=down, size=7) == known
        words = Wanted.saying("word", kinds=(ItemKind.LEAD,))
        assert walked(session, person, words, down=True, size=7) == bodies


def test_a_page_beside_what_the_reader_may_not_know_is_the_first_as_for_an_unknown_id(
    session: Session, here: World
) -> None:
    case = make_cases.case(session, here, disclose_to=[here.th])
    shown = make_cases.shared_lead(session, here, case, "KH-L1")
    secret = make_cases.lead(session, here, case, "KH-L2")
    viewer = queries.viewer_of(session, here.head_th, NOW)
    for ident in (secret.item.uuid, uuid.uuid4()):
        for edge in (Edge(after=ident), Edge(before=ident)):
            found = find(session, viewer, NOW, LEADS, edge)
            assert (found.ids, found.newer, found.older) == ((shown.id,), False, False)


TEXTS = [
    pytest.param("A call-centre in Poipet", "POI CALL centre", id="English"),
    pytest.param("แก๊งคอลเซ็นเตอร์ในสีหนุวิลล์", "คอลเซ็นเตอร์", id="Thai"),
    pytest.param("ກຸ່ມຫຼອກລວງທາງໂທລະສັບ", "ໂທລະສັບ", id="Lao"),
    pytest.param("ក្រុមឆបោកតាមទូរស័ព្ទនៅភ្នំពេញ", "ទូរស័ព្ទ", id="Khmer"),
    pytest.param("跨境电信诈骗案", "电信诈骗", id="Chinese"),
    pytest.param("特殊詐欺グループの電話", "詐欺グループ", id="Japanese"),
    pytest.param("보이스피싱 조직의 전화번호", "전화", id="Korean"),
    pytest.param("مُكَالَمَة هاتفيّة من أحمد", "احمد مكالمة", id="Arabic"),
    pytest.param("Điện thoại lừa đảo ở Mộc Bài", "dien thoai lua dao", id="Vietnamese"),
    pytest.param("Réseau d’escroquerie à São Paulo", "reseau sao", id="accents"),
    pytest.param("ＡＢＣ１２ ｶﾀｶﾅ", "abc12 カタカナ", id="width"),
]


@pytest.mark.parametrize(("text", "asked"), TEXTS)
def test_words_are_found_in_any_script(session: Session, here: World, text: str, asked: str) -> None:
    case = make_cases.case(session, here)
    row = make_cases.lead(session, here, case, body=Words.of(text))
    assert found(session, here.head_kh, asked) == [row.id]
    assert found(session, here.head_kh, f"{asked} zanzibar") == []


def found(session: Session, person: User, text: str) -> list[int]:
    viewer = queries.viewer_of(session, person, NOW)
    page = find(session, viewer, NOW, Wanted.saying(text), Edge())
    assert [hit.item.id for hit in hits_of(session, viewer, NOW, page)] == list(page.ids)
    return list(page.ids)


def test_a_draft_of_others_and_what_was_taken_back_is_not_found(session: Session, here: World) -> None:
    case = make_cases.case(session, here, title=Words.of("Other"), summary=None, disclose_to=[here.th])
    row = make_cases.lead(session, here, case, title=Words.of("Zanzibar"))
    assert found(session, here.head_kh, "zanzibar") == [row.id]
    assert found(session, here.head_th, "zanzibar") == []
    services.share_lead(session, row, actor=here.head_kh, now=NOW, to=[here.th])
    assert found(session, here.head_th, "zanzibar") == [row.id]
    assert found(session, here.organiser, "zanzibar") == []
    markings.withdraw(session, row.item, actor=here.head_kh, now=NOW)
    assert found(session, here.head_th, "zanzibar") == []


def test_what_was_written_anew_is_found_by_its_new_words_alone(session: Session, here: World) -> None:
    case = make_cases.case(session, here)
    row = make_cases.lead(session, here, case, title=Words.of("Zanzibar"))
    services.change_lead(
        session,
        row,
        actor=here.head_kh,
        now=NOW,
        kind=row.kind,
        title=Words.of("Madagascar"),
        body=row.body,
    )
    assert found(session, here.head_kh, "zanzibar") == []
    assert found(session, here.head_kh, "madag") == [row.id]


def test_what_is_rolled_back_is_not_found(session: Session, here: World) -> None:
    with session.begin_nested() as part:
        case = make_cases.case(session, here)
        make_cases.lead(session, here, case, title=Words.of("Zanzibar"))
        assert len(found(session, here.head_kh, "zanzibar")) == 1
        part.rollback()
    assert found(session, here.head_kh, "zanzibar") == []


def test_the_index_is_made_anew_from_what_is_there(session: Session, here: World) -> None:
    case = make_cases.case(session, here)
    row = make_cases.lead(session, here, case, title=Words.of("Zanzibar"))
    for kept in session.scalars(select(SearchText)):
        session.delete(kept)
    session.flush()
    assert found(session, here.head_kh, "zanzibar") == []
    assert searching.rebuild(session) == 2
    assert found(session, here.head_kh, "zanzibar") == [row.id]


NO_WORDS = ['"', "(", ":*", "\\", "%", "!?—…。、«»", "\u200b", "👍"]
ODD = ["' OR 1=1 --", "zanzibar AND", "NEAR(zanzibar, 2)", "zanzibar*", "-zanzibar", "words:zanzibar", "a & b | !c"]
LONG = ["\x00zanzibar\x00", "zanzibar " * 2_000]


@pytest.mark.parametrize("text", [*ODD, *LONG])
def test_whatever_is_typed_is_words(session: Session, here: World, text: str) -> None:
    case = make_cases.case(session, here)
    row = make_cases.lead(session, here, case, title=Words.of("Zanzibar or and near 2 words a b c 1 1"))
    assert found(session, here.head_kh, text) == [row.id]


def test_a_word_of_ten_thousand_letters_is_not_there(session: Session, here: World) -> None:
    make_cases.case(session, here)
    assert found(session, here.head_kh, "x" * 10_000) == []


@pytest.mark.parametrize("text", NO_WORDS)
def test_signs_alone_ask_for_nothing(text: str) -> None:
    assert Wanted.saying(text).words == ()


def test_the_list_is_narrowed_by_originator_marking_state_and_meeting(session: Session, here: World) -> None:
    case = make_cases.case(session, here)
    amber = make_cases.shared_lead(session, here, case, "KH-L1")
    green = make_cases.lead(session, here, case, "KH-L2", tlp=Tlp.GREEN)
    viewer = queries.viewer_of(session, here.head_kh, NOW)

    def listed(**narrow: object) -> list[int]:
        wanted = Wanted(kinds=(ItemKind.LEAD,), envelopes=True, **narrow)  # type: ignore[arg-type]
        return [row.lead.id for row in leads_of(session, viewer, NOW, find(session, viewer, NOW, wanted, Edge()))]

    assert listed() == [green.id, amber.id]
    assert listed(tlp=Tlp.AMBER) == [amber.id]
    assert listed(state=ItemState.DRAFT) == [green.id]
    assert listed(originator="TH") == []
    assert listed(originator="KH", meeting_id=here.meeting.id) == [green.id, amber.id]
    assert listed(meeting_id=here.meeting.id + 1) == []


def test_a_case_is_found_by_what_identifies_until_it_is_taken_away_or_purged(session: Session, here: World) -> None:
    case = make_cases.case(session, here)
    viewer = queries.viewer_of(session, here.head_kh, NOW)

    def found(text: str) -> tuple[int, ...]:
        return tuple(find(session, viewer, NOW, Wanted.saying(text, kinds=(ItemKind.CASE,)), Edge()).ids)

    def name(*values: str) -> None:
        named = [Named(IdentifierKind.BANK_ACCOUNT, value) for value in values]
        naming.name_values(session, case.item, named, actor=here.head_kh, now=NOW)

    name("kh12 0001-0002 3456")
    assert found("KH12000100023456") == found("0001-0002") == (case.id,)
    name()
    assert found("KH12000100023456") == ()
    name("kh12 0001-0002 3456")
    markings.purge(session, case.item, actor=here.head_kh, now=NOW)
    assert session.get(SearchText, case.id) is None or "kh12" not in session.get_one(SearchText, case.id).words
