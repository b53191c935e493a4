"""Groups as one reader sees them: records that are said to be one, likely twins, moves that came too early."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from confmgr.outcomes.models import BorderSection, Group, GroupBase, Move
from confmgr.values.words import every_text

NEAR_KM = 30
EARTH_KM = 6371.0


class Likeness(StrEnum):
    """Why two groups may be one."""

    NAME = "name"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Whole:
    """One group: a record, or several that are said to be one and that the reader may all see.

    `head` gives the name; `aliases` are those of all records and the other names, each once, as they were written.
    """

    head: Group
    records: tuple[Group, ...]
    aliases: tuple[str, ...]
    bases: tuple[GroupBase, ...]
    moves: tuple[Move, ...]

    @property
    def merged(self) -> tuple[Group, ...]:
        """Records that were said to be another one of these."""
        ids = {record.id for record in self.records}
        return tuple(record for record in self.records if record.merged_into_id in ids)


@dataclass(frozen=True, slots=True)
class Twins:
    """Two groups that may be one."""

    one: Whole
    other: Whole
    why: Likeness


def key_of(alias: str) -> str:
    """By what two spellings are the same: width, case and white space do not matter."""
    return " ".join(unicodedata.normalize("NFKC", alias).casefold().split())


def each_once(aliases: Iterable[str], but: Iterable[str] = ()) -> list[str]:
    """Aliases as they were written, without white space around, the first of those that are the same."""
    known = {key_of(name) for name in but}
    found = []
    for alias in aliases:
        key = key_of(alias)
        if key and key not in known:
            known.add(key)
            found.append(alias.strip())
    return found


def wholes(groups: Sequence[Group], moves: Sequence[Move]) -> list[Whole]:
    """Groups that a reader sees, as one where they are said to be; about a hidden record nothing is said."""
    known = {group.id: group for group in groups}
    leads_to = {group.id: group.id for group in groups}

    def top(ident: int) -> int:
        while leads_to[ident] != ident:
            ident = leads_to[ident]
        return ident

    for group in groups:
        if group.merged_into_id in known:
            one, other = top(group.id), top(group.merged_into_id)
            leads_to[one] = other
    parts: dict[int, list[Group]] = {}
    for group in groups:
        parts.setdefault(top(group.id), []).append(group)
    return [_whole(known[ident], records, moves) for ident, records in parts.items()]


def _whole(head: Group, records: Sequence[Group], moves: Sequence[Move]) -> Whole:
    ordered = (head, *(record for record in records if record.id != head.id))
    ids = {record.id for record in ordered}
    names = list(head.name.values.values())
    others = [text for record in ordered[1:] for text in every_text(record.name)]
    written = [*others, *(alias for record in ordered for alias in record.aliases)]
    bases = sorted(
        (base for record in ordered for base in record.bases),
        key=lambda base: (base.from_on or date.min, base.to_on or date.max, base.id),
    )
    return Whole(
        head=head,
        records=ordered,
        aliases=tuple(each_once(written, (name.text for name in names))),
        bases=tuple(bases),
        moves=tuple(move for move in moves if move.group_id in ids),
    )


def twins(found: Sequence[Whole]) -> Iterator[Twins]:
    """Pairs that have a name in common, or bases near each other at the same time."""
    names = {whole.head.id: _names(whole) for whole in found}
    for one, other in combinations(found, 2):
        if names[one.head.id] & names[other.head.id]:
            yield Twins(one, other, Likeness.NAME)
        elif any(_together(a, b) for a in one.bases for b in other.bases):
            yield Twins(one, other, Likeness.PLACE)


def _names(whole: Whole) -> set[str]:
    return {key_of(name) for name in (*every_text(whole.head.name), *whole.aliases)}


def _together(one: GroupBase, other: GroupBase) -> bool:
    if (one.from_on or date.min) > (other.to_on or date.max) or (other.from_on or date.min) > (one.to_on or date.max):
        return False
    apart = kilometres(one, other)
    return apart is not None and apart <= NEAR_KM


def kilometres(one: GroupBase, other: GroupBase) -> float | None:
    """How far two bases are apart; None where the place of one is not known."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, far_north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((far_north - north) / 2) ** 2 + math.cos(north) * math.cos(far_north) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def too_early(move: Move) -> bool:
    """Whether a move was noticed while its base is said to have been in use still."""
    return move.from_base.to_on is not None and move.noticed_on < move.from_base.to_on


def passed(move: Move, sections: Iterable[BorderSection]) -> list[BorderSection]:
    """Sections between the two territories of a move that nobody has named for it yet."""
    if move.to_base is None or move.from_base.territory_id is None or move.to_base.territory_id is None:
        return []
    ends = {move.from_base.territory_id, move.to_base.territory_id}
    named = {row.section_id for row in move.sections}
    return [
        section
        for section in sections
        if len(ends) > 1
        and section.ended_at is None
        and section.id not in named
        and {section.one_side_id, section.other_side_id} == ends
    ]
