"""When a mail may leave, when it is tried again, and why it did not leave: plain rules over frozen facts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from confmgr.invitations.domain import MailKind, Method

BACK_OFF = (1, 5, 15, 60, 240)
"""Minutes until the next attempt."""


class Withdrawal(StrEnum):
    """Why a mail is not sent to somebody any more."""

    NOT_INVITED = "not_invited"
    CHANGED = "changed"
    LEFT = "left"
    DELEGATION = "delegation"
    ADDRESS = "address"


class Trouble(StrEnum):
    """Why a mail did not leave, where no server said it with a code of its own."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    LOGIN = "login"
    CERTIFICATE = "certificate"
    ENCRYPTION = "encryption"
    SENDER = "sender"
    BAD_ADDRESS = "bad_address"
    SMTPUTF8 = "smtputf8"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is about to leave. `told`: sequences of the participations that it speaks of, None where unknown."""

    kind: MailKind
    method: Method | None
    recipient: str
    sequence: int | None
    dtstamp: datetime
    told: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """A participation as it is now."""

    invited: bool
    sequence: int
    dtstamp: datetime | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is for, as things are now; `takes_part` is false once the own delegation has declined."""

    email: str | None
    left: bool
    takes_part: bool


def overtaken(mail: Mail, now: Heard | None) -> bool:
    """Whether the participation that an invitation speaks of was told something newer since it was written."""
    if mail.kind is not MailKind.INVITATION or now is None or now.dtstamp is None:
        return False
    return (now.sequence, now.dtstamp) > (mail.sequence or 0, mail.dtstamp)


def withdrawn_because(mail: Mail, reader: Reader | None, heard: Mapping[int, Heard]) -> Withdrawal | None:
    """Why a mail must not leave any more; None: it may.

    A cancellation always may, to the address that was told.

    Args:
        mail: The mail.
        reader: Its person; None for a mail to nobody in particular, of which only the participations are looked at.
        heard: The participations that it speaks of, by id.
    """
    if mail.method is Method.CANCEL:
        return None
    if reader is not None:
        if reader.left:
            return Withdrawal.LEFT
        if not reader.takes_part:
            return Withdrawal.DELEGATION
        if (reader.email or "").casefold() != mail.recipient.casefold():
            return Withdrawal.ADDRESS
    for ident, sequence in mail.told.items():
        now = heard.get(ident)
        if now is None or not now.invited:
            return Withdrawal.NOT_INVITED
        if sequence is not None and now.sequence != sequence:
            return Withdrawal.CHANGED
    return None


def within(limit: int, used: Mapping[str, int], domains: Iterable[str]) -> list[bool]:
    """Which of several mails may leave in this minute, by the domains of their recipients.

    Args:
        limit: The most that one domain gets.
        used: How many each domain got in the last minute.
        domains: Of the mails, in their order.
    """
    taken, found = Counter(used), []
    for domain in domains:
        found.append(taken[domain] < limit)
        taken[domain] += 1
    return found


def next_attempt(now: datetime, attempts: int) -> datetime | None:
    """When a mail is tried again after so many attempts; None: no more."""
    return None if attempts > len(BACK_OFF) else now + timedelta(minutes=BACK_OFF[attempts - 1])


@dataclass(frozen=True, slots=True)
class Problem:
    """What is kept of a mail that did not leave, taken apart: a code or a word, and what the server said."""

    code: int | None
    word: Trouble | Withdrawal | None
    said: str


def problem(text: str | None) -> Problem | None:
    """Read what is kept; a text of unknown make is what somebody said."""
    if not text:
        return None
    first = text.partition(" ")[0]
    if len(first) == 3 and first.isdecimal() and first[0] in "245":  # noqa: PLR2004  # a reply code (RFC 5321, 4.2)
        return Problem(int(first), None, text)
    word, _colon, said = text.partition(":")
    for kind in (Trouble, Withdrawal):
        if word in set(kind):
            return Problem(None, kind(word), said.strip())
    return Problem(None, None, text)
