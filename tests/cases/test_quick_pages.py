"""A lead in two minutes: what it means is said before it is shared, and nothing is shared under a sentence unread."""

import io
import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.consequences import Side, reach
from confmgr.cases.models import Attachment, Lead
from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState, Tlp
from tests import make
from tests.conftest import Counter
from tests.make_cases import case
from tests.make_invitations import published
from tests.make_scheduling import NOW, World, as_, bilateral, once, world

NEW = "/meetings/seoul-2/leads/new"
SECRET = "It called two hundred victims."
PDF = b"%PDF-1.7\n%%EOF"


def seen(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def written(agreed: str, of: str, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "do": "share",
        "agreed": agreed,
        "to": ["TH"],
        "case": of,
        "kind": "telephone",
        "title-en": "A number in Phnom Penh",
        "body-en": SECRET,
        "identifiers-kind": ["phone"],
        "identifiers-value": ["+855 12 345 678"],
        "tlp": "AMBER",
        "second": "",
        "reference": "0205-AB12C",
        "grade_scheme": "",
    }
    return values | changes


def four(session: Session) -> World:
    """Cambodia and Thailand, with Japan and Laos beside them."""
    here = world(session)
    for code in ("JP", "LA"):
        make.delegation(session, here.meeting, code)
    return here


def test_the_page_knows_the_other_side_the_only_case_and_says_who_will_see_it(
    client: FlaskClient, stored: Session
) -> None:
    here = four(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    page = client.get(f"{NEW}?to=TH").text
    assert "Thailand will see this; Japan and Lao PDR must ask you first." in page
    assert re.search(r'value="TH"[^>]*checked|checked[^>]*value="TH"', page)
    assert f'selected value="{of}"' in page
    assert re.search(r'value="AMBER" checked', page)
    answer = client.post(NEW, data=written(seen(page, "agreed"), of))
    row = stored.scalars(select(Lead)).one()
    assert answer.location == f"/leads/{row.item.uuid}"
    assert (row.item.state, [d.to_delegation_id for d in row.item.disclosures]) == (ItemState.SHARED, [here.th.id])
    assert row.item.marking.grade_scheme is None
    stored.commit()
    as_(client, stored, here.head_th)
    assert SECRET in client.get(answer.location).text


def test_nothing_is_shared_under_a_sentence_that_was_not_read(client: FlaskClient, stored: Session) -> None:
    here = four(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    page = client.get(f"{NEW}?to=TH").text
    data = written(seen(page, "agreed"), of, tlp="GREEN")
    again = client.post(NEW, data=data)
    assert again.status_code == 200
    assert "Every delegation at this meeting will see this." in again.text
    assert "Nothing is shared yet." in again.text
    assert SECRET in again.text
    assert stored.scalars(select(Lead)).all() == []
    stored.commit()
    assert client.post(NEW, data=data | {"agreed": seen(again.text, "agreed")}).status_code == 302
    assert stored.scalars(select(Lead)).one().item.marking.tlp is Tlp.GREEN


def test_a_draft_needs_no_sentence_and_stays_with_its_party(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = str(case(stored, here, disclose_to=[here.th]).item.uuid)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=written("", of, do="draft", to=[]))
    assert answer.status_code == 302
    assert stored.scalars(select(Lead)).one().item.state is ItemState.DRAFT
    stored.commit()
    as_(client, stored, here.head_th)
    assert client.get(answer.location).status_code == 404


def test_what_only_persons_may_read_is_kept_until_they_are_named(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    data = written("AMBER+STRICT||", of, tlp="AMBER+STRICT")
    answer = client.post(NEW, data=data)
    row = stored.scalars(select(Lead)).one()
    assert answer.location == f"/leads/{row.item.uuid}/share"
    assert (row.item.state, row.item.disclosures) == (ItemState.DRAFT, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to": [], "agreed": "AMBER||"}, "Name at least one delegation."),
        ({"case": ""}, "Choose a case."),
        ({"body-en": ""}, "Write this in at least one language."),
        ({"identifiers-value": ["none"]}, "“none” cannot be read as “Telephone number”."),
        ({"tlp": "RED", "agreed": "RED||", "to": []}, "TLP:RED needs a second person"),
        ({"tlp": "PINK"}, "valid choice"),
    ],
)
def test_a_wrong_lead_is_refused_in_words_and_its_text_stays(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=written("AMBER|TH|", of) | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A number in Phnom Penh" in answer.text
    assert stored.scalars(select(Lead)).all() == []


def test_only_cases_that_one_may_read_are_offered_and_taken(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_th)
    page = client.get(NEW).text
    assert "there is none yet that you may read" in page
    assert "KH-01" not in page
    answer = client.post(NEW, data=written("AMBER|KH|", str(of.item.uuid), to=["KH"]))
    assert answer.status_code == 422
    assert stored.scalars(select(Lead)).all() == []
    as_(client, stored, here.organiser)
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"tlp": "AMBER", "to": ["TH"]}, "Thailand will see this; Japan and Lao PDR must ask you first."),
        ({"tlp": "AMBER", "to": []}, "Only your delegation will see this."),
        ({"tlp": "AMBER", "to": ["TH", "JP", "LA"]}, "Every delegation at this meeting will see this."),
        ({"tlp": "GREEN", "to": []}, "Japan and Thailand will see this; Lao PDR must ask you first."),
        ({"tlp": "GREEN", "to": ["LA"]}, "Every delegation at this meeting will see this."),
        (
            {"tlp": "AMBER", "to": ["TH"], "handling": ["H2"]},
            "must ask you first. Whoever has it must ask you before passing it on.",
        ),
        ({"tlp": "RED"}, "Only you and your second person will see this; you name further persons next."),
        (
            {"tlp": "AMBER+STRICT"},
            "Only you and your agency will see this; you name other agencies or persons next.",
        ),
    ],
)
def test_what_a_choice_means_is_told_by_itself(
    client: FlaskClient, stored: Session, choice: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    make.delegation(stored, here.meeting, "JP")
    make.delegation(stored, here.meeting, "LA", status=DelegationStatus.OBSERVER)
    as_(client, stored, here.head_kh)
    answer = client.post("/meetings/seoul-2/leads/consequence", data=choice)
    assert answer.get_json()["sentence"].endswith(sentence)


def test_a_choice_that_there_is_not_means_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.post("/meetings/seoul-2/leads/consequence", data={"tlp": "PINK"}).status_code == 400
    assert client.post("/meetings/seoul-2/leads/consequence", data={"tlp": "RED", "handling": "H9"}).status_code == 400
    as_(client, stored, here.organiser)
    assert client.post("/meetings/seoul-2/leads/consequence", data={"tlp": "RED"}).status_code == 403


@pytest.mark.parametrize("tlp", list(Tlp))
@pytest.mark.parametrize("to", [[], ["TH"], ["LA"], ["TH", "LA"]])
def test_the_sentence_names_exactly_those_who_can_read_it_afterwards(
    client: FlaskClient, stored: Session, tlp: Tlp, to: list[str]
) -> None:
    """A member of each delegation, one of them an observer, before and after."""
    here = world(stored)
    laos = make.delegation(stored, here.meeting, "LA", status=DelegationStatus.OBSERVER)
    person = make.user(stored, "Kham Souk")
    make.membership(stored, here.meeting, person, Role.HEAD, of_delegation=laos)
    of = str(case(stored, here).item.uuid)
    sides = [
        Side(row.party.code, row.party_id, row.id, row.status is not DelegationStatus.OBSERVER)
        for row in (laos, here.th)
    ]
    told = reach(tlp, to, sides, own=here.kh.party_id)
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, here.head_kh)
    client.post(NEW, data=written(told.agreed, of, tlp=tlp.value, to=to, second=str(second.uuid)))
    row = stored.scalars(select(Lead)).one_or_none()
    if row is None:
        assert (tlp, to) == (Tlp.AMBER, [])
        return
    people = {"LA": person, "TH": here.head_th}
    readers = {
        code
        for code, who in people.items()
        if sharing.visible_ids(stored, sharing.viewer_of(stored, who, NOW), [row.id], NOW)
    }
    assert readers == set(told.seen)


