"""What a mail that came in says, whoever sent it."""

from dataclasses import dataclass
from datetime import datetime

from confmgr.invitations.domain import ReplyMethod


class Unreadable(Exception):
    """A mail, or a part of it, that is not taken apart; `reason` is one word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464): `action` is `failed`, `delayed` or another word of it.

    `message_ids` are the identifiers by which the report may mean a mail, the surest first.
    """

    action: str
    message_ids: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail. `reason` says in one word why nothing may follow from it by itself; None where nothing stands against.

    `verified` means that our own mail server proved the domain of a sender who is also the one that answers. Times are
    in UTC.
    """

    message_id: str
    sha256: str
    size: int
    sender: str = ""
    subject: str = ""
    method: ReplyMethod = ReplyMethod.OTHER
    reason: str | None = None
    automatic: bool = False
    verified: bool = False
    uid: str | None = None
    attendee: str | None = None
    said: str | None = None
    sequence: int | None = None
    dtstamp: datetime | None = None
    comment: str | None = None
    proposed: tuple[datetime, datetime] | None = None
    delegated_to: tuple[str, ...] = ()
    bounce: Bounce | None = None
