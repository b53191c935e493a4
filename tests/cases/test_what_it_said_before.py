"""What a text said before is for those who could read it then: not for whom it reaches since."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import services
from confmgr.cases.models import Lead
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make_cases
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, world

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)
TAKEN_OUT = "The source is his brother."


def rewritten(session: Session, row: Lead, by: User) -> None:
    services.change_lead(
        session,
        row,
        actor=by,
        now=SOON,
        kind=row.kind,
        title=row.title,
        body=Words.of("It called victims."),
    )


def shows(client: FlaskClient, session: Session, row: Lead, who: User) -> bool:
    as_(client, session, who)
    page = client.get(f"/leads/{row.item.uuid}")
    assert page.status_code == 200
    return TAKEN_OUT in page.text


def on_a_case(session: Session, here: World, tlp: Tlp, *named: User) -> Lead:
    case = make_cases.case(session, here, tlp=Tlp.GREEN)
    return make_cases.lead(session, here, case, tlp=tlp, body=Words.of(TAKEN_OUT), named_readers=list(named))


def test_what_was_taken_out_of_a_draft_reaches_no_receiver(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = on_a_case(stored, here, Tlp.AMBER)
    rewritten(stored, row, here.head_kh)
    services.share_lead(stored, row, actor=here.head_kh, now=LATER, to=[here.th])
    assert not shows(client, stored, row, here.head_th)
    assert shows(client, stored, row, colleague(stored, here, here.kh, "Keo Rith"))


def test_what_was_taken_out_before_it_was_lowered_stays_with_those_who_knew_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second, other = colleague(stored, here, here.kh, "Chan Thida"), colleague(stored, here, here.kh, "Keo Rith")
    row = on_a_case(stored, here, Tlp.RED, second)
    sharing.share_item(stored, row.item, actor=here.head_kh, now=NOW)
    sharing.change_marking(stored, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    rewritten(stored, row, here.head_kh)
    sharing.confirm_marking(stored, row.item, actor=second, now=LATER, seen=f"GREEN {NOW.isoformat()}")
    assert not shows(client, stored, row, here.head_th)
    assert not shows(client, stored, row, other)
    assert shows(client, stored, row, second)
    assert shows(client, stored, row, here.head_kh)


def test_a_receiver_sees_what_changed_since(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = on_a_case(stored, here, Tlp.GREEN)
    sharing.share_item(stored, row.item, actor=here.head_kh, now=NOW)
    rewritten(stored, row, here.head_kh)
    assert shows(client, stored, row, here.head_th)
