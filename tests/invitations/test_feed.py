"""A subscribed calendar: whose rights it follows, what it shows, and how little it costs when nothing is new."""

import gzip
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from confmgr.activity.models import AuditEntry
from confmgr.delegations.belonging import shut_out
from confmgr.errors import Refused
from confmgr.invitations import feeds
from confmgr.invitations.domain import AnswerWay, FeedKind, PartStat
from confmgr.invitations.models import Feed
from confmgr.invitations.services import make_feed, publish, renew_feed, take_back_feed
from confmgr.invitations.timetable import published as slots
from confmgr.meetings.models import Membership
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.services import cancel_session, create_session
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_invitations import case, participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, move, once, world

BASE = "/meetings/seoul-2"
GONE = b"There is no such page, or it is not for you."


def feed(session: Session, here: World, kind: FeedKind = FeedKind.PERSONAL, **changes: object) -> str:
    """The address of a calendar of Cambodia's head."""
    given = {"actor": here.head_kh, "now": NOW, "kind": kind, "language": "en", "delegation": here.kh} | changes
    token = make_feed(session, here.meeting, **given)[1]  # type: ignore[arg-type]  # what tests change
    session.commit()
    return f"/f/{token}.ics"


def lines(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).replace("\r\n ", "").split("\r\n")


def values(found: list[str], name: str) -> list[str]:
    return [line.partition(":")[2] for line in found if line.startswith((f"{name}:", f"{name};"))]


@pytest.fixture(autouse=True)
def _in_january() -> object:
    with travel(NOW, tick=False):
        yield


def test_the_personal_calendar_has_the_identities_of_the_mails(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, cases=[case(stored, here, "Ring in Sihanoukville")])
    published(stored, here)
    move(stored, here, row)
    published(stored, here, NOW + timedelta(hours=1))
    told = participation(stored, here.delegate_kh.id)
    found = lines(client, feed(stored, here))
    assert values(found, "UID") == [told.uid]
    assert values(found, "SEQUENCE") == ["1"]
    assert values(found, "DTSTAMP") == ["20260115T040000Z"]
    assert values(found, "DTSTART") == ["20260205T020000Z"]
    assert values(found, "SUMMARY") == ["Bilateral meeting KH–TH"]
    assert {"METHOD:PUBLISH", "X-PUBLISHED-TTL:PT1H", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "COLOR:steelblue"} <= set(
        found
    )
    assert values(found, "SOURCE") == ["http://localhost/meetings/seoul-2/calendars"]
    assert not values(found, "ATTENDEE")
    assert "Sihanoukville" not in "".join(found)


