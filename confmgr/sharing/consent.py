"""Questions to the originator of an item: who decides, how many must agree, how long a question stands. Plain Python.

docs/decisions/0022-who-consents.md settles what the rule leaves open.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from confmgr.sharing.domain import ConsentKind, ConsentState, Tlp
from confmgr.sharing.rule import STRICTNESS

LASTS = timedelta(days=14)
"""How long a question stands unless somebody sets another time."""

GIVEN = frozenset({ConsentState.GRANTED, ConsentState.PARTLY})
"""Answers by which something becomes allowed."""

ANSWERS = (ConsentState.GRANTED, ConsentState.PARTLY, ConsentState.REFUSED)


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody who heads a party at a meeting, or is the deputy: for the whole party, or for one agency of it."""

    user_id: int
    meeting_id: int
    party_id: int
    agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rule of decisions needs to know of an item."""

    tlp: Tlp
    originator_id: int
    agency_id: int | None
    meeting_ids: frozenset[int]
    knows_red: frozenset[int]


def needs_two(kind: ConsentKind, tlp: Tlp) -> bool:
    """Whether a second person of the originator must agree: to go down, to go public, to let anything of RED out."""
    return kind in {ConsentKind.DOWNGRADE, ConsentKind.PUBLICATION} or (kind is ConsentKind.ONWARD and tlp is Tlp.RED)


def is_lower(wanted: Tlp, present: Tlp) -> bool:
    """Whether a marking lets more people read than another."""
    return STRICTNESS[wanted] > STRICTNESS[present]


def decides(item: Asked, post: Post) -> bool:
    """Whether a head or deputy answers for an item. Of RED nobody does by an office: only those who may read it."""
    return (
        item.tlp is not Tlp.RED
        and post.party_id == item.originator_id
        and post.meeting_id in item.meeting_ids
        and (item.agency_id is None or post.agency_id is None or post.agency_id == item.agency_id)
    )


def stands(state: ConsentState, until: datetime, now: datetime) -> bool:
    """Whether a question can still be answered."""
    return state is ConsentState.OPEN and until > now
