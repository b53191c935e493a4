"""What the people of published sessions answered. Invitations stand above the schedule: they give this at the start."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a session's people gave which answer."""

    accepted: int = 0
    tentative: int = 0
    declined: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """The same by name, each as `KH Sok Dara`."""

    accepted: Sequence[str] = ()
    tentative: Sequence[str] = ()
    declined: Sequence[str] = ()
    unanswered: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Who knows the answers: the tallies of some sessions of a meeting (None: of all), and the names of one."""

    tallies: Callable[[Session, Meeting, Collection[int] | None], Mapping[int, Tally]]
    names: Callable[[Session, Meeting, int], Named]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask this from now on; the last one counts."""
    _sources[:] = [source]


def tallies(session: Session, meeting: Meeting, ids: Collection[int] | None = None) -> Mapping[int, Tally]:
    """By session; of sessions that nobody was invited to, nothing. One statement, none for no sessions."""
    if not _sources or (ids is not None and not ids):
        return {}
    return _sources[0].tallies(session, meeting, ids)


def names(session: Session, meeting: Meeting, session_id: int) -> Named:
    """Of one session."""
    return _sources[0].names(session, meeting, session_id) if _sources else Named()
