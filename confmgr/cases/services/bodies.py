"""What cases, leads, comments and files say: changed with what they said before kept, overwritten by a purge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Attachment, Case, Comment, Feedback, Identifier, Lead, Nomination
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.values.words import Words

NOTHING = Words.of("")
WRITTEN: dict[ItemKind, tuple[Any, ...]] = {
    ItemKind.CASE: (Case.title, Case.summary, Case.neutral_title, Case.places, Case.crime_types),
    ItemKind.LEAD: (Lead.kind, Lead.title, Lead.body),
}
"""What the form of a case or lead overwrites, beside its purpose and what identifies."""


def text_seen(session: Session, item: Item) -> str:
    """On what editing a case or lead rests: all that its form shows and overwrites, and nothing else of the item."""
    of = WRITTEN[item.kind][0].class_
    said = session.execute(select(Item.purpose, *WRITTEN[item.kind]).join(of, of.id == Item.id).where(of.id == item.id))
    named = select(Identifier.kind, Identifier.value).where(Identifier.item_id == item.id).order_by(Identifier.id)
    return looks.digest([[*said.one()], [[*row] for row in session.execute(named)]])


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
