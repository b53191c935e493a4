"""Values that two originators have: told to these two at once, and to nobody else by any page, count, mail or answer."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases import matching, naming
from confmgr.cases.domain import IdentifierKind as Kind
from confmgr.cases.domain import MatchState
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Case, Identifier, Lead, Match
from confmgr.errors import NotFound, StaleVersion
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.services.item_notices import tell_of_items
from confmgr.meetings.domain import Role
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import NoticeKind, Tlp
from confmgr.sharing.models import Notice
from tests import make
from tests.conftest import Counter, rolled_back
from tests.make_cases import case, lead, seen, shared_lead, shown, without_tokens
from tests.make_scheduling import NOW, World, as_, once, world

LATER = NOW + timedelta(minutes=1)
NUMBER = "+855 12 345 678"
SAME = "00855 (0)12-345-678"
MATCHES = "/meetings/seoul-2/matches"


def thai_case(session: Session, here: World, reference: str = "TH-01", **changes: object) -> Case:
    """A case of Thailand that nobody else reads."""
    return case(session, here, reference, actor=here.head_th, originator=here.th.party, concerned=[], **changes)


def named(session: Session, of: Case | Lead, value: str, *, put: bool = True, kind: Kind = Kind.PHONE) -> Identifier:
    naming.name_values(session, of.item, [Named(kind, value)], actor=of.item.author, now=NOW)
    row = naming.identifiers_of(session, of.item)[0]
    if put:
        matching.put_to_matching(session, of.item, [row], actor=of.item.author, now=NOW)
    return row


def both(session: Session) -> tuple[World, Identifier, Identifier]:
    """Cambodia and Thailand have the same number on cases of their own, written in two ways."""
    here = world(session)
    return here, named(session, case(session, here), NUMBER), named(session, thai_case(session, here), SAME)


def told(session: Session) -> set[int]:
    return set(session.scalars(select(Notice.user_id).where(Notice.kind == NoticeKind.MATCHED)))


def test_two_originators_with_the_same_value_are_both_told_once(session: Session) -> None:
    here, first, second = both(session)
    assert matching.find_matches(session, now=LATER) == 1
    assert matching.find_matches(session, now=LATER) == 0
    row = session.scalars(select(Match)).one()
    assert {row.first_id, row.second_id} == {first.id, second.id}
    assert (row.first_told_at, row.second_told_at) == (LATER, LATER)
    assert told(session) == {here.head_kh.id, here.head_th.id}
    assert {notice.page for notice in session.scalars(select(Notice))} == {"/meetings/seoul-2/consents"}


def test_the_mail_of_a_hit_says_no_more_than_that_something_waits(session: Session) -> None:
    _here, _first, _second = both(session)
    matching.find_matches(session, now=LATER)
    assert tell_of_items(session, now=LATER, domain="meetings.example") == 2
    for mail in session.scalars(select(OutboxMessage)):
        said = str(mail.facts)
        assert mail.facts["page"] == "/meetings/seoul-2/consents"
        assert not re.search(r"match|345|KH|TH|Cambodia|Thailand", said)


def test_a_pair_that_another_worker_has_found_meanwhile_is_told_once(session: Session) -> None:
    _here, first, second = both(session)
    assert matching.find_matches(session, now=LATER) == 1
    assert matching.make_hit(session, first.id, second.id, LATER) is False
    assert len(session.scalars(select(Match)).all()) == 1


def test_what_is_not_put_to_matching_by_both_is_no_hit(session: Session) -> None:
    here = world(session)
    mine, theirs = case(session, here), thai_case(session, here)
    ours, other = named(session, mine, NUMBER, put=False), named(session, theirs, NUMBER)
    assert matching.find_matches(session, now=LATER) == 0
    matching.put_to_matching(session, mine.item, [ours], actor=here.head_kh, now=NOW)
    matching.put_to_matching(session, theirs.item, [], actor=here.head_th, now=NOW)
    assert other.matching_since is None
    assert matching.find_matches(session, now=LATER) == 0
    matching.put_to_matching(session, theirs.item, [other], actor=here.head_th, now=NOW)
    markings.withdraw(session, theirs.item, actor=here.head_th, now=NOW)
    assert matching.find_matches(session, now=LATER) == 0
    assert told(session) == set()


def test_the_same_value_twice_of_one_originator_or_of_another_kind_is_no_hit(session: Session) -> None:
    here = world(session)
    named(session, case(session, here), NUMBER)
    named(session, case(session, here, "KH-02"), NUMBER)
    named(session, thai_case(session, here), "85512345678", kind=Kind.BANK_ACCOUNT)
    named(session, thai_case(session, here, "TH-02"), "+855 12 345 679")
    assert matching.find_matches(session, now=LATER) == 0


def test_each_side_sees_its_own_value_and_of_the_other_its_party_alone(session: Session) -> None:
    here, first, second = both(session)
    matching.find_matches(session, now=LATER)
    for person, own, code in ((here.head_kh, first, "TH"), (here.head_th, second, "KH")):
        viewer = sharing.viewer_of(session, person, LATER)
        (hit,) = matching.hits(session, viewer, LATER, meeting=here.meeting)
        assert (hit.own.id, hit.party.code) == (own.id, code)
    assert matching.hits(session, sharing.viewer_of(session, here.organiser, LATER), LATER, meeting=here.meeting) == []


def test_of_a_red_item_only_its_author_and_the_persons_named_hear(session: Session) -> None:
    here = world(session)
    chief, named_one, delegate = (make.user(session, name) for name in ("Chief", "Chan Thida", "Delegate"))
    make.membership(session, here.meeting, chief, Role.HEAD, of_delegation=here.kh)
    for person in (named_one, delegate):
        make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    named(session, case(session, here, tlp=Tlp.RED, named_readers=[named_one], concerned=[]), NUMBER)
    named(session, thai_case(session, here), NUMBER)
    assert matching.find_matches(session, now=LATER) == 1
    assert told(session) == {here.head_kh.id, named_one.id, here.head_th.id}
    chiefs = sharing.viewer_of(session, chief, LATER)
    assert matching.hits(session, chiefs, LATER, meeting=here.meeting) == []


def test_organisers_count_a_hit_only_once_both_agree_and_no_more_when_one_does_not(session: Session) -> None:
    here, _first, _second = both(session)
    matching.find_matches(session, now=LATER)
    sides = [
        matching.hits(session, sharing.viewer_of(session, who, LATER), LATER, meeting=here.meeting)[0]
        for who in (here.head_kh, here.head_th)
    ]
    counts = []
    kh, th = here.head_kh, here.head_th
    for who, hit, agreed in ((kh, sides[0], True), (th, sides[1], True), (kh, sides[0], False)):
        matching.let_count(session, hit, actor=who, now=LATER, agreed=agreed, seen_version=hit.match.version)
        counts.append(matching.counted(session, here.meeting))
    assert counts == [0, 1, 0]
    with pytest.raises(StaleVersion):
        matching.let_count(session, sides[1], actor=here.head_th, now=LATER, agreed=False, seen_version=1)


def test_a_purge_takes_the_hit_away_from_both(session: Session) -> None:
    here, _first, _second = both(session)
    matching.find_matches(session, now=LATER)
    item = session.scalars(select(Case)).first().item  # type: ignore[union-attr]
    naming.name_values(session, item, [], actor=here.head_kh, now=LATER)
    session.expire_all()
    assert session.scalars(select(Match)).all() == []


@given(
    st.lists(
        st.tuples(st.sampled_from(["KH", "TH"]), st.sampled_from(["+1202555010", "+1202555011"]), st.booleans()),
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hits_are_exactly_the_pairs_of_two_originators_who_both_put_the_value(
    sqlite: Engine, rows: list[tuple[str, str, bool]]
) -> None:
    for session in rolled_back(sqlite):
        here = world(session)
        made = [
            (
                code,
                value,
                put,
                named(
                    session,
                    (case if code == "KH" else thai_case)(session, here, f"{code}-{number}"),
                    value,
                    put=put,
                ).id,
            )
            for number, (code, value, put) in enumerate(rows)
        ]
        matching.find_matches(session, now=LATER)
        wanted = {
            (one[3], other[3])
            for one in made
            for other in made
            if one[3] < other[3] and one[0] != other[0] and one[1] == other[1] and one[2] and other[2]
        }
        assert {(row.first_id, row.second_id) for row in session.scalars(select(Match))} == wanted
        people = {here.head_kh.id, here.head_th.id} if wanted else set()
        assert told(session) == people


PATHS = ("matches", "consents", "cases", "exchange", "requests", "outbox", "reports/leads")


def others(session: Session, here: World) -> dict[str, User]:
    """An organiser, an auditor and a head of Japan, whose pages must not differ."""
    jp = make.delegation(session, here.meeting, "JP")
    people = {"organiser": here.organiser}
    for name, role, of in (("head", Role.HEAD, jp), ("auditor", Role.AUDITOR, None)):
        people[name] = make.user(session, name)
        make.membership(session, here.meeting, people[name], role, of_delegation=of)
    return people


def pages(client: FlaskClient, session: Session, people: dict[str, User]) -> dict[str, bytes]:
    found = {}
    for name, who in people.items():
        as_(client, session, who)
        for path in PATHS:
            answer = client.get(f"/meetings/seoul-2/{path}")
            assert answer.status_code < 500
            found[f"{name} {path}"] = answer.status.encode() + without_tokens(answer.data)
    return found


@pytest.mark.parametrize("value", [SAME, "+855 12 000 000"])
def test_putting_a_value_to_matching_answers_the_same_with_and_without_a_hit(
    client: FlaskClient, stored: Session, statements: Counter, value: str
) -> None:
    here = world(stored)
    named(stored, thai_case(stored, here), value)
    of = case(stored, here)
    row = named(stored, of, NUMBER, put=False)
    as_(client, stored, here.head_kh)
    address = f"/cases/{of.item.uuid}/matching"
    assert "Nobody else learns of it" in client.get(address).text
    looked = seen(client, address)
    statements.statements.clear()
    answer = client.post(address, data={"once": once(), "seen": looked, "put": [str(row.id)]})
    assert (answer.status_code, answer.location) == (302, f"/cases/{of.item.uuid}")
    assert not any("identifier_match" in one for one in statements.statements)
    assert stored.scalars(select(Match)).all() == []
    stored.commit()
    assert "You are told only if another party has the same value" in client.get(answer.location).text


def test_nobody_else_gets_another_byte_when_two_have_a_hit(client: FlaskClient, stored: Session) -> None:
    here, _first, _second = both(stored)
    stored.commit()
    people = others(stored, here)
    before = pages(client, stored, people)
    audits = len(stored.scalars(select(AuditEntry)).all())
    assert matching.find_matches(stored, now=LATER) == 1
    stored.commit()
    after = pages(client, stored, people)
    assert after == before
    assert len(stored.scalars(select(AuditEntry)).all()) == audits


def test_the_audit_knows_who_has_read_a_value_on_the_page_of_matches(client: FlaskClient, stored: Session) -> None:
    here, first, _second = both(stored)
    matching.find_matches(stored, now=LATER)
    as_(client, stored, here.head_kh)
    assert NUMBER in client.get(MATCHES).text
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    item = stored.get_one(Case, first.item_id).item
    assert [one.object_uuid for one in entry.objects] == [item.uuid]


def test_a_meeting_that_is_asked_for_over_a_lead_is_about_no_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    mine = case(stored, here)
    named(stored, mine, NUMBER)
    named(stored, lead(stored, here, mine, "TH-L1", actor=here.head_th, originator=here.th.party), SAME)
    matching.find_matches(stored, now=LATER)
    as_(client, stored, here.head_th)
    page = client.get(MATCHES).text
    asked = client.get(html.unescape(re.findall(r'href="([^"]*requests/new[^"]*)"', page)[0])).text
    assert re.search(r'<option selected value="cooperation">', asked)


def test_the_two_talk_ask_for_a_meeting_close_it_and_take_it_up_again(client: FlaskClient, stored: Session) -> None:
    here, _first, _second = both(stored)
    matching.find_matches(stored, now=LATER)
    match = stored.scalars(select(Match)).one()
    as_(client, stored, here.head_th)
    assert "1 value of yours is known to another party." in client.get("/meetings/seoul-2/consents").text
    page = client.get(MATCHES).text
    assert SAME in page
    assert NUMBER not in page
    assert "KH-01" not in page
    assert "/meetings/seoul-2/requests/new?asked=KH" in page
    asked = client.get(html.unescape(re.findall(r'href="([^"]*requests/new[^"]*)"', page)[0])).text
    assert SAME not in asked
    assert f'checked id="cases-0" name="cases" type="checkbox" value="{match.second.item.uuid}"' in asked
    assert re.search(r'value="KH"[^>]*checked|checked[^>]*value="KH"', asked)
    base = f"{MATCHES}/{match.uuid}"
    for state, left in (("talking", MatchState.TALKING), ("closed", MatchState.CLOSED), ("found", MatchState.FOUND)):
        stored.expire_all()
        data = {"state": state, "version": str(match.version)}
        stored.commit()
        assert client.post(f"{base}/state", data=data).status_code == 302
        assert client.post(f"{base}/state", data=data).status_code == 409
        stored.expire_all()
        assert match.state is left
    stored.commit()
    assert client.post(f"{base}/state", data={"state": "gone", "version": "4"}).status_code == 404
    for person, status in ((here.organiser, 403), (outsider(stored, here), 404)):
        as_(client, stored, person)
        assert client.post(f"{base}/state", data={"state": "closed", "version": "4"}).status_code == status
        assert client.post(f"{base}/count", data={"agreed": "yes", "version": "4"}).status_code == status


def outsider(session: Session, here: World) -> User:
    person = make.user(session, "Sato")
    make.membership(
        session, here.meeting, person, Role.HEAD, of_delegation=make.delegation(session, here.meeting, "JP")
    )
    return person


def test_organisers_see_the_number_that_both_agreed_to_and_no_more(client: FlaskClient, stored: Session) -> None:
    here, _first, _second = both(stored)
    matching.find_matches(stored, now=LATER)
    match = stored.scalars(select(Match)).one()
    base = f"{MATCHES}/{match.uuid}"
    for number, person in enumerate((here.head_kh, here.head_th), 1):
        as_(client, stored, here.organiser)
        assert "0 matches that both parties let you count." in client.get(MATCHES).text
        as_(client, stored, person)
        assert client.post(f"{base}/count", data={"agreed": "yes", "version": str(number)}).status_code == 302
    as_(client, stored, here.organiser)
    page = client.get(MATCHES).text
    assert "1 match that both parties let you count." in page
    assert NUMBER not in page
    assert "345" not in page


def test_what_is_said_of_a_hit_stands_in_the_audit_and_on_no_auditors_page(
    client: FlaskClient, stored: Session
) -> None:
    here, _first, _second = both(stored)
    matching.find_matches(stored, now=LATER)
    match = stored.scalars(select(Match)).one()
    auditor = others(stored, here)["auditor"]

    def changes() -> bytes:
        as_(client, stored, auditor)
        return without_tokens(client.get("/meetings/seoul-2/audit?what=changed").data)

    before, base = changes(), f"{MATCHES}/{match.uuid}"
    as_(client, stored, here.head_th)
    assert client.post(f"{base}/state", data={"state": "talking", "version": "1"}).status_code == 302
    assert client.post(f"{base}/count", data={"agreed": "yes", "version": "2"}).status_code == 302
    rows = stored.scalars(select(AuditEntry).where(AuditEntry.object_uuid == match.uuid).order_by(AuditEntry.id))
    assert [(row.actor_id, row.action, row.facts) for row in rows] == [
        (here.head_th.id, "change", {"state": "talking"}),
        (here.head_th.id, "change", {"counts": True}),
    ]
    assert changes() == before


def test_only_the_author_puts_to_matching_and_receivers_do_not_see_that_it_is(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    naming.name_values(stored, row.item, [Named(Kind.PHONE, NUMBER)], actor=here.head_kh, now=NOW)
    matching.put_to_matching(stored, row.item, naming.identifiers_of(stored, row.item), actor=here.head_kh, now=NOW)
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert NUMBER in page
    assert "compared with others" not in page
    assert client.get(f"/leads/{row.item.uuid}/matching").status_code == 403
    as_(client, stored, here.head_kh)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert "compared with others" in page
    assert "Put to matching" in page
    markings.withdraw(stored, row.item, actor=here.head_kh, now=NOW)
    stored.commit()
    page = client.get(f"/leads/{row.item.uuid}").text
    assert NUMBER in page
    assert "compared with others" not in page
    assert "Put to matching" not in page


def test_a_hit_on_a_receivers_copy_is_none_of_its_business(session: Session) -> None:
    """Thailand reads Cambodia's lead; the hit between Cambodia and Japan stays between them."""
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    japan = make.user(session, "Sato")
    make.membership(session, here.meeting, japan, Role.HEAD, of_delegation=jp)
    row = lead(session, here, case(session, here, disclose_to=[here.th]))
    naming.name_values(session, row.item, [Named(Kind.PHONE, NUMBER)], actor=here.head_kh, now=NOW)
    matching.put_to_matching(session, row.item, naming.identifiers_of(session, row.item), actor=here.head_kh, now=NOW)
    theirs = case(session, here, "JP-01", actor=japan, originator=jp.party, concerned=[])
    named(session, theirs, NUMBER)
    assert matching.find_matches(session, now=LATER) == 1
    thai = sharing.viewer_of(session, here.head_th, LATER)
    assert matching.hits(session, thai, LATER, meeting=here.meeting) == []
    match = session.scalars(select(Match)).one()
    with pytest.raises(NotFound):
        matching.get_hit(session, thai, LATER, meeting=here.meeting, ident=match.uuid)


