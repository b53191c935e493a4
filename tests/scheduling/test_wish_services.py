"""Wishes for the time of a meeting as services; every test on both databases."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Refused, StaleVersion
from confmgr.scheduling import queries, services
from confmgr.scheduling.domain import RequestKind, RequestLevel, RequestState
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.wishes import Half, HalfDay, Wishes
from tests import make
from tests.make_scheduling import NOW, World, request, world

THU_AM, FRI_PM = HalfDay(date(2026, 2, 5), Half.MORNING), HalfDay(date(2026, 2, 6), Half.AFTERNOON)
SAT_AM = HalfDay(date(2026, 2, 7), Half.MORNING)


def change(session: Session, here: World, row: MeetingRequest, wishes: Wishes) -> None:
    services.change_wishes(session, row, wishes, actor=here.head_kh, now=NOW, seen_version=row.version)


def wishes_of(session: Session, row: MeetingRequest) -> Wishes:
    session.expire(row)
    return Wishes.from_json(row.wishes)


def test_a_request_keeps_its_wishes_and_each_change_is_a_version(session: Session) -> None:
    here = world(session)
    other = request(session, here)
    row = request(session, here, wishes=Wishes((THU_AM,), (other.id,)))
    assert wishes_of(session, row) == Wishes((THU_AM,), (other.id,))
    before = row.version
    change(session, here, row, Wishes((FRI_PM,)))
    assert (wishes_of(session, row), row.version) == (Wishes((FRI_PM,)), before + 1)
    change(session, here, row, Wishes())
    assert row.wishes == {}


def test_what_was_asked_before_there_were_wishes_has_none(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    assert row.wishes == {}
    assert queries.named_in_wishes(session, row) == []
    change(session, here, row, Wishes((THU_AM,)))
    assert wishes_of(session, row) == Wishes((THU_AM,))


def test_who_saw_an_earlier_version_changes_nothing(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    with pytest.raises(StaleVersion):
        services.change_wishes(
            session, row, Wishes((THU_AM,)), actor=here.head_kh, now=NOW, seen_version=row.version + 1
        )
    assert row.wishes == {}


@pytest.mark.parametrize("state", [RequestState.WITHDRAWN, RequestState.JOINED, RequestState.HELD])
def test_nobody_wishes_for_what_is_over(session: Session, state: RequestState) -> None:
    here = world(session)
    row = request(session, here)
    row.state = state
    session.flush()
    with pytest.raises(Refused) as refused:
        change(session, here, row, Wishes((THU_AM,)))
    assert refused.value.reason == "request_closed"


def test_a_half_day_that_the_meeting_has_not_is_refused(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused) as refused:
        request(session, here, wishes=Wishes((SAT_AM,)))
    assert (refused.value.reason, refused.value.field) == ("no_such_half_day", "half_days")


def test_only_other_requests_of_the_asking_side_can_be_named(session: Session) -> None:
    here = world(session)
    row, theirs = request(session, here), request(session, here, asking=here.th, asked=[here.kh])
    first = make.meeting(session, here.meeting.operation, slug="seoul-1", number=1)
    then = [make.delegation(session, first, of_party=one.party) for one in (here.kh, here.th)]
    elsewhere = request(session, here, asking=then[0], asked=then[1:])
    for named, reason in (
        (row.id, "apart_from_itself"),
        (theirs.id, "apart_of_others"),
        (elsewhere.id, "apart_of_others"),
        (10**6, "apart_of_others"),
    ):
        with pytest.raises(Refused) as refused:
            change(session, here, row, Wishes((), (named,)))
        assert (refused.value.reason, refused.value.field) == (reason, "apart")
    assert row.wishes == {}


def test_an_organiser_shapes_a_request_with_its_wishes_or_leaves_them(session: Session) -> None:
    here = world(session)
    row = request(session, here, wishes=Wishes((THU_AM,)))

    def shape(wishes: Wishes | None) -> None:
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
            interpretation=None,
            interpreters=1,
            wishes=wishes,
        )

    shape(None)
    assert wishes_of(session, row) == Wishes((THU_AM,))
    shape(Wishes((FRI_PM,)))
    assert wishes_of(session, row) == Wishes((FRI_PM,))


def test_what_may_be_named_are_the_standing_requests_of_the_asking_side_and_what_is_named_already(
    session: Session,
) -> None:
    here = world(session)
    row, standing, gone, kept = (request(session, here) for _ in range(4))
    request(session, here, asking=here.th, asked=[here.kh])
    change(session, here, row, Wishes((), (kept.id,)))
    gone.state = kept.state = RequestState.WITHDRAWN
    session.flush()
    assert queries.own_requests(session, row, here.kh) == [standing, kept]
    assert queries.own_requests(session, None, here.kh) == [row, standing]
    change(session, here, row, Wishes((), (kept.id, standing.id)))
    assert queries.named_in_wishes(session, row) == [standing, kept]


def test_joined_requests_have_the_wishes_of_all_and_who_wanted_to_be_apart_from_one_is_from_the_whole(
    session: Session,
) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    of_kh, of_jp = request(session, here), request(session, here, asking=jp, asked=[here.th])
    apart_kh, apart_jp = request(session, here), request(session, here, asking=jp, asked=[here.kh])
    change(session, here, of_kh, Wishes((THU_AM, FRI_PM), (apart_kh.id,)))
    change(session, here, of_jp, Wishes((FRI_PM,), (apart_jp.id,)))
    change(session, here, apart_kh, Wishes((), (of_kh.id,)))
    row = services.join_requests(session, here.meeting, [of_kh, of_jp], actor=here.organiser, now=NOW)
    assert wishes_of(session, row) == Wishes((FRI_PM,), (apart_kh.id, apart_jp.id), shared=True)
    assert wishes_of(session, apart_kh) == Wishes((), (row.id,))
    assert apart_jp.wishes == {}
    assert queries.own_requests(session, row, here.kh) == [apart_kh, apart_jp]
    change(session, here, row, Wishes((THU_AM,), (apart_jp.id,)))
    assert wishes_of(session, row) == Wishes((THU_AM,), (apart_jp.id,), shared=True)
    change(session, here, apart_kh, Wishes((THU_AM,), (row.id,)))
    assert queries.own_requests(session, apart_kh, here.kh) == [row]


def test_who_wishes_the_day_of_requests_that_are_joined_wishes_the_day_of_what_they_became(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    first, second, other = request(session, here), request(session, here, asked=[jp]), request(session, here)
    change(session, here, second, Wishes(same_day=(first.id, other.id)))
    change(session, here, other, Wishes(same_day=(first.id, second.id)))
    row = services.join_requests(session, here.meeting, [first, second], actor=here.organiser, now=NOW)
    assert wishes_of(session, row) == Wishes(shared=True, same_day=(other.id,))
    assert wishes_of(session, other) == Wishes(same_day=(row.id,))


def test_the_day_of_itself_or_of_a_request_of_others_cannot_be_wished(session: Session) -> None:
    here = world(session)
    row, theirs = request(session, here), request(session, here, asking=here.th, asked=[here.kh])
    for named in (row, theirs):
        with pytest.raises(Refused) as refused:
            change(session, here, row, Wishes(same_day=(named.id,)))
        assert refused.value.field == "same_day"


def test_requests_that_were_to_be_apart_from_each_other_and_are_joined_are_apart_from_nothing(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    first = request(session, here)
    second = request(session, here, asked=[jp], wishes=Wishes((), (first.id,)))
    row = services.join_requests(session, here.meeting, [first, second], actor=here.organiser, now=NOW)
    assert wishes_of(session, row).apart == ()
