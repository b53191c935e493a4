"""Free slots as a delegate reads them on a phone."""

import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.values.words import Words
from tests.make_scheduling import as_, bilateral, request, world

BASE = "/meetings/seoul-2"


def test_places_of_free_slots_have_their_names(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.t1.name, here.t2.name = Words.of("Table one"), Words.of("Table two")
    bilateral(stored, here)
    stored.commit()
    with time_machine.travel("2026-02-04T03:00:00+00:00"):
        as_(client, stored, here.head_kh)
        text = client.get(f"{BASE}/slots?asked=TH&minutes=20").text
    assert "<bdi>Table one</bdi></button>" in text
    assert "<bdi>T1</bdi>" not in text


def test_the_pair_of_an_interpreter_is_said_in_words_to_who_asked(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here, interpretation="km-th")
    stored.commit()
    as_(client, stored, here.head_kh)
    for page in ("requests", f"requests/{row.uuid}"):
        assert "Khmer–Thai" in client.get(f"{BASE}/{page}").text, page
