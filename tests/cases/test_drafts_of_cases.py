"""A case that was brought in as a draft is its party's alone: the secretariat decides on what was nominated."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases.domain import NominationState
from confmgr.sharing.domain import ItemState
from tests import make_cases
from tests.make_scheduling import as_, once, world


@pytest.mark.parametrize("page", ["decide", "decide/back"])
def test_to_the_secretariat_there_is_no_draft_to_decide_on(client: FlaskClient, stored: Session, page: str) -> None:
    here = world(stored)
    case = make_cases.case(stored, here, state=ItemState.DRAFT)
    as_(client, stored, here.organiser)
    address = f"/meetings/seoul-2/cases/{case.item.uuid}/{page}"
    data = {"once": once(), "state": "selected", "reason": "", "version": "1"}
    assert client.post(address, data=data).status_code == 404
    if page == "decide":
        assert client.get(address).status_code == 404
    stored.refresh(case.nominations[0])
    assert case.nominations[0].state is NominationState.NOMINATED
