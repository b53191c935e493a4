"""What is written of requests and of the working schedule. Each function is one job, it flushes, the caller commits."""

from confmgr.scheduling.services.commands import LaterStep, Reach, reach, redo, step, undo
from confmgr.scheduling.services.lifecycle import (
    cancel_session,
    delete_session,
    lock_session,
    restore_session,
    set_held,
)
from confmgr.scheduling.services.requests import (
    answer_request,
    ask_meeting,
    schedule_request,
    withdraw_request,
)
from confmgr.scheduling.services.rules import rules_seen, set_rules
from confmgr.scheduling.services.sessions import change_session, create_session, place_session

__all__ = [
    "LaterStep",
    "Reach",
    "answer_request",
    "ask_meeting",
    "cancel_session",
    "change_session",
    "create_session",
    "delete_session",
    "lock_session",
    "place_session",
    "reach",
    "redo",
    "restore_session",
    "rules_seen",
    "schedule_request",
    "set_held",
    "set_rules",
    "step",
    "undo",
    "withdraw_request",
]
