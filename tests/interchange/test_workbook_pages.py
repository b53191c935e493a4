import io
import re
import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from confmgr.activity.models import AuditEntry
from confmgr.cases.models import Case
from confmgr.delegations.domain import Capacity, DelegationStatus
from confmgr.delegations.models import Delegate, Delegation
from confmgr.interchange import tasks
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.meetings.models import Membership
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingRequest
from confmgr.values.words import Words
from confmgr.web import labels
from tests import make
from tests.interchange.make_exchange import ran
from tests.interchange.make_workbooks import CASES, DELEGATES, DELEGATIONS, REQUESTS, sheet_xml, whole, with_part, xlsx
from tests.make import EARLIER
from tests.make_scheduling import World, as_, world

BASE = "/meetings/seoul-2/import"
WRITTEN = (Party, Delegation, Delegate, Case, MeetingRequest)


@pytest.fixture
def here(client: FlaskClient, stored: Session) -> World:
    """The small meeting, and its organiser signed in."""
    found = world(stored)
    make.party(stored, "JP")
    stored.commit()
    as_(client, stored, found.organiser)
    return found


def once() -> str:
    return secrets.token_hex(8)


def upload(client: FlaskClient, content: bytes, name: str = "meeting.xlsx", *, base: str = BASE) -> TestResponse:
    boundary, body = encode_multipart({"once": once(), "file": FileStorage(io.BytesIO(content), name)})
    return client.post(base, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def rows(session: Session) -> list[int]:
    counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in WRITTEN]
    session.commit()
    return counts


def text_of(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_workbook_is_seen_first_and_then_applied_whole(client: FlaskClient, stored: Session, here: World) -> None:
    before = rows(stored)
    seen = upload(client, whole())
    assert seen.status_code == 302
    preview = client.get(seen.location)
    assert preview.status_code == 200
    for line in ("Delegations 1 0", "Delegates 1 0", "Cases 1 0", "Meeting requests 1 0"):
        assert line in text_of(preview)
    assert rows(stored) == before

    assert client.post(seen.location, data={"once": once()}).status_code == 302
    assert [new - old for new, old in zip(rows(stored), before, strict=True)] == [0, 1, 1, 1, 1]
    head = stored.scalars(select(Delegate).where(Delegate.email == "sato@jp.example")).one()
    assert (head.name, head.capacity) == ("佐藤 花子", Capacity.HEAD_OF_DELEGATION)
    assert f"{head.arrives_at:%Y-%m-%d %H:%M}" == "2026-02-04 09:30"
    assert stored.scalars(select(Case)).one().crime_types == ["voice_phishing"]
    request = stored.scalars(select(MeetingRequest)).one()
    assert (request.minutes, request.interpretation, len(request.cases)) == (40, "en-ja", 1)
    assert stored.scalar(select(func.count()).select_from(UploadedWorkbook)) == 0
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "import")).one()
    assert entry.facts == {"delegations": 1, "delegates": 1, "cases": 1, "requests": 1}
    stored.commit()


def crowd(number: int, *, last: str = "Delegate") -> bytes:
    """Japan, and so many of its people; the capacity of the last."""
    people = [["JP", f"Person {one}", "Delegate", f"p{one}@jp.example"] for one in range(number)]
    people[-1][2] = last
    return xlsx(
        {DELEGATIONS[0]: [DELEGATIONS[1], ["JP", "Member", 2, "ja"]], DELEGATES[0]: [DELEGATES[1][:4], *people]}
    )


def come_in(app: Flask, session: Session) -> Job:
    """The job that a workbook was left to, after a worker had it."""
    job = session.scalars(select(Job)).one()
    session.commit()
    return ran(app, session, job)


