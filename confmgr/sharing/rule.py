"""**The** visibility rule: who may see the body of an item, who its envelope, who nothing. Plain Python.

A role never adds a body. What this says as a function, `confmgr.sharing.clause` says as SQL; tests compare the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from confmgr.sharing.domain import Handling, ItemState, Tlp

STRICTNESS = {Tlp.RED: 0, Tlp.AMBER_STRICT: 1, Tlp.AMBER: 2, Tlp.GREEN: 3, Tlp.CLEAR: 4}
SHOWN = frozenset({ItemState.SHARED})


class Letter(StrEnum):
    """Which sentence of the rule lets a reader see a body."""

    CLEAR = "C"
    ORIGINATOR = "O"
    GREEN = "G"
    RECEIVER = "R"


@dataclass(frozen=True, slots=True)
class Seat:
    """One current membership of a viewer.

    `sees_green`: the meeting lets the delegation's status see GREEN. `speaks`: the viewer acts for the party there,
    `heads`: as head of its delegation; neither adds to what the viewer sees.
    """

    meeting_id: int
    party_id: int | None = None
    delegation_id: int | None = None
    agency_id: int | None = None
    sees_green: bool = False
    organises: bool = False
    leads_host: bool = False
    speaks: bool = False
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person asking: active or not, and where the person sits today."""

    user_id: int
    active: bool = True
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """One disclosure: of which marking row, to whom, and whether it stands."""

    marking_id: int
    to_user_id: int | None = None
    to_agency_id: int | None = None
    to_delegation_id: int | None = None
    until: datetime | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the rule needs to know of an item; `parent` is set for children such as comments."""

    tlp: Tlp
    state: ItemState
    originator_id: int
    author_id: int
    marking_id: int
    meeting_ids: frozenset[int]
    agency_id: int | None = None
    published: bool = False
    named_readers: frozenset[int] = frozenset()
    disclosures: tuple[DisclosureFacts, ...] = ()
    handling: frozenset[Handling] = frozenset()
    parent: "ItemFacts | None" = field(default=None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a viewer gets of an item: its body by a letter of the rule, or at least its envelope once it is no draft."""

    letter: Letter | None
    envelope: bool

    @property
    def body(self) -> bool:
        """Whether the body is visible."""
        return self.letter is not None


NOTHING = Verdict(None, envelope=False)


def verdict(viewer: Viewer, item: ItemFacts, now: datetime) -> Verdict:
    """Apply the rule (docs/decisions/0005-the-visibility-rule.md) to one viewer and one item at an instant."""
    if not viewer.active:
        return NOTHING
    linked = tuple(seat for seat in viewer.seats if seat.meeting_id in item.meeting_ids)
    envelope = item.state is not ItemState.DRAFT and any(seat.organises or seat.leads_host for seat in linked)
    if item.parent is not None and not verdict(viewer, item.parent, now).body:
        return Verdict(None, envelope=envelope)
    return Verdict(_letter(viewer, linked, item, now), envelope=envelope)


def _letter(viewer: Viewer, linked: tuple[Seat, ...], item: ItemFacts, now: datetime) -> Letter | None:
    if item.state is ItemState.PURGED:
        return None
    shared = item.state in SHOWN
    if item.tlp is Tlp.CLEAR and shared and item.published:
        return Letter.CLEAR
    if not linked:
        return None
    if _is_originator(viewer, linked, item):
        return Letter.ORIGINATOR
    if not shared:
        return None
    if item.tlp in {Tlp.GREEN, Tlp.CLEAR} and any(seat.sees_green for seat in linked):
        return Letter.GREEN
    standing = (
        d
        for d in item.disclosures
        if d.marking_id == item.marking_id and not d.revoked and (d.until is None or d.until > now)
    )
    return Letter.RECEIVER if any(_reaches(d, viewer, linked, item.tlp) for d in standing) else None


def _is_originator(viewer: Viewer, linked: tuple[Seat, ...], item: ItemFacts) -> bool:
    own = [seat for seat in linked if seat.delegation_id is not None and seat.party_id == item.originator_id]
    if not own:
        return False
    if item.tlp in {Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR}:
        return True
    if viewer.user_id == item.author_id or viewer.user_id in item.named_readers:
        return True
    if item.tlp is Tlp.RED:
        return False
    return item.agency_id is not None and any(seat.agency_id == item.agency_id for seat in own)


def _reaches(disclosure: DisclosureFacts, viewer: Viewer, linked: tuple[Seat, ...], tlp: Tlp) -> bool:
    if disclosure.to_user_id is not None:
        return disclosure.to_user_id == viewer.user_id
    if tlp is Tlp.RED:
        return False
    if disclosure.to_agency_id is not None:
        return any(seat.agency_id == disclosure.to_agency_id for seat in linked)
    if tlp is Tlp.AMBER_STRICT:
        return False
    return any(seat.delegation_id is not None and seat.delegation_id == disclosure.to_delegation_id for seat in linked)


def can_reach(tlp: Tlp, *, person: bool, delegation: bool) -> bool:
    """Whether a marking lets an item be passed on: RED to a person alone, AMBER+STRICT to no whole delegation."""
    return person if tlp is Tlp.RED else not (delegation and tlp is Tlp.AMBER_STRICT)


def strictest(markings: Iterable[Tlp]) -> Tlp:
    """The strictest of several TLP values; CLEAR for none."""
    return min(markings, key=lambda tlp: STRICTNESS[tlp], default=Tlp.CLEAR)


def effective(item: ItemFacts) -> tuple[Tlp, frozenset[Handling]]:
    """The marking that a child is shown under: the stricter of its own and its parent's, handling codes united."""
    if item.parent is None:
        return item.tlp, item.handling
    above, handling = effective(item.parent)
    return strictest((item.tlp, above)), item.handling | handling
