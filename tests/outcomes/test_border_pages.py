"""Border sections in the browser: named, watched; who watches is told of moves, acknowledges, and sees no more."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.models import BorderSection, MoveAlert
from confmgr.sharing import services as items
from confmgr.sharing.domain import Tlp
from tests import make
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_moves import DOMAIN, border, fled, moved, noticed, show
from tests.make_outcomes import base, group
from tests.make_scheduling import NOW, World, as_, once, world

BORDERS = "/operations/breaking-chains/borders"
ALERTS = "/operations/breaking-chains/alerts"
GROUPS = "/operations/breaking-chains/groups"


def section(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "name-en": "O Smach – Chong Chom",
        "one_side": "KH",
        "other_side": "TH",
        "latitude": "14.43",
        "longitude": "103.7",
    }
    return values | changes


def watching(session: Session, here: World) -> BorderSection:
    """A section that Thailand watches."""
    row = border(session, here)
    services.watch(session, row, here.th.party, actor=here.head_th, now=NOW, on=True)
    return row


def test_a_section_is_named_by_one_of_its_sides_changed_and_ended(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_th)
    assert "No border section is watched yet." in client.get(BORDERS).text
    assert client.post(f"{BORDERS}/new", data=section()).status_code == 302
    row = stored.scalars(select(BorderSection)).one()
    page = f"/borders/{row.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    sent = section(version=1, **{"name-en": "Chong Chom"})
    assert "O Smach" in client.get(f"{page}/edit").text
    assert client.post(f"{page}/edit", data=sent | {"once": once(2)}).status_code == 302
    assert client.post(f"{page}/edit", data=sent | {"once": once(3)}).status_code == 409
    assert client.post(f"{page}/end").status_code == 302
    assert "Not watched any more" in client.get(BORDERS).text
    assert client.post(f"{page}/resume").status_code == 302
    text = client.get(BORDERS).text
    assert "Chong Chom" in text
    assert "Not watched any more" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"one_side": "TH"}, "A border has two different sides"),
        ({"one_side": "JP"}, "Not a valid choice."),
        ({"latitude": "0", "longitude": "0"}, "0° north, 0° east is what an empty form gives."),
        ({"latitude": ""}, "A place needs both degrees north and degrees east."),
        ({"name-en": ""}, "Write this in at least one language."),
    ],
)
def test_a_wrong_section_is_refused_with_a_sentence(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_th)
    answer = client.post(f"{BORDERS}/new", data=section(**changes))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert stored.scalar(select(func.count()).select_from(BorderSection)) == 0


def test_a_section_of_two_others_is_for_organisers_to_name_and_change(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    japan = make.delegation(stored, here.meeting, "JP")
    third = make.user(stored, "Sato Ken")
    make.membership(stored, here.meeting, third, Role.HEAD, of_delegation=japan)
    row = border(stored, here)
    as_(client, stored, third)
    refused = client.post(f"{BORDERS}/new", data=section())
    assert (refused.status_code, "One side must be your party." in refused.text) == (422, True)
    assert client.get(f"/borders/{row.uuid}/edit").status_code == 403
    leader = make.user(stored, "Leader")
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP)
    as_(client, stored, leader)
    assert client.get(f"{BORDERS}/new").status_code == 403
    assert client.post(f"/borders/{row.uuid}/watch").status_code == 403
    as_(client, stored, here.organiser)
    assert client.post(f"{BORDERS}/new", data=section()).status_code == 302
    assert client.get(f"/borders/{row.uuid}/edit").status_code == 200


def test_a_party_asks_to_be_told_is_told_once_and_acknowledges(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = border(stored, here)
    as_(client, stored, here.head_th)
    assert client.post(f"/borders/{row.uuid}/watch").status_code == 302
    text = client.get(BORDERS).text
    assert "You are told" in text
    assert "Your head of delegation gets a mail" in text
    known = group(stored, here)
    start = base(stored, here, known, "Poipet")
    as_(client, stored, here.head_kh)
    move = client.post(f"/groups/{known.item.uuid}/moves/new", data=noticed(start, sections=[str(row.uuid)])).location
    client.post(f"{move}/edit", data=noticed(start, once=once(2), sections=[str(row.uuid)], version=1))
    (mail,) = stored.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.MOVE_NOTICED))
    assert (mail.recipient, mail.facts["page"]) == (here.delegate_th.email, ALERTS)
    assert "Poipet" not in str(mail.facts)
    alert = stored.scalars(select(MoveAlert)).one()
    step = f"/move-alerts/{alert.uuid}/acknowledge"
    stored.commit()
    assert client.post(step).status_code == 404
    as_(client, stored, here.head_th)
    assert "1 alert to acknowledge" in client.get(GROUPS).text
    assert "To acknowledge" in client.get(ALERTS).text
    assert client.post(step).status_code == 302
    text = client.get(ALERTS).text
    assert "Somchai Wong, " in text
    assert "To acknowledge" not in text
    assert client.post(f"/borders/{row.uuid}/unwatch").status_code == 302
    assert "Tell us of moves" in client.get(BORDERS).text


def test_an_alert_vanishes_with_the_move_and_says_nothing_to_who_may_not_see_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.head_th)
    row = watching(stored, here)
    stored.commit()
    pages = (ALERTS, GROUPS, BORDERS)
    before = [without_tokens(client.get(page).data) for page in pages]
    hidden = fled(stored, here, row, Tlp.AMBER)
    services.tell_of_group(stored, hidden.group_id, now=NOW, domain=DOMAIN)
    stored.commit()
    assert [without_tokens(client.get(page).data) for page in pages] == before
    assert hidden.to_base is not None
    show(stored, here, hidden, hidden.from_base, hidden.to_base, hidden.from_base.group)
    (alert,) = services.tell_watchers(stored, hidden, now=NOW, domain=DOMAIN)
    stored.commit()
    assert "Aranyaprathet" in client.get(ALERTS).text
    items.withdraw(stored, hidden.item, actor=here.head_kh, now=NOW)
    stored.commit()
    assert "Aranyaprathet" not in client.get(ALERTS).text
    assert without_tokens(client.get(ALERTS).data) == before[0]
    assert client.post(f"/move-alerts/{alert.uuid}/acknowledge").status_code == 404


def test_a_move_between_the_two_sides_of_a_section_is_proposed_as_passing_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = watching(stored, here)
    known = group(stored, here)
    start = base(stored, here, known, "Poipet", territory=here.kh.party)
    move = moved(stored, here, start, base(stored, here, known, "Aranyaprathet", territory=here.th.party))
    page = f"/moves/{move.item.uuid}"
    as_(client, stored, here.head_th)
    assert "Did it pass there?" not in client.get(page).text
    assert client.post(f"{page}/passed/{row.uuid}").status_code == 403
    as_(client, stored, here.head_kh)
    assert "Did it pass there?" in client.get(page).text
    assert client.post(f"{page}/passed/{move.item.uuid}").status_code == 404
    assert client.post(f"{page}/passed/{row.uuid}").status_code == 302
    assert "Did it pass there?" not in client.get(page).text
    assert stored.scalar(select(func.count()).select_from(MoveAlert)) == 1


def test_a_section_of_another_operation_is_not_passed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = make.operation(stored, make.party(stored, "JP"), code="other")
    elsewhere = services.add_section(
        stored,
        other,
        actor=here.organiser,
        now=NOW,
        name=border(stored, here).name,
        one_side=here.kh.party,
        other_side=None,
    )
    move = moved(stored, here, base(stored, here, group(stored, here), "Poipet"))
    as_(client, stored, here.head_kh)
    assert client.post(f"/moves/{move.item.uuid}/passed/{elsewhere.uuid}").status_code == 404
    assert client.get(f"/borders/{elsewhere.uuid}/edit").status_code == 404


@pytest.mark.parametrize("page", [ALERTS, BORDERS])
def test_thirty_rows_ask_as_often_as_one(client: FlaskClient, stored: Session, statements: Counter, page: str) -> None:
    here = world(stored)
    known = group(stored, here)
    as_(client, stored, here.head_th)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            row = watching(stored, here)
            start = base(stored, here, known, f"Place {number}")
            services.tell_watchers(stored, moved(stored, here, start, sections=[row]), now=NOW, domain=DOMAIN)
        stored.commit()

    grow(1, 2)
    client.get(page)
    statements.statements.clear()
    client.get(page)
    one = statements.count
    grow(2, 31)
    statements.statements.clear()
    assert client.get(page).status_code == 200
    assert statements.count == one
