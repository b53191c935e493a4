"""Markings and **the** visibility rule: who may see the body of an item, who its envelope, who nothing."""

from enum import StrEnum


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST). Written as `TLP:AMBER+STRICT`, never translated."""

    RED = "RED"
    AMBER_STRICT = "AMBER+STRICT"
    AMBER = "AMBER"
    GREEN = "GREEN"
    CLEAR = "CLEAR"

    @property
    def label(self) -> str:
        """`TLP:AMBER+STRICT`."""
        return f"TLP:{self.value}"


class Handling(StrEnum):
    """Europol handling codes."""

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"


class GradeScheme(StrEnum):
    """By whose scheme an originator graded source and information; grades are never converted."""

    EUROPOL_4X4 = "europol_4x4"
    ADMIRALTY_6X6 = "admiralty_6x6"
    UK_3X5 = "uk_3x5"
    UK_5X5 = "uk_5x5"


class ItemKind(StrEnum):
    """Things that have an originator and a marking."""

    CASE = "case"
    LEAD = "lead"
    COMMENT = "comment"
    DOCUMENT = "document"
    ACTION_REQUEST = "action_request"
    TASK_FORCE = "task_force"
    JOINT_ACTION = "joint_action"
    GROUP = "group"
    BASE = "base"
    MOVE = "move"


class ItemState(StrEnum):
    """An item's life."""

    DRAFT = "draft"
    SHARED = "shared"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


class ConsentKind(StrEnum):
    """What somebody asks the originator of an item for."""

    ONWARD = "onward"
    DOWNGRADE = "downgrade"
    NEW_PURPOSE = "new_purpose"
    JUDICIAL_USE = "judicial_use"
    PUBLICATION = "publication"
    LONGER_RETENTION = "longer_retention"


class ConsentState(StrEnum):
    """How a question to the originator stands."""

    OPEN = "open"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RecallCause(StrEnum):
    """Why somebody is called upon to use a copy no more."""

    WITHDRAWN = "withdrawn"
    RAISED = "raised"
    REVOKED = "revoked"
    PURGED = "purged"


class NoticeKind(StrEnum):
    """Of what somebody is told by a mail that names no item."""

    CONSENT_ASKED = "consent_asked"
    CONSENT_SECOND = "consent_second"
    CONSENT_ANSWERED = "consent_answered"
    RECALLED = "recalled"
    RETENTION_ENDS = "retention_ends"
    MATCHED = "matched"
