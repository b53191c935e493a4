"""Taking back: who had read it is asked to use no copy, and nobody else hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Lead
from confmgr.errors import NotFound
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import recalling, services
from confmgr.sharing.domain import Handling, Tlp
from confmgr.sharing.models import Item, Notice, Recall
from confmgr.sharing.queries import viewer_of
from tests import make, make_cases
from tests.make_consents import colleague, japan
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


def read(session: Session, person: User, item: Item, action: str = "read") -> None:
    named = {"object_uuid": item.uuid} if action == "read" else {"object_ids": ["leads.pdf", str(item.uuid)]}
    record(session, actor=person, now=NOW, action=action, object_type=item.kind.value, **named)
    session.flush()


def recalls(session: Session) -> list[tuple[str, str, bool]]:
    rows = session.scalars(select(Recall).order_by(Recall.id))
    return [(row.user.name, row.cause.value, row.taken) for row in rows]


def test_who_had_read_what_is_withdrawn_is_asked_to_use_no_copy(session: Session, here: World, lead: Lead) -> None:
    colleague(session, here, here.th, "Never Read It")
    read(session, here.head_th, lead.item)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    assert recalls(session) == [("Somchai Wong", "withdrawn", False)]
    (notice,) = session.scalars(select(Notice))
    assert (notice.user_id, notice.told_at) == (here.head_th.id, None)


@pytest.mark.parametrize("taken", ["export", "print", "send", "open"])
def test_a_list_that_was_taken_along_counts_as_a_copy(session: Session, here: World, lead: Lead, taken: str) -> None:
    read(session, here.head_th, lead.item, taken)
    read(session, here.head_th, lead.item)
    services.revoke(session, lead.item.disclosures[0], actor=here.head_kh, now=LATER)
    assert recalls(session) == [("Somchai Wong", "revoked", True)]


def test_a_raised_marking_calls_back_from_those_who_lost_it_alone(session: Session, here: World, lead: Lead) -> None:
    _jp, head_jp = japan(session, here)
    services.disclose(session, lead.item, actor=here.head_kh, now=NOW, to_user=head_jp)
    for person in (here.head_kh, here.head_th, head_jp):
        read(session, person, lead.item)
    fresh = services.change_marking(
        session, lead.item, actor=here.head_kh, now=LATER, tlp=Tlp.AMBER, handling=[Handling.H2]
    )
    assert recalls(session) == [("Somchai Wong", "raised", False), ("Sato Aoi", "raised", False)]
    assert fresh is lead.item.marking


def test_lowering_calls_nothing_back(session: Session, here: World, lead: Lead) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    read(session, here.head_th, lead.item)
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    seen = f"GREEN {NOW.isoformat()}"
    services.confirm_marking(session, lead.item, actor=second, now=LATER, seen=seen)
    assert lead.item.marking.tlp is Tlp.GREEN
    assert recalls(session) == []


def test_somebody_is_called_upon_once_until_answering(session: Session, here: World, lead: Lead) -> None:
    read(session, here.head_th, lead.item)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    services.call_back(session, lead.item, session.scalars(select(Recall)).one().cause, now=LATER)
    assert len(recalls(session)) == 1
    row = session.scalars(select(Recall)).one()
    services.acknowledge(session, row, actor=here.head_th, now=LATER)
    services.acknowledge(session, row, actor=here.head_th, now=LATER + timedelta(days=1))
    assert row.acknowledged_at == LATER


def test_a_recall_is_its_persons_and_is_told_to_the_originator(session: Session, here: World, lead: Lead) -> None:
    read(session, here.head_th, lead.item)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    row = session.scalars(select(Recall)).one()
    mine = viewer_of(session, here.head_th, LATER)
    assert recalling.get_recall(session, mine, row.uuid) is row
    assert recalling.recalled_from(session, mine, here.meeting, LATER) == [row]
    for person in (here.head_kh, here.organiser):
        with pytest.raises(NotFound):
            recalling.get_recall(session, viewer_of(session, person, LATER), row.uuid)
    assert [(one.recall, one.parties) for one in recalling.called_back(session, lead.item)] == [(row, ("TH",))]


def test_what_may_be_read_again_is_not_asked_for_any_more(session: Session, here: World, lead: Lead) -> None:
    read(session, here.head_th, lead.item)
    services.revoke(session, lead.item.disclosures[0], actor=here.head_kh, now=LATER)
    mine = viewer_of(session, here.head_th, LATER)
    row = session.scalars(select(Recall)).one()
    assert recalling.recalled_from(session, mine, here.meeting, LATER) == [row]
    services.disclose(session, lead.item, actor=here.head_kh, now=LATER, to_delegation=here.th)
    assert recalling.recalled_from(session, mine, here.meeting, LATER) == []


def test_who_has_answered_and_read_nothing_since_is_not_asked_again(session: Session, here: World, lead: Lead) -> None:
    read(session, here.head_th, lead.item)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    (row,) = session.scalars(select(Recall))
    services.acknowledge(session, row, actor=here.head_th, now=LATER)
    services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert recalls(session) == [("Somchai Wong", "withdrawn", False)]


def test_who_has_gone_over_to_another_party_is_asked_like_its_others(session: Session, here: World, lead: Lead) -> None:
    person = colleague(session, here, here.kh, "Keo Rith")
    read(session, person, lead.item)
    seat = session.scalars(select(Membership).where(Membership.user_id == person.id)).one()
    seat.ends_at = NOW + timedelta(minutes=1)
    make.membership(session, here.meeting, person, Role.HEAD, of_delegation=here.th)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    assert recalls(session) == [("Keo Rith", "withdrawn", False)]
