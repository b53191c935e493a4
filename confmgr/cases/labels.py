"""Names of this room's words, and sentences of its refusals."""

from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.cases.domain import (
    CrimeType,
    FeedbackKind,
    IdentifierKind,
    LeadKind,
    MatchState,
    NominationState,
    Readiness,
)
from confmgr.web import labels

CRIMES = {
    CrimeType.VOICE_PHISHING: _l("Voice phishing"),
    CrimeType.INVESTMENT_SCAM: _l("Investment scam with virtual assets"),
    CrimeType.ROMANCE_SCAM: _l("Romance or match-making scam"),
    CrimeType.NO_SHOW_SCAM: _l("No-show scam"),
    CrimeType.TRAFFICKING: _l("Human trafficking"),
    CrimeType.ORGANISED_CRIME: _l("Organised crime"),
    CrimeType.CYBERCRIME: _l("Cybercrime"),
    CrimeType.CONFINEMENT: _l("Confinement and abuse in scam compounds"),
    CrimeType.JOB_ADVERTISING: _l("Illegal overseas job advertising"),
    CrimeType.MONEY_LAUNDERING: _l("Money laundering"),
}

LEAD_KINDS = {
    LeadKind.PERSON: _l("Person"),
    LeadKind.PLACE: _p("lead", "Place"),
    LeadKind.ACCOUNT: _p("lead", "Account"),
    LeadKind.WALLET: _l("Wallet"),
    LeadKind.TELEPHONE: _l("Telephone"),
    LeadKind.DEVICE: _l("Device"),
    LeadKind.WEBSITE: _l("Website"),
    LeadKind.DOCUMENT: _p("lead", "Document"),
    LeadKind.MOVEMENT: _l("Movement"),
}

IDENTIFIER_KINDS: dict[Enum, LazyString] = {
    IdentifierKind.PHONE: _p("identifier", "Telephone number"),
    IdentifierKind.BANK_ACCOUNT: _p("identifier", "Bank account"),
    IdentifierKind.WALLET: _p("identifier", "Wallet address"),
    IdentifierKind.URL: _p("identifier", "Web address"),
    IdentifierKind.DOMAIN: _p("identifier", "Domain name"),
    IdentifierKind.EMAIL: _p("identifier", "Mail address"),
    IdentifierKind.HANDLE: _p("identifier", "Name in a messenger"),
    IdentifierKind.PASSPORT: _p("identifier", "Passport or identity document"),
    IdentifierKind.VEHICLE: _p("identifier", "Vehicle"),
    IdentifierKind.DEVICE: _p("identifier", "Device number"),
    IdentifierKind.ALIAS: _p("identifier", "Name or alias"),
    IdentifierKind.PLACE: _p("identifier", "Place"),
    IdentifierKind.OTHER: _p("identifier", "Something else"),
}

labels.register(
    CRIMES
    | LEAD_KINDS
    | {
        NominationState.NOMINATED: _p("case", "Nominated"),
        NominationState.SELECTED: _p("case", "Pre-selected"),
        NominationState.NOT_TAKEN: _p("case", "Not taken"),
        NominationState.DISCUSSED: _p("case", "Discussed"),
        NominationState.CONCLUDED: _p("case", "Concluded"),
        Readiness.INFORMATION_EXCHANGE: _l("Information exchange"),
        Readiness.DEVELOPMENT: _l("In development"),
        Readiness.READY_FOR_ACTION: _l("Ready for action"),
        FeedbackKind.RECEIVED: _p("feedback", "Received"),
        FeedbackKind.ALREADY_KNOWN: _p("feedback", "Already known"),
        FeedbackKind.NEEDS_MORE: _p("feedback", "Needs more"),
        FeedbackKind.IN_USE: _p("feedback", "In use"),
        FeedbackKind.ACTED_ON: _p("feedback", "Acted on"),
        FeedbackKind.NO_RESULT: _p("feedback", "No result"),
    }
)
# Words of different lists may be spelled alike, and are then one key of a dict: these are registered by themselves.
labels.register(IDENTIFIER_KINDS)
labels.register(
    {
        MatchState.FOUND: _p("match", "Found"),
        MatchState.TALKING: _p("match", "In talks"),
        MatchState.CLOSED: _p("match", "Closed"),
    }
)
labels.register_terms("crime", {crime.value: text for crime, text in CRIMES.items()})
labels.register_terms(
    "field",
    {
        "title": _l("Title"),
        "summary": _l("Summary"),
        "places": _l("Places"),
        "neutral_title": _l("Neutral title"),
        "crime_types": _l("Crime types"),
        "kind": _l("About"),
        "body": _l("What is known"),
        "identifiers": _l("What identifies"),
        "purpose": _l("Purpose"),
    },
)
labels.register_terms("identifier_kind", {kind.value: text for kind, text in IDENTIFIER_KINDS.items()})
labels.register_terms("lead_kind", {kind.value: LEAD_KINDS[kind] for kind in LeadKind})
labels.register_reasons(
    {
        "lead_withdrawn": _l("This lead was withdrawn; it cannot be changed any more."),
        "only_the_author": _l("Only the author or the head of its party may change this."),
        "nomination_step": _l("A case that is at “%(present)s” cannot become “%(wanted)s”."),
        "nothing_decided": _l("Nothing was decided on this case yet."),
        "nobody_named": _l("Name at least one delegation."),
        "already_nominated": _l("The case is nominated for this meeting already."),
        "other_operation": _l("This meeting belongs to another operation."),
        "not_of_its_kind": _l("“%(value)s” cannot be read as “%(kind)s”."),
        "too_many_identifiers": _l("At most %(most)s values that identify."),
        "attachment_too_large": _l("The file is too large: at most %(most)s MB."),
        "too_many_files": _l("At most %(most)s files stand here. Remove one first."),
        "file_empty": _l("The file is empty."),
        "file_type": _l("Files of this type are not taken: PDF, PNG, JPEG, plain text, and office documents are."),
        "file_damaged": _l("The file is damaged or is not what it seems."),
        "file_locked": _l("The file is locked with a password. Remove the password first."),
        "file_has_macros": _l("The document holds macros. Save it without them first."),
        "file_unpacks_too_large": _l("The document unpacks to far more than it should hold."),
        "picture_too_large": _l("The picture has too many points. Save it smaller."),
        "picture_moves": _l("Moving pictures are not taken."),
        "nothing_said": _l("Write what you want to say."),
        "own_feedback": _l("Feedback is for those who received the lead; you gave it."),
    }
)
