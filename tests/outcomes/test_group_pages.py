"""Groups, bases and moves in the browser: described, changed, joined, parted, withdrawn; each reader sees their own."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.models import Group, GroupBase, Move
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_cases import case, without_tokens
from tests.make_moves import described, located, moved, noticed, show, thai_group
from tests.make_outcomes import base, figure, group
from tests.make_scheduling import NOW, World, as_, bilateral, once, world

GROUPS = "/operations/breaking-chains/groups"
NEW = f"{GROUPS}/new"


def rows(session: Session, model: type[Group | GroupBase | Move]) -> int:
    number = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()
    return number


def of(row: Group | GroupBase | Move) -> str:
    kind = {Group: "groups", GroupBase: "bases", Move: "moves"}[type(row)]
    return f"/{kind}/{row.item.uuid}"


def test_a_group_is_described_with_base_and_move_and_shown_to_whom_it_is_for(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.post(NEW, data=described()).location
    assert client.post(f"{page}/bases/new", data=located(once=once(2), tlp="AMBER", readers=["TH"])).status_code == 302
    start = stored.scalars(select(GroupBase)).one()
    sent = noticed(start, once=once(3), tlp="AMBER", readers=["TH"])
    stored.commit()
    move = client.post(f"{page}/moves/new", data=sent).location
    for who, statuses in ((here.head_kh, (200, 200)), (here.head_th, (200, 200)), (here.organiser, (404, 404))):
        as_(client, stored, who)
        assert (client.get(page).status_code, client.get(move).status_code) == statuses
    as_(client, stored, here.head_th)
    text = client.get(page).text
    for words in ("Golden Fox", "황금여우", "<bdi>GF</bdi>", "Poipet", "a place not known", "Time line of bases"):
        assert words in text
    assert "<bdi>gf</bdi>" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"latitude": "0", "longitude": "0"}, "0° north, 0° east is what an empty form gives."),
        ({"longitude": ""}, "A place needs both degrees north and degrees east."),
        ({"latitude": ""}, "A place needs both degrees north and degrees east."),
        ({"latitude": "91"}, "Number must be between -90 and 90."),
        ({"latitude": "nan"}, "Number must be between -90 and 90."),
        ({"to_on": "2025-08-31"}, "before"),
        ({"name-en": ""}, "Write this in at least one language."),
        ({"tlp": "RED"}, "Not a valid choice."),
        ({"territory": "XX"}, "Not a valid choice."),
        ({"confidence": "sure"}, "Invalid Choice"),
    ],
)
def test_a_wrong_base_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    known = group(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{of(known)}/bases/new", data=located(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(stored, GroupBase) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"aliases": "\n".join(str(n) for n in range(61))}, "At most 60 other names."),
        ({"aliases": "x" * 121}, "A name has at most 120 characters"),
        ({"meetings": []}, "This field is required."),
        ({"tlp": ""}, "Choose who may read it."),
        ({"readers": ["KH"]}, "is not a valid choice"),
        ({"reference": "KH-G1"}, "You have already used the reference KH-G1."),
    ],
)
def test_a_wrong_group_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    group(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=described(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(stored, Group) == 1


def test_a_move_to_its_own_base_is_refused_and_one_before_its_base_ended_has_a_mark(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    known = group(stored, here)
    start = base(stored, here, known, "Poipet", to_on=NOW.date())
    as_(client, stored, here.head_kh)
    new = f"{of(known)}/moves/new"
    refused = client.post(new, data=noticed(start, to_base=str(start.item.uuid)))
    assert (refused.status_code, "from one base to another one" in refused.text) == (422, True)
    page = client.post(new, data=noticed(start, once=once(2))).location
    assert "noticed before its base is said to have ended" in client.get(page).text
    assert "Noticed before the base ended" in client.get(of(known)).text
    assert "Noticed before the base ended" in client.get(GROUPS).text


def test_records_are_changed_by_the_author_and_an_older_page_is_told_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    start, end = base(stored, here, known, "Poipet"), base(stored, here, known, "Pailin")
    move = moved(stored, here, start)
    forms = {
        of(known): described(version=1, **{"name-en": "Silver Fox"}),
        of(start): located(version=1, **{"name-en": "Poipet, hotel"}),
        of(move): noticed(start, version=1, to_base=str(end.item.uuid)),
    }
    as_(client, stored, here.head_kh)
    for n, (address, form) in enumerate(forms.items()):
        edit = f"{address}/edit"
        assert 'name="version" type="hidden" value="1"' in client.get(edit).text
        assert client.post(edit, data=form | {"once": once(10 + n)}).status_code == 302
        assert client.post(edit, data=form | {"once": once(20 + n)}).status_code == 409
    text = client.get(of(known)).text
    for words in ("Silver Fox", "Poipet, hotel", "Pailin"):
        assert words in text


def test_nobody_but_the_originating_party_changes_or_withdraws_a_record(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    start = base(stored, here, known, "Poipet")
    move = moved(stored, here, start)
    as_(client, stored, here.head_th)
    for row in (known, start, move):
        for step in ("edit", "withdraw", "take-up"):
            assert client.post(f"{of(row)}/{step}", data={"once": once()}).status_code == 403
    assert f"{of(start)}/edit" not in client.get(of(known)).text


def test_another_party_adds_its_own_base_to_a_group_that_it_sees(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    as_(client, stored, here.head_th)
    assert client.post(f"{of(known)}/bases/new", data=located()).status_code == 302
    row = stored.scalars(select(GroupBase)).one()
    assert (row.item.originator_id, row.item.author_id) == (here.th.party_id, here.head_th.id)


def test_a_colleague_who_is_head_changes_the_text_and_leaves_the_marking(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here, tlp=Tlp.AMBER)
    show(stored, here, known)
    deputy = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, deputy, Role.HEAD, of_delegation=here.kh)
    delegate = make.user(stored, "Vann Sokha")
    make.membership(stored, here.meeting, delegate, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, delegate)
    assert client.get(f"{of(known)}/edit").status_code == 403
    as_(client, stored, deputy)
    assert 'name="tlp"' not in client.get(f"{of(known)}/edit").text
    sent = described(version=1, tlp="GREEN", **{"name-en": "Silver Fox"})
    assert client.post(f"{of(known)}/edit", data=sent).status_code == 302
    as_(client, stored, here.head_th)
    assert "Silver Fox" in client.get(of(known)).text
    assert known.item.marking.tlp is Tlp.AMBER


def test_what_is_withdrawn_is_gone_for_others_and_can_be_taken_up_again(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    start = base(stored, here, known, "Poipet")
    move = moved(stored, here, start)
    for row in (move, start, known):
        as_(client, stored, here.head_kh)
        assert client.post(f"{of(row)}/withdraw").status_code == 302
        assert f"{of(row)}/take-up" in client.get(GROUPS).text
        as_(client, stored, here.head_th)
        assert client.get(of(row) if row is not start else f"{of(row)}/edit").status_code == 404
    assert "Golden Fox" not in client.get(GROUPS).text
    as_(client, stored, here.head_kh)
    assert "This group is withdrawn" in client.get(of(known)).text
    for row in (known, start, move):
        assert client.post(f"{of(row)}/take-up").status_code == 302
    assert client.post(f"{of(known)}/take-up").status_code == 302
    as_(client, stored, here.head_th)
    assert "Poipet" in client.get(of(known)).text


def joined(client: FlaskClient, stored: Session, here: World) -> tuple[Group, Group]:
    """Cambodia says that its group, GREEN, is the one that Thailand described, AMBER and shown to Cambodia alone."""
    own, other = group(stored, here), thai_group(stored, here, tlp=Tlp.AMBER)
    services.mark_record(stored, other, actor=here.head_th, now=NOW, tlp=Tlp.AMBER, readers=[here.kh])
    base(stored, here, own, "Poipet")
    as_(client, stored, here.head_kh)
    sent = {"once": once(), "other": str(other.item.uuid), "reason": "The same leader"}
    assert client.post(f"{of(own)}/merge", data=sent).status_code == 302
    return own, other


def test_two_groups_are_shown_as_one_and_parted_again(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own, other = joined(client, stored, here)
    for who in (here.head_kh, here.head_th):
        as_(client, stored, who)
        for row in (own, other):
            text = client.get(of(row)).text
            for words in ("หมาทอง", "Golden Fox", "Poipet", "The same leader", "Sok Dara", "They are two groups"):
                assert words in text
        assert "1 group, 1 base" in client.get(GROUPS).text
    as_(client, stored, here.head_th)
    assert client.post(f"{of(own)}/part").status_code == 302
    text = client.get(of(other)).text
    assert "Golden Fox" not in text.split("<main")[1]
    assert "2 groups, 1 base" in client.get(GROUPS).text


def test_who_sees_one_of_two_joined_groups_is_told_nothing_of_the_other(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    japan = make.delegation(stored, here.meeting, "JP")
    reader = make.user(stored, "Sato Ken")
    make.membership(stored, here.meeting, reader, Role.HEAD, of_delegation=japan)
    own, other = joined(client, stored, here)
    addresses = (GROUPS, of(own), of(other), f"{of(own)}/merge", "/operations/breaking-chains/report")
    as_(client, stored, reader)
    with_it = {address: (answer := client.get(address)).status_code for address in addresses}
    assert with_it[of(other)] == 404
    together = [without_tokens(client.get(address).data) for address in addresses]
    stored.expire_all()
    services.part(stored, own, actor=here.head_kh, now=NOW)
    stored.commit()
    assert [without_tokens(client.get(address).data) for address in addresses] == together
    assert client.post(f"{of(own)}/part").status_code == 302
    assert answer.status_code == 200


def test_only_a_party_of_one_of_two_groups_joins_them(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own, other = group(stored, here), thai_group(stored, here)
    japan = make.delegation(stored, here.meeting, "JP")
    third = make.user(stored, "Sato Ken")
    make.membership(stored, here.meeting, third, Role.HEAD, of_delegation=japan)
    sent = {"once": once(), "other": str(other.item.uuid), "reason": "x"}
    as_(client, stored, third)
    assert "There is no other group" in client.get(f"{of(own)}/merge").text
    assert client.post(f"{of(own)}/merge", data=sent).status_code == 422
    as_(client, stored, here.organiser)
    assert client.post(f"{of(own)}/merge", data=sent).status_code == 404
    as_(client, stored, here.head_th)
    assert client.post(f"{of(own)}/merge", data=sent | {"reason": ""}).status_code == 422
    assert client.post(f"{of(own)}/merge", data=sent).status_code == 302
    stored.expire_all()
    assert (other.merged_into_id, own.merged_into_id) == (own.id, None)


def test_likely_twins_are_named_in_a_quiet_line_to_who_may_see_both(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    own = group(stored, here)
    thai_group(stored, here, name="golden  FOX", tlp=Tlp.AMBER)
    for who, named in ((here.head_th, True), (here.head_kh, False)):
        as_(client, stored, who)
        assert ("they have a name in common" in client.get(GROUPS).text) is named
        assert ("Perhaps the same as" in client.get(of(own)).text) is named


def test_a_group_shows_its_figures_and_what_follows_from_its_moves(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    move = moved(stored, here, base(stored, here, known, "Poipet"))
    counted = figure(stored, here, group=known)
    of_case, at = case(stored, here), bilateral(stored, here)
    make.membership(stored, here.meeting, here.head_kh, Role.ORGANISER)
    as_(client, stored, here.head_kh)
    form = client.get(f"{of(move)}/follow").text
    assert f"case:{of_case.item.uuid}" in form
    for n, thing in enumerate((f"case:{of_case.item.uuid}", f"session:{at.uuid}")):
        assert client.post(f"{of(move)}/follow", data={"once": once(n), "thing": thing}).status_code == 302
    again = client.post(f"{of(move)}/follow", data={"once": once(5), "thing": f"session:{at.uuid}"})
    assert (again.status_code, "said to follow from the move already" in again.text) == (422, True)
    text = client.get(of(known)).text
    assert f"/figures/{counted.uuid}" in text
    assert f"/cases/{of_case.item.uuid}" in text
    as_(client, stored, here.head_th)
    for address in (of(known), of(move)):
        other = client.get(address).text
        assert f"/cases/{of_case.item.uuid}" not in other
        assert "5 Feb 2026" not in other
    assert client.post(f"{of(move)}/unfollow/1").status_code == 404
    as_(client, stored, here.head_kh)
    assert client.post(f"{of(move)}/unfollow/1").status_code == 302
    assert f"/cases/{of_case.item.uuid}" not in client.get(of(move)).text


def test_what_somebody_else_said_follows_is_taken_back_by_them_or_the_author(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    move = moved(stored, here, base(stored, here, group(stored, here), "Poipet"))
    of_case = case(stored, here, tlp=Tlp.GREEN)
    services.follow(stored, move, actor=here.head_kh, now=NOW, case=of_case, at=None)
    as_(client, stored, here.head_th)
    assert client.post(f"{of(move)}/unfollow/1").status_code == 403
    assert client.post(f"{of(move)}/unfollow/0").status_code == 404


@pytest.mark.parametrize("page", ["groups", "bases", "moves"])
def test_there_is_nothing_where_nothing_is_or_may_be_seen(client: FlaskClient, stored: Session, page: str) -> None:
    here = world(stored)
    hidden = group(stored, here, tlp=Tlp.AMBER)
    start = base(stored, here, hidden, "Poipet")
    move = moved(stored, here, start)
    ident = {"groups": hidden.item.uuid, "bases": start.item.uuid, "moves": move.item.uuid}[page]
    as_(client, stored, here.head_th)
    answers = [client.get(f"/{page}/{one}/edit") for one in (ident, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    plain = [re.sub(rb"[0-9a-f-]{36}", b"", without_tokens(answer.data)) for answer in answers]
    assert plain[0] == plain[1]


def test_the_page_of_a_group_asks_as_often_for_thirty_bases_and_moves_as_for_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    known = group(stored, here)

    def grow(first: int, last: int) -> None:
        for n in range(first, last):
            move = moved(stored, here, base(stored, here, known, f"Place {n}", territory=here.kh.party))
            services.follow(stored, move, actor=here.head_kh, now=NOW, case=case(stored, here, f"KH-{n}"), at=None)
        stored.commit()

    grow(1, 2)
    as_(client, stored, here.head_kh)
    client.get(of(known))
    statements.statements.clear()
    client.get(of(known))
    one = statements.count
    grow(2, 31)
    statements.statements.clear()
    assert "Place 30" in client.get(of(known)).text
    assert statements.count == one


def test_names_in_any_script_are_kept_as_they_are_written_and_have_their_font(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.post(NEW, data=described(aliases="ក្រុមកញ្ជ្រោងមាស\nالثعلب الذهبي\n金狐\nFox <3")).location
    for text in (client.get(page).text, client.get(GROUPS).text):
        for language, name in (("km", "ក្រុមកញ្ជ្រោងមាស"), ("ar", "الثعلب الذهبي"), ("zh-Hans", "金狐")):
            assert f'<bdi lang="{language}">{name}</bdi>' in text
        assert "<bdi>Fox &lt;3</bdi>" in text
        for font in ("noto-sans-khmer", "noto-sans-arabic", "noto-sans-sc"):
            assert text.count(f"fonts/{font}/wght.css") == 1
        assert "fonts/noto-sans-thai/" not in text
    assert stored.scalars(select(Group)).one().name == Words.written(
        {"en": "Golden Fox"}, here.head_kh.id, stored.scalars(select(Group)).one().item.created_at
    )
