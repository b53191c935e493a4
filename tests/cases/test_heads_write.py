"""Below RED the head of the originating agency changes a case or lead as its author does; nobody else of the party."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import services
from confmgr.cases.domain import LeadKind
from confmgr.cases.models import Lead
from confmgr.errors import NotAllowed, Refused
from confmgr.meetings.domain import Role
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make, make_cases
from tests.make_cases import shown
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, world


def by_a_delegate(session: Session, here: World, tlp: Tlp = Tlp.AMBER) -> Lead:
    """A lead that an ordinary delegate of Cambodia has written and shared with Thailand."""
    author, second = colleague(session, here, here.kh, "Keo Rith"), colleague(session, here, here.kh, "Chan Thida")
    case = make_cases.case(session, here, tlp=Tlp.GREEN)
    row = services.create_lead(
        session,
        actor=author,
        now=NOW,
        case=case,
        originator=here.kh.party,
        operation=here.meeting.operation,
        reference="KH-L1",
        kind=LeadKind.PERSON,
        title=Words.of("Somebody"),
        body=Words.of("Somebody in Poipet"),
        tlp=tlp,
        meeting=here.meeting,
        named_readers=[second],
    )
    sharing.share_item(session, row.item, actor=author, now=NOW)
    return row


def test_a_head_edits_marks_and_withdraws_what_a_delegate_gave(session: Session) -> None:
    here = world(session)
    row = by_a_delegate(session, here)
    services.change_lead(
        session,
        row,
        actor=here.head_kh,
        now=NOW,
        kind=LeadKind.PLACE,
        title=row.title,
        body=row.body,
    )
    sharing.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER_STRICT)
    assert row.item.marking.tlp is Tlp.AMBER_STRICT
    with pytest.raises(NotAllowed):
        sharing.withdraw(session, row.item, actor=here.head_kh, now=NOW)  # who is not of its agency reads it no more


def test_what_a_head_lowers_waits_for_somebody_else(session: Session) -> None:
    here = world(session)
    row = by_a_delegate(session, here)
    sharing.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    seen = f"GREEN {NOW.isoformat()}"
    with pytest.raises(NotAllowed):
        sharing.confirm_marking(session, row.item, actor=here.head_kh, now=NOW, seen=seen)
    sharing.confirm_marking(session, row.item, actor=row.item.author, now=NOW, seen=seen)
    assert row.item.marking.tlp is Tlp.GREEN


def test_an_ordinary_colleague_and_a_head_of_another_agency_change_nothing(session: Session) -> None:
    here = world(session)
    row = by_a_delegate(session, here)
    row.item.agency = make.agency(session, here.kh.party)
    other = colleague(
        session, here, here.kh, "Chea Vuth", Role.HEAD, of_agency=make.agency(session, here.kh.party, "IMM")
    )
    session.flush()
    for person in (colleague(session, here, here.kh, "Ny Sarath"), other, here.head_th):
        with pytest.raises(NotAllowed):
            sharing.change_marking(session, row.item, actor=person, now=NOW, tlp=Tlp.AMBER)
        with pytest.raises(Refused, match="only_the_author"):
            services.change_lead(
                session,
                row,
                actor=person,
                now=NOW,
                kind=LeadKind.PLACE,
                title=row.title,
                body=row.body,
            )


def test_red_is_its_authors_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = by_a_delegate(stored, here, Tlp.RED)
    stored.commit()
    as_(client, stored, here.head_kh)
    assert client.get(f"/leads/{row.item.uuid}").status_code == 404
    assert client.post(f"/leads/{row.item.uuid}/withdraw").status_code == 404


def test_a_head_finds_the_buttons_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = by_a_delegate(stored, here)
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert "Change the marking" in page
    answer = make_cases.send(client, f"/leads/{row.item.uuid}/marking", tlp="GREEN", second="")
    assert answer.status_code == 302
    assert "Confirm as second person" not in shown(client, f"/leads/{row.item.uuid}")
    as_(client, stored, row.item.author)
    assert "Confirm as second person" in client.get(f"/leads/{row.item.uuid}").text