def test_the_calendar_of_a_delegation_and_the_public_one_show_what_their_reader_may_know(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    jp = make.delegation(stored, here.meeting, "JP")
    bilateral(stored, here, delegations=[here.th, jp], starts=ELEVEN, place=here.t2)
    create_session(
        stored, actor=here.organiser, now=NOW, meeting=here.meeting, kind=SessionKind.PLENARY, everybody=True,
        starts=TEN + timedelta(hours=4), minutes=60, title=Words.of({"en": "Opening", "ko": "개회식"}),
    )  # fmt: skip
    published(stored, here)
    assert values(lines(client, feed(stored, here, FeedKind.DELEGATION)), "SUMMARY") == [
        "Bilateral meeting KH–TH",
        "Opening",
    ]
    public = lines(client, feed(stored, here, FeedKind.PUBLIC, language="ko"))
    assert values(public, "SUMMARY") == ["개회식"]
    assert "KH" not in "".join(public)


def _ends_membership(session: Session, here: World) -> None:
    session.scalars(select(Membership).where(Membership.user_id == here.head_kh.id)).one().ends_at = NOW


def _deactivates(_session: Session, here: World) -> None:
    here.head_kh.active = False


def _leaves(session: Session, here: World) -> None:
    here.delegate_kh.left_at = NOW
    shut_out(session, here.delegate_kh, actor=here.organiser, now=NOW)


def _takes_back(session: Session, here: World) -> None:
    take_back_feed(session, session.scalars(select(Feed)).one(), actor=here.head_kh, now=NOW)


def _renews(session: Session, here: World) -> None:
    renew_feed(session, session.scalars(select(Feed)).one(), actor=here.head_kh, now=NOW)


@pytest.mark.parametrize("kind", list(FeedKind))
@pytest.mark.parametrize("ends", [_ends_membership, _deactivates, _leaves, _takes_back, _renews])
def test_without_the_right_a_calendar_is_like_one_that_never_was(
    client: FlaskClient, stored: Session, kind: FeedKind, ends: object
) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    address = feed(stored, here, kind)
    mark = client.get(address).headers["ETag"]
    ends(stored, here)  # type: ignore[operator]
    stored.commit()
    unknown = client.get(f"/f/{'x' * 43}.ics")
    for answer in (client.get(address), client.get(address, headers={"If-None-Match": mark}), client.head(address)):
        assert answer.status_code == 404
        assert answer.headers.get("ETag") is None
    assert client.get(address).data == unknown.data
    assert GONE in unknown.data


def test_the_calendar_of_a_delegation_is_for_its_own_people_and_for_organisers(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    address = feed(stored, here, FeedKind.DELEGATION, delegation=here.th)
    assert client.get(address).status_code == 404
    organisers = feed(stored, here, FeedKind.DELEGATION, delegation=here.th, actor=here.organiser)
    assert client.get(organisers).status_code == 200


@pytest.mark.parametrize("kind", list(FeedKind))
def test_nothing_new_is_304_until_something_changes(client: FlaskClient, stored: Session, kind: FeedKind) -> None:
    here = world(stored)
    row = bilateral(stored, here, everybody=True, kind=SessionKind.PLENARY, title=Words.of("Opening"))
    published(stored, here)
    address = feed(stored, here, kind)

    def asked(mark: str) -> int:
        return client.get(address, headers={"If-None-Match": mark}).status_code

    first = client.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert first.headers["Last-Modified"] == "Thu, 15 Jan 2026 03:00:00 GMT"
    assert asked(first.headers["ETag"]) == 304
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.data, again.headers["ETag"]) == (b"", first.headers["ETag"])
    move(stored, here, row)
    stored.commit()
    assert asked(first.headers["ETag"]) == 304  # the working schedule is nobody else's
    published(stored, here, NOW + timedelta(hours=1))
    stored.commit()
    assert asked(first.headers["ETag"]) == 200
    mark = client.get(address).headers["ETag"]
    here.meeting.title = Words.of("Another name")
    stored.commit()
    assert asked(mark) == 200


def test_a_cancelled_session_says_so_for_thirty_days_and_goes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    published(stored, here, NOW + timedelta(days=1))
    for kind in (FeedKind.PERSONAL, FeedKind.DELEGATION):
        address = feed(stored, here, kind)
        with travel(NOW + timedelta(days=30), tick=False):
            assert values(lines(client, address), "STATUS") == ["CANCELLED"]
            mark = client.get(address).headers["ETag"]
        with travel(NOW + timedelta(days=31), tick=False):
            assert client.get(address, headers={"If-None-Match": mark}).status_code == 200
            assert values(lines(client, address), "STATUS") == []


def test_what_was_answered_by_mail_can_be_left_out(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    address, whole = feed(stored, here, without_answered=True), feed(stored, here)
    mark = client.get(address).headers["ETag"]
    row = participation(stored, here.delegate_kh.id)
    row.answer, row.answered_by, row.answered_at = PartStat.ACCEPTED, AnswerWay.MAIL, NOW
    stored.commit()
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 200
    assert values(lines(client, address), "UID") == []
    assert values(lines(client, whole), "UID") == [row.uid]
    row.answer = PartStat.TENTATIVE
    stored.commit()
    assert values(lines(client, address), "UID") == [row.uid]


def test_a_packed_answer_holds_the_same_and_head_its_length(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    address = feed(stored, here)
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.data == client.get(address, headers={"Accept-Encoding": "gzip"}).data
    assert packed.headers["ETag"] == plain.headers["ETag"]
    head = client.head(address)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(plain.data)))


def test_a_reading_is_noted_once_an_hour_and_a_304_asks_two_statements(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    address = feed(stored, here)
    mark = client.get(address, headers={"User-Agent": "Google-Calendar-Importer/1.0 <b>"}).headers["ETag"]
    row = stored.scalars(select(Feed)).one()
    stored.refresh(row)
    assert (row.read_at, row.reader) == (NOW, "Google-Calendar-Importer/1.0 <b>")
    stored.commit()
    with travel(NOW + timedelta(minutes=59), tick=False):
        statements.statements.clear()
        assert client.get(address, headers={"If-None-Match": mark}).status_code == 304
        assert sum(one.startswith("SELECT") for one in statements.statements) == 2
        assert {one.partition(" ")[0] for one in statements.statements} == {"BEGIN", "SELECT"}
    with travel(NOW + timedelta(minutes=61), tick=False):
        client.get(address, headers={"If-None-Match": mark})
    stored.refresh(row)
    assert row.read_at == NOW + timedelta(minutes=61)
    noted = stored.execute(
        select(AuditEntry.actor_id, AuditEntry.at).where(
            AuditEntry.action == "read", AuditEntry.object_uuid == row.uuid
        )
    ).all()
    assert sorted(noted, key=str) == [(row.user_id, NOW), (row.user_id, NOW + timedelta(minutes=61))]


def test_only_the_hash_of_an_address_is_kept_and_each_deed_is_in_the_audit(session: Session) -> None:
    here = world(session)
    given = {"actor": here.head_kh, "now": NOW, "language": "en"}
    row, token = make_feed(session, here.meeting, kind=FeedKind.PERSONAL, **given)  # type: ignore[arg-type]
    assert len(token) == 43
    assert token not in repr(vars(row))
    assert renew_feed(session, row, actor=here.head_kh, now=NOW) != token
    take_back_feed(session, row, actor=here.organiser, now=NOW)
    kept = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "feed").order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.actor_id) for entry in kept] == [
        ("create", here.head_kh.id),
        ("change", here.head_kh.id),
        ("delete", here.organiser.id),
    ]


