"""What a party gave and got: counted whole, shown a page at a time, and noted as far as it was shown."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.services import give_feedback
from tests.conftest import Counter
from tests.make_cases import case, shared_lead
from tests.make_scheduling import NOW, World, as_, world

PAGE = "/meetings/seoul-2/exchange"


def many(session: Session, number: int) -> World:
    """So many leads that Cambodia gave to Thailand, all at the same minute; of the first Thailand says that it helps."""
    here = world(session)
    of = case(session, here)
    rows = [shared_lead(session, here, of, f"L-{count:02}") for count in range(1, number + 1)]
    give_feedback(session, rows[0], actor=here.head_th, now=NOW, party=here.th.party, kind=FeedbackKind.IN_USE)
    session.commit()
    return here


def references(page: str) -> list[str]:
    return re.findall(r"KH/(L-\d\d)", page)


def test_thirty_leads_stand_on_two_pages_and_are_counted_on_both(client: FlaskClient, stored: Session) -> None:
    here = many(stored, 30)
    as_(client, stored, here.head_th)
    first, second = client.get(PAGE).text, client.get(f"{PAGE}?got=2").text
    assert references(first) == [f"L-{count:02}" for count in range(1, 26)]
    assert references(second) == [f"L-{count:02}" for count in range(26, 31)]
    for page in (first, second):
        assert "29 wait for your word" in page
    assert f'href="{PAGE}?gave=1&amp;got=2#got" rel="next"' in first
    assert f'href="{PAGE}?gave=1&amp;got=1#got" rel="prev"' in second
    assert references(client.get(f"{PAGE}?got=99").text) == []
    assert client.get(f"{PAGE}?got=-1&gave=x").status_code == 200


def test_of_leads_given_others_answers_are_counted_over_all_pages(client: FlaskClient, stored: Session) -> None:
    here = many(stored, 30)
    as_(client, stored, here.head_kh)
    page = client.get(f"{PAGE}?gave=2").text
    assert "1 is in use or was acted on" in page
    sides = re.sub(r"<[^>]+>|\s+", " ", page.partition("With whom")[2]).split()
    assert sides[sides.index("TH") :][:3] == ["TH", "30", "0"]


def test_only_the_leads_of_the_page_are_noted_as_seen(client: FlaskClient, stored: Session) -> None:
    here = many(stored, 30)
    as_(client, stored, here.head_th)
    client.get(f"{PAGE}?got=2")
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.object_type == "list")).one()
    assert len(entry.object_ids) == 5


def test_two_pages_cost_as_many_statements_as_one(client: FlaskClient, stored: Session, statements: Counter) -> None:
    here = many(stored, 30)
    as_(client, stored, here.head_th)
    client.get(PAGE)
    counts = []
    for page in (PAGE, f"{PAGE}?got=2"):
        statements.statements.clear()
        client.get(page)
        counts.append(statements.count)
    assert counts[0] == counts[1]


def test_each_number_of_a_party_opens_to_its_leads(client: FlaskClient, stored: Session) -> None:
    here = many(stored, 3)
    for person, address in (
        (here.head_kh, "/meetings/seoul-2/reports/leads?giver=KH&receiver=TH"),
        (here.head_th, "/meetings/seoul-2/leads?party=KH&state=shared"),
    ):
        as_(client, stored, person)
        assert f'<a class="act" href="{address.replace("&", "&amp;")}">3</a>' in client.get(PAGE).text
        assert references(client.get(address).text.partition("<main")[2])


def test_a_head_finds_who_has_read_what_the_party_gave_beside_what_it_gave(
    client: FlaskClient, stored: Session
) -> None:
    here = many(stored, 1)
    as_(client, stored, here.head_kh)
    assert 'href="/operations/breaking-chains/readers">Who has read what we gave</a>' in client.get(PAGE).text
