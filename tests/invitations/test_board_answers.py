"""The schedule board shows what the people of published sessions answered."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.invitations.domain import AnswerWay, PartStat
from confmgr.invitations.services import answer
from confmgr.scheduling import answers
from confmgr.scheduling.answers import Named, Tally
from tests.conftest import Counter
from tests.make_invitations import participation, published
from tests.make_scheduling import ELEVEN, NOW, World, as_, bilateral, world

BASE = "/meetings/seoul-2/board"


def declined(session: Session) -> World:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    answer(
        session,
        participation(session, here.delegate_kh.id),
        actor=None,
        now=NOW,
        said=PartStat.DECLINED,
        way=AnswerWay.LINK,
    )
    return here


def test_a_card_tells_in_short_and_in_words_who_comes(client: FlaskClient, stored: Session) -> None:
    here = declined(stored)
    row = participation(stored, here.delegate_kh.id).session
    bilateral(stored, here, starts=ELEVEN)  # not published
    stored.commit()
    page = as_(client, stored, here.organiser).get(BASE).text
    assert page.count("✕1") == 1
    assert page.count("?1") == 1
    assert "1 declined. 1 has not answered." in page
    details = client.get(f"{BASE}/{row.uuid}/details").text
    assert "Declined by" in details
    assert "KH Sok Dara" in details
    assert "TH Somchai Wong" in details
    assert "Accepted by" not in details


def test_a_card_that_is_moved_keeps_its_answers(client: FlaskClient, stored: Session) -> None:
    here = declined(stored)
    row = participation(stored, here.delegate_kh.id).session
    as_(client, stored, here.organiser)
    card = {"i": str(row.uuid), "v": row.version, "start": ELEVEN.isoformat(), "place": "T1"}
    stored.commit()
    told = client.post(f"{BASE}/move", json={"after": 1, "cards": [card]}).json
    assert told is not None
    assert "✕1" in told["cards"][0]["html"]


def test_the_board_asks_once_for_the_answers_of_all_sessions(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = declined(stored)
    as_(client, stored, here.organiser)
    client.get(BASE)
    statements.statements.clear()
    assert client.get(BASE).status_code == 200
    assert sum("participation" in one for one in statements.statements) == 1


def test_answers_are_counted_by_session_on_both_databases(session: Session) -> None:
    here = declined(session)
    ident = participation(session, here.delegate_kh.id).session_id
    assert answers.tallies(session, here.meeting) == {ident: Tally(declined=1, unanswered=1)}
    assert answers.tallies(session, here.meeting, [ident + 1]) == {}
    assert answers.tallies(session, here.meeting, []) == {}
    assert answers.names(session, here.meeting, ident) == Named(
        declined=["KH Sok Dara"], unanswered=["TH Somchai Wong"]
    )
