"""RED that others know of is lowered by two persons: its author proposes, the second person confirms."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Lead
from confmgr.errors import NotAllowed, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import services
from confmgr.sharing.domain import Handling, Tlp
from confmgr.sharing.queries import viewer_of, visible_ids, waiting
from tests import make, make_cases
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def second(session: Session, here: World) -> User:
    return colleague(session, here, "Chan Thida")


def colleague(session: Session, here: World, name: str) -> User:
    person = make.user(session, name)
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def red(session: Session, here: World, second: User) -> Lead:
    """A RED lead of Cambodia that its author and one other person know."""
    row = make_cases.lead(
        session, here, make_cases.case(session, here, tlp=Tlp.GREEN), tlp=Tlp.RED, named_readers=[second]
    )
    services.share_item(session, row.item, actor=here.head_kh, now=NOW)
    return row


def lower(session: Session, here: World, row: Lead, tlp: Tlp = Tlp.GREEN) -> str:
    """What the second person must have looked at to confirm it."""
    services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=tlp, reason="It is in the news")
    found = waiting(session, row.item, here.head_kh, LATER)
    assert found is not None
    assert (found.marking.tlp, found.marking.reason) == (tlp, "It is in the news")
    return found.seen


def seen_by(session: Session, row: Lead, person: User) -> bool:
    return row.id in visible_ids(session, viewer_of(session, person, NOW), [row.id], NOW)


@pytest.mark.parametrize("why", ["of another party", "has left", "has no account"])
def test_red_is_shared_only_while_its_second_person_sits_for_its_party(
    session: Session, here: World, second: User, why: str
) -> None:
    named = here.head_th if why == "of another party" else second
    row = make_cases.lead(session, here, make_cases.case(session, here), tlp=Tlp.RED, named_readers=[named])
    if why == "has left":
        seat = session.scalars(select(Membership).where(Membership.user_id == second.id)).one()
        seat.ends_at = NOW - timedelta(hours=1)
    second.active = why != "has no account"
    session.flush()
    with pytest.raises(Refused, match="red_needs_second_person"):
        services.share_item(session, row.item, actor=here.head_kh, now=NOW)


def test_red_stays_red_until_the_second_person_confirms(session: Session, here: World, second: User) -> None:
    row = red(session, here, second)
    seen = lower(session, here, row)
    assert row.item.marking.tlp.value == "RED"
    assert not seen_by(session, row, here.head_th)
    services.confirm_marking(session, row.item, actor=second, now=LATER, seen=seen)
    assert row.item.marking.tlp.value == "GREEN"
    assert seen_by(session, row, here.head_th)
    assert waiting(session, row.item, second, LATER) is None


def test_who_may_not_read_it_neither_confirms_nor_refuses(session: Session, here: World, second: User) -> None:
    own, other = make.agency(session, here.kh.party, "CNP"), make.agency(session, here.kh.party, "PMO")
    row = make_cases.lead(session, here, make_cases.case(session, here), tlp=Tlp.AMBER_STRICT, agency=own)
    services.share_item(session, row.item, actor=here.head_kh, now=NOW)
    seen = lower(session, here, row, Tlp.AMBER)
    elsewhere = make.user(session, "Keo Rith")
    make.membership(session, here.meeting, elsewhere, Role.DELEGATE, of_delegation=here.kh, of_agency=other)
    for unread in (elsewhere, second):
        for decide in (services.confirm_marking, services.refuse_marking):
            with pytest.raises(NotAllowed):
                decide(session, row.item, actor=unread, now=LATER, seen=seen)
    assert row.item.marking.tlp.value == "AMBER+STRICT"


def test_neither_the_author_nor_anybody_unnamed_is_the_second_person(
    session: Session, here: World, second: User
) -> None:
    row = red(session, here, second)
    seen = lower(session, here, row)
    for person in (here.head_kh, colleague(session, here, "Keo Rith"), here.head_th, here.organiser):
        with pytest.raises(NotAllowed):
            services.confirm_marking(session, row.item, actor=person, now=LATER, seen=seen)
    assert row.item.marking.tlp.value == "RED"


def test_nobody_else_is_shown_what_waits(session: Session, here: World, second: User) -> None:
    row = red(session, here, second)
    lower(session, here, row)
    assert waiting(session, row.item, second, LATER) is not None
    assert waiting(session, row.item, colleague(session, here, "Keo Rith"), LATER) is None
    assert waiting(session, row.item, here.head_th, LATER) is None


def test_only_what_was_looked_at_is_confirmed(session: Session, here: World, second: User) -> None:
    row = red(session, here, second)
    first = lower(session, here, row, Tlp.AMBER)
    newer = lower(session, here, row, Tlp.GREEN)
    with pytest.raises(StaleVersion):
        services.confirm_marking(session, row.item, actor=second, now=LATER, seen=first)
    services.confirm_marking(session, row.item, actor=second, now=LATER, seen=newer)
    with pytest.raises(StaleVersion):
        services.confirm_marking(session, row.item, actor=second, now=LATER, seen=newer)
    assert row.item.marking.tlp.value == "GREEN"


def test_the_author_takes_it_back_by_marking_it_red_anew(session: Session, here: World, second: User) -> None:
    row = red(session, here, second)
    seen = lower(session, here, row)
    services.change_marking(
        session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, handling=[Handling.H2], named_readers=[second]
    )
    with pytest.raises(StaleVersion):
        services.confirm_marking(session, row.item, actor=second, now=LATER, seen=seen)
    assert row.item.marking.handling == ["H2"]


def test_withdrawing_it_is_no_way_around_the_second_person(session: Session, here: World, second: User) -> None:
    row = red(session, here, second)
    services.withdraw(session, row.item, actor=here.head_kh, now=NOW)
    lower(session, here, row)
    services.take_up(session, row.item, actor=here.head_kh, now=NOW)
    assert row.item.marking.tlp.value == "RED"
    assert not seen_by(session, row, here.head_th)


def test_red_that_nobody_else_knows_is_not_lowered_alone(session: Session, here: World) -> None:
    row = make_cases.shared_lead(session, here, make_cases.case(session, here))
    services.withdraw(session, row.item, actor=here.head_kh, now=NOW)
    services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED)
    with pytest.raises(Refused, match="red_needs_second_person"):
        services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER)


def test_a_draft_is_lowered_by_its_author(session: Session, here: World) -> None:
    row = make_cases.lead(session, here, make_cases.case(session, here), tlp=Tlp.RED)
    services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER)
    assert row.item.marking.tlp is Tlp.AMBER
    assert waiting(session, row.item, here.head_kh, LATER) is None


def test_whom_the_lower_marking_names_reads_it_only_once_it_is_confirmed(
    session: Session, here: World, second: User
) -> None:
    row = red(session, here, second)
    marking = services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER)
    services.disclose(session, row.item, actor=here.head_kh, now=NOW, to_delegation=here.th, under=marking)
    found = waiting(session, row.item, second, LATER)
    assert found is not None
    assert [party.code for party in found.to] == ["TH"]
    assert not seen_by(session, row, here.head_th)
    services.confirm_marking(session, row.item, actor=second, now=LATER, seen=found.seen)
    assert seen_by(session, row, here.head_th)


def test_who_changed_sides_sees_no_marking_that_waits_at_the_old_side(session: Session, here: World) -> None:
    row = make_cases.shared_lead(session, here, make_cases.case(session, here))
    mover = colleague(session, here, "Keo Rith")
    services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    assert waiting(session, row.item, mover, LATER) is not None
    session.scalars(select(Membership).where(Membership.user_id == mover.id)).one().ends_at = LATER
    make.membership(session, here.meeting, mover, Role.HEAD, of_delegation=here.th)
    assert seen_by(session, row, mover)
    assert waiting(session, row.item, mover, LATER) is None
