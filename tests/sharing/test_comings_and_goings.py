"""Delegations that leave, come back or become one: nobody gains by it what no originator gave."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations import belonging
from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.queries import viewer_of, visible_ids
from tests import make, make_cases
from tests.make_consents import answered, asked, colleague, japan
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


def sees(session: Session, row: Item, person: User) -> bool:
    return row.id in visible_ids(session, viewer_of(session, person, LATER), [row.id], LATER)


def goes(session: Session, here: World, who: Delegation) -> None:
    belonging.change_state(session, who, actor=here.organiser, now=NOW, state=DelegationState.DECLINED)


def passes_to(session: Session, here: World, of: Delegation, person: User) -> None:
    """Somebody is named in another delegation, and may sign in for it."""
    named = make.delegate(session, of, person.name, capacity=Capacity.DELEGATE, account=person)
    named.email = person.email
    belonging.let_in(session, named, here.meeting, actor=here.organiser, now=NOW)


def test_what_an_originator_shared_stays_with_its_readers_when_it_leaves_and_is_closed_to_itself(
    session: Session, here: World
) -> None:
    lead = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    draft = make_cases.case(session, here, "KH-02").item
    goes(session, here, here.kh)
    assert [sees(session, lead, person) for person in (here.head_th, here.head_kh)] == [True, False]
    assert [sees(session, draft, person) for person in (here.head_th, here.head_kh)] == [False, False]


def test_nobody_decides_for_an_originator_that_has_left_and_the_question_runs_out(
    session: Session, here: World
) -> None:
    jp, _head = japan(session, here)
    lead = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    question = asked(session, here, lead, kind=ConsentKind.ONWARD, to_delegation=jp)
    goes(session, here, here.kh)
    for person in (here.head_kh, here.organiser, here.head_th):
        with pytest.raises(NotAllowed):
            answered(session, question, person, now=LATER)
    assert question.decided_at is None
    services.expire_questions(session, now=NOW + timedelta(days=15))
    assert question.state is ConsentState.EXPIRED


def test_a_delegation_that_leaves_reads_nothing_and_reads_again_when_it_comes_back(
    session: Session, here: World
) -> None:
    lead = make_cases.shared_lead(session, here, make_cases.case(session, here)).item
    goes(session, here, here.th)
    assert not sees(session, lead, here.head_th)
    belonging.change_state(session, here.th, actor=here.organiser, now=NOW, state=DelegationState.CONFIRMED)
    assert sees(session, lead, here.head_th)


def test_when_two_delegations_become_one_its_people_read_what_that_one_was_given_and_no_more(
    session: Session, here: World
) -> None:
    jp, head_jp = japan(session, here)
    case = make_cases.case(session, here)
    to_th = make_cases.shared_lead(session, here, case).item
    to_jp = make_cases.lead(session, here, case, "KH-L2").item
    services.share_item(session, to_jp, actor=here.head_kh, now=NOW)
    services.disclose(session, to_jp, actor=here.head_kh, now=NOW, to_delegation=jp)
    goes(session, here, here.th)
    passes_to(session, here, jp, here.head_th)
    assert [sees(session, one, here.head_th) for one in (to_th, to_jp)] == [False, True]
    assert [sees(session, one, head_jp) for one in (to_th, to_jp)] == [False, True]


def test_an_author_who_passes_to_another_delegation_reads_and_marks_no_more_for_the_old_one(
    session: Session, here: World
) -> None:
    jp, _head = japan(session, here)
    second = colleague(session, here, here.kh, "Chan Thida")
    red = make_cases.case(session, here, tlp=Tlp.RED, named_readers=[second]).item
    amber = make_cases.case(session, here, "KH-02").item
    goes(session, here, here.kh)
    passes_to(session, here, jp, here.head_kh)
    assert [sees(session, one, here.head_kh) for one in (red, amber)] == [False, False]
    assert session.scalars(select(Item.originator_id).distinct()).all() == [here.kh.party_id]
    with pytest.raises(NotAllowed):
        services.change_marking(session, amber, actor=here.head_kh, now=LATER, tlp=Tlp.CLEAR)


def test_who_asked_for_another_party_is_no_second_person_of_the_originator_after_going_over_to_it(
    session: Session, here: World
) -> None:
    row = make_cases.shared_lead(session, here, make_cases.case(session, here, disclose_to=[here.th]))
    asker = colleague(session, here, here.th, "Ratana Chai")
    question = asked(session, here, row.item, by=asker, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    goes(session, here, here.th)
    passes_to(session, here, here.kh, asker)
    answered(session, question, here.head_kh)
    assert question.state is ConsentState.OPEN, "a second person of Cambodia has not agreed"
    assert (row.item.marking.tlp, question.second_id) == (Tlp.AMBER, None)
