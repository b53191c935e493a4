"""Names of this room's words, and sentences of its refusals."""

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
labels.register(
    {
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
)
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
        "purpose": _l("Purpose"),
    },
)
labels.register_terms("lead_kind", {kind.value: LEAD_KINDS[kind] for kind in LeadKind})
labels.register_reasons(
    {
        "lead_withdrawn": _l("This lead was withdrawn; it cannot be changed any more."),
        "only_the_author": _l("Only the author or the head of its party may change this."),
        "nomination_step": _l("A case that is at “%(present)s” cannot become “%(wanted)s”."),
        "nobody_named": _l("Name at least one delegation."),
        "already_nominated": _l("The case is nominated for this meeting already."),
        "other_operation": _l("This meeting belongs to another operation."),
        "nothing_said": _l("Write what you want to say."),
        "own_feedback": _l("Feedback is for those who received the lead; you gave it."),
    }
)
