"""Which function does which kind of job. Plain Python: the engines look here, and rooms register here."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session


class Context(Protocol):
    """What a task may ask of whoever runs it."""

    def session(self) -> AbstractContextManager[Session]:
        """A transaction of its own: committed on the way out, rolled back on an exception."""

    def progress(
        self, done: int, total: int | None = None, step: str | None = None, facts: dict[str, Any] | None = None
    ) -> None:
        """Tell how far it is; also the heartbeat. `facts`: more of it as data, for pages to put into words."""

    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""

    def now(self) -> datetime:
        """The present instant."""

    @property
    def job_id(self) -> int:
        """The job's row."""


Task = Callable[..., dict[str, Any] | None]

tasks: dict[str, Task] = {}
every_minute: list[str] = []
often: list[str] = []
whole: set[str] = set()
"""Kinds that give all or nothing: of others something may stay that was done before they failed."""


def task(
    kind: str, *, each_minute: bool = False, each_moment: bool = False, all_or_nothing: bool = False
) -> Callable[[Task], Task]:
    """Register a function `fn(context, **arguments)` for a kind of job; tasks may run twice and must not mind.

    `each_moment`: it is short, and done every few seconds without a row of its own, by `confmgr.jobs.moments`.
    `all_or_nothing`: one that fails has changed nothing that anybody sees; its page says so.
    """

    def register(function: Task) -> Task:
        tasks[kind] = function
        if each_minute:
            every_minute.append(kind)
        if each_moment:
            often.append(kind)
        if all_or_nothing:
            whole.add(kind)
        return function

    return register
