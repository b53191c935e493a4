"""Words of publications, invitations and the outbox."""

from enum import StrEnum


class PartStat(StrEnum):
    """What a participation answered (RFC 5545, 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Method(StrEnum):
    """What an outbox row tells a calendar (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class OutboxState(StrEnum):
    """A message's life; a newer publication overtakes what has not been sent."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    HELD = "held"
    OVERTAKEN = "overtaken"


class ChangeKind(StrEnum):
    """Why somebody hears of a session."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    AGAIN = "again"
