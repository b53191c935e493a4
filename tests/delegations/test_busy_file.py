"""Busy times out of calendar files: what counts, by which clock, and files that mean harm."""

import time
from datetime import UTC, datetime

import pytest

from confmgr.delegations.busy_file import Found, read
from confmgr.errors import NotReadable
from confmgr.values.times import Span

SEOUL = Span(datetime(2026, 2, 4, 15, 0, tzinfo=UTC), datetime(2026, 2, 6, 15, 0, tzinfo=UTC))
"""5 and 6 February by the clock of Seoul."""


def file(*entries: str, zones: str = "", kind: str = "VEVENT") -> bytes:
    inner = "".join(f"BEGIN:{kind}\r\n{entry}\r\nEND:{kind}\r\n" for entry in entries)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{zones}{inner}END:VCALENDAR\r\n".encode()


def found(content: bytes) -> Found:
    return read(
        content, whole=SEOUL, venue="Asia/Seoul", own="Asia/Phnom_Penh", is_ours=lambda uid: uid.endswith("@seoul-2")
    )


def busy(*entries: str, zones: str = "", kind: str = "VEVENT") -> list[str]:
    """Times by the clock of Seoul, as `5 10:00-11:00`."""
    hours = 9
    texts = []
    for span in found(file(*entries, zones=zones, kind=kind)).spans:
        start, end = ((moment.timestamp() + hours * 3600) for moment in (span.start, span.end))
        first, last = (datetime.fromtimestamp(one, tz=UTC) for one in (start, end))
        texts.append(f"{first.day} {first:%H:%M}-{last:%H:%M}")
    return texts


def test_a_time_goes_by_the_clock_that_the_file_names() -> None:
    assert busy("DTSTART:20260205T010000Z\r\nDTEND:20260205T020000Z") == ["5 10:00-11:00"]
    assert busy("DTSTART;TZID=Europe/Paris:20260205T020000\r\nDURATION:PT30M") == ["5 10:00-10:30"]
    assert busy('DTSTART;TZID="Korea Standard Time":20260205T100000\r\nDURATION:PT30M') == ["5 10:00-10:30"]
    assert busy("DTSTART;TZID=/mozilla.org/20070129_1/Asia/Tokyo:20260205T100000\r\nDURATION:PT1H") == ["5 10:00-11:00"]


def test_a_time_without_a_zone_goes_by_the_own_clock_and_a_whole_day_by_that_of_the_venue() -> None:
    assert busy("DTSTART:20260205T080000\r\nDTEND:20260205T090000") == ["5 10:00-11:00"]
    assert busy("DTSTART;VALUE=DATE:20260206") == ["6 00:00-00:00"]
    assert busy("DTSTART;VALUE=DATE:20260201\r\nDTEND;VALUE=DATE:20260206") == ["5 00:00-00:00"]


