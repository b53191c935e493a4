"""Two editors at the same moment, each in a transaction of their own, on PostgreSQL (SQLite lets one write at a time)."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.accounts.services import create_account
from confmgr.delegations.domain import DelegationStatus
from confmgr.delegations.services import invite_party
from confmgr.errors import Conflict, ConfmgrError, Refused, StaleVersion
from confmgr.meetings.domain import PlaceKind
from confmgr.meetings.models import Meeting
from confmgr.meetings.services import add_place
from confmgr.orm.base import Base
from confmgr.parties.domain import PartyKind
from confmgr.parties.models import Party
from confmgr.parties.services import add_party
from confmgr.scheduling import queries, services
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services.moves import Placing
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case
from tests.make_outcomes import figure, source
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, request, world

PATIENCE = 60.0


@pytest.fixture
def engine(postgresql: Engine) -> Iterator[Engine]:
    """The server; what the test commits is removed after it."""
    yield postgresql
    with postgresql.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the audit refuses to be emptied
        connection.execute(text(f"TRUNCATE {names} CASCADE"))


def at_once(
    engine: Engine, first: Callable[[Session], object], second: Callable[[Session], object]
) -> ConfmgrError | None:
    """What the second one hears, who began while the first one had not finished yet."""
    heard: list[ConfmgrError] = []

    def late() -> None:
        with Session(engine, expire_on_commit=False) as session:
            try:
                second(session)
                session.commit()
            except ConfmgrError as error:
                session.rollback()
                heard.append(error)

    with Session(engine, expire_on_commit=False) as session:
        first(session)
        other = threading.Thread(target=late)
        other.start()
        _until_it_waits(engine)
        session.commit()
    other.join(PATIENCE)
    assert not other.is_alive()
    return heard[0] if heard else None


def _until_it_waits(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while not connection.scalar(waiting):
            connection.rollback()
            assert time.monotonic() < deadline
            time.sleep(0.01)


def opened(engine: Engine) -> tuple[World, MeetingSession]:
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        row = bilateral(session, here)
        session.commit()
        return here, row


def test_no_place_and_no_delegation_is_given_twice(engine: Engine) -> None:
    here, _row = opened(engine)

    def meet(session: Session) -> None:
        bilateral(session, mine(session, here), starts=ELEVEN)

    assert isinstance(at_once(engine, meet, meet), Conflict)
    with Session(engine) as session:
        assert [row.reference for row in queries.sessions(session, here.meeting)] == ["S1", "S2"]


def test_two_delegations_that_ask_at_the_same_moment_are_both_heard(engine: Engine) -> None:
    here, _row = opened(engine)
    assert at_once(engine, lambda s: request(s, mine(s, here)), lambda s: request(s, mine(s, here))) is None
    with Session(engine) as session:
        assert [row.number for row in queries.requests(session, here.meeting)] == [1, 2]


def test_of_two_moves_of_one_session_the_second_is_told(engine: Engine) -> None:
    here, row = opened(engine)

    def move(to: object) -> Callable[[Session], object]:
        wanted = [Placing(row.uuid, 1, starts=to, place="T2")]  # type: ignore[arg-type]
        return lambda session: services.move_sessions(session, here.meeting, wanted, actor=here.organiser, now=NOW)

    assert isinstance(at_once(engine, move(ELEVEN), move(TEN)), StaleVersion)
    with Session(engine) as session:
        assert session.get_one(MeetingSession, row.id).starts_local == ELEVEN


def test_a_step_is_not_taken_back_over_a_move_that_is_just_being_made(engine: Engine) -> None:
    here, row = opened(engine)
    with Session(engine, expire_on_commit=False) as session:
        there = [Placing(row.uuid, 1, starts=ELEVEN, place="T2")]
        services.move_sessions(session, here.meeting, there, actor=here.organiser, now=NOW)
        session.commit()

    def move(session: Session) -> None:
        away = [Placing(row.uuid, 2, starts=TEN, place="T2")]
        services.move_sessions(session, here.meeting, away, actor=here.head_th, now=NOW)

    def undo(session: Session) -> None:
        services.undo(session, here.meeting, actor=here.organiser, now=NOW)

    assert isinstance(at_once(engine, move, undo), StaleVersion)
    with Session(engine) as session:
        found = session.get_one(MeetingSession, row.id)
        assert (found.starts_local, found.place_id) == (TEN, here.t2.id)


def mine(session: Session, here: World) -> World:
    """The same meeting, in another transaction."""
    return World(**{name: session.merge(getattr(here, name), load=False) for name in World.__dataclass_fields__})


def _item(session: Session, here: World) -> object:
    return case(session, fresh(session, here), "KH-01")


def _figure(session: Session, here: World) -> object:
    return figure(session, fresh(session, here), "KH-poipet")


def _delegation(session: Session, here: World) -> object:
    at = session.get_one(Meeting, here.meeting.id)
    party = session.scalars(select(Party).where(Party.code == "JP")).one()
    by = session.get_one(User, here.organiser.id)
    return invite_party(session, actor=by, now=NOW, meeting=at, party=party, status=DelegationStatus.MEMBER)


def _place(session: Session, here: World) -> object:
    at, by = session.get_one(Meeting, here.meeting.id), session.get_one(User, here.organiser.id)
    name, kind = Words.of("Table 9"), PlaceKind.TABLE
    return add_place(session, actor=by, now=NOW, meeting=at, code="T9", name=name, kind=kind, seats=8)


def _party(session: Session, here: World) -> object:
    by, name = session.get_one(User, here.organiser.id), Words.of("Laos")
    return add_party(session, actor=by, now=NOW, code="LA", kind=PartyKind.STATE, short_name=name)


def _account(session: Session, _here: World) -> object:
    return create_account(session, email="new@police.example", name="New", now=NOW)


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (_item, "reference_taken"),
        (_figure, "figure_code_taken"),
        (_delegation, "delegation_exists"),
        (_place, "place_code_taken"),
        (_party, "party_code_taken"),
        (_account, "email_taken"),
    ],
)
def test_who_writes_a_key_that_is_just_being_taken_is_told_in_words(
    engine: Engine, write: Callable[[Session, World], object], reason: str
) -> None:
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        make.party(session, "JP")
        source(session, here)
        session.commit()
    heard = at_once(engine, lambda session: write(session, here), lambda session: write(session, here))
    assert isinstance(heard, Refused)
    assert heard.reason == reason


def fresh(session: Session, here: World) -> World:
    """The same rows, as a session of its own knows them."""
    rows = {one.name: getattr(here, one.name) for one in fields(here)}
    return replace(here, **{name: session.get_one(type(row), row.id) for name, row in rows.items() if _is_row(row)})


def _is_row(value: object) -> bool:
    return isinstance(value, Base)
