"""What stands in the way of a session: the pure rules, one by one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from confmgr.scheduling.conflicts import (
    Clash,
    ClashKind,
    House,
    Severity,
    Sitting,
    all_clashes,
    blocking,
    changed,
    clashes_of,
)
from confmgr.values.times import Span

NINE = datetime(2026, 2, 5, 9, 0)  # noqa: DTZ001  # a wall time of the venue


def at(minute: int, length: int = 40) -> Span:
    """A stretch that begins some minutes after nine."""
    start = NINE + timedelta(minutes=minute)
    return Span(start, start + timedelta(minutes=length))


ONE = Sitting("S1", at(0), delegations=frozenset({"KH", "TH"}), place="T1")
OTHER = Sitting("S2", at(0), delegations=frozenset({"JP", "VN"}), place="T2")
HOUSE = House(seats={"T1": 8, "T2": 8, "HALL": 60})


def kinds(sitting: Sitting, *others: Sitting, house: House = HOUSE) -> list[tuple[ClashKind, str, str]]:
    return [(clash.kind, clash.who, clash.other) for clash in clashes_of(sitting, others, house)]


def test_two_meetings_of_different_people_at_different_tables_are_fine() -> None:
    assert kinds(ONE, OTHER) == []


def test_touching_ends_never_clash() -> None:
    assert kinds(ONE, replace(ONE, reference="S2", span=at(40))) == []


def test_a_delegation_with_one_team_is_in_one_meeting_at_a_time() -> None:
    other = replace(OTHER, delegations=frozenset({"KH", "JP"}))
    assert kinds(ONE, other) == [(ClashKind.DELEGATION_BUSY, "KH", "S2")]


def test_a_second_team_takes_a_second_meeting_and_no_third() -> None:
    house = replace(HOUSE, teams={"KH": 2})
    second = replace(OTHER, delegations=frozenset({"KH", "JP"}))
    third = Sitting("S3", at(20), delegations=frozenset({"KH", "VN"}), place="T3")
    assert kinds(ONE, second, house=house) == []
    assert kinds(ONE, second, third, house=replace(house, seats={**HOUSE.seats, "T3": 8})) == [
        (ClashKind.DELEGATION_BUSY, "KH", "S2"),
        (ClashKind.DELEGATION_BUSY, "KH", "S3"),
    ]


def test_two_teams_suffice_for_meetings_that_follow_each_other() -> None:
    house = replace(HOUSE, teams={"KH": 2})
    early = Sitting("S2", at(0, 20), delegations=frozenset({"KH"}))
    late = Sitting("S3", at(20, 20), delegations=frozenset({"KH"}))
    assert kinds(ONE, early, late, house=house) == []


def test_a_person_is_in_one_meeting_at_a_time_whatever_the_teams() -> None:
    house = replace(HOUSE, teams={"KH": 5})
    one = replace(ONE, people=frozenset({"Sok Dara #1"}))
    other = replace(OTHER, people=frozenset({"Sok Dara #1"}))
    assert kinds(one, other, house=house) == [(ClashKind.PERSON_BUSY, "Sok Dara #1", "S2")]


def test_a_table_is_taken_and_so_is_the_room_around_it() -> None:
    assert kinds(ONE, replace(OTHER, place="T1")) == [(ClashKind.PLACE_TAKEN, "T1", "S2")]
    hall = Sitting("S2", at(20), place="HALL")
    house = replace(HOUSE, tables={"HALL": frozenset({"T1", "T2"})})
    assert kinds(ONE, hall, house=house) == [(ClashKind.PLACE_TAKEN, "T1", "S2")]
    assert kinds(hall, ONE, house=house) == [(ClashKind.PLACE_TAKEN, "HALL", "S1")]


def test_a_break_blocks_everybody_and_two_breaks_do_not_block_each_other() -> None:
    lunch = Sitting("S2", at(20), whole_meeting=True)
    assert kinds(ONE, lunch) == [(ClashKind.WHOLE_MEETING, "", "S2")]
    assert kinds(lunch, replace(lunch, reference="S3")) == []


@pytest.mark.parametrize(
    ("house", "sitting", "expected"),
    [
        (
            replace(HOUSE, delegation_hours={"KH": (at(60),)}),
            ONE,
            (ClashKind.DELEGATION_AWAY, "KH", ""),
        ),
        (
            replace(HOUSE, person_hours={"Sok Dara #1": (at(20, 400),)}),
            replace(ONE, people=frozenset({"Sok Dara #1"})),
            (ClashKind.PERSON_AWAY, "Sok Dara #1", ""),
        ),
        (replace(HOUSE, place_hours={"T1": (at(0, 20),)}), ONE, (ClashKind.PLACE_CLOSED, "T1", "")),
        (HOUSE, replace(ONE, seats_needed=9), (ClashKind.PLACE_SMALL, "T1", "")),
        (
            HOUSE,
            replace(ONE, interpretation="km-th", interpreters_wanted=1),
            (ClashKind.INTERPRETER_MISSING, "km-th", ""),
        ),
        (
            replace(HOUSE, interpreter_hours={"Chea #1": (at(60),)}),
            replace(ONE, interpreters=frozenset({"Chea #1"})),
            (ClashKind.INTERPRETER_AWAY, "Chea #1", ""),
        ),
    ],
)
def test_what_a_session_lacks_by_itself_is_said(
    house: House, sitting: Sitting, expected: tuple[ClashKind, str, str]
) -> None:
    assert kinds(sitting, house=house) == [expected]


def test_an_interpreter_needs_a_pause_after_the_longest_run() -> None:
    house = replace(HOUSE, longest_run={"Chea #1": 60})
    one = replace(ONE, interpreters=frozenset({"Chea #1"}))
    next_one = replace(one, reference="S2", span=at(40))
    assert kinds(one, next_one, house=house) == [(ClashKind.INTERPRETER_TIRED, "Chea #1", "")]
    assert kinds(one, replace(next_one, span=at(45)), house=house) == []


def test_an_order_is_broken_from_either_side() -> None:
    later = Sitting("S2", at(20), after=frozenset({"S1"}))
    assert kinds(later, ONE) == [(ClashKind.ORDER_BROKEN, "", "S1")]
    assert kinds(ONE, later) == [(ClashKind.ORDER_BROKEN, "", "S2")]
    assert kinds(replace(later, span=at(40)), ONE) == []


def test_two_that_were_wished_apart_warn_from_either_side_while_they_are_at_the_same_time() -> None:
    apart = replace(OTHER, span=at(20), apart=frozenset({"S1"}))
    assert kinds(apart, ONE) == [(ClashKind.WISHED_APART, "", "S1")]
    assert kinds(ONE, apart) == [(ClashKind.WISHED_APART, "", "S2")]
    assert kinds(replace(apart, span=at(40)), ONE) == []


def test_two_that_were_wished_on_one_day_warn_from_either_side_while_they_are_not() -> None:
    tomorrow = Sitting("S2", at(24 * 60), same_day=frozenset({"S1"}))
    assert kinds(tomorrow, ONE) == [(ClashKind.WISHED_SAME_DAY, "", "S1")]
    assert kinds(ONE, tomorrow) == [(ClashKind.WISHED_SAME_DAY, "", "S2")]
    assert kinds(replace(tomorrow, span=at(40)), ONE) == []


def test_a_session_at_a_time_that_was_not_wished_for_warns() -> None:
    assert kinds(replace(ONE, wished=(at(0, 20),))) == [(ClashKind.TIME_NOT_WISHED, "", "")]
    assert kinds(replace(ONE, wished=(at(100), at(0, 60)))) == []


def test_an_interpreter_who_does_not_speak_both_languages_is_told_of() -> None:
    house = replace(HOUSE, interpreter_pairs={"Chea #1": frozenset({"km-ko"})})
    one = replace(ONE, interpretation="km-th", interpreters=frozenset({"Chea #1"}))
    assert kinds(one, house=house) == [(ClashKind.INTERPRETER_PAIR, "Chea #1", "")]
    assert kinds(replace(one, interpretation="km-ko"), house=house) == []
    assert kinds(one, house=HOUSE) == []


def test_an_interpreter_works_no_longer_in_a_day_than_allowed() -> None:
    house = replace(HOUSE, longest_day={"Chea #1": 90})
    one = replace(ONE, interpreters=frozenset({"Chea #1"}))
    second = replace(one, reference="S2", span=at(100))
    third = replace(one, reference="S3", span=at(200, 15))
    tomorrow = replace(one, reference="S4", span=at(24 * 60))
    assert kinds(one, second, tomorrow, house=house) == []
    assert kinds(one, second, third, tomorrow, house=house) == [(ClashKind.INTERPRETER_LONG_DAY, "Chea #1", "")]


TWO_BUILDINGS = replace(HOUSE, buildings={"T1": "main", "T2": "annex", "HALL": "main"}, walk_minutes=10)


@pytest.mark.parametrize(
    ("next_one", "expected"),
    [
        (replace(ONE, reference="S2", span=at(45), place="T2"), [(ClashKind.WALK_TOO_SHORT, "KH", "S2")]),
        (replace(ONE, reference="S2", span=at(50), place="T2"), []),
        (replace(ONE, reference="S2", span=at(40), place="HALL"), []),
        (replace(ONE, reference="S2", span=at(40), place=None), []),
        (replace(ONE, reference="S2", span=at(40), place="T9"), []),
    ],
)
def test_a_delegation_needs_time_to_walk_to_another_building(
    next_one: Sitting, expected: list[tuple[ClashKind, str, str]]
) -> None:
    house = replace(TWO_BUILDINGS, seats={**HOUSE.seats, "T9": 8})
    one = replace(ONE, delegations=frozenset({"KH"}))
    next_one = replace(next_one, delegations=frozenset({"KH", "JP"}))
    assert kinds(one, next_one, house=house) == expected
    assert kinds(next_one, one, house=house) == [(kind, who, "S1") for kind, who, _other in expected]


def test_of_a_delegation_with_two_teams_the_other_one_may_be_in_the_other_building() -> None:
    house = replace(TWO_BUILDINGS, teams={"KH": 2, "TH": 2})
    assert kinds(ONE, replace(ONE, reference="S2", span=at(40), place="T2"), house=house) == []


def test_people_and_interpreters_walk_too() -> None:
    house = replace(TWO_BUILDINGS, teams={"KH": 2, "TH": 2})
    one = replace(ONE, people=frozenset({"Sok #1"}), interpreters=frozenset({"Chea #1"}))
    assert kinds(one, replace(one, reference="S2", span=at(40), place="T2"), house=house) == [
        (ClashKind.WALK_TOO_SHORT, "Chea #1", "S2"),
        (ClashKind.WALK_TOO_SHORT, "Sok #1", "S2"),
    ]


def test_a_meeting_judges_each_rule_as_it_wishes() -> None:
    other = replace(OTHER, delegations=frozenset({"KH"}), place="T1")
    softer = replace(
        HOUSE, severities={ClashKind.PLACE_TAKEN: Severity.IGNORE, ClashKind.DELEGATION_BUSY: Severity.WARN}
    )
    assert [(c.kind, c.severity) for c in clashes_of(ONE, [other], softer)] == [
        (ClashKind.DELEGATION_BUSY, Severity.WARN)
    ]
    stricter = replace(HOUSE, severities={ClashKind.PLACE_SMALL: Severity.BLOCK})
    assert blocking(clashes_of(replace(ONE, seats_needed=9), [], HOUSE)) == []
    assert blocking(clashes_of(replace(ONE, seats_needed=9), [], stricter)) == [
        Clash(ClashKind.PLACE_SMALL, "S1", "T1", judged=Severity.BLOCK)
    ]


def test_a_rule_of_quality_only_warns_unless_the_meeting_says_otherwise() -> None:
    assert {kind for kind in ClashKind if Clash(kind, "S1").severity is Severity.WARN} == {
        ClashKind.PLACE_SMALL,
        ClashKind.WALK_TOO_SHORT,
        ClashKind.INTERPRETER_MISSING,
        ClashKind.INTERPRETER_PAIR,
        ClashKind.INTERPRETER_TIRED,
        ClashKind.INTERPRETER_LONG_DAY,
        ClashKind.TIME_NOT_WISHED,
        ClashKind.WISHED_APART,
        ClashKind.WISHED_SAME_DAY,
    }


def test_a_move_changes_the_conflicts_of_the_moved_session_and_of_those_it_met_or_meets() -> None:
    here = [ONE, replace(OTHER, place="T1"), Sitting("S3", at(200), place="T2"), Sitting("S4", at(0), place="T3")]
    there = [replace(ONE, span=at(200), place="T2"), *here[1:]]
    house = replace(HOUSE, seats={**HOUSE.seats, "T3": 8})
    assert changed(all_clashes(here, house), all_clashes(there, house)) == {"S1", "S2", "S3"}
    assert changed(all_clashes(here, house), all_clashes(here, house)) == set()


def test_every_clash_is_found_from_both_sessions_and_only_theirs() -> None:
    other = replace(OTHER, place="T1")
    third = Sitting("S3", at(200), place="T1")
    assert set(all_clashes([ONE, other, third], HOUSE)) == {"S1", "S2"}
