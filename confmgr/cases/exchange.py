"""What a party gave and what it got, as far as one reader may see it: counted whole, shown a page at a time."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from confmgr.cases.domain import FeedbackKind
from confmgr.cases.models import Feedback, Lead
from confmgr.cases.news import new_to
from confmgr.cases.queries import LeadRow, lead_rows
from confmgr.delegations.models import Delegation
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Disclosure, Item
from confmgr.sharing.rule import Viewer

PAGE = 25
"""Leads of one side on a page, the newest first."""
USEFUL = frozenset({FeedbackKind.IN_USE, FeedbackKind.ACTED_ON})


@dataclass(frozen=True, slots=True)
class Half:
    """One side of an exchange: how many leads there are, and those of one page."""

    number: int
    rows: tuple[LeadRow, ...]
    page: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.number // PAGE))


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Leads of one party that are with others, and leads of others that the reader may read.

    `answered`: leads given of which somebody has said what they were worth; `used`: that somebody uses or has acted
    on; `unanswered`: leads got of which the own party has said nothing yet. `sides`: code of each other party, how many
    leads it was given by name, and how many it gave; the most first. `fresh`: public ids of those shown that are new.
    """

    gave: Half
    got: Half
    answered: int
    used: int
    unanswered: int
    sides: tuple[tuple[str, int, int], ...]
    fresh: frozenset[uuid.UUID]


def exchanged(
    session: Session,
    viewer: Viewer,
    now: datetime,
    *,
    meeting: Meeting,
    party_id: int,
    session_id: int | None = None,
    pages: tuple[int, int] = (1, 1),
) -> Exchanged:
    """Leads of a meeting, or of one of its sessions, by the side of a party on which they are.

    Four statements beside those of `lead_rows`. Envelopes that an organiser sees are of no party's exchange: what is
    got is what may be read.
    """
    here = [Lead.meeting_id == meeting.id, Item.state == ItemState.SHARED, sharing.bodies(viewer, now)]
    if session_id is not None:
        here.append(Lead.session_id == session_id)
    of = select(Lead.id, Item.originator_id, Party.code).join(Item, Item.id == Lead.id)
    known = session.execute(
        of.join(Party, Party.id == Item.originator_id).where(*here).order_by(Item.shared_at.desc(), Item.reference)
    ).all()
    gave = [ident for ident, originator_id, _code in known if originator_id == party_id]
    got = [ident for ident, originator_id, _code in known if originator_id != party_id]
    shown = [_shown(ids, page) for ids, page in zip((gave, got), pages, strict=True)]
    found = {row.lead.id: row for row in lead_rows(session, viewer, now, Lead.id.in_([*shown[0], *shown[1]]))}
    said = _said(session, here)
    to, by = _receivers(session, now, here, party_id), Counter(code for _id, whose, code in known if whose != party_id)
    sides = ((code, to[code], by[code]) for code in to | by)
    return Exchanged(
        Half(len(gave), tuple(found[ident] for ident in shown[0]), pages[0]),
        Half(len(got), tuple(found[ident] for ident in shown[1]), pages[1]),
        answered=sum(ident in said for ident in gave),
        used=sum(any(kind in USEFUL for _by, kind in said.get(ident, ())) for ident in gave),
        unanswered=sum(all(party != party_id for party, _kind in said.get(ident, ())) for ident in got),
        sides=tuple(sorted(sides, key=lambda side: (-side[1] - side[2], side[0]))),
        fresh=new_to(session, viewer, (found[ident] for ident in shown[1])),
    )


def _shown(ids: Sequence[int], page: int) -> Sequence[int]:
    return ids[(page - 1) * PAGE : page * PAGE]


def _said(session: Session, here: Sequence[ColumnElement[bool]]) -> dict[int, list[tuple[int, FeedbackKind]]]:
    """What was said of each lead, and by which party."""
    said: dict[int, list[tuple[int, FeedbackKind]]] = {}
    of = select(Feedback.lead_id, Feedback.party_id, Feedback.kind).join(Lead, Lead.id == Feedback.lead_id)
    for ident, party_id, kind in session.execute(of.join(Item, Item.id == Lead.id).where(*here)):
        said.setdefault(ident, []).append((party_id, kind))
    return said


def _receivers(session: Session, now: datetime, here: Sequence[ColumnElement[bool]], party_id: int) -> Counter[str]:
    """How many leads of a party each other one was given by name."""
    rows = session.execute(
        select(Party.code, func.count(func.distinct(Lead.id)))
        .select_from(Lead)
        .join(Item, Item.id == Lead.id)
        .join(Disclosure, and_(Disclosure.item_id == Item.id, sharing.standing(now)))
        .join(Delegation, Delegation.id == Disclosure.to_delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .where(*here, Item.originator_id == party_id)
        .group_by(Party.code)
    ).all()
    return Counter(dict(rows))
