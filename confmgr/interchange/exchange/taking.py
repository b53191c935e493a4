"""What a file of cases and leads would bring a party, and bringing it in: drafts of that party, nothing overwritten."""

from collections.abc import Collection, Iterable
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
from confmgr.interchange.exchange.incoming import Brings, BroughtCase, BroughtLead
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Agency, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Viewer
from confmgr.sharing.services import Grade

AT_ONCE = 80
"""Cases and leads that are written in one transaction: each takes 20 ms, and SQLite has one writer at a time.

Of a file with more the rest is left to a job (`confmgr.interchange.exchange.parts`).
"""


class Fate(StrEnum):
    """What becomes of one case or lead of a file."""

    NEW = "new"
    HERE = "here"
    FOREIGN = "foreign"
    NO_CASE = "no_case"
    NO_PARTY = "no_party"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One case or lead of a file, and what becomes of it."""

    kind: ItemKind
    number: int
    brought: BroughtCase | BroughtLead
    fate: Fate

    @property
    def place(self) -> str:
        """Where it stands in the file, as its faults would be told."""
        return f"{self.kind.value}s {self.number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file in would do for one party."""

    party: Party
    rows: tuple[Row, ...]

    @property
    def new(self) -> int:
        """How many cases and leads would be written."""
        return sum(row.fate is Fate.NEW for row in self.rows)


def plan(
    session: Session, meeting: Meeting, party: Party, viewer: Viewer, brings: Brings, now: datetime, *, done: int = 0
) -> Plan:
    """Look at what a file would bring; writes nothing. A party brings in what it gave, and nobody else's.

    `done`: how many of its rows, cases before leads, were dealt with before.
    """
    have = _references(session, party)
    here = set(_delegations(session, meeting))
    visible = set(_cases(session, meeting, viewer, now))
    rows = [
        Row(ItemKind.CASE, number, one, _of_case(one, party, have[ItemKind.CASE], here))
        for number, one in enumerate(brings.cases, 1)
    ]
    coming = {row.brought.reference for row in rows[done:] if row.fate is Fate.NEW}
    for number, one in enumerate(brings.leads, 1):
        fate = _of_lead(one, party, have[ItemKind.LEAD], coming | visible)
        rows.append(Row(ItemKind.LEAD, number, one, fate))
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
) -> int:
    """Write what is new, as drafts of the actor's party; who may read them is named when they are shared.

    Returns:
        How many drafts were written.

    Raises:
        Refused: Nothing is new; what the services of cases and leads refuse. Nothing is kept then.
    """
    found = plan(session, meeting, party, viewer, brings, now)
    if not found.new:
        raise Refused("exchange_nothing_new")
    pen = Pen(session, meeting, party, viewer, agency=agency, actor=actor, now=now)
    for row in found.rows:
        if row.fate is Fate.NEW:
            pen.write(row.brought)
    pen.put_down()
    return len(pen.written)


class Pen:
    """Writes cases and leads of a file as drafts of one party, and notes at the end which."""

    def __init__(
        self,
        session: Session,
        meeting: Meeting,
        party: Party,
        viewer: Viewer,
        *,
        agency: Agency | None,
        actor: User,
        now: datetime,
    ) -> None:
        self.written: list[str] = []
        """Public ids of what was written."""
        self._session, self._meeting, self._party, self._agency = session, meeting, party, agency
        self._actor, self._now = actor, now
        self._delegations = _delegations(session, meeting)
        self._cases = _cases(session, meeting, viewer, now)

    def knows(self, reference: str) -> bool:
        """Whether a lead can be written on a case."""
        return reference in self._cases

    def write(self, one: BroughtCase | BroughtLead) -> None:
        """Write one.

        Raises:
            Refused: What the services of cases and leads refuse.
        """
        item = self._case(one) if isinstance(one, BroughtCase) else self._lead(one)
        if one.identifiers:  # they come in with their item, and are put to no matching
            values = [Named(row.kind, row.value) for row in one.identifiers]
            naming.name_values(self._session, item, values, actor=self._actor, now=self._now)
        self.written.append(str(item.uuid))

    def put_down(self) -> None:
        """Note what was written."""
        if self.written:
            record(
                self._session,
                actor=self._actor,
                now=self._now,
                action="import",
                object_type="list",
                object_ids=self.written,
                meeting_id=self._meeting.id,
            )

    def _case(self, one: BroughtCase) -> Item:
        case = cases.nominate_case(
            self._session,
            actor=self._actor,
            now=self._now,
            meeting=self._meeting,
            originator=self._party,
            agency=self._agency,
            reference=one.own_reference,
            title=one.title,
            summary=one.summary,
            neutral_title=one.neutral_title,
            crime_types=one.crime_types,
            concerned=[self._delegations[code].party for code in one.concerns],
            tlp=one.tlp,
            handling=one.handling,
            handling_text=one.handling_text,
            readiness=one.readiness,
            priority=one.priority,
            languages=one.languages,
            minutes=one.minutes,
            state=ItemState.DRAFT,
        )
        self._cases[one.reference] = case
        return case.item

    def _lead(self, one: BroughtLead) -> Item:
        grade = None if one.grade is None else Grade(one.grade.scheme, one.grade.source, one.grade.information)
        lead = cases.create_lead(
            self._session,
            actor=self._actor,
            now=self._now,
            case=self._cases[one.case],
            originator=self._party,
            operation=self._meeting.operation,
            agency=self._agency,
            reference=one.own_reference,
            kind=one.kind,
            title=one.title,
            body=one.body,
            tlp=one.tlp,
            meeting=self._meeting,
            handling=one.handling,
            handling_text=one.handling_text,
            grade=grade,
        )
        return lead.item


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
