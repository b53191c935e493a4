"""What a delegation wishes of the time of a meeting that it asks for. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from confmgr.values.times import Span, at

NOON = time(12)


class Half(StrEnum):
    """Before noon or after it, by the venue's clock."""

    MORNING = "am"
    AFTERNOON = "pm"


@dataclass(frozen=True, slots=True, order=True)
class HalfDay:
    """The morning or the afternoon of a day, written `2026-02-05 am`."""

    day: date
    half: Half

    @classmethod
    def parse(cls, text: str) -> "HalfDay":
        """From how it is written.

        Raises:
            ValueError: It is not.
        """
        day, _space, half = text.partition(" ")
        return cls(date.fromisoformat(day), Half(half))

    def __str__(self) -> str:
        """How it is written."""
        return f"{self.day.isoformat()} {self.half.value}"

    @property
    def span(self) -> Span:
        """From midnight to noon, or from noon to midnight."""
        noon = at(self.day, NOON)
        if self.half is Half.MORNING:
            return Span(at(self.day, time()), noon)
        return Span(noon, at(self.day + timedelta(days=1), time()))


@dataclass(frozen=True, slots=True)
class Wishes:
    """Half-days that suit (none: any), and ids of requests: not at the same time as those, on the same day as these.

    `shared` are those of several delegations, whose requests were joined: organisers alone see them.
    """

    half_days: tuple[HalfDay, ...] = ()
    apart: tuple[int, ...] = ()
    shared: bool = False
    same_day: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Wishes":
        """As `MeetingRequest.wishes` keeps them."""
        return cls(
            tuple(sorted(map(HalfDay.parse, kept.get("half_days", ())))),
            tuple(sorted(kept.get("apart", ()))),
            bool(kept.get("shared")),
            tuple(sorted(kept.get("same_day", ()))),
        )

    def to_json(self) -> dict[str, Any]:
        """The same; nothing of what was not wished."""
        return {
            **({"half_days": [str(one) for one in sorted(self.half_days)]} if self.half_days else {}),
            **({"apart": sorted(self.apart)} if self.apart else {}),
            **({"same_day": sorted(self.same_day)} if self.same_day else {}),
            **({"shared": True} if self.shared else {}),
        }

    @property
    def named(self) -> tuple[int, ...]:
        """Every request that a wish is about."""
        return tuple(sorted({*self.apart, *self.same_day}))

    @property
    def spans(self) -> tuple[Span, ...]:
        """The time that suits, both halves of a day as one; none: any time."""
        return together(one.span for one in self.half_days)


NO_WISHES = Wishes()


class Hours(Protocol):
    """A day of a meeting."""

    @property
    def day(self) -> date: ...
    @property
    def opens(self) -> time: ...
    @property
    def closes(self) -> time: ...


def half_days(days: Iterable[Hours]) -> list[HalfDay]:
    """The half-days of a meeting in which it is open."""
    found = []
    for one in days:
        if one.opens < NOON:
            found.append(HalfDay(one.day, Half.MORNING))
        if one.closes > NOON:
            found.append(HalfDay(one.day, Half.AFTERNOON))
    return found


def together(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Stretches in their order; those that touch are one."""
    found: list[tuple[datetime, datetime]] = []
    for span in sorted(spans):
        if found and span.start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    return tuple(Span(start, end) for start, end in found)


def suits(spans: Iterable[Span], when: Span) -> bool:
    """Whether a stretch of time lies in what suits, which is everything where nothing was wished."""
    known = tuple(spans)
    return not known or any(span.covers(when) for span in known)


def joined(all_of: Iterable[Wishes]) -> Wishes:
    """Those of several requests that become one: the half-days that suit all, or else any that suits one of them."""
    known = list(all_of)
    wished = [set(one.half_days) for one in known if one.half_days]
    common = set.intersection(*wished) or set.union(*wished) if wished else set()
    found = Wishes(
        tuple(sorted(common)),
        tuple(sorted({ident for one in known for ident in one.apart})),
        same_day=tuple(sorted({ident for one in known for ident in one.same_day})),
    )
    return replace(found, shared=found != Wishes())
