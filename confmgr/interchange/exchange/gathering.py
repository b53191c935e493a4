"""What of a meeting's cases and leads one reader may take along: bodies that the reader sees, and no envelopes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.cases import naming
from confmgr.cases import queries as cases
from confmgr.cases.queries import CaseRow, LeadRow
from confmgr.meetings.models import Meeting
from confmgr.sharing import showing
from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer, strictest


@dataclass(frozen=True, slots=True)
class Identified:
    """A typed value that stands in the body of a case or lead."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Cases and leads of a meeting as one reader has them; `identifiers` by the id of their item."""

    meeting: Meeting
    made_at: datetime
    cases: tuple[CaseRow, ...]
    leads: tuple[LeadRow, ...]
    identifiers: Mapping[int, tuple[Identified, ...]]

    @property
    def items(self) -> list[Item]:
        """Whose bodies it holds."""
        return [*(row.item for row in self.cases), *(row.item for row in self.leads)]

    @property
    def marking(self) -> Tlp:
        """The strictest marking inside."""
        return strictest(item.marking.tlp for item in self.items)


def gather(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> Exchanged:
    """Shared cases and leads of a meeting whose body the viewer sees, in a constant number of statements."""
    known = cases.case_table(session, meeting, viewer, now)
    told = tuple(row for row in known if row.sees_body and row.item.state is ItemState.SHARED)
    leads = cases.leads(session, viewer, now, meeting=meeting, exchanged=True)
    given = tuple(row for row in leads if row.title is not None)
    showing.listed(session, (row.item for row in told))
    of = naming.by_item(session, [*(row.item for row in told), *(row.item for row in given)])
    named = {ident: tuple(Identified(row.kind.value, row.value) for row in rows) for ident, rows in of.items()}
    return Exchanged(meeting, now, told, given, named)


def handling_of(item: Item) -> list[Handling]:
    """The handling codes of an item's marking, in their order."""
    return [Handling(code) for code in item.marking.handling]
