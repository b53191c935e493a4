"""Task forces and who staffs them. Writes; the caller commits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes.models import TaskForce, TaskForceParty
from confmgr.outcomes.services.actions import audit
from confmgr.parties.models import Agency, Party
from confmgr.sharing.models import Item
from confmgr.values.words import Words


def form_task_force(
    session: Session,
    item: Item,
    *,
    name: Words,
    starts_on: date,
    parties: Mapping[Party, int | None] | Sequence[Party],
    ends_on: date | None = None,
    agreement: Words | None = None,
    agreed_on: date | None = None,
    host_agency: Agency | None = None,
    duty_hours: Words | None = None,
) -> TaskForce:
    """Parties that work together from a date. `parties` may map each to its officers.

    Raises:
        Refused: It ends before it starts, or before the operation.
    """
    _check_days(item, starts_on, ends_on)
    force = TaskForce(
        id=item.id,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        agreement=agreement,
        agreed_on=agreed_on,
        host_agency_id=None if host_agency is None else host_agency.id,
        duty_hours=duty_hours,
    )
    force.item, force.host_agency = item, host_agency
    officers = parties if isinstance(parties, Mapping) else dict.fromkeys(parties)
    force.parties = [
        TaskForceParty(party_id=party.id, party=party, officers=count) for party, count in officers.items()
    ]
    session.add(force)
    session.flush()
    return force


def change_task_force(
    session: Session,
    force: TaskForce,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    starts_on: date,
    ends_on: date | None,
    agreement: Words | None,
    agreed_on: date | None,
    host_agency: Agency | None,
    duty_hours: Words | None,
) -> None:
    """What a task force is called, from when to when, and on what it rests.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It ends before it starts, or before the operation.
    """
    _check_version(force, seen_version)
    _check_days(force.item, starts_on, ends_on)
    force.name, force.starts_on, force.ends_on = name, starts_on, ends_on
    force.agreement, force.agreed_on, force.duty_hours = agreement, agreed_on, duty_hours
    force.host_agency = host_agency
    force.item.changed_at = now
    session.flush()
    audit(session, actor, now, "change", force.item)


def set_staff(
    session: Session,
    force: TaskForce,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    party: Party,
    officers: int | None,
) -> None:
    """A party staffs the task force, with so many officers.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    _check_version(force, seen_version)
    row = next((link for link in force.parties if link.party_id == party.id), None)
    if row is None:
        row = TaskForceParty(party_id=party.id, party=party)
        force.parties.append(row)
    row.officers = officers
    _touch(force)
    session.flush()
    audit(session, actor, now, "change", force.item)


def remove_staff(
    session: Session, force: TaskForce, *, actor: User, now: datetime, seen_version: int, party: Party
) -> None:
    """A party does not staff the task force.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    _check_version(force, seen_version)
    force.parties = [link for link in force.parties if link.party_id != party.id]
    _touch(force)
    session.flush()
    audit(session, actor, now, "change", force.item)


def _check_version(force: TaskForce, seen_version: int) -> None:
    if force.version != seen_version:
        raise StaleVersion("task force", force.item.uuid)


def _check_days(item: Item, starts_on: date, ends_on: date | None) -> None:
    if ends_on is None:
        return
    if ends_on < starts_on:
        raise Refused("dates_reversed", field="ends_on")
    if ends_on < item.operation.starts_on:
        raise Refused("before_operation", field="ends_on", start=item.operation.starts_on)


def _touch(force: TaskForce) -> None:
    """Whoever has the task force open sees that it changed, even where only what hangs on it did."""
    flag_modified(force, "name")
