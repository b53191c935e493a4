"""The index of texts: kept with every flush that writes a body, found through the visibility rule.

A room tells which classes hold texts: rows of one kind of item are then read again, and the words kept, in the
transaction that wrote them, whichever service did it. Whoever adds texts to a kind adds them to its function.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Executable, delete, event, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from confmgr.orm.acting import UNGUARDED, Purpose, for_nobody
from confmgr.orm.base import Base
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item, SearchText
from confmgr.values.searching import words_of

Read = Callable[[Executable], Iterable[Any]]
Texts = Callable[[Read, Collection[int]], Mapping[int, list[str]]]
"""The texts of some items of one kind, by id; given the way to read them."""

kinds: dict[ItemKind, Texts] = {}
_holders: dict[type[Base], tuple[ItemKind | None, str]] = {}
BATCH = 500


def indexed(kind: ItemKind, texts: Texts) -> None:
    """Let items of a kind be found by the texts that a function reads of them."""
    kinds[kind] = texts


def holds(cls: type[Base], kind: ItemKind | None, of: str = "id") -> None:
    """Rows of a class hold texts of the item whose id stands in their attribute `of`: writing one keeps them anew.

    Without a kind the item says itself of which it is.
    """
    _holders[cls] = (kind, of)


def rebuild(session: Session) -> int:
    """Keep the words of every item anew; gives how many have any."""
    connection = session.connection()
    done = 0
    for kind in kinds:
        last = 0
        while True:
            ids = list(
                connection.scalars(
                    select(Item.id).where(Item.kind == kind, Item.id > last).order_by(Item.id).limit(BATCH),
                    execution_options=UNGUARDED,
                )
            )
            if not ids:
                break
            done += _keep(connection, kind, ids)
            last = ids[-1]
    return done


def _keep(connection: Connection, kind: ItemKind, ids: Iterable[int]) -> int:
    def read(statement: Executable) -> Iterable[Any]:
        return connection.execute(statement, execution_options=UNGUARDED)

    wanted = set(ids)
    rows = [
        {"item_id": ident, "words": " ".join(dict.fromkeys(word for text in found for word in words_of(text)))}
        for ident, found in sorted(kinds[kind](read, wanted).items())
    ]
    connection.execute(delete(SearchText).where(SearchText.item_id.in_(wanted)), execution_options=UNGUARDED)
    if rows:
        connection.execute(insert(SearchText), rows, execution_options=UNGUARDED)
    return len(rows)


@event.listens_for(Session, "after_flush", propagate=True)
def _written(session: Session, _context: UOWTransaction) -> None:
    changed: dict[ItemKind | None, set[int]] = {}
    for row in _touched(session):
        kind, of = _holders[type(row)]
        changed.setdefault(kind, set()).add(getattr(row, of))
    if changed:
        with for_nobody(session, Purpose.INDEXING):
            connection = session.connection()
            for kind, ids in _told(connection, changed).items():
                _keep(connection, kind, ids)


def _told(connection: Connection, changed: dict[ItemKind | None, set[int]]) -> dict[ItemKind, set[int]]:
    """The same by kind, also for what did not say of which kind its item is."""
    found: dict[ItemKind, set[int]] = {kind: set(ids) for kind, ids in changed.items() if kind is not None}
    if untold := changed.get(None):
        of = select(Item.id, Item.kind).where(Item.id.in_(untold))
        for ident, kind in connection.execute(of, execution_options=UNGUARDED):
            if kind in kinds:
                found.setdefault(kind, set()).add(ident)
    return found


def _touched(session: Session) -> Iterator[Any]:
    for rows in (session.new, session.deleted):
        yield from (row for row in rows if type(row) in _holders)
    yield from (row for row in session.dirty if type(row) in _holders and session.is_modified(row))
