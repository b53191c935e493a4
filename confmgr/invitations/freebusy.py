"""When a delegation is taken, as others may know it: no names, no titles (RFC 5545, 3.6.4)."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import accumulate, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.delegations.models import DelegateBusy, Delegation
from confmgr.invitations import ical, timetable
from confmgr.invitations.ical import Busy, Correspondent
from confmgr.meetings.models import Meeting
from confmgr.values.times import Span, zone

TAKEN, PERHAPS, AWAY = "BUSY", "BUSY-TENTATIVE", "BUSY-UNAVAILABLE"


def window(meeting: Meeting) -> Span:
    """The days of a meeting, from midnight to midnight of its venue, as instants."""
    where = zone(meeting.zone)
    last = meeting.ends_on + timedelta(days=1)
    return Span(
        datetime.combine(meeting.starts_on, time.min, tzinfo=where), datetime.combine(last, time.min, tzinfo=where)
    )


def of_delegation(session: Session, meeting: Meeting, delegation: Delegation, *, organizer: Correspondent) -> bytes:
    """The free and busy times of a delegation on the days of the meeting; five statements."""
    slots = timetable.published(session, meeting.id, delegation_id=delegation.id)
    people: dict[int, list[Span]] = {one.id: [] for one in delegation.delegates if one.left_at is None}
    changed_at = [timetable.START, *(slot.changed_at for slot in slots)]
    for row in session.scalars(select(DelegateBusy).where(DelegateBusy.delegate_id.in_(people))):
        people[row.delegate_id].append(Span(row.starts_at, row.ends_at))
        changed_at.append(row.imported_at)
    whole = window(meeting)
    found = stretches(
        whole,
        sessions=[Span(slot.starts_at, slot.ends_at) for slot in slots if not slot.gone],
        teams=delegation.teams,
        hours=[Span(one.starts_at, one.ends_at) for one in delegation.availability],
        people=list(people.values()),
    )
    return ical.free_busy(
        found,
        uid=f"{delegation.uuid}-busy@{meeting.slug}",
        dtstamp=max(changed_at),
        starts_at=whole.start,
        ends_at=whole.end,
        organizer=organizer,
    )


def stretches(
    whole: Span,
    *,
    sessions: Sequence[Span],
    teams: int,
    hours: Sequence[Span],
    people: Collection[Sequence[Span]],
) -> list[Busy]:
    """What a delegation's time is like, stretch by stretch; free ones are left out.

    It is taken where each of its teams sits in a session or each of its people has something else, perhaps taken where
    some do, and unavailable outside its hours, if it has any.
    """
    edges = {whole.start, whole.end}
    for span in (*sessions, *hours, *(span for some in people for span in some)):
        edges |= {edge for edge in (span.start, span.end) if whole.start < edge < whole.end}
    marks = sorted(edges)
    seated, here = _counts(sessions, marks), _counts(hours, marks)
    elsewhere = [sum(map(bool, of_each)) for of_each in zip(*(_counts(some, marks) for some in people), strict=True)]
    found: list[Busy] = []
    for at, (start, end) in enumerate(pairwise(marks)):
        away = elsewhere[at] if people else 0
        if seated[at] >= teams or (people and away == len(people)):
            kind = TAKEN
        elif hours and not here[at]:
            kind = AWAY
        elif seated[at] or away:
            kind = PERHAPS
        else:
            continue
        if found and found[-1].kind == kind and found[-1].ends_at == start:
            found[-1] = Busy(kind, found[-1].starts_at, end)
        else:
            found.append(Busy(kind, start, end))
    return found


def _counts(spans: Iterable[Span], marks: Sequence[datetime]) -> list[int]:
    """How many of some times go on between each two marks, the last of which ends nothing."""
    changes = [0] * (len(marks) + 1)
    for span in spans:
        first, last = bisect_left(marks, span.start), bisect_left(marks, span.end)
        if first < last:
            changes[first] += 1
            changes[last] -= 1
    return list(accumulate(changes[: len(marks)]))
