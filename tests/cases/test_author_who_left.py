"""Who wrote a case or lead and sits for another party now is a reader like any other of that party."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Lead
from confmgr.errors import NotAllowed
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemState, Tlp
from tests import make, make_cases
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def an_hour_later() -> Iterator[None]:
    with clock.frozen(LATER):
        yield


def gone_over(session: Session, here: World) -> tuple[User, Lead]:
    """Somebody of Cambodia shared a GREEN lead, and sits for Thailand since."""
    author = colleague(session, here, here.kh, "Keo Rith")
    row = make_cases.lead(session, here, make_cases.case(session, here, tlp=Tlp.GREEN), tlp=Tlp.GREEN, actor=author)
    sharing.share_item(session, row.item, actor=author, now=NOW)
    seat = session.scalars(select(Membership).where(Membership.user_id == author.id)).one()
    seat.ends_at = NOW + timedelta(minutes=1)
    make.membership(session, here.meeting, author, Role.HEAD, of_delegation=here.th)
    session.flush()
    return author, row


def test_an_author_who_sits_for_another_party_changes_nothing_of_it(session: Session) -> None:
    author, row = gone_over(session, world(session))
    with pytest.raises(NotAllowed):
        sharing.withdraw(session, row.item, actor=author, now=LATER)
    with pytest.raises(NotAllowed):
        sharing.change_marking(session, row.item, actor=author, now=LATER, tlp=Tlp.AMBER)
    assert (row.item.state, row.item.marking.tlp) == (ItemState.SHARED, Tlp.GREEN)


@pytest.mark.parametrize("page", ["edit", "marking", "share", "files", "matching", "keep"])
def test_an_author_who_sits_for_another_party_has_no_page_to_change_it(
    client: FlaskClient, stored: Session, page: str
) -> None:
    author, row = gone_over(stored, world(stored))
    as_(client, stored, author)
    assert client.get(f"/leads/{row.item.uuid}").status_code == 200
    assert client.get(f"/leads/{row.item.uuid}/{page}").status_code == 403


def test_an_author_who_sits_for_another_party_does_not_purge_it(client: FlaskClient, stored: Session) -> None:
    author, row = gone_over(stored, world(stored))
    as_(client, stored, author)
    assert client.post(f"/leads/{row.item.uuid}/purge").status_code == 403
    stored.refresh(row.item)
    assert row.item.state is ItemState.SHARED
