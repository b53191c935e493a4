"""The chain, groups, their bases and moves. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes.domain import (
    Confidence,
    Driver,
)
from confmgr.outcomes.models import (
    BorderSection,
    ChainLink,
    Group,
    GroupBase,
    Move,
    MoveSection,
    Source,
)
from confmgr.outcomes.moving import each_once
from confmgr.parties.models import Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing import services as items
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words

MOST_ALIASES, LONGEST_ALIAS = 60, 120
Record = Group | GroupBase | Move


def link_chain(
    session: Session,
    operation: Operation,
    cause: Item | MeetingSession,
    effect: Item | MeetingSession,
    *,
    note: Words | None = None,
    source: Source | None = None,
) -> ChainLink:
    """One step from a lead, session, request, task force or joint action to what came of it."""
    link = ChainLink(
        operation_id=operation.id,
        from_item_id=cause.id if isinstance(cause, Item) else None,
        from_session_id=cause.id if isinstance(cause, MeetingSession) else None,
        to_item_id=effect.id if isinstance(effect, Item) else None,
        to_session_id=effect.id if isinstance(effect, MeetingSession) else None,
        note=note,
        source_id=None if source is None else source.id,
    )
    session.add(link)
    session.flush()
    return link


def describe_group(
    session: Session, item: Item, *, name: Words, aliases: Sequence[str] = (), description: Words | None = None
) -> Group:
    """A criminal group under the names it uses.

    Raises:
        Refused: Too many aliases, or one that is too long for a name.
    """
    group = Group(id=item.id, name=name, aliases=_aliases(aliases), description=description)
    group.item = item
    session.add(group)
    session.flush()
    return group


def change_group(
    session: Session,
    group: Group,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    aliases: Sequence[str] = (),
    description: Words | None = None,
) -> None:
    """Other names, another description.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `describe_group`.
    """
    _check_version(group, seen_version)
    group.name, group.aliases, group.description = name, _aliases(aliases), description
    _changed(session, group, actor, now)


def _aliases(written: Sequence[str]) -> list[str]:
    aliases = each_once(written)
    if len(aliases) > MOST_ALIASES:
        raise Refused("too_many_aliases", field="aliases", most=MOST_ALIASES)
    if any(len(alias) > LONGEST_ALIAS for alias in aliases):
        raise Refused("alias_too_long", field="aliases", most=LONGEST_ALIAS)
    return aliases


def locate_base(
    session: Session,
    item: Item,
    *,
    group: Group,
    name: Words,
    territory: Party | None = None,
    coordinates: tuple[float, float] | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    confidence: Confidence = Confidence.REPORTED,
    note: Words | None = None,
) -> GroupBase:
    """A place where a group was.

    Raises:
        Refused: 0° north, 0° east, which is what an empty form gives; dates reversed.
    """
    _check_base(coordinates, from_on, to_on)
    base = GroupBase(
        id=item.id,
        group_id=group.id,
        name=name,
        territory_id=None if territory is None else territory.id,
        latitude=None if coordinates is None else coordinates[0],
        longitude=None if coordinates is None else coordinates[1],
        from_on=from_on,
        to_on=to_on,
        confidence=confidence,
        note=note,
    )
    base.item, base.group, base.territory = item, group, territory
    session.add(base)
    session.flush()
    return base


def change_base(
    session: Session,
    base: GroupBase,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    territory: Party | None,
    coordinates: tuple[float, float] | None,
    from_on: date | None,
    to_on: date | None,
    confidence: Confidence,
    note: Words | None,
) -> None:
    """What is known better now of a base.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `locate_base`.
    """
    _check_version(base, seen_version)
    _check_base(coordinates, from_on, to_on)
    base.name, base.territory, base.note = name, territory, note
    base.latitude, base.longitude = (None, None) if coordinates is None else coordinates
    base.from_on, base.to_on, base.confidence = from_on, to_on, confidence
    _changed(session, base, actor, now)


def _check_base(coordinates: tuple[float, float] | None, from_on: date | None, to_on: date | None) -> None:
    if coordinates == (0.0, 0.0):
        raise Refused("null_island", field="latitude")
    if from_on is not None and to_on is not None and to_on < from_on:
        raise Refused("dates_reversed", field="to_on")


def notice_move(
    session: Session,
    item: Item,
    *,
    group: Group,
    from_base: GroupBase,
    to_base: GroupBase | None,
    noticed_on: date,
    driver: Driver = Driver.UNKNOWN,
    confidence: Confidence = Confidence.REPORTED,
    note: Words | None = None,
    sections: Sequence[BorderSection] = (),
) -> Move:
    """A group left a base; where to may be unknown. A move that was noticed before its base ended is kept as it is.

    Raises:
        Refused: From a base to itself.
    """
    _check_ends(from_base, to_base)
    move = Move(
        id=item.id,
        group_id=group.id,
        noticed_on=noticed_on,
        driver=driver,
        confidence=confidence,
        note=note,
    )
    move.item, move.from_base, move.to_base = item, from_base, to_base
    move.sections = [MoveSection(section_id=section.id, section=section) for section in sections]
    session.add(move)
    session.flush()
    return move


def change_move(
    session: Session,
    move: Move,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    from_base: GroupBase,
    to_base: GroupBase | None,
    noticed_on: date,
    driver: Driver,
    confidence: Confidence,
    note: Words | None,
    sections: Sequence[BorderSection],
) -> None:
    """What is known better now of a move.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `notice_move`.
    """
    _check_version(move, seen_version)
    _check_ends(from_base, to_base)
    move.from_base, move.to_base, move.noticed_on = from_base, to_base, noticed_on
    move.driver, move.confidence, move.note = driver, confidence, note
    wanted = {section.id: section for section in sections}
    move.sections = [row for row in move.sections if row.section_id in wanted]
    have = {row.section_id for row in move.sections}
    move.sections += [MoveSection(section_id=key, section=row) for key, row in wanted.items() if key not in have]
    _changed(session, move, actor, now)


def _check_ends(from_base: GroupBase, to_base: GroupBase | None) -> None:
    if to_base is not None and to_base.id == from_base.id:
        raise Refused("same_base", field="to_base")


def pass_section(session: Session, move: Move, section: BorderSection, *, actor: User, now: datetime) -> None:
    """Say that a move passed a border section, once."""
    if section.id not in {row.section_id for row in move.sections}:
        move.sections.append(MoveSection(section_id=section.id, section=section))
        _changed(session, move, actor, now)


def merge(session: Session, own: Group, other: Group, *, actor: User, now: datetime, reason: str) -> None:
    """Say that an own group is another one. Both records stay; whoever may see both is shown one.

    Raises:
        Refused: A group with itself; no reason.
    """
    if own.id == other.id:
        raise Refused("merged_already", field="other")
    if not reason:
        raise Refused("reason_needed", field="reason")
    own.merged_into = other
    own.merged_at, own.merged_by_id, own.merge_reason = now, actor.id, reason
    session.flush()
    _audit(session, actor, now, "merge", own.item)


def part(session: Session, group: Group, *, actor: User, now: datetime) -> None:
    """Take back that a group is another one."""
    group.merged_into = None
    group.merged_at = group.merged_by_id = group.merge_reason = None
    session.flush()
    _audit(session, actor, now, "part", group.item)


def mark_record(
    session: Session, row: Record, *, actor: User, now: datetime, tlp: Tlp, readers: Sequence[Delegation]
) -> None:
    """Who may read a group, base or move: with AMBER exactly these delegations, with GREEN everybody.

    A change is one of the record: a page that showed the readers of before is out of date.

    Raises:
        NotAllowed: Only the author marks.
    """
    item = row.item
    marking, changed = item.marking, item.marking.tlp is not tlp
    if changed:
        marking = items.change_marking(session, item, actor=actor, now=now, tlp=tlp)
    wanted = {} if tlp is Tlp.GREEN else {delegation.id: delegation for delegation in readers}
    for disclosure in item.disclosures:
        if disclosure.revoked_at is None and disclosure.marking_id == marking.id:
            if disclosure.to_delegation_id in wanted:
                del wanted[disclosure.to_delegation_id]
            elif disclosure.to_delegation_id is not None:
                items.revoke(session, disclosure, actor=actor, now=now)
                changed = True
    for delegation in wanted.values():
        items.disclose(session, item, actor=actor, now=now, to_delegation=delegation, under=marking)
    if changed or wanted:
        _touch(row)
        session.flush()
    session.expire(item, ["disclosures"])


def _check_version(row: Record, seen_version: int) -> None:
    if row.version != seen_version:
        raise StaleVersion(row.item.kind.value, row.item.uuid)


def _changed(session: Session, row: Record, actor: User, now: datetime) -> None:
    row.item.changed_at = now
    _touch(row)
    session.flush()
    _audit(session, actor, now, "change", row.item)


def _touch(row: Record) -> None:
    """Whoever has the record open sees that it changed, even where only its readers or sections did."""
    flag_modified(row, "driver" if isinstance(row, Move) else "name")


def _audit(session: Session, actor: User, now: datetime, action: str, item: Item) -> None:
    record(session, actor=actor, now=now, action=action, object_type=item.kind.value, object_uuid=item.uuid)
