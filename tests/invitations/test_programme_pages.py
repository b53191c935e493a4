from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations.domain import PartStat
from confmgr.meetings.domain import Role
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession, SessionCase, SessionDelegation
from confmgr.scheduling.services import cancel_session
from confmgr.sharing.services import disclose
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_invitations import case, participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, break_, interpreter, move, world

BASE = "/meetings/seoul-2"


def lines(answer: bytes) -> set[str]:
    """The content lines of a calendar, unfolded; refuses what is none."""
    Calendar.from_ical(answer)
    return set(answer.decode().replace("\r\n ", "").split("\r\n"))


def with_japan(session: Session, here: World) -> MeetingSession:
    """Thailand meets Japan at eleven."""
    jp = make.delegation(session, here.meeting, "JP")
    return bilateral(session, here, starts=ELEVEN, place=here.t2, delegations=[here.th, jp])


def test_a_delegate_sees_own_meetings_and_those_of_all_and_no_bilateral_of_others(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    with_japan(stored, here)
    break_(stored, here, datetime(2026, 2, 5, 12, 0))  # noqa: DTZ001
    published(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/programme").text
    assert "Bilateral meeting KH–TH" in page
    assert "Break" in page
    assert b"JP" not in without_tokens(page.encode())
    as_(client, stored, here.organiser)
    assert "Bilateral meeting TH–JP" in client.get(f"{BASE}/programme").text


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.LEADERSHIP, True), (Role.PRESS, False), (Role.AUDITOR, False), (Role.INTERPRETER, False)]
)
def test_who_is_of_no_delegation_sees_bilaterals_only_as_leadership(
    client: FlaskClient, stored: Session, role: Role, sees: bool
) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    answer = client.get(f"{BASE}/programme")
    assert answer.status_code == 200
    assert ("Bilateral meeting KH–TH" in answer.text) is sees


