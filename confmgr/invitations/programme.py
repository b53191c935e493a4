"""Which published sessions a reader may know of: bilaterals of others are absent, not "busy". Plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from confmgr.scheduling.domain import WHOLE_MEETING, SessionKind
from confmgr.sharing.rule import Viewer

OPEN_KINDS = WHOLE_MEETING | {SessionKind.SOCIAL}
"""Kinds that everybody at the meeting may know of."""


class Published(Protocol):
    """What the rule needs of a published session."""

    @property
    def kind(self) -> SessionKind:
        """Its kind."""

    @property
    def everybody(self) -> bool:
        """Whether it is for the whole meeting."""

    @property
    def delegation_ids(self) -> Sequence[int]:
        """Who takes part."""

    @property
    def interpreter_ids(self) -> Sequence[int]:
        """Who interprets."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at one meeting: organisers and the host's leadership see all of it, others what concerns them."""

    sees_all: bool
    delegation_ids: frozenset[int]
    interpreter_ids: frozenset[int]


def reader_of(viewer: Viewer, meeting_id: int, interpreter_ids: Iterable[int] = ()) -> Reader:
    """The reader that a viewer is at a meeting; `interpreter_ids`: whom of its interpreters the account stands for."""
    seats = [seat for seat in viewer.seats if seat.meeting_id == meeting_id]
    return Reader(
        sees_all=any(seat.organises or seat.leads_host for seat in seats),
        delegation_ids=frozenset(seat.delegation_id for seat in seats if seat.delegation_id is not None),
        interpreter_ids=frozenset(interpreter_ids),
    )


def sees(reader: Reader, row: Published) -> bool:
    """Whether a reader may know that a session exists."""
    if reader.sees_all or row.everybody or row.kind in OPEN_KINDS:
        return True
    if not row.delegation_ids and row.kind is not SessionKind.HOLD:
        return True
    return bool(reader.delegation_ids & set(row.delegation_ids) or reader.interpreter_ids & set(row.interpreter_ids))
