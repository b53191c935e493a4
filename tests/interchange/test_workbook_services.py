from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Refused
from confmgr.interchange import services
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.sheets.checking import check
from confmgr.interchange.sheets.entries import Checked
from confmgr.interchange.sheets.reading import read
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.models import MeetingRequest
from confmgr.sharing.domain import ItemState
from tests import make, make_cases
from tests.interchange.make_workbooks import CASES, DELEGATES, DELEGATIONS, Rows, xlsx
from tests.make_scheduling import World, world

WHOLE: dict[str, Rows] = {
    DELEGATIONS[0]: [DELEGATIONS[1], ["JP", "member", 2, "ja, en"]],
    DELEGATES[0]: [DELEGATES[1], ["JP", "佐藤 花子", "head_of_delegation", "sato@jp.example"]],
    CASES[0]: [CASES[1], ["KH", "C-01", "Voice phishing ring", "voice_phishing", "JP, TH", "AMBER"]],
    "Meeting requests": [["From", "To", "Minutes", "Cases"], ["JP", "KH", 40, "KH/C-01"]],
}


@pytest.fixture
def here(session: Session) -> World:
    found = world(session)
    make.party(session, "JP")
    return found


def checked(session: Session, here: World, content: bytes) -> Checked:
    return check(read(content, "meeting.xlsx"), services.known(session, here.meeting), {})


def rows(session: Session) -> list[int]:
    tables = (Delegation, Delegate, Case, MeetingRequest)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_applying_adds_one_row_of_each_kind(session: Session, here: World, now: datetime) -> None:
    before = rows(session)
    done = services.apply(session, here.meeting, checked(session, here, xlsx(WHOLE)), actor=here.organiser, now=now)
    assert dict(done.new) == {"delegations": 1, "delegates": 1, "cases": 1, "requests": 1}
    assert [new - old for new, old in zip(rows(session), before, strict=True)] == [1, 1, 1, 1]


@pytest.mark.parametrize("reference", ["C-01", "KH/C-01"])
def test_applying_the_same_workbook_again_adds_nothing(
    session: Session, here: World, now: datetime, reference: str
) -> None:
    cases: Rows = [CASES[1], ["KH", reference, *WHOLE[CASES[0]][1][2:]]]
    for _time in range(2):
        found = checked(session, here, xlsx(WHOLE | {CASES[0]: cases}))
        done = services.apply(session, here.meeting, found, actor=here.organiser, now=now)
    assert dict(done.new) == {"delegations": 0, "delegates": 0, "cases": 0, "requests": 0}
    assert dict(done.known) == {"delegations": 1, "delegates": 1, "cases": 1, "requests": 1}
    assert rows(session) == [3, 3, 1, 1]


def test_a_draft_is_to_organisers_a_reference_that_is_taken_and_no_case_to_ask_about(
    session: Session, here: World, now: datetime
) -> None:
    draft = make_cases.case(session, here, "C-01")
    scheduling.ask_meeting(
        session, actor=here.head_kh, now=now, asking=here.kh, asked=[here.th], minutes=40, cases=[draft]
    )
    draft.item.state = ItemState.DRAFT
    session.flush()
    known = services.known(session, here.meeting)
    assert (known.cases, known.taken) == (frozenset(), frozenset({"KH/C-01"}))
    asks: Rows = [["From", "To", "Minutes", "Cases"], ["KH", "TH", 40, "KH/C-01"]]
    found = checked(session, here, xlsx({CASES[0]: WHOLE[CASES[0]], "Meeting requests": asks}))
    assert sorted(fault.reason for fault in found.faults if fault.reason != "unknown_delegation") == [
        "reference_elsewhere",
        "unknown_case",
    ]
    without: Rows = [["From", "To", "Minutes", "Cases"], ["KH", "TH", 40, ""]]
    tally = services.tally(session, here.meeting, checked(session, here, xlsx({"Meeting requests": without})), known)
    assert (tally.new["requests"], tally.known["requests"]) == (0, 1)


def test_one_wrong_row_keeps_all_others_out(session: Session, here: World, now: datetime) -> None:
    wrong = checked(session, here, xlsx(WHOLE | {DELEGATES[0]: [DELEGATES[1], ["JP", "A"], ["ZZ", "B"]]}))
    assert [(fault.row, fault.reason) for fault in wrong.faults] == [(3, "unknown_delegation")]
    with pytest.raises(Refused, match="workbook_has_faults"):
        services.apply(session, here.meeting, wrong, actor=here.organiser, now=now)
    assert rows(session) == [2, 2, 0, 0]


def test_a_mail_address_that_is_added_later_does_not_double_the_person(
    session: Session, here: World, now: datetime
) -> None:
    for row in (["KH", "Chan Vy"], ["KH", "Chan Vy", "", "chan@kh.example"], ["KH", "Chan Vy"]):
        people = checked(session, here, xlsx({DELEGATES[0]: [DELEGATES[1], row]}))
        services.apply(session, here.meeting, people, actor=here.organiser, now=now)
    assert rows(session)[1] == 3


def test_two_people_of_one_name_are_told_apart_by_their_addresses(session: Session, here: World, now: datetime) -> None:
    people = [DELEGATES[1], ["KH", "Chan Vy", "", "chan@kh.example"], ["KH", "Chan Vy", "", "vy@kh.example"]]
    done = services.apply(
        session, here.meeting, checked(session, here, xlsx({DELEGATES[0]: people})), actor=here.organiser, now=now
    )
    assert done.new["delegates"] == 2


def test_a_case_of_an_earlier_meeting_keeps_its_reference(session: Session, here: World, now: datetime) -> None:
    cases = {CASES[0]: [CASES[1], ["KH", "C-01", "Voice phishing ring"]]}
    services.apply(session, here.meeting, checked(session, here, xlsx(cases)), actor=here.organiser, now=now)
    later = make.meeting(session, here.meeting.operation, slug="seoul-3", number=3)
    make.delegation(session, later, of_party=here.kh.party)
    found = check(read(xlsx(cases), "meeting.xlsx"), services.known(session, later), {})
    assert [(fault.row, fault.reason) for fault in found.faults] == [(2, "reference_elsewhere")]


def test_a_newer_upload_replaces_the_older_one_of_the_same_person(session: Session, here: World, now: datetime) -> None:
    for name in ("first.xlsx", "second.xlsx"):
        services.keep(session, here.meeting, read(xlsx(WHOLE), name), actor=here.organiser, now=now, name=name)
    assert session.scalars(select(UploadedWorkbook.name)).all() == ["second.xlsx"]
