"""Two heads decide about one item: the second decides on what the first one made of it, or is told; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases import matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import IdentifierKind, NominationState
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Lead
from confmgr.errors import NotFound, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.sharing import queries, seen, services
from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, Marking
from tests import make_cases
from tests.make_consents import answered, asked, colleague, japan, seconded
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def other(session: Session, here: World) -> User:
    """The second head of Cambodia."""
    return colleague(session, here, here.kh, "Chea Vuth", Role.HEAD)


@pytest.fixture
def lead(session: Session, here: World, other: User) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


def markings(session: Session, item: Item) -> int:
    return session.scalar(select(func.count(Marking.id)).where(Marking.item_id == item.id)) or 0


def named(session: Session, item: Item) -> list[int | None]:
    """The delegations that an item reaches by name today."""
    standing = select(Disclosure).join(Item, Item.id == Disclosure.item_id)
    rows = session.scalars(standing.where(Item.id == item.id, queries.standing(LATER)).order_by(Disclosure.id))
    return [row.to_delegation_id for row in rows]


def audited(session: Session, item: Item, action: str) -> int:
    wanted = select(func.count()).select_from(AuditEntry)
    return session.scalar(wanted.where(AuditEntry.object_uuid == item.uuid, AuditEntry.action == action)) or 0


def test_a_marking_is_not_put_over_one_that_its_maker_has_not_seen(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    looked = seen.of_marking(session, lead.item)
    services.change_marking(
        session, lead.item, actor=other, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H2], seen=looked
    )
    with pytest.raises(StaleVersion):
        services.change_marking(session, lead.item, actor=here.head_kh, now=LATER, tlp=Tlp.AMBER, seen=looked)
    assert (lead.item.marking.handling, markings(session, lead.item)) == (["H2"], 2)
    now = seen.of_marking(session, lead.item)
    services.change_marking(session, lead.item, actor=here.head_kh, now=LATER, tlp=Tlp.AMBER, seen=now)
    assert (lead.item.marking.handling, markings(session, lead.item)) == ([], 3)


def test_a_lower_marking_that_waits_already_is_seen_before_another_one_is_proposed(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    looked = seen.of_marking(session, lead.item)
    services.change_marking(session, lead.item, actor=other, now=NOW, tlp=Tlp.GREEN, seen=looked)
    with pytest.raises(StaleVersion):
        services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.CLEAR, seen=looked)
    assert markings(session, lead.item) == 2


def test_a_draft_that_was_shared_meanwhile_is_not_marked_as_if_nobody_read_it(
    session: Session, here: World, other: User
) -> None:
    row = make_cases.lead(session, here, make_cases.case(session, here))
    looked = seen.of_marking(session, row.item)
    services.share_item(session, row.item, actor=other, now=NOW, seen=looked)
    with pytest.raises(StaleVersion):
        services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN, seen=looked)
    assert row.item.marking.tlp is Tlp.AMBER


def test_a_draft_that_was_marked_anew_meanwhile_is_not_shared_unseen(
    session: Session, here: World, other: User
) -> None:
    row = make_cases.lead(session, here, make_cases.case(session, here))
    looked = seen.of_marking(session, row.item)
    services.change_marking(session, row.item, actor=other, now=NOW, tlp=Tlp.GREEN, seen=looked)
    with pytest.raises(StaleVersion):
        services.share_item(session, row.item, actor=here.head_kh, now=NOW, seen=looked)
    assert row.item.state is ItemState.DRAFT


def test_comments_texts_and_retention_make_no_decision_stale(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    item = lead.item
    looks = (seen.of_state, seen.of_marking, seen.of_readers)
    before = [look(session, item) for look in looks]
    cases.comment(session, item, actor=here.head_th, now=LATER, party=here.th.party, text="We know it")
    cases.change_lead(
        session,
        lead,
        actor=other,
        now=LATER,
        kind=lead.kind,
        title=lead.title,
        body=lead.body,
        purpose="For the raid",
    )
    day = (NOW + timedelta(days=90)).date()
    services.keep_until(session, item, day, actor=other, now=LATER)
    assert [look(session, item) for look in looks] == before
    assert item.version > 1


def test_whoever_was_named_meanwhile_makes_no_marking_stale_since_every_change_drops_all(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    jp, _head = japan(session, here)
    looked = seen.of_marking(session, lead.item)
    cases.disclose_item(session, lead.item, actor=other, now=NOW, to=[jp])
    services.change_marking(
        session, lead.item, actor=here.head_kh, now=LATER, tlp=Tlp.AMBER, handling=[Handling.H2], seen=looked
    )
    assert named(session, lead.item) == []


@pytest.mark.parametrize("first", ["names", "strikes off", "marks", "grants"])
def test_readers_are_named_on_what_the_other_head_decided_or_not_at_all(
    session: Session, here: World, other: User, lead: Lead, first: str
) -> None:
    jp, _head = japan(session, here)
    question = asked(session, here, lead.item, to_delegation=jp)
    looked = seen.of_readers(session, lead.item)
    item = lead.item
    if first == "names":
        cases.share_lead(session, lead, actor=other, now=NOW, to=[jp], seen=looked)
    elif first == "strikes off":
        services.strike_off(session, item, item.disclosures[0].id, actor=other, now=NOW)
    elif first == "marks":
        services.change_marking(session, item, actor=other, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H2])
    else:
        answered(session, question, other)
    before = named(session, item)
    with pytest.raises(StaleVersion):
        cases.share_lead(session, lead, actor=here.head_kh, now=LATER, to=[jp], seen=looked)
    with pytest.raises(StaleVersion):
        cases.disclose_item(session, item, actor=here.head_kh, now=LATER, to=[jp], seen=looked)
    assert named(session, item) == before


def test_a_draft_that_was_shared_meanwhile_is_not_taken_back_as_a_draft(
    session: Session, here: World, other: User
) -> None:
    row = make_cases.lead(session, here, make_cases.case(session, here))
    looked = seen.of_state(session, row.item)
    services.share_item(session, row.item, actor=here.head_kh, now=NOW)
    with pytest.raises(StaleVersion):
        services.withdraw(session, row.item, actor=other, now=LATER, seen=looked)
    assert row.item.state is ItemState.SHARED


def test_taking_back_rests_on_no_marking_and_no_reader(session: Session, here: World, other: User, lead: Lead) -> None:
    jp, _head = japan(session, here)
    looked = seen.of_state(session, lead.item)
    cases.disclose_item(session, lead.item, actor=here.head_kh, now=NOW, to=[jp])
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H2])
    assert services.withdraw(session, lead.item, actor=other, now=LATER, seen=looked)
    assert lead.item.state is ItemState.WITHDRAWN


def test_what_is_so_already_is_not_done_again(session: Session, here: World, other: User, lead: Lead) -> None:
    item, ident = lead.item, lead.item.disclosures[0].id
    assert not services.share_item(session, item, actor=other, now=LATER, seen="an old page")
    assert item.shared_at == NOW
    assert services.strike_off(session, item, ident, actor=here.head_kh, now=NOW)
    assert not services.strike_off(session, item, ident, actor=other, now=LATER)
    struck = session.get_one(Disclosure, ident)
    assert (struck.revoked_at, struck.revoked_by_id) == (NOW, here.head_kh.id)
    assert services.withdraw(session, item, actor=here.head_kh, now=NOW)
    assert not services.withdraw(session, item, actor=other, now=LATER, seen="an old page")
    assert item.withdrawn_at == NOW
    assert [audited(session, item, action) for action in ("share", "revoke", "withdraw")] == [1, 1, 1]


def test_who_was_named_anew_is_not_struck_off_by_an_old_page(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    ident = lead.item.disclosures[0].id
    services.strike_off(session, lead.item, ident, actor=here.head_kh, now=NOW)
    services.disclose(session, lead.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    with pytest.raises(StaleVersion):
        services.strike_off(session, lead.item, ident, actor=other, now=LATER)
    assert named(session, lead.item) == [here.th.id]


def test_who_reads_on_under_a_lower_marking_is_not_said_to_be_struck_off_already(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    ident = lead.item.disclosures[0].id
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    waits = queries.waiting(session, lead.item, other, NOW)
    assert waits is not None
    services.confirm_marking(session, lead.item, actor=other, now=NOW, seen=waits.seen)
    with pytest.raises(StaleVersion):
        services.strike_off(session, lead.item, ident, actor=here.head_kh, now=LATER)


def test_who_was_named_for_a_while_that_is_over_is_struck_off_already(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    jp, _head = japan(session, here)
    soon = NOW + timedelta(minutes=1)
    row = services.disclose(session, lead.item, actor=here.head_kh, now=NOW, to_delegation=jp, until=soon)
    assert not services.strike_off(session, lead.item, row.id, actor=other, now=LATER)


def test_a_number_that_the_item_never_had_is_none(session: Session, here: World, lead: Lead) -> None:
    foreign = make_cases.shared_lead(session, here, lead.case, "KH-L2").item.disclosures[0]
    for number in (foreign.id, foreign.id + 1000):
        with pytest.raises(NotFound):
            services.strike_off(session, lead.item, number, actor=here.head_kh, now=NOW)


def test_what_was_granted_meanwhile_is_granted_once(session: Session, here: World, other: User, lead: Lead) -> None:
    jp, _head = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    looked = row.version
    answered(session, row, other)
    with pytest.raises(StaleVersion):
        services.withdraw_question(session, row, actor=here.head_th, now=LATER, seen_version=looked)
    seconded(session, here.head_kh)
    assert sorted(named(session, lead.item), key=str) == sorted([here.th.id, jp.id], key=str)


def test_values_are_put_to_matching_on_the_choice_that_was_seen(
    session: Session, here: World, other: User, lead: Lead
) -> None:
    item = lead.item
    values = [Named(IdentifierKind.PHONE, "+855 12 345 678"), Named(IdentifierKind.EMAIL, "boss@example.org")]
    naming.name_values(session, item, values, actor=here.head_kh, now=NOW)
    phone, mail = naming.identifiers_of(session, item)
    looked = matching.choice_seen(session, item)
    matching.put_to_matching(session, item, [phone], actor=other, now=NOW, seen=looked)
    with pytest.raises(StaleVersion):
        matching.put_to_matching(session, item, [mail], actor=here.head_kh, now=LATER, seen=looked)
    assert (phone.matching, mail.matching) == (True, False)
    looked = matching.choice_seen(session, item)
    naming.name_values(session, item, values[:1], actor=other, now=LATER)
    with pytest.raises(StaleVersion):
        matching.put_to_matching(session, item, [phone], actor=here.head_kh, now=LATER, seen=looked)


def test_of_two_organisers_the_second_decides_on_what_the_first_has_decided(session: Session, here: World) -> None:
    row = make_cases.case(session, here).nominations[0]
    looked = row.version
    selected, declined = NominationState.SELECTED, NominationState.NOT_TAKEN
    cases.set_nomination(session, row, actor=here.organiser, now=NOW, state=selected, seen_version=looked)
    with pytest.raises(StaleVersion):
        cases.set_nomination(
            session, row, actor=here.organiser, now=NOW, state=declined, reason="Too late", seen_version=looked
        )
    assert (row.state, row.reason) == (selected, None)
