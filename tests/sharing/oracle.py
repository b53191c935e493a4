"""The visibility rule a second time, written from its text alone: as tables, with words instead of the room's enums."""

from dataclasses import dataclass
from itertools import product

ORIGINATOR_READERS = {
    "RED": frozenset({"author", "named"}),
    "AMBER+STRICT": frozenset({"author", "named", "agency"}),
    "AMBER": frozenset({"author", "named", "agency", "colleague"}),
    "GREEN": frozenset({"author", "named", "agency", "colleague"}),
    "CLEAR": frozenset({"author", "named", "agency", "colleague"}),
}
"""Whom of the originating delegation the sentence (O) lets read."""

DISCLOSED_TO = {
    "RED": frozenset({"person"}),
    "AMBER+STRICT": frozenset({"person", "agency"}),
    "AMBER": frozenset({"person", "agency", "delegation"}),
    "GREEN": frozenset({"person", "agency", "delegation"}),
    "CLEAR": frozenset({"person", "agency", "delegation"}),
}
"""What a disclosure must name for the sentence (R) to hold."""

TLPS = tuple(ORIGINATOR_READERS)
STATES = ("draft", "shared", "withdrawn", "purged")
SEATS = ("none", "elsewhere", "no delegation", "originator", "receiver", "observer", "mixed")
"""`elsewhere`: the originator's seat, at a meeting the item is not linked to. `mixed`: that, and an organiser's here."""

OWN = ("author", "named", "agency", "colleague")
TARGETS = ("person", "another person", "agency", "another agency", "delegation", "another delegation")
STANDING = ("stands", "of an earlier marking", "revoked", "expired")
DISCLOSURES = (None, *product(TARGETS, STANDING))
ROLES = ("none", "organiser", "leadership")


@dataclass(frozen=True, slots=True)
class Case:
    """One combination of everything that the rule names."""

    active: bool
    tlp: str
    state: str
    published: bool
    seat: str
    own: str
    disclosure: tuple[str, str] | None
    role: str


def cases() -> list[Case]:
    """Every combination."""
    return [
        Case(*values)
        for values in product((True, False), TLPS, STATES, (False, True), SEATS, OWN, DISCLOSURES, ROLES)
        if values[7] == "none" or values[4] not in {"none", "elsewhere"}
    ]


def body(case: Case) -> str | None:
    """The letter of the sentence by which the body may be read, or None."""
    if not case.active or case.state == "purged":
        return None
    if (case.tlp, case.state, case.published) == ("CLEAR", "shared", True):
        return "C"
    if case.seat in {"none", "elsewhere"}:
        return None
    if case.seat == "originator" and case.own in ORIGINATOR_READERS[case.tlp]:
        return "O"
    if case.state != "shared":
        return None
    if case.tlp in {"GREEN", "CLEAR"} and case.seat in {"originator", "receiver"}:
        return "G"
    if case.disclosure is None or case.disclosure[1] != "stands":
        return None
    target = case.disclosure[0]
    reached = target == "person" or (
        target in {"agency", "delegation"} and case.seat in {"originator", "receiver", "observer"}
    )
    return "R" if reached and target in DISCLOSED_TO[case.tlp] else None


def envelope(case: Case) -> bool:
    """Whether at least the envelope may be read: by organisers and the host's leadership, once it is no draft."""
    if not case.active or case.state == "draft":
        return False
    here = case.seat not in {"none", "elsewhere"}
    return here and (case.role != "none" or case.seat == "mixed")
