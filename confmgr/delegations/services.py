"""Delegations, delegates and interpreters. Writes; the caller commits."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations import belonging
from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, PrintedAs
from confmgr.delegations.models import Delegate, Delegation, DelegationHours, Interpreter, InterpreterHours
from confmgr.errors import Refused, StaleVersion, StillUsed
from confmgr.meetings.models import Meeting
from confmgr.meetings.services import Wall, stretch
from confmgr.orm.references import references
from confmgr.orm.unique import once
from confmgr.parties.models import Agency, Party
from confmgr.values import times
from confmgr.values.languages import LANGUAGES, pair

MOST_TEAMS = 50
PAIRS = frozenset(pair(*two) for two in combinations(LANGUAGES, 2))


def invite_party(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    party: Party,
    status: DelegationStatus,
    languages: Sequence[str] = ("en",),
    teams: int = 1,
    state: DelegationState = DelegationState.INVITED,
    illustrative: bool = False,
) -> Delegation:
    """A party's delegation at a meeting.

    Raises:
        Refused: It has one already; unknown language; teams out of range.
    """
    _check(languages, teams)
    delegation = Delegation(
        meeting_id=meeting.id,
        party_id=party.id,
        status=status,
        state=state,
        teams=teams,
        languages=list(languages),
        illustrative=illustrative,
    )
    delegation.meeting, delegation.party = meeting, party

    def look() -> None:
        there = select(Delegation.id).where(Delegation.meeting_id == meeting.id, Delegation.party_id == party.id)
        if session.scalar(there) is not None:
            raise Refused("delegation_exists", field="party", code=party.code)

    with once(session, look):
        session.add(delegation)
    _audit(session, actor, now, "create", delegation)
    return delegation


def change_delegation(
    session: Session,
    delegation: Delegation,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    status: DelegationStatus,
    state: DelegationState,
    teams: int,
    languages: Sequence[str],
) -> None:
    """Edit a delegation.

    One that has declined loses at once what its people may see and do for it.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: Unknown language; teams out of range.
    """
    if delegation.version != seen_version:
        raise StaleVersion("delegation", delegation.uuid)
    _check(languages, teams)
    belonging.change_state(session, delegation, actor=actor, now=now, state=state)
    delegation.status, delegation.teams, delegation.languages = status, teams, list(languages)
    session.flush()
    _audit(session, actor, now, "change", delegation)


def remove_delegation(session: Session, delegation: Delegation, *, actor: User, now: datetime) -> None:
    """Delete a delegation that nothing rests on.

    Raises:
        StillUsed: Delegates, requests, sessions or disclosures name it.
    """
    used = references(session, delegation, except_tables=("delegation_hours",))
    if used:
        raise StillUsed("delegation", used)
    _audit(session, actor, now, "delete", delegation)
    session.delete(delegation)
    session.flush()


def set_availability(session: Session, delegation: Delegation, spans: Iterable[Wall], *, zone: str) -> None:
    """When a delegation can meet, as wall times; none means always.

    Raises:
        Refused: A time that does not exist, exists twice, or is reversed.
    """
    delegation.availability = [stretch(DelegationHours(), span, zone) for span in spans]
    session.flush()


def name_delegate(
    session: Session,
    *,
    actor: User,
    now: datetime,
    delegation: Delegation,
    name: str,
    latin_name: str | None,
    language: str,
    zone: str,
    email: str | None = None,
    phone: str | None = None,
    name_language: str | None = None,
    grade: str | None = None,
    capacity: Capacity = Capacity.DELEGATE,
    printed_as: PrintedAs = PrintedAs.NAME,
    agency: Agency | None = None,
    account: User | None = None,
    nominated_by: str | None = None,
    nominated_on: date | None = None,
    arrives: datetime | None = None,
    departs: datetime | None = None,
    illustrative: bool = False,
) -> Delegate:
    """A person of a delegation; arrival and departure are wall times at the venue.

    Raises:
        Refused: A second head, a taken address, unknown language or zone, departure before arrival.
    """
    highest = session.scalar(select(func.max(Delegate.rank)).where(Delegate.delegation_id == delegation.id))
    delegate = Delegate(
        delegation_id=delegation.id,
        name=name,
        latin_name=latin_name or name,
        name_language=name_language or language,
        grade=grade,
        email=email.strip().lower() if email else None,
        phone=phone,
        language=language,
        zone=zone,
        capacity=capacity,
        printed_as=printed_as,
        agency_id=None if agency is None else agency.id,
        user_id=None if account is None else account.id,
        rank=(highest or 0) + 1,
        nominated_by=nominated_by,
        nominated_on=nominated_on,
        illustrative=illustrative,
    )
    _set_stay(delegate, delegation.meeting.zone, arrives, departs)
    with once(session, lambda: _check_person(session, delegation, None, capacity, email, language, zone)):
        delegate.delegation = delegation
        session.add(delegate)
    _audit(session, actor, now, "name_delegate", delegation)
    return delegate


def change_delegate(
    session: Session,
    delegate: Delegate,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: str,
    latin_name: str | None,
    language: str,
    zone: str,
    email: str | None,
    phone: str | None,
    grade: str | None,
    capacity: Capacity,
    printed_as: PrintedAs,
    agency: Agency | None = None,
    nominated_by: str | None = None,
    nominated_on: date | None = None,
    arrives: datetime | None = None,
    departs: datetime | None = None,
) -> None:
    """Edit a delegate.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `name_delegate`.
    """
    if delegate.version != seen_version:
        raise StaleVersion("delegate", delegate.uuid)
    delegation = delegate.delegation
    _check_person(session, delegation, delegate, capacity, email, language, zone)
    delegate.name, delegate.latin_name, delegate.language, delegate.zone = name, latin_name or name, language, zone
    delegate.email, delegate.grade, delegate.phone = (email.strip().lower() if email else None), grade, phone
    delegate.capacity, delegate.printed_as = capacity, printed_as
    delegate.agency_id = None if agency is None else agency.id
    delegate.nominated_by, delegate.nominated_on = nominated_by, nominated_on
    _set_stay(delegate, delegation.meeting.zone, arrives, departs)
    session.flush()
    _audit(session, actor, now, "change_delegate", delegation)


def remove_delegate(session: Session, delegate: Delegate, *, actor: User, now: datetime) -> None:
    """Take a delegate out: deleted where nothing rests on the row, else kept as left, so that history stands."""
    belonging.shut_out(session, delegate, actor=actor, now=now)
    if references(session, delegate):
        delegate.left_at = now
    else:
        session.delete(delegate)
    session.flush()
    _audit(session, actor, now, "remove_delegate", delegate.delegation)


def engage_interpreter(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    name: str,
    latin_name: str | None,
    name_language: str,
    pairs: Sequence[str],
    modes: Sequence[str],
    language: str,
    zone: str,
    email: str | None = None,
    phone: str | None = None,
    delegation: Delegation | None = None,
    account: User | None = None,
    longest_run_minutes: int | None = None,
    longest_day_minutes: int | None = None,
    hours: Iterable[Wall] = (),
) -> Interpreter:
    """An interpreter of the meeting, or one that a delegation brings. `pairs` are like `km-ko`.

    Raises:
        Refused: Unknown language, zone or pair; no pair at all.
    """
    _check_interpreter(pairs, language, zone)
    interpreter = Interpreter(
        meeting_id=meeting.id,
        delegation_id=None if delegation is None else delegation.id,
        user_id=None if account is None else account.id,
        name=name,
        latin_name=latin_name or name,
        name_language=name_language,
        email=email.strip().lower() if email else None,
        phone=phone,
        language=language,
        zone=zone,
        pairs=list(pairs),
        modes=list(modes),
        longest_run_minutes=longest_run_minutes,
        longest_day_minutes=longest_day_minutes,
    )
    interpreter.hours = [stretch(InterpreterHours(), span, meeting.zone) for span in hours]
    session.add(interpreter)
    session.flush()
    _audit(session, actor, now, "create", interpreter)
    return interpreter


def change_interpreter(
    session: Session,
    interpreter: Interpreter,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: str,
    latin_name: str | None,
    pairs: Sequence[str],
    modes: Sequence[str],
    language: str,
    zone: str,
    email: str | None,
    phone: str | None,
    longest_run_minutes: int | None,
    longest_day_minutes: int | None,
) -> None:
    """Edit an interpreter.

    Raises:
        StaleVersion: Somebody changed the row meanwhile.
        Refused: Unknown language, zone or pair; no pair at all.
    """
    if interpreter.version != seen_version:
        raise StaleVersion("interpreter", interpreter.uuid)
    _check_interpreter(pairs, language, zone)
    interpreter.name, interpreter.latin_name = name, latin_name or name
    interpreter.pairs, interpreter.modes = list(pairs), list(modes)
    interpreter.language, interpreter.zone, interpreter.phone = language, zone, phone
    interpreter.email = email.strip().lower() if email else None
    interpreter.longest_run_minutes, interpreter.longest_day_minutes = longest_run_minutes, longest_day_minutes
    session.flush()
    _audit(session, actor, now, "change", interpreter)


def set_working_times(session: Session, interpreter: Interpreter, spans: Iterable[Wall], *, zone: str) -> None:
    """When an interpreter works, as wall times; none means whenever the meeting is.

    Raises:
        Refused: A time that does not exist, exists twice, or is reversed.
    """
    interpreter.hours = [stretch(InterpreterHours(), span, zone) for span in spans]
    session.flush()


def remove_interpreter(session: Session, interpreter: Interpreter, *, actor: User, now: datetime) -> None:
    """Delete an interpreter whom no session needs.

    Raises:
        StillUsed: Sessions or invitations name the interpreter.
    """
    used = references(session, interpreter, except_tables=("interpreter_hours",))
    if used:
        raise StillUsed("interpreter", used)
    _audit(session, actor, now, "delete", interpreter)
    session.delete(interpreter)
    session.flush()


def _check(languages: Sequence[str], teams: int) -> None:
    if unknown := [tag for tag in languages if tag not in LANGUAGES]:
        raise Refused("unknown_language", field="languages", language=unknown[0])
    if not 1 <= teams <= MOST_TEAMS:
        raise Refused("teams_out_of_range", field="teams", most=MOST_TEAMS)


def _check_person(
    session: Session,
    delegation: Delegation,
    delegate: Delegate | None,
    capacity: Capacity,
    email: str | None,
    language: str,
    zone: str,
) -> None:
    if language not in LANGUAGES:
        raise Refused("unknown_language", field="language", language=language)
    _check_zone(zone)
    this = None if delegate is None else delegate.id  # an address is kept for who left: they may come back
    others = select(Delegate).where(Delegate.delegation_id == delegation.id, Delegate.id.is_distinct_from(this))
    heads = others.where(Delegate.capacity == Capacity.HEAD_OF_DELEGATION, Delegate.left_at.is_(None))
    if capacity is Capacity.HEAD_OF_DELEGATION and session.scalar(heads):
        raise Refused("second_head", field="capacity")
    if email and session.scalar(others.where(Delegate.email == email.strip().lower())):
        raise Refused("delegate_email_taken", field="email", email=email)


def _check_zone(zone: str) -> None:
    if not times.is_zone(zone):
        raise Refused("unknown_zone", field="zone", zone=zone)


def _check_interpreter(pairs: Sequence[str], language: str, zone: str) -> None:
    _check_zone(zone)
    if language not in LANGUAGES:
        raise Refused("unknown_language", field="language", language=language)
    if not pairs or not PAIRS.issuperset(pairs):
        raise Refused("unknown_pair", field="pairs", pairs=", ".join(pairs))


def _set_stay(delegate: Delegate, zone: str, arrives: datetime | None, departs: datetime | None) -> None:
    if arrives is not None and departs is not None and departs <= arrives:
        raise Refused("departs_before_arriving", field="departs")
    delegate.arrives_local, delegate.departs_local = arrives, departs
    delegate.arrives_at = None if arrives is None else times.planned_instant(arrives, zone, field="arrives")
    delegate.departs_at = None if departs is None else times.planned_instant(departs, zone, field="departs")


def _audit(session: Session, actor: User, now: datetime, action: str, of: Delegation | Interpreter) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="delegation" if isinstance(of, Delegation) else "interpreter",
        object_uuid=of.uuid,
        meeting_id=of.meeting_id,
    )
