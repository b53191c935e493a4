"""Applying a checked workbook, or a part of it, all or nothing, through the services that the pages use."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases import services as cases
from confmgr.cases.models import Case, Nomination
from confmgr.delegations import services as delegations
from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.interchange.handing import files_under_way
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.returns.workbook import meant_for
from confmgr.interchange.sheets.entries import CaseRow, Checked, DelegateRow, Known, RequestRow
from confmgr.interchange.sheets.reading import Sheet
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties import services as parties
from confmgr.parties.models import Party
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import RequestKind
from confmgr.scheduling.models import MeetingRequest, RequestParty
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of each sheet are new, and how many the meeting has already."""

    new: Mapping[str, int]
    known: Mapping[str, int]

    @property
    def anything(self) -> bool:
        """Whether applying would change something."""
        return any(self.new.values())


def keep(
    session: Session,
    meeting: Meeting,
    sheets: Iterable[Sheet],
    *,
    actor: User,
    now: datetime,
    name: str,
    of: UUID | None = None,
) -> UploadedWorkbook:
    """Keep an uploaded workbook for its uploader until it is applied; an older one of the same person goes.

    One that a job is bringing in stays for that job.

    `of`: the return whose form it is. Forms of different returns and an import to the meeting wait side by side.
    """
    for older in session.scalars(
        select(UploadedWorkbook).where(
            UploadedWorkbook.meeting_id == meeting.id,
            UploadedWorkbook.user_id == actor.id,
            UploadedWorkbook.id.not_in(files_under_way(session, actor)),
        )
    ):
        if meant_for(Sheet.from_json(one) for one in older.sheets) == (None if of is None else str(of)):
            session.delete(older)
    row = UploadedWorkbook(
        meeting_id=meeting.id, user_id=actor.id, at=now, name=name[:200], sheets=[sheet.to_json() for sheet in sheets]
    )
    session.add(row)
    session.flush()
    return row


def known(session: Session, meeting: Meeting) -> Known:
    """What a workbook for this meeting may refer to; five statements.

    A draft is its party's alone: to organisers it is a reference that is taken, as when they use it for a new case.
    """
    rows = _delegations(session, meeting)
    references = (
        select(Party.code, Item.reference, Nomination.id.is_not(None) & (Item.state != ItemState.DRAFT))
        .join(Item, Item.originator_id == Party.id)
        .outerjoin(Nomination, (Nomination.case_id == Item.id) & (Nomination.meeting_id == meeting.id))
        .where(Item.kind == ItemKind.CASE)
    )
    with for_nobody(session, Purpose.NUMBERING):
        used = {f"{code}/{reference}": here for code, reference, here in session.execute(references)}
    return Known(
        parties=frozenset(session.scalars(select(Party.code))),
        delegations=frozenset(rows),
        heads={
            code: person.email or person.name
            for code, row in rows.items()
            for person in row.delegates
            if person.capacity is Capacity.HEAD_OF_DELEGATION and person.left_at is None
        },
        cases=frozenset(name for name, here in used.items() if here),
        taken=frozenset(name for name, here in used.items() if not here),
        zone=meeting.zone,
    )


def tally(session: Session, meeting: Meeting, checked: Checked, have: Known) -> Tally:
    """What applying would add to what the meeting has; writes nothing."""
    here = _delegations(session, meeting)
    asked = _requests(session, meeting, _cases(session, meeting))
    people = _people(here)
    new = {
        "delegations": sum(row.code not in here for row in checked.delegations),
        "delegates": sum(not _has(people, row) for row in checked.delegates),
        "cases": sum(row.name not in have.cases for row in checked.cases),
        "requests": sum(_key(row) not in asked for row in checked.requests),
    }
    return Tally(new, {name: len(rows) - new[name] for name, rows in checked.rows.items()})


def apply(session: Session, meeting: Meeting, checked: Checked, *, actor: User, now: datetime) -> Tally:
    """Write everything that the meeting does not have yet.

    Raises:
        Refused: The workbook has faults, or a rule of a room refuses a row; nothing is kept then.
    """
    if checked.faults:
        raise Refused("workbook_has_faults")
    have = known(session, meeting)
    found = tally(session, meeting, checked, have)
    _apply_delegations(session, meeting, checked, actor, now)
    here = _delegations(session, meeting)
    _apply_delegates(session, here, checked.delegates, actor, now)
    _apply_cases(session, meeting, here, [row for row in checked.cases if row.name not in have.cases], actor, now)
    _apply_requests(session, meeting, here, checked.requests, actor, now)
    record(
        session,
        actor=actor,
        now=now,
        action="import",
        object_type="workbook",
        meeting_id=meeting.id,
        facts=dict(found.new),
    )
    return found


def _delegations(session: Session, meeting: Meeting) -> dict[str, Delegation]:
    rows = session.scalars(
        select(Delegation)
        .where(Delegation.meeting_id == meeting.id)
        .options(joinedload(Delegation.party), joinedload(Delegation.meeting), selectinload(Delegation.delegates))
        .execution_options(populate_existing=True)
    )
    return {row.party.code: row for row in rows}