def test_the_page_lists_what_the_own_party_put_to_matching_also_without_a_hit(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    own, theirs = case(stored, here, disclose_to=[here.th]), thai_case(stored, here)
    naming.name_values(stored, own.item, [Named(Kind.ALIAS, "Ghost")], actor=own.item.author, now=NOW)
    named(stored, own, NUMBER)
    named(stored, theirs, "+66 81 234 5678")
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(MATCHES).text
    assert "What you put to matching" in page
    assert NUMBER in page
    assert f"/cases/{own.item.uuid}" in page
    assert "+66 81 234 5678" not in page
    as_(client, stored, here.head_th)
    page = client.get(MATCHES).text
    assert NUMBER not in page
    assert "+66 81 234 5678" in page
    as_(client, stored, here.organiser)
    page = client.get(MATCHES).text
    assert "What you put to matching" not in page


def test_a_hit_waits_on_the_home_page_until_one_of_the_two_says_something(client: FlaskClient, stored: Session) -> None:
    here, _first, _second = both(stored)
    matching.find_matches(stored, now=LATER)
    match = stored.scalars(select(Match)).one()
    stored.commit()
    as_(client, stored, here.head_kh)
    home = "/meetings/seoul-2"
    assert "1 value of yours is known to another party." in client.get(home).text
    data = {"state": "talking", "version": str(match.version)}
    stored.commit()
    assert client.post(f"{MATCHES}/{match.uuid}/state", data=data).status_code == 302
    assert "value of yours is known" not in shown(client, home)