def test_an_interpreter_sees_the_own_assignments(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    who = interpreter(stored, here)
    account = make.user(stored)
    who.user_id = account.id
    make.membership(stored, here.meeting, account, Role.INTERPRETER)
    bilateral(stored, here, interpreters=[who])
    with_japan(stored, here)
    published(stored, here)
    as_(client, stored, account)
    page = client.get(f"{BASE}/programme").text
    assert "Bilateral meeting KH–TH" in page
    assert b"JP" not in without_tokens(page.encode())
    assert "Bilateral meeting KH–TH" in client.get(f"{BASE}/my-agenda").text


def test_what_is_not_published_is_not_in_the_programme(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.head_kh)
    assert "Nothing is published yet." in client.get(f"{BASE}/programme").text
    published(stored, here)
    move(stored, here, row, place=here.t2, anyway=False)
    stored.commit()
    page = client.get(f"{BASE}/programme").text
    assert "10:00–10:40" in page
    assert "11:00" not in page


def test_a_cancelled_session_leaves_the_programme_with_the_next_publication(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    as_(client, stored, here.head_kh)
    assert "KH–TH" in client.get(f"{BASE}/programme").text
    published(stored, here, NOW + timedelta(hours=1))
    stored.commit()
    assert "KH–TH" not in client.get(f"{BASE}/programme").text
    agenda = client.get(f"{BASE}/my-agenda").text
    assert "KH–TH" in agenda
    assert "Cancelled" in agenda


def test_a_case_shows_its_title_only_to_who_may_see_its_body(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    secret = case(stored, here, "Ring in Sihanoukville")
    bilateral(stored, here, cases=[secret])
    published(stored, here)
    pages = {}
    for name, who in (("KH", here.head_kh), ("TH", here.head_th), ("staff", here.organiser)):
        as_(client, stored, who)
        pages[name] = client.get(f"{BASE}/programme").text
    assert "Ring in Sihanoukville" in pages["KH"]
    assert "KH-01" not in pages["TH"]
    assert "Sihanoukville" not in pages["staff"]
    assert "A fraud case" in pages["staff"]
    disclose(stored, secret.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    as_(client, stored, here.head_th)
    agenda = client.get(f"{BASE}/my-agenda").text
    assert "Ring in Sihanoukville" in agenda
    assert "TLP:AMBER" in agenda


def test_a_title_is_shown_in_the_readers_language_and_marked_where_it_falls_back(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here, kind=SessionKind.PLENARY, title=Words.of({"en": "Opening", "ko": "개회"}), delegations=[])
    bilateral(stored, here, kind=SessionKind.PLENARY, title=Words.of({"en": "Closing"}), starts=ELEVEN, anyway=True)
    published(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/programme?lang=ko").text
    assert "개회" in page
    assert '<bdi lang="en" dir="ltr" class="fallback">Closing' in page


def test_day_and_delegation_narrow_the_programme(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    bilateral(stored, here, starts=datetime(2026, 2, 6, 14, 0))  # noqa: DTZ001
    published(stored, here)
    as_(client, stored, here.organiser)
    friday = client.get(f"{BASE}/programme?day=2026-02-06").text
    assert "14:00–14:40" in friday
    assert "10:00–10:40" not in friday
    assert "14:00–14:40" not in client.get(f"{BASE}/programme?delegation=ZZ").text


def test_a_delegate_accepts_then_declines(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.head_kh)
    assert "1 invitation waits for your answer" in client.get(f"{BASE}/my-agenda").text
    at = f"{BASE}/my-agenda/{row.uuid}/answer"
    with clock.frozen(NOW):
        assert client.post(at, data={"said": "ACCEPTED"}).status_code == 302
    mine = participation(stored, here.delegate_kh.id)
    assert (mine.answer, mine.answered_sequence) == (PartStat.ACCEPTED, 0)
    stored.commit()
    with clock.frozen(NOW):
        assert client.post(at, data={"said": "DECLINED"}).status_code == 302
    stored.refresh(mine)
    assert mine.answer is PartStat.DECLINED
    assert participation(stored, here.delegate_th.id).answer is PartStat.NEEDS_ACTION


@pytest.mark.parametrize("said", ["", "NEEDS-ACTION", "MAYBE"])
def test_an_answer_that_is_none_is_refused(client: FlaskClient, stored: Session, said: str) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{BASE}/my-agenda/{row.uuid}/answer", data={"said": said})
    assert answer.status_code == 422
    assert "Answer with accepted, declined or tentative." in answer.text
    assert participation(stored, here.delegate_kh.id).answer is PartStat.NEEDS_ACTION


def test_nobody_answers_for_a_session_that_they_were_not_told_of(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = with_japan(stored, here)
    published(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(f"{BASE}/my-agenda/{row.uuid}/answer", data={"said": "ACCEPTED"}).status_code == 404
    assert client.get(f"{BASE}/my-agenda/{row.uuid}.ics").status_code == 404


def test_a_cancelled_invitation_cannot_be_answered(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    published(stored, here, NOW + timedelta(hours=1))
    as_(client, stored, here.head_kh)
    assert client.post(f"{BASE}/my-agenda/{row.uuid}/answer", data={"said": "ACCEPTED"}).status_code == 422


def test_the_own_calendar_has_the_identities_of_the_mails(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    with_japan(stored, here)
    published(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.get(f"{BASE}/my-agenda.ics")
    assert answer.mimetype == "text/calendar"
    mine = participation(stored, here.delegate_kh.id)
    stored.commit()
    found = lines(answer.data)
    assert {f"UID:{mine.uid}", "SEQUENCE:0", "DTSTART:20260205T010000Z", "METHOD:PUBLISH"} <= found
    assert sum(line == "BEGIN:VEVENT" for line in answer.text.split("\r\n")) == 1
    assert not any(line.startswith("ATTENDEE") for line in found)
    one = client.get(f"{BASE}/my-agenda/{row.uuid}.ics")
    assert f"UID:{mine.uid}" in lines(one.data)


def test_a_cancelled_session_says_so_in_the_own_calendar(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    published(stored, here, NOW + timedelta(hours=1))
    as_(client, stored, here.head_kh)
    found = lines(client.get(f"{BASE}/my-agenda.ics").data)
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= found


def test_the_calendar_of_a_delegation_is_for_itself_and_for_organisers(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    with_japan(stored, here)
    at = f"{BASE}/delegations/{here.kh.uuid}/calendar.ics"
    as_(client, stored, here.organiser)
    assert client.get(at).status_code == 404
    published(stored, here)
    stored.commit()
    answer = client.get(at)
    assert sum(line == "BEGIN:VEVENT" for line in answer.text.split("\r\n")) == 1
    assert f"UID:{row.uuid}@seoul-2" in lines(answer.data)
    as_(client, stored, here.head_kh)
    assert client.get(at).status_code == 200
    as_(client, stored, here.head_th)
    assert client.get(at).status_code == 403


def test_calendars_never_name_a_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, cases=[case(stored, here, "Ring in Sihanoukville")])
    published(stored, here)
    as_(client, stored, here.head_kh)
    for address in ("my-agenda.ics", f"delegations/{here.kh.uuid}/calendar.ics"):
        text = client.get(f"{BASE}/{address}").text
        assert "Sihanoukville" not in text
        assert "KH-01" not in text


def test_an_account_that_no_delegation_named_has_an_empty_agenda(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/my-agenda")
    assert page.status_code == 200
    assert "No delegation has named you" in page.text


@pytest.mark.slow
def test_a_programme_of_300_sessions_costs_little(client: FlaskClient, stored: Session, statements: Counter) -> None:
    here = world(stored, days=2)
    shown = case(stored, here, "Ring in Sihanoukville")
    row = bilateral(stored, here, anyway=True, cases=[shown])
    for n in range(299):
        stored.add(
            MeetingSession(
                meeting_id=here.meeting.id,
                reference=f"X{n}",
                kind=SessionKind.BILATERAL,
                title=Words.of({"en": f"Session {n}", "ko": f"회의 {n}"}) if n % 3 else None,
                place_id=here.t2.id,
                starts_local=TEN,
                ends_local=ELEVEN,
                starts_at=row.starts_at,
                ends_at=row.starts_at + timedelta(hours=1) if row.starts_at else None,
                zone="Asia/Seoul",
                minutes=60,
                delegations=[SessionDelegation(delegation_id=d.id) for d in (here.kh, here.th)],
                cases=[SessionCase(case_id=shown.id)],
            )
        )
    stored.flush()
    stored.expire_all()
    published(stored, here)
    as_(client, stored, here.head_kh)
    client.get(f"{BASE}/programme")
    statements.statements.clear()
    answer = client.get(f"{BASE}/programme")
    assert answer.text.count('class="entry ') == 300
    assert statements.count <= 17  # of them two look once more at what the page shows, when that is noted
