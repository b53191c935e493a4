"""What publishing now would do: the difference session by session, who hears of it, and what stays held back."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegate, Interpreter
from confmgr.invitations import queries
from confmgr.invitations.differences import of_facts
from confmgr.invitations.domain import ChangeKind, Difference, Facts, change_of
from confmgr.invitations.services.freezing import Frozen, Material, freeze, material
from confmgr.invitations.services.telling import Addressee, addressees_of, person_key
from confmgr.meetings.models import Meeting
from confmgr.scheduling.differences import Aspect, Detail, listed

Person = Delegate | Interpreter
_NAMED = ("title", "names", "place", "building")
"""Facts of which a publication keeps no copy; what the people were told last has one."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing now would do. Everything but `changes` leaves out what is held back."""

    changes: tuple[Difference, ...]
    addressees: tuple[Addressee, ...]
    unchanged: int
    quiet: int

    @property
    def taken(self) -> tuple[Difference, ...]:
        """The changes that would be published."""
        return tuple(one for one in self.changes if not one.held)

    @property
    def held_back(self) -> tuple[Difference, ...]:
        """The changes that others would not see."""
        return tuple(one for one in self.changes if one.held)

    @property
    def mailed(self) -> tuple[Addressee, ...]:
        """Those who get a mail, one for each session of theirs that changes."""
        return tuple(one for one in self.addressees if one.person.email)

    @property
    def mails(self) -> int:
        """How many mails would leave: a mail carries one calendar entry."""
        return len(self.mailed)

    @property
    def people(self) -> int:
        """How many hear something, with or without an address."""
        return len(_persons(self.addressees))

    @property
    def written_to(self) -> int:
        """How many get at least one mail."""
        return len(_persons(self.mailed))

    @property
    def languages(self) -> Mapping[str, int]:
        """How many people get mails in which language."""
        return _counted([person.language for person in _persons(self.mailed)])

    @property
    def zones(self) -> Mapping[str, int]:
        """How many people get mails in which time zone."""
        return _counted([person.zone for person in _persons(self.mailed)])

    @property
    def silent(self) -> tuple[Person, ...]:
        """Those who should hear something and have no address."""
        return tuple(_persons([one for one in self.addressees if not one.person.email]))

    @property
    def mark(self) -> str:
        """A digest of all changes, held back or not: the same as long as the page would show the same."""
        return _digest([one.mark for one in self.changes])

    @property
    def chosen(self) -> str:
        """A digest of what is held back: whether the numbers that were shown are those of the present choice."""
        return _digest([one.reference for one in self.held_back])


def preview(session: Session, meeting: Meeting, chosen: Mapping[str, bool] | None = None, *, now: datetime) -> Preview:
    """The difference between the working schedule and what is published; writes nothing.

    Args:
        session: Where to read.
        meeting: The meeting.
        chosen: By reference of a session, whether it is to be held back; others as they are marked.
        now: The present; who has left by then is not told of sessions that have been.
    """
    given = material(session, meeting)
    return preview_of(session, meeting, given, held_in(given, chosen), now)


def held_in(given: Material, chosen: Mapping[str, bool] | None) -> frozenset[int]:
    """The ids of sessions that are held back: as chosen, else as they are marked."""
    wanted = chosen or {}
    return frozenset(row.id for row in given.rows if wanted.get(row.reference, row.held_back))


def preview_of(session: Session, meeting: Meeting, given: Material, held: Collection[int], now: datetime) -> Preview:
    """As `preview`, of what was read before."""
    frozen = freeze(given, ())
    addressees = addressees_of(session, meeting, frozen, now)
    changes = _differences(session, given, frozen, addressees, held)
    heard = tuple(one for one in addressees if one.session_id not in held)
    hearing = {person_key(one.person) for one in heard}
    return Preview(
        changes=changes,
        addressees=heard,
        unchanged=len(frozen) - len(changes),
        quiet=len(queries.everybody(session, meeting, given.sides) - hearing),
    )


def _differences(
    session: Session,
    given: Material,
    frozen: Sequence[Frozen],
    addressees: Sequence[Addressee],
    held: Collection[int],
) -> tuple[Difference, ...]:
    before = given.published_facts()
    heard: dict[int, list[Addressee]] = {}
    for one in addressees:
        heard.setdefault(one.session_id, []).append(one)
    references = queries.case_references(session, _cases(given, frozen))
    found = []
    for one_frozen in frozen:
        ident = one_frozen.row.id
        told, old = heard.get(ident, []), given.earlier.get(ident)
        published, after = before.get(ident), one_frozen.facts()
        kind = change_of(published, after)
        was = _as_told(published, told)
        cases = listed(
            Aspect.CASES,
            [references[case] for case in (old.case_ids if old else ()) if case in references],
            [references[case] for case in one_frozen.case_ids if case in references],
        )
        if kind is None and (told or (cases and not one_frozen.gone)):
            kind = ChangeKind.CHANGED
        if kind is not None:
            details = [*_details(kind, was, after, told), *(cases if old and not one_frozen.gone else [])]
            found.append(_difference(one_frozen, kind, was, details, told, is_held=ident in held))
    return tuple(found)


def _cases(given: Material, frozen: Sequence[Frozen]) -> set[int]:
    before = {case for one in given.earlier.values() for case in one.case_ids}
    return before | {case for one in frozen for case in one.case_ids}


def _as_told(published: Facts | None, told: Sequence[Addressee]) -> Facts | None:
    last = next((one.news.before for one in told if one.news.before is not None), None)
    if published is None or last is None:
        return published
    return {**published, **{name: last.get(name) for name in _NAMED}}


def _details(kind: ChangeKind, before: Facts | None, after: Facts, told: Sequence[Addressee]) -> list[Detail]:
    if before is None or kind in {ChangeKind.CANCELLED, ChangeKind.AGAIN}:
        return []
    return [
        *of_facts(before, after),
        *_people(Aspect.PEOPLE, [one for one in told if isinstance(one.person, Delegate)]),
        *_people(Aspect.INTERPRETERS, [one for one in told if isinstance(one.person, Interpreter)]),
    ]


def _people(aspect: Aspect, told: Sequence[Addressee]) -> list[Detail]:
    came = [one.person.latin_name for one in told if one.news.change in {ChangeKind.NEW, ChangeKind.AGAIN}]
    gone = [one.person.latin_name for one in told if one.news.change is ChangeKind.CANCELLED]
    return listed(aspect, gone, came)


def _difference(
    one: Frozen,
    kind: ChangeKind,
    before: Facts | None,
    details: Sequence[Detail],
    told: Sequence[Addressee],
    *,
    is_held: bool,
) -> Difference:
    after = one.facts()
    listeners = sorted((person_key(t.person), t.person.email or "", t.person.language) for t in told)
    in_words = [[d.aspect.value, d.came, d.gone] for d in details]
    return Difference(
        session_id=one.row.id,
        reference=one.row.reference,
        change=kind,
        before=before,
        after=after,
        details=tuple(details),
        delegates=sum(isinstance(t.person, Delegate) for t in told),
        interpreters=sum(isinstance(t.person, Interpreter) for t in told),
        languages=_counted([t.person.language for t in told if t.person.email]),
        held=is_held,
        mark=_digest([one.row.reference, kind.value, before, after, in_words, listeners]),
    )


def _persons(addressees: Sequence[Addressee]) -> list[Person]:
    return list({person_key(one.person): one.person for one in addressees}.values())


def _counted(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in sorted(set(values))}


def _digest(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]
