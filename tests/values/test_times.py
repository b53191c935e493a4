"""Wall times, zones and instants, over all zones and the years in which meetings are planned."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from confmgr.values.times import NoSuchTime, TwoSuchTimes, instant, nearest_instant, wall_time

ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moment=MOMENTS, zone=ZONES)
@example(datetime(2026, 10, 3, 15, 15, tzinfo=UTC), "Australia/Lord_Howe")  # fifteen minutes after half an hour skipped
@example(datetime(2026, 2, 15, 2, 30, tzinfo=UTC), "Africa/Casablanca")
@example(datetime(2026, 6, 1, 18, 15, tzinfo=UTC), "Asia/Kathmandu")
def test_an_instant_comes_back_from_its_wall_time_unless_that_happens_twice(moment: datetime, zone: str) -> None:
    wall = wall_time(moment, zone)
    try:
        assert instant(wall, zone) == moment
    except TwoSuchTimes:
        other = {wall_time(moment + timedelta(minutes=shift), zone) for shift in (-120, -60, -30, -20, 20, 30, 60, 120)}
        assert wall in other


@given(wall=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)), zone=ZONES)  # noqa: DTZ001
def test_a_wall_time_that_exists_once_is_what_the_clock_shows_at_its_instant(wall: datetime, zone: str) -> None:
    try:
        found = instant(wall, zone)
    except (NoSuchTime, TwoSuchTimes):
        reject()  # somebody is asked about such times
    assert wall_time(found, zone) == wall
    assert nearest_instant(wall, zone) == found


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        (datetime(2027, 3, 28, 1, 30), "Europe/London"),  # noqa: DTZ001
        (datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe"),  # noqa: DTZ001
        (datetime(2026, 3, 22, 2, 30), "Africa/Casablanca"),  # noqa: DTZ001
    ],
)
def test_a_skipped_time_is_refused_and_a_clock_that_nobody_asks_goes_on(wall: datetime, zone: str) -> None:
    with pytest.raises(NoSuchTime):
        instant(wall, zone)
    assert wall < wall_time(nearest_instant(wall, zone), zone) <= wall + timedelta(hours=1)


def test_of_a_time_that_happens_twice_the_first_is_taken_where_nobody_is_asked() -> None:
    twice = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001
    with pytest.raises(TwoSuchTimes):
        instant(twice, "Europe/London")
    assert nearest_instant(twice, "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
