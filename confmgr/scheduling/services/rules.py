"""How a meeting judges its schedule: what each broken rule does, and the walk between buildings."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.scheduling.conflicts import USUAL, ClashKind, Severity
from confmgr.scheduling.models import ScheduleState
from confmgr.scheduling.services.commands import next_revision

FARTHEST = 240
"""Minutes between two buildings."""


def rules_seen(state: ScheduleState | None) -> str:
    """A mark of the rules as a page shows them, so that a later save knows whether they are still the same."""
    kept = [state.walk_minutes, state.severities] if state is not None else [0, {}]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def set_rules(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    seen: str,
    severities: Mapping[ClashKind, Severity],
    walk_minutes: int,
) -> None:
    """Judge the schedule otherwise from now on; a rule that is not named is judged as usual. No session is moved.

    Everybody who has the board open sees the new conflicts, so this counts as a change of the schedule; undo passes
    over it.

    Raises:
        StaleVersion: Somebody changed the rules since `seen` (`rules_seen`).
        Refused: A walk that is negative or longer than `FARTHEST`.
    """
    if not 0 <= walk_minutes <= FARTHEST:
        raise Refused("walk_out_of_range", field="walk_minutes", longest=FARTHEST)
    state = session.get(ScheduleState, meeting.id, populate_existing=True, with_for_update=True)
    if rules_seen(state) != seen:
        raise StaleVersion("rules", meeting.slug)
    next_revision(session, meeting)
    state = session.get_one(ScheduleState, meeting.id, populate_existing=True)
    state.severities = {kind.value: one.value for kind, one in severities.items() if one is not USUAL[kind]}
    state.walk_minutes = walk_minutes
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="set_rules",
        object_type="meeting",
        object_uuid=meeting.uuid,
        meeting_id=meeting.id,
        facts={"walk_minutes": walk_minutes, **state.severities},
    )
