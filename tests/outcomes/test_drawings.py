"""A time line keeps days in order, a map of dots keeps places in order, and neither invents what is not known."""

from datetime import date

from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import Confidence
from confmgr.outcomes.drawings import dot_map, time_line
from confmgr.outcomes.models import GroupBase, JointAction, Move
from confmgr.values.words import Words

POIPET = GroupBase(
    id=1,
    name=Words.of("Poipet"),
    latitude=13.66,
    longitude=102.56,
    to_on=date(2025, 12, 4),
    confidence=Confidence.CONFIRMED,
)
BORDER = GroupBase(
    id=2,
    name=Words.of("A house"),
    latitude=11.09,
    longitude=105.8,
    from_on=date(2025, 12, 15),
    confidence=Confidence.REPORTED,
)
NOWHERE = GroupBase(id=3, name=Words.of("Somewhere"), confidence=Confidence.REPORTED)
AWAY = Move(from_base_id=1, to_base_id=2, noticed_on=date(2026, 1, 12))
LOST = Move(from_base_id=2, to_base_id=None, noticed_on=date(2026, 1, 20))
RAID = JointAction(id=9, on=date(2025, 12, 4), latitude=13.7, longitude=102.5)
ELSEWHERE = JointAction(id=10, on=date(2025, 12, 4), latitude=1.3, longitude=103.8)
UNPLACED = JointAction(id=11, on=date(2025, 12, 5))
SEOUL = Meeting(starts_on=date(2025, 11, 11), ends_on=date(2025, 11, 12))


def test_an_end_that_nobody_knows_is_left_open() -> None:
    line = time_line([POIPET, BORDER], [], [], [])
    assert line is not None
    assert [(bar.since, bar.until) for bar in line.bars] == [(False, True), (True, False)]
    assert line.bars[0].x2 < line.bars[1].x1


def test_a_joint_action_stands_at_the_base_where_it_was() -> None:
    line = time_line([POIPET, BORDER], [], [RAID, ELSEWHERE, UNPLACED], [])
    assert line is not None
    assert [(stroke.action.id, stroke.y) for stroke in line.strokes] == [(9, line.bars[0].y)]


def test_moves_are_numbered_alike_on_the_time_line_and_on_the_map() -> None:
    line, drawn = time_line([POIPET, BORDER], [AWAY, LOST], [], [SEOUL]), dot_map([POIPET, BORDER], [AWAY, LOST])
    assert line is not None
    assert drawn is not None
    assert [shift.number for shift in line.shifts] == [arc.number for arc in drawn.arcs] == [1, 2]
    assert [shift.y2 is None for shift in line.shifts] == [arc.end is None for arc in drawn.arcs] == [False, True]
    assert len(line.bands) == 1


def test_north_is_up_and_east_is_right() -> None:
    drawn = dot_map([POIPET, BORDER, NOWHERE], [])
    assert drawn is not None
    west, east = drawn.dots
    assert west.x < east.x
    assert west.y < east.y


def test_without_a_date_or_a_place_there_is_nothing_to_draw() -> None:
    assert time_line([NOWHERE], [], [], []) is None
    assert dot_map([NOWHERE], []) is None


def test_words_of_joint_actions_that_are_near_each_other_do_not_meet() -> None:
    second, far = (
        JointAction(id=number, on=on, latitude=13.66, longitude=102.56)
        for number, on in ((12, date(2025, 12, 9)), (13, date(2025, 12, 14)))
    )
    line = time_line([POIPET], [], [far, second, RAID], [SEOUL])
    assert line is not None
    assert [(stroke.action.id, stroke.low) for stroke in line.strokes] == [(9, False), (12, True), (13, False)]


def test_the_number_of_a_move_does_not_stand_on_the_words_of_a_joint_action() -> None:
    second = JointAction(id=12, on=date(2025, 12, 9), latitude=13.66, longitude=102.56)
    soon = Move(from_base_id=1, to_base_id=2, noticed_on=date(2025, 12, 14))
    alone = time_line([POIPET, BORDER], [soon], [], [SEOUL])
    near = time_line([POIPET, BORDER], [soon], [RAID, second], [SEOUL])
    assert alone is not None
    assert near is not None
    assert alone.shifts[0].beside < alone.shifts[0].x
    words = next(stroke for stroke in near.strokes if stroke.low)
    assert not words.x <= near.shifts[0].beside <= words.x + 84
