"""What a job can be; nothing of a queue."""

from enum import StrEnum


class JobState(StrEnum):
    """A job's life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({JobState.WAITING, JobState.RUNNING})
