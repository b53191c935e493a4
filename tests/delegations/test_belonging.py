"""A person of a delegation is let in from the delegation's page, leaves it and comes back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts import services as accounts
from confmgr.delegations import belonging
from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegate
from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from tests import make
from tests.make_scheduling import NOW, as_, bilateral, world

CHOSEN = "a password that I chose"


def here_of(person: Delegate, verb: str) -> str:
    return f"/meetings/seoul-2/delegations/{person.delegation.uuid}/people/{person.uuid}/{verb}"


def test_a_delegate_let_in_chooses_a_password_and_reads_the_own_agenda(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    sophea = make.delegate(stored, here.kh, "Chan Sophea")
    sophea.email = "sophea@police.example"
    as_(client, stored, here.organiser)
    page = client.post(here_of(sophea, "let-in"), follow_redirects=True).text
    found = re.search(r"http://localhost(/password/[\w.\-]+)", page)
    assert found
    assert "No password yet: send the address again" in page
    client.post("/sign-out")
    client.post(found[1], data={"password": CHOSEN, "again": CHOSEN, "once": "b1"})
    client.post("/sign-in", data={"email": "sophea@police.example", "password": CHOSEN})
    assert client.get("/meetings/seoul-2/my-agenda").status_code == 200
    stored.expire_all()
    role = stored.scalars(select(Membership).where(Membership.user_id == sophea.user_id)).all()
    assert [(row.role, row.delegation_id) for row in role] == [(Role.DELEGATE, here.kh.id)]


def test_no_address_is_shown_for_an_account_that_has_a_password(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = accounts.create_account(
        stored, email="known@police.example", name="Known", now=NOW, password="long enough to sign in"
    )
    person = make.delegate(stored, here.kh, "Known")
    person.email = known.email
    as_(client, stored, here.organiser)
    page = client.post(here_of(person, "let-in"), follow_redirects=True).text
    assert "Known may sign in, with the password that the account has." in page
    assert "/password/" not in page


def test_nobody_is_let_in_without_an_address_or_for_two_delegations(session: Session) -> None:
    here = world(session)
    person = make.delegate(session, here.kh, "Chan Sophea", capacity=Capacity.HEAD_OF_DELEGATION)
    person.email = None
    with pytest.raises(Refused, match="no_mail_address"):
        belonging.let_in(session, person, here.meeting, actor=here.organiser, now=NOW)
    person.email = here.head_th.email
    with pytest.raises(Refused, match="speaks_for_another"):
        belonging.let_in(session, person, here.meeting, actor=here.organiser, now=NOW)


def test_who_leaves_the_delegation_speaks_for_it_no_longer_and_may_come_back(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    row = here.delegate_kh
    belonging.shut_out(session, row, actor=here.organiser, now=NOW)
    role = session.scalars(select(Membership).where(Membership.user_id == here.head_kh.id)).one()
    assert role.ends_at == NOW
    row.left_at = NOW
    belonging.bring_back(session, row, actor=here.organiser, now=NOW)
    assert row.left_at is None


def test_a_head_who_left_does_not_come_back_beside_another_head(session: Session) -> None:
    here = world(session)
    here.delegate_kh.left_at = NOW
    make.delegate(session, here.kh, "New Head", capacity=Capacity.HEAD_OF_DELEGATION)
    with pytest.raises(Refused, match="second_head"):
        belonging.bring_back(session, here.delegate_kh, actor=here.organiser, now=NOW)


def test_a_delegation_is_confirmed_in_one_press_and_one_stretch_of_time_is_removed(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.kh.state = DelegationState.INVITED
    day = here.meeting.starts_on.isoformat()
    as_(client, stored, here.organiser)
    at = f"/meetings/seoul-2/delegations/{here.kh.uuid}"
    client.post(f"{at}/confirm")
    client.post(f"{at}/hours", data={"starts": f"{day}T09:00", "ends": f"{day}T10:00", "once": "h1"})
    client.post(f"{at}/hours", data={"starts": f"{day}T14:00", "ends": f"{day}T15:00", "once": "h2"})
    stored.expire_all()
    assert here.kh.state is DelegationState.CONFIRMED
    first = here.kh.availability[0].id
    stored.commit()
    client.post(f"{at}/hours/{first}/delete")
    stored.expire_all()
    assert [span.starts_local.hour for span in here.kh.availability] == [14]


def test_a_delegate_belongs_to_an_agency_that_is_chosen_in_the_form(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.agency(stored, here.kh.party, "CNP")
    as_(client, stored, here.organiser)
    form = {"name": "Chan Sophea", "agency": "CNP", "language": "en", "zone": "Asia/Phnom_Penh", "once": "a1"}
    form |= {"capacity": "delegate", "printed_as": "name"}
    page = client.post(f"/meetings/seoul-2/delegations/{here.kh.uuid}/people/new", data=form, follow_redirects=True)
    assert "Police of KH" in page.text


def test_the_page_of_a_delegation_takes_somebody_up_again(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    here.delegate_kh.left_at = NOW
    as_(client, stored, here.organiser)
    page = client.post(here_of(here.delegate_kh, "back"), follow_redirects=True).text
    assert "The person is back in the delegation." in page
    assert "Take up again" not in page
