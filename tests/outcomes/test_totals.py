"""Recorded figures are added, overlaps make ranges, declared ones are held against the sum and never added."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confmgr.outcomes.domain import FigureKind, FigureStatus, OverlapDecision, Qualifier
from confmgr.outcomes.totals import Count, Overlap, compare, converted, remainders, total
from tests.outcomes.make_counts import DECEMBER, count, perhaps, same
from tests.soak import SOAK

MANY = 100_000 if SOAK else 20_000

FIVE, POIPET, BANGKOK, LEADER = (
    count("five", 31),
    count("poipet", 15),
    count("bangkok", 13),
    count("leader", 1),
)
DOUBTS = [perhaps("five", "poipet"), perhaps("five", "bangkok"), perhaps("five", "leader")]


def ends(counts: list[Count], overlaps: list[Overlap] | None = None) -> tuple[int, int]:
    found = total(counts, overlaps or [])
    return int(found.low), int(found.high)


def test_recorded_figures_are_added() -> None:
    assert ends([POIPET, BANGKOK]) == (28, 28)


def test_open_overlaps_make_a_range_from_the_largest_sum_of_unlinked_figures_to_the_sum_of_all() -> None:
    assert ends([FIVE, POIPET, BANGKOK, LEADER], DOUBTS) == (31, 60)


def test_excluding_one_overlap_moves_the_lower_end() -> None:
    decided = [perhaps("five", "poipet", OverlapDecision.EXCLUDED), *DOUBTS[1:]]
    assert ends([FIVE, POIPET, BANGKOK, LEADER], decided) == (46, 60)


def test_an_overlap_decided_to_be_the_same_people_counts_the_larger_once() -> None:
    assert ends([FIVE, POIPET], [perhaps("five", "poipet", OverlapDecision.SAME)]) == (31, 31)


def test_figures_linked_as_the_same_count_once_through_a_chain_of_links() -> None:
    rows = [count("a", 10), count("b", 12), count("c", 11)]
    assert ends(rows, [same("a", "b"), same("b", "c")]) == (12, 12)


def test_a_declared_figure_is_never_added() -> None:
    assert ends([POIPET, count("announced", 28, kind=FigureKind.DECLARED)]) == (15, 15)


def test_a_superseded_figure_no_longer_counts() -> None:
    assert ends([POIPET, count("old", 14, status=FigureStatus.SUPERSEDED)]) == (15, 15)


def test_of_sources_that_disagree_only_the_chosen_one_counts() -> None:
    assert ends([count("r2", 29), count("r0", 27, counts=False), count("p", 30, counts=False)]) == (29, 29)


def test_an_interval_widens_the_total_by_itself() -> None:
    assert ends([POIPET, count("about", 5, 9)]) == (20, 24)


def test_a_total_carries_the_ids_of_its_records_in_the_order_of_their_dates() -> None:
    rows = [count("later", 1, on=date(2025, 12, 9)), count("first", 1, on=date(2025, 11, 13))]
    assert total(rows).parts == ("first", "later")


def test_a_total_says_which_records_make_its_lower_end() -> None:
    assert total([FIVE, POIPET, BANGKOK, LEADER], DOUBTS).apart == {"five"}


def test_a_source_that_says_more_than_makes_the_total_say_so_too() -> None:
    assert total([POIPET, count("shops", 15_000, qualifier=Qualifier.MORE_THAN)]).more_than


def test_a_declared_total_is_held_against_the_records_of_its_period_and_task_force() -> None:
    declared = count("announced", 92, kind=FigureKind.DECLARED, period=DECEMBER, task_force="1")
    rows = [
        count("november", 17, on=date(2025, 11, 13), task_force="1"),
        count("poipet", 15, task_force="1"),
        count("bangkok", 13),
        count("sihanoukville", 51, on=date(2025, 12, 9), task_force="1"),
        count("mondulkiri", 26, on=date(2025, 12, 18), task_force="1"),
    ]
    held = compare(declared, [declared, *rows], [])
    assert held.recorded.parts == ("poipet", "sihanoukville", "mondulkiri")
    assert (int(held.recorded.low), [int(one) for one in held.missing], held.agrees) == (92, [0, 0], True)


def test_a_declared_total_that_the_records_do_not_reach_says_how_many_are_missing() -> None:
    declared = count("announced", 140, kind=FigureKind.DECLARED, period=(date(2025, 11, 10), date(2026, 2, 18)))
    held = compare(declared, [declared, count("a", 109)], [])
    assert ([int(one) for one in held.missing], held.agrees) == ([31, 31], False)


def test_a_declared_total_of_a_meeting_takes_only_figures_of_that_meeting() -> None:
    declared = count("announced", 28, kind=FigureKind.DECLARED, meeting="1")
    held = compare(declared, [declared, count("mine", 28, meeting="1"), count("other", 5)], [])
    assert held.recorded.parts == ("mine",)


def test_a_breakdown_carries_what_is_not_stated_and_says_when_it_exceeds_the_whole() -> None:
    parts = [("nationality", Decimal(4)), ("sex", Decimal(8)), ("sex", Decimal(8))]
    assert remainders(Decimal(13), parts) == {"nationality": Decimal(9), "sex": Decimal(-3)}


def brute_force(values: dict[str, int], joined: set[frozenset[str]]) -> int:
    """The heaviest set of figures of which no two are joined, by trying every set."""
    best = 0
    for size in range(len(values) + 1):
        for chosen in combinations(sorted(values), size):
            if not any(frozenset(two) in joined for two in combinations(chosen, 2)):
                best = max(best, sum(values[name] for name in chosen))
    return best


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1),
    st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))),
)
def test_the_lower_end_is_the_heaviest_set_of_unlinked_figures_whatever_the_links(
    values: dict[str, int], pairs: set[tuple[str, str]]
) -> None:
    links = [pair for pair in pairs if pair[0] != pair[1] and set(pair) <= set(values)]
    found = total([count(name, value) for name, value in values.items()], [perhaps(*pair) for pair in links])
    assert found.low == brute_force(values, {frozenset(pair) for pair in links})
    assert found.high == sum(values.values())
    assert set(found.parts) == set(values)


def owned(ident: str, low: int, **changes: object) -> Count:
    return replace(count(ident, low), owner="kr", **changes)  # type: ignore[arg-type]  # fields of a count


def test_figures_of_one_owner_whose_periods_meet_are_not_added_until_somebody_says_so() -> None:
    december = owned("december", 40, from_on=date(2025, 12, 1), to_on=date(2025, 12, 31))
    winter = owned("winter", 25, from_on=date(2025, 12, 10), to_on=date(2026, 1, 10))
    assert ends([december, winter]) == (40, 65)
    assert ends([december, winter], [perhaps("december", "winter", OverlapDecision.EXCLUDED)]) == (65, 65)
    assert ends([december, winter], [perhaps("december", "winter", OverlapDecision.SAME)]) == (40, 40)


def test_a_doubt_that_nobody_has_linked_stands_among_what_makes_the_range() -> None:
    found = total([owned("one", 40), owned("two", 25)])
    assert [(link.first, link.second) for link in found.overlaps] == [("one", "two")]


def test_figures_of_different_actions_owners_or_times_are_added() -> None:
    assert ends([owned("a", 3, joint_action="1"), owned("b", 4, joint_action="2")]) == (7, 7)
    assert ends([owned("a", 3), replace(count("b", 4), owner="kh")]) == (7, 7)
    assert ends([owned("a", 3), owned("b", 4, from_on=date(2025, 12, 5), to_on=date(2025, 12, 5))]) == (7, 7)
    assert ends([owned("a", 3, tags=frozenset({"case 1"})), owned("b", 4, tags=frozenset({"case 2"}))]) == (7, 7)


def test_what_an_owner_counts_in_all_may_hold_what_it_counts_of_one_action() -> None:
    assert ends([owned("all", 40), owned("raid", 15, joint_action="1", tags=frozenset({"action 1"}))]) == (40, 55)


def held(ident: str, low: int, at: date, owner: str) -> Count:
    return replace(count(ident, low), from_on=None, to_on=None, at_on=at, owner=owner, stock=True)


def test_of_one_owners_stocks_the_newest_counts_and_those_of_several_are_not_added_for_certain() -> None:
    november, january = held("nov", 154, date(2025, 11, 30), "kh"), held("jan", 120, date(2026, 1, 31), "kh")
    assert ends([november, january]) == (120, 120)
    assert total([november, january]).parts == ("jan",)
    assert ends([november, january, held("th", 30, date(2026, 1, 31), "th")]) == (120, 150)


def test_people_who_are_the_same_through_a_source_that_was_withdrawn_stay_the_same() -> None:
    rows = [count("a", 10), count("b", 12, counts=False), count("c", 11)]
    assert ends(rows, [same("a", "b"), same("b", "c")]) == (11, 11)


def test_a_link_to_the_source_that_was_not_chosen_holds_for_the_one_that_was() -> None:
    rows = [replace(count("r0", 27, counts=False), alternative_to="1"), replace(count("r2", 29), alternative_to="1")]
    assert ends([*rows, count("five", 31)], [same("five", "r0")]) == (31, 31)
    assert ends([*rows, count("five", 31)], [perhaps("five", "r0")]) == (31, 60)


def test_very_many_figures_are_added_each_once() -> None:
    rows = [replace(count(f"f{n}", 1), owner=str(n % 200), joint_action=str(n)) for n in range(MANY)]
    found = total(rows)
    assert (int(found.low), int(found.high), len(found.parts), found.exact) == (MANY, MANY, MANY, True)


def test_too_many_doubts_to_try_give_a_lower_end_that_holds_and_says_that_it_may_be_higher() -> None:
    rows = [owned(f"f{n}", n % 7 + 1) for n in range(3_000)]
    found = total(rows)
    assert (int(found.low), found.exact, len(found.parts)) == (7, False, 3_000)
    assert found.high == sum(n % 7 + 1 for n in range(3_000))


@pytest.mark.parametrize(
    ("value", "rate", "expected"),
    [
        ("1500000000000", "0.0006666667", "1000000000"),
        ("2000000", "1450.25", "2900500000"),
        ("3", "1500", "4500"),
        ("12345678", "2", "24690000"),
        ("0", "1450.25", "0"),
        ("1", "0.5", "0.5"),
    ],
)
def test_a_converted_sum_is_no_more_exact_than_its_rate(value: str, rate: str, expected: str) -> None:
    assert converted(Decimal(value), Decimal(rate)) == Decimal(expected)
