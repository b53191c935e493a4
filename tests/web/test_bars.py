"""The names below a bar stand at their own parts and never cover one another."""

from confmgr.web.bars import Label, bar_labels


def test_each_name_stands_where_its_part_begins() -> None:
    found = bar_labels([("Five other cases, 31", 31, True), ("Poipet, 15", 15, False), ("Bangkok, 13", 13, False)])
    assert found == [
        Label("Five other cases, 31", 0, ends=False, row=1),
        Label("Poipet, 15", 53, ends=False, row=1),
        Label("Bangkok, 13", 78, ends=False, row=1),
    ]


def test_a_name_that_would_touch_another_goes_a_row_down() -> None:
    rows = [label.row for label in bar_labels([("Ringleader, 1", 1, False), ("Poipet, 15", 15, False)])]
    assert rows == [1, 2]


def test_a_name_that_would_leave_the_bar_ends_with_its_part() -> None:
    last = bar_labels([("Five other cases, 31", 59, True), ("Ringleader, 1", 1, False)])[-1]
    assert (last.at, last.ends) == (100, True)


def test_marks_of_a_page_take_no_room_and_korean_letters_take_more() -> None:
    marked = bar_labels([("<bdi>Poipet</bdi>", 10, True), ("Bangkok", 90, False)])
    assert [label.row for label in marked] == [1, 1]
    korean = bar_labels([("캄보디아에서", 10, True), ("방콕", 90, False)])
    assert [label.row for label in korean] == [1, 2]
