"""What a first page says first, how many cases led to action, and when case meetings are held without telling whose."""

from datetime import date, datetime
from decimal import Decimal

from confmgr.outcomes.domain import FigureKind, LinkKind
from confmgr.outcomes.totals import Comparison, Count, Overlap, Total, compare
from confmgr.papers.domain import case_blocks
from confmgr.reports.domain import (
    MissingRecords,
    OpenOverlap,
    SourcesDisagree,
    by_weight,
    led_to_action,
    newest,
    newest_gaps,
)
from confmgr.values.times import Span


def hours(first: str, last: str) -> Span:
    return Span(datetime.fromisoformat(f"2026-02-05T{first}"), datetime.fromisoformat(f"2026-02-05T{last}"))


PUBLIC = [hours("09:00", "11:00"), hours("11:00", "11:20"), hours("12:20", "13:20")]


def test_case_meetings_are_the_times_between_what_is_for_everybody() -> None:
    held = [hours("11:20", "11:40"), hours("12:00", "12:20"), hours("13:40", "14:00")]
    assert case_blocks(PUBLIC, held) == [hours("11:20", "12:20"), hours("13:20", "14:00")]


def test_a_time_between_without_any_case_meeting_is_not_named() -> None:
    assert case_blocks(PUBLIC, [hours("13:20", "14:00")]) == [hours("13:20", "14:00")]


def test_case_meetings_before_the_first_plenary_begin_with_the_first_of_them() -> None:
    assert case_blocks([hours("10:00", "11:00")], [hours("08:30", "09:00")]) == [hours("08:30", "10:00")]


def test_where_the_hours_of_the_day_are_known_a_block_does_not_tell_when_the_first_meeting_is() -> None:
    held = [hours("13:40", "14:00")]
    assert case_blocks(PUBLIC, held, hours("08:00", "18:00")) == [hours("13:20", "18:00")]
    assert case_blocks(PUBLIC, [hours("08:20", "08:40")], hours("08:00", "18:00")) == [hours("08:00", "09:00")]


def test_a_day_without_case_meetings_has_no_block() -> None:
    assert case_blocks(PUBLIC, []) == []


def test_cases_that_led_to_action_are_a_range_where_an_announcement_does_not_name_its_own() -> None:
    open_ones = [Overlap("five", name, LinkKind.POSSIBLE) for name in ("poipet", "bangkok", "ringleader")]
    found = led_to_action({"five": 5, "poipet": 1, "bangkok": 1, "ringleader": 1}, open_ones)
    assert [found.low, found.high] == [5, 8]


def declared(number: int, day: date) -> Comparison:
    announced = Count(
        id=f"d{number}",
        measure="arrested",
        low=Decimal(number),
        high=Decimal(number),
        kind=FigureKind.DECLARED,
        from_on=date(2025, 11, 10),
        to_on=day,
        as_of=day,
    )
    one = Count(
        id="raid",
        measure="arrested",
        low=Decimal(109),
        high=Decimal(109),
        from_on=date(2025, 12, 4),
        to_on=date(2025, 12, 4),
    )
    return compare(announced, [one], [])


def test_of_what_was_declared_again_and_again_the_newest_stands_on_the_first_page() -> None:
    rows = [declared(135, date(2026, 1, 23)), declared(140, date(2026, 2, 18)), declared(136, date(2026, 1, 28))]
    assert [row.declared.id for row in newest(rows)] == ["d140"]
    assert [gap.comparison.missing[0] for gap in newest_gaps(rows)] == [31]


def test_the_first_of_each_kind_of_decision_comes_first() -> None:
    gaps = [MissingRecords(Comparison(Count(name, name, Decimal(2), Decimal(2)), NOTHING)) for name in ("a", "b")]
    ranges = [OpenOverlap(name, None, ("x", "y"), Decimal(1), Decimal(2)) for name in ("arrested", "returned")]
    rivals = [SourcesDisagree("fraud_victims", None, (Decimal(27), Decimal(29)))]
    assert by_weight([*gaps, *ranges, *rivals]) == [gaps[0], ranges[0], rivals[0], gaps[1], ranges[1]]


NOTHING = Total(Decimal(0), Decimal(0), ())
