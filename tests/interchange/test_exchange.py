"""Cases and leads out as STIX 2.1, JSON and XLSX, each for its reader, and in again for the party that gave them."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.cases.models import Case, Lead
from confmgr.sharing.domain import GradeScheme, Handling, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.services import Grade
from confmgr.values.words import Words
from tests import make
from tests.interchange.make_exchange import IN, sent
from tests.make_cases import case, lead, seen, shared_lead
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_, once, world

OUT = "/meetings/seoul-2/files/cases-and-leads"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
IDENT = re.compile(r"([a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CANARY = "Canary"


def gave(session: Session) -> World:
    """Cambodia's case and lead that Thailand reads, and others that it does not."""
    here = world(session)
    one = case(
        session,
        here,
        title=Words.of({"en": "Ring", "ko": "조직"}),
        handling=[Handling.H1, Handling.H3],
        handling_text="ask first",
    )
    cases.disclose_item(session, one.item, actor=here.head_kh, now=NOW, to=[here.th])
    shared_lead(
        session,
        here,
        one,
        tlp=Tlp.GREEN,
        grade=Grade(GradeScheme.ADMIRALTY_6X6, "B", "2"),
        handling=[Handling.H2],
    )
    hidden = case(session, here, "KH-02", title=Words.of(CANARY))
    lead(session, here, hidden, "KH-L2", title=Words.of(CANARY), body=Words.of(CANARY))
    session.commit()
    return here


def taken(client: FlaskClient, form: str) -> Any:
    answer = client.get(f"{OUT}.{form}")
    assert answer.status_code == 200
    return json.loads(answer.data)


def of_type(bundle: Any, kind: str) -> list[Any]:
    return [one for one in bundle["objects"] if one["type"] == kind]


def test_a_bundle_keeps_the_rules_of_stix(client: FlaskClient, stored: Session) -> None:
    """Those of the common properties, identifiers, timestamps and references (STIX 2.1, sections 2, 3 and 7)."""
    here = gave(stored)
    as_(client, stored, here.head_kh)
    bundle = taken(client, "stix")
    assert sorted(bundle) == ["id", "objects", "type"]
    known = {one["id"] for one in bundle["objects"]}
    assert len(known) == len(bundle["objects"])
    for one in (bundle, *bundle["objects"]):
        match = IDENT.fullmatch(one["id"])
        assert match is not None, one
        assert match[1] == one["type"]
    for one in bundle["objects"]:
        assert one["spec_version"] == "2.1"
        assert "confidence" not in one
        stamps = [one[name] for name in ("created", "modified", "published") if name in one]
        assert all(STAMP.fullmatch(stamp) for stamp in stamps)
        if "modified" in one:
            assert one["created"] <= one["modified"]
        refs = [*one.get("object_refs", []), *one.get("object_marking_refs", [])]
        refs += [one[name] for name in ("created_by_ref", "object_ref") if name in one]
        assert set(refs) <= known, one
        assert "" not in one.values()
        assert [] not in one.values()
        if one["type"] in {"grouping", "report", "note"}:
            assert one["object_refs"]
        if one["type"] not in {"identity", "marking-definition"}:
            assert one["object_marking_refs"]
    assert taken(client, "stix") == bundle


def test_markings_of_a_bundle_are_those_of_tlp_2_and_handling_codes_are_statements(
    client: FlaskClient, stored: Session
) -> None:
    here = gave(stored)
    as_(client, stored, here.head_th)
    bundle = taken(client, "stix")
    marks = {one["id"]: one for one in of_type(bundle, "marking-definition")}
    extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
    tlp = {
        ident: one["extensions"][extension]["tlp_2_0"] for ident, one in marks.items() if "definition_type" not in one
    }
    assert tlp == {
        "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "amber",
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "green",
    }
    said = {ident: one["definition"]["statement"] for ident, one in marks.items() if "definition" in one}
    (grouping,), (report,), (note,) = (of_type(bundle, kind) for kind in ("grouping", "report", "note"))
    assert [said.get(ref, tlp.get(ref)) for ref in grouping["object_marking_refs"]] == [
        "amber",
        "H1: not in judicial proceedings without the permission of the provider",
        "H3: another restriction: ask first",
    ]
    assert [said.get(ref, tlp.get(ref)) for ref in report["object_marking_refs"]] == [
        "green",
        "H2: not passed on without the permission of the provider",
    ]
    assert note["content"] == "Admiralty 6x6: B2"
    assert note["object_refs"] == [report["id"]]
    assert note["object_marking_refs"] == report["object_marking_refs"]
    assert grouping["external_references"][0]["external_id"] == "KH/KH-01"
    assert (grouping["lang"], grouping["name"]) == ("en", "Ring")
    (texts,) = of_type(bundle, "language-content")
    assert texts["contents"] == {"ko": {"name": "조직"}}
    assert texts["object_modified"] == grouping["modified"]
    assert of_type(bundle, "identity")[0]["name"] == "Cambodia"


