"""What the pages of a case and a lead show beside the text: until when it is kept, what it said before, comments."""

import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import services as cases
from confmgr.cases.models import Lead
from confmgr.gateways import clock
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind
from tests import make_cases
from tests.conftest import Counter
from tests.make_cases import shown
from tests.make_consents import asked, japan
from tests.make_scheduling import NOW, World, as_, once

pytestmark = pytest.mark.usefixtures("soon_after")


def test_the_author_says_until_when_it_is_kept_and_purges_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    for person, expected in ((here.head_th, 403), (here.organiser, 404), (here.head_kh, 200)):
        as_(client, stored, person)
        assert client.get(f"{address}/keep").status_code == expected
    day_seen = make_cases.seen(client, f"{address}/keep", "day_seen")
    day = clock.now().date() + timedelta(days=30)
    kept = client.post(f"{address}/keep", data={"once": once(), "day_seen": day_seen, "retain_until": day.isoformat()})
    assert kept.status_code == 302
    stale = client.post(f"{address}/keep", data={"once": once(2), "day_seen": day_seen, "retain_until": ""})
    assert stale.status_code == 409
    by_now = make_cases.seen(client, f"{address}/keep", "day_seen")
    past = client.post(f"{address}/keep", data={"once": once(3), "day_seen": by_now, "retain_until": "2001-01-01"})
    assert past.status_code == 422
    stored.expire_all()
    assert stored.get_one(Lead, lead.id).item.retain_until == day
    stored.commit()
    assert client.post(f"{address}/purge").status_code == 302
    for person in (here.head_kh, here.head_th):
        as_(client, stored, person)
        assert client.get(address).status_code == 404


def test_what_a_text_said_before_is_shown_to_its_readers(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_kh)
    client.post(
        f"/leads/{lead.item.uuid}/edit",
        data={
            "once": once(),
            "seen": make_cases.seen(client, f"/leads/{lead.item.uuid}/edit"),
            "kind": "person",
            "title-en": "A number in Phnom Penh",
            "body-en": "It called three hundred victims.",
            "purpose": "The trial in Phnom Penh <b>alone</b>",
        },
    )
    for person, told in ((here.head_kh, "Sok Dara"), (here.head_th, "It called two hundred victims.")):
        as_(client, stored, person)
        page = client.get(f"/leads/{lead.item.uuid}").text
        assert "What changed" in page
        assert "Before: About, What is known, Purpose" in page
        assert "The trial in Phnom Penh &lt;b&gt;alone&lt;/b&gt;" in page
        assert told in page
    assert "Sok Dara" not in page


def test_a_comment_is_read_by_whom_it_is_for(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    _jp, head_jp = japan(stored, here)
    services.disclose(stored, lead.item, actor=here.head_kh, now=NOW, to_user=head_jp)
    stored.commit()
    as_(client, stored, here.head_th)
    for number, (text, audience) in enumerate((("For everybody", "all"), ("For Cambodia", "narrow"))):
        data = {"once": once(number), "text": text, "audience": audience}
        assert client.post(f"/leads/{lead.item.uuid}/comments", data=data).status_code == 302
    found = {}
    for person in (here.head_kh, here.head_th, head_jp):
        as_(client, stored, person)
        page = client.get(f"/leads/{lead.item.uuid}").text
        found[person.name] = ("For everybody" in page, "For Cambodia" in page)
    assert found == {"Sok Dara": (True, True), "Somchai Wong": (True, True), "Sato Aoi": (True, False)}
    as_(client, stored, here.organiser)
    assert "For everybody" not in shown(client, f"/leads/{lead.item.uuid}")
    assert client.post(f"/leads/{lead.item.uuid}/comments", data={"once": once(7), "text": "x"}).status_code == 404


def test_a_comment_is_taken_back_by_its_author_alone(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_th)
    client.post(f"/leads/{lead.item.uuid}/comments", data={"once": once(), "text": "<b>Wrong</b>", "audience": "all"})
    page = client.get(f"/leads/{lead.item.uuid}").text
    assert "&lt;b&gt;Wrong&lt;/b&gt;" in page
    address = page.split('action="/comments/')[1].split("/")[0]
    as_(client, stored, here.head_kh)
    assert client.post(f"/comments/{address}/withdraw").status_code == 403
    as_(client, stored, here.head_th)
    assert client.post(f"/comments/{address}/withdraw").status_code == 302
    as_(client, stored, here.head_kh)
    assert "Wrong" not in shown(client, f"/leads/{lead.item.uuid}")


def test_an_empty_comment_is_refused_in_words(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    as_(client, stored, here.head_th)
    for text in ("", "   "):
        answer = client.post(f"/leads/{lead.item.uuid}/comments", data={"once": once(), "text": text})
        assert answer.status_code == 422


def test_everybody_who_may_not_read_gets_the_same_answer_from_the_new_pages(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(stored, here)
    stored.commit()
    as_(client, stored, head_jp)
    for way in ("ask", "keep"):
        answers = [client.get(f"/leads/{ident}/{way}") for ident in (lead.item.uuid, uuid.uuid4())]
        assert [one.status_code for one in answers] == [404, 404]
        assert make_cases.without_tokens(answers[0].data) == make_cases.without_tokens(answers[1].data)
    for way in ("purge", "comments"):
        answers = [client.post(f"/leads/{ident}/{way}") for ident in (lead.item.uuid, uuid.uuid4())]
        assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize("who", ["head_kh", "head_th"])
def test_thirty_questions_and_comments_cost_as_many_statements_as_one(
    client: FlaskClient, stored: Session, statements: Counter, here: World, lead: Lead, who: str
) -> None:
    counts = []
    for number in range(30):
        cases.comment(stored, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text=f"Comment {number}")
        row = asked(stored, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
        services.withdraw_question(stored, row, actor=here.head_th, now=NOW, seen_version=row.version)
        services.keep(
            stored, lead.item, actor=here.head_kh, now=NOW, before={"purpose": f"{number}"}, after={"purpose": ""}
        )
        if number in {0, 29}:
            stored.commit()
            as_(client, stored, getattr(here, who))
            client.get(f"/leads/{lead.item.uuid}")
            statements.statements.clear()
            assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
            counts.append(statements.count)
    assert counts[1] <= counts[0]
    assert counts[0] <= 36


def test_a_case_is_withdrawn_where_it_is_kept(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    address = f"/cases/{lead.case.item.uuid}"
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/withdraw").status_code == 403
    as_(client, stored, here.head_kh)
    assert f'action="{address}/withdraw"' in client.get(f"{address}/keep").text
    assert make_cases.withdraw(client, address).status_code == 302
    page = client.get(address).text
    assert "This case was withdrawn. Nobody but its originator can read it now." in page
    assert "Not acknowledged" in page
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 404
