"""Publishing, sending and answering at the same moment, each in a transaction of its own, on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.invitations.domain import AnswerWay, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.invitations.services import answer, claim_messages, hold, tell_those_who_left
from tests.make_invitations import participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, move, world
from tests.scheduling.test_races import at_once, engine

__all__ = ["engine"]

LATER = NOW + timedelta(hours=1)


def committed(engine: Engine) -> World:
    """Cambodia and Thailand are invited to a session at ten."""
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        bilateral(session, here)
        published(session, here)
        session.commit()
        return here


def changed(engine: Engine, here: World, **changes: Any) -> None:
    """The working schedule has gone on, and waits to be published."""
    with Session(engine, expire_on_commit=False) as session:
        row = session.scalars(select(Participation)).first()
        assert row is not None
        move(session, here, row.session, anyway=False, **changes)
        session.commit()


def accept(session: Session, here: World, *, seen: int | None = None) -> None:
    row = participation(session, here.delegate_kh.id)
    answer(session, row, actor=None, now=LATER, said=PartStat.ACCEPTED, way=AnswerWay.LINK, sequence=seen)


def kept(engine: Engine, here: World) -> tuple[int, PartStat]:
    with Session(engine) as session:
        row = participation(session, here.delegate_kh.id)
        return row.sequence, row.answer


def test_an_answer_that_comes_while_a_small_change_is_published_stays(engine: Engine) -> None:
    here = committed(engine)
    changed(engine, here, starts=TEN, place=here.t2)
    assert at_once(engine, lambda s: accept(s, here), lambda s: published(s, here, LATER)) is None
    assert kept(engine, here) == (0, PartStat.ACCEPTED)


def test_nobody_accepts_a_time_that_was_moved_while_they_pressed(engine: Engine) -> None:
    here = committed(engine)
    changed(engine, here, starts=ELEVEN)
    heard = at_once(engine, lambda s: published(s, here, LATER), lambda s: accept(s, here, seen=0))
    assert isinstance(heard, Refused)
    assert kept(engine, here) == (1, PartStat.NEEDS_ACTION)


def test_a_mail_that_a_worker_has_taken_meanwhile_is_not_held_back(engine: Engine) -> None:
    here = committed(engine)
    with Session(engine) as organiser, Session(engine) as worker:
        row = organiser.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
        assert row is not None
        claim_messages(worker, now=NOW, until=LATER)
        worker.commit()
        with pytest.raises(Refused):
            hold(organiser, row, actor=here.organiser, now=NOW)
        organiser.commit()
        assert set(worker.scalars(select(OutboxMessage.state))) == {OutboxState.SENDING}


def test_what_is_published_and_told_to_those_who_left_at_once_are_two_publications(engine: Engine) -> None:
    here = committed(engine)
    changed(engine, here, starts=ELEVEN)
    with Session(engine) as session:
        session.get_one(type(here.delegate_kh), here.delegate_kh.id).left_at = NOW
        session.commit()

    def leave(session: Session) -> None:
        tell_those_who_left(session, here.meeting, actor=None, now=LATER, domain="police.example")

    assert at_once(engine, lambda s: published(s, here, LATER), leave) is None
    with Session(engine) as session:
        numbers = list(session.scalars(select(Publication.number).order_by(Publication.number)))
        assert numbers == [1, 2]
        assert participation(session, here.delegate_kh.id).sequence == 1
