"""An action request from asking to its result: contacts, changes, hours, filters, the sheet, the mail that goes at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.interchange.sheets.reading import read
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import RequestStep, Urgency
from confmgr.outcomes.models import ActionRequest, ChainLink
from confmgr.outcomes.services import Wish
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, shared_lead
from tests.make_consents import colleague
from tests.make_outcomes import contact, request
from tests.make_scheduling import NOW, as_, bilateral, once, world
from tests.outcomes.test_request_pages import LIST, NEW, SECRET, asked

SOON = (datetime(2026, 1, 15, 17, 0), "Asia/Bangkok")  # noqa: DTZ001  # a wall time, seven hours after NOW
SHEET = f"{LIST}.xlsx"


def edited(row: ActionRequest, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(9),
        "version": row.version,
        "text-en": "Who owns the villa?",
        "urgency": "routine",
        "channel": "interpol",
    }
    return values | changes


def told(session: Session) -> list[tuple[str, dict[str, Any]]]:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.REQUEST_URGENT))
    found = [(row.recipient, row.facts) for row in rows]
    session.commit()
    return found


def test_both_sides_name_a_contact_of_their_own(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    ours = contact(stored, here)
    theirs = contact(stored, here, here.th.party, subject=Words.of("Bangkok desk"))
    as_(client, stored, here.head_kh)
    page = client.get(NEW).text
    assert str(ours.uuid) in page
    assert str(theirs.uuid) not in page
    assert client.post(NEW, data=asked(contact=str(theirs.uuid))).status_code == 422
    assert client.post(NEW, data=asked(contact=str(ours.uuid), once=once(2))).status_code == 302
    row = stored.scalars(select(ActionRequest)).one()
    address = f"/requests/{row.item.uuid}"
    as_(client, stored, here.head_th)
    answered = {"once": once(3), "state": "accepted", "contact": str(theirs.uuid), "version": row.version}
    assert client.post(address, data=answered).status_code == 302
    as_(client, stored, here.head_kh)
    page = client.get(address).text
    assert "Online fraud desk" in page
    assert "Bangkok desk" in page


def test_a_request_rests_on_what_the_asking_side_sees_and_says_so_to_those_who_see_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = case(stored, here)
    known = shared_lead(stored, here, of)
    secret = lead(stored, here, of, "KH-L9", title=Words.of("Only ours"))
    as_(client, stored, here.head_kh)
    assert "Only ours" not in client.get(NEW).text  # a draft leads to nothing yet
    chain = client.get(f"/operations/breaking-chains/chain/{known.item.uuid}").text
    assert f"{NEW}?cause={known.item.uuid}" in chain
    form = client.get(f"{NEW}?cause={known.item.uuid}").text
    assert f'<option selected value="{known.item.uuid}">{known.item.originator.code}/{known.item.reference} · ' in form
    data = asked(cause=str(known.item.uuid), case=str(of.item.uuid))
    assert client.post(NEW, data=data).status_code == 302
    row = stored.scalars(select(ActionRequest)).one()
    assert row.case_id == of.id
    assert [(one.from_item_id, one.to_item_id) for one in stored.scalars(select(ChainLink))] == [(known.id, row.id)]
    address = f"/requests/{row.item.uuid}"
    stored.commit()
    assert "It rests on" in client.get(address).text
    assert of.title.text("en") in client.get(address).text
    as_(client, stored, here.head_th)
    page = client.get(address).text
    assert "A number in Phnom Penh" in page
    assert of.title.text("en") not in page
    assert client.post(NEW, data=asked(once=once(5), asked="KH", cause=str(secret.item.uuid))).status_code == 422


def test_a_request_made_at_a_session_leads_back_to_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    sat = bilateral(stored, here)
    as_(client, stored, here.head_kh)
    assert str(sat.uuid) not in client.get(NEW).text  # not published yet
    services.link_chain(stored, here.meeting.operation, sat, request(stored, here, at_session=sat).item)
    as_(client, stored, here.organiser)
    page = client.get(f"/operations/breaking-chains/chain/{sat.uuid}")
    assert page.status_code == 200
    as_(client, stored, here.head_kh)
    assert client.get(f"/operations/breaking-chains/chain/{sat.uuid}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"urgency": "emergency", "due": ""}, "An emergency is counted in hours: say by when."),
        ({"hours": "5"}, "Give either a due time or a number of hours."),
        ({"due": "", "hours": "0"}, "Number must be between 1 and 336."),
        ({"due": "", "hours": "soon"}, "Not a valid integer value."),
        ({"cause": "gone"}, "Not a valid choice."),
        ({"case": "gone"}, "Not a valid choice."),
    ],
)
def test_a_request_that_cannot_be_is_refused_with_a_sentence(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=asked(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(ActionRequest)).all() == []


def test_an_emergency_is_counted_in_hours_on_the_clock_of_who_acts_and_on_the_readers(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.head_kh.zone = "Europe/Paris"
    with clock.frozen(NOW):
        as_(client, stored, here.head_kh)
        data = asked(urgency="emergency", due="", hours="5")
        assert client.post(NEW, data=data).status_code == 302
        row = stored.scalars(select(ActionRequest)).one()
        assert (row.due_at, row.due_local) == (NOW + timedelta(hours=5), datetime(2026, 1, 15, 15, 0))  # noqa: DTZ001
        address = f"/requests/{row.item.uuid}"
        stored.commit()
        page = client.get(address).text
        assert "in 5 hours" in page
        assert "15 Jan 2026, 09:00 on your clock" in page
        assert "in 5 hours" in client.get(LIST).text
    with clock.frozen(NOW + timedelta(hours=8)):
        as_(client, stored, here.head_kh)
        assert "3 hours overdue" in client.get(address).text
        assert "3 hours overdue" in client.get(LIST).text


def test_the_asking_party_changes_a_request_until_it_is_answered(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    address = f"/requests/{row.item.uuid}/edit"
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 403
    assert client.post(address, data=edited(row)).status_code == 403
    as_(client, stored, here.head_kh)
    assert SECRET in client.get(address).text
    seen = edited(row)
    assert client.post(address, data=seen).status_code == 302
    page = client.get(f"/requests/{row.item.uuid}").text
    assert "Who owns the villa?" in page
    assert "Asked anew" in page
    late = client.post(address, data=seen | {"once": once(2), "text-en": "Lost?"})
    assert late.status_code == 409
    assert "Somebody else changed this while you had it open." in late.text
    stored.expire_all()
    services.advance_request(stored, row, actor=here.head_th, now=NOW, state=RequestStep.ACCEPTED)
    stored.commit()
    answered = client.post(address, data=edited(row, once=once(3)))
    assert answered.status_code == 422
    assert "has answered, so the request stays as it is." in answered.text
    assert "Asked anew" in client.get(f"/requests/{row.item.uuid}").text


def test_who_answers_what_has_changed_meanwhile_is_told(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    before = row.version
    wish = Wish(Words.of("Who owns it?"))
    services.change_request(stored, row, wish, actor=here.head_kh, now=NOW, seen_version=before)
    as_(client, stored, here.head_th)
    data = {"once": once(), "state": "accepted", "version": before}
    assert client.post(f"/requests/{row.item.uuid}", data=data).status_code == 409
    stored.expire_all()
    assert row.state is RequestStep.ASKED


def test_the_history_says_who_and_how_long_each_state_lasted(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    for hours, state, reason in ((30, RequestStep.ACCEPTED, None), (45, RequestStep.DECLINED, "No such villa")):
        at = NOW + timedelta(hours=hours)
        services.advance_request(stored, row, actor=here.head_th, now=at, state=state, reason=reason)
    as_(client, stored, here.head_kh)
    page = client.get(f"/requests/{row.item.uuid}").text
    assert "Somchai Wong" in page
    assert "30 hours" in page
    assert "15 hours" in page
    assert "Declined: No such villa" in page


def test_a_party_that_declined_by_mistake_accepts_after_all(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_th)
    address = f"/requests/{row.item.uuid}"
    for number, answer in enumerate(("declined", "accepted")):
        data = {"once": once(number), "version": row.version, "state": answer, "reason": "Not ours"}
        stored.commit()
        assert client.post(address, data=data).status_code == 302
        counts = client.get("/operations/breaking-chains/follow-up?state=open").text
        assert (SECRET in counts) is (answer == "accepted")
        stored.expire_all()
    assert [step.state.value for step in row.steps] == ["asked", "declined", "accepted"]
    stored.commit()
    page = client.get(address).text
    assert "Not ours" in page
    assert "How far is it?" in page


def test_what_lasts_less_than_an_hour_is_told_in_minutes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    for minutes, state in ((20, RequestStep.ACCEPTED), (80, RequestStep.DONE)):
        at = NOW + timedelta(minutes=minutes)
        services.advance_request(stored, row, actor=here.head_th, now=at, state=state)
    as_(client, stored, here.head_kh)
    page = client.get(f"/requests/{row.item.uuid}").text
    assert "20 minutes" in page
    assert "1 hour" in page


def test_the_list_is_filtered_by_its_address_and_counts_what_each_party_owes(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    request(stored, here, "KH-R1", text=Words.of("Late one"), due=SOON)
    request(stored, here, "KH-R2", text=Words.of("Calm one"))
    done = request(stored, here, "KH-R3", text=Words.of("Done one"))
    for state in (RequestStep.ACCEPTED, RequestStep.DONE):
        services.advance_request(stored, done, actor=here.head_th, now=NOW + timedelta(hours=4), state=state)
    as_(client, stored, here.head_kh)
    shown = {
        "": "Late Calm Done",
        "?state=open": "Late Calm",
        "?state=overdue": "Late",
        "?state=closed": "Done",
        "?party=TH": "Late Calm Done",
        "?party=XX": "",
        "?urgency=routine": "Late Calm Done",
        "?urgency=urgent": "",
        "?state=nonsense&urgency=1": "Late Calm Done",
    }
    for query, names in shown.items():
        page = client.get(LIST + query).text
        assert {name for name in ("Late", "Calm", "Done") if f"{name} one" in page} == set(names.split()), query
        assert "What each party owes" in page
    assert "4 hours" in client.get(LIST).text  # as a rule Thailand answers after four hours


def test_the_sheet_has_a_delegations_own_lines_alone_with_their_marking(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    laos = make.delegation(stored, here.meeting, "LA")
    other = make.user(stored, "Kham Souk")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=laos)
    request(stored, here, tlp=Tlp.GREEN, contact=contact(stored, here), text=Words.of("=1+1"))
    for who, references in ((here.head_kh, ["KH/KH-R1"]), (here.head_th, ["KH/KH-R1"]), (other, [])):
        as_(client, stored, who)
        answer = client.get(SHEET)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == 'attachment; filename="breaking-chains-actions.xlsx"'
        (sheet,) = read(answer.data, "actions.xlsx")
        assert sheet.formulas == []
        rows = sheet.rows[2:]
        assert [row[0] for row in rows] == references
        for row in rows:
            assert row[2] == "=1+1"
            assert "Head of the desk" in row[4]
            assert row[-1] == "TLP:GREEN"


def test_the_sheet_of_organisers_has_envelopes_and_nothing_of_red(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second = colleague(stored, here, here.kh, "Chan Thida")
    request(stored, here)
    request(stored, here, "KH-R9", tlp=Tlp.RED, named_readers=[second])
    as_(client, stored, here.organiser)
    (sheet,) = read(client.get(SHEET).data, "actions.xlsx")
    assert [(row[0], row[2]) for row in sheet.rows[2:]] == [("KH/KH-R1", "")]
    assert SECRET not in str(sheet.rows)


@pytest.mark.parametrize("urgency", ["urgent", "emergency"])
def test_the_head_that_is_asked_hears_at_once_of_what_cannot_wait(
    client: FlaskClient, stored: Session, urgency: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.post(NEW, data=asked(urgency=urgency)).status_code == 302
    assert told(stored) == [(here.delegate_th.email, {**told(stored)[0][1]})]
    facts = str(told(stored)[0][1])
    assert "/operations/breaking-chains/follow-up" in facts
    assert SECRET not in facts


def test_a_routine_request_writes_to_nobody_until_it_becomes_urgent_and_then_once(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.post(NEW, data=asked(urgency="routine")).status_code == 302
    assert told(stored) == []
    row = stored.scalars(select(ActionRequest)).one()
    address = f"/requests/{row.item.uuid}/edit"
    for number in (2, 3):
        data = edited(row, urgency="urgent", once=once(number))
        stored.commit()
        assert client.post(address, data=data).status_code == 302
        stored.expire_all()
        assert len(told(stored)) == 1


def test_only_a_head_who_may_see_the_request_is_written_to(session: Session) -> None:
    here = world(session)
    row = request(session, here, urgency=Urgency.URGENT)
    here.delegate_th.user_id = None
    session.flush()
    assert not services.tell_at_once(session, row, now=NOW, domain="police.example")
    here.delegate_th.user_id = here.head_th.id
    session.flush()
    assert services.tell_at_once(session, row, now=NOW, domain="police.example")
    assert not services.tell_at_once(session, row, now=NOW, domain="police.example")
    named = [colleague(session, here, here.kh, "Chan Thida"), here.head_th]
    red = request(session, here, "KH-R2", urgency=Urgency.URGENT, tlp=Tlp.RED, named_readers=named)
    assert not services.tell_at_once(session, red, now=NOW, domain="police.example")


def test_a_change_is_refused_once_somebody_answered_or_changed_it(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    wish = Wish(Words.of("Who owns it?"), urgency=Urgency.URGENT, due=SOON)
    with pytest.raises(StaleVersion):
        services.change_request(session, row, wish, actor=here.head_kh, now=NOW, seen_version=row.version + 1)
    services.change_request(session, row, wish, actor=here.head_kh, now=NOW, seen_version=row.version)
    assert (row.due_at, row.urgency) == (NOW + timedelta(hours=7), Urgency.URGENT)
    hasty = Wish(row.text, urgency=Urgency.EMERGENCY)
    with pytest.raises(Refused, match="emergency_needs_due"):
        services.change_request(session, row, hasty, actor=here.head_kh, now=NOW, seen_version=row.version)
    services.advance_request(session, row, actor=here.head_th, now=NOW, state=RequestStep.ACCEPTED)
    with pytest.raises(Refused, match="request_answered"):
        services.change_request(session, row, wish, actor=here.head_kh, now=NOW, seen_version=row.version)


def test_ended_contacts_are_not_offered_but_stay_on_their_requests(session: Session) -> None:
    here = world(session)
    ours = contact(session, here)
    row = request(session, here, contact=ours)
    assert queries.contacts_of(session, here.kh.party_id) == [ours]
    services.end_contact(session, ours, actor=here.head_kh, now=NOW)
    assert queries.contacts_of(session, here.kh.party_id) == []
    assert row.asking_contact is ours


def test_who_takes_the_action_list_along_is_noted_with_what_stands_in_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_th)
    answer = client.get(SHEET)
    assert answer.headers["Cache-Control"] == "no-store"
    (entry,) = stored.scalars(select(AuditEntry).where(AuditEntry.action == "export"))
    assert (entry.actor_id, entry.object_ids) == (here.head_th.id, ["actions", str(row.item.uuid)])
