"""What a mail that came in says: calendars of every kind, proof of the sender, reports, and bytes of bad will."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confmgr.invitations.domain import ReplyMethod
from confmgr.invitations.replies import Incoming, read
from tests.make_replies import OUR_SERVER, bounce, calendar, incoming, mail, passed
from tests.soak import SOAK

UID = "0b5ff3a6-8b39-4c9b-a01a-5f2a3f0e9c11"
DARA = "sok.dara@police.example"


def said(*lines: str, **how: object) -> Incoming:
    return incoming(calendar(UID, DARA, lines=lines, **how), DARA)  # type: ignore[arg-type]


def test_a_reply_says_who_answers_what_to_which_version() -> None:
    found = said("COMMENT:With pleasure\\, until noon")
    assert found.method is ReplyMethod.REPLY
    assert (found.uid, found.attendee, found.said, found.sequence) == (UID, DARA, "ACCEPTED", 0)
    assert found.dtstamp == datetime(2026, 1, 15, 4, tzinfo=UTC)
    assert (found.comment, found.subject, found.sender) == ("With pleasure, until noon", "Accepted: Bilateral", DARA)
    assert (found.message_id, found.verified, found.reason) == ("<reply-1@mail.example>", True, None)


def test_a_reply_without_a_sequence_is_read() -> None:
    found = said(sequence=None)
    assert (found.said, found.sequence, found.reason) == ("ACCEPTED", None, None)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("application/ics; name=invite.ics", "REPLY"),
        ('application/octet-stream; name="Meeting.ICS"', "REPLY"),
        ("TEXT/CALENDAR; METHOD=reply", "REPLY"),
        ('text/calendar; method="COUNTER"', "COUNTER"),
    ],
)
def test_a_calendar_is_found_in_whatever_part_it_travels(kind: str, method: str) -> None:
    found = incoming(calendar(UID, DARA, method=method), DARA, kind=kind)
    assert (found.method, found.uid, found.reason) == (ReplyMethod(method), UID, None)


def test_a_method_that_only_the_part_names_counts() -> None:
    text = calendar(UID, DARA).replace("METHOD:REPLY\r\n", "")
    found = incoming(text, DARA)
    assert (found.method, found.said, found.reason) == (ReplyMethod.REPLY, "ACCEPTED", None)


def test_two_methods_that_differ_wait_for_the_secretariat() -> None:
    found = incoming(calendar(UID, DARA), DARA, kind="text/calendar; method=COUNTER")
    assert (found.method, found.reason) == (ReplyMethod.REPLY, "two_methods")


def test_a_counter_proposal_keeps_the_time_that_it_proposes() -> None:
    found = said("DTSTART;TZID=Asia/Seoul:20260205T150000", "DTEND;TZID=Asia/Seoul:20260205T154000", method="COUNTER")
    assert found.proposed == (datetime(2026, 2, 5, 6, tzinfo=UTC), datetime(2026, 2, 5, 6, 40, tzinfo=UTC))
    short = said("DTSTART:20260205T060000Z", "DURATION:PT20M", method="COUNTER")
    assert short.proposed == (datetime(2026, 2, 5, 6, tzinfo=UTC), datetime(2026, 2, 5, 6, 20, tzinfo=UTC))


def test_a_time_of_no_zone_is_no_proposal() -> None:
    found = said("DTSTART:20260205T150000", "DTEND:20260205T154000", method="COUNTER")
    assert (found.method, found.proposed) == (ReplyMethod.COUNTER, None)


def zone(rule: str, name: str = "Own") -> str:
    """A time zone as calendars send it along, with a rule of its own."""
    part = f"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nDTSTART:16010101T000000\r\n{rule}\r\n"
    return (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\n{part}END:STANDARD\r\n"
        f"BEGIN:DAYLIGHT\r\n{part}END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
    )


@pytest.mark.parametrize("name", ["Asia/Seoul", "Korea Standard Time"])
def test_zones_are_known_by_their_names_whatever_rules_come_along(name: str) -> None:
    text = calendar(UID, DARA, method="COUNTER", lines=(f"DTSTART;TZID={name}:20260205T150000", "DURATION:PT40M"))
    found = incoming(text.replace("BEGIN:VEVENT", zone("RRULE:FREQ=YEARLY", name) + "BEGIN:VEVENT"), DARA)
    assert found.proposed == (datetime(2026, 2, 5, 6, tzinfo=UTC), datetime(2026, 2, 5, 6, 40, tzinfo=UTC))


@pytest.mark.parametrize(
    "begin", ["BEGIN:VTIMEZONE", "begin:vtimezone", "BEG\r\n IN:VTIME\r\n\tZONE", "BEGIN: VTIMEZONE "]
)
@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;COUNT=999999999"]
)
def test_a_zone_that_changes_each_second_stops_nobody(begin: str, rule: str) -> None:
    text = calendar(UID, DARA, method="COUNTER", lines=("DTSTART;TZID=Own:99990205T150000", "DURATION:PT40M"))
    rules = zone(f"RRULE:{rule}").replace("BEGIN:VTIMEZONE", begin)
    for raw in (text.replace("BEGIN:VEVENT", rules + "BEGIN:VEVENT"), text.replace("END:VEVENT", rules + "END:VEVENT")):
        assert incoming(raw, DARA).proposed is None


@pytest.mark.parametrize("name", ["x" * 5000, "../../../etc/passwd", "Asia", "/", "a\udc80b", "."])
def test_a_zone_of_an_impossible_name_is_no_fault(name: str) -> None:
    text = calendar(UID, DARA, method="COUNTER", lines=(f"DTSTART;TZID={name}:20260205T150000", "DURATION:PT40M"))
    assert incoming(text.encode(errors="replace").decode(), DARA).proposed is None


def test_a_delegation_names_to_whom() -> None:
    text = calendar(UID, DARA).replace(
        "PARTSTAT=ACCEPTED", 'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:Other@police.example"'
    )
    found = incoming(text, DARA)
    assert (found.said, found.delegated_to) == ("DELEGATED", ("other@police.example",))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"), "unknown_answer"),
        (("PARTSTAT=ACCEPTED", "CN=Dara"), "unknown_answer"),
        ((f"UID:{UID}\r\n", ""), "no_uid"),
        ((f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{DARA}\r\n", ""), "no_attendee"),
        (("DTSTAMP", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.example\r\nDTSTAMP"), "several_attendees"),
        (("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:other\r\nEND:VEVENT"), "several_sessions"),
    ],
)
def test_a_reply_that_is_not_plain_waits_with_its_reason(change: tuple[str, str], reason: str) -> None:
    found = incoming(calendar(UID, DARA).replace(*change, 1), DARA)
    assert (found.method, found.reason) == (ReplyMethod.REPLY, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (calendar(UID, DARA, method="REQUEST"), "wrong_method"),
        (calendar(UID, DARA, method="PUBLISH"), "wrong_method"),
        (calendar(UID, DARA).replace("VEVENT", "VTODO"), "unreadable_calendar"),
        ("BEGIN:VCALENDAR\r\nnothing\r\nEND:VCALENDAR\r\n", "unreadable_calendar"),
        (calendar(UID, DARA) * 2, "unreadable_calendar"),
        ("", "unreadable_calendar"),
    ],
)
def test_a_calendar_that_answers_nothing_is_an_other_mail(text: str, reason: str) -> None:
    found = incoming(text, DARA)
    assert (found.method, found.reason, found.comment) == (ReplyMethod.OTHER, reason, "Sok Dara has answered.")


def test_two_parts_that_say_different_things_wait() -> None:
    raw = mail(calendar(UID, DARA), DARA).replace(
        b"--b1--",
        b"--b1\r\nContent-Type: application/ics\r\n\r\n" + calendar(UID, DARA, "DECLINED").encode() + b"\r\n--b1--",
    )
    found = read(raw, OUR_SERVER)
    assert (found.said, found.reason) == ("ACCEPTED", "two_answers")


def test_texts_are_plain_and_short_whatever_is_written_into_them() -> None:
    found = said("COMMENT:a\u202eb\\n\u2066c\u2069 \x07\x00d 😀" + "x" * 5000)
    assert found.comment is not None
    assert found.comment.startswith("ab\nc d 😀xxx")
    assert len(found.comment) == 1000


def test_the_comment_of_outlook_stands_at_the_attendee() -> None:
    text = calendar(UID, DARA).replace("PARTSTAT=ACCEPTED", 'PARTSTAT=ACCEPTED;X-RESPONSE-COMMENT="See you^nthere"')
    assert incoming(text, DARA).comment == "See you\nthere"


def test_encoded_words_and_raw_utf_8_in_headers_are_read() -> None:
    raw = mail(calendar(UID, DARA), DARA).replace(b"Accepted: Bilateral", "=?utf-8?b?7IiY6529?= 회의 é".encode(), 1)
    assert read(raw, None).subject == "수락 회의 é"


@pytest.mark.parametrize("charset", ["utf-16", "no-such-charset", "utf-8", "us-ascii", "unicode_escape", "hex"])
def test_a_wrong_character_set_is_no_fault(charset: str) -> None:
    found = incoming(calendar(UID, DARA), DARA, kind=f"text/calendar; charset={charset}; method=REPLY")
    assert found.method in {ReplyMethod.REPLY, ReplyMethod.OTHER}


# Who may have sent it


@pytest.mark.parametrize(
    ("top", "verified"),
    [
        (passed(), True),
        (passed("POLICE.example"), True),
        ("", False),
        (passed("elsewhere.example"), False),
        (f"Authentication-Results: {OUR_SERVER}; dmarc=fail header.from=police.example\r\n", False),
        (f"Authentication-Results: {OUR_SERVER}; spf=pass smtp.mailfrom=police.example\r\n", False),
        ("Authentication-Results: mx.evil.example; dmarc=pass header.from=police.example\r\n", False),
        (f"Authentication-Results: {OUR_SERVER} 1;\r\n dkim=pass header.d=x;\r\n DMARC = Pass header.From=police.example\r\n", True),
        (f"Authentication-Results: mx.other.example; dmarc=fail\r\n{passed()}", True),
        (f"Authentication-Results: {OUR_SERVER}; dmarc=fail header.from=police.example\r\n{passed()}", False),
        (f"Authentication-Results: {OUR_SERVER}; none\r\nReceived: from evil\r\n{passed()}", False),
        (f"Received: from our.relay\r\n{passed()}", True),
        (f'Authentication-Results: {OUR_SERVER}; spf=fail smtp.mailfrom="; dmarc=pass header.from=police.example"\r\n', False),
        (f"Authentication-Results: {OUR_SERVER}; spf=fail (of ;dmarc=pass header.from=police.example) smtp.mailfrom=x\r\n", False),
        (f"Authentication-Results: {OUR_SERVER}; dmarc=fail;\r\n dmarc=pass header.from=police.example\r\n", False),
        (f'Authentication-Results: {OUR_SERVER}; spf=none (of "a); dmarc=pass header.from=police.example\r\n', False),
        (f"Authentication-Results: {OUR_SERVER}.evil.example; dmarc=pass header.from=police.example\r\n", False),
    ],
)  # fmt: skip
def test_only_the_topmost_verdict_of_our_own_server_proves_a_sender(top: str, verified: bool) -> None:
    assert incoming(calendar(UID, DARA), DARA, top=top).verified is verified


def test_without_a_name_of_our_server_nobody_is_proved() -> None:
    assert read(mail(calendar(UID, DARA), DARA), None).verified is False


def test_a_proved_domain_proves_nobody_of_another_domain() -> None:
    text = calendar(UID, "leader@other.example")
    assert incoming(text, DARA).verified is False


@pytest.mark.parametrize(
    "sender", ["From: a@police.example\r\nFrom: b@police.example", "From: a@police.example, b@police.example"]
)
def test_a_mail_of_two_authors_is_proved_by_neither(sender: str) -> None:
    raw = mail(calendar(UID, "a@police.example"), "x@police.example").replace(
        b"From: Sok Dara <x@police.example>", sender.encode()
    )
    found = read(raw, OUR_SERVER)
    assert (found.sender, found.verified) == ("", False)


# Reports, and mails of machines


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_a_delivery_report_names_the_mail_that_came_back(original: str) -> None:
    found = read(bounce("<uid.0.20260115T030000Z@police.example>", original=original), OUR_SERVER)
    assert found.method is ReplyMethod.BOUNCE
    assert found.bounce is not None
    assert found.bounce.action == "failed"
    assert found.bounce.message_ids == ("<uid.0.20260115T030000Z@police.example>",)
    assert found.bounce.problem == "5.1.1 smtp; 550 5.1.1 No such user"


def test_a_report_that_a_mail_is_late_is_no_failure() -> None:
    found = read(bounce("<a@b>", action="delayed"), None)
    assert found.bounce is not None
    assert found.bounce.action == "delayed"


def test_an_automatic_mail_that_quotes_our_invitation_is_no_answer() -> None:
    found = incoming(calendar(UID, DARA, method="REQUEST"), DARA, headers="Auto-Submitted: auto-replied\r\n")
    assert (found.method, found.reason, found.automatic) == (ReplyMethod.OTHER, "automatic", True)


def test_a_calendar_may_answer_automatically() -> None:
    found = incoming(calendar(UID, DARA), DARA, headers="Auto-Submitted: auto-generated\r\n")
    assert (found.method, found.reason) == (ReplyMethod.REPLY, None)


def test_a_letter_of_a_person_is_kept_with_its_words() -> None:
    found = read(b"From: a@b.example\r\nSubject: Late\r\n\r\nWe land at noon.\r\n", None)
    assert (found.method, found.reason, found.comment) == (ReplyMethod.OTHER, "no_calendar", "We land at noon.")


# Bytes of bad will


def test_a_mail_without_an_identifier_is_known_by_its_bytes() -> None:
    raw = mail(calendar(UID, DARA), DARA).replace(b"Message-ID: <reply-1@mail.example>\r\n", b"")
    first, second = read(raw, None), read(raw, None)
    assert first.message_id == second.message_id == f"<{first.sha256}@sha256.invalid>"


def test_of_a_mail_that_is_too_large_the_headers_are_read() -> None:
    raw = mail(calendar(UID, DARA) + "x" * 2**20, DARA)
    found = read(raw, OUR_SERVER)
    assert (found.method, found.reason, found.sender) == (ReplyMethod.OTHER, "too_large", DARA)
    assert found.size == len(raw)
    assert read(raw[:2000], OUR_SERVER, size=20_000_000).reason == "too_large"


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


BOMBS = {
    "multiparts in multiparts": (nested(30), "too_many_parts"),
    "a thousand multiparts in multiparts": (nested(1000), "too_many_parts"),
    "mails in mails": (b"Content-Type: message/rfc822\n\n" * 5000, "too_many_parts"),
    "boundaries in pieces": (
        b"".join(b"Content-Type: multipart/mixed; boundary*0=b; boundary*1=%d\n\n--b%d\n" % (n, n) for n in range(500)),
        "too_many_parts",
    ),
    "a hundred thousand parts": (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000, "too_many_parts"),
    "two hundred parts": (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 200, "too_many_parts"),
    "lines looked at forty times": (nested(12) + b"\n" * 900_000, "too_many_parts"),
    "a megabyte of headers": (b"A: b\n" * 200_000, "too_many_headers"),
    "a header of a megabyte": (b"Content-Type: text/calendar" + b";" * 1_000_000 + b"\n\nx", "too_many_headers"),
    "a line of ten megabytes": (b"Subject: " + b"x" * 10_000_000, "too_large"),
    "parameters without end": (b"Content-Type: text/calendar" + b";a=b" * 60_000 + b"\n\nx", "unreadable_calendar"),
    "comments in comments": (b"From: " + b"(" * 200_000 + b"\n\nx", "unreadable"),
    "an address of commas": (b"From: " + b"," * 200_000 + b"\n\nx", "no_calendar"),
    "encoded words without end": (b"Subject: " + b"=?utf-8?q?a?= " * 15_000 + b"\n\nx", "no_calendar"),
    "verdicts without end": (b"Authentication-Results: " + b'("' * 100_000 + b"\n\nx", "no_calendar"),
    "a line of a megabyte": (b"Subject: x\n\n" + b"x" * 1_000_000, "no_calendar"),
    "a calendar of one line": (
        b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nX:" + b"x" * 900_000 + b"\nEND:VCALENDAR\n",
        "unreadable_calendar",
    ),
    "a calendar of many lines": (
        b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + b"X:1\n" * 60_000 + b"END:VCALENDAR\n",
        "unreadable_calendar",
    ),
    "components in components": (
        b"Content-Type: text/calendar\n\n" + b"BEGIN:VEVENT\n" * 3_900,
        "unreadable_calendar",
    ),
    "uuencode that is none": (
        b"Content-Type: text/calendar\nContent-Transfer-Encoding: x-uuencode\n\nbegin 666 x\n\xff\xff\n",
        "unreadable_calendar",
    ),
    "base64 that is none": (
        b"Content-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n=\xff=A",
        "unreadable_calendar",
    ),
    "nothing": (b"", "no_calendar"),
    "zeros": (b"\x00" * 1000, "no_calendar"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_mail_is_dear_to_read(name: str) -> None:
    raw, reason = BOMBS[name]
    found = read(raw, OUR_SERVER)
    assert (found.method, found.reason) == (ReplyMethod.OTHER, reason)


REAL = mail(calendar(UID, DARA, lines=("COMMENT:Thanks", "DTSTART:20260205T010000Z")), DARA)
SNIPPETS = [b"\r\n", b"\x00", b'"', b"(", b";", b":", b"=", b"--b1", b"\xff\xfe", "\u202e😀".encode(), b"BEGIN:VEVENT\r\n",
            b"ATTENDEE:", b"99999999999999999999", b"multipart/digest", b"=?utf-8?b?", b"\xed\xa0\x80", b"base64"]  # fmt: skip


@settings(max_examples=5000 if SOAK else 300, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_are_always_something(raw: bytes) -> None:
    assert isinstance(read(raw, OUR_SERVER), Incoming)


@settings(max_examples=20_000 if SOAK else 500, deadline=None)
@given(
    st.sampled_from([REAL, bounce("<a@b>"), bounce("<a@b>", original="message/rfc822")]),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 30), st.sampled_from(SNIPPETS) | st.binary(max_size=8)), max_size=6),
)  # fmt: skip
def test_a_real_mail_with_some_bytes_changed_is_always_something(
    raw: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for at, length, put in changes:
        raw = raw[:at] + put + raw[at + length :]
    found = read(raw, OUR_SERVER)
    for text in (found.sender, found.subject, found.uid, found.attendee, found.said, found.comment, found.message_id):
        text and text.encode()
        assert "\x00" not in (text or "")