def test_nobody_has_more_than_twenty_calendars_of_a_meeting(session: Session) -> None:
    here = world(session)
    for _number in range(20):
        make_feed(session, here.meeting, actor=here.head_kh, now=NOW, kind=FeedKind.PUBLIC, language="en")
    with pytest.raises(Refused):
        make_feed(session, here.meeting, actor=here.head_kh, now=NOW, kind=FeedKind.PUBLIC, language="en")


def test_a_calendar_is_made_seen_once_renewed_and_taken_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.head_kh)
    form = {"shows": "personal", "language": "ko", "once": once()}
    page = client.post(f"{BASE}/calendars", data=form)
    address = page.text.partition('value="http://localhost/f/')[2].partition('"')[0]
    assert f'href="webcal://localhost/f/{address}"' in page.text
    assert client.get(f"/f/{address}").status_code == 200
    assert address not in client.get(f"{BASE}/calendars").text
    row = stored.scalars(select(Feed)).one()
    stored.commit()
    renewed = client.post(f"{BASE}/calendars/{row.uuid}/renew").text
    fresh = renewed.partition('value="http://localhost/f/')[2].partition('"')[0]
    assert client.get(f"/f/{address}").status_code == 404
    assert client.get(f"/f/{fresh}").status_code == 200
    as_(client, stored, here.head_th)
    assert client.post(f"{BASE}/calendars/{row.uuid}/take-back").status_code == 404
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/calendars/{row.uuid}/renew").status_code == 404
    assert "Sok Dara" in client.get(f"{BASE}/calendars").text
    assert client.post(f"{BASE}/calendars/{row.uuid}/take-back").status_code == 302
    assert client.get(f"/f/{fresh}").status_code == 404


def test_a_delegate_is_not_offered_what_is_of_others(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/calendars").text
    assert "Sessions of Cambodia" in page
    assert "Sessions of Thailand" not in page
    form = {"shows": f"delegation:{here.th.uuid}", "language": "en", "once": once()}
    assert client.post(f"{BASE}/calendars", data=form).status_code == 422


def test_sequence_and_stamp_are_of_the_publication_in_which_a_session_changed(session: Session) -> None:
    here = world(session)
    first = bilateral(session, here)
    second = bilateral(session, here, starts=TEN + timedelta(hours=3))
    for hour in range(5):
        if hour in {1, 3}:
            move(session, here, second, starts=TEN + timedelta(hours=3 if hour == 3 else 5))
        publish(session, here.meeting, actor=here.organiser, now=NOW + timedelta(hours=hour), domain="police.example")
    found = {slot.session_id: (slot.number, slot.changed_at) for slot in slots(session, here.meeting.id)}
    assert found == {first.id: (1, NOW), second.id: (4, NOW + timedelta(hours=3))}


@pytest.mark.parametrize("kind", list(FeedKind))
def test_the_mark_of_a_calendar_changes_with_a_publication_and_not_with_the_working_schedule(
    session: Session, kind: FeedKind
) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    given = {"actor": here.head_kh, "now": NOW, "kind": kind, "language": "en", "delegation": here.kh}
    token = make_feed(session, here.meeting, **given)[1]  # type: ignore[arg-type]

    def mark(days: int = 0) -> str:
        now = NOW + timedelta(days=days, hours=2)
        return feeds.state(session, feeds.reading(session, token, now), now).mark

    first = mark()
    assert mark(days=1) == first
    move(session, here, row)
    assert mark() == first
    published(session, here, NOW + timedelta(hours=1))
    second = mark()
    assert second != first
    cancel_session(session, row, actor=here.organiser, now=NOW)
    published(session, here, NOW + timedelta(hours=2))
    third = mark()
    assert third != second
    assert mark(days=40) != third


def test_the_mark_of_a_calendar_does_not_tell_that_a_session_of_others_was_renamed(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    create_session(
        session,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        kind=SessionKind.PLENARY,
        starts=ELEVEN,
        minutes=30,
    )
    published(session, here)
    marks = {}
    for of in (here.kh, make.delegation(session, here.meeting, "VN"), None):
        kind = FeedKind.PUBLIC if of is None else FeedKind.DELEGATION
        given = {"actor": here.organiser, "now": NOW, "kind": kind, "language": "en", "delegation": of}
        token = make_feed(session, here.meeting, **given)[1]  # type: ignore[arg-type]
        marks[token] = feeds.state(session, feeds.reading(session, token, NOW), NOW).mark
    row.title = Words.of("On Mudskipper")
    session.flush()
    same = [feeds.state(session, feeds.reading(session, token, NOW), NOW).mark == mark for token, mark in marks.items()]
    assert same == [False, True, True]
