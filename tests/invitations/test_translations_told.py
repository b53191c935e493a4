"""What a translation changes of an invitation that is out already."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.invitations.domain import ChangeKind
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests.make_invitations import messages, published
from tests.make_scheduling import NOW, World, bilateral, world

LATER = NOW + timedelta(days=1)
OLD = Words.of({"en": "Bilateral", "km": "ជំនួប"}).changed({"en": "Bilateral meeting"})


@pytest.fixture
def here(session: Session) -> World:
    found = world(session)
    bilateral(session, found, title=OLD)
    published(session, found)
    return found


def title(session: Session, here: World, words: Words) -> list[ChangeKind | None]:
    """What delegates hear when the session's title has become other words."""
    row = session.scalars(select(MeetingSession)).one()
    row.title = words
    session.flush()
    return [message.change for message in messages(session, published(session, here, LATER))]


def test_a_translation_that_was_found_still_right_tells_nobody_anything(session: Session, here: World) -> None:
    assert title(session, here, OLD.confirmed("km", here.organiser.id, LATER)) == []


def test_a_translation_that_reads_otherwise_is_told(session: Session, here: World) -> None:
    assert title(session, here, OLD.changed({"km": "កិច្ចប្រជុំ"})) == [ChangeKind.CHANGED] * 2
