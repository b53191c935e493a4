"""What stands under an item: seen where the item is, and where its own marking lets a reader pass too."""

import pytest
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.domain import DelegationStatus
from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.queries import facts_of, viewer_of, visible_ids
from confmgr.sharing.rule import effective
from tests import make, make_cases
from tests.make_scheduling import NOW, World, world


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


def comment(session: Session, here: World, under: Item, tlp: Tlp | None = None) -> Item:
    return services.add_child(
        session, under, kind=ItemKind.COMMENT, originator=here.kh.party, author=here.head_kh, now=NOW, tlp=tlp
    )


def sees(session: Session, row: Item, person: User) -> bool:
    return row.id in visible_ids(session, viewer_of(session, person, NOW), [row.id], NOW)


def observer(session: Session, here: World) -> User:
    jp = make.delegation(session, here.meeting, "JP", status=DelegationStatus.OBSERVER)
    head = make.user(session, "Sato Aoi")
    make.membership(session, here.meeting, head, Role.HEAD, of_delegation=jp)
    return head


def test_a_child_without_a_marking_of_its_own_is_read_by_those_who_read_its_parent(
    session: Session, here: World
) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    child = comment(session, here, parent)
    stranger = observer(session, here)
    assert [sees(session, child, person) for person in (here.head_kh, here.head_th, stranger, here.organiser)] == [
        True,
        True,
        False,
        False,
    ]


def test_who_is_named_later_reads_the_children_too_even_an_observer(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    child = comment(session, here, parent)
    head = observer(session, here)
    services.disclose(session, parent, actor=here.head_kh, now=NOW, to_user=head)
    assert sees(session, child, head)


def test_who_was_named_before_reads_a_child_that_comes_later(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    head = observer(session, here)
    services.disclose(session, parent, actor=here.head_kh, now=NOW, to_user=head)
    assert sees(session, comment(session, here, parent), head)


def test_a_child_with_a_stricter_marking_is_not_read_by_all_who_read_its_parent(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    child = comment(session, here, parent, Tlp.AMBER)
    assert sees(session, child, here.head_kh)
    assert not sees(session, child, here.head_th)


def test_18_a_green_child_under_amber_strict_is_shown_as_amber_strict(session: Session, here: World) -> None:
    parent = make_cases.lead(session, here, make_cases.case(session, here), tlp=Tlp.AMBER_STRICT).item
    services.share_item(session, parent, actor=here.head_kh, now=NOW)
    child = comment(session, here, parent)
    assert child.marking.tlp is Tlp.GREEN
    assert effective(facts_of(session, [child.id])[child.id])[0] is Tlp.AMBER_STRICT
    assert not sees(session, child, here.head_th)


def test_who_is_struck_off_the_parent_loses_the_children(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    child = comment(session, here, parent)
    services.revoke(session, parent.disclosures[0], actor=here.head_kh, now=NOW)
    assert not sees(session, child, here.head_th)


def test_children_follow_their_parent_to_a_further_meeting(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here), tlp=Tlp.GREEN).item
    child = comment(session, here, parent)
    later = make.meeting(session, here.meeting.operation, slug="seoul-3", number=3)
    viet_nam = make.delegation(session, later, "VN")
    head = make.user(session, "Nguyen Lan")
    make.membership(session, later, head, Role.HEAD, of_delegation=viet_nam)
    assert not sees(session, child, head)
    services.link_meeting(session, parent, later, actor=here.head_kh, now=NOW)
    assert sees(session, child, head)


def test_nothing_stands_under_a_child_or_under_what_was_withdrawn(session: Session, here: World) -> None:
    parent = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    child = comment(session, here, parent)
    with pytest.raises(Refused, match="one_level"):
        comment(session, here, child)
    services.withdraw(session, parent, actor=here.head_kh, now=NOW)
    with pytest.raises(Refused, match="taken_back"):
        comment(session, here, parent)
