"""A map shows land and no border, hides no arrow, and says nothing of where a group went that nobody knows."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confmgr.outcomes.domain import Confidence
from confmgr.outcomes.drawings import Map, dot_map, land, placing
from confmgr.outcomes.drawings.land import Window
from confmgr.outcomes.drawings.maps import DOT, NUMBER, PATH_LIMIT, RING, WIDTH
from confmgr.outcomes.drawings.placing import Box
from confmgr.outcomes.models import BorderSection, GroupBase, Move
from confmgr.values.words import Words

LEGEND = {
    "base": "base confirmed or probable",
    "base_reported": "reported only",
    "move": "move",
    "move_reported": "move, reported only",
    "nowhere": "left for a place not known",
}
PLACES = [
    ("Sihanoukville", 10.61, 103.53),
    ("Mondulkiri", 12.45, 107.19),
    ("Poipet", 13.66, 102.56),
    ("Bangkok", 13.75, 100.5),
    ("Savannakhet", 16.55, 104.75),
]


def base(ident: int, name: str, north: float, east: float, sure: Confidence = Confidence.CONFIRMED) -> GroupBase:
    return GroupBase(id=ident, name=Words.of(name), latitude=north, longitude=east, confidence=sure)


def went(start: int, end: int | None, sure: Confidence = Confidence.REPORTED) -> Move:
    return Move(from_base_id=start, to_base_id=end, confidence=sure)


def drawn(bases: list[GroupBase], moves: list[Move]) -> Map:
    found = dot_map(bases, moves, legend=LEGEND)
    assert found is not None
    return found


def sample() -> Map:
    bases = [base(n, *place) for n, place in enumerate(PLACES, 1)]
    return drawn(bases, [went(1, 2, Confidence.CONFIRMED), went(3, 5), went(4, 3), went(2, None)])


def hits(box: Box, of: Map) -> list[str]:
    """What a name would hide."""
    found = []
    for arc in of.arcs:
        if box.meets(placing.around(arc.at, NUMBER)):
            found.append(f"number {arc.number}")
        if arc.end is None:
            if box.meets(placing.around(arc.start, RING)):
                found.append(f"ring {arc.number}")
            continue
        for part in range(101):
            x, y = placing.on_bow(arc.start, arc.bow, arc.end, part / 100)
            if box.left < x < box.right and box.top < y < box.bottom:
                found.append(f"line {arc.number}")
                break
        if any(box.left < x < box.right and box.top < y < box.bottom for x, y in arc.head):
            found.append(f"head {arc.number}")
    found += [f"dot {dot.name}" for dot in of.dots if box.meets(placing.around((dot.x, dot.y), DOT))]
    return found


def clear(of: Map) -> None:
    for dot in of.dots:
        assert hits(dot.box, of) == []
        assert dot.box.inside(WIDTH, of.height)
    for one, other in combinations(of.dots, 2):
        assert not one.box.meets(other.box)


def test_names_hide_neither_arrows_nor_numbers_nor_each_other() -> None:
    clear(sample())


def test_bases_of_one_town_keep_their_names_apart() -> None:
    crowd = [base(n, f"Compound number {n} of Poipet", 13.66 + n / 100, 102.56 + n % 3 / 50) for n in range(1, 7)]
    clear(drawn([*crowd, base(9, "Bangkok", 13.75, 100.5)], [went(1, 9), went(9, 2), went(3, None)]))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["Poipet", "프놈펜", "ប៉ោយប៉ែត", "Ville"])),
        min_size=2,
        max_size=7,
        unique_by=lambda place: place[:2],
    ),
    st.data(),
)
def test_wherever_bases_are_no_name_hides_an_arrowhead(places: list[tuple[int, int, str]], data: st.DataObject) -> None:
    bases = [base(n, name, 8 + north / 4, 98 + east / 4) for n, (north, east, name) in enumerate(places, 1)]
    ends = st.tuples(st.integers(1, len(bases)), st.one_of(st.none(), st.integers(1, len(bases))))
    moves = [went(a, b) for a, b in data.draw(st.lists(ends, max_size=4)) if a != b]
    of = drawn(bases, moves)
    hidden = [hit for dot in of.dots for hit in hits(dot.box, of) if hit.startswith(("head", "dot", "number"))]
    assert hidden == []
    assert not [pair for pair in combinations(of.dots, 2) if pair[0].box.meets(pair[1].box)]


def section(name: str, north: float | None, east: float | None) -> BorderSection:
    return BorderSection(name=Words.of(name), latitude=north, longitude=east)


def test_a_border_to_watch_is_drawn_where_the_map_shows_it_and_its_name_hides_nothing() -> None:
    bases = [base(n, *place) for n, place in enumerate(PLACES, 1)]
    crossings = [
        section("Poipet – Aranyaprathet", 13.66, 102.55),
        section("Far away", 45.0, 10.0),
        section("Only a name", None, None),
    ]
    legend = LEGEND | {"border": "Borders to watch"}
    found = dot_map(bases, [went(3, 5)], legend=legend, sections=crossings)
    assert found is not None
    assert [gate.name for gate in found.gates] == ["Poipet – Aranyaprathet"]
    assert "border" in found.kinds
    [gate] = found.gates
    assert hits(gate.box, found) == []
    assert not [dot for dot in found.dots if dot.box.meets(gate.box)]
    clear(found)


def test_a_map_without_borders_to_watch_says_nothing_of_them() -> None:
    assert sample().gates == ()
    assert "border" not in sample().kinds


def test_where_nobody_knows_there_is_a_ring_at_the_start_and_no_arrow() -> None:
    (lost,) = [arc for arc in sample().arcs if arc.end is None]
    mondulkiri = next(dot for dot in sample().dots if dot.name == "Mondulkiri")
    assert (lost.number, lost.head, lost.start) == (4, (), (mondulkiri.x, mondulkiri.y))


def test_a_place_that_is_only_a_name_is_no_arrow_either() -> None:
    unplaced = GroupBase(id=2, name=Words.of("A house"), confidence=Confidence.REPORTED)
    (arc,) = drawn([base(1, *PLACES[0]), unplaced], [went(1, 2)]).arcs
    assert arc.end is None


def test_there_and_back_are_two_lines() -> None:
    first, second = drawn([base(1, *PLACES[2]), base(2, *PLACES[4])], [went(1, 2), went(2, 1)]).arcs
    assert first.bow != second.bow
    assert not placing.around(first.at, NUMBER).meets(placing.around(second.at, NUMBER))


def test_an_arrowhead_ends_outside_the_dot_it_points_at() -> None:
    for arc in sample().arcs:
        if arc.end is not None:
            end = next(dot for dot in sample().dots if dot.base.id == arc.move.to_base_id)
            tip = arc.head[0]
            assert DOT < ((tip[0] - end.x) ** 2 + (tip[1] - end.y) ** 2) ** 0.5 < DOT + 5


def test_the_legend_names_what_is_drawn_and_stands_in_the_sea() -> None:
    of = sample()
    assert of.legend is not None
    assert [sign.kind for sign in of.legend.signs] == ["base", "move", "move_reported", "nowhere"]
    assert hits(of.legend.box, of) == []
    assert not any(of.legend.box.meets(dot.box) for dot in of.dots)


def test_where_there_is_no_sea_the_legend_is_not_on_the_map() -> None:
    of = drawn([base(1, "Xian", 34.3, 108.9), base(2, "Lanzhou", 36.1, 103.8)], [went(1, 2)])
    assert of.legend is None
    assert of.kinds == ("base", "move_reported")


@pytest.mark.parametrize(
    ("north", "east", "dry"),
    [(11.55, 104.92, True), (13.75, 100.5, True), (10.0, 102.0, False), (16.0, 112.0, False)],
    ids=["Phnom Penh", "Bangkok", "Gulf of Thailand", "South China Sea"],
)
def test_land_is_where_land_is(north: float, east: float, dry: bool) -> None:
    rings = land.land_in(Window(98, 8, 114, 20))
    assert land.within(rings, (east, north)) is dry


def test_a_map_stays_small_and_within_its_window_even_of_a_whole_continent() -> None:
    for bases in ([base(1, *PLACES[0])], [base(1, "Oslo", 59.9, 10.7), base(2, "Jakarta", -6.2, 106.8)]):
        of = drawn(bases, [])
        assert 500 < len(of.land) <= PATH_LIMIT
    for ring in land.land_in(Window(98, 8, 114, 20)):
        assert all(98 <= x <= 114 and 8 <= y <= 20 for x, y in ring)


def test_arcs_are_scaled_summed_up_and_joined_backwards_where_they_say_so() -> None:
    topology = {
        "transform": {"scale": [0.5, 0.25], "translate": [100, 10]},
        "arcs": [[[0, 0], [4, 0], [0, 4]], [[0, 0], [0, 4], [4, 0]]],
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0, -2]]}]}},
    }
    (ring,) = land.decoded(json.loads(json.dumps(topology)))
    assert ring == ((100, 10), (102, 10), (102, 11), (100, 11), (100, 10))


def test_a_ring_is_cut_at_the_edges_of_the_window() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    cut = land.clipped(square, Window(1, 1, 3, 9))
    assert sorted(set(cut)) == [(1, 1), (1, 4), (3, 1), (3, 4)]
    assert land.area(cut) == 6
    assert land.clipped(square, Window(5, 5, 9, 9)) == ()


def test_corners_that_change_nothing_are_left_out() -> None:
    assert land.simplified(((0, 0), (1, 0.1), (2, 0), (2, 2)), 0.2) == ((0, 0), (2, 0), (2, 2))


def test_a_name_is_as_wide_as_its_letters() -> None:
    assert placing.width_of("포이펫") == 39
    assert placing.width_of("ii") < placing.width_of("oo") < placing.width_of("MM")
    assert placing.width_of("e\u0301") == placing.width_of("e")
