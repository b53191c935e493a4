"""Words of agenda items and records."""

from enum import StrEnum


class ExpectedAction(StrEnum):
    """What an agenda item asks of delegations."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"


class RecordState(StrEnum):
    """How far a record has come."""

    DRAFTED = "drafted"
    SENT = "sent"
    AGREED = "agreed"
    WITH_RESERVATION = "with_reservation"
    LAPSED = "lapsed"
