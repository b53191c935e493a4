"""When a figure is public: everything that must hold, read anew each time. Plain Python."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

SMALL = Decimal(5)
"""Below this a number of persons may let one of them be told apart."""


class Step(StrEnum):
    """What a figure on its way to the public waits for."""

    TAKEN_BACK = "taken_back"
    OBSTACLE = "obstacle"
    RELEASE = "release"
    CLEARANCE = "clearance"
    EMBARGO = "embargo"
    PUBLIC = "public"


class Obstacle(StrEnum):
    """Why a figure cannot become public, or no longer is."""

    NOT_CONFIRMED = "not_confirmed"
    SUPERSEDED = "superseded"
    SOURCE_WITHDRAWN = "source_withdrawn"
    MARKING = "marking"
    ITEM_MARKING = "item_marking"
    ITEM_TAKEN_BACK = "item_taken_back"
    OTHER_TERRITORY = "other_territory"


@dataclass(frozen=True, slots=True)
class Way:
    """How far a figure is on its way."""

    obstacles: tuple[Obstacle, ...]
    released: bool
    cleared: bool
    taken_back: bool
    embargo_until: datetime | None

    def step(self, now: datetime) -> Step:
        """What it waits for; an embargo that ends this instant has passed."""
        if self.taken_back:
            return Step.TAKEN_BACK
        if self.obstacles:
            return Step.OBSTACLE
        if not self.released:
            return Step.RELEASE
        if not self.cleared:
            return Step.CLEARANCE
        if self.embargo_until is not None and now < self.embargo_until:
            return Step.EMBARGO
        return Step.PUBLIC
