"""What a text said before is for those who could read it then: nobody who was named later sees it."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import services as cases
from confmgr.cases import under
from confmgr.cases.domain import LeadKind
from confmgr.cases.models import Lead
from confmgr.gateways import clock
from confmgr.sharing import services
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make, make_cases
from tests.make_consents import colleague, japan
from tests.make_scheduling import NOW, World, as_, world

FIRST, SECOND, THIRD = (f"It called {number} victims." for number in ("two hundred", "three hundred", "four hundred"))
MINUTE = timedelta(minutes=1)
LATE = NOW + 10 * MINUTE


@pytest.fixture
def mine(session: Session) -> World:
    return world(session)


def written(session: Session, here: World, **more: Any) -> Lead:
    """A lead that Thailand has from the start."""
    return make_cases.shared_lead(
        session, here, make_cases.case(session, here, disclose_to=[here.th]), body=Words.of(FIRST), **more
    )


def rewritten(session: Session, here: World, row: Lead, text: str, minutes: int) -> None:
    cases.change_lead(
        session,
        row,
        actor=here.head_kh,
        now=NOW + minutes * MINUTE,
        kind=row.kind or LeadKind.TELEPHONE,
        title=row.title,
        body=Words.of(text),
    )


def seen(session: Session, row: Lead, person: User) -> list[str]:
    found = under.earlier(session, viewer_of(session, person, LATE), row.item, LATE)
    return [one.before["body"].values["en"].text for one in found]  # type: ignore[union-attr]


def test_who_is_named_later_sees_no_text_that_was_replaced_before(session: Session, mine: World) -> None:
    jp, head_jp = japan(session, mine)
    row = written(session, mine)
    rewritten(session, mine, row, SECOND, 1)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW + 2 * MINUTE, to_delegation=jp)
    assert seen(session, row, head_jp) == []
    rewritten(session, mine, row, THIRD, 3)
    assert seen(session, row, head_jp) == [SECOND]
    assert seen(session, row, mine.head_th) == seen(session, row, mine.head_kh) == [SECOND, FIRST]


def test_named_and_replaced_at_one_instant_is_not_before(session: Session, mine: World) -> None:
    jp, head_jp = japan(session, mine)
    row = written(session, mine)
    rewritten(session, mine, row, SECOND, 1)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW + MINUTE, to_delegation=jp)
    assert seen(session, row, head_jp) == []


def test_a_person_named_beside_the_delegation_counts_from_the_first_of_both(session: Session, mine: World) -> None:
    row = written(session, mine)
    rewritten(session, mine, row, SECOND, 1)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW + 2 * MINUTE, to_user=mine.head_th)
    assert seen(session, row, mine.head_th) == [FIRST]
    assert seen(session, row, colleague(session, mine, mine.th, "Came Later")) == [FIRST]


def test_what_was_ended_and_given_again_counts_from_the_second_time(session: Session, mine: World) -> None:
    row = written(session, mine)
    rewritten(session, mine, row, SECOND, 1)
    services.revoke(session, row.item.disclosures[0], actor=mine.head_kh, now=NOW + 2 * MINUTE)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW + 3 * MINUTE, to_delegation=mine.th)
    assert seen(session, row, mine.head_th) == []


def test_an_earlier_disclosure_of_another_item_or_marking_opens_nothing(session: Session, mine: World) -> None:
    jp, head_jp = japan(session, mine)
    other = make_cases.shared_lead(session, mine, make_cases.case(session, mine, "KH-02"), "KH-L2")
    services.disclose(session, other.item, actor=mine.head_kh, now=NOW, to_delegation=jp)
    row = written(session, mine)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW, to_delegation=jp)
    services.change_marking(session, row.item, actor=mine.head_kh, now=NOW + MINUTE, tlp=Tlp.AMBER)
    rewritten(session, mine, row, SECOND, 2)
    services.disclose(session, row.item, actor=mine.head_kh, now=NOW + 3 * MINUTE, to_delegation=jp)
    assert seen(session, row, head_jp) == []


def test_green_was_for_everybody_since_it_was_shared(session: Session, mine: World) -> None:
    _jp, head_jp = japan(session, mine)
    row = written(session, mine, tlp=Tlp.GREEN)
    rewritten(session, mine, row, SECOND, 1)
    assert seen(session, row, head_jp) == [FIRST]


def test_who_may_not_read_it_sees_no_earlier_text_either(session: Session, mine: World) -> None:
    _jp, head_jp = japan(session, mine)
    row = written(session, mine)
    rewritten(session, mine, row, SECOND, 1)
    away = colleague(session, mine, mine.th, "Shut Out")
    away.active = False
    for person in (head_jp, mine.organiser, away, make.user(session, "Nobody")):
        assert seen(session, row, person) == []


@pytest.mark.usefixtures("soon_after")
def test_the_page_of_a_later_reader_holds_no_word_that_was_taken_out(
    client: FlaskClient, stored: Session, here: World
) -> None:
    jp, head_jp = japan(stored, here)
    row = written(stored, here)
    rewritten(stored, here, row, SECOND, 1)
    services.disclose(stored, row.item, actor=here.head_kh, now=clock.now(), to_delegation=jp)
    as_(client, stored, head_jp)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert (SECOND in page, FIRST in page) == (True, False)
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert (SECOND in page, FIRST in page) == (True, True)
