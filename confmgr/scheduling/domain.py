"""Words of meeting requests and sessions."""

from enum import StrEnum


class SessionKind(StrEnum):
    """What an entry of the schedule is."""

    PLENARY = "plenary"
    MULTILATERAL = "multilateral"
    BILATERAL = "bilateral"
    BRIEFING = "briefing"
    BREAK = "break"
    SOCIAL = "social"
    REGISTRATION = "registration"
    CEREMONY = "ceremony"
    HEADS = "heads"
    PRESS = "press"
    HOLD = "hold"


class SessionState(StrEnum):
    """A session's life."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"
    ABSENT = "absent"


class RequestKind(StrEnum):
    """Why a delegation wants to meet."""

    CASE = "case"
    PLANNING = "planning"
    COOPERATION = "cooperation"
    COURTESY = "courtesy"


class RequestLevel(StrEnum):
    """Between whom."""

    WORKING = "working"
    HEADS = "heads"


class RequestState(StrEnum):
    """A request's life."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"
    SCHEDULED = "scheduled"
    HELD = "held"


OPEN_REQUESTS = frozenset({RequestState.ASKED, RequestState.ACCEPTED})
"""Requests that wait for an answer or for a session."""
CLOSED_REQUESTS = frozenset({RequestState.WITHDRAWN, RequestState.JOINED, RequestState.HELD})
"""Requests that nobody changes any more."""


class Answer(StrEnum):
    """What one delegation says to a request that it was asked in."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class AppliedState(StrEnum):
    """What became of a plan."""

    RUNNING = "running"
    OFFERED = "offered"
    APPLIED = "applied"
    DISCARDED = "discarded"
    FAILED = "failed"


class Keep(StrEnum):
    """What an automatic schedule leaves where it is."""

    PLACED = "placed"
    CLOSE = "close"
    LOCKED = "locked"


class Prefer(StrEnum):
    """What an automatic schedule cares for first, once everything is placed: a level of the planner."""

    IDLE = "idle"
    LATENESS = "lateness"
    PLACE_CHANGES = "place_changes"


class CommandKind(StrEnum):
    """What an organiser did to the working schedule in one step."""

    ADD = "add"
    CHANGE = "change"
    MOVE = "move"
    SWAP = "swap"
    RESIZE = "resize"
    UNPLACE = "unplace"
    LOCK = "lock"
    CANCEL = "cancel"
    RESTORE = "restore"
    REMOVE = "remove"
    DESK = "desk"
    PLAN = "plan"
    TAKE_UP = "take_up"
    PUBLISH = "publish"
    UNDO = "undo"
    REDO = "redo"


class CommandState(StrEnum):
    """Whether a step stands, was taken back, or can no longer be done again."""

    DONE = "done"
    UNDONE = "undone"
    GONE = "gone"


NOT_UNDONE = frozenset({CommandKind.PUBLISH, CommandKind.UNDO, CommandKind.REDO})
"""Steps that undo passes over: what others were told, and undoing itself."""

WHOLE_MEETING = frozenset({SessionKind.PLENARY, SessionKind.BREAK, SessionKind.CEREMONY, SessionKind.REGISTRATION})
"""Kinds that block everybody while they last."""

GONE = frozenset({SessionState.CANCELLED, SessionState.ABSENT})
"""States in which a session takes up nobody's time."""


def person_key(latin_name: str, ident: int) -> str:
    """The one name by which rules and plans know a person: two of the same name are told apart by the row's number."""
    return f"{latin_name} #{ident}"


def key_name(key: str) -> str:
    """The name in a `person_key`; what is none stays as it is."""
    return key.rpartition(" #")[0] or key


def key_id(key: str) -> str:
    """The row's number in a `person_key`."""
    return key.rpartition(" #")[2]
