"""Words of cases and leads."""

from enum import StrEnum


class CrimeType(StrEnum):
    """Crime types of the operation."""

    VOICE_PHISHING = "voice_phishing"
    INVESTMENT_SCAM = "investment_scam"
    ROMANCE_SCAM = "romance_scam"
    NO_SHOW_SCAM = "no_show_scam"
    TRAFFICKING = "trafficking"
    ORGANISED_CRIME = "organised_crime"
    CYBERCRIME = "cybercrime"
    CONFINEMENT = "confinement"
    JOB_ADVERTISING = "job_advertising"
    MONEY_LAUNDERING = "money_laundering"


class NominationState(StrEnum):
    """How a case stands at one meeting."""

    NOMINATED = "nominated"
    SELECTED = "selected"
    NOT_TAKEN = "not_taken"
    DISCUSSED = "discussed"
    CONCLUDED = "concluded"


TAKEN = frozenset({NominationState.SELECTED, NominationState.DISCUSSED, NominationState.CONCLUDED})
"""States of a case that a meeting has taken up."""

NOMINATION_STEPS = {
    NominationState.NOMINATED: (NominationState.SELECTED, NominationState.NOT_TAKEN),
    NominationState.SELECTED: (NominationState.DISCUSSED, NominationState.NOT_TAKEN),
    NominationState.NOT_TAKEN: (NominationState.SELECTED,),
    NominationState.DISCUSSED: (NominationState.CONCLUDED,),
    NominationState.CONCLUDED: (),
}


STEP_BEFORE = {
    NominationState.SELECTED: NominationState.NOMINATED,
    NominationState.NOT_TAKEN: NominationState.NOMINATED,
    NominationState.DISCUSSED: NominationState.SELECTED,
    NominationState.CONCLUDED: NominationState.DISCUSSED,
}
"""Where a case stands again once a decision on it is taken back."""


class Readiness(StrEnum):
    """What a case is ready for."""

    INFORMATION_EXCHANGE = "information_exchange"
    DEVELOPMENT = "development"
    READY_FOR_ACTION = "ready_for_action"


class LeadKind(StrEnum):
    """What a lead is about."""

    PERSON = "person"
    PLACE = "place"
    ACCOUNT = "account"
    WALLET = "wallet"
    TELEPHONE = "telephone"
    DEVICE = "device"
    WEBSITE = "website"
    DOCUMENT = "document"
    MOVEMENT = "movement"


class FeedbackKind(StrEnum):
    """What a receiving party says of a lead."""

    RECEIVED = "received"
    ALREADY_KNOWN = "already_known"
    NEEDS_MORE = "needs_more"
    IN_USE = "in_use"
    ACTED_ON = "acted_on"
    NO_RESULT = "no_result"


class IdentifierKind(StrEnum):
    """What a value on a case or lead identifies."""

    PHONE = "phone"
    BANK_ACCOUNT = "bank_account"
    WALLET = "wallet"
    URL = "url"
    DOMAIN = "domain"
    EMAIL = "email"
    HANDLE = "handle"
    PASSPORT = "passport"
    VEHICLE = "vehicle"
    DEVICE = "device"
    ALIAS = "alias"
    PLACE = "place"
    OTHER = "other"


class MatchState(StrEnum):
    """How far two originators have come over a hit that both have."""

    FOUND = "found"
    TALKING = "talking"
    CLOSED = "closed"
