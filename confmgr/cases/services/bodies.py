"""What cases, leads, comments and files say: changed with what they said before kept, overwritten by a purge."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Attachment, Case, Comment, Feedback, Identifier, Lead, Nomination
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.values.words import Words

NOTHING = Words.of("")


def change(
    session: Session, row: Case | Lead, item: Item, after: Mapping[str, object], actor: User, now: datetime
) -> None:
    """Set the new values of a body, and keep those that they take the place of."""
    holders = {name: item if name == "purpose" else row for name in after}
    before = {name: getattr(holders[name], name) for name in after}
    sharing.keep(session, item, actor=actor, now=now, before=before, after=after)
    for name, value in after.items():
        setattr(holders[name], name, value)
    item.changed_at = now


@sharing.overwrites(ItemKind.CASE)
def purge_case(session: Session, item: Item) -> None:
    """Leave of a case its reference, its party and how it stood at meetings."""
    case = session.get_one(Case, item.id)
    case.title, case.crime_types = NOTHING, []
    case.summary = case.neutral_title = case.places = None
    session.execute(update(Nomination).where(Nomination.case_id == item.id).values(reason=None))
    _forget_identifiers(session, item)


@sharing.overwrites(ItemKind.LEAD)
def purge_lead(session: Session, item: Item) -> None:
    """Leave of a lead its envelope, and of the feedback its kinds."""
    lead = session.get_one(Lead, item.id)
    lead.title = lead.body = NOTHING
    session.execute(update(Feedback).where(Feedback.lead_id == item.id).values(note=None))
    _forget_identifiers(session, item)


@sharing.overwrites(ItemKind.COMMENT)
def purge_comment(session: Session, item: Item) -> None:
    """Leave of a comment that there was one."""
    session.get_one(Comment, item.id).text = ""


@sharing.overwrites(ItemKind.DOCUMENT)
def purge_attachment(session: Session, item: Item) -> None:
    """Leave of a file that there was one: neither its name nor what would prove it."""
    file = session.get_one(Attachment, item.id)
    file.name = file.media_type = file.sha256 = ""
    file.size, file.content = 0, None


def _forget_identifiers(session: Session, item: Item) -> None:
    """Matches fall with them, and the words by which the item was found."""
    for row in session.scalars(select(Identifier).where(Identifier.item_id == item.id)):
        session.delete(row)
    session.flush()
