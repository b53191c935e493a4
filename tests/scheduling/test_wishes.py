"""Wishes for the time of a meeting, in plain Python."""

from datetime import date, datetime, time
from typing import NamedTuple

import pytest

from confmgr.scheduling.wishes import Half, HalfDay, Wishes, half_days, joined, suits
from confmgr.values.times import Span

THU, FRI = date(2026, 2, 5), date(2026, 2, 6)
THU_AM, THU_PM = HalfDay(THU, Half.MORNING), HalfDay(THU, Half.AFTERNOON)
FRI_AM = HalfDay(FRI, Half.MORNING)


class Hours(NamedTuple):
    day: date
    opens: time
    closes: time


def span(start: str, end: str) -> Span:
    return Span(datetime.fromisoformat(f"2026-02-05T{start}"), datetime.fromisoformat(f"2026-02-05T{end}"))


def test_a_meeting_has_the_half_days_in_which_it_is_open() -> None:
    assert half_days([Hours(THU, time(14), time(18)), Hours(FRI, time(9), time(12))]) == [THU_PM, FRI_AM]
    assert half_days([Hours(THU, time(9), time(18))]) == [THU_AM, THU_PM]


def test_wishes_are_kept_in_order_and_nothing_of_what_was_not_wished() -> None:
    wishes = Wishes((FRI_AM, THU_PM), (7, 3))
    assert wishes.to_json() == {"half_days": ["2026-02-05 pm", "2026-02-06 am"], "apart": [3, 7]}
    assert Wishes.from_json(wishes.to_json()) == Wishes((THU_PM, FRI_AM), (3, 7))
    assert Wishes.from_json({}) == Wishes()
    assert Wishes().to_json() == {}


@pytest.mark.parametrize("text", ["", "2026-02-05", "2026-02-05 noon", "05.02.2026 am"])
def test_what_is_no_half_day_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        HalfDay.parse(text)


@pytest.mark.parametrize(
    ("wished", "when", "expected"),
    [
        ((), span("11:40", "12:20"), True),
        ((THU_AM,), span("11:20", "12:00"), True),
        ((THU_AM,), span("11:40", "12:20"), False),
        ((THU_AM, THU_PM), span("11:40", "12:20"), True),
        ((FRI_AM,), span("09:00", "09:40"), False),
    ],
)
def test_a_time_suits_that_lies_within_what_was_wished(wished: tuple[HalfDay, ...], when: Span, expected: bool) -> None:
    assert suits(Wishes(wished).spans, when) is expected


def test_joined_requests_keep_the_half_days_that_suit_all_of_them_and_everything_to_be_kept_apart() -> None:
    one, other = Wishes((THU_AM, THU_PM), (3,)), Wishes((THU_PM, FRI_AM), (5,))
    assert joined([one, other, Wishes()]) == Wishes((THU_PM,), (3, 5), shared=True)
    assert joined([Wishes((THU_AM,)), Wishes((FRI_AM,))]).half_days == (THU_AM, FRI_AM)
    assert joined([Wishes(), Wishes()]) == Wishes()
