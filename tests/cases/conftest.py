"""What tests of the pages of cases and leads begin with."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from confmgr.cases.models import Lead
from confmgr.gateways import clock
from tests import make_cases
from tests.make_scheduling import NOW, World, world


@pytest.fixture
def soon_after() -> Iterator[None]:
    """An hour after what the builders do, while questions still stand."""
    with clock.frozen(NOW + timedelta(hours=1)):
        yield


@pytest.fixture
def here(stored: Session) -> World:
    return world(stored)


@pytest.fixture
def lead(stored: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    row = make_cases.shared_lead(stored, here, make_cases.case(stored, here, disclose_to=[here.th]))
    stored.commit()
    return row
