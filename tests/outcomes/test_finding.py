"""Groups and bases are found by the search of cases and leads, by whoever may read them."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests.make_outcomes import base, group
from tests.make_scheduling import World, as_, world

SEARCH = "/meetings/seoul-2/search"


def told(stored: Session) -> World:
    """A group that every member knows under two names, with a base that Cambodia alone knows of."""
    here = world(stored)
    fox = group(stored, here)
    fox.aliases, fox.description = ["Kitsune Gang"], Words.of("It left Sihanoukville in autumn.")
    base(stored, here, fox, "Bavet", Tlp.AMBER, note=Words.of("Three houses behind the casino."))
    stored.commit()
    return here


def test_a_group_is_found_by_each_of_its_names_and_by_what_is_told_of_it(client: FlaskClient, stored: Session) -> None:
    here = told(stored)
    as_(client, stored, here.head_th)
    for words in ("golden fox", "kitsune", "autumn", "KH-G1"):
        page = client.get(f"{SEARCH}?q={words}").text
        assert "Golden Fox</bdi></a></strong>" in page, words
        assert "TLP:GREEN" in page
    assert "Golden Fox" in client.get(f"{SEARCH}?q=fox&kind=group").text
    assert "Golden Fox" not in client.get(f"{SEARCH}?q=fox&kind=lead").text


def test_a_base_is_found_by_whoever_may_read_it_and_leads_to_its_group(client: FlaskClient, stored: Session) -> None:
    here = told(stored)
    as_(client, stored, here.head_kh)
    page = client.get(f"{SEARCH}?q=casino").text
    address = page.partition("Bavet</bdi></a></strong>")[0].rpartition('href="')[2].rpartition('"')[0]
    assert "Golden Fox" in client.get(address).text
    as_(client, stored, here.head_th)
    for words in ("casino", "bavet"):
        page = client.get(f"{SEARCH}?q={words}").text
        assert "Bavet</bdi>" not in page
        assert "Nothing that you may read holds all of these words." in page


def test_what_a_search_shows_of_groups_is_noted(client: FlaskClient, stored: Session) -> None:
    here = told(stored)
    as_(client, stored, here.head_th)
    client.get(f"{SEARCH}?q=kitsune")
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.object_type == "list")).one()
    assert len(entry.object_ids) == 1