@given(
    st.sampled_from(list(Tlp)),
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8),
)
def test_naming_one_more_never_takes_a_reader_away(tlp: Tlp, asked: list[tuple[bool, bool]]) -> None:
    sides = [Side(f"P{n}", n + 10, n + 50, green) for n, (green, _chosen) in enumerate(asked)]
    chosen = [side.code for side, (_green, yes) in zip(sides, asked, strict=True) if yes]
    few, all_of_them = reach(tlp, chosen, sides, own=1), reach(tlp, [side.code for side in sides], sides, own=1)
    assert set(few.seen) <= set(all_of_them.seen)
    assert set(few.seen) | set(few.others) == {side.code for side in sides}
    assert few.seen == () or tlp not in {Tlp.RED, Tlp.AMBER_STRICT}


def test_from_a_session_the_other_side_and_its_case_are_chosen_and_the_lead_stands_there(
    client: FlaskClient, stored: Session
) -> None:
    here = four(stored)
    first, _second = case(stored, here), case(stored, here, "KH-02")
    row = bilateral(stored, here, cases=[first])
    published(stored, here)
    base = f"/meetings/seoul-2/sessions/{row.uuid}/leads"
    as_(client, stored, here.head_kh)
    assert "Nothing yet that you may see." in client.get(base).text
    page = client.get(f"{base}/new").text
    assert "Thailand will see this; Japan and Lao PDR must ask you first." in page
    assert f'selected value="{first.item.uuid}"' in page
    answer = client.post(f"{base}/new", data=written(seen(page, "agreed"), str(first.item.uuid)))
    assert answer.status_code == 302
    assert stored.scalars(select(Lead)).one().session_id == row.id
    stored.commit()
    assert "A number in Phnom Penh" in client.get(base).text
    as_(client, stored, here.head_th)
    assert "A number in Phnom Penh" in client.get(base).text
    as_(client, stored, here.organiser)
    assert client.get(base).status_code == 404


