"""Builders of items with markings and disclosures, row by row: what services refuse can be built too."""

import itertools
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Party
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking, NamedReader
from tests import make

_numbers = itertools.count(1)


def item(
    session: Session,
    originator: Party,
    author: User,
    meetings: Sequence[Meeting],
    *,
    kind: ItemKind = ItemKind.LEAD,
    tlp: Tlp = Tlp.AMBER,
    state: ItemState = ItemState.SHARED,
    published: bool = False,
    agency: Agency | None = None,
    named: Sequence[User] = (),
    parent: Item | None = None,
) -> Item:
    row = make.saved(
        session,
        Item(
            kind=kind,
            operation_id=meetings[0].operation_id,
            originator_id=originator.id,
            author_id=author.id,
            agency_id=None if agency is None else agency.id,
            parent_id=None if parent is None else parent.id,
            reference=f"I-{next(_numbers)}",
            state=state,
            created_at=make.EARLIER,
            published_at=make.EARLIER if published else None,
            meetings=[ItemMeeting(meeting_id=meeting.id) for meeting in meetings],
            named_readers=[NamedReader(user_id=user.id) for user in named],
        ),
    )
    mark(session, row, tlp)
    return row


def mark(session: Session, row: Item, tlp: Tlp) -> Marking:
    row.marking = make.saved(
        session, Marking(item_id=row.id, tlp=tlp, handling=[], made_by_id=row.author_id, made_at=make.EARLIER)
    )
    session.flush()
    return row.marking


def disclosed(
    session: Session,
    row: Item,
    to: User | Agency | Delegation,
    *,
    marking: Marking | None = None,
    until: datetime | None = None,
    revoked_at: datetime | None = None,
) -> Disclosure:
    return make.saved(
        session,
        Disclosure(
            item=row,
            marking_id=(marking or row.marking).id,
            to_user_id=to.id if isinstance(to, User) else None,
            to_agency_id=to.id if isinstance(to, Agency) else None,
            to_delegation_id=to.id if isinstance(to, Delegation) else None,
            granted_by_id=row.author_id,
            granted_at=make.EARLIER,
            until=until,
            revoked_at=revoked_at,
        ),
    )
