"""Wishes for the time of a meeting as a planning task says them: half-days as a window, apartness as a person in both.

Where both have a delegation of one team in common, nothing needs to be said of apartness. A common day is a pair of the
task. Apart from what stays, or on its day, is a window too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import GONE, Keep
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.wishes import HalfDay, Wishes, half_days, suits, together
from confmgr.values.times import Span

APART = "~"
"""Before the references of two sessions that are not to be at the same time, as the person who has to be in both."""

Json = dict[str, Any]


def is_apart(person: str) -> bool:
    """Whether a person of a task is a wish."""
    return person.startswith(APART)


def apart_pair(person: str) -> tuple[str, str]:
    """The references of the two sessions of such a person."""
    first, _bar, second = person.removeprefix(APART).partition("|")
    return first, second


@dataclass(slots=True)
class Wished:
    """What was said to the planner and what was not.

    `said` by reference: the `half_days` of its window, the sessions that stay which it is kept `apart` from or on the
    `same_day` as, those `beside` it that may move too, and whether the window says something `else`; `against`: where a
    wish is not kept; `gone`: what wishes for half-days that there are not.
    """

    said: dict[str, Json] = field(default_factory=dict)
    against: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def notes(self) -> list[Json]:
        """As notes of a plan."""
        found = [{"kind": "against_wish", "names": self.against}, {"kind": "wish_gone", "names": self.gone}]
        return [note for note in found if note["names"]]


def say(
    task: Json,
    meeting: Meeting,
    free: Sequence[MeetingSession],
    rows: Sequence[MeetingSession],
    grid: Grid,
    keep: Keep,
) -> Wished:
    """Put the wishes of all sessions into a task; what is to move as little as possible may stay against its wish."""
    return _Saying(task, meeting, free, rows, grid, keep).all()


class _Saying:
    def __init__(
        self,
        task: Json,
        meeting: Meeting,
        free: Sequence[MeetingSession],
        rows: Sequence[MeetingSession],
        grid: Grid,
        keep: Keep,
    ) -> None:
        self.grid, self.may_stay = grid, keep is Keep.CLOSE
        self.meetings = {row.reference: one for row, one in zip(free, task["meetings"], strict=True)}
        self.narrowed = {ident for ident, one in self.meetings.items() if one["window"] is not None}
        self.pairs: list[list[str]] = task.setdefault("same_day", [])
        self.alone = {one["id"] for one in task["parties"] if one["teams"] == 1}
        self.known = set(half_days(meeting.days))
        self.rows = [row for row in rows if row.state not in GONE]
        self.found = Wished()
        self._against: set[str] = set()

    def all(self) -> Wished:
        for row in self.rows:
            if row.request is not None and row.request.wishes:
                self._half_days(row, Wishes.from_json(row.request.wishes).half_days)
        for one, other in named(self.rows, "apart"):
            self._apart(one, other)
        for one, other in named(self.rows, "same_day"):
            self._same_day(one, other)
        self.found.against = [row.reference for row in self.rows if row.reference in self._against]
        return self.found

    def _half_days(self, row: MeetingSession, wished: Iterable[HalfDay]) -> None:
        half = [one for one in wished if one in self.known]
        spans, now = together(one.span for one in half), span_of(row)
        if wished and not half:
            self.found.gone.append(row.reference)
        if not half or not self._is_to_move(row, kept=now is None or suits(spans, now)):
            return
        self._narrow(row.reference, set(self.grid.inside(spans) or ()))
        self._said(row.reference)["half_days"] = [str(one) for one in half]

    def _is_to_move(self, row: MeetingSession, *, kept: bool) -> bool:
        """Whether the planner places a session, and has to heed its wish; notes where one is not kept."""
        is_free = row.reference in self.meetings
        if not kept and (not is_free or self.may_stay):
            self._against.add(row.reference)
            return False
        return is_free

    def _apart(self, one: MeetingSession, other: MeetingSession) -> None:
        here, there = span_of(one), span_of(other)
        moving = self._moving(one, other, kept=here is None or there is None or not here.overlaps(there))
        if len(moving) == 2:  # noqa: PLR2004
            self._person(one.reference, other.reference)
        for row, span in self._beside_what_stays(moving, one, other, "apart"):
            self._narrow(row.reference, set(self.grid.all()) - set(self.grid.touched(span)))

    def _same_day(self, one: MeetingSession, other: MeetingSession) -> None:
        here, there = span_of(one), span_of(other)
        is_kept = here is None or there is None or here.start.date() == there.start.date()
        moving = self._moving(one, other, kept=is_kept)
        if len(moving) == 2:  # noqa: PLR2004
            self.pairs.append([one.reference, other.reference])
        for row, span in self._beside_what_stays(moving, one, other, "same_day"):
            day = span.start.date()
            self._narrow(row.reference, {slot for slot in self.grid.all() if self.grid.start(slot).date() == day})

    def _moving(self, one: MeetingSession, other: MeetingSession, *, kept: bool) -> list[MeetingSession]:
        """Which of two the planner has to heed a wish of; notes where it is not kept and may stay so."""
        moving = [row for row in (one, other) if row.reference in self.meetings]
        if kept or (moving and not self.may_stay):
            return moving
        self._against |= {one.reference, other.reference}
        return []

    def _beside_what_stays(
        self, moving: Sequence[MeetingSession], one: MeetingSession, other: MeetingSession, wish: str
    ) -> Iterator[tuple[MeetingSession, Span]]:
        """The one of two that moves, and when the other is, which stays."""
        if len(moving) == 1:
            (row,) = moving
            stays = other if row is one else one
            if (span := span_of(stays)) is not None:
                yield row, span
                self._said(row.reference).setdefault(wish, []).append(stays.reference)

    def _person(self, one: str, other: str) -> None:
        common = set(self.meetings[one]["parties"]) & set(self.meetings[other]["parties"])
        if common & self.alone:
            return
        for ident, other_one in ((one, other), (other, one)):
            self.meetings[ident]["people"].append(f"{APART}{one}|{other}")
            self._said(ident).setdefault("beside", []).append(other_one)

    def _narrow(self, ident: str, slots: set[int]) -> None:
        narrow(self.meetings[ident], slots)

    def _said(self, ident: str) -> Json:
        return self.found.said.setdefault(ident, {"else": True} if ident in self.narrowed else {})


def narrow(one: Json, slots: set[int]) -> None:
    """Cut the window of a meeting of a task."""
    one["window"] = sorted(slots if one["window"] is None else slots & set(one["window"]))


def span_of(row: MeetingSession) -> Span | None:
    """When a session is."""
    return None if row.starts_local is None or row.ends_local is None else Span(row.starts_local, row.ends_local)


def named(rows: Sequence[MeetingSession], wish: str) -> Iterator[tuple[MeetingSession, MeetingSession]]:
    """Pairs of sessions of which one has that wish of the other: `apart`, `same_day`."""
    by_request = {row.request_id: row for row in rows if row.request_id is not None}
    wished = {
        (min(ident, other), max(ident, other))
        for ident, row in by_request.items()
        if row.request is not None and row.request.wishes
        for other in getattr(Wishes.from_json(row.request.wishes), wish)
        if other in by_request
    }
    for first, second in sorted(wished):
        yield by_request[first], by_request[second]
