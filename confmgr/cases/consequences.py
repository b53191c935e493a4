"""Who will read an item, said before it is shared: by the rule, for one imagined person of each delegation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
