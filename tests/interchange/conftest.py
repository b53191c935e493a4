"""What tests of files that come in and go out share."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.interchange import tasks
from confmgr.interchange.exchange import parts, taking
from tests.make_scheduling import World, as_, world


@pytest.fixture
def here(client: FlaskClient, stored: Session) -> World:
    """The small meeting, and its organiser signed in."""
    found = world(stored)
    stored.commit()
    as_(client, stored, found.organiser)
    return found


@pytest.fixture
def giver(client: FlaskClient, stored: Session) -> World:
    """The small meeting, and the head of Cambodia signed in."""
    found = world(stored)
    stored.commit()
    as_(client, stored, found.head_kh)
    return found


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large files come in by parts of three, one after the other without a pause."""
    monkeypatch.setattr(taking, "AT_ONCE", 3)
    monkeypatch.setattr(parts, "AT_ONCE", 3)
    monkeypatch.setattr(tasks, "PAUSE", 0)
