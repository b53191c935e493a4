"""What is written of requests and of the working schedule. Each function is one job, it flushes, the caller commits."""

from confmgr.scheduling.services.commands import (
    LaterStep,
    Reach,
    reach,
    redo,
    revision_of,
    step,
    steps_after,
    undo,
)
from confmgr.scheduling.services.lifecycle import (
    cancel_session,
    delete_session,
    lock_session,
    restore_session,
    set_held,
)
from confmgr.scheduling.services.moves import (
    Made,
    Placing,
    Seen,
    lock_sessions,
    move_sessions,
    swap_sessions,
    unplace_sessions,
)
from confmgr.scheduling.services.requests import (
    answer_request,
    ask_meeting,
    schedule_request,
    withdraw_request,
)
from confmgr.scheduling.services.sessions import change_session, create_session, place_session

__all__ = [
    "LaterStep",
    "Made",
    "Placing",
    "Reach",
    "Seen",
    "answer_request",
    "ask_meeting",
    "cancel_session",
    "change_session",
    "create_session",
    "delete_session",
    "lock_session",
    "lock_sessions",
    "move_sessions",
    "place_session",
    "reach",
    "redo",
    "restore_session",
    "revision_of",
    "schedule_request",
    "set_held",
    "step",
    "steps_after",
    "swap_sessions",
    "undo",
    "unplace_sessions",
    "withdraw_request",
]
