"""The rules of what may leave, and when: without a database."""

from datetime import datetime, timedelta

import pytest

from confmgr.invitations.domain import MailKind, Method
from confmgr.invitations.sending import (
    Heard,
    Mail,
    Problem,
    Reader,
    Trouble,
    Withdrawal,
    next_attempt,
    overtaken,
    problem,
    withdrawn_because,
    within,
)

NOON = datetime.fromisoformat("2026-01-15T03:00:00+00:00")
HER = "dara@police.example"
HERE = Reader(HER, left=False, takes_part=True)
INVITED = {7: Heard(invited=True, sequence=2, dtstamp=NOON)}
REQUEST = Mail(MailKind.INVITATION, Method.REQUEST, HER, 2, NOON, {7: None})
CANCEL = Mail(MailKind.INVITATION, Method.CANCEL, HER, 3, NOON, {7: None})
REMINDER = Mail(MailKind.DAY_BEFORE, None, HER, None, NOON, {7: 2})


def test_who_is_still_invited_gets_the_mail() -> None:
    assert withdrawn_because(REQUEST, HERE, INVITED) is None
    assert withdrawn_because(REMINDER, HERE, INVITED) is None


@pytest.mark.parametrize("mail", [REQUEST, REMINDER])
@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (Reader(HER, left=True, takes_part=True), Withdrawal.LEFT),
        (Reader(HER, left=False, takes_part=False), Withdrawal.DELEGATION),
        (Reader("other@police.example", left=False, takes_part=True), Withdrawal.ADDRESS),
        (Reader(None, left=False, takes_part=True), Withdrawal.ADDRESS),
        (Reader("Dara@Police.example", left=False, takes_part=True), None),
        (None, None),
    ],
)
def test_who_has_lost_the_right_gets_no_mail_any_more(
    mail: Mail, reader: Reader | None, reason: Withdrawal | None
) -> None:
    assert withdrawn_because(mail, reader, INVITED) is reason


@pytest.mark.parametrize("mail", [REQUEST, REMINDER])
def test_nobody_is_asked_or_reminded_of_what_they_are_not_invited_to(mail: Mail) -> None:
    gone = {7: Heard(invited=False, sequence=2, dtstamp=NOON)}
    assert withdrawn_because(mail, HERE, gone) is Withdrawal.NOT_INVITED
    assert withdrawn_because(mail, HERE, {}) is Withdrawal.NOT_INVITED


def test_a_reminder_of_a_session_that_has_moved_since_is_not_sent() -> None:
    moved = {7: Heard(invited=True, sequence=3, dtstamp=NOON)}
    assert withdrawn_because(REMINDER, HERE, moved) is Withdrawal.CHANGED


def test_a_cancellation_always_goes_to_the_address_that_was_told() -> None:
    gone = {7: Heard(invited=False, sequence=3, dtstamp=NOON)}
    assert withdrawn_because(CANCEL, Reader(None, left=True, takes_part=False), gone) is None


@pytest.mark.parametrize(("sequence", "seconds", "answer"), [(2, 0, False), (3, 0, True), (2, 1, True), (1, 1, False)])
def test_a_version_is_overtaken_by_a_higher_sequence_or_a_newer_stamp(
    sequence: int, seconds: int, *, answer: bool
) -> None:
    now = Heard(invited=True, sequence=sequence, dtstamp=NOON + timedelta(seconds=seconds))
    assert overtaken(REQUEST, now) is answer
    assert not overtaken(REMINDER, now)
    assert not overtaken(REQUEST, None)


def test_a_domain_over_its_limit_waits_and_the_others_go_on() -> None:
    assert within(2, {"a.example": 1}, ["a.example", "a.example", "b.example"]) == [True, False, True]


def test_attempts_come_ever_later_and_end() -> None:
    waits = [next_attempt(NOON, number) for number in range(1, 7)]
    minutes = [None if wait is None else (wait - NOON) / timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 5, 15, 60, 240, None]


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        (None, None),
        ("", None),
        ("550 No such mailbox", Problem(550, None, "550 No such mailbox")),
        ("login: 535 Wrong", Problem(None, Trouble.LOGIN, "535 Wrong")),
        ("left:", Problem(None, Withdrawal.LEFT, "")),
        ("Delivery failed", Problem(None, None, "Delivery failed")),
    ],
)
def test_what_is_kept_of_a_problem_is_read_again(kept: str | None, read: Problem | None) -> None:
    assert problem(kept) == read
