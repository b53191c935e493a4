"""Our own writer of calendars against the general library's, byte for byte."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress, vText

from confmgr.invitations import ical
from confmgr.invitations.domain import Method, PartStat
from confmgr.invitations.ical import Busy, Correspondent, Entry

LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
)
SPECIAL = st.sampled_from(list("\\;,:\"'^’\n\r\tN 한ខ🎌n"))
TEXTS = st.text(st.one_of(LETTERS, SPECIAL), max_size=200).filter(lambda text: "\\N" not in text)
"""The library takes a backslash before a capital N for the end of a line; ours keeps it."""
NAMES = TEXTS.filter(bool)
ADDRESSES = st.text(st.sampled_from("abcXYZ0123.-_"), min_size=1, max_size=60).map(
    lambda name: f"{name}@police.example"
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PEOPLE = st.builds(Correspondent, ADDRESSES, NAMES)
ENTRIES = st.builds(
    Entry,
    uid=st.uuids().map(str),
    sequence=st.integers(0, 10_000),
    dtstamp=MOMENTS,
    starts_at=MOMENTS,
    ends_at=MOMENTS,
    summary=TEXTS,
    description=TEXTS,
    location=TEXTS,
    language=st.sampled_from(["en", "ko", "zh-Hans"]),
    cancelled=st.booleans(),
)
SECRETARIAT = Correspondent("secretariat@police.example", "Secretariat of the meeting")
TEN = datetime(2026, 2, 5, 1, 0, tzinfo=UTC)


def _by_the_library(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.dtstamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    for name, text in (("summary", entry.summary), ("description", entry.description), ("location", entry.location)):
        if text:
            event.add(name, text, parameters={"LANGUAGE": entry.language})
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event


def _address(who: Correspondent, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{who.email}")
    address.params["CN"] = who.name
    for name, value in parameters.items():
        address.params[name] = value
    return address


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    for name, value in (("prodid", ical.PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    return calendar


@given(ENTRIES, PEOPLE, PEOPLE, st.sampled_from([Method.REQUEST, Method.CANCEL]), st.sampled_from(PartStat))
def test_the_calendar_of_a_mail_is_what_the_library_writes(
    entry: Entry, organizer: Correspondent, attendee: Correspondent, method: Method, answer: PartStat
) -> None:
    calendar = _calendar(method.value)
    event = _by_the_library(entry)
    event.add("organizer", _address(organizer))
    more = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer.value, "LANGUAGE": entry.language}
    event.add("attendee", _address(attendee, **more, **({"RSVP": "TRUE"} if method is Method.REQUEST else {})))
    calendar.add_component(event)
    assert ical.message(entry, method, organizer, attendee, answer) == calendar.to_ical(sorted=False)


@given(st.lists(ENTRIES, min_size=1, max_size=3), PEOPLE, NAMES)
def test_a_calendar_to_subscribe_to_is_what_the_library_writes(
    entries: list[Entry], organizer: Correspondent, name: str
) -> None:
    calendar = _calendar("PUBLISH")
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("color", "steelblue")
    calendar.add("source", "https://meetings.example/meetings/seoul-2/calendars", parameters={"VALUE": "URI"})
    for entry in entries:
        event = _by_the_library(entry)
        event.add("organizer", _address(organizer))
        calendar.add_component(event)
    ours = ical.published(
        entries, organizer, name, color="steelblue", source="https://meetings.example/meetings/seoul-2/calendars"
    )
    assert ours == calendar.to_ical(sorted=False)


def test_free_and_busy_times_hold_kinds_and_stretches_and_nothing_else() -> None:
    content = ical.free_busy(
        [
            Busy("BUSY", TEN, TEN + timedelta(minutes=40)),
            Busy("BUSY-TENTATIVE", TEN + timedelta(minutes=40), TEN + timedelta(hours=1)),
            Busy("BUSY", TEN + timedelta(hours=1), TEN + timedelta(hours=2)),
        ],
        uid="5b0c",
        dtstamp=TEN,
        starts_at=TEN,
        ends_at=TEN + timedelta(days=2),
        organizer=SECRETARIAT,
    )
    assert content.decode().replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VCALENDAR",
        "PRODID:-//confmgr//confmgr//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VFREEBUSY",
        "UID:5b0c",
        "DTSTAMP:20260205T010000Z",
        "DTSTART:20260205T010000Z",
        "DTEND:20260207T010000Z",
        "FREEBUSY;FBTYPE=BUSY:20260205T010000Z/20260205T014000Z,20260205T020000Z/20260205T030000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260205T014000Z/20260205T020000Z",
        'ORGANIZER;CN="Secretariat of the meeting":mailto:secretariat@police.example',
        "END:VFREEBUSY",
        "END:VCALENDAR",
        "",
    ]


def test_a_title_comes_back_from_its_calendar_letter_by_letter() -> None:
    title = 'Files in C:\\New; rooms 1, 2\nand “한국어” ខ្មែរ 🎌 ^\' "quoted" ' * 4
    entry = Entry("u", 0, TEN, TEN, TEN + timedelta(hours=1), title.strip(), "", "", "ko")
    content = ical.published([entry], SECRETARIAT, "Seoul")
    assert str(Calendar.from_ical(content).walk("VEVENT")[0]["summary"]) == title.strip()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_calendar_without_sessions_still_holds_what_a_calendar_must() -> None:
    calendar = Calendar.from_ical(ical.published([], SECRETARIAT, "Seoul"))
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


def test_no_text_can_begin_a_line_of_its_own() -> None:
    bad = "x\r\nATTENDEE:mailto:evil@bad.example\u202e\x00\x1b\ud800\r\n END:VEVENT"
    entry = Entry(bad, 0, TEN, TEN, TEN + timedelta(hours=1), bad, bad, bad, "en")
    who = Correspondent(bad, bad)
    for content in (
        ical.published([entry], who, bad, source=bad),
        ical.message(entry, Method.REQUEST, who, who, PartStat.NEEDS_ACTION),
    ):
        unfolded = content.replace(b"\r\n ", b"").decode()
        assert unfolded.count("\r\nATTENDEE") == ("METHOD:REQUEST" in unfolded)
        assert unfolded.count("\r\nEND:VEVENT") == 1
        assert not {"\u202e", "\x00", "\x1b"} & set(unfolded)
