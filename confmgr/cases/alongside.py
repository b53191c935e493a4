"""Groups that a case is about, and figures of it. They stand in a room above, which says at the start what is known."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

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


Row = TypeVar("Row")
Source = Callable[[Session, Viewer, Item, datetime], Sequence[Row]]


class Asked(Generic[Row]):
    """What the room above is asked for: of a case, those of its things whose body the viewer may see too."""

    def __init__(self) -> None:
        """Nothing, until a room says how it is asked."""
        self._source: Source[Row] | None = None

    def register(self, source: Source[Row]) -> None:
        """Ask this from now on; the last one counts."""
        self._source = source

    def __call__(self, session: Session, viewer: Viewer, item: Item, now: datetime) -> Sequence[Row]:
        """Those of one case."""
        return () if self._source is None else self._source(session, viewer, item, now)


groups: Asked[GroupName] = Asked()
figures: Asked[FigureName] = Asked()
