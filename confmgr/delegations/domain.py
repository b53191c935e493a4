"""Words of delegations and of the people in them."""

import re
from enum import StrEnum

_PASSPORT = re.compile(r"\b[A-Z]{1,2}\d{7,8}\b|passport|여권", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){3,30}")
LONGEST_TELEPHONE = 40
"""Characters of a telephone number."""


class DelegationStatus(StrEnum):
    """As what a party takes part."""

    MEMBER = "member"
    PARTNER = "partner"
    OBSERVER = "observer"
    GUEST = "guest"


class DelegationState(StrEnum):
    """How far its taking part has come."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Capacity(StrEnum):
    """In what capacity a delegate comes."""

    HEAD_OF_DELEGATION = "head_of_delegation"
    HEAD_OF_AGENCY = "head_of_agency"
    DEPUTY = "deputy"
    DELEGATE = "delegate"
    ADVISER = "adviser"
    LIAISON_OFFICER = "liaison_officer"
    INTERPRETER = "interpreter"


class PrintedAs(StrEnum):
    """How a delegate appears on paper."""

    NAME = "name"
    INITIALS = "initials"
    NOT_LISTED = "not_listed"


class Mode(StrEnum):
    """How an interpreter works."""

    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"
    WHISPERED = "whispered"


def initials(name: str) -> str:
    """`Sok Dara` as `S. D.`: for delegates who are printed by initials."""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def is_telephone(text: str) -> bool:
    """Whether a text is a telephone number: digits with single spaces or dashes between, a plus before."""
    return len(text) <= LONGEST_TELEPHONE and _TELEPHONE.fullmatch(text) is not None


def holds_passport_data(text: str) -> bool:
    """Whether a text looks like a passport number, or names one."""
    return _PASSPORT.search(text) is not None
