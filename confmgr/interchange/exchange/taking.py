"""What a file of cases and leads would bring a party, and bringing it in: drafts of that party, nothing overwritten."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases import naming
from confmgr.cases import services as cases
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.interchange.exchange.incoming import Brings, Brought, BroughtCase, BroughtLead
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Agency, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Viewer
from confmgr.sharing.services import Grade

AT_ONCE = 80
"""Cases and leads that are written in one transaction: each takes 20 ms, and SQLite has one writer at a time."""


class Fate(StrEnum):
    """What becomes of one case or lead of a file."""

    NEW = "new"
    HERE = "here"
    FOREIGN = "foreign"
    NO_CASE = "no_case"
    NO_PARTY = "no_party"


@dataclass(frozen=True, slots=True)
class Row:
    """One case or lead of a file, and what becomes of it."""

    kind: ItemKind
    brought: Brought
    fate: Fate


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file in would do for one party."""

    party: Party
    rows: tuple[Row, ...]

    @property
    def new(self) -> int:
        """How many cases and leads would be written."""
        return sum(row.fate is Fate.NEW for row in self.rows)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many drafts were written, and how many of the file are still to be."""

    written: int
    left: int


def plan(session: Session, meeting: Meeting, party: Party, viewer: Viewer, brings: Brings, now: datetime) -> Plan:
    """Look at what a file would bring; writes nothing. A party brings in what it gave, and nobody else's."""
    have = _references(session, party)
    here = set(_delegations(session, meeting))
    visible = set(_cases(session, meeting, viewer, now))
    rows = [Row(ItemKind.CASE, one, _of_case(one, party, have[ItemKind.CASE], here)) for one in brings.cases]
    coming = {row.brought.reference for row in rows if row.fate is Fate.NEW}
    for one in brings.leads:
        rows.append(Row(ItemKind.LEAD, one, _of_lead(one, party, have[ItemKind.LEAD], coming | visible)))
    return Plan(party, tuple(rows))


def take(
    session: Session,
    meeting: Meeting,
    party: Party,
    viewer: Viewer,
    brings: Brings,
    *,
    agency: Agency | None,
    actor: User,
    now: datetime,
) -> Taken:
    """Write what is new, as drafts of the actor's party; who may read them is named when they are shared.

    Of many the first `AT_ONCE`, cases before leads: taking the same file once more goes on from there.

    Raises:
        Refused: What the services of cases and leads refuse; nothing is kept then.
    """
    found = plan(session, meeting, party, viewer, brings, now)
    if not found.new:
        raise Refused("exchange_nothing_new")
    delegations = _delegations(session, meeting)
    known = _cases(session, meeting, viewer, now)
    written: list[str] = []
    for row in [row for row in found.rows if row.fate is Fate.NEW][:AT_ONCE]:
        if isinstance(row.brought, BroughtCase):
            case = _case(session, meeting, party, agency, row.brought, delegations, actor, now)
            known[row.brought.reference] = case
            written.append(str(case.item.uuid))
        elif isinstance(row.brought, BroughtLead):
            written.append(_lead(session, meeting, party, agency, row.brought, known, actor, now))
    record(
        session, actor=actor, now=now, action="import", object_type="list", object_ids=written, meeting_id=meeting.id
    )
    return Taken(len(written), found.new - len(written))


def _of_case(one: BroughtCase, party: Party, have: Collection[str], here: Collection[str]) -> Fate:
    if one.party != party.code:
        return Fate.FOREIGN
    if one.own_reference in have:
        return Fate.HERE
    return Fate.NEW if set(one.concerns) <= set(here) else Fate.NO_PARTY


def _of_lead(one: BroughtLead, party: Party, have: Collection[str], cases_here: Collection[str]) -> Fate:
    if one.party != party.code:
        return Fate.FOREIGN
    if one.own_reference in have:
        return Fate.HERE
    return Fate.NEW if one.case in cases_here else Fate.NO_CASE


def _case(
    session: Session,
    meeting: Meeting,
    party: Party,
    agency: Agency | None,
    one: BroughtCase,
    delegations: Mapping[str, Delegation],
    actor: User,
    now: datetime,
) -> Case:
    case = cases.nominate_case(
        session,
        actor=actor,
        now=now,
        meeting=meeting,
        originator=party,
        agency=agency,
        reference=one.own_reference,
        title=one.title,
        summary=one.summary,
        neutral_title=one.neutral_title,
        crime_types=one.crime_types,
        concerned=[delegations[code].party for code in one.concerns],
        tlp=one.tlp,
        handling=one.handling,
        handling_text=one.handling_text,
        readiness=one.readiness,
        priority=one.priority,
        languages=one.languages,
        minutes=one.minutes,
        state=ItemState.DRAFT,
    )
    _name(session, case.item, one, actor, now)
    return case


def _lead(
    session: Session,
    meeting: Meeting,
    party: Party,
    agency: Agency | None,
    one: BroughtLead,
    known: Mapping[str, Case],
    actor: User,
    now: datetime,
) -> str:
    grade = None if one.grade is None else Grade(one.grade.scheme, one.grade.source, one.grade.information)
    lead = cases.create_lead(
        session,
        actor=actor,
        now=now,
        case=known[one.case],
        originator=party,
        operation=meeting.operation,
        agency=agency,
        reference=one.own_reference,
        kind=one.kind,
        title=one.title,
        body=one.body,
        tlp=one.tlp,
        meeting=meeting,
        handling=one.handling,
        handling_text=one.handling_text,
        grade=grade,
    )
    _name(session, lead.item, one, actor, now)
    return str(lead.item.uuid)


def _name(session: Session, item: Item, one: BroughtCase | BroughtLead, actor: User, now: datetime) -> None:
    """What identifies comes in with its item, and is put to no matching."""
    if one.identifiers:
        naming.name_values(session, item, [Named(row.kind, row.value) for row in one.identifiers], actor=actor, now=now)


def _references(session: Session, party: Party) -> dict[ItemKind, set[str]]:
    """The references that a party has used; its own, so that they tell its people nothing new."""
    found: dict[ItemKind, set[str]] = {ItemKind.CASE: set(), ItemKind.LEAD: set()}
    used = select(Item.kind, Item.reference).where(Item.originator_id == party.id, Item.kind.in_(found))
    with for_nobody(session, Purpose.NUMBERING):  # who brings them in may not see all that its party gave
        rows: Iterable[tuple[ItemKind, str]] = session.execute(used).all()
    for kind, reference in rows:
        found[kind].add(reference)
    return found


def _delegations(session: Session, meeting: Meeting) -> dict[str, Delegation]:
    rows = session.scalars(
        select(Delegation).where(Delegation.meeting_id == meeting.id).options(joinedload(Delegation.party))
    )
    return {row.party.code: row for row in rows}


def _cases(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> dict[str, Case]:
    """Cases of a meeting on which the viewer may write leads, by reference."""
    rows = session.scalars(
        select(Case)
        .join(Item, Item.id == Case.id)
        .where(
            Item.id.in_(select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id)),
            sharing.bodies(viewer, now),
        )
        .options(joinedload(Case.item).joinedload(Item.originator))
    )
    return {f"{row.item.originator.code}/{row.item.reference}": row for row in rows}
