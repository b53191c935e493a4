"""Who attends a session: a plain rule over ids."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """A delegation in a session: its people in order, its head if it has one, and how many teams it fields."""

    delegation_id: int
    teams: int
    people: Sequence[int]
    head: int | None


def attendees(side: Side, named: Collection[int]) -> list[int]:
    """The delegates of one side: those it named; else everybody of a one-team delegation; else the head alone."""
    chosen = [person for person in side.people if person in named]
    if chosen:
        return chosen
    if side.teams == 1:
        return list(side.people)
    return [side.head] if side.head is not None else list(side.people[:1])
