"""Names of this room's words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from confmgr.jobs.domain import JobState
from confmgr.web import labels

labels.register(
    {
        JobState.WAITING: _l("Waiting to start"),
        JobState.RUNNING: _l("Working"),
        JobState.DONE: _l("Done"),
        JobState.FAILED: _l("Failed"),
        JobState.CANCELLED: _l("Cancelled"),
    }
)

_tellers: dict[str, Callable[[Mapping[str, Any]], str]] = {}


def register_progress(kind: str, teller: Callable[[Mapping[str, Any]], str]) -> None:
    """How the facts of a job's progress are said on its page."""
    _tellers[kind] = teller


def progress_sentence(kind: str, facts: Mapping[str, Any] | None) -> str:
    """How far a job is, in the reader's words; nothing where its kind has none."""
    teller = _tellers.get(kind)
    return teller(facts) if teller and facts else ""
