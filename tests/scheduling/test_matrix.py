"""Who wants to meet whom, as a rule over codes and as pages of organisers."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.scheduling import services
from confmgr.scheduling.domain import Answer, RequestKind, RequestLevel, RequestState
from confmgr.scheduling.matrix import Wish, matrix
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from tests import make
from tests.conftest import Counter
from tests.make_cases import case
from tests.make_scheduling import NOW, World, as_, once, request, world

BASE = "/meetings/seoul-2/requests"


def wish(asks: str, *asked: str, state: RequestState = RequestState.ASKED) -> Wish:
    return Wish(asks, frozenset(asked), state)


def test_a_cell_counts_requests_and_shows_what_waits_before_what_is_done() -> None:
    found = matrix(["KH", "KR", "TH"], [wish("KR", "KH", state=RequestState.SCHEDULED), wish("KR", "KH", "TH")])
    assert (found.cells["KR", "KH"].requests, found.cells["KR", "KH"].state) == (2, RequestState.ASKED)
    assert (found.cells["KR", "TH"].requests, ("KH", "KR") in found.cells) == (1, False)


def test_wishes_are_mutual_only_while_both_stand() -> None:
    both = matrix(["KH", "KR"], [wish("KR", "KH"), wish("KH", "KR", state=RequestState.HELD)])
    assert (both.mutual, both.cells["KR", "KH"].mutual, both.cells["KH", "KR"].mutual) == (1, True, True)
    declined = matrix(["KH", "KR"], [wish("KR", "KH"), wish("KH", "KR", state=RequestState.DECLINED)])
    assert (declined.mutual, declined.cells["KR", "KH"].mutual) == (0, False)


def test_a_pair_that_shares_a_case_and_has_no_wish_is_a_gap_and_who_is_in_none_is_silent() -> None:
    found = matrix(["KH", "KR", "LA", "TH"], [wish("KR", "KH")], [["KR", "KH", "TH"], ["KR", "FR"]])
    assert [pair for pair, cell in found.cells.items() if cell.gap] == [("KR", "TH")]
    assert (found.gaps, found.silent) == (1, ("LA", "TH"))


def test_withdrawn_and_joined_requests_are_no_wishes() -> None:
    gone = [wish("KR", "KH", state=RequestState.WITHDRAWN), wish("KR", "KH", state=RequestState.JOINED)]
    assert matrix(["KH", "KR"], gone).cells == {}


def test_an_organiser_accepts_for_every_side_that_has_not_answered(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    row = request(session, here, asked=[here.th, jp])
    services.answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    services.accept_for_all(session, row, actor=here.organiser, now=NOW)
    assert row.state is RequestState.ACCEPTED


def test_what_a_side_has_declined_is_not_accepted_over_its_head(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    services.answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.DECLINED)
    with pytest.raises(Refused) as refused:
        services.accept_for_all(session, row, actor=here.organiser, now=NOW)
    assert refused.value.reason == "request_closed"
    assert row.state is RequestState.DECLINED


def joined(session: Session, here: World) -> tuple[MeetingRequest, MeetingRequest, MeetingRequest]:
    jp = make.delegation(session, here.meeting, "JP")
    first = request(session, here, minutes=40, priority=2, cases=[case(session, here)])
    second = request(
        session,
        here,
        asking=jp,
        asked=[here.th],
        minutes=60,
        priority=1,
        interpretation="ja-th",
        level=RequestLevel.HEADS,
    )
    row = services.join_requests(session, here.meeting, [first, second], actor=here.organiser, now=NOW)
    return first, second, row


def test_several_requests_become_one_multilateral_that_keeps_the_longest_and_the_most_urgent(session: Session) -> None:
    here = world(session)
    first, second, row = joined(session, here)
    assert (row.minutes, row.priority, row.level, row.interpretation) == (60, 1, RequestLevel.HEADS, "ja-th")
    assert {side.delegation.party.code: side.answer for side in row.asked} == {
        "TH": Answer.WAITING,
        "JP": Answer.ACCEPTED,
    }
    assert (first.state, second.state, first.joined_into_id) == (RequestState.JOINED, RequestState.JOINED, row.id)
    assert len(row.cases) == 1
    services.accept_for_all(session, row, actor=here.organiser, now=NOW)
    made = services.schedule_request(session, row, actor=here.organiser, now=NOW)
    assert (made.kind.value, len(made.delegations)) == ("multilateral", 3)


def test_two_requests_of_one_pair_are_no_multilateral(session: Session) -> None:
    here = world(session)
    rows = [request(session, here), request(session, here, asking=here.th, asked=[here.kh])]
    for chosen, reason in ((rows, "join_two_sides"), (rows[:1], "join_two")):
        with pytest.raises(Refused) as refused:
            services.join_requests(session, here.meeting, chosen, actor=here.organiser, now=NOW)
        assert refused.value.reason == reason
    assert [row.state for row in rows] == [RequestState.ASKED, RequestState.ASKED]


def test_a_changed_request_takes_its_unplaced_session_along_in_one_step_of_undo(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    services.accept_for_all(session, row, actor=here.organiser, now=NOW)
    made = services.schedule_request(session, row, actor=here.organiser, now=NOW)
    services.shape_request(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        seen_version=row.version,
        kind=RequestKind.PLANNING,
        level=RequestLevel.WORKING,
        minutes=60,
        priority=1,
        interpretation="km-th",
        interpreters=2,
    )
    assert (made.minutes, made.priority, made.interpretation, made.interpreters_wanted) == (60, 1, "km-th", 2)
    services.undo(session, here.meeting, actor=here.organiser, now=NOW)
    assert (made.minutes, made.priority, made.interpretation) == (40, 2, None)


def test_the_matrix_shows_each_pair_and_leads_to_its_requests(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/matrix").text
    assert "KH asks TH: waits for an answer" in page
    assert f'href="{BASE}/matrix/KH/TH"' in page
    pair = client.get(f"{BASE}/matrix/KH/TH").text
    assert f"/requests/{row.uuid}" in pair
    assert re.search(f'value="{row.uuid}"[^>]* checked', pair)
    assert "Join into one multilateral" not in pair
    new = client.get(f"{BASE}/new?asking=TH&asked=KH").text
    assert re.search(r'<option selected value="TH">', new)
    assert re.search(r'name="asked"[^>]* value="KH"[^>]* checked|checked[^>]* name="asked"[^>]* value="KH"', new)
    assert client.get(f"{BASE}/matrix/KH/KH").status_code == 404
    assert client.get(f"{BASE}/matrix/KH/XX").status_code == 404


def test_ticked_requests_of_a_pair_are_accepted_and_made_sessions(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/matrix/KH/TH", data={"once": once(), "requests": str(row.uuid), "act": "schedule"})
    assert answer.status_code == 302
    stored.expire_all()
    assert stored.scalars(select(MeetingSession)).one().request_id == row.id


def test_nothing_ticked_an_unknown_act_or_a_request_of_others_changes_nothing(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    for n, data in enumerate(
        ({"act": "accept"}, {"act": "burn", "requests": str(row.uuid)}, {"act": "accept", "requests": "no-such"})
    ):
        answer = client.post(f"{BASE}/matrix/KH/TH", data={"once": once(n), **data})
        assert answer.status_code == 422
    stored.expire_all()
    assert stored.scalars(select(MeetingRequest)).one().state is RequestState.ASKED


def test_the_matrix_is_for_organisers_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_kh)
    for address in ("matrix", "matrix/KH/TH", f"{row.uuid}/shape"):
        assert client.get(f"{BASE}/{address}").status_code == 403
    assert client.post(f"{BASE}/selected", data={"once": once()}).status_code == 403


def test_the_matrix_of_thirty_costs_as_many_statements_as_that_of_two(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    request(stored, here, cases=[case(stored, here)])
    as_(client, stored, here.organiser)
    counts = []
    for _round in range(2):
        client.get(f"{BASE}/matrix")
        statements.statements.clear()
        client.get(f"{BASE}/matrix")
        counts.append(statements.count)
        for n in range(28):
            other = make.delegation(stored, here.meeting, f"X{chr(65 + n // 26)}{chr(65 + n % 26)}{_round}")
            request(stored, here, asked=[other])
        stored.commit()
    assert counts[1] <= counts[0]
    assert counts[1] <= 15
