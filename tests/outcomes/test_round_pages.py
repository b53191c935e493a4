"""Reporting rounds in the browser: asked by organisers, answered by each party, read by nobody else."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState, RoundState
from confmgr.outcomes.models import ReportingRound, RoundAnswer, RoundReturn
from tests import make
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_outcomes import figure
from tests.make_rounds import accepted, handed_in, heads, nil, of, round_, saved, value
from tests.make_scheduling import NOW, World, as_, once, world

LIST = "/operations/breaking-chains/rounds"
NEW = "/operations/breaking-chains/rounds/new"


def asking(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "title-en": "Winter round",
        "title-ko": "겨울 보고",
        "from_on": "2025-12-01",
        "to_on": "2026-01-10",
        "due": "2026-01-20T17:00",
        "zone": "Asia/Seoul",
        "measures": ["arrested", "seized"],
        "parties": ["KH", "TH"],
    }
    return values | changes


def answering(row: RoundReturn, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "version": row.version,
        "arrested.0:low": "15",
        "compiled_by": "Maj. Sok",
        "released_by": "General Commissariat",
        "publishing": "in_totals",
    }
    return values | {name.replace("__", ".0:"): text for name, text in changes.items()}


def url(row: RoundReturn, page: str = "") -> str:
    return f"/returns/{row.uuid}{page}"


def opened(session: Session, here: World, **changes: Any) -> tuple[ReportingRound, RoundReturn]:
    """The round, and Cambodia's return."""
    row = round_(session, here, **changes)
    session.commit()
    return row, of(row, here.kh)


def state(session: Session, row: RoundReturn) -> ReturnState:
    session.expire_all()
    found = session.get_one(RoundReturn, row.id).state
    session.commit()
    return found


