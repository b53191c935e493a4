"""A lower marking that was proposed is taken back by who proposed it, or not agreed to by who is asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases.models import Lead
from confmgr.errors import NotAllowed, StaleVersion
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState, NoticeKind, Tlp
from confmgr.sharing.models import Notice
from confmgr.sharing.queries import ended, to_second, viewer_of, visible_ids, waiting
from tests import make_cases
from tests.make_consents import asked, colleague
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


@pytest.fixture
def second(session: Session, here: World) -> User:
    return colleague(session, here, here.kh, "Chan Thida")


def proposed(session: Session, here: World, row: Lead, tlp: Tlp = Tlp.GREEN) -> str:
    """The head of Cambodia proposes a lower marking; what a decision about it names."""
    services.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=tlp, reason="It is in the news")
    found = waiting(session, row.item, here.head_kh, LATER)
    assert found is not None
    return found.seen


def reads(session: Session, row: Lead, person: User) -> bool:
    return row.id in visible_ids(session, viewer_of(session, person, LATER), [row.id], LATER)


def actions(session: Session, row: Lead) -> list[str]:
    of = select(AuditEntry.action).where(AuditEntry.object_uuid == row.item.uuid).order_by(AuditEntry.id)
    return list(session.scalars(of))


def test_who_proposed_a_lower_marking_takes_the_proposal_back_and_nothing_changes(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    holds = lead.item.marking
    question = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    seen = proposed(session, here, lead)
    assert services.take_back_marking(session, lead.item, actor=here.head_kh, now=LATER, seen=seen)
    assert lead.item.marking is holds
    assert reads(session, lead, here.head_th)
    services.expire_questions(session, now=LATER)
    assert question.state is ConsentState.OPEN
    for person in (here.head_kh, second):
        assert waiting(session, lead.item, person, LATER) is None
        found = ended(session, lead.item, person, LATER)
        assert found is not None
        assert (found.taken_back, found.by, found.proposal.tlp) == (True, here.head_kh, Tlp.GREEN)
    assert to_second(session, viewer_of(session, second, LATER), here.meeting, LATER) == []
    with pytest.raises(StaleVersion):
        services.confirm_marking(session, lead.item, actor=second, now=LATER, seen=seen)
    assert actions(session, lead)[-1] == "take_back_mark"


def test_taking_back_twice_is_done_once(session: Session, here: World, lead: Lead) -> None:
    seen = proposed(session, here, lead)
    services.take_back_marking(session, lead.item, actor=here.head_kh, now=LATER, seen=seen)
    assert not services.take_back_marking(session, lead.item, actor=here.head_kh, now=LATER, seen=seen)
    assert actions(session, lead).count("take_back_mark") == 1


def test_who_is_asked_disagrees_and_who_proposed_it_is_told_and_reads_why(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    holds, seen = lead.item.marking, proposed(session, here, lead)
    assert services.refuse_marking(
        session, lead.item, actor=second, now=LATER, seen=seen, reason="The source would be known"
    )
    assert lead.item.marking is holds
    found = ended(session, lead.item, here.head_kh, LATER)
    assert found is not None
    assert (found.taken_back, found.by, found.end.reason) == (False, second, "The source would be known")
    told = session.scalars(select(Notice).where(Notice.user_id == here.head_kh.id)).all()
    assert [(one.kind, one.page) for one in told] == [(NoticeKind.CONSENT_ANSWERED, f"/leads/{lead.item.uuid}")]
    assert actions(session, lead)[-1] == "refuse_mark"
    third = colleague(session, here, here.kh, "Keo Rith")
    assert not services.refuse_marking(session, lead.item, actor=third, now=LATER, seen=seen)
    assert actions(session, lead).count("refuse_mark") == 1
    assert to_second(session, viewer_of(session, third, LATER), here.meeting, LATER) == []


def test_who_proposed_a_lower_marking_is_told_that_it_was_confirmed(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    seen = proposed(session, here, lead)
    services.confirm_marking(session, lead.item, actor=second, now=LATER, seen=seen)
    told = session.scalars(select(Notice.kind).where(Notice.user_id == here.head_kh.id)).all()
    assert told == [NoticeKind.CONSENT_ANSWERED]


def test_a_proposal_is_taken_back_by_nobody_else_and_refused_by_nobody_who_could_not_confirm_it(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    seen = proposed(session, here, lead)
    for person in (second, here.head_th, here.organiser):
        with pytest.raises(NotAllowed):
            services.take_back_marking(session, lead.item, actor=person, now=LATER, seen=seen)
    for person in (here.head_kh, here.head_th, here.organiser):
        with pytest.raises(NotAllowed):
            services.refuse_marking(session, lead.item, actor=person, now=LATER, seen=seen)
    assert waiting(session, lead.item, second, LATER) is not None


def test_of_red_only_those_who_know_it_disagree_and_see_that_somebody_did(session: Session, here: World) -> None:
    second, other = colleague(session, here, here.kh, "Chan Thida"), colleague(session, here, here.kh, "Keo Rith")
    row = make_cases.lead(
        session, here, make_cases.case(session, here, tlp=Tlp.GREEN), tlp=Tlp.RED, named_readers=[second]
    )
    services.share_item(session, row.item, actor=here.head_kh, now=NOW)
    seen = proposed(session, here, row)
    with pytest.raises(NotAllowed):
        services.refuse_marking(session, row.item, actor=other, now=LATER, seen=seen)
    assert services.refuse_marking(session, row.item, actor=second, now=LATER, seen=seen)
    assert ended(session, row.item, here.head_kh, LATER) is not None
    assert ended(session, row.item, other, LATER) is None


def test_taking_back_and_disagreeing_are_late_once_the_other_was_decided(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    first = proposed(session, here, lead)
    services.refuse_marking(session, lead.item, actor=second, now=LATER, seen=first)
    with pytest.raises(StaleVersion):
        services.take_back_marking(session, lead.item, actor=here.head_kh, now=LATER, seen=first)
    newer = proposed(session, here, lead, Tlp.CLEAR)
    assert newer != first
    assert ended(session, lead.item, second, LATER) is None
    for late in (services.take_back_marking, services.refuse_marking):
        with pytest.raises(StaleVersion):
            late(
                session,
                lead.item,
                actor=here.head_kh if late is services.take_back_marking else second,
                now=LATER,
                seen=first,
            )
    services.confirm_marking(session, lead.item, actor=second, now=LATER, seen=newer)
    with pytest.raises(StaleVersion):
        services.take_back_marking(session, lead.item, actor=here.head_kh, now=LATER, seen=newer)
    assert lead.item.marking.tlp is Tlp.CLEAR


def test_a_purge_takes_the_reason_of_a_disagreement_too(
    session: Session, here: World, lead: Lead, second: User
) -> None:
    seen = proposed(session, here, lead)
    services.refuse_marking(session, lead.item, actor=second, now=LATER, seen=seen, reason="The source would be known")
    found = ended(session, lead.item, second, LATER)
    services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert found is not None
    session.refresh(found.end)
    assert found.end.reason is None