@pytest.mark.parametrize("form", ["stix", "json", "xlsx"])
@pytest.mark.parametrize("who", ["organiser", "head_th"])
def test_a_file_holds_what_its_reader_may_see_and_is_noted_with_its_ids(
    client: FlaskClient, stored: Session, form: str, who: str
) -> None:
    here = gave(stored)
    as_(client, stored, getattr(here, who))
    answer = client.get(f"{OUT}.{form}?language=en")
    text = answer.get_data()
    if form == "xlsx":
        book = load_workbook(io.BytesIO(text))
        text = repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names]).encode()
    assert CANARY.encode() not in text
    assert (b"KH-L1" in text) is (who == "head_th")
    assert b"KH-02" not in text
    (entry,) = stored.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    seen = set(
        stored.scalars(select(Item.uuid).where(Item.reference.in_(["KH-01", "KH-L1"] if who == "head_th" else [])))
    )
    assert {*entry.object_ids[1:]} == {str(one) for one in seen}
    assert not stored.scalars(select(AuditEntry).where(AuditEntry.object_type == "list")).all()


def test_an_empty_exchange_is_a_bundle_without_objects(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_th)
    assert "objects" not in taken(client, "stix")
    assert taken(client, "json")["cases"] == []
    assert client.get(f"{OUT}.xlsx").status_code == 200


def moved(client: FlaskClient, session: Session) -> tuple[World, dict[str, Any]]:
    """What Cambodia took along from one installation, before another in which it has given nothing yet."""
    here = gave(session)
    as_(client, session, here.head_kh)
    return here, taken(client, "json")


def other_meeting(session: Session, here: World) -> None:
    """The references of the file are free again: their items are another party's now."""
    mine = session.scalars(select(Item).where(Item.originator_id == here.kh.party_id)).all()
    for item in mine:
        item.reference = f"OLD-{item.id}"
    session.commit()


def test_what_a_party_took_along_comes_in_as_drafts_of_its_own(client: FlaskClient, stored: Session) -> None:
    here, file = moved(client, stored)
    other_meeting(stored, here)
    looked = sent(client, file)
    assert looked.status_code == 302
    page = client.get(looked.location)
    assert page.status_code == 200
    for said in ("KH/KH-01", "KH/KH-L1", "KH/KH-02", "New", "Write them as drafts"):
        assert said in page.text, said
    before = stored.scalar(select(func.count()).select_from(Item))
    stored.commit()
    done = client.post(looked.location, data={"once": once(2)})
    assert done.status_code == 302
    assert stored.scalar(select(func.count()).select_from(Item)) == (before or 0) + 3
    row = stored.scalars(select(Lead).join(Item).where(Item.reference == "KH-L1")).one()
    assert (row.item.state, row.item.originator.code, row.item.author_id) == (ItemState.DRAFT, "KH", here.head_kh.id)
    assert row.item.marking.tlp is Tlp.GREEN
    assert row.item.marking.handling == ["H2"]
    assert (row.item.marking.grade_source, row.item.marking.grade_information) == ("B", "2")
    assert row.item.disclosures == []
    of = stored.scalars(select(Case).join(Item).where(Item.reference == "KH-01")).one()
    assert (of.item.state, of.title.text("ko"), of.item.marking.handling_text) == (
        ItemState.DRAFT,
        "조직",
        "ask first",
    )
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "import")).one()
    assert len(entry.object_ids) == 3
    stored.commit()
    as_(client, stored, here.organiser)
    assert client.get(f"/cases/{of.item.uuid}").status_code == 404
    as_(client, stored, here.head_kh)
    looked = seen(client, f"/cases/{of.item.uuid}")
    assert client.post(f"/cases/{of.item.uuid}/nominate", data={"seen": looked}).status_code == 302
    as_(client, stored, here.organiser)
    assert client.get(f"/cases/{of.item.uuid}").status_code == 200


