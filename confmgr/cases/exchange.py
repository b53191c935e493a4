"""What a party gave and what it got, as far as one reader may see it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.cases.domain import FeedbackKind
from confmgr.cases.queries import LeadRow, leads
from confmgr.meetings.models import Meeting
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Leads of one party that are with others, and leads of others that the reader may read."""

    gave: tuple[LeadRow, ...]
    got: tuple[LeadRow, ...]

    @property
    def answered(self) -> int:
        """Leads given of which somebody has said what they were worth."""
        return sum(bool(row.feedback) for row in self.gave)

    @property
    def unanswered(self) -> tuple[LeadRow, ...]:
        """Leads got of which the own party has said nothing yet; feedback of others is not among theirs."""
        return tuple(row for row in self.got if not row.feedback)

    @property
    def used(self) -> int:
        """Leads given that somebody uses or has acted on."""
        useful = {FeedbackKind.IN_USE, FeedbackKind.ACTED_ON}
        return sum(any(said.kind in useful for said in row.feedback) for row in self.gave)

    @property
    def sides(self) -> list[tuple[str, int, int]]:
        """Code of each other party, how many leads it was given by name, and how many it gave; the most first."""
        to = Counter(party.code for row in self.gave for party in row.receivers)
        of = Counter(row.originator.code for row in self.got)
        return sorted(((code, to[code], of[code]) for code in to | of), key=lambda side: (-side[1] - side[2], side[0]))


def exchanged(
    session: Session, viewer: Viewer, now: datetime, *, meeting: Meeting, party_id: int, session_id: int | None = None
) -> Exchanged:
    """Leads of a meeting, or of one of its sessions, by the side of a party on which they are; in eight statements.

    Envelopes that an organiser sees are of no party's exchange: what is got is what may be read.
    """
    rows = leads(session, viewer, now, meeting=meeting, session_id=session_id, exchanged=True)
    return Exchanged(
        gave=tuple(row for row in rows if row.item.originator_id == party_id and row.title is not None),
        got=tuple(row for row in rows if row.item.originator_id != party_id and row.title is not None),
    )
