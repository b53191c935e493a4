"""Identifiers of a case or lead: part of its body, changed with it. Writes; the caller commits."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Identifier
from confmgr.errors import Refused
from confmgr.sharing import asking
from confmgr.sharing import services as sharing
from confmgr.sharing.models import Item

MOST = 50
"""Identifiers of one case or lead."""


def identifiers_of(session: Session, item: Item) -> list[Identifier]:
    """What identifies, on an item that was loaded through the rule; in the order in which it was written."""
    return list(session.scalars(select(Identifier).where(Identifier.item_id == item.id).order_by(Identifier.id)))


def by_item(session: Session, items: Iterable[Item]) -> dict[int, list[Identifier]]:
    """The same of many, by the id of the item."""
    rows = session.scalars(
        select(Identifier).where(Identifier.item_id.in_({item.id for item in items})).order_by(Identifier.id)
    )
    found: dict[int, list[Identifier]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def named(session: Session, item: Item) -> list[Named]:
    """The same as somebody wrote it, for a form."""
    return [Named(row.kind, row.value) for row in identifiers_of(session, item)]


def rename(session: Session, item: Item, values: Sequence[Named] | None, *, actor: User, now: datetime) -> None:
    """As `name_values`, unless the form that was sent had no such field."""
    if values is not None:
        name_values(session, item, values, actor=actor, now=now)


def name_values(session: Session, item: Item, values: Sequence[Named], *, actor: User, now: datetime) -> None:
    """Let an item have these identifiers and no others. Those that stay keep their place in matching.

    What it had before is kept with its versions, once it is no new item.

    Raises:
        NotFound: The actor may not see it.
        NotAllowed: Only the author says what identifies, or a head of the originator (`asking.writes`).
        Refused: A value is none of its kind; too many.
    """
    asking.check_writes(session, item, actor, now, "say what identifies")
    wanted: dict[tuple[str, str], Named] = {}
    for one in values:
        if not one.normal:
            raise Refused("not_of_its_kind", field="identifiers", kind=one.kind, value=one.value)
        wanted.setdefault((one.kind.value, one.normal), one)
    if len(wanted) > MOST:
        raise Refused("too_many_identifiers", field="identifiers", most=MOST)
    have = {(row.kind.value, row.normal): row for row in identifiers_of(session, item)}
    before = [f"{row.kind.value}: {row.value}" for row in have.values()]
    for key, row in have.items():
        if key in wanted:
            row.value = wanted[key].value
        else:
            session.delete(row)
    session.flush()
    for key, one in wanted.items():
        if key not in have:
            session.add(
                Identifier(
                    item_id=item.id,
                    kind=one.kind,
                    value=one.value,
                    normal=one.normal,
                    added_by_id=actor.id,
                    added_at=now,
                )
            )
    session.flush()
    after = [f"{row.kind.value}: {row.value}" for row in identifiers_of(session, item)]
    if item.created_at != now and before != after:
        sharing.keep(session, item, actor=actor, now=now, before={"identifiers": before}, after={"identifiers": after})
        item.changed_at = now