def _words(text: str, korean: str) -> Words:
    return Words.of({"en": text, "ko": korean} if korean else {"en": text})


def _apply_delegations(session: Session, meeting: Meeting, checked: Checked, actor: User, now: datetime) -> None:
    known_parties = {party.code: party for party in session.scalars(select(Party))}
    here = _delegations(session, meeting)
    for row in checked.delegations:
        if row.code in here:
            continue
        party = known_parties.get(row.code) or parties.add_party(
            session, actor=actor, now=now, code=row.code, kind=row.kind, short_name=_words(row.name, row.name_ko)
        )
        delegations.invite_party(
            session,
            actor=actor,
            now=now,
            meeting=meeting,
            party=party,
            status=row.status,
            teams=row.teams,
            languages=row.languages,
        )


def _people(here: Mapping[str, Delegation]) -> set[tuple[str, str | None, str | None]]:
    """Everybody named so far: by mail address, by name, and with an empty address those who have none."""
    known: set[tuple[str, str | None, str | None]] = set()
    for code, found in here.items():
        for one in found.delegates:
            known.add((code, None, one.name))
            known.add((code, one.email, None) if one.email else (code, "", one.name))
    return known


def _has(people: Collection[tuple[str, str | None, str | None]], row: DelegateRow) -> bool:
    """Whether somebody is there: by the mail address, or by the name where one of the two has no address."""
    if not row.email:
        return (row.delegation, None, row.name) in people
    return (row.delegation, row.email, None) in people or (row.delegation, "", row.name) in people


def _apply_delegates(
    session: Session, here: Mapping[str, Delegation], rows: Iterable[DelegateRow], actor: User, now: datetime
) -> None:
    people = _people(here)
    for row in rows:
        if _has(people, row):
            continue
        delegations.name_delegate(
            session,
            actor=actor,
            now=now,
            delegation=here[row.delegation],
            name=row.name,
            latin_name=row.latin_name or None,
            language=row.language,
            zone=row.zone,
            email=row.email or None,
            phone=row.phone or None,
            capacity=row.capacity,
            arrives=row.arrives,
            departs=row.departs,
        )


def _apply_cases(
    session: Session,
    meeting: Meeting,
    here: Mapping[str, Delegation],
    rows: Iterable[CaseRow],
    actor: User,
    now: datetime,
) -> None:
    with for_nobody(session, Purpose.LOADING):  # who brings in the cases of others may not read them
        for row in rows:
            named = [here[code] for code in row.concerned]
            cases.nominate_case(
                session,
                actor=actor,
                now=now,
                meeting=meeting,
                originator=here[row.originator].party,
                reference=row.reference,
                title=_words(row.title, row.title_ko),
                crime_types=row.crime_types,
                concerned=[delegation.party for delegation in named],
                tlp=row.tlp,
                readiness=row.readiness,
                priority=row.priority,
                disclose_to=named,
            )


Asked = tuple[str, frozenset[str], int, frozenset[str]]


def _key(row: RequestRow) -> Asked:
    return row.asking, frozenset(row.asked), row.minutes, frozenset(row.cases)


def _cases(session: Session, meeting: Meeting) -> dict[str, Case]:
    """Cases of a meeting by code and reference, as organisers know of them: without drafts."""
    rows = session.scalars(
        select(Case)
        .join(Item, Item.id == Case.id)
        .join(Nomination, Nomination.case_id == Case.id)
        .where(Nomination.meeting_id == meeting.id, Item.state != ItemState.DRAFT)
        .options(joinedload(Case.item).joinedload(Item.originator))
    )
    return {f"{row.item.originator.code}/{row.item.reference}": row for row in rows}


def _requests(session: Session, meeting: Meeting, cases_here: Mapping[str, Case]) -> set[Asked]:
    names = {case.id: name for name, case in cases_here.items()}
    rows = session.scalars(
        select(MeetingRequest)
        .where(MeetingRequest.meeting_id == meeting.id)
        .options(
            joinedload(MeetingRequest.asking).joinedload(Delegation.party),
            selectinload(MeetingRequest.asked).joinedload(RequestParty.delegation).joinedload(Delegation.party),
            selectinload(MeetingRequest.cases),
        )
    )
    return {
        (
            row.asking.party.code,
            frozenset(side.delegation.party.code for side in row.asked),
            row.minutes,
            frozenset(names[link.case_id] for link in row.cases if link.case_id in names),
        )
        for row in rows
    }


def _apply_requests(
    session: Session,
    meeting: Meeting,
    here: Mapping[str, Delegation],
    rows: Iterable[RequestRow],
    actor: User,
    now: datetime,
) -> None:
    by_name = _cases(session, meeting)
    asked = _requests(session, meeting, by_name)
    for row in rows:
        if _key(row) in asked:
            continue
        scheduling.ask_meeting(
            session,
            actor=actor,
            now=now,
            asking=here[row.asking],
            asked=[here[code] for code in row.asked],
            minutes=row.minutes,
            kind=RequestKind.CASE if row.cases else RequestKind.COOPERATION,
            cases=[by_name[name] for name in row.cases],
            interpretation=row.interpretation or None,
            priority=row.priority,
        )
