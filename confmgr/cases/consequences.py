"""Who will read an item, said before it is shared or marked anew: by the rule, for imagined people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.rule import DisclosureFacts, ItemFacts, Seat, Viewer, verdict

REACH_DELEGATIONS = frozenset({Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR})
"""Markings of what may be passed to a whole delegation."""
_WHENEVER = datetime(2000, 1, 1, tzinfo=UTC)
_MEETING = _MARKING = 1
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Side:
    """A delegation at the meeting, as far as the rule asks."""

    code: str
    party_id: int
    delegation_id: int
    sees_green: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """Codes of the delegations that will read an item once it is shared, and of those that will not."""

    tlp: Tlp
    seen: tuple[str, ...]
    others: tuple[str, ...]
    handling: tuple[Handling, ...] = ()

    @property
    def agreed(self) -> str:
        """What a form carries back, so that nothing is shared under a sentence that nobody read."""
        return "|".join((self.tlp.value, ",".join(sorted(self.seen)), ",".join(code.value for code in self.handling)))


def reach(
    tlp: Tlp, chosen: Collection[str], sides: Sequence[Side], *, own: int, handling: Collection[Handling] = ()
) -> Reach:
    """What sharing an item of the party `own` with the chosen delegations lets others of the meeting read."""
    item = ItemFacts(
        tlp=tlp,
        state=ItemState.SHARED,
        originator_id=own,
        author_id=_NOBODY,
        marking_id=_MARKING,
        meeting_ids=frozenset({_MEETING}),
        disclosures=tuple(
            DisclosureFacts(_MARKING, to_delegation_id=side.delegation_id)
            for side in sides
            if side.code in chosen and tlp in REACH_DELEGATIONS
        ),
    )
    seen = tuple(side.code for side in sides if verdict(_somebody(side), item, _WHENEVER).body)
    others = tuple(side.code for side in sides if side.code not in seen)
    return Reach(tlp, seen, others, tuple(sorted(handling)))


def _somebody(side: Side) -> Viewer:
    seat = Seat(_MEETING, party_id=side.party_id, delegation_id=side.delegation_id, sees_green=side.sees_green)
    return Viewer(_NOBODY - 1, seats=(seat,))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A reader of an item, or one whom another marking may make one: how a page names them, and where they sit."""

    name: str
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Follows:
    """What another marking does to those who read an item: who loses it, who keeps it, who reads it from then on.

    `waits`: not before a second person has agreed.
    """

    tlp: Tlp
    waits: bool
    lose: tuple[str, ...]
    keep: tuple[str, ...]
    gain: tuple[str, ...]


def imagined(name: str, seats: Sequence[Seat], agency_id: int | None = None) -> Somebody:
    """Somebody of a delegation, or of one agency of it."""
    own = tuple(replace(seat, agency_id=agency_id) for seat in seats)
    return Somebody(name, Viewer(_NOBODY - 1, seats=own))


def follows(item: ItemFacts, tlp: Tlp, people: Sequence[Somebody], now: datetime, *, waits: bool) -> Follows:
    """What a marking does to those who read an item; of a draft, to those who would once it is shared.

    A lower marking that waits for a second person takes nothing away; every other one drops whoever is named.
    """
    state = ItemState.SHARED if item.state is ItemState.DRAFT else item.state
    present = replace(item, state=state)
    after = replace(present, tlp=tlp, marking_id=item.marking_id if waits else _NOBODY)
    read = [(one.name, verdict(one.viewer, present, now).body, verdict(one.viewer, after, now).body) for one in people]
    return Follows(
        tlp,
        waits,
        lose=tuple(name for name, before, then in read if before and not then),
        keep=tuple(name for name, before, then in read if before and then),
        gain=tuple(name for name, before, then in read if then and not before),
    )
