"""What is written of meetings, places and memberships. Each function flushes, the caller commits."""

from confmgr.meetings.services.meetings import (
    LONGEST_MEETING,
    USUAL_HOURS,
    Wall,
    add_place,
    change_meeting,
    change_place,
    plan_meeting,
    remove_place,
    set_day,
    set_opening_hours,
    set_state,
    stretch,
)
from confmgr.meetings.services.roles import end_role, give_role

__all__ = [
    "LONGEST_MEETING",
    "USUAL_HOURS",
    "Wall",
    "add_place",
    "change_meeting",
    "change_place",
    "end_role",
    "give_role",
    "plan_meeting",
    "remove_place",
    "set_day",
    "set_opening_hours",
    "set_state",
    "stretch",
]
