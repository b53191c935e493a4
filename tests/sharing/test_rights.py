"""Services ask themselves whether their actor may: no page has to have asked before."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases import attaching, matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import IdentifierKind, MatchState
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Lead, Match
from confmgr.errors import NotAllowed, NotFound
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState, ItemKind, ItemState
from confmgr.sharing.models import Disclosure, Item, Recall
from confmgr.sharing.queries import viewer_of
from tests import make, make_cases
from tests.make_consents import asked, colleague, japan
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)
DAY = date(2026, 12, 1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


def leaves(session: Session, person: User) -> None:
    session.scalars(select(Membership).where(Membership.user_id == person.id)).one().ends_at = NOW
    session.flush()


def test_a_question_is_taken_back_by_nobody_but_who_speaks_for_those_who_asked(
    session: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(session, here)
    interpreter = colleague(session, here, here.th, "Only Interprets", Role.INTERPRETER)
    gone = colleague(session, here, here.th, "Has Left")
    leaves(session, gone)
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    for person in (here.head_kh, here.organiser, head_jp, interpreter, gone):
        with pytest.raises(NotAllowed):
            services.withdraw_question(session, row, actor=person, now=NOW, seen_version=row.version)
    assert row.state is ConsentState.OPEN
    other = colleague(session, here, here.th, "Also Speaks")
    services.withdraw_question(session, row, actor=other, now=NOW, seen_version=row.version)
    assert row.state.value == "withdrawn"


def test_how_long_something_is_kept_is_said_by_its_author_or_a_head_of_the_originator(
    session: Session, here: World, lead: Lead
) -> None:
    for person in (here.head_th, here.organiser, colleague(session, here, here.kh, "Keo Rith")):
        with pytest.raises(NotAllowed):
            services.keep_until(session, lead.item, DAY, actor=person, now=NOW)
    assert lead.item.retain_until is None
    head = colleague(session, here, here.kh, "Chea Vuth", Role.HEAD)
    services.keep_until(session, lead.item, DAY, actor=head, now=NOW)
    assert lead.item.retain_until == DAY


def test_an_author_who_has_left_the_originator_shares_nothing_again(session: Session, here: World, lead: Lead) -> None:
    services.withdraw(session, lead.item, actor=here.head_kh, now=NOW)
    leaves(session, here.head_kh)
    with pytest.raises(NotAllowed):
        services.take_up(session, lead.item, actor=here.head_kh, now=LATER)
    assert lead.item.state is ItemState.WITHDRAWN


def test_a_recall_is_acknowledged_by_nobody_but_whom_it_asks(session: Session, here: World, lead: Lead) -> None:
    record(session, actor=here.head_th, now=NOW, action="read", object_type="lead", object_uuid=lead.item.uuid)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    row = session.scalars(select(Recall)).one()
    for person in (here.head_kh, here.organiser, colleague(session, here, here.th, "Keo Rith")):
        with pytest.raises(NotAllowed):
            services.acknowledge(session, row, actor=person, now=LATER)
    assert row.acknowledged_at is None


Deed = Callable[[Session, World, Lead, User], None]


def discloses(session: Session, here: World, lead: Lead, person: User) -> None:
    services.disclose(session, lead.item, actor=person, now=NOW, to_user=here.organiser)


def names(session: Session, here: World, lead: Lead, person: User) -> None:
    cases.disclose_item(session, lead.item, actor=person, now=NOW, persons=[here.organiser])


def shares(session: Session, here: World, lead: Lead, person: User) -> None:
    cases.share_lead(session, lead, actor=person, now=NOW, to=[here.th])


def revokes(session: Session, here: World, lead: Lead, person: User) -> None:
    services.revoke(session, lead.item.disclosures[0], actor=person, now=NOW)


def strikes_off(session: Session, here: World, lead: Lead, person: User) -> None:
    services.strike_off(session, lead.item, lead.item.disclosures[0].id, actor=person, now=NOW)


def attaches(session: Session, here: World, lead: Lead, person: User) -> None:
    attaching.attach(session, lead.item, actor=person, now=NOW, name="a.txt", content=b"A list")


def puts_to_matching(session: Session, here: World, lead: Lead, person: User) -> None:
    matching.put_to_matching(session, lead.item, [], actor=person, now=NOW)


@pytest.mark.parametrize("deed", [discloses, names, shares, revokes, strikes_off, attaches, puts_to_matching])
def test_who_reads_an_item_and_does_not_write_it_neither_names_nor_strikes_off_nor_adds(
    session: Session, here: World, lead: Lead, deed: Deed
) -> None:
    _jp, head_jp = japan(session, here)
    before = session.scalars(select(Disclosure.id)).all()
    for reader in (here.head_th, colleague(session, here, here.kh, "Keo Rith")):
        with pytest.raises(NotAllowed):
            deed(session, here, lead, reader)
    for stranger in (here.organiser, head_jp):
        with pytest.raises(NotFound):
            deed(session, here, lead, stranger)
    assert session.scalars(select(Disclosure.id).where(Disclosure.revoked_at.is_(None))).all() == before
    assert session.scalars(select(Item.id).where(Item.parent_id == lead.id)).all() == []
    deed(session, here, lead, colleague(session, here, here.kh, "Chea Vuth", Role.HEAD))


def test_something_is_put_under_an_item_by_who_reads_it_and_speaks_for_that_party(
    session: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(session, here)

    def under(person: User) -> Item:
        return services.add_child(
            session, lead.item, kind=ItemKind.COMMENT, originator=here.th.party, author=person, now=NOW
        )

    for reader in (here.head_kh, colleague(session, here, here.th, "Only Interprets", Role.INTERPRETER)):
        with pytest.raises(NotAllowed):
            under(reader)
    for stranger in (here.organiser, head_jp):
        with pytest.raises(NotFound):
            under(stranger)
    assert under(here.head_th).parent_id == lead.id


def test_an_item_goes_to_a_further_meeting_by_who_speaks_for_its_originator(
    session: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(session, here)
    third = make.meeting(session, here.meeting.operation, slug="seoul-3", number=3)
    chief = colleague(session, here, here.kh, "Chief", Role.LEADERSHIP)
    for reader in (here.head_th, chief):
        with pytest.raises(NotAllowed):
            services.link_meeting(session, lead.item, third, actor=reader, now=NOW)
    for stranger in (here.organiser, head_jp):
        with pytest.raises(NotFound):
            services.link_meeting(session, lead.item, third, actor=stranger, now=NOW)
    assert {link.meeting_id for link in lead.item.meetings} == {here.meeting.id}
    services.link_meeting(session, lead.item, third, actor=colleague(session, here, here.kh, "Keo Rith"), now=NOW)
    assert third.id in {link.meeting_id for link in lead.item.meetings}


def test_of_a_hit_nobody_says_anything_but_who_speaks_for_the_own_side(
    session: Session, here: World, lead: Lead
) -> None:
    theirs = make_cases.case(session, here, "TH-01", originator=here.th.party, concerned=[])
    for item in (lead.item, theirs.item):
        naming.name_values(session, item, [Named(IdentifierKind.PHONE, "+855 12 345")], actor=item.author, now=NOW)
        matching.put_to_matching(session, item, naming.identifiers_of(session, item), actor=item.author, now=NOW)
    assert matching.find_matches(session, now=NOW) == 1
    (hit,) = matching.hits(session, viewer_of(session, here.head_kh, NOW), NOW, meeting=here.meeting)
    interpreter = colleague(session, here, here.kh, "Only Interprets", Role.INTERPRETER)
    _jp, head_jp = japan(session, here)
    for person, answer in (
        (here.head_th, NotAllowed),  # reads the lead; says what it says of its own side
        (interpreter, NotAllowed),
        (here.organiser, NotFound),
        (head_jp, NotFound),
    ):
        with pytest.raises(answer):
            matching.set_state(session, hit, actor=person, now=NOW, state=MatchState.CLOSED, seen_version=1)
        with pytest.raises(answer):
            matching.let_count(session, hit, actor=person, now=NOW, agreed=True, seen_version=1)
    row = session.scalars(select(Match)).one()
    assert (row.version, row.first_counts_at, row.second_counts_at) == (1, None, None)
    matching.set_state(session, hit, actor=here.head_kh, now=NOW, state=MatchState.CLOSED, seen_version=1)
    matching.let_count(session, hit, actor=here.head_kh, now=NOW, agreed=True, seen_version=2)
