"""What keeps something from being deleted is named without numbers, and not at all where its reader may not know of it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import StillUsed
from confmgr.orm.base import Base
from confmgr.parties.removing import remove_party
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.web import labels
from tests import make, make_sharing
from tests.make_cases import without_tokens
from tests.make_scheduling import NOW, World, as_, world


def refused(client: FlaskClient, session: Session, who: User, code: str = "LA") -> bytes:
    as_(client, session, who)
    answer = client.post(f"/parties/{code}/delete")
    assert answer.status_code == 409
    return without_tokens(answer.data).partition(b"<main")[2]


def given(session: Session, here: World, number: int, **more: Any) -> None:
    """What a party gave that has nothing else here, RED."""
    party = make.party(session, "LA")
    for kind in (ItemKind.LEAD, ItemKind.CASE, ItemKind.JOINT_ACTION)[:number]:
        make_sharing.item(session, party, here.head_kh, [here.meeting], kind=kind, tlp=Tlp.RED, **more)
    session.commit()


@pytest.mark.parametrize("number", [1, 3])
def test_neither_the_number_nor_the_kind_of_what_is_hidden_is_told(
    client: FlaskClient, stored: Session, number: int
) -> None:
    here = world(stored)
    knows = make.user(stored)
    make.membership(stored, here.meeting, knows)
    given(stored, here, number, named=[knows])
    page = refused(client, stored, here.organiser)
    assert b"Other records rest on this" in page
    assert b"<li>" not in page
    assert refused(client, stored, knows) == page


def test_what_everybody_who_deletes_may_know_is_named_once_and_not_counted(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    make.agency(stored, here.kh.party, "GCNP")
    make.agency(stored, here.kh.party, "GDI")
    given(stored, here, 1)
    stored.commit()
    main = refused(client, stored, here.organiser, "KH")
    assert main.count(b"<li>Agencies</li>") == 1
    assert main.count(b"<li>Delegations</li>") == 1


def test_no_table_behind_the_wall_and_nothing_made_of_it_has_a_name_there(session: Session) -> None:
    hidden = {"item", "case_party", "lead", "feedback", "figure", "disclosure", "action_request", "joint_action"}
    hidden |= {"joint_action_party", "task_force_party", "group_base", "chain_link", "session_record", "contact"}
    hidden |= {"consent_request", "recall", "notice", "issued_report", "outbox_message", "identifier", "comment"}
    assert hidden <= set(Base.metadata.tables)
    assert labels.known_terms("used_by").isdisjoint(hidden)


def test_what_is_hidden_hinders_a_deletion_all_the_same(session: Session) -> None:
    here = world(session)
    party = make.party(session, "LA")
    make_sharing.item(session, party, here.head_kh, [here.meeting], tlp=Tlp.RED)
    with pytest.raises(StillUsed) as caught:
        remove_party(session, party, actor=here.organiser, now=NOW)
    assert caught.value.used_by == ("item",)
