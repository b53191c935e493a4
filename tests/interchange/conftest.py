"""What tests of files that come in and go out share."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.make_scheduling import World, as_, world


@pytest.fixture
def here(client: FlaskClient, stored: Session) -> World:
    """The small meeting, and its organiser signed in."""
    found = world(stored)
    stored.commit()
    as_(client, stored, found.organiser)
    return found
