"""The number of an item is its place: whatever is moved, numbers run without a gap and parts stay with their item."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from confmgr.papers.domain import AgendaKind, Spot, half_days, in_order, moved, numbers, placed
from confmgr.values.times import Span


@st.composite
def agendas(draw: st.DrawFn) -> list[Spot]:
    """Up to nine items, some of them parts of others, in any order."""
    tops = draw(st.integers(1, 5))
    parts = draw(st.lists(st.integers(1, tops), max_size=4))
    spots = [Spot(n) for n in range(1, tops + 1)] + [Spot(100 + n, of) for n, of in enumerate(parts)]
    return draw(st.permutations(spots))


@given(agendas())
def test_numbers_run_in_the_order_of_the_page_without_a_gap(spots: list[Spot]) -> None:
    given_numbers = numbers(spots)
    tops = [given_numbers[spot.id] for spot in in_order(spots) if spot.parent is None]
    assert tops == [str(n) for n in range(1, len(tops) + 1)]
    for top in [spot for spot in spots if spot.parent is None]:
        parts = [given_numbers[spot.id] for spot in in_order(spots) if spot.parent == top.id]
        assert parts == [f"{given_numbers[top.id]}({letter})" for letter in "abcd"[: len(parts)]]


@given(agendas(), st.data())
def test_a_move_up_and_down_again_changes_nothing_but_at_the_ends_and_loses_no_item(
    spots: list[Spot], data: st.DataObject
) -> None:
    rows = in_order(spots)
    one = data.draw(st.sampled_from(rows))
    up = moved(rows, one.id, -1)
    assert sorted(spot.id for spot in up) == sorted(spot.id for spot in rows)
    assert up == rows or moved(up, one.id, 1) == rows
    first = next(spot for spot in rows if spot.parent == one.parent)
    assert (up == rows) == (first == one)


def test_the_parts_of_an_item_move_with_it() -> None:
    spots = [Spot(1), Spot(2), Spot(3, 2), Spot(4, 2)]
    assert [spot.id for spot in moved(spots, 2, -1)] == [2, 3, 4, 1]
    assert numbers(moved(spots, 2, -1)) == {2: "1", 3: "1(a)", 4: "1(b)", 1: "2"}
    assert [spot.id for spot in moved(spots, 4, -1)] == [1, 2, 4, 3]


def test_after_z_comes_aa() -> None:
    spots = [Spot(0), *(Spot(n, 0) for n in range(1, 29))]
    assert [numbers(spots)[n] for n in (1, 26, 27, 28)] == ["1(a)", "1(z)", "1(aa)", "1(ab)"]


def test_a_new_item_of_substance_stands_before_the_conclusions_and_a_late_opening_first() -> None:
    rows = [
        (Spot(1), AgendaKind.OPENING),
        (Spot(2), AgendaKind.SUBSTANCE),
        (Spot(3, 2), AgendaKind.SUBSTANCE),
        (Spot(4), AgendaKind.CONCLUSIONS),
        (Spot(5), AgendaKind.CLOSING),
    ]
    assert [spot.id for spot in placed(rows, Spot(0), AgendaKind.SUBSTANCE)] == [1, 2, 3, 0, 4, 5]
    assert [spot.id for spot in placed(rows, Spot(0), AgendaKind.CLOSING)] == [1, 2, 3, 4, 5, 0]
    assert [spot.id for spot in placed(rows[1:], Spot(0), AgendaKind.OPENING)] == [0, 2, 3, 4, 5]


def hours(first: str, last: str) -> Span:
    return Span(datetime.fromisoformat(f"2026-02-05T{first}"), datetime.fromisoformat(f"2026-02-05T{last}"))


def test_case_meetings_are_one_stretch_before_and_one_after_lunch() -> None:
    blocks = [hours("09:00", "10:40"), hours("11:00", "12:20"), hours("13:20", "15:20"), hours("15:40", "18:00")]
    breaks = [hours("10:40", "11:00").start, hours("12:20", "13:20").start, hours("15:20", "15:40").start]
    assert half_days(blocks, breaks) == [hours("09:00", "12:20"), hours("13:20", "18:00")]


def test_without_a_lunch_the_afternoon_begins_at_one() -> None:
    assert half_days([hours("11:00", "12:00"), hours("13:00", "14:00")], []) == [
        hours("11:00", "12:00"),
        hours("13:00", "14:00"),
    ]
    assert half_days([], []) == []
