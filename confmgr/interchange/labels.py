"""Names of this room's words, and sentences of what is wrong with a workbook."""

from enum import Enum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.cases.domain import CrimeType, Readiness
from confmgr.delegations.domain import Capacity, DelegationStatus
from confmgr.interchange.exchange.incoming import Wrong
from confmgr.interchange.exchange.taking import Fate
from confmgr.interchange.sheets.columns import plain
from confmgr.parties.domain import PartyKind
from confmgr.sharing.domain import Tlp
from confmgr.values.languages import LANGUAGES
from confmgr.web import labels
from confmgr.web.reader import speaking

CHOICES: dict[str, type[Enum]] = {
    "kind": PartyKind,
    "status": DelegationStatus,
    "capacity": Capacity,
    "crime_types": CrimeType,
    "readiness": Readiness,
    "tlp": Tlp,
}
"""Columns that take one of a list of words."""

labels.register_terms(
    "sheet",
    {
        "delegations": _l("Delegations"),
        "delegates": _l("Delegates"),
        "cases": _l("Cases"),
        "requests": _l("Meeting requests"),
    },
)
labels.register(
    {
        Wrong.MISSING: _l("is missing"),
        Wrong.UNKNOWN: _l("is not known here"),
        Wrong.VALUE: _l("is not what it should be"),
        Wrong.TWICE: _l("is there twice"),
    }
)
labels.register(
    {
        Fate.NEW: _p("import", "New"),
        Fate.HERE: _l("Already there, and left as it is"),
        Fate.FOREIGN: _l("Given by another party, which alone can bring it in"),
        Fate.NO_CASE: _l("Its case is neither here nor new in this file"),
        Fate.NO_PARTY: _l("Concerns a party that has no delegation here"),
        Fate.REFUSED: _l("Refused as it stands in the file"),
    }
)
labels.register_reasons(
    {
        "exchange_too_large": _l("The file is too large: at most %(most)s MB are read."),
        "exchange_no_json": _l("This is no file of cases and leads, or it is damaged."),
        "exchange_nothing_new": _l("Nothing in this file is new for your party."),
        "not_a_workbook": _l("%(name)s is neither an XLSX workbook nor a CSV file."),
        "old_workbook": _l("%(name)s is in Excel's old format, or has a password. Save it as XLSX without a password."),
        "unpacks_too_large": _l("The file is too large: unpacked it has more than %(most)s MB."),
        "damaged_workbook": _l("The file is damaged or protected with a password and cannot be read."),
        "too_many_rows": _l("The file is too large: at most %(most)s rows are read."),
        "too_many_columns": _l("The file has too many columns: at most %(most)s are read."),
        "workbook_has_faults": _l("The workbook still has faults, so nothing was applied."),
        "column_missing": _l("this column is missing"),
        "column_twice": _l("this column is there twice"),
        "reference_malformed": _l("holds something else than letters, digits, points, dashes and slashes"),
        "reference_elsewhere": _l(
            "%(reference)s is a case that was brought to another meeting; choose another reference"
        ),
        "formula": _l("holds a formula; enter its value instead"),
        "cell_empty": _l("is empty"),
        "cell_too_long": _l("is longer than %(most)s characters"),
        "control_characters": _l("holds invisible control characters; type it again"),
        "unknown_delegation": _l("%(code)s has no delegation here and none in this file"),
        "not_one_of": _l("“%(value)s” is none of: %(choices)s"),
        "number_out_of_range": _l("“%(value)s” is no whole number from %(low)s to %(high)s"),
        "steps_of_five": _l("%(value)s minutes: lengths go in steps of five"),
        "not_a_date": _l("“%(value)s” is no date and time; write it like 2026-02-04 18:00"),
        "unknown_language_cell": _l("“%(language)s” is no language known here; write it like en, ko or km"),
        "unknown_zone_cell": _l("there is no time zone “%(zone)s”; write it like Asia/Seoul"),
        "twice_in_file": _l("“%(value)s” is in this file twice"),
        "new_party_needs_name": _l("%(code)s is new here, so its name is needed"),
        "not_a_telephone": _l(
            "“%(value)s” is no telephone number; write digits, spaces and dashes, like +82 2 3150-0112"
        ),
        "not_a_mail_address": _l("“%(value)s” is no mail address"),
        "second_head_in_file": _l("%(code)s would have two heads of delegation"),
        "marking_not_imported": _l("%(tlp)s cannot be imported by the secretariat; its delegation enters it itself"),
        "unknown_case": _l("there is no case %(case)s here or in this file; write it like KR/C-01"),
    }
)


def name_of(member: Enum) -> str:
    """A member as a page calls it; markings are written as they are."""
    return member.label if isinstance(member, Tlp) else labels.of(member)


def known_words() -> dict[tuple[type[Enum], str], Enum]:
    """The members of `CHOICES` by what they are called in every language that pages can have."""
    words: dict[tuple[type[Enum], str], Enum] = {}
    for language in LANGUAGES:
        with speaking(language):
            words |= {(kind, plain(name_of(member))): member for kind in CHOICES.values() for member in kind}
    return words
