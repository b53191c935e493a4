"""Which texts cases and leads are found by: what stands in their bodies, never what others said of them.

Who keeps further texts with a case or lead adds them here, and names their class to `sharing.searching.holds`.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from confmgr.cases.models import Case, Identifier, Lead
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.searching import Read, holds, indexed
from confmgr.values.words import every_text


def of_cases(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, title and summary in every language, and what identifies."""
    rows = read(
        select(Item.id, Item.reference, Case.title, Case.summary).join(Case, Case.id == Item.id).where(Item.id.in_(ids))
    )
    named = _identifying(read, ids)
    return {
        ident: [reference, *every_text(title), *every_text(summary), *named.get(ident, ())]
        for ident, reference, title, summary in rows
    }


def of_leads(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, title and text in every language, and what identifies."""
    rows = read(
        select(Item.id, Item.reference, Lead.title, Lead.body).join(Lead, Lead.id == Item.id).where(Item.id.in_(ids))
    )
    named = _identifying(read, ids)
    return {
        ident: [reference, *every_text(title), *every_text(body), *named.get(ident, ())]
        for ident, reference, title, body in rows
    }


def _identifying(read: Read, ids: Collection[int]) -> dict[int, list[str]]:
    """Values as somebody wrote them, and in the one spelling in which they are compared."""
    found: dict[int, list[str]] = {}
    rows = read(
        select(Identifier.item_id, Identifier.value, Identifier.normal)
        .where(Identifier.item_id.in_(ids))
        .order_by(Identifier.id)
    )
    for ident, value, normal in rows:
        found.setdefault(ident, []).extend((value, normal))
    return found


indexed(ItemKind.CASE, of_cases)
indexed(ItemKind.LEAD, of_leads)
holds(Case, ItemKind.CASE)
holds(Lead, ItemKind.LEAD)
holds(Identifier, None, "item_id")
