"""Who is given a role is told how to sign in; an address is shown for nobody who has a password."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts import services
from confmgr.accounts.models import User
from confmgr.meetings.models import Membership
from tests.make_scheduling import as_, world

GIVEN = {"email": "director@police.example", "name": "The Director", "role": "leadership", "delegation": "0"}


def test_leadership_without_a_password_gets_an_address_and_may_get_it_again(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.post("/meetings/seoul-2/people", data=GIVEN | {"once": "r1"}, follow_redirects=True).text
    assert "Hand The Director this address: http://localhost/password/" in page
    user = stored.scalars(select(User).where(User.email == "director@police.example")).one()
    row = stored.scalars(select(Membership).where(Membership.user_id == user.id)).one()
    again = f"/meetings/seoul-2/people/{row.id}/address"
    stored.commit()
    assert "http://localhost/password/" in client.post(again, follow_redirects=True).text
    services.set_password(user, "a password that I chose")
    stored.commit()
    assert client.post(again).status_code == 404
