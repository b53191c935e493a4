"""What a person is reminded of and when, by the person's own clock: rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from confmgr.invitations.domain import MailKind, PartStat
from confmgr.invitations.reminding import Clock, Reminder, Rules, ToldSession, clock_of, out_of_quiet, reminders

DAYS = (date(2026, 2, 5), date(2026, 2, 6))
EARLY = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 1, tzinfo=UTC)
USUAL = Rules()
ONLY_SOON = Rules(day_before_at=None, answers_missing_days=None)
ONLY_EVENING = Rules(minutes_before=None, answers_missing_days=None)
ONLY_ANSWERS = Rules(day_before_at=None, minutes_before=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(starts: str, **changes: object) -> ToldSession:
    """A session of the first day; `starts` in UTC, nine hours behind Seoul."""
    values: dict[str, object] = {
        "participation_id": 1,
        "uid": "u1",
        "sequence": 0,
        "answer": PartStat.ACCEPTED,
        "told_at": EARLY,
        "day": DAYS[0],
        "starts_at": utc(starts),
    }
    return ToldSession(**(values | changes))  # type: ignore[arg-type]


def clock(arrives: datetime | None = None, departs: datetime | None = None) -> Clock:
    return clock_of("Asia/Phnom_Penh", "Asia/Seoul", DAYS, arrives, departs)


def due(
    *about: ToldSession, rules: Rules = USUAL, by: Clock | None = None, now: datetime = EARLY
) -> list[tuple[str, str]]:
    found = reminders("Delegate-5", about, rules, by or clock(), now=now, until=LATE, first_day=DAYS[0])
    return [(one.once, f"{one.at:%Y-%m-%d %H:%M}") for one in found]


def test_a_session_is_reminded_of_on_the_evening_before_and_half_an_hour_before() -> None:
    assert due(told("2026-02-05 01:00")) == [
        ("day_before:Delegate-5:2026-02-05", "2026-02-04 11:00"),  # six in the evening in Phnom Penh
        ("hour_before:u1:0", "2026-02-05 00:30"),
    ]


def test_a_day_is_one_reminder_however_many_sessions_it_has() -> None:
    both = told("2026-02-05 01:00"), told("2026-02-05 05:00", uid="u2", participation_id=2)
    found = reminders("Delegate-5", both, ONLY_EVENING, clock(), now=EARLY, until=LATE, first_day=DAYS[0])
    assert [[one.uid for one in mail.about] for mail in found] == [["u1", "u2"]]


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        pytest.param({}, "2026-02-04 11:00", id="not_there_before_the_first_day"),
        pytest.param({"arrives": utc("2026-02-04 04:00")}, "2026-02-04 09:00", id="there_since_noon"),
        pytest.param({"arrives": utc("2026-02-04 10:00")}, "2026-02-04 10:00", id="lands_after_six_in_the_evening"),
        pytest.param(
            {"arrives": utc("2026-02-01 04:00"), "departs": utc("2026-02-03 04:00")},
            "2026-02-04 11:00",
            id="home_again",
        ),
    ],
)
def test_the_evening_is_that_of_the_place_where_the_person_is(stay: dict[str, datetime], expected: str) -> None:
    assert due(told("2026-02-05 01:00"), rules=ONLY_EVENING, by=clock(**stay)) == [
        ("day_before:Delegate-5:2026-02-05", expected)
    ]


def test_who_takes_part_from_far_west_is_told_on_an_evening_that_comes_before_the_session() -> None:
    """Six in the evening of the day before in Los Angeles is after the session; the evening before that is not."""
    at_home = Clock("America/Los_Angeles", "Asia/Seoul", None)
    assert due(told("2026-02-05 01:00"), rules=ONLY_EVENING, by=at_home) == [
        ("day_before:Delegate-5:2026-02-05", "2026-02-04 02:00")
    ]


def test_what_is_due_in_the_quiet_hours_waits_until_they_end() -> None:
    late = replace(ONLY_EVENING, day_before_at=time(23, 30))
    assert due(told("2026-02-05 04:00"), rules=late) == [("day_before:Delegate-5:2026-02-05", "2026-02-04 22:00")]


def test_what_would_come_too_late_then_goes_out_just_before_they_begin() -> None:
    """The session begins at 06:50 in Seoul: the quiet hours end at seven, so the mail leaves at 21:59."""
    assert due(told("2026-02-05 21:50", day=DAYS[1]), rules=ONLY_SOON) == [("hour_before:u1:0", "2026-02-05 12:59")]


def test_two_equal_ends_mean_that_no_hour_is_quiet() -> None:
    never = replace(ONLY_SOON, quiet_from=time(0), quiet_until=time(0))
    assert due(told("2026-02-05 21:50", day=DAYS[1]), rules=never) == [("hour_before:u1:0", "2026-02-05 21:20")]


def test_quiet_hours_may_lie_within_a_day() -> None:
    noon = replace(ONLY_SOON, quiet_from=time(12), quiet_until=time(14))
    assert due(told("2026-02-05 05:20"), rules=noon) == [("hour_before:u1:0", "2026-02-05 05:00")]
    assert due(told("2026-02-05 04:50"), rules=noon) == [("hour_before:u1:0", "2026-02-05 02:59")]


@pytest.mark.parametrize("rules", [ONLY_EVENING, ONLY_SOON, ONLY_ANSWERS])
def test_what_has_begun_or_was_declined_is_not_reminded_of(rules: Rules) -> None:
    assert due(told("2026-02-05 01:00", answer=PartStat.DECLINED), rules=rules) == []
    assert due(told("2026-02-05 01:00"), rules=rules, now=utc("2026-02-05 01:00")) == []


def test_each_rule_can_be_off() -> None:
    off = Rules(day_before_at=None, minutes_before=None, answers_missing_days=None, results_due_days=None)
    assert due(told("2026-02-05 01:00", answer=PartStat.NEEDS_ACTION), rules=off) == []


def test_what_is_late_is_due_now_but_not_in_the_quiet_hours() -> None:
    session = told("2026-02-05 03:00")
    assert due(session, rules=ONLY_EVENING, now=utc("2026-02-04 12:10"))[0][1] == "2026-02-04 12:10"
    assert due(session, rules=ONLY_EVENING, now=utc("2026-02-04 16:00"))[0][1] == "2026-02-04 22:00"


def test_what_was_told_after_its_reminder_would_have_left_is_not_reminded_of() -> None:
    assert due(told("2026-02-05 01:00", told_at=utc("2026-02-05 00:40")), now=utc("2026-02-05 00:41")) == []
    assert due(told("2026-02-05 01:00", told_at=utc("2026-02-04 12:00")), now=utc("2026-02-04 12:01")) == [
        ("hour_before:u1:0", "2026-02-05 00:30")
    ]


def test_a_moved_session_has_a_reminder_of_its_own() -> None:
    assert due(told("2026-02-05 02:00", sequence=1), rules=ONLY_SOON) == [("hour_before:u1:1", "2026-02-05 01:30")]


def test_missing_answers_are_asked_for_once_a_week_before_the_meeting() -> None:
    open_one = told("2026-02-05 01:00", answer=PartStat.NEEDS_ACTION)
    answered = told("2026-02-05 03:00", uid="u2")
    found = reminders(
        "Delegate-5", [open_one, answered], ONLY_ANSWERS, clock(), now=EARLY, until=LATE, first_day=DAYS[0]
    )
    assert found == [
        Reminder(
            MailKind.ANSWERS_MISSING,
            "answers_missing:Delegate-5:2026-01-29",
            utc("2026-01-29 02:00"),  # nine in Phnom Penh
            (open_one,),
        )
    ]


def test_an_invitation_that_comes_later_has_two_days_to_be_answered() -> None:
    late = told("2026-02-05 01:00", answer=PartStat.NEEDS_ACTION, told_at=utc("2026-02-01 06:00"))
    assert due(late, rules=ONLY_ANSWERS) == [("answers_missing:Delegate-5:2026-02-03", "2026-02-03 02:00")]


def test_nobody_is_asked_for_answers_once_the_meeting_has_begun() -> None:
    late = told("2026-02-06 01:00", day=DAYS[1], answer=PartStat.NEEDS_ACTION, told_at=utc("2026-02-03 06:00"))
    assert due(late, rules=ONLY_ANSWERS) == []


def test_two_that_are_late_are_asked_for_in_one_mail() -> None:
    first = told("2026-02-05 01:00", answer=PartStat.NEEDS_ACTION)
    second = told("2026-02-05 02:00", uid="u2", answer=PartStat.NEEDS_ACTION, told_at=utc("2026-01-30 06:00"))
    found = reminders(
        "Delegate-5", [first, second], ONLY_ANSWERS, clock(), now=utc("2026-02-02 03:00"), until=LATE, first_day=DAYS[0]
    )
    assert [(one.once, len(one.about)) for one in found] == [("answers_missing:Delegate-5:2026-02-01", 2)]


@given(
    due_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
    ahead=st.integers(1, 3000),
    own=st.sampled_from(
        ["Asia/Kathmandu", "America/Los_Angeles", "Australia/Lord_Howe", "Europe/London", "Asia/Seoul"]
    ),
    quiet=st.tuples(st.times(), st.times()),
    stay=st.tuples(st.integers(-60, 60), st.integers(1, 120)),
)
@example(datetime(2026, 10, 25, 0, 30), 30, "Europe/London", (time(22), time(7)), (-60, 1))  # noqa: DTZ001
def test_no_mail_of_the_usual_kind_rings_in_the_quiet_hours_and_none_comes_too_late(
    due_at: datetime, ahead: int, own: str, quiet: tuple[time, time], stay: tuple[int, int]
) -> None:
    moment = due_at.replace(tzinfo=UTC, second=0, microsecond=0)
    latest = moment + timedelta(minutes=ahead)
    from_, until = (one.replace(second=0, microsecond=0) for one in quiet)
    arrives = moment + timedelta(hours=stay[0])
    by = clock_of(own, "Asia/Kolkata", DAYS, arrives, arrives + timedelta(hours=stay[1]))
    rules = Rules(quiet_from=from_, quiet_until=until)
    when = out_of_quiet(moment, latest, rules, by)
    assert when < latest
    assert not rules.is_quiet(by.shows(when).time())


def test_what_goes_out_later_than_asked_for_is_left_out() -> None:
    session = told("2026-02-05 01:00")
    found = reminders(
        "Delegate-5", [session], USUAL, clock(), now=EARLY, until=utc("2026-02-04 11:00"), first_day=DAYS[0]
    )
    assert [one.kind for one in found] == [MailKind.DAY_BEFORE]
