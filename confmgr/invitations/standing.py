"""How participations stand when something new is to be told: identity, what was heard, what was answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Subquery, Text, cast, func, select
from sqlalchemy.orm import Session

from confmgr.invitations.domain import Facts, PartStat, ReplyState
from confmgr.invitations.models import Participation, Reply
from confmgr.meetings.models import Meeting
from confmgr.scheduling.models import MeetingSession

MOST_RAISED = 1000
"""A SEQUENCE further above ours is no calendar's doing, and is not followed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A participation as publishing needs it: its identity, what it heard, and what it answered.

    `sequence` is the higher one of what it was told and of what its own calendar made of that.
    """

    id: int
    session_id: int
    delegate_id: int | None
    interpreter_id: int | None
    uid: str
    invited: bool
    sequence: int
    dtstamp: datetime | None
    answer: PartStat
    answered_at: datetime | None
    told_text: Facts | None

    @property
    def key(self) -> tuple[int, str, int]:
        """Session, kind of person, person."""
        if self.delegate_id is not None:
            return (self.session_id, "delegate", self.delegate_id)
        return (self.session_id, "interpreter", self.interpreter_id or 0)


def participations(session: Session, meeting: Meeting) -> dict[tuple[int, str, int], Standing]:
    """Every participation of a meeting by session, kind of person and person.

    People of one session were told the same, so that the same text is read once.
    """
    columns = [getattr(Participation, one.name) for one in fields(Standing) if one.name != "told_text"]
    raised = _raised(meeting)
    rows = session.execute(
        select(*columns, cast(Participation.told_text, Text).label("told_text"), raised.c.sequence.label("raised"))
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .outerjoin(raised, raised.c.participation_id == Participation.id)
        .where(MeetingSession.meeting_id == meeting.id)
    )
    read = cache(json.loads)
    found = (_standing(row._asdict(), read) for row in rows)
    return {one.key: one for one in found}


def _raised(meeting: Meeting) -> Subquery:
    """The highest SEQUENCE with which a proved answer came back: some calendars raise what is the organiser's."""
    return (
        select(Reply.participation_id, func.max(Reply.sequence).label("sequence"))
        .join(Participation, Participation.id == Reply.participation_id)
        .where(
            Reply.meeting_id == meeting.id,
            Reply.verified,
            Reply.state.in_((ReplyState.APPLIED, ReplyState.TAKEN)),
            Reply.sequence <= Participation.sequence + MOST_RAISED,
        )
        .group_by(Reply.participation_id)
        .subquery()
    )


def _standing(row: dict[str, Any], read: Callable[[str], Facts | None]) -> Standing:
    sequence = max(row["sequence"], row.pop("raised") or 0)
    return Standing(**{**row, "sequence": sequence, "told_text": read(row["told_text"] or "null")})
