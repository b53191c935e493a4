"""Pages of conflicts, of free slots and of the rules, as an organiser uses them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.scheduling.models import MeetingSession, ScheduleState
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, TEN, World, as_, bilateral, break_, interpreter, once, world

BASE = "/meetings/seoul-2"
CONFLICTS = f"{BASE}/schedule/conflicts"
RULES = f"{BASE}/schedule/rules"


def at(row: MeetingSession, action: str) -> str:
    return f"{BASE}/sessions/{row.uuid}/{action}"


def clashing(session: Session, here: World) -> tuple[MeetingSession, MeetingSession]:
    """Cambodia meets Thailand and Japan at the same time at the same table."""
    jp = make.delegation(session, here.meeting, "JP")
    return bilateral(session, here), bilateral(session, here, delegations=[here.kh, jp], anyway=True)


def sent(page: str, name: str) -> str:
    """The value of the first field or button of that name."""
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def test_conflicts_are_listed_by_reason_with_the_best_free_slots(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    clashing(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(CONFLICTS).text
    assert "2 sessions have a conflict" in page
    assert page.index("A delegation has no team left") < page.index("The place is taken")
    assert "KH has no team left: it is in KH–TH then." in page
    assert "Place T1 is taken by KH–TH." in page
    assert 'value="2026-02-05T09:20||T1"' in page
    assert "costs nobody anything" in page


def test_nothing_in_the_way_is_said_in_a_sentence(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(CONFLICTS).text
    assert "No session has a conflict." in page
    assert "Nothing stands in the way of any session." in page


def test_a_button_moves_the_session_without_any_script_and_leads_back_to_the_conflicts(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    one, _other = clashing(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(CONFLICTS).text
    offer = {"to": sent(page, "to"), "version": sent(page, "version"), "back": "conflicts"}
    answer = client.post(at(one, "openings"), data=offer, follow_redirects=True)
    assert answer.request.path == CONFLICTS
    assert "The session is moved." in answer.text
    assert "No session has a conflict." in answer.text
    stored.refresh(one)
    assert (one.version, f"{one.starts_local:%H:%M}") == (2, offer["to"][11:16])


def test_a_slot_that_was_taken_meanwhile_moves_nothing_and_says_by_whom(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    bilateral(stored, here, starts=ELEVEN)
    as_(client, stored, here.organiser)
    offer = {"to": "2026-02-05T11:00||T1", "version": "1", "back": "session"}
    page = client.post(at(row, "openings"), data=offer, follow_redirects=True).text
    assert "Place T1 is taken by KH–TH." in page
    stored.refresh(row)
    assert row.starts_local == TEN


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"version": "0"}, 409),
        ({"to": "tomorrow"}, 404),
        ({"to": "2026-02-31T11:00||T1"}, 404),
        ({"to": "2026-02-05T11:00||T9"}, 404),
        ({"to": "2026-02-05T11:03||T1"}, 422),
    ],
)
def test_an_offer_that_is_old_or_made_up_moves_nothing(
    client: FlaskClient, stored: Session, changes: dict[str, str], status: int
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    offer = {"to": "2026-02-05T11:00||T1", "version": "1", "back": ""} | changes
    assert client.post(at(row, "openings"), data=offer).status_code == status
    stored.refresh(row)
    assert row.starts_local == TEN


def test_a_locked_session_is_not_offered_another_slot(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    one, other = clashing(stored, here)
    one.time_locked = other.time_locked = True
    as_(client, stored, here.organiser)
    page = client.get(CONFLICTS).text
    assert "Locked: it stays where it is." in page
    assert 'name="to"' not in page


def test_the_free_slots_of_a_session_say_what_each_costs_and_who_interprets(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here)
    vanna = interpreter(stored, here)
    jp = make.delegation(stored, here.meeting, "JP")
    row = bilateral(stored, here, delegations=[here.th, jp], starts=None, interpretation="km-th", interpreters_wanted=1)
    as_(client, stored, here.organiser)
    page = client.get(at(row, "openings")).text
    assert f'value="2026-02-05T09:20|{vanna.id}|T1"' in page
    assert "Chea Vanna is free to interpret" in page
    offer = {"to": sent(page, "to"), "version": "1", "back": "session"}
    client.post(at(row, "openings"), data=offer)
    stored.refresh(row)
    assert [link.interpreter_id for link in row.interpreters] == [vanna.id]


def test_why_not_here_is_answered_with_the_reasons_or_with_the_cost(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = bilateral(stored, here, starts=ELEVEN)
    as_(client, stored, here.organiser)
    page = client.get(at(row, "why"), query_string={"starts": "2026-02-05T10:20", "place": "T1"}).text
    assert "KH has no team left: it is in KH–TH then." in page
    assert "Place T1 is taken by KH–TH." in page
    page = client.get(at(row, "why"), query_string={"starts": "2026-02-05T12:00", "place": "T1"}).text
    assert "It can be there: 4 idle slots for Cambodia, 4 idle slots for Thailand, 60 min later." in page
    page = client.get(at(row, "why"), query_string={"starts": "2026-03-05T12:00", "place": "T1"}).text
    assert "The meeting is from 2026-02-05 to 2026-02-06." in page


def test_a_question_that_names_no_time_is_asked_again(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    answer = client.get(at(row, "why"), query_string={"starts": "soon", "place": "T1"})
    assert answer.status_code == 422
    assert "Not a valid datetime value." in answer.text
    assert client.get(at(row, "why"), query_string={"part": "1", "starts": "soon"}).status_code == 404


@pytest.mark.parametrize("asked", [{"headers": {"HX-Request": "true"}}, {"query_string": {"part": "1"}}])
def test_a_part_comes_without_the_frame_of_a_page(
    client: FlaskClient, stored: Session, asked: dict[str, dict[str, str]]
) -> None:
    here = world(stored)
    one, _other = clashing(stored, here)
    as_(client, stored, here.organiser)
    assert client.get(CONFLICTS, **asked).text.lstrip().startswith("<h2")
    assert client.get(at(one, "openings"), **asked).text.lstrip().startswith("<form")
    where = {"starts": "2026-02-05T12:00", "place": "T1", **asked.get("query_string", {})}
    part = client.get(at(one, "why"), query_string=where, headers=asked.get("headers"))
    assert part.text.lstrip().startswith('<div class="notice')
    assert "<html" in client.get(CONFLICTS).text


def fill(session: Session, here: World, numbers: range) -> None:
    """A pair of sessions that clash for each number."""
    for n in numbers:
        a, b, c = (make.delegation(session, here.meeting, f"X{chr(65 + n)}{letter}") for letter in "ABC")
        bilateral(session, here, delegations=[a, b], anyway=True)
        bilateral(session, here, delegations=[a, c], anyway=True)
    session.commit()


def test_the_pages_ask_the_database_as_often_for_many_conflicts_as_for_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    fill(stored, here, range(1))
    as_(client, stored, here.organiser)
    urls = [CONFLICTS, at(row, "openings"), at(row, "why") + "?starts=2026-02-05T12:00&place=T1", RULES]
    few = {url: asked(client, statements, url) for url in urls}
    fill(stored, here, range(1, 16))
    assert {url: asked(client, statements, url) for url in urls} == few
    assert max(few.values()) <= 26


def asked(client: FlaskClient, statements: Counter, url: str) -> int:
    client.get(url)
    statements.statements.clear()
    assert client.get(url).status_code == 200
    return statements.count


def chosen(page: str) -> dict[str, str]:
    """The rules as the page shows them, ready to be sent again."""
    fields = {}
    for part in page.split("<select ")[1:]:
        name = part.partition('name="')[2].partition('"')[0]
        option = part.partition("<option selected value=")[2].partition(">")[0].strip('"')
        if option in {"block", "warn", "ignore"}:
            fields[name] = option
    return fields | {"seen": sent(page.replace(' type="hidden"', "").replace('id="seen" ', ""), "seen"), "once": once()}


def test_an_organiser_says_what_each_rule_does_and_the_conflicts_follow(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    clashing(stored, here)
    as_(client, stored, here.organiser)
    form = chosen(client.get(RULES).text)
    assert (form["delegation_busy"], form["place_small"], len(form)) == ("block", "warn", 21)
    changes = {"place_taken": "ignore", "delegation_busy": "warn", "walk_minutes": "15", "once": once(2)}
    answer = client.post(RULES, data=form | changes, follow_redirects=True)
    assert "The rules are saved." in answer.text
    state = stored.get_one(ScheduleState, here.meeting.id)
    assert state.severities == {"place_taken": "ignore", "delegation_busy": "warn"}
    assert state.walk_minutes == 15
    actions = list(stored.scalars(select(AuditEntry.action).where(AuditEntry.action == "set_rules")))
    stored.commit()
    assert actions == ["set_rules"]
    page = client.get(CONFLICTS).text
    assert "The place is taken" not in page
    assert "KH has no team left" in page
    assert chosen(client.get(RULES).text)["place_taken"] == "ignore"


def test_rules_that_somebody_changed_meanwhile_are_not_overwritten(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    form = chosen(client.get(RULES).text) | {"walk_minutes": "0"}
    client.post(RULES, data=form | {"place_small": "block", "once": once(2)})
    answer = client.post(RULES, data=form | {"place_small": "ignore", "once": once(3)})
    assert answer.status_code == 409
    assert stored.get_one(ScheduleState, here.meeting.id).severities == {"place_small": "block"}


def test_all_rules_go_back_to_usual_at_once_and_the_walk_stays(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.add(ScheduleState(meeting_id=here.meeting.id, severities={"place_small": "block"}, walk_minutes=10))
    as_(client, stored, here.organiser)
    page = client.get(RULES).text
    assert "Judge every rule as usual" in page
    seen = chosen(page)["seen"]
    answer = client.post(f"{RULES}/usual", data={"seen": seen}, follow_redirects=True)
    assert "Every rule is judged as usual again." in answer.text
    assert "Judge every rule as usual" not in answer.text
    state = stored.get_one(ScheduleState, here.meeting.id, populate_existing=True)
    assert (state.severities, state.walk_minutes, state.revision) == ({}, 10, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"walk_minutes": "241"}, "Number must be between 0 and 240."),
        ({"place_small": "explode"}, "Not a valid choice."),
    ],
)
def test_rules_that_are_none_are_refused(
    client: FlaskClient, stored: Session, changes: dict[str, str], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    form = chosen(client.get(RULES).text) | {"walk_minutes": "0"}
    answer = client.post(RULES, data=form | changes)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_what_the_meeting_only_warns_of_is_saved_at_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = bilateral(stored, here, starts=ELEVEN)
    stored.flush()
    state = stored.get_one(ScheduleState, here.meeting.id)
    state.severities = {"delegation_busy": "warn", "place_taken": "warn"}
    as_(client, stored, here.organiser)
    offer = {"to": "2026-02-05T10:00||T1", "version": "1", "back": "session"}
    page = client.post(at(row, "openings"), data=offer, follow_redirects=True).text
    assert "The session is moved." in page
    assert "Place T1 is taken by KH–TH." in page


@pytest.mark.parametrize("page", ["schedule/conflicts", "schedule/rules"])
def test_nobody_else_sees_conflicts_or_rules(client: FlaskClient, stored: Session, page: str) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}/{page}").status_code == 403


def test_nobody_else_sees_the_free_slots_of_a_session_or_moves_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.head_kh)
    assert client.get(at(row, "openings")).status_code == 403
    assert client.get(at(row, "why")).status_code == 403
    assert client.post(at(row, "openings"), data={"to": "2026-02-05T11:00||T1", "version": "1"}).status_code == 403


def test_a_break_over_many_sessions_counts_what_it_does_not_name(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    break_(stored, here, TEN)
    fill(stored, here, range(4))
    as_(client, stored, here.organiser)
    assert "And 3 more." in client.get(CONFLICTS).text