def test_an_organiser_opens_changes_and_closes_a_round(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get(NEW)
    assert page.status_code == 200
    assert (
        len(re.findall(r'name="parties" type="checkbox" value="\w+" checked|checked[^>]*name="parties"', page.text))
        == 3
    )
    assert client.post(NEW, data=asking()).status_code == 302
    row = stored.scalars(select(ReportingRound)).one()
    stored.commit()
    assert "Winter round" in client.get(LIST).text
    edit = f"/rounds/{row.uuid}/edit"
    assert client.get(edit).status_code == 200
    changed = asking(once=once(2), version=row.version, measures=["arrested"], **{"title-en": "Long winter"})
    assert client.post(edit, data=changed).status_code == 302
    assert client.post(edit, data=changed | {"once": once(3)}).status_code == 409
    page = client.get(f"/rounds/{row.uuid}")
    assert "Long winter" in page.text
    assert "0 of 2 parties reported, 0 nil; preliminary" in page.text
    assert client.post(f"/rounds/{row.uuid}/close").status_code == 302
    assert client.post(f"/rounds/{row.uuid}/close").status_code == 302
    assert "0 of 2 parties reported, 0 nil; final" in client.get(f"/rounds/{row.uuid}").text
    answer = client.post(edit, data=asking(once=once(4), version=row.version + 2))
    assert answer.status_code == 422
    assert "This round is closed." in answer.text


def test_a_round_that_was_closed_by_mistake_is_opened_again_for_all(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, _own = opened(stored, here)
    as_(client, stored, here.organiser)
    page = f"/rounds/{row.uuid}"
    with clock.frozen(NOW):
        client.post(f"{page}/close")
        assert f"{page}/open" in client.get(page).text
        assert client.post(f"{page}/open").status_code == 302
        assert "0 of 2 parties reported, 0 nil; preliminary" in client.get(page).text
        client.post(f"{page}/close")
    with clock.frozen(NOW + timedelta(days=1, minutes=1)):
        assert f"{page}/open" not in client.get(page).text
        assert "This round is closed." in client.post(f"{page}/open", follow_redirects=True).text
    as_(client, stored, here.head_kh)
    assert client.post(f"{page}/open").status_code == 403


def test_a_head_is_led_from_the_round_to_the_form_and_reads_the_question_first(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    as_(client, stored, here.head_kh)
    assert url(own, "/edit") in client.get(f"/rounds/{row.uuid}").text
    form = client.get(url(own, "/edit")).text
    assert 'value="Sok Dara"' in form
    handed_in(stored, own, here.head_kh, value("arrested", 15))
    services.send_back(stored, own, actor=here.organiser, now=NOW, reason="Which ones?", seen_version=own.version)
    stored.commit()
    page = client.get(url(own)).text
    assert page.index("Which ones?") < page.index("Arrested")
    as_(client, stored, here.organiser)
    assert client.get(url(own)).text.count("Which ones?") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title-en": "", "title-ko": ""}, "Write this in at least one language."),
        ({"measures": []}, "Choose at least one measure."),
        ({"measures": ["good_will"]}, "is not a valid choice"),
        ({"parties": []}, "Choose at least one party."),
        ({"parties": ["FR"]}, "is not a valid choice"),
        ({"to_on": "2025-11-01"}, "before"),
        ({"from_on": "yesterday"}, "Not a valid date value."),
        ({"zone": "Asia/Nowhere"}, "There is no time zone of that name."),
        ({"zone": ""}, "There is no time zone"),
        ({"due": "2024-01-20T17:00"}, "It cannot be due before the period begins."),
    ],
)
def test_a_wrong_round_is_refused_with_a_sentence_and_nothing_is_asked(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(NEW, data=asking(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(ReportingRound)).all() == []


def test_a_delegate_answers_saves_and_hands_in(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    _round, own = opened(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(url(own, "/edit"))
    assert "First deprivation of liberty on suspicion of an offence" in page.text
    sent = answering(own, seized__low="1,200.50", seized__currency="usd", held__kind="nil") | {
        "arrested.0:sex.male": "12",
        "arrested.0:nationality": "KR 5",
        "seized.1:low": "7",
        "seized.1:currency": "KRW",
        "story": "Raid at dawn.",
    }
    assert client.post(url(own, "/edit"), data=sent).status_code == 302
    assert state(stored, own) is ReturnState.DRAFT
    shown = client.get(url(own)).text
    for text in ("Men: 12", "Sex, not stated: 3", "US$1,200.50", "Raid at dawn.", "Answered"):
        assert text in shown
    text = client.get(url(own, "/edit")).text
    assert 'value="1200.5"' in text
    again = sent | {"once": once(2), "version": stored.get_one(RoundReturn, own.id).version, "hand_in": "1"}
    stored.commit()
    assert client.post(url(own, "/edit"), data=again).status_code == 302
    assert state(stored, own) is ReturnState.SUBMITTED
    assert client.get(url(own, "/edit")).headers["Location"] == url(own)


def test_an_empty_cell_stays_empty(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    _round, own = opened(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(url(own, "/edit"), data=answering(own)).status_code == 302
    assert [row.measure for row in stored.scalars(select(RoundAnswer))] == ["arrested"]
    stored.commit()
    assert "Partly answered" in client.get(url(own)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"arrested.0:low": "-3"}, "Arrested: A figure cannot be below zero."),
        ({"arrested.0:low": "many"}, "“many” is no number"),
        ({"arrested.0:low": "9" * 19}, "This number is too large to be right."),
        ({"arrested.0:low": "20", "arrested.0:high": "10"}, "The upper end is below the lower end."),
        ({"seized.0:low": "5", "seized.0:currency": "XYZ"}, "Money needs its currency"),
        (
            {"seized.0:low": "5", "seized.0:currency": "KRW", "seized.1:low": "5", "seized.1:currency": "KRW"},
            "KRW stands there twice",
        ),
        ({"arrested.0:kind": "nil"}, "not both"),
        ({"arrested.0:kind": "<script>alert(1)</script>"}, "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ({"arrested.0:note": "bell\x07"}, "Remove the invisible control characters."),
        ({"arrested.0:note": "x" * 2050}, "Too long"),
        ({"arrested.0:sex.male": "16"}, "Sex: the parts are more than the whole."),
        ({"publishing": "everywhere"}, "Not a valid choice."),
        ({"story": "\n".join("x" * 11)}, "At most 10 lines."),
        ({"hand_in": "1", "compiled_by": ""}, "Say who compiled it."),
        ({"hand_in": "1", "released_by": ""}, "Say which authority released it."),
        ({"hand_in": "1", "arrested.0:low": ""}, "Answer at least one measure"),
    ],
)
def test_a_wrong_answer_is_refused_in_words_and_nothing_is_saved(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    _round, own = opened(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(url(own, "/edit"), data=answering(own) | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(RoundAnswer)).all() == []
    assert state(stored, own) is ReturnState.NOT_ANSWERED


def test_what_somebody_else_saved_meanwhile_stands_beside_what_one_typed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    _round, own = opened(stored, here)
    seen = own.version
    saved(stored, own, here.head_kh, value("arrested", 99), nil("held"))
    stored.commit()
    as_(client, stored, here.head_kh)
    late = answering(own) | {"version": seen}
    answer = client.post(url(own, "/edit"), data=late)
    assert answer.status_code == 409
    for text in (
        "Somebody of your party saved this return",
        'value="15"',
        "Saved meanwhile: 99",
        "Saved meanwhile: Nil",
    ):
        assert text in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert client.post(url(own, "/edit"), data=late | {"version": version[1]}).status_code == 302
    stored.expire_all()
    assert [(row.measure, int(row.low or 0)) for row in stored.scalars(select(RoundAnswer))] == [("arrested", 15)]


def test_the_own_records_are_shown_and_filled_in_only_when_asked_and_saved_never(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    poipet = figure(stored, here, "poipet", 10)
    figure(stored, here, "bangkok", 40, owner=here.th.party)
    _round, own = opened(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(url(own, "/edit")).text
    assert "From your records:" in page
    assert f"/figures/{poipet.uuid}" in page
    assert 'value="10"' not in page
    filled = client.get(url(own, "/edit?records=1")).text
    assert 'id="arrested.0:low" name="arrested.0:low" value="10"' in filled
    assert "1 number was filled in from your records. Nothing is saved yet." in filled
    assert state(stored, own) is ReturnState.NOT_ANSWERED
    saved(stored, own, here.head_kh, value("arrested", 12))
    stored.commit()
    assert "Your records hold no number for an empty cell." in client.get(url(own, "/edit?records=1")).text


def test_an_organiser_accepts_sends_back_and_every_step_is_shown(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    handed_in(stored, own, here.head_kh, value("arrested", 15), nil("held"), nil("seized"))
    as_(client, stored, here.organiser)
    page = client.get(f"/rounds/{row.uuid}").text
    assert "1 of 2 parties reported, 0 nil; preliminary" in page
    assert "Handed in" in page
    back = {"once": once(), "version": own.version, "reason": ""}
    answer = client.post(url(own, "/send-back"), data=back)
    assert (answer.status_code, "Say why: the party reads it." in answer.text) == (422, True)
    assert client.post(url(own, "/send-back"), data=back | {"once": once(2), "reason": "Per month?"}).status_code == 302
    assert state(stored, own) is ReturnState.RETURNED
    as_(client, stored, here.head_kh)
    assert "Per month?" in client.get(url(own, "/edit")).text
    services.submit_return(stored, stored.get_one(RoundReturn, own.id), actor=here.head_kh, now=NOW)
    as_(client, stored, here.organiser)
    assert client.post(url(own, "/accept"), data={"version": "1"}).status_code == 409
    seen = {"version": str(stored.get_one(RoundReturn, own.id).version)}
    stored.commit()
    assert client.post(url(own, "/accept"), data=seen).status_code == 302
    assert state(stored, own) is ReturnState.ACCEPTED
    assert client.post(url(own, "/accept"), data={"version": str(int(seen["version"]) + 1)}).status_code == 302
    shown = client.get(url(own)).text
    for text in ("Sent back with a question", "Per month?", "Accepted", "Sok Dara", "Open it again for this party"):
        assert text in shown


def readers(session: Session, here: World) -> dict[str, User]:
    """Others who know the meeting."""
    people = {"head of another party": here.head_th}
    for name, role, of_ in (
        ("leadership of the party", Role.LEADERSHIP, here.kh),
        ("interpreter", Role.INTERPRETER, None),
        ("press", Role.PRESS, None),
    ):
        people[name] = make.user(session, name)
        make.membership(session, here.meeting, people[name], role, of_delegation=of_)
    other = make.meeting(session, of=here.meeting.operation, slug="busan", number=3)
    people["organiser of another meeting"] = make.user(session, "Other organiser")
    make.membership(session, other, people["organiser of another meeting"])
    return people


def test_a_return_is_read_by_its_party_and_the_organisers_that_ask_and_by_nobody_else(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    people = readers(stored, here)
    row, own = opened(stored, here)
    handed_in(
        stored, own, here.head_kh, value("arrested", 4711), story="Secret story", publishing=Publishing.NOT_ALLOWED
    )
    stored.commit()
    for person, expected in ((here.head_kh, 200), (here.organiser, 200), *((one, 404) for one in people.values())):
        as_(client, stored, person)
        assert client.get(url(own)).status_code == expected, person.name
        assert ("4,711" in client.get(f"/rounds/{row.uuid}").text) == (expected == 200), person.name
        for page in ("/edit", "/form.xlsx", "/workbook"):
            got = client.get(url(own, page)).status_code
            assert got in {200, 302} if person is here.head_kh else got == (403 if person is here.organiser else 404)


def test_organisers_do_not_read_what_a_party_is_still_writing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    saved(stored, own, here.head_kh, value("arrested", 4711), story="Secret story")
    stored.commit()
    as_(client, stored, here.organiser)
    shown = client.get(url(own)).text + client.get(f"/rounds/{row.uuid}").text
    assert "The party has not handed it in" in shown
    assert "4,711" not in shown
    assert "Secret story" not in shown


def test_only_organisers_of_the_meeting_that_asks_change_a_round_or_judge_a_return(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    handed_in(stored, own, here.head_kh, value("arrested", 15))
    stored.commit()
    for person in (here.head_kh, here.head_th):
        as_(client, stored, person)
        theirs = 403 if person is here.head_kh else 404
        assert client.get(NEW).status_code == 403
        assert client.get(f"/rounds/{row.uuid}/edit").status_code == 403
        assert client.post(f"/rounds/{row.uuid}/close").status_code == 403
        assert client.post(url(own, "/accept"), data={"version": own.version}).status_code == theirs
        assert client.post(url(own, "/send-back"), data={"reason": "x"}).status_code == theirs
    stranger = make.user(stored, "Stranger")
    as_(client, stored, stranger)
    for page in (LIST, f"/rounds/{row.uuid}", url(own)):
        assert client.get(page).status_code == 404
    assert stored.get_one(ReportingRound, row.id).state is RoundState.OPEN


def test_other_parties_see_how_many_reported_and_never_who(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    handed_in(stored, own, here.head_kh, value("arrested", 4711), publishing=Publishing.IN_TOTALS)
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(f"/rounds/{row.uuid}").text
    assert "1 of 2 parties reported" in page
    assert "1 answer is not in this number" in page
    assert "4,711" not in page
    assert str(own.uuid) not in page


def test_what_a_party_keeps_to_itself_changes_no_page_of_others(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    accepted(stored, own, here.head_kh, here.organiser, value("arrested", 15), publishing=Publishing.NOT_ALLOWED)
    leader = make.user(stored, "Leader")
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP)
    home = "/operations/breaking-chains"
    pages = (
        LIST,
        f"/rounds/{row.uuid}",
        f"{home}/outcomes",
        f"{home}/report",
        f"{home}/report.json",
        f"{home}/figures/new",
    )
    seen = []
    for number in (15, 4711):
        (answer,) = stored.get_one(RoundReturn, own.id).answers
        assert answer.figure is not None
        answer.low = answer.high = answer.figure.low = answer.figure.high = Decimal(number)
        stored.commit()
        texts = []
        for person in (here.head_th, leader):
            as_(client, stored, person)
            texts += [without_tokens(client.get(page).data) for page in pages]
        seen.append(texts)
    assert seen[0] == seen[1]
    assert not any(b"RR1-KH" in text for text in seen[0])


def test_thirty_parties_cost_as_many_statements_as_two(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    few, own = opened(stored, here)
    handed_in(stored, own, here.head_kh, value("arrested", 15))
    people = heads(stored, here, [f"Q{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
    many = round_(stored, here, parties=[here.kh.party, *(one.party for one, _head in people.values())])
    for delegation, head in people.values():
        handed_in(stored, of(many, delegation), head, value("arrested", 1), value("seized", 1, currency="KRW"))
    handed_in(stored, of(many, here.kh), here.head_kh, value("arrested", 15))
    stored.commit()
    for person in (here.organiser, here.head_th):
        as_(client, stored, person)
        counts = []
        for page in (f"/rounds/{few.uuid}", f"/rounds/{many.uuid}"):
            client.get(page)
            statements.statements.clear()
            assert client.get(page).status_code == 200
            counts.append(statements.count)
        assert counts[0] == counts[1], statements.statements


def test_an_accepted_answer_opens_to_its_figure(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    accepted(stored, own, here.head_kh, here.organiser, value("arrested", 15), publishing=Publishing.NOT_ALLOWED)
    answer = stored.scalars(select(RoundAnswer)).one()
    assert answer.kind is AnswerKind.VALUE
    assert answer.figure is not None
    page = f"/figures/{answer.figure.uuid}"
    stored.commit()
    for person, expected in ((here.head_kh, 200), (here.organiser, 200), (here.head_th, 404)):
        as_(client, stored, person)
        assert client.get(page).status_code == expected
    as_(client, stored, here.head_kh)
    assert page in client.get(url(own)).text
    assert row.operation.code == "breaking-chains"


def test_a_round_that_is_closed_says_so_instead_of_the_form(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, own = opened(stored, here)
    services.close_round(stored, row, actor=here.organiser, now=NOW)
    as_(client, stored, here.head_kh)
    answer = client.post(url(own, "/edit"), data=answering(own), follow_redirects=True)
    assert "This return cannot be changed now" in answer.text
    assert client.get(url(own, "/workbook")).status_code == 302


def test_an_overdue_round_says_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    opened(stored, here)
    as_(client, stored, here.head_kh)
    with clock.frozen(NOW):
        assert "overdue" not in client.get(LIST).text
    assert "overdue" in client.get(LIST).text


@pytest.mark.parametrize("language", ["ko", "ar"])
def test_the_form_speaks_the_readers_language(client: FlaskClient, stored: Session, language: str) -> None:
    here = world(stored)
    _round, own = opened(stored, here)
    here.head_kh.language = language
    as_(client, stored, here.head_kh)
    page = client.get(url(own, "/edit")).text
    assert f'lang="{language}"' in page
    assert ("검거" in page) == (language == "ko")


def test_before_anybody_asked_the_list_says_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert "Nobody has asked for results yet." in client.get(LIST).text