def test_a_clock_that_only_the_file_knows_is_read_from_it_and_forgotten() -> None:
    zones = (
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:20200329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
        "BEGIN:STANDARD\r\nDTSTART:20201025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "DTSTART;TZID=Office:20260205T020000\r\nDTEND;TZID=Office:20260205T030000"
    assert busy(event, zones=zones) == ["5 10:00-11:00"]
    assert found(file(event)).unclear == 1


def test_repetitions_count_on_the_days_of_the_meeting_but_for_those_left_out_or_moved() -> None:
    daily = "UID:1\r\nDTSTART:20200101T010000Z\r\nDTEND:20200101T013000Z\r\nRRULE:FREQ=DAILY"
    assert busy(daily) == ["5 10:00-10:30", "6 10:00-10:30"]
    assert busy(daily + "\r\nEXDATE:20260205T010000Z") == ["6 10:00-10:30"]
    assert busy(daily + ";UNTIL=20260205T235959Z") == ["5 10:00-10:30"]
    moved = "UID:1\r\nRECURRENCE-ID:20260206T010000Z\r\nDTSTART:20260206T050000Z\r\nDTEND:20260206T053000Z"
    assert busy(daily, moved) == ["5 10:00-10:30", "6 14:00-14:30"]
    assert busy(daily, f"{moved}\r\nSTATUS:CANCELLED") == ["5 10:00-10:30"]
    extra = "DTSTART:20260101T010000Z\r\nDURATION:PT1H\r\nRDATE:20260205T030000Z\r\nRDATE;VALUE=PERIOD:20260206T030000Z/PT2H"
    assert busy(extra) == ["5 12:00-13:00", "6 12:00-14:00"]


def test_what_is_free_cancelled_or_of_the_meeting_itself_is_left_out() -> None:
    base = "DTSTART:20260205T010000Z\r\nDTEND:20260205T020000Z\r\n"
    result = found(
        file(
            f"{base}TRANSP:TRANSPARENT",
            f"{base}STATUS:CANCELLED",
            f"{base}X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            f"{base}UID:1234@seoul-2",
            "DTSTART:nonsense",
            "DTSTART:20260305T010000Z\r\nDTEND:20260305T020000Z",
        )
    )
    assert result == Found((), entries=6, used=0, ours=1, free=3, unclear=1)


def test_free_busy_files_and_overlapping_times_become_plain_stretches() -> None:
    lines = (
        "FREEBUSY:20260205T010000Z/PT1H,20260205T013000Z/20260205T030000Z\r\nFREEBUSY;FBTYPE=FREE:20260206T010000Z/PT1H"
    )
    assert busy(lines, kind="VFREEBUSY") == ["5 10:00-12:00"]
    touching = ("DTSTART:20260205T010000Z\r\nDTEND:20260205T010030Z", "DTSTART:20260205T010100Z\r\nDURATION:PT9M")
    assert busy(*touching) == ["5 10:00-10:10"]


def test_nothing_but_times_is_read_on() -> None:
    noise = (
        "SUMMARY:Dentist\r\nATTENDEE:mailto:a@b.example\r\nBEGIN:VALARM\r\nDTSTART:19990101T000000Z\r\nEND:VALARM\r\n"
    )
    assert busy(f"{noise}DTSTART:20260205T010000Z\r\nDTEND:20260205\r\n T020000Z") == ["5 10:00-11:00"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp949", "latin-1"])
def test_the_letters_of_a_file_may_be_of_any_encoding(encoding: str) -> None:
    names = {"cp949": "회의", "latin-1": "Réunion"}
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{names.get(encoding, 'x')}\nDTSTART:20260205T010000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR"
    assert len(found(text.encode(encoding)).spans) == 1


def test_a_clock_that_changes_each_second_is_not_followed() -> None:
    zones = (
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0000\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "DTSTART;TZID=Office:20260205T020000\r\nDURATION:PT1H"
    assert (found(file(event, zones=zones)).spans, found(file(event, zones=zones)).unclear) == ((), 1)


EVENT = "DTSTART:20260205T010000Z\r\nDURATION:PT1H"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_calendar"),
        (b"\x00\xff" * 1000, "not_a_calendar"),
        (b"%PDF-1.7", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\n" * 1000, "not_a_calendar"),
        (b"x" * (2**20 + 1), "calendar_too_large"),
        (file("DTSTART;TZID=" + "Z" * 5000 + ":20260205T010000\r\nDURATION:PT1H"), "not_a_calendar"),
        (file(*[EVENT] * 10_000), "too_many_entries"),
        (file(*["DTSTART:19700101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;COUNT=99999999"] * 2900), "too_many_times"),
        (file(EVENT + "\r\nRDATE:" + ",".join(["20260205T030000Z"] * 1000) + "".join(["\r\nRDATE:" + ",".join(["20260205T030000Z"] * 1000)] * 6)), "too_many_times"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_calendar_or_a_bomb_is_refused_at_once(content: bytes, reason: str) -> None:
    with pytest.raises(NotReadable) as refused:
        found(content)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "entry",
    [
        f"{EVENT}\r\nRRULE:FREQ=SECONDLY",
        f"{EVENT}\r\nRRULE:FREQ=DAILY;INTERVAL=0;COUNT=-5;BYDAY=99MO",
        "DTSTART:99991231T235959Z\r\nDURATION:P9999999W\r\nRRULE:FREQ=YEARLY",
        "DTSTART:00010101T000000\r\nDTEND:99991231T235959Z\r\nRRULE:FREQ=DAILY",
        "DTSTART;TZID=../../etc/passwd:20260205T010000\r\nDURATION:PT1H",
        "DTSTART:20260205T010000Z\r\nDTEND;VALUE=DATE:20260206",
        "DTSTART:20260205T010000Z\r\nDURATION:-PT1H",
        "RRULE:FREQ=DAILY",
        "DTSTART:20260205T010000Z\r\nDTSTART:20260205T020000Z\r\nUID:a\r\nUID:b\r\nEXDATE:x\r\nRDATE:y\r\nRECURRENCE-ID:z",
    ],
)
def test_an_entry_that_makes_no_sense_never_breaks_the_reading(entry: str) -> None:
    assert found(file(entry, EVENT)).entries == 2


def test_three_thousand_entries_of_a_mebibyte_are_read_in_time() -> None:
    entry = (
        "UID:{n}\r\nSUMMARY:"
        + "x" * 120
        + "\r\nDTSTART;TZID=Asia/Seoul:20250205T100000\r\nDTEND;TZID=Asia/Seoul:20250205T103000\r\nRRULE:FREQ=WEEKLY;BYDAY=TH"
    )
    content = file(*[entry.format(n=n) for n in range(2999)])
    assert len(found(content).spans) == 1


LONG_AGO = "DTSTART:19280101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ={};COUNT=100000;{}={}"


@pytest.mark.parametrize(
    ("frequency", "part", "values"),
    [
        ("YEARLY;BYMONTHDAY=" + ",".join(str(n) for n in range(1, 32)), "BYSETPOS", ["366"] * 4000),
        ("DAILY", "BYSETPOS", [str(n) for n in range(2, 4000)]),
        ("MONTHLY", "BYDAY", [f"{n}{day}" for n in range(100, 500) for day in ("MO", "TU", "WE", "TH", "FR")]),
    ],
)
def test_a_rule_that_names_thousands_of_days_takes_no_time(frequency: str, part: str, values: list[str]) -> None:
    entry = LONG_AGO.format(frequency, part, ",".join(values))
    began = time.process_time()
    assert found(file(*[entry] * 8)).spans == ()
    assert time.process_time() - began < 3


def test_clocks_that_change_every_day_by_two_hundred_rules_take_no_time() -> None:
    rule = "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=DAILY\r\nEND:STANDARD\r\n"
    zones = f"BEGIN:VTIMEZONE\r\nTZID:Office\r\n{rule * 200}END:VTIMEZONE\r\n"
    entries = [
        f"DTSTART;TZID=Office:{year}0205T090000\r\nDTEND;TZID=Office:{year}0205T100000" for year in range(1990, 2090)
    ]
    began = time.process_time()
    assert found(file(*entries * 5, zones=zones)).entries == 500
    assert time.process_time() - began < 3
