"""How the prints of a schedule are laid out: places over sheets, sessions in columns, signs, programmes."""

from datetime import date, datetime, time
from typing import Any

import pytest

from confmgr.reports.sheets import BoardPage, Booked, Party, Spot, board, sheet, signs, type_size
from confmgr.scheduling.domain import SessionKind
from confmgr.values.times import Span
from confmgr.values.words import Words

DAY = date(2026, 2, 5)
KH, TH, VN = (Party(n, code, Words.of(code), Words.of(code)) for n, code in enumerate(("KH", "TH", "VN"), 1))
T1, T2 = (Spot(n, f"T{n}", Words.of(f"Table {n}")) for n in (1, 2))


def booked(first: str, last: str, **changes: Any) -> Booked:
    values: dict[str, Any] = {
        "reference": "S1",
        "span": Span(datetime.fromisoformat(f"2026-02-05T{first}"), datetime.fromisoformat(f"2026-02-05T{last}")),
        "kind": SessionKind.BILATERAL,
        "spot": T1,
        "parties": (KH, TH),
    }
    return Booked(**(values | changes))


def pages(*rows: Booked, spots: tuple[Spot, ...] = (T1, T2)) -> list[BoardPage]:
    return board(DAY, time(9), time(11), 20, rows, spots)


def test_a_board_is_as_high_as_its_day_and_a_session_stands_at_its_time_and_place() -> None:
    (page,) = pages(booked("09:20", "10:00", spot=T2))
    assert page.units == 6
    assert [(c.column, c.begins, c.units) for c in page.cards] == [(1, 1, 2)]
    assert [f"{mark:%H:%M}" for _unit, mark in page.hours] == ["09:00", "09:20", "09:40", "10:00", "10:20", "10:40"]


def test_a_time_off_the_slots_makes_the_units_finer_and_an_early_one_lengthens_the_day() -> None:
    (page,) = pages(booked("08:45", "09:05"))
    assert page.units == 27
    assert [(c.begins, c.units) for c in page.cards] == [(0, 4)]
    assert [unit for unit, _mark in page.hours][:2] == [3, 7]


@pytest.mark.parametrize(("number", "sizes"), [(0, [0]), (16, [16]), (17, [9, 8]), (40, [14, 14, 12])])
def test_more_than_sixteen_places_take_more_sheets_of_about_the_same_width(number: int, sizes: list[int]) -> None:
    spots = tuple(Spot(n, f"P{n}", Words.of(f"Place {n}")) for n in range(number))
    lunch = booked("10:00", "10:20", kind=SessionKind.BREAK, everybody=True, parties=(), spot=None)
    made = pages(lunch, spots=spots)
    assert [len(page.columns) for page in made] == sizes
    assert all(len(page.bands) == 1 for page in made)
    assert [(page.number, page.of) for page in made] == [(n + 1, len(sizes)) for n in range(len(sizes))]


def test_two_sessions_at_one_table_stand_beside_each_other() -> None:
    (page,) = pages(booked("09:00", "09:40"), booked("09:20", "10:00"), booked("10:00", "10:20"))
    assert [(c.begins, c.lane, c.lanes) for c in page.cards] == [(0, 0, 2), (1, 1, 2), (3, 0, 1)]


def test_a_room_full_of_tables_is_left_out_unless_something_is_in_it_and_the_unplaced_come_last() -> None:
    room = Spot(9, "TABLES", Words.of("Meeting hall"), holds_tables=True)
    (page,) = pages(booked("09:00", "09:20"), spots=(room, T1))
    assert page.columns == (T1,)
    (page,) = pages(booked("09:00", "09:20", spot=room), booked("09:00", "09:20", spot=None), spots=(room, T1))
    assert page.columns == (room, T1, None)


def test_what_does_not_take_place_is_not_on_the_board_or_the_door() -> None:
    off = booked("09:00", "09:20", off=True)
    assert pages(off)[0].empty
    assert signs([DAY], [off], [T1]) == []


def test_long_codes_get_a_smaller_type_before_they_would_be_cut() -> None:
    assert type_size(5, 30, 8) == ""
    assert type_size(24, 20, 8) == "small"
    assert type_size(200, 20, 8) == "tiny"


def test_a_door_names_who_is_behind_it_in_order_of_time() -> None:
    late, early = booked("10:00", "10:20"), booked("09:00", "09:20", parties=(KH, VN))
    (sign,) = signs([DAY], [late, early, booked("09:00", "09:20", spot=None)], [T1, T2])
    assert (sign.day, sign.spot) == (DAY, T1)
    assert [one.codes for one in sign.booked] == ["KH–VN", "KH–TH"]


def test_the_title_of_a_meeting_of_some_is_not_open_and_that_of_a_plenary_is() -> None:
    title = Words.of("Arrest of the ringleader")
    assert booked("09:00", "09:20", title=title).open_title is None
    plenary = booked("09:00", "09:20", title=title, kind=SessionKind.PLENARY, everybody=True, parties=())
    assert plenary.open_title == title


def test_a_programme_holds_the_own_sessions_and_what_is_for_everybody() -> None:
    plenary = booked("10:00", "10:20", kind=SessionKind.PLENARY, everybody=True, parties=(), reference="S2")
    others = booked("09:00", "09:20", parties=(TH, VN), reference="S3")
    hold = booked("09:40", "10:00", kind=SessionKind.HOLD, everybody=True, reference="S4")
    made = sheet(KH, [plenary, others, hold, booked("09:20", "09:40")])
    assert [(day, [e.booked.reference for e in entries]) for day, entries in made.days] == [(DAY, ["S1", "S2"])]
    assert made.days[0][1][0].others == (TH,)
    assert made.meetings == 1


def test_a_dinner_and_a_briefing_without_delegations_are_for_everybody_and_a_blocked_time_keeps_its_title() -> None:
    title = Words.of("Dinner")
    dinner = booked("09:00", "09:20", kind=SessionKind.SOCIAL, title=title)
    briefing = booked("09:20", "09:40", kind=SessionKind.BRIEFING, title=title, parties=())
    hold = booked("09:40", "10:00", kind=SessionKind.HOLD, title=title, parties=(VN,), everybody=True)
    assert [one.open_title for one in (dinner, briefing, hold)] == [title, title, None]
    assert len(sheet(VN, [dinner, briefing, hold]).days[0][1]) == 2


def test_who_goes_is_named_only_where_not_the_whole_delegation_goes() -> None:
    two = Party(1, "KH", Words.of("KH"), Words.of("KH"), people=((7, "Sok Dara"), (8, "Chan Thy")))
    some = sheet(two, [booked("09:00", "09:20", attending=frozenset({8, 99}))])
    assert some.days[0][1][0].people == ("Chan Thy",)
    everyone = sheet(two, [booked("09:00", "09:20", attending=frozenset({7, 8}))])
    assert everyone.days[0][1][0].people == ()
