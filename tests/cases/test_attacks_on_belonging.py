"""Attacks of those who sit, or sat, in two places: at another meeting for its originator, here for somebody else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import services as cases
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.models import Lead
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing.domain import ConsentKind, ConsentState
from confmgr.sharing.services import Answer
from tests import make
from tests.make_consents import answered, asked, colleague, japan
from tests.make_scheduling import NOW, World, as_

pytestmark = pytest.mark.usefixtures("soon_after")

CANARY = "Only Cambodia and Japan know this"


@pytest.fixture
def between(stored: Session, here: World) -> User:
    """Somebody of Thailand at this meeting who sits for Cambodia at another one of the operation."""
    person = colleague(stored, here, here.th, "Ratana Chai")
    third = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    make.membership(
        stored, third, person, Role.HEAD, of_delegation=make.delegation(stored, third, of_party=here.kh.party)
    )
    stored.commit()
    return person


def test_what_japan_says_to_cambodia_is_not_told_to_somebody_who_sits_for_cambodia_elsewhere(
    client: FlaskClient, stored: Session, here: World, lead: Lead, between: User
) -> None:
    jp, head_jp = japan(stored, here)
    cases.disclose_item(stored, lead.item, actor=here.head_kh, now=NOW, to=[jp])
    cases.give_feedback(stored, lead, actor=head_jp, now=NOW, party=jp.party, kind=FeedbackKind.IN_USE, note=CANARY)
    question = asked(stored, here, lead.item, by=head_jp, of=jp, kind=ConsentKind.JUDICIAL_USE)
    answered(stored, question, here.head_kh, Answer(ConsentState.REFUSED, CANARY))
    stored.commit()
    as_(client, stored, head_jp)
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
    as_(client, stored, between)
    page = client.get(f"/leads/{lead.item.uuid}").text
    assert CANARY not in page
    assert f"/leads/{lead.item.uuid}/feedback" in page, "Thailand, for which the person sits here, gives feedback"
    assert CANARY not in client.get("/meetings/seoul-2/files/cases-and-leads.json").text
    assert f"/consents/{question.uuid}" not in client.get("/meetings/seoul-2/consents").text
    assert client.get(f"/consents/{question.uuid}").status_code == 404
    assert client.get(f"/items/{lead.item.uuid}/readers").status_code == 403
    assert "KH-L1" not in client.get("/operations/breaking-chains/readers").text
    assert "JP · " not in client.get(f"/cases/{lead.case.item.uuid}").text


def test_an_answer_is_not_told_to_somebody_who_asked_and_sits_for_another_party_since(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    person = colleague(stored, here, here.th, "Ratana Chai")
    question = asked(stored, here, lead.item, by=person, kind=ConsentKind.JUDICIAL_USE)
    jp, _head = japan(stored, here)
    seat = stored.scalars(select(Membership).where(Membership.user_id == person.id)).one()
    seat.delegation_id = jp.id
    stored.flush()
    answered(stored, question, here.head_kh, Answer(ConsentState.REFUSED, CANARY))
    stored.commit()
    as_(client, stored, person)
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 404
    assert client.get(f"/consents/{question.uuid}").status_code == 404
    assert f"/consents/{question.uuid}" not in client.get("/meetings/seoul-2/consents").text
