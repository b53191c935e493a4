"""Which bodies a request shows, gathered while its page or file is made: the audit gets one entry of them.

Queries and routes say here what they give out; `confmgr.sharing.routes` or whoever makes a file takes it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from confmgr.sharing.models import Item
from confmgr.sharing.rule import Letter

KEY = "confmgr.shown"


@dataclass(slots=True)
class Shown:
    """What was shown: the item that a page is about, by which sentence of the rule, and the others on it.

    Of those in `whole` the page shows the whole body: they are read with it.
    """

    opened: Item | None = None
    letter: Letter | None = None
    listed: dict[uuid.UUID, None] = field(default_factory=dict)
    whole: dict[uuid.UUID, None] = field(default_factory=dict)

    @property
    def all(self) -> list[str]:
        """The ids of all, for a file."""
        first = [] if self.opened is None else [str(self.opened.uuid)]
        return [*first, *self.others]

    @property
    def others(self) -> list[str]:
        """The ids of those that the page is not about, in the order in which they came."""
        return [str(one) for one in self.listed if self.opened is None or one != self.opened.uuid]


def opened(session: Session, item: Item, letter: Letter | None = None) -> None:
    """The page is about an item, and shows its body."""
    shown = _of(session)
    if shown.opened is None or shown.opened is item:
        shown.opened, shown.letter = item, letter or shown.letter
    else:
        shown.listed[item.uuid] = None


def listed(session: Session, items: Iterable[Item]) -> None:
    """A list or report shows the bodies, or parts of the bodies, of items."""
    _of(session).listed.update((item.uuid, None) for item in items)


def read_beside(session: Session, items: Iterable[Item]) -> None:
    """Beside what a page is about, it shows the whole body of others: comments, which have no page of their own."""
    ids = {item.uuid: None for item in items}
    _of(session).whole.update(ids)
    _of(session).listed.update(ids)


def listed_ids(session: Session, ids: Iterable[uuid.UUID]) -> None:
    """The same by their public ids."""
    _of(session).listed.update(dict.fromkeys(ids))


def taken(session: Session) -> Shown | None:
    """What was shown since the last time, if anything."""
    shown: Shown | None = session.info.pop(KEY, None)
    return shown if shown is not None and (shown.opened is not None or shown.listed) else None


def _of(session: Session) -> Shown:
    found: Shown = session.info.setdefault(KEY, Shown())
    return found
