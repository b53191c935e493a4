"""The only place that reads the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; the frozen one inside `frozen`."""
    return _frozen.get() or datetime.now(UTC)  # noqa: TID251  # this is the clock


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let `now` answer `moment`: for the sample operation and for tests."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