def test_the_script_of_an_open_page_is_told_where_it_leads_and_twice_the_same(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    data, keep = written("AMBER|TH|", of), {"X-Keep": "1"}
    answer = client.post(NEW, data=data, headers=keep)
    assert answer.status_code == 201
    again = client.post(NEW, data=data, headers=keep)
    assert (again.status_code, again.location) == (302, answer.headers["Location"])
    assert len(stored.scalars(select(Lead)).all()) == 1


def test_what_was_given_and_got_counts_what_the_reader_may_see(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = four(stored)
    of = case(stored, here)
    counts = []
    as_(client, stored, here.head_kh)
    for number in range(1, 4):
        data = written("AMBER|TH|", str(of.item.uuid), once=once(number), reference=f"L-{number}")
        assert client.post(NEW, data=data).status_code == 302
        statements.statements.clear()
        page = client.get("/meetings/seoul-2/exchange").text
        counts.append(statements.count)
        assert page.count("A number in Phnom Penh") == number
    assert counts[1] == counts[2]
    as_(client, stored, here.head_th)
    page = client.get("/meetings/seoul-2/exchange").text
    assert page.count("Say what it was worth") == 3
    other = make.user(stored, "Sato")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=make.delegation(stored, here.meeting, "VN"))
    as_(client, stored, other)
    page = client.get("/meetings/seoul-2/exchange").text
    assert "A number in Phnom Penh" not in page
    assert "TH" not in re.sub("TLP", "", page[page.index("<main") : page.index("</main")])
    as_(client, stored, here.organiser)
    assert client.get("/meetings/seoul-2/exchange").status_code == 403


def test_photographs_and_papers_are_added_with_the_lead(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    given = [(io.BytesIO(PDF), "list.pdf"), (io.BytesIO(b"+855 12 345 678"), "numbers.txt")]
    answer = client.post(NEW, data=written("AMBER|TH|", of, file=given))
    assert answer.status_code == 302
    row = stored.scalars(select(Lead)).one()
    assert [one.name for one in stored.scalars(select(Attachment).order_by(Attachment.id))] == [
        "list.pdf",
        "numbers.txt",
    ]
    assert row.item.state is ItemState.SHARED
    stored.commit()
    as_(client, stored, here.head_th)
    assert "list.pdf" in client.get(answer.location).text


def test_a_file_that_is_not_taken_holds_the_lead_back_and_its_text_stays(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    given = [(io.BytesIO(PDF), "list.pdf"), (io.BytesIO(b"MZ\x90\0"), "program.pdf")]
    answer = client.post(NEW, data=written("AMBER|TH|", of, file=given))
    assert answer.status_code == 422
    assert "Files of this type are not taken" in answer.text
    assert "Choose the files again" in answer.text
    assert SECRET in answer.text
    assert stored.scalars(select(Lead)).all() == []


def test_a_number_without_its_country_is_kept_and_said_to_match_the_same_digits_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = str(case(stored, here).item.uuid)
    as_(client, stored, here.head_kh)
    kinds = {"identifiers-kind": ["phone", "phone"], "identifiers-value": ["012 345 678", "+855 12 345 679"]}
    answer = client.post(NEW, data=written("AMBER|TH|", of, **kinds))
    page = client.get(answer.location).text
    assert "1 telephone number has no country&#39;s prefix" in page
    assert page.count("without its country's prefix") == 1
    as_(client, stored, here.head_th)
    page = client.get(answer.location).text
    assert "012 345 678" in page
    assert "without its country's prefix" not in page
