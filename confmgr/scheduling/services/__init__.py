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
    undo_step,
)
from confmgr.scheduling.services.drafts import (
    Earlier,
    TakeUp,
    delete_draft,
    earlier_of,
    keep_draft,
    look,
    take_up,
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
from confmgr.scheduling.services.organised import accept_for_all, join_requests, shape_request
from confmgr.scheduling.services.requests import (
    answer_request,
    ask_meeting,
    schedule_request,
    withdraw_request,
)
from confmgr.scheduling.services.rules import rules_seen, set_rules
from confmgr.scheduling.services.sessions import (
    change_session,
    create_session,
    place_session,
    reword_sessions,
)
from confmgr.scheduling.services.wishes import change_wishes

__all__ = [
    "Earlier",
    "LaterStep",
    "Made",
    "Placing",
    "Reach",
    "Seen",
    "TakeUp",
    "accept_for_all",
    "answer_request",
    "ask_meeting",
    "cancel_session",
    "change_session",
    "change_wishes",
    "create_session",
    "delete_draft",
    "delete_session",
    "earlier_of",
    "join_requests",
    "keep_draft",
    "lock_session",
    "lock_sessions",
    "look",
    "move_sessions",
    "place_session",
    "reach",
    "redo",
    "restore_session",
    "revision_of",
    "reword_sessions",
    "rules_seen",
    "schedule_request",
    "set_held",
    "set_rules",
    "shape_request",
    "step",
    "steps_after",
    "swap_sessions",
    "take_up",
    "undo",
    "undo_step",
    "unplace_sessions",
    "withdraw_request",
]
