"""One day as a table: what a row shows, how meetings at once are stacked, and what is under way."""

from datetime import datetime

from confmgr.scheduling.lanes import Look, Row, Stint, day, progress, stacked
from confmgr.values.times import Span


def hour(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-02-05T{text}")


def span(first: str, last: str) -> Span:
    return Span(hour(first), hour(last))


def meets(reference: str, first: str, last: str, *codes: str) -> Stint:
    return Stint(reference, span(first, last), codes)


OPEN = span("09:00", "11:00")


def shown(row: Row, lane: int = 0) -> list[tuple[str, int, str]]:
    return [(cell.look.value, cell.columns, f"{cell.starts:%H:%M}") for cell in row.lanes[lane]]


def test_a_row_is_cut_at_the_slots_and_a_meeting_is_one_cell() -> None:
    laid = day(OPEN, 20, [meets("S1", "09:40", "10:20", "KH", "TH")], ["KH", "TH", "VN"], {})
    assert [f"{cell.starts:%H:%M}" for cell in laid.slots] == ["09:00", "09:20", "09:40", "10:00", "10:20", "10:40"]
    assert shown(laid.rows[0]) == [
        ("free", 1, "09:00"),
        ("free", 1, "09:20"),
        ("busy", 2, "09:40"),
        ("free", 1, "10:20"),
        ("free", 1, "10:40"),
    ]
    assert [row.code for row in laid.rows] == ["KH", "TH", "VN"]
    assert [cell.look for cell in laid.rows[2].lanes[0]] == [Look.FREE] * 6


def test_a_meeting_off_the_slots_makes_the_columns_finer() -> None:
    laid = day(OPEN, 20, [meets("S1", "09:25", "09:50", "KH")], ["KH"], {})
    assert {cell.columns for cell in laid.slots} == {4}
    assert shown(laid.rows[0])[:4] == [
        ("free", 4, "09:00"),
        ("free", 1, "09:20"),
        ("busy", 5, "09:25"),
        ("free", 2, "09:50"),
    ]


def test_every_lane_of_every_row_is_as_wide_as_the_head() -> None:
    stints = [
        meets("S1", "08:30", "09:10", "KH", "TH"),
        meets("S2", "09:00", "09:35", "KH", "VN"),
        meets("S3", "10:50", "11:25", "VN"),
        Stint("B", span("10:00", "10:20"), whole_meeting=True),
    ]
    laid = day(OPEN, 20, stints, ["KH", "TH", "VN"], {"TH": [span("09:30", "10:30")]})
    width = sum(cell.columns for cell in laid.slots)
    assert {sum(cell.columns for cell in lane) for row in laid.rows for lane in row.lanes} == {width}
    assert {sum(cell.columns for cell in lane) for lane in laid.bands} == {width}
    assert f"{laid.slots[0].starts:%H:%M}" == "08:20"


def test_meetings_at_once_of_one_delegation_take_a_lane_each() -> None:
    stints = [
        meets("S1", "09:00", "09:40", "KR", "KH"),
        meets("S2", "09:20", "10:00", "KR", "TH"),
        meets("S3", "09:40", "10:00", "KR", "VN"),
    ]
    row = day(OPEN, 20, stints, ["KR"], {}).rows[0]
    held = [[cell.stint.reference for cell in lane if cell.stint] for lane in row.lanes]
    assert held == [["S1", "S3"], ["S2"]]
    assert row.count == 3


def test_what_is_for_everybody_is_a_band_behind_all_rows() -> None:
    band = Stint("S9", span("09:20", "10:00"), whole_meeting=True)
    laid = day(OPEN, 20, [band], ["KH"], {})
    assert [(c.look.value, c.columns) for c in laid.bands[0] if c.stint] == [("band", 2)]
    assert [cell.look.value for cell in laid.rows[0].lanes[0]] == ["free", "band", "band", "free", "free", "free"]
    assert laid.rows[0].count == 0


def test_hours_in_which_a_delegation_cannot_come_are_away_and_other_days_do_not_matter() -> None:
    tomorrow = Span(datetime.fromisoformat("2026-02-06T09:00"), datetime.fromisoformat("2026-02-06T18:00"))
    rows = day(OPEN, 60, [], ["KH", "TH", "VN"], {"KH": [span("09:30", "12:00")], "TH": [tomorrow]}).rows
    assert shown(rows[0]) == [("away", 1, "09:00"), ("free", 1, "09:30"), ("free", 2, "10:00")]
    assert [cell.look.value for cell in rows[1].lanes[0]] == ["away", "away"]
    assert [cell.look.value for cell in rows[2].lanes[0]] == ["free", "free"]


def test_the_end_of_a_row_says_how_many_from_when_to_when_and_the_longest_gap_without_breaks() -> None:
    stints = [
        meets("S1", "09:00", "09:20", "KH"),
        meets("S2", "10:20", "10:40", "KH"),
        Stint("B", span("09:40", "10:00"), whole_meeting=True),
    ]
    row = day(OPEN, 20, stints, ["KH", "TH"], {}).rows[0]
    assert (row.count, row.idle) == (2, 20)
    assert (row.first, row.last) == (hour("09:00"), hour("10:40"))
    empty = day(OPEN, 20, stints, ["TH"], {}).rows[0]
    assert (empty.count, empty.idle, empty.first, empty.last) == (0, 0, None, None)


def test_touching_ends_share_a_lane() -> None:
    lanes = stacked([meets("S1", "09:00", "09:20"), meets("S2", "09:20", "09:40"), meets("S3", "09:30", "09:50")])
    assert [[one.reference for one in lane] for lane in lanes] == [["S1", "S2"], ["S3"]]


def test_now_is_what_lasts_and_next_is_all_that_begins_first_after_it_today() -> None:
    rows = [
        meets("S1", "09:00", "09:20"),
        meets("S2", "09:10", "09:30"),
        meets("S3", "10:00", "10:20"),
        meets("S4", "10:00", "10:40"),
        meets("S5", "11:00", "11:20"),
    ]
    found = progress(rows, hour("09:20"))
    assert [one.reference for one in found.now] == ["S2"]
    assert [one.reference for one in found.next] == ["S3", "S4"]
    evening = progress(rows, hour("20:00"))
    assert (evening.now, evening.next) == ((), ())
    day_before = progress(rows, datetime.fromisoformat("2026-02-04T20:00"))
    assert day_before.next == ()
