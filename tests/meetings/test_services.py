"""Meetings, their places and roles, on both databases."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import Refused, StaleVersion, StillUsed
from confmgr.meetings import queries, services
from confmgr.meetings.domain import MeetingState, NameOrder, PlaceKind, Role
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.values.words import Words
from tests import make


def planned(session: Session, now: datetime, **changes: object) -> Meeting:
    operation = make.operation(session)
    values: dict[str, object] = {
        "actor": make.user(session),
        "now": now,
        "operation": operation,
        "slug": "seoul-2",
        "number": 2,
        "title": Words.of("2nd Meeting"),
        "venue": Words.of("Seoul"),
        "zone": "Asia/Seoul",
        "starts_on": date(2026, 2, 5),
        "ends_on": date(2026, 2, 6),
        "languages": ["en", "ko"],
        "host": operation.lead_party,
    }
    return services.plan_meeting(session, **(values | changes))  # type: ignore[arg-type]


def placed(session: Session, now: datetime, meeting: Meeting, code: str, room: Place | None = None) -> Place:
    return services.add_place(
        session,
        actor=make.user(session),
        now=now,
        meeting=meeting,
        code=code,
        name=Words.of(code),
        kind=PlaceKind.TABLE if room else PlaceKind.ROOM,
        seats=8,
        room=room,
    )


def test_a_planned_meeting_has_its_days_and_its_maker_as_organiser(session: Session, now: datetime) -> None:
    meeting = planned(session, now)
    assert [(day.day, day.opens, day.closes) for day in meeting.days] == [
        (date(2026, 2, 5), time(9), time(18)),
        (date(2026, 2, 6), time(9), time(18)),
    ]
    assert session.scalars(select(Membership.role).where(Membership.meeting_id == meeting.id)).all() == [Role.ORGANISER]
    assert meeting.order_groups == ["member", "partner", "observer", "guest"]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("unknown_zone", {"zone": "Asia/Soul"}),
        ("unknown_language", {"languages": ["tlh"]}),
        ("dates_reversed", {"ends_on": date(2026, 2, 4)}),
        ("too_many_days", {"ends_on": date(2026, 5, 4)}),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    session: Session, now: datetime, reason: str, changes: dict[str, object]
) -> None:
    with pytest.raises(Refused, match=reason):
        planned(session, now, **changes)


def test_a_stale_edit_of_a_meeting_is_refused(session: Session, now: datetime) -> None:
    meeting = planned(session, now)

    def change(seen: int) -> None:
        services.change_meeting(
            session,
            meeting,
            actor=make.user(session),
            now=now,
            seen_version=seen,
            title=Words.of("Second Meeting"),
            venue=Words.of("Seoul"),
            description=None,
            languages=["en"],
            host_counts=False,
            order_rule=NameOrder.HOST_LAST,
            order_language="ko",
            order_first="타",
            order_groups=(),
        )

    change(meeting.version)
    session.expire(meeting)
    assert (meeting.order_first, meeting.order_groups, meeting.host_counts) == ("타", [], False)
    with pytest.raises(StaleVersion):
        change(1)


def test_a_meeting_goes_from_state_to_state_one_step_at_a_time(session: Session, now: datetime) -> None:
    meeting, actor = planned(session, now), make.user(session)
    with pytest.raises(Refused, match="state_step"):
        services.set_state(session, meeting, actor=actor, now=now, state=MeetingState.CLOSED)
    services.set_state(session, meeting, actor=actor, now=now, state=MeetingState.OPEN)
    assert meeting.state is MeetingState.OPEN


def test_a_room_with_tables_is_not_deleted(session: Session, now: datetime) -> None:
    meeting, actor = planned(session, now), make.user(session)
    hall = placed(session, now, meeting, "HALL")
    table = placed(session, now, meeting, "T1", hall)
    with pytest.raises(StillUsed) as caught:
        services.remove_place(session, hall, actor=actor, now=now)
    assert caught.value.used_by == ("place",)
    services.remove_place(session, table, actor=actor, now=now)
    services.remove_place(session, hall, actor=actor, now=now)
    assert queries.places(session, meeting) == []


def test_a_place_is_open_at_given_hours(session: Session, now: datetime) -> None:
    meeting = planned(session, now)
    hall = placed(session, now, meeting, "HALL")
    start, end = datetime.combine(date(2026, 2, 5), time(9)), datetime.combine(date(2026, 2, 5), time(13))
    services.set_opening_hours(session, hall, [(start, end)], zone="Asia/Seoul")
    assert [row.ends_at.isoformat() for row in hall.hours] == ["2026-02-05T04:00:00+00:00"]
    with pytest.raises(Refused, match="hours_reversed"):
        services.set_opening_hours(session, hall, [(end, start)], zone="Asia/Seoul")


def test_a_table_stands_in_a_room_of_its_own_meeting(session: Session, now: datetime) -> None:
    meeting = planned(session, now)
    hall = placed(session, now, meeting, "HALL")
    other = make.meeting(session, meeting.operation, slug="seoul-3", number=3)
    with pytest.raises(Refused, match="room_elsewhere"):
        placed(session, now, other, "T1", hall)
    with pytest.raises(Refused, match="place_code_taken"):
        placed(session, now, meeting, "HALL")


def test_the_last_organiser_stays(session: Session, now: datetime) -> None:
    meeting, actor = planned(session, now), make.user(session)
    mine = session.scalars(select(Membership).where(Membership.meeting_id == meeting.id)).one()
    with pytest.raises(Refused, match="last_organiser"):
        services.end_role(session, mine, actor=actor, now=now)
    services.give_role(session, actor=actor, now=now, meeting=meeting, user=actor, role=Role.ORGANISER)
    services.end_role(session, mine, actor=actor, now=now)
    assert mine.ends_at == now


def test_a_role_that_ended_is_taken_up_again_on_the_same_row(session: Session, now: datetime) -> None:
    meeting, actor = planned(session, now), make.user(session)

    def give() -> Membership:
        return services.give_role(session, actor=actor, now=now, meeting=meeting, user=actor, role=Role.AUDITOR)

    first = give()
    services.end_role(session, first, actor=actor, now=now)
    assert give() is first
    assert first.ends_at is None
