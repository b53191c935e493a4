"""Parties and the operations they take part in."""

import re
from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is."""

    STATE = "state"
    TERRITORY = "territory"
    ORGANISATION = "organisation"
    OTHER = "other"


class OperationPhase(StrEnum):
    """Where an operation stands."""

    PLANNING = "planning"
    OPERATIONAL = "operational"
    DEBRIEFING = "debriefing"
    CLOSED = "closed"


class ContactChannel(StrEnum):
    """How a contact is reached."""

    I247 = "i247"
    SIENA = "siena"
    TELEPHONE = "telephone"
    MAIL = "mail"
    OTHER = "other"


PARTY_CODE = re.compile(r"[A-Z]{2}|[A-Z][A-Z0-9]{2,8}")
"""ISO 3166-1 alpha-2, or three to nine letters for an organisation."""