def test_what_is_here_already_is_left_as_it_is(client: FlaskClient, stored: Session) -> None:
    _here, file = moved(client, stored)
    file["leads"][0]["title"] = {"en": "Overwritten"}
    looked = sent(client, file)
    page = client.get(looked.location).text
    assert "Already there, and left as it is" in page
    assert page.index("Nothing in this file is new for your party.") < page.index("Already there")
    assert page.count('class="tlp') > 1  # marked above and below, as every page that shows titles
    refused = client.post(looked.location, data={"once": once(2)})
    assert refused.status_code == 422
    stored.rollback()
    assert (
        stored.scalars(select(Lead).join(Item).where(Item.reference == "KH-L1")).one().title.text("en") != "Overwritten"
    )


def test_a_reference_of_what_only_a_colleague_may_read_is_left_as_it_is_and_the_rest_comes_in(
    client: FlaskClient, stored: Session
) -> None:
    here, file = moved(client, stored)
    other_meeting(stored, here)
    hidden = case(
        stored, here, "KH-02", tlp=Tlp.RED, actor=colleague(stored, here, here.kh, "Keo Rith"), state=ItemState.DRAFT
    )
    before = stored.scalar(select(func.count()).select_from(Item)) or 0
    stored.commit()
    page = sent(client, file).location
    assert "Already there, and left as it is" in client.get(page).text
    assert client.post(page, data={"once": once(2)}).status_code == 302
    assert stored.scalar(select(func.count()).select_from(Item)) == before + 2
    assert stored.scalars(select(Item.id).where(Item.reference == "KH-02")).all() == [hidden.id]


def test_nobody_brings_in_what_another_party_gave(client: FlaskClient, stored: Session) -> None:
    here, file = moved(client, stored)
    as_(client, stored, here.head_th)
    looked = sent(client, file)
    page = client.get(looked.location).text
    assert "Given by another party, which alone can bring it in" in page
    assert client.post(looked.location, data={"once": once(2)}).status_code == 422
    stored.rollback()
    assert stored.scalar(select(func.count()).select_from(Item).where(Item.originator_id == here.th.party_id)) == 0


