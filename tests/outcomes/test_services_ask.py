"""Services on reporting rounds ask for the right themselves: a caller who forgets it writes nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed
from confmgr.outcomes import services
from confmgr.outcomes.domain import ReturnState
from confmgr.outcomes.models import RoundReturn
from tests.make_rounds import handed_in, nil, of, round_, saved
from tests.make_scheduling import NOW, world

Write = Callable[[Session, RoundReturn, User], object]


def _accept(session: Session, row: RoundReturn, actor: User) -> None:
    services.accept_return(session, row, actor=actor, now=NOW, seen_version=row.version)


def _send_back(session: Session, row: RoundReturn, actor: User) -> None:
    services.send_back(session, row, actor=actor, now=NOW, reason="Which?", seen_version=row.version)


def _close(session: Session, row: RoundReturn, actor: User) -> None:
    services.close_round(session, row.round, actor=actor, now=NOW)


@pytest.mark.parametrize("write", [_accept, _send_back, _close])
def test_a_return_is_judged_and_its_round_closed_by_who_organises_the_meeting_that_asks(
    session: Session, write: Write
) -> None:
    here = world(session)
    row = handed_in(session, of(round_(session, here), here.kh), here.head_kh, nil("arrested"))
    for actor in (here.head_kh, here.head_th):
        with pytest.raises(NotAllowed):
            write(session, row, actor)
    assert row.state is ReturnState.SUBMITTED
    write(session, row, here.organiser)


def test_a_return_is_written_by_its_party_alone(session: Session) -> None:
    here = world(session)
    row = of(round_(session, here), here.kh)
    for actor in (here.head_th, here.organiser):
        with pytest.raises(NotAllowed):
            saved(session, row, actor, nil("arrested"))
    saved(session, row, here.head_kh, nil("arrested"))
    with pytest.raises(NotAllowed):
        services.submit_return(session, row, actor=here.organiser, now=NOW)
    assert row.state is ReturnState.DRAFT
