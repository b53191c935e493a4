"""Groups that a case is about, and figures of it. They stand in a room above, which says at the start what is known."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group as the page of a case shows it."""

    uuid: uuid.UUID
    name: Words
    tlp: Tlp


@dataclass(frozen=True, slots=True)
class FigureName:
    """A figure as the page of a case shows it."""

    uuid: uuid.UUID
    title: Words | None
    measure: str
    low: Decimal
    high: Decimal
    currency: str | None
    qualifier: str
    status: object
    as_of: date
    tlp: Tlp


GroupsOf = Callable[[Session, Viewer, Item, datetime], Sequence[GroupName]]
FiguresOf = Callable[[Session, Viewer, Item, datetime], Sequence[FigureName]]
_groups: list[GroupsOf] = []
_figures: list[FiguresOf] = []


def register(source: GroupsOf) -> None:
    """Ask this for groups from now on; the last one counts."""
    _groups[:] = [source]


def register_figures(source: FiguresOf) -> None:
    """Ask this for figures from now on; the last one counts."""
    _figures[:] = [source]


def groups(session: Session, viewer: Viewer, item: Item, now: datetime) -> Sequence[GroupName]:
    """Those groups of a case whose body the viewer may see too."""
    return _groups[-1](session, viewer, item, now) if _groups else ()


def figures(session: Session, viewer: Viewer, item: Item, now: datetime) -> Sequence[FigureName]:
    """Those figures of a case that the viewer may see too."""
    return _figures[-1](session, viewer, item, now) if _figures else ()
