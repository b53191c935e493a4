"""Words of agenda items and records."""

from enum import StrEnum


class ExpectedAction(StrEnum):
    """What an agenda item asks of delegations."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"


class AgendaKind(StrEnum):
    """What an item is in the fixed order of an agenda."""

    OPENING = "opening"
    ADOPTION = "adoption"
    FOLLOW_UP = "follow_up"
    SUBSTANCE = "substance"
    MEETINGS = "meetings"
    CONCLUSIONS = "conclusions"
    NEXT_MEETING = "next_meeting"
    CLOSING = "closing"


class RecordState(StrEnum):
    """How far a record has come."""

    DRAFTED = "drafted"
    SENT = "sent"
    AGREED = "agreed"
    WITH_RESERVATION = "with_reservation"
    LAPSED = "lapsed"
