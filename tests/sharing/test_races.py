"""Two heads at the same moment, each in a transaction of their own, on PostgreSQL (SQLite lets one write at a time)."""

from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.errors import StaleVersion
from confmgr.meetings.domain import Role
from confmgr.sharing import queries, seen, services
from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, Marking
from confmgr.sharing.seen import Look
from tests import make_cases
from tests.make_consents import colleague, japan
from tests.make_scheduling import NOW, world
from tests.scheduling.test_races import at_once, engine

__all__ = ["engine"]


def opened(engine: Engine, look: Look) -> tuple[int, int, int, str]:
    """A lead of Cambodia that Thailand has: its id, those of two heads, and what both have before the eyes."""
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        other = colleague(session, here, here.kh, "Chea Vuth", Role.HEAD)
        japan(session, here)
        row = make_cases.shared_lead(session, here, make_cases.case(session, here))
        session.commit()
        return row.id, here.head_kh.id, other.id, look(session, row.item)


def loaded(session: Session, item: int) -> Item:
    """As pages load it, with what stands beside it."""
    beside = joinedload(Item.originator), joinedload(Item.marking), joinedload(Item.operation)
    return session.scalars(select(Item).where(Item.id == item).options(*beside)).one()


def marks(item: int, by: int, handling: Handling, looked: str) -> Callable[[Session], object]:
    return lambda session: services.change_marking(
        session,
        loaded(session, item),
        actor=session.get_one(User, by),
        now=NOW,
        tlp=Tlp.AMBER,
        handling=[handling],
        seen=looked,
    )


def test_of_two_markings_at_the_same_moment_the_second_is_not_made(engine: Engine) -> None:
    item, head, other, looked = opened(engine, seen.of_marking)
    heard = at_once(engine, marks(item, head, Handling.H1, looked), marks(item, other, Handling.H2, looked))
    assert isinstance(heard, StaleVersion)
    with Session(engine) as session:
        assert loaded(session, item).marking.handling == ["H1"]
        assert len(session.scalars(select(Marking).where(Marking.item_id == item)).all()) == 2


def test_nobody_is_named_while_the_other_head_marks(engine: Engine) -> None:
    item, head, other, looked = opened(engine, seen.of_readers)
    with Session(engine) as session:
        marking = seen.of_marking(session, loaded(session, item))

    def name(session: Session) -> None:
        row = loaded(session, item)
        person = session.get_one(User, other)
        cases.disclose_item(session, row, actor=person, now=NOW, persons=[person], seen=looked)

    assert isinstance(at_once(engine, marks(item, head, Handling.H2, marking), name), StaleVersion)
    with Session(engine) as session:
        assert len(session.scalars(select(Disclosure).where(Disclosure.item_id == item)).all()) == 1


def test_who_is_carried_over_to_a_lower_marking_is_not_struck_off_behind_it(engine: Engine) -> None:
    item, head, other, _looked = opened(engine, seen.of_readers)
    with Session(engine) as session:
        row, proposer = loaded(session, item), session.get_one(User, head)
        services.change_marking(session, row, actor=proposer, now=NOW, tlp=Tlp.GREEN)
        number = row.disclosures[0].id
        session.commit()

    def confirm(session: Session) -> None:
        row, second = loaded(session, item), session.get_one(User, other)
        waits = queries.waiting(session, row, second, NOW)
        assert waits is not None
        services.confirm_marking(session, row, actor=second, now=NOW, seen=waits.seen)

    def strike(session: Session) -> None:
        row, person = loaded(session, item), session.get_one(User, head)
        services.strike_off(session, row, number, actor=person, now=NOW)

    assert isinstance(at_once(engine, confirm, strike), StaleVersion)
    with Session(engine) as session:
        rows = session.scalars(select(Disclosure).where(Disclosure.item_id == item)).all()
        assert [row.revoked_at for row in rows] == [None, None]


def test_two_who_take_it_back_at_the_same_moment_have_both_taken_it_back_once(engine: Engine) -> None:
    item, head, other, looked = opened(engine, seen.of_state)

    def take_back(by: int) -> Callable[[Session], object]:
        return lambda session: services.withdraw(
            session, loaded(session, item), actor=session.get_one(User, by), now=NOW, seen=looked
        )

    assert at_once(engine, take_back(head), take_back(other)) is None
    with Session(engine) as session:
        assert loaded(session, item).state is ItemState.WITHDRAWN
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "withdraw")).all()) == 1
