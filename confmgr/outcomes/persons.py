"""Persons found in a joint action: as what they are held to be, and what their shares leave over. Plain Python."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from confmgr.outcomes.domain import Dimension, PersonStatus

SHARED_BY = (Dimension.NATIONALITY, Dimension.SEX, Dimension.AGE, Dimension.ROLE)
"""Along what a set of persons is broken down."""


@dataclass(frozen=True, slots=True)
class Held:
    """That so many of a set are held to be something from a day on; lists of them are in the order of their days."""

    status: PersonStatus
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one decision changed: how many were held to be what before it, and after."""

    index: int
    before: Mapping[PersonStatus, int]
    after: Mapping[PersonStatus, int]

    @property
    def reclassifies(self) -> bool:
        """Whether persons who were held to be something are so no more; merely found is no status of that kind."""
        return any(
            self.after.get(status, 0) < number for status, number in self.before.items() if status != PersonStatus.FOUND
        )


def standing(count: int, held: Sequence[Held]) -> Mapping[PersonStatus, int]:
    """How many of a set are held to be what.

    The newest word on each status holds; older ones as far as persons are left.
    """
    found: dict[PersonStatus, int] = {}
    left = count
    for row in reversed(held):
        if row.status not in found:
            found[row.status] = min(row.count, left)
            left -= found[row.status]
    return {status: found[status] for status in PersonStatus if found.get(status)}


def changes(count: int, held: Sequence[Held]) -> Iterator[Change]:
    """Each decision with what it changed, in order."""
    for index in range(len(held)):
        yield Change(index, standing(count, held[:index]), standing(count, held[: index + 1]))


def remainders(count: int, shares: Iterable[tuple[Dimension, int]]) -> Mapping[Dimension, int]:
    """What the shares along each dimension leave over; below zero where they exceed the set."""
    found: dict[Dimension, int] = {}
    for dimension, number in shares:
        found[dimension] = found.get(dimension, count) - number
    return found
