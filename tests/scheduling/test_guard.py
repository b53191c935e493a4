"""What attackers and careless scripts may try with the schedule, and what organisers must not learn from it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases.domain import CrimeType
from confmgr.invitations.services import publish
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_cases import case
from tests.make_scheduling import NOW, as_, bilateral, world

BASE = "/meetings/seoul-2"
PAGES = (
    "board",
    "board/changes?after=0",
    "schedule",
    "schedule/conflicts",
    "schedule/delegations",
    "drafts",
    "publish",
    "desk",
    "requests",
    "requests/matrix",
)


def test_the_board_names_neither_a_red_case_nor_its_crime(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second = make.user(stored, "Chan Vuthy")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    red = case(stored, here, "CANARY-7", tlp=Tlp.RED, named_readers=[second])
    row = bilateral(stored, here, cases=[red, case(stored, here, "KH-01", crime_types=[CrimeType.MONEY_LAUNDERING])])
    as_(client, stored, here.organiser)
    for page in PAGES:
        answer = client.get(f"{BASE}/{page}")
        assert answer.status_code == 200, page
        assert "phishing" not in answer.text.lower(), page
    for page in ("board", "board/changes?after=0", f"board/{row.uuid}/details"):
        text = client.get(f"{BASE}/{page}").text
        assert "CANARY-7" not in text, page
        assert "KH-01" in text, page


HOSTILE = (
    "[" * 100_000,
    '{"cards": ' + "[" * 100_000,
    '{"after": 1e999, "cards": [{"i": "IDENT", "v": 1}]}',
    '{"after": NaN, "cards": [{"i": "IDENT", "v": 1}]}',
    '{"after": -99999999999999999999, "cards": [{"i": "IDENT", "v": 1, "place": "T1"}]}',
    '{"after": 99999999999999999999, "cards": [{"i": "IDENT", "v": 1, "place": "T1"}]}',
    '{"cards": [{"i": "IDENT", "v": 1e999}]}',
    '{"cards": [{"i": "IDENT", "v": 99999999999999999999}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "9999-12-31T23:55", "minutes": 40, "place": "T1"}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00", "minutes": 1e999}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00", "minutes": 99999999999999999999}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00", "minutes": -40}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:03"}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00:00.000001"}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00", "place": "\\ud800"}]}',
    '{"cards": [{"i": "IDENT", "v": 1, "start": "2026-02-05T10:00", "place": {"__proto__": []}}]}',
    '{"cards": [{"i": ["IDENT"], "v": 1}]}',
    '{"cards": [{"i": "IDENT", "v": 1}, {"i": "IDENT", "v": 1}]}',
    '{"cards": {"i": "IDENT"}}',
    '{"cards": "IDENT"}',
    '{"take": {"a": 1}, "keep": [], "prefer": {}, "seconds": {}, "cards": null}',
    "null",
    "",
)


@pytest.mark.parametrize("place", ["move", "swap", "unplace", "lock", "undo", "redo", "plan"])
def test_no_data_that_a_script_sends_breaks_the_board(client: FlaskClient, stored: Session, place: str) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    for body in HOSTILE:
        sent = body.replace("IDENT", str(row.uuid))
        answer = client.post(f"{BASE}/board/{place}", data=sent, content_type="application/json")
        assert answer.status_code < 500, (place, body[:120])
    for after in ("-99999999999999999999", "99999999999999999999", "nan", "1e999", "-1"):
        assert client.get(f"{BASE}/board/changes?after={after}").status_code < 500, after


@pytest.mark.parametrize("minutes", ["99999999999999995", "-5", "0", "1e9", "9" * 5000])
def test_no_length_breaks_the_pages_that_offer_free_slots(client: FlaskClient, stored: Session, minutes: str) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/desk/meet?delegations=KH&delegations=TH&minutes={minutes}").status_code < 500
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}/slots?asked=TH&minutes={minutes}").status_code < 500


def test_a_board_that_is_open_goes_on_after_somebody_has_published(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    publish(stored, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    as_(client, stored, here.organiser)
    changes = client.get(f"{BASE}/board/changes?after=1").json or {}
    assert [(card["i"], card["v"]) for card in changes["cards"]] == [(str(row.uuid), 2)]
    assert (client.post(f"{BASE}/board/undo", json={"after": 2}).json or {})["gone"] == [str(row.uuid)]
