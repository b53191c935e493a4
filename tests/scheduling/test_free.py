"""Free times and places, and what each costs whom: worked on paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from confmgr.scheduling.conflicts import Clash, ClashKind, House, Register, Severity, Sitting, blocking, clashes_of
from confmgr.scheduling.free import Cost, CostKind, Floor, Opening, Search, Verdict
from confmgr.scheduling.idle import idle_minutes
from confmgr.values.times import Span

NINE = datetime(2026, 2, 5, 9, 0)  # noqa: DTZ001  # a wall time of the venue
NOON = datetime(2026, 2, 5, 12, 0)  # noqa: DTZ001
DAY = timedelta(days=1)
HOUSE = House(seats={"T1": 8, "T2": 8})


def clock(text: str, day: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-02-0{5 + day}T{text}")


def at(text: str, minutes: int = 20, day: int = 0) -> Span:
    start = clock(text, day)
    return Span(start, start + timedelta(minutes=minutes))


def floor(*others: Sitting, house: House = HOUSE, places: Sequence[str] = ("T1", "T2")) -> Floor:
    """Two mornings from nine to noon, in slots of twenty minutes."""
    return Floor(
        Register(others, house),
        starts=[NINE + day * DAY + timedelta(minutes=20 * n) for day in range(2) for n in range(9)],
        closes={NINE.date(): NOON, (NINE + DAY).date(): NOON + DAY},
        places=places,
    )


NEW = Sitting("S9", at("09:00"), delegations=frozenset({"KH", "TH"}), seats_needed=4)


def met(reference: str, span: Span, *codes: str, place: str = "T1") -> Sitting:
    return Sitting(reference, span, delegations=frozenset(codes), place=place)


def opening(found: Sequence[Opening], starts: str, place: str) -> Opening:
    return next(one for one in found if one.starts == clock(starts) and one.place == place)


def test_an_empty_day_costs_nobody_anything_and_times_are_spread() -> None:
    found = Search(NEW, floor()).best(4)
    assert [(one.starts, one.place, one.costs) for one in found] == [
        (clock("09:00"), "T1", ()),
        (clock("10:00"), "T1", ()),
        (clock("11:00"), "T1", ()),
        (clock("09:00", 1), "T1", ()),
    ]


def test_a_gap_between_two_meetings_of_a_day_is_an_idle_slot_and_filling_one_is_a_gain() -> None:
    view = floor(met("S1", at("09:00"), "TH"), met("S2", at("10:00"), "TH"))
    found = list(Search(NEW, view).openings())
    assert opening(found, "09:20", "T1").costs == (Cost(CostKind.IDLE_FILLED, "TH"),)
    assert opening(found, "10:20", "T1").costs == ()
    assert opening(found, "11:00", "T1").costs == (Cost(CostKind.IDLE, "TH", 2),)


def test_a_break_is_not_idle_time() -> None:
    coffee = Sitting("S2", at("09:20", 40), whole_meeting=True)
    found = list(Search(NEW, floor(met("S1", at("09:00"), "TH"), coffee)).openings())
    assert opening(found, "10:00", "T1").costs == ()
    assert idle_minutes([at("09:00"), at("11:00")], [coffee.span]) == 60


def test_a_delegation_with_one_team_hears_of_a_change_of_table_and_one_with_two_does_not() -> None:
    view = floor(met("S1", at("09:00"), "TH"), met("S2", at("09:40"), "TH"))
    found = list(Search(NEW, view).openings())
    filled = Cost(CostKind.IDLE_FILLED, "TH")
    assert opening(found, "09:20", "T2").costs == (filled, Cost(CostKind.OTHER_PLACE, "TH"))
    assert opening(found, "09:20", "T1").costs == (filled,)
    two = floor(met("S1", at("09:00"), "TH"), house=replace(HOUSE, teams={"TH": 2}))
    assert opening(list(Search(NEW, two).openings()), "09:20", "T2").costs == ()


def test_later_than_now_is_said_and_earlier_is_not() -> None:
    found = list(Search(replace(NEW, place="T1"), floor(), since=clock("09:20")).openings())
    assert opening(found, "09:00", "T1").costs == ()
    assert opening(found, "10:20", "T1").costs == (Cost(CostKind.LATER, amount=60),)
    tomorrow = next(one for one in found if one.starts == clock("09:00", 1))
    assert tomorrow.costs == (Cost(CostKind.DAYS_LATER),)
    assert all((one.starts, one.place) != (clock("09:20"), "T1") for one in found)


def test_the_cheapest_come_first_and_each_time_once_while_there_are_others() -> None:
    view = floor(met("S1", at("09:00"), "TH"), met("S2", at("09:40"), "TH"), met("S3", at("09:00"), "KH", place="T2"))
    found = Search(replace(NEW, span=at("09:00", 20)), view).best(3)
    assert [(one.starts, one.place) for one in found] == [
        (clock("09:20"), "T1"),
        (clock("09:00", 1), "T1"),
        (clock("10:00", 1), "T1"),
    ]
    assert [(one.starts, one.place) for one in Search(NEW, replace(view, starts=view.starts[:3])).best(2)] == [
        (clock("09:20"), "T1"),
        (clock("09:20"), "T2"),
    ]


def test_nothing_is_offered_that_is_taken_too_small_too_late_or_over() -> None:
    house = replace(HOUSE, seats={"T1": 8, "T2": 3})
    view = floor(met("S1", at("09:00", 120), "TH"), house=house)
    found = list(Search(replace(NEW, span=at("09:00", 40)), view).openings(not_before=clock("09:00")))
    assert [(one.starts, one.place) for one in found if one.starts < NINE + DAY] == [
        (clock("11:00"), "T1"),
        (clock("11:20"), "T1"),
    ]
    late = list(Search(NEW, view).openings(not_before=clock("11:20", 1)))
    assert [one.starts for one in late] == [clock("11:20", 1), clock("11:40", 1)]


INTERPRETED = replace(NEW, interpretation="km-th", interpreters_wanted=1)
CREWED = replace(
    HOUSE,
    interpreter_pairs={
        "Chea #1": frozenset({"km-th"}),
        "Somsak #2": frozenset({"km-th"}),
        "Yi #3": frozenset({"ko-th"}),
    },
)


def test_a_session_without_interpreter_is_told_who_is_free_to_interpret() -> None:
    busy = Sitting("S1", at("09:00"), interpreters=frozenset({"Chea #1"}), place="T2")
    found = list(Search(INTERPRETED, floor(busy, house=CREWED)).openings())
    assert opening(found, "09:00", "T1").interpreters == {"Somsak #2"}
    assert opening(found, "09:00", "T1").costs == (Cost(CostKind.INTERPRETER_FOUND, "Somsak #2"),)
    assert opening(found, "09:20", "T1").interpreters == {"Somsak #2"}, "who works less that day comes first"


def test_another_interpreter_takes_over_where_the_present_one_is_busy() -> None:
    busy = Sitting("S1", at("09:00"), interpreters=frozenset({"Chea #1"}), place="T2")
    mine = replace(INTERPRETED, interpreters=frozenset({"Chea #1"}))
    found = list(Search(mine, floor(busy, house=CREWED)).openings())
    assert opening(found, "09:00", "T1").costs == (Cost(CostKind.INTERPRETER_CHANGED, "Somsak #2"),)
    assert opening(found, "09:20", "T1").interpreters == {"Chea #1"}
    kept = list(Search(mine, floor(busy, house=CREWED)).openings(keep_crew=True))
    assert all(one.starts != NINE for one in kept)


def test_where_no_interpreter_is_free_the_time_is_offered_last_with_the_warning() -> None:
    house = replace(CREWED, interpreter_hours={"Chea #1": (at("11:40"),), "Somsak #2": (at("11:40"),)})
    found = Search(INTERPRETED, floor(house=house)).best(2)
    assert [(one.starts, [clash.kind for clash in one.warnings]) for one in found] == [
        (clock("11:40"), []),
        (clock("09:00"), [ClashKind.INTERPRETER_MISSING]),
    ]


def test_a_delegate_hears_only_the_own_cost() -> None:
    house = replace(CREWED, interpreter_pairs={})
    view = floor(met("S1", at("09:00"), "TH"), met("S2", at("09:00"), "KH", place="T2"), house=house)
    found = list(Search(INTERPRETED, view, since=clock("09:00"), of={"KH"}).openings())
    late = opening(found, "10:00", "T1")
    assert late.costs == (
        Cost(CostKind.IDLE, "KH", 2),
        Cost(CostKind.LATER, amount=60),
        Cost(CostKind.OTHER_PLACE, "KH"),
    )
    assert late.warnings == ()


def test_why_not_here_names_everything_that_forbids_it() -> None:
    view = floor(met("S1", at("09:00"), "TH", "JP"), house=HOUSE)
    verdict = Search(NEW, view).verdict(NINE, "T1")
    assert verdict == Verdict(
        (Clash(ClashKind.DELEGATION_BUSY, "S9", "TH", "S1"), Clash(ClashKind.PLACE_TAKEN, "S9", "T1", "S1")), None
    )


def test_why_not_here_says_that_it_is_free_and_at_what_cost() -> None:
    view = floor(met("S1", at("09:00"), "TH"), house=replace(HOUSE, seats={"T1": 8, "T2": 2}))
    verdict = Search(NEW, view).verdict(clock("09:40"), "T2")
    assert verdict.clashes == ()
    assert verdict.opening is not None
    assert verdict.opening.costs == (Cost(CostKind.IDLE, "TH"), Cost(CostKind.OTHER_PLACE, "TH"))
    assert verdict.opening.warnings == (Clash(ClashKind.PLACE_SMALL, "S9", "T2"),)


def test_why_not_here_knows_that_another_interpreter_would_do() -> None:
    busy = Sitting("S1", at("09:00"), interpreters=frozenset({"Chea #1"}), place="T2")
    mine = replace(INTERPRETED, interpreters=frozenset({"Chea #1"}))
    verdict = Search(mine, floor(busy, house=CREWED)).verdict(NINE, "T1")
    assert verdict.opening is not None
    assert verdict.opening.costs == (Cost(CostKind.INTERPRETER_CHANGED, "Somsak #2"),)


def test_every_opening_keeps_the_rules() -> None:
    house = replace(CREWED, buildings={"T1": "main", "T2": "annex"}, walk_minutes=30)
    house = replace(house, severities={ClashKind.WALK_TOO_SHORT: Severity.BLOCK})
    others = [
        met("S1", at("09:00"), "TH"),
        met("S2", at("10:00", 40), "KH", place="T2"),
        replace(met("S3", at("11:00"), "JP"), interpreters=frozenset({"Chea #1", "Somsak #2"})),
    ]
    found = list(Search(INTERPRETED, floor(*others, house=house)).openings())
    assert found
    for one in found:
        there = replace(
            INTERPRETED,
            span=Span(one.starts, one.starts + timedelta(minutes=20)),
            place=one.place,
            interpreters=one.interpreters,
        )
        clashes = clashes_of(there, others, house)
        assert blocking(clashes) == []
        assert tuple(clashes) == one.warnings


def test_the_best_are_the_cheapest_of_all_openings() -> None:
    others = [
        met("S1", at("09:00"), "TH"),
        met("S2", at("10:00", 40), "KH", place="T2"),
        met("S3", at("11:20"), "TH", place="T2"),
        met("S4", at("09:40", day=1), "KH"),
    ]
    search = Search(NEW, floor(*others, house=replace(HOUSE, seats={"T1": 8, "T2": 8})))
    every = list(search.openings())
    assert search.best(1)[0].points == min(one.points for one in every)
    assert len(search.best(len(every) + 5)) == len(every)
