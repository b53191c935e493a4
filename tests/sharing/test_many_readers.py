"""Who of many may read something is asked at once, and says what the rule says of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Lead
from confmgr.meetings.domain import Role
from confmgr.sharing import asking
from confmgr.sharing.domain import ConsentKind, ConsentState, ItemKind, ItemState, Tlp
from confmgr.sharing.models import ConsentRequest, Item
from confmgr.sharing.queries import viewer_of, visible_ids
from tests import make, make_cases, make_sharing
from tests.conftest import Counter
from tests.make_consents import NO, answered, asked, colleague, japan
from tests.make_scheduling import NOW, World, world


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@contextmanager
def counted(session: Session) -> Iterator[Counter]:
    counter, connection = Counter(), session.connection()
    event.listen(connection, "before_cursor_execute", counter)
    yield counter
    event.remove(connection, "before_cursor_execute", counter)


def everybody(session: Session, here: World) -> dict[str, User]:
    """People of every sort: of the originator and of others, named, gone, shut out, and nobody at the meeting at all."""
    _jp, head_jp = japan(session, here)
    people = {"author": here.head_kh, "receiver": here.head_th, "organiser": here.organiser, "other": head_jp}
    people["colleague"] = colleague(session, here, here.kh, "Colleague")
    people["named"] = colleague(session, here, here.kh, "Named")
    people["reader"] = colleague(session, here, here.th, "Leads", Role.LEADERSHIP)
    people["gone"] = make.user(session, "Gone")
    make.membership(session, here.meeting, people["gone"], Role.DELEGATE, of_delegation=here.kh).ends_at = NOW
    people["shut_out"] = colleague(session, here, here.kh, "Shut out")
    people["shut_out"].active = False
    people["nobody"] = make.user(session, "Nobody")
    session.flush()
    return people


def made(session: Session, here: World, people: dict[str, User], tlp: Tlp, state: ItemState) -> Iterator[Item]:
    """An item of Cambodia, one disclosed to Thailand and to a person, one that is published, and what stands under it."""

    def item(**more: Any) -> Item:
        named = [people["named"]]
        return make_sharing.item(
            session, here.kh.party, here.head_kh, [here.meeting], tlp=tlp, state=state, named=named, **more
        )

    yield item()
    told = item()
    make_sharing.disclosed(session, told, here.th)
    make_sharing.disclosed(session, told, people["nobody"])
    make_sharing.disclosed(session, told, people["other"])
    yield told
    yield item(published=True)
    yield item(kind=ItemKind.COMMENT, parent=told)


@pytest.mark.parametrize("state", list(ItemState))
@pytest.mark.parametrize("tlp", list(Tlp))
def test_those_of_many_who_may_read_are_those_who_may_one_by_one(
    session: Session, here: World, tlp: Tlp, state: ItemState
) -> None:
    people = everybody(session, here)
    ids = [person.id for person in people.values()]
    for item in made(session, here, people, tlp, state):
        alone = {
            name
            for name, person in people.items()
            if visible_ids(session, viewer_of(session, person, NOW), [item.id], NOW)
        }
        found = asking.readers_of(session, item, ids, NOW)
        assert {name for name, person in people.items() if person.id in found} == alone
        assert "shut_out" not in alone


def test_it_takes_no_more_statements_for_forty_than_for_one(session: Session, here: World) -> None:
    row = make_cases.shared_lead(session, here, make_cases.case(session, here))
    many = [colleague(session, here, here.kh, f"Delegate {n}").id for n in range(40)]
    with counted(session) as one:
        assert asking.readers_of(session, row.item, many[:1], NOW) == {many[0]}
    with counted(session) as forty:
        assert asking.readers_of(session, row.item, many, NOW) == set(many)
    assert one.count == forty.count == 3
    with counted(session) as none:
        assert asking.readers_of(session, row.item, [], NOW) == frozenset()
    assert none.count == 0


def questions_read(session: Session) -> int:
    return sum(isinstance(row, ConsentRequest) for row in session.identity_map.values())


def test_no_more_answered_questions_are_read_than_are_listed(session: Session, here: World) -> None:
    lead: Lead = make_cases.shared_lead(session, here, make_cases.case(session, here))
    for minute in range(53):
        at = NOW + timedelta(minutes=minute)
        row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE, now=at)
        answered(session, row, here.head_kh, NO, now=at)
    last = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE, now=NOW - timedelta(minutes=1)).id
    viewer, meeting = viewer_of(session, here.head_th, NOW), here.meeting
    session.flush()
    session.expunge_all()
    found = asking.questions(session, viewer, session.merge(meeting, load=False), NOW)
    assert questions_read(session) == len(found) == 51
    assert (found[0].request.id, found[0].request.state) == (last, ConsentState.OPEN)
    assert [one.request.asked_at for one in found[1:]] == [NOW + timedelta(minutes=52 - n) for n in range(50)]
