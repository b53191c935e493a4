"""Words of a meeting: its states, its places, the roles that people hold in it."""

from enum import StrEnum


class MeetingState(StrEnum):
    """An edition's life."""

    PLANNING = "planning"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class PlaceKind(StrEnum):
    """A table stands in a room; a session in the room occupies its tables."""

    ROOM = "room"
    TABLE = "table"


class Role(StrEnum):
    """What somebody is in one meeting. No role opens the body of an item."""

    ORGANISER = "organiser"
    LEADERSHIP = "leadership"
    HEAD = "head"
    DELEGATE = "delegate"
    INTERPRETER = "interpreter"
    PRESS = "press"
    AUDITOR = "auditor"


SPEAKERS = frozenset({Role.HEAD, Role.DELEGATE})
"""Who speaks for a delegation: leadership reads, interpreters interpret."""


class NameOrder(StrEnum):
    """How delegations stand in every list, seat and row."""

    ALPHABETICAL = "alphabetical"
    HOST_LAST = "host_last"
    HOST_FIRST = "host_first"


STATUS_GROUPS = ("member", "partner", "observer", "guest")
"""In which groups delegations stand, unless the meeting keeps them all in one: the statuses of delegations."""

STATE_STEPS = {
    MeetingState.PLANNING: (MeetingState.OPEN,),
    MeetingState.OPEN: (MeetingState.PLANNING, MeetingState.CLOSED),
    MeetingState.CLOSED: (MeetingState.OPEN, MeetingState.ARCHIVED),
    MeetingState.ARCHIVED: (),
}
