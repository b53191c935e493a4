"""Records that are one, likely twins, moves that came too early, borders that a move may have passed."""

from datetime import date

from confmgr.outcomes.models import BorderSection, Group, GroupBase, Move, MoveSection
from confmgr.outcomes.moving import Likeness, each_once, kilometres, passed, too_early, twins, wholes
from confmgr.values.words import Words


def group(ident: int, name: str, *aliases: str, into: int | None = None) -> Group:
    return Group(id=ident, name=Words.of(name), aliases=list(aliases), merged_into_id=into)


def at(
    ident: int, of: Group, north: float, east: float, first: date | None = None, last: date | None = None
) -> GroupBase:
    return GroupBase(id=ident, group=of, latitude=north, longitude=east, from_on=first, to_on=last)


def test_the_same_name_in_another_width_case_or_space_is_kept_once_as_it_was_written() -> None:
    assert each_once(["  Golden Fox ", "ＧＯＬＤＥＮ　ＦＯＸ", "", "황금여우", "หมาทอง"]) == [
        "Golden Fox",
        "황금여우",
        "หมาทอง",
    ]
    assert each_once(["golden fox", "Silver"], but=["Golden Fox"]) == ["Silver"]


def test_records_that_are_said_to_be_one_are_one_with_all_their_names() -> None:
    one, other, third = group(1, "Golden Fox", "GF", into=2), group(2, "황금여우", "gf", "Kim's"), group(3, "Else")
    found = wholes([one, other, third], [Move(id=9, group_id=1)])
    assert [whole.head.id for whole in found] == [2, 3]
    assert [record.id for record in found[0].records] == [2, 1]
    assert found[0].aliases == ("Golden Fox", "gf", "Kim's")
    assert [move.id for move in found[0].moves] == [9]
    assert [record.id for record in found[0].merged] == [1]


def test_a_record_said_to_be_one_that_is_not_seen_stands_alone() -> None:
    (whole,) = wholes([group(1, "Golden Fox", into=2)], [])
    assert (len(whole.records), whole.merged, whole.aliases) == (1, (), ())


def test_records_said_of_each_other_are_one_and_do_not_go_round_for_ever() -> None:
    (whole,) = wholes([group(1, "A", into=2), group(2, "B", into=3), group(3, "C", into=1)], [])
    assert len(whole.records) == 3


def test_a_name_in_common_or_bases_near_each_other_at_one_time_make_likely_twins() -> None:
    fox, kim, far, late = group(1, "Golden Fox"), group(2, "Kim", "GOLDEN fox"), group(3, "Far"), group(4, "Late")
    at(11, far, 13.66, 102.56, None, date(2025, 12, 4))
    at(12, late, 13.7, 102.6, date(2025, 12, 4))
    pairs = [(pair.one.head.id, pair.other.head.id, pair.why) for pair in twins(wholes([fox, kim, far, late], []))]
    assert pairs == [(1, 2, Likeness.NAME), (3, 4, Likeness.PLACE)]


def test_bases_at_different_times_or_further_than_thirty_kilometres_make_no_twins() -> None:
    one, later, far, unplaced = group(1, "A"), group(2, "B"), group(3, "C"), group(4, "D")
    at(11, one, 13.66, 102.56, None, date(2025, 12, 4))
    at(12, later, 13.66, 102.56, date(2025, 12, 5))
    at(13, far, 13.66, 102.9)
    GroupBase(id=14, group=unplaced)
    assert list(twins(wholes([one, later, far, unplaced], []))) == []


def test_distances_are_those_on_the_ground() -> None:
    here = GroupBase(latitude=13.66, longitude=102.56)
    assert round(kilometres(here, GroupBase(latitude=13.66, longitude=102.9)) or 0) == 37
    assert kilometres(here, GroupBase()) is None


def test_a_move_noticed_while_its_base_was_in_use_is_too_early() -> None:
    base = GroupBase(to_on=date(2025, 12, 4))
    assert too_early(Move(from_base=base, noticed_on=date(2025, 12, 3)))
    assert not too_early(Move(from_base=base, noticed_on=date(2025, 12, 4)))
    assert not too_early(Move(from_base=GroupBase(), noticed_on=date(2025, 12, 3)))


def test_a_move_between_the_two_sides_of_a_section_may_have_passed_it() -> None:
    section = BorderSection(id=1, one_side_id=7, other_side_id=8)
    move = Move(from_base=GroupBase(territory_id=8), to_base=GroupBase(territory_id=7), sections=[])
    assert passed(move, [section, BorderSection(id=2, one_side_id=7, other_side_id=9)]) == [section]
    move.sections = [MoveSection(section_id=1)]
    assert passed(move, [section]) == []
    within = Move(from_base=GroupBase(territory_id=7), to_base=GroupBase(territory_id=7), sections=[])
    assert passed(within, [BorderSection(id=3, one_side_id=7, other_side_id=None), section]) == []
    assert passed(Move(from_base=GroupBase(territory_id=7), to_base=None, sections=[]), [section]) == []
