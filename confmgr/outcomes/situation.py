"""The log of a joint action under way: which lines hold, and the tallies of the latest of them. Plain Python."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

TALLIED = ("arrested", "rescued", "potential_victims", "sites_searched", "devices_seized")
"""Measures that somebody on the spot counts while an action goes on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the rules see it: when it happened, what was counted, which line it corrects."""

    id: int
    at: datetime
    tallies: Mapping[str, int]
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The latest provisional count of a measure, and when it was counted."""

    measure: str
    number: int
    at: datetime


def corrected(lines: Collection[Line]) -> Mapping[int, int]:
    """Which line took the place of which: the struck one to the one that holds."""
    return {line.corrects: line.id for line in lines if line.corrects is not None}


def latest(lines: Collection[Line]) -> tuple[Tally, ...]:
    """The latest count of each measure over the lines that nothing has corrected, in the order of `TALLIED`."""
    struck = corrected(lines)
    found: dict[str, Tally] = {}
    for line in sorted(lines, key=lambda line: (line.at, line.id)):
        if line.id not in struck:
            found |= {measure: Tally(measure, number, line.at) for measure, number in line.tallies.items()}
    return tuple(found[measure] for measure in TALLIED if measure in found)
