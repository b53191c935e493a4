"""Charts put marks where their values are, part where sources disagree, and let no word cover another."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from confmgr.outcomes.charts import Reading, bars, line_chart


def at(month: int, value: int, source: str = "R3") -> Reading:
    return Reading(date(2025, month, 1), Decimal(value), source, month_only=True)


def test_93_17_and_6_fall_on_a_scale_from_nought_to_a_hundred() -> None:
    chart = line_chart([at(12, 6, "P"), at(10, 93), at(11, 17)])
    assert chart is not None
    assert [int(tick.value) for tick in chart.ticks] == [0, 25, 50, 75, 100]
    assert [int(mark.reading.value) for mark in chart.marks] == [93, 17, 6]
    assert [mark.shape for mark in chart.marks] == [1, 1, 0]
    assert chart.sources == (("P", 0), ("R3", 1))
    assert [mark.x for mark in chart.marks] == [96.0, 360.3, 616.0]
    assert not chart.disputed


def test_two_sources_of_one_date_stand_side_by_side_and_the_line_parts() -> None:
    chart = line_chart([at(10, 93), at(11, 17), at(11, 40, "P")])
    assert chart is not None
    assert chart.disputed
    upper, lower = chart.upper[1], chart.lower[1]
    assert upper[0] == lower[0]
    assert upper[1] < lower[1]
    assert [mark.alone for mark in chart.marks] == [True, False, False]


def test_numbers_of_one_date_never_cover_each_other() -> None:
    chart = line_chart([at(10, 100), *(at(11, 50, f"S{n}") for n in range(4))])
    assert chart is not None
    places = [mark.words_y for mark in chart.marks if not mark.alone]
    assert [round(b - a) for a, b in itertools.pairwise(places)] == [15, 15, 15]


def test_names_of_dates_never_cover_each_other() -> None:
    chart = line_chart(Reading(date(2025, 1, 1) + timedelta(days=n), Decimal(n), "R3") for n in range(60))
    assert chart is not None
    places = [day.x for day in chart.days if day.named]
    assert len(places) == 4
    assert all(b - a >= 130 for a, b in itertools.pairwise(places))
    assert chart.days[-1].named


def test_one_value_stands_in_the_middle_and_nought_alone_has_a_scale() -> None:
    chart = line_chart([at(10, 0)])
    assert chart is not None
    assert [int(tick.value) for tick in chart.ticks] == [0, 1]
    assert chart.marks[0].x == 356.0
    assert chart.marks[0].y == 226.0


def test_without_values_there_is_no_chart() -> None:
    assert line_chart([]) is None
    assert bars([]) == ()


def test_the_longest_bar_fills_the_width_and_what_may_be_counted_twice_is_apart() -> None:
    one, other = bars([("first", Decimal(31), Decimal(62)), ("second", Decimal(0), Decimal(0))])
    assert (one.solid, one.hatched) == (50.0, 50.0)
    assert (other.solid, other.hatched) == (0.0, 0.0)