def test_a_lead_comes_in_on_a_case_that_its_party_may_read_and_on_no_other(
    client: FlaskClient, stored: Session
) -> None:
    here, file = moved(client, stored)
    file = json.loads(json.dumps(file).replace("KH/KH-L1", "TH/TH-L1"))
    file["cases"] = []
    hidden = {**file["leads"][0], "reference": "TH/TH-L2", "case": "KH/KH-02"}
    file["leads"].append(hidden)
    as_(client, stored, here.head_th)
    looked = sent(client, file)
    assert "Its case is neither here nor new in this file" in client.get(looked.location).text
    assert client.post(looked.location, data={"once": once(2)}).status_code == 302
    stored.rollback()
    (row,) = stored.scalars(select(Lead).join(Item).where(Item.originator_id == here.th.party_id))
    assert row.item.reference == "TH-L1"
    assert row.case.item.reference == "KH-01"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"kind": NaN}',
        b'{"kind": 1, "kind": 2}',
        b'"\\ud800"',
        b'["\\u0000"]',
        b'["\\u202e"]',
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"a": ' + b"9" * 5000 + b"}",
        json.dumps({f"key {number}": 1 for number in range(300)}).encode(),
    ],
)
def test_what_is_no_file_of_cases_and_leads_is_answered_in_words(
    client: FlaskClient, stored: Session, content: bytes
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = sent(client, content)
    assert answer.status_code == 422
    assert "This is no file of cases and leads, or it is damaged." in answer.text


def test_a_file_that_is_too_large_is_refused(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    part = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"once", b"", once().encode()) + part % (b"file", b'; filename="a.json"', b" " * (5 * 2**20 + 1))
    raw = body + b"--b--\r\n"
    answer = client.post(
        IN, input_stream=io.BytesIO(raw), content_length=len(raw), content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 413
    assert "at most 5 MB are read" in answer.text
    answer.close()


@pytest.mark.parametrize(
    ("path", "value", "place", "said"),
    [
        (["format"], 2, "format", "is not what it should be"),
        (["kind"], "another", "kind", "is not what it should be"),
        (["surprise"], 1, "surprise", "is not known here"),
        (["leads", 0, "title"], None, "leads 1 title", "is not what it should be"),
        (["leads", 0, "title"], {"en": "x" * 301}, "leads 1 title", "is not what it should be"),
        (["leads", 0, "title"], {"xx": "x"}, "leads 1 title", "is not what it should be"),
        (["leads", 0, "tlp"], "WHITE", "leads 1 tlp", "is not what it should be"),
        (["leads", 0, "handling"], ["H3"], "leads 1 handling_text", "is not what it should be"),
        (["leads", 0, "reference"], "KH L1", "leads 1 reference", "is not what it should be"),
        (["leads", 0, "reference"], "KH/KH/L1", "leads 1 reference", "is not what it should be"),
        (["cases", 0, "concerns"], ["TH", "TH"], "cases 1 concerns", "is not what it should be"),
        (
            ["leads", 0, "identifiers"],
            [{"kind": "alias", "value": "A"}, {"kind": "phone", "value": "ask Somchai"}],
            "leads 1 identifiers 2 value",
            "is not what it should be",
        ),
        (
            ["leads", 0, "identifiers"],
            [{"kind": "alias", "value": f"A{number}"} for number in range(51)],
            "leads 1 identifiers",
            "is not what it should be",
        ),
        (["leads", 0, "originator"], "TH", "leads 1 originator", "is not known here"),
        (["leads", 0, "author"], "x", "leads 1 author", "is not known here"),
        (["leads", 0, "grade"], {"scheme": "stars"}, "leads 1 grade scheme", "is not what it should be"),
        (["cases", 0, "priority"], 2**63, "cases 1 priority", "is not what it should be"),
        (["cases", 0, "languages"], ["km", "xx"], "cases 1 languages 2", "is not what it should be"),
        (["cases", 1, "reference"], "KH/KH-01", "cases 2 reference", "is there twice"),
        (["cases"], {}, "cases", "is not what it should be"),
        (["made_at"], "0001-01-01T00:00:00+14:00", "made_at", "is not what it should be"),
        (["cases", 0, "created_at"], "9999-12-31T23:59:59-14:00", "cases 1 created_at", "is not what it should be"),
        (["leads"], [dict.fromkeys("abcdefgh", 1)] * 2000, "·", "is not what it should be"),
    ],
)
def test_a_fault_is_told_with_its_place(
    client: FlaskClient, stored: Session, path: list[Any], value: Any, place: str, said: str
) -> None:
    _here, file = moved(client, stored)
    inner = file
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    looked = sent(client, file)
    page = client.get(looked.location)
    assert page.status_code == 422
    assert place in re.sub(r"<[^>]*>", "", page.text)
    assert said in page.text
    assert client.post(looked.location, data={"once": once(2)}).status_code == 422


def test_who_speaks_for_no_delegation_brings_nothing_in_and_nobody_sees_anothers_file(
    client: FlaskClient, stored: Session
) -> None:
    here, file = moved(client, stored)
    looked = sent(client, file)
    for who in (here.organiser, here.head_th):
        as_(client, stored, who)
        assert client.get(looked.location).status_code in {403, 404}
        assert client.post(looked.location, data={"once": once(3)}).status_code in {302, 403}
    as_(client, stored, here.organiser)
    assert client.get(IN).status_code == 403
    assert sent(client, file, 4).status_code == 403
    outsider = make.user(stored, "Outsider")
    as_(client, stored, outsider)
    assert client.get(IN).status_code == 404
    assert client.get(f"{OUT}.json").status_code == 404
