"""What attackers and careless scripts may try with the schedule, and what organisers must not learn from it."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases.domain import CrimeType
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_cases import case
from tests.make_scheduling import as_, bilateral, world

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
