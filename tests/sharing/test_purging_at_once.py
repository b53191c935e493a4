"""Who writes under an item while another purges it, each in a transaction of their own, on PostgreSQL."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import attaching
from confmgr.cases import services as cases
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.models import Lead
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.parties.models import Party
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind
from tests import make_cases
from tests.cases.test_purging import CANARY, found
from tests.make_scheduling import NOW, World, world
from tests.scheduling.test_races import at_once, engine

__all__ = ["engine"]

Write = Callable[[Session, World, Lead], object]


def _comment(session: Session, here: World, lead: Lead) -> object:
    party = session.get_one(Party, here.th.party_id)
    return cases.comment(session, lead.item, actor=_head(session, here), now=NOW, party=party, text=CANARY)


def _feedback(session: Session, here: World, lead: Lead) -> object:
    party, kind = session.get_one(Party, here.th.party_id), FeedbackKind.IN_USE
    return cases.give_feedback(session, lead, actor=_head(session, here), now=NOW, party=party, kind=kind, note=CANARY)


def _question(session: Session, here: World, lead: Lead) -> object:
    wanted = services.Wanted(ConsentKind.JUDICIAL_USE, CANARY)
    own = session.get_one(Delegation, here.th.id)
    return services.ask(session, lead.item, wanted, actor=_head(session, here), now=NOW, delegation=own)


def _file(session: Session, here: World, lead: Lead) -> object:
    author = session.get_one(User, here.head_kh.id)
    return attaching.attach(session, lead.item, actor=author, now=NOW, name=f"{CANARY}.txt", content=CANARY.encode())


def _head(session: Session, here: World) -> User:
    return session.get_one(User, here.head_th.id)


WAYS = pytest.mark.parametrize("write", [_comment, _feedback, _question, _file])


def opened(engine: Engine) -> tuple[World, int]:
    """A lead of Cambodia that Thailand has."""
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        row = make_cases.shared_lead(session, here, make_cases.case(session, here))
        session.commit()
        return here, row.id


def purging(here: World, lead: int) -> Callable[[Session], object]:
    return lambda session: services.purge(
        session, session.get_one(Lead, lead).item, actor=session.get_one(User, here.head_kh.id), now=NOW
    )


@WAYS
def test_nothing_is_written_under_an_item_that_is_being_purged(engine: Engine, write: Write) -> None:
    here, lead = opened(engine)
    late = at_once(engine, purging(here, lead), lambda session: write(session, here, session.get_one(Lead, lead)))
    assert isinstance(late, NotFound)
    with Session(engine) as session:
        assert found(session) == set()


@WAYS
def test_a_purge_waits_for_what_is_being_written_under_it_and_overwrites_it(engine: Engine, write: Write) -> None:
    here, lead = opened(engine)
    assert at_once(engine, lambda one: write(one, here, one.get_one(Lead, lead)), purging(here, lead)) is None
    with Session(engine) as session:
        assert found(session) == set()
