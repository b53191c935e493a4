"""How work that takes long is broken off: whoever does it asks now and then whether it is over."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Over = Callable[[], bool]
One = TypeVar("One")


class BrokenOff(Exception):
    """Work was left half done because it was over; what was found before stands."""


def never() -> bool:
    """For work that goes on to its end."""
    return False


def unless(over: Over, items: Iterable[One]) -> Iterator[One]:
    """Each item while it is not over.

    Raises:
        BrokenOff: It is over.
    """
    for item in items:
        if over():
            raise BrokenOff
        yield item
