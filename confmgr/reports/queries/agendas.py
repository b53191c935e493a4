"""The personal agendas of a meeting: what each person was told last, as My agenda shows it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.invitations import queries as invitations
from confmgr.invitations.domain import PartStat
from confmgr.invitations.models import Participation
from confmgr.invitations.queries import ShownCase
from confmgr.meetings.models import Meeting
from confmgr.sharing.domain import Tlp
from confmgr.sharing.rule import Viewer, strictest


@dataclass(frozen=True, slots=True)
class Told:
    """One session as its person was told of it; times are those of the venue."""

    facts: dict[str, Any]
    starts: datetime
    ends: datetime
    invited: bool
    answer: PartStat
    cases: tuple[ShownCase, ...]


@dataclass(frozen=True, slots=True)
class PersonalAgenda:
    """The agenda of a delegate or interpreter. `issue` is the publication that told the person something last."""

    meeting: Meeting
    person: Delegate | Interpreter
    delegation: Delegation | None
    told: tuple[Told, ...]
    issue: int | None
    as_of: datetime | None

    @property
    def days(self) -> list[tuple[Any, list[Told]]]:
        """The sessions by day."""
        return [(day, list(rows)) for day, rows in groupby(self.told, key=lambda row: row.starts.date())]

    @property
    def marking(self) -> Tlp:
        """AMBER, or that of a case in it that is stricter."""
        return strictest([Tlp.AMBER, *(case.tlp for row in self.told for case in row.cases if case.sees_body)])


def agendas(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> list[PersonalAgenda]:
    """The agendas of all delegates who have not left, by delegation and name, with the cases that the viewer may know.

    As many statements for two hundred as for one.
    """
    people = session.scalars(
        select(Delegate)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegation.meeting_id == meeting.id, Delegate.left_at.is_(None))
        .options(joinedload(Delegate.delegation).joinedload(Delegation.party))
    )
    return _agendas(session, meeting, viewer, now, list(people))


def agenda_of(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, *, person: Delegate | Interpreter
) -> PersonalAgenda:
    """The agenda of one person."""
    return _agendas(session, meeting, viewer, now, [person])[0]


def _agendas(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, people: Collection[Delegate | Interpreter]
) -> list[PersonalAgenda]:
    rows = invitations.told_to(
        session,
        meeting,
        delegate_ids=[one.id for one in people if isinstance(one, Delegate)],
        interpreter_ids=[one.id for one in people if isinstance(one, Interpreter)],
    )
    cases = _cases(session, meeting, viewer, now, rows)
    by_person: dict[tuple[int | None, int | None], list[Participation]] = {}
    for row in rows:
        by_person.setdefault((row.delegate_id, row.interpreter_id), []).append(row)
    return [_agenda(meeting, one, by_person.get(_ids(one), []), cases) for one in sorted(people, key=_order)]


def _ids(person: Delegate | Interpreter) -> tuple[int | None, int | None]:
    return (person.id, None) if isinstance(person, Delegate) else (None, person.id)


def _order(person: Delegate | Interpreter) -> tuple[int, str, int, str, int]:
    if isinstance(person, Delegate):
        return person.delegation.rank, person.delegation.party.code, person.rank, person.latin_name, person.id
    return 0, "", 0, person.latin_name, person.id


def _agenda(
    meeting: Meeting,
    person: Delegate | Interpreter,
    rows: Iterable[Participation],
    cases: dict[int, tuple[ShownCase, ...]],
) -> PersonalAgenda:
    told = [(row, row.told_text or {}) for row in rows]
    last = max(
        (row.told_in for row, _facts in told if row.told_in is not None), key=lambda one: one.number, default=None
    )
    return PersonalAgenda(
        meeting=meeting,
        person=person,
        delegation=person.delegation if isinstance(person, Delegate) else None,
        told=tuple(
            Told(
                facts=facts,
                starts=datetime.fromisoformat(facts["starts_local"]),
                ends=datetime.fromisoformat(facts["ends_local"]),
                invited=row.invited,
                answer=row.answer,
                cases=cases.get(row.session_id, ()),
            )
            for row, facts in told
        ),
        issue=None if last is None else last.number,
        as_of=None if last is None else last.made_at,
    )


def _cases(
    session: Session, meeting: Meeting, viewer: Viewer, now: datetime, rows: Collection[Participation]
) -> dict[int, tuple[ShownCase, ...]]:
    last = invitations.latest(session, meeting)
    if last is None or not rows:
        return {}
    ids = invitations.cases_of_sessions(session, last, {row.session_id for row in rows})
    shown = invitations.shown_cases(session, viewer, now, {ident for some in ids.values() for ident in some})
    return {key: tuple(shown[ident] for ident in some if ident in shown) for key, some in ids.items()}
