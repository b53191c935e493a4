"""The fast rules say what the plain ones say, on schedules of every shape."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confmgr.scheduling.conflicts import ClashKind, House, Severity, Sitting, all_clashes, changed, clashes_of
from confmgr.values.times import Span
from tests.scheduling.judge import judge
from tests.soak import SOAK

NINE = datetime(2026, 2, 5, 9, 0)  # noqa: DTZ001  # a wall time of the venue
PARTIES, PEOPLE, CREW = ("KH", "TH", "JP"), ("Sok #1", "Somchai #2"), ("Chea #3", "Yi #4")
PLACES = ("T1", "T2", "T3", "HALL")
PAIRS = ("km-ko", "ko-th")
EXAMPLES = 1000 if SOAK else 100


@st.composite
def spans(draw: st.DrawFn, longest: int = 18) -> Span:
    """Stretches on the five-minute grid, of two days close to each other so that they meet."""
    start = NINE + timedelta(days=draw(st.integers(0, 1)), minutes=5 * draw(st.integers(0, 36)))
    return Span(start, start + timedelta(minutes=5 * draw(st.integers(1, longest))))


def some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names))


@st.composite
def schedules(draw: st.DrawFn) -> list[Sitting]:
    number = draw(st.integers(0, 9))
    references = tuple(f"S{n}" for n in range(number))
    return [
        Sitting(
            reference,
            draw(spans()),
            delegations=draw(some(PARTIES)),
            people=draw(some(PEOPLE)),
            place=draw(st.none() | st.sampled_from(PLACES)),
            seats_needed=draw(st.integers(0, 6)),
            interpretation=draw(st.none() | st.sampled_from(PAIRS)),
            interpreters_wanted=draw(st.integers(0, 2)),
            interpreters=draw(some(CREW)),
            whole_meeting=draw(st.integers(0, 5)) == 0,
            after=draw(st.frozensets(st.sampled_from(references), max_size=2)) - {reference},
            wished=draw(st.lists(spans(80), max_size=2).map(tuple)),
            apart=draw(st.frozensets(st.sampled_from(references), max_size=2)) - {reference},
            same_day=draw(st.frozensets(st.sampled_from(references), max_size=2)) - {reference},
        )
        for reference in references
    ]


def hours() -> st.SearchStrategy[tuple[Span, ...]]:
    return st.lists(spans(80), max_size=2).map(tuple)


def limits(names: tuple[str, ...], values: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(names), values)


houses = st.builds(
    House,
    teams=limits(PARTIES, st.integers(1, 3)),
    delegation_hours=st.dictionaries(st.sampled_from(PARTIES), hours()),
    person_hours=st.dictionaries(st.sampled_from(PEOPLE), st.lists(spans(80), max_size=2).map(tuple)),
    seats=limits(PLACES, st.integers(0, 8)),
    place_hours=st.dictionaries(st.sampled_from(PLACES), hours()),
    tables=st.sampled_from([{}, {"HALL": frozenset({"T1", "T2"})}]),
    buildings=st.dictionaries(st.sampled_from(PLACES), st.sampled_from(("main", "annex"))),
    walk_minutes=st.sampled_from((0, 5, 15, 60)),
    interpreter_pairs=st.dictionaries(st.sampled_from(CREW), some(PAIRS)),
    interpreter_hours=st.dictionaries(st.sampled_from(CREW), hours()),
    longest_run=limits(CREW, st.integers(1, 20).map(lambda n: n * 5)),
    longest_day=limits(CREW, st.integers(1, 40).map(lambda n: n * 5)),
    severities=st.dictionaries(st.sampled_from(ClashKind), st.sampled_from(Severity), max_size=4),
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedules(), houses)
def test_the_rules_find_what_a_plain_judge_finds_and_nothing_else(sittings: list[Sitting], house: House) -> None:
    found = all_clashes(sittings, house)
    said = {((c.session, c.kind, c.who, c.other), c.severity) for clashes in found.values() for c in clashes}
    assert said == judge(sittings, house)
    for row in sittings:
        assert clashes_of(row, sittings, house) == found.get(row.reference, [])


@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedules(), schedules(), houses)
def test_the_sessions_whose_conflicts_changed_are_all_that_must_be_drawn_anew(
    before: list[Sitting], after: list[Sitting], house: House
) -> None:
    old, new = all_clashes(before, house), all_clashes(after, house)
    drawn = {
        reference: (new if reference in changed(old, new) else old).get(reference, []) for reference in old.keys() | new
    }
    assert {reference: clashes for reference, clashes in drawn.items() if clashes} == new
