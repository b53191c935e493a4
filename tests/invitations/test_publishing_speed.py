"""Publishing costs as many statements for a crowd as for a few, and each of the crowd has an identity of its own."""

from datetime import timedelta

from sqlalchemy.orm import Session

from confmgr.invitations.domain import OutboxState
from confmgr.invitations.services import claim_messages, hold
from confmgr.scheduling.services import cancel_session
from tests import make
from tests.conftest import Counter
from tests.make_invitations import messages, published
from tests.make_scheduling import NOW, TEN, World, bilateral, move, world

LATER = NOW + timedelta(hours=1)


def crowd(session: Session, here: World, people: int) -> None:
    for n in range(people):
        make.delegate(session, here.kh, f"Person {n}")


def test_thirty_people_are_told_with_as_many_statements_as_one(stored: Session, statements: Counter) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    counts = []
    for people, hour in ((1, 1), (30, 2)):
        crowd(stored, here, people)
        stored.expire_all()
        move(stored, here, row, TEN + timedelta(hours=hour))
        stored.commit()
        statements.statements.clear()
        told = published(stored, here, LATER + timedelta(hours=hour))
        counts.append(statements.count)
        assert len(messages(stored, told)) == (3, 33)[hour - 1]
    assert counts[1] <= counts[0], statements.statements


def test_everybody_in_a_crowd_has_an_identity_that_nobody_shares(session: Session) -> None:
    here = world(session)
    crowd(session, here, 40)
    rows = [bilateral(session, here, starts=TEN + timedelta(hours=n)) for n in (0, 1, 4)]
    first = messages(session, published(session, here))
    assert len(first) == 3 * 42
    assert len({row.uid for row in first}) == len({row.message_id for row in first}) == 126
    assert {row.message_id for row in first} == {f"<{row.uid}.0.20260115T030000Z@police.example>" for row in first}
    move(session, here, rows[0], TEN + timedelta(hours=5, minutes=20))
    cancel_session(session, rows[1], actor=here.organiser, now=NOW)
    second = messages(session, published(session, here, LATER))
    assert len(second) == 84
    assert {row.participation_id for row in second} < {row.participation_id for row in first}
    assert {(row.uid, row.recipient, row.participation_id) for row in second} <= {
        (row.uid, row.recipient, row.participation_id) for row in first
    }
    assert {row.sequence for row in second} == {1}


def test_what_is_on_its_way_stays_so_when_a_newer_version_is_written(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    sending, held = messages(session, published(session, here))
    hold(session, held, actor=here.organiser, now=NOW)
    claim_messages(session, now=NOW, until=LATER)
    move(session, here, row)
    newer = messages(session, published(session, here, LATER))
    session.expire_all()
    assert (sending.state, held.state) == (OutboxState.SENDING, OutboxState.OVERTAKEN)
    assert {(one.state, one.sequence) for one in newer} == {(OutboxState.WAITING, 1)}


def test_a_mail_of_a_session_that_stays_is_not_overtaken(session: Session) -> None:
    here = world(session)
    row, _other = bilateral(session, here), bilateral(session, here, starts=TEN + timedelta(hours=4), place=here.t2)
    first = messages(session, published(session, here))
    move(session, here, row, TEN + timedelta(hours=1))
    published(session, here, LATER)
    session.expire_all()
    assert sorted(one.state.value for one in first) == ["overtaken", "overtaken", "waiting", "waiting"]