def test_a_workbook_of_many_rows_comes_in_part_by_part_with_its_progress_on_a_page(
    app: Flask, client: FlaskClient, stored: Session, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", 0)
    before = rows(stored)
    preview = upload(client, crowd(80)).location
    leads_on = client.post(preview, data={"once": once()}).location
    assert leads_on == client.post(preview, data={"once": once()}).location, "one job has it already"
    assert rows(stored) == before
    job = come_in(app, stored)
    assert leads_on == f"/jobs/{job.uuid}"
    assert (job.state, job.done, job.total) == (JobState.DONE, 81, 81)
    assert [new - old for new, old in zip(rows(stored), before, strict=True)] == [0, 1, 80, 0, 0]
    assert stored.scalar(select(func.count()).select_from(UploadedWorkbook)) == 0
    stored.commit()
    assert "/meetings/seoul-2/delegations" in client.get(leads_on).text


def test_a_workbook_that_is_coming_in_is_not_replaced_by_the_next_one(
    app: Flask, client: FlaskClient, stored: Session, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", 0)
    client.post(upload(client, crowd(80)).location, data={"once": once()})
    upload(client, whole())
    job = come_in(app, stored)
    assert (job.state, job.done) == (JobState.DONE, 81)
    stored.commit()


def test_a_workbook_stops_coming_in_once_its_organiser_is_none_any_more_and_what_came_in_stays(
    app: Flask, client: FlaskClient, stored: Session, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end_the_role(_seconds: float) -> None:
        stored.execute(update(Membership).where(Membership.user_id == here.organiser.id).values(ends_at=EARLIER))
        stored.commit()

    monkeypatch.setattr("confmgr.interchange.tasks.time.sleep", end_the_role)
    before = rows(stored)
    client.post(upload(client, crowd(80)).location, data={"once": once()})
    job = come_in(app, stored)
    assert (job.state, job.problem, job.done) == (JobState.FAILED, "NotAllowed", 1)
    assert [new - old for new, old in zip(rows(stored), before, strict=True)] == [0, 1, 0, 0, 0]


def test_a_rule_that_refuses_a_row_of_many_is_said_with_what_came_in_and_the_way_back_to_the_file(
    app: Flask, client: FlaskClient, stored: Session, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def name_a_head(_seconds: float) -> None:
        japan = stored.scalars(select(Delegation).join(Party).where(Party.code == "JP")).one()
        if all(one.capacity is Capacity.DELEGATE for one in japan.delegates):
            make.delegate(stored, japan, "Tanaka Ken", capacity=Capacity.HEAD_OF_DELEGATION)
        stored.commit()

    monkeypatch.setattr("confmgr.interchange.tasks.time.sleep", name_a_head)
    preview = upload(client, crowd(80, last="Head of delegation")).location
    client.post(preview, data={"once": once()})
    job = come_in(app, stored)
    assert (job.state, job.done) == (JobState.FAILED, 76)
    stored.commit()
    page = client.get(f"/jobs/{job.uuid}").text
    assert "The delegation already has a head." in page
    assert "What was done before then stays: 76 of 81." in page
    assert f'href="{preview}"' in page
    assert "JP would have two heads of delegation" in client.get(preview).text, "the file's page names the row"


def test_the_same_file_twice_changes_nothing(client: FlaskClient, stored: Session, here: World) -> None:
    client.post(upload(client, whole()).location, data={"once": once()})
    after = rows(stored)
    again = upload(client, whole())
    for line in ("Delegations 0 1", "Delegates 0 1", "Cases 0 1", "Meeting requests 0 1"):
        assert line in text_of(client.get(again.location))
    client.post(again.location, data={"once": once()})
    assert rows(stored) == after


def test_pressing_apply_twice_writes_once_and_says_so(client: FlaskClient, stored: Session, here: World) -> None:
    where = upload(client, whole()).location
    client.post(where, data={"once": "one-press"})
    after = rows(stored)
    second = client.post(where, data={"once": "one-press"}, follow_redirects=True)
    assert second.status_code == 200
    assert "Nothing was done twice" in second.text
    assert rows(stored) == after


def test_headings_words_and_sheets_are_known_in_korean(client: FlaskClient, stored: Session, here: World) -> None:
    content = xlsx(
        {
            "대표단": [["코드", "참가 자격", "언어"], ["JP", "member", "日本語"]],
            "대표": [["대표단", "이름"], ["JP", "김철수"]],
        }
    )
    where = upload(client, content).location
    client.post(where, data={"once": once()})
    assert stored.scalars(select(Delegate).where(Delegate.name == "김철수")).one().delegation.languages == ["ja"]
    stored.commit()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_words_of_lists_are_taken_as_the_pages_call_them(
    app: Flask, client: FlaskClient, stored: Session, here: World, language: str
) -> None:
    with app.test_request_context(), force_locale(language):
        observer = labels.of(DelegationStatus.OBSERVER)
    rows_given = [["Code", "Name", "Takes part as"], ["JP", "Japan", observer]]
    client.post(upload(client, xlsx({"Delegations": rows_given})).location, data={"once": once()})
    japan = stored.scalars(select(Delegation).join(Party).where(Party.code == "JP")).one()
    assert japan.status is DelegationStatus.OBSERVER
    stored.commit()


def test_a_column_that_is_not_known_is_named_and_left_out(client: FlaskClient, stored: Session, here: World) -> None:
    seen = upload(client, xlsx({"Delegates": [["Delegation", "Name", "Shoe size"], ["KH", "Chan Vy", 42]]}))
    preview = client.get(seen.location)
    assert preview.status_code == 200
    assert "left out: Shoe size (Delegates)" in preview.text


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("cp949", ","), ("utf-16", "\t"), ("utf-8", ";")]
)
def test_a_csv_as_spreadsheets_write_it_is_read(
    client: FlaskClient, stored: Session, here: World, encoding: str, separator: str
) -> None:
    text = "\r\n".join(
        separator.join(cells) for cells in [("대표단", "이름", "전자우편"), ("KH", "김철수", "kim@kr.example")]
    )
    where = upload(client, text.encode(encoding), "people.csv").location
    client.post(where, data={"once": once()})
    assert stored.scalars(select(Delegate).where(Delegate.email == "kim@kr.example")).one().name == "김철수"
    stored.commit()


WRONG = [
    (DELEGATIONS, ["XX"], "row 2, Name XX is new here, so its name is needed"),
    (
        DELEGATIONS,
        ["JP", "chief"],
        "row 2, Takes part as “chief” is none of: Member, Partner organisation, Observer, Guest",
    ),
    (DELEGATIONS, ["JP", "", "many"], "row 2, Teams “many” is no whole number from 1 to 50"),
    (DELEGATIONS, ["JP", "", 99999999999999999999], "00000” is no whole number from 1 to 50"),
    (DELEGATIONS, ["JP", "", 1, "Klingon"], "row 2, Languages “Klingon” is no language known here"),
    (DELEGATES, ["ZZ", "Nobody"], "row 2, Delegation ZZ has no delegation here and none in this file"),
    (DELEGATES, ["KH", ""], "row 2, Name is empty"),
    (DELEGATES, ["KH", "A", "", "a@@b"], "row 2, Mail address “a@@b” is no mail address"),
    (DELEGATES, ["KH", "A", "", f"{'a' * 60}@{'b' * 63}.{'c' * 63}.{'d' * 63}.example"], "row 2, Mail address"),
    (DELEGATES, ["KH", "A", "head_of_delegation"], "row 2, Capacity KH would have two heads of delegation"),
    (DELEGATES, ["KH", "M1234567"], "row 2, Name This looks like a passport number."),
    (DELEGATES, ["KH", "A", "", "", "30 February"], "row 2, Arrives “30 February” is no date and time"),
    (DELEGATES, ["KH", "A", "", "", "2026-02-30 10:00"], "row 2, Arrives “2026-02-30 10:00” is no date and time"),
    (DELEGATES, ["KH", "A", "", "", "", "ask Dara"], "row 2, Phone “ask Dara” is no telephone number"),
    (DELEGATES, ["KH", "A" * 301], "row 2, Name is longer than 300 characters"),
    (DELEGATES, ["KH", '=CONCAT("A","B")'], "row 2, Name holds a formula; enter its value instead"),
    (CASES, ["KH", "C-01", "A case", "gossip"], "row 2, Crime types “gossip” is none of: Voice phishing"),
    (CASES, ["KH", "C 01", "A case"], "row 2, Reference holds something else than letters"),
    (
        CASES,
        ["KH", "C-01", "A case", "", "", "TLP:RED"],
        "row 2, Marking TLP:RED cannot be imported by the secretariat",
    ),
    (CASES, ["KH", "C-01", "A case", "", "KR"], "row 2, Concerns KR has no delegation here"),
    (REQUESTS, ["KH", "KH", 40], "row 2, To KH cannot ask to meet itself."),
    (REQUESTS, ["KH", "TH", 41], "row 2, Minutes 41 minutes: lengths go in steps of five"),
    (REQUESTS, ["KH", "TH", 40, "KH/C-77"], "row 2, Cases there is no case KH/C-77 here or in this file"),
    (REQUESTS, ["KH", "TH", 40, "", "km-km"], "row 2, Interpretation “km-km” is not a pair of languages"),
]


@pytest.mark.parametrize(("sheet", "row", "sentence"), WRONG)
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_written(
    client: FlaskClient,
    stored: Session,
    here: World,
    sheet: tuple[str, list[str]],
    row: list[str | int],
    sentence: str,
) -> None:
    before = rows(stored)
    seen = upload(client, xlsx({sheet[0]: [sheet[1], row]}))
    preview = client.get(seen.location)
    assert preview.status_code == 422
    assert sentence in text_of(preview)
    assert client.post(seen.location, data={"once": once()}).status_code == 422
    assert rows(stored) == before


def test_every_wrong_row_is_named_at_once_and_right_rows_wait_for_them(
    client: FlaskClient, stored: Session, here: World
) -> None:
    people = [DELEGATES[1], ["KH", "Right"], ["ZZ", "Nobody"], ["TH", "", "x"], ["KH", "Late", "", "", "tomorrow"]]
    before = rows(stored)
    seen = upload(client, xlsx({DELEGATES[0]: people}))
    text = text_of(client.get(seen.location))
    assert [n for n in range(2, 6) if f"row {n}," in text] == [3, 4, 5]
    client.post(seen.location, data={"once": once()})
    assert rows(stored) == before


def test_two_heads_in_one_file_are_refused_at_the_second(client: FlaskClient, stored: Session, here: World) -> None:
    people = [DELEGATES[1], ["JP", "First", "head_of_delegation"], ["JP", "Second", "head_of_delegation"]]
    seen = upload(client, xlsx({DELEGATIONS[0]: [DELEGATIONS[1], ["JP"]], DELEGATES[0]: people}))
    text = text_of(client.get(seen.location))
    assert "row 3, Capacity JP would have two heads of delegation" in text
    assert "row 2, Capacity" not in text


def test_control_characters_in_a_csv_are_refused(client: FlaskClient, stored: Session, here: World) -> None:
    seen = upload(client, "Delegation,Name\nKH,So\x07k\nTH,\u202eevil\n".encode(), "people.csv")
    text = text_of(client.get(seen.location))
    assert "row 2, Name holds invisible control characters" in text
    assert "row 3, Name holds invisible control characters" in text


def test_khmer_names_with_their_break_spaces_are_taken(client: FlaskClient, stored: Session, here: World) -> None:
    seen = upload(client, "Delegation,Name\nKH,សុខ\u200bដារ៉ា\n".encode(), "people.csv")
    assert client.get(seen.location).status_code == 200


def test_a_formula_is_refused_wherever_it_hides(client: FlaskClient, stored: Session, here: World) -> None:
    plain = xlsx({DELEGATES[0]: [DELEGATES[1], ["KH", "x"]]})
    headings = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{h}</t></is></c>' for c, h in zip("AB", ["Delegation", "Name"], strict=True)
    )
    hidden = sheet_xml(
        f'<row r="1">{headings}</row><row r="2"><c r="A2" t="inlineStr"><is><t>KH</t></is></c>'
        '<c s="0" t="str" r="B2"><f ca="1">cmd|"/c calc"!A1</f><v>Sok</v></c></row>'
    )
    seen = upload(client, with_part(plain, "xl/worksheets/sheet1.xml", hidden))
    assert "row 2, Name holds a formula" in text_of(client.get(seen.location))


def test_text_that_starts_like_a_formula_stays_text_in_the_template(
    client: FlaskClient, stored: Session, here: World
) -> None:
    stored.add(Party(code="ZZ", kind="state", short_name=Words.of('=HYPERLINK("http://x.example")')))
    stored.commit()
    answer = client.get(f"{BASE}/template.xlsx")
    assert answer.status_code == 200
    with CalamineWorkbook.from_filelike(io.BytesIO(answer.data)) as book:
        assert book.sheet_names == ["Delegations", "Delegates", "Cases", "Meeting requests", "Notes", "Participants"]
        assert ["ZZ", '=HYPERLINK("http://x.example")'] in book.get_sheet_by_name("Participants").to_python()
    assert b"<f>" not in answer.data


def test_the_template_has_korean_headings_for_a_korean_reader_and_comes_back_empty(
    client: FlaskClient, stored: Session, here: World
) -> None:
    answer = client.get(f"{BASE}/template.xlsx?lang=ko")
    with CalamineWorkbook.from_filelike(io.BytesIO(answer.data)) as book:
        assert book.get_sheet_by_name("대표단").to_python()[0][0] == "코드"
    seen = upload(client, answer.data)
    assert client.get(seen.location).status_code == 200


BROKEN = [
    (b"", 422),
    (b"GIF89a\x00\x01\x00", 422),
    (b"%PDF-1.7\n\xff\xfe\x00", 422),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 422),
    (b"PK\x03\x04" + bytes(100), 422),
    (whole()[:3000], 422),
    (with_part(whole(), "xl/workbook.xml", None), 422),
    (with_part(whole(), "xl/sharedStrings.xml", b"<sst><si><t>broken"), 422),
    (with_part(whole(), "xl/sharedStrings.xml", b'<sst uniqueCount="99999999999"><si><t>x</t></si></sst>'), 422),
    (with_part(whole(), "xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="UTF-Z"?><worksheet/>'), 422),
    (with_part(whole(), "xl/worksheets/sheet1.xml", b"<worksheet"), 422),
    (with_part(whole(), "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'), 422),
    (sheet_xml(""), 422),
]


@pytest.mark.parametrize(("content", "status"), BROKEN)
def test_what_is_no_workbook_is_refused_in_words(
    client: FlaskClient, stored: Session, here: World, content: bytes, status: int
) -> None:
    before = rows(stored)
    answer = upload(client, content)
    if answer.status_code == 302:  # a text that could be a CSV, but of nothing that is known
        preview = client.get(answer.location)
        assert "no sheet was recognised" in preview.text
    else:
        assert answer.status_code == status
        assert 'class="error"' in answer.text
    assert rows(stored) == before
    assert stored.scalar(select(func.count()).select_from(UploadedWorkbook)) in {0, 1}
    stored.commit()


def test_a_refusal_is_in_the_readers_language(client: FlaskClient, stored: Session, here: World) -> None:
    here.organiser.language = "ko"
    stored.commit()
    answer = upload(client, b"GIF89a\x00\x01")
    assert answer.status_code == 422
    assert 'lang="ko"' in answer.text
    assert "meeting.xlsx" in answer.text
    assert "neither an XLSX workbook" not in answer.text


def test_only_organisers_import_and_only_what_they_uploaded(client: FlaskClient, stored: Session, here: World) -> None:
    where = upload(client, whole()).location
    as_(client, stored, here.head_kh)
    assert [client.get(url).status_code for url in (BASE, f"{BASE}/template.xlsx", where)] == [403, 403, 403]
    other = make.user(stored)
    make.membership(stored, here.meeting, other)
    stored.commit()
    as_(client, stored, other)
    assert client.get(where).status_code == 404
    as_(client, stored, make.user(stored))
    assert client.get(BASE).status_code == 404


def test_what_changed_since_the_preview_is_met_when_applying(client: FlaskClient, stored: Session, here: World) -> None:
    content = xlsx(
        {DELEGATIONS[0]: [DELEGATIONS[1], ["JP"]], DELEGATES[0]: [DELEGATES[1], ["JP", "A", "head_of_delegation"]]}
    )
    where = upload(client, content).location
    assert client.get(where).status_code == 200
    japan = stored.scalars(select(Party).where(Party.code == "JP")).one()
    make.delegate(
        stored, make.delegation(stored, here.meeting, of_party=japan), "B", capacity=Capacity.HEAD_OF_DELEGATION
    )
    stored.commit()
    before = rows(stored)
    assert client.post(where, data={"once": once()}).status_code == 422
    assert rows(stored) == before
