"""The shape of an operation's data file (TOML): docs/data-format.md describes it, these classes refuse what is not it.

Keys that other entries name: a party by its code, a person by `key`, a meeting by its slug, a case or lead as
`PARTY/REFERENCE`, a session as `SLUG/REFERENCE` (a request's session is `R1`, `R2`, … in the order of the requests).
"""

import tomllib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from confmgr.cases.domain import CrimeType, FeedbackKind, LeadKind, NominationState, Readiness
from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, PrintedAs
from confmgr.errors import ConfmgrError
from confmgr.meetings.domain import MeetingState, PlaceKind, Role
from confmgr.outcomes.domain import (
    Attribution,
    Channel,
    Confidence,
    Dimension,
    Driver,
    FigureKind,
    FigureStatus,
    JointActionKind,
    LinkKind,
    OverlapDecision,
    PersonStatus,
    Qualifier,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.papers.domain import ExpectedAction
from confmgr.parties.domain import PartyKind
from confmgr.scheduling.domain import RequestKind, SessionKind
from confmgr.sharing.domain import GradeScheme, Handling, Tlp
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words

LARGEST_FILE = 20 * 2**20
"""Bytes."""


class WrongData(ConfmgrError):
    """A data file that cannot be read; one sentence per fault, with the entry it stands in."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def _words(value: object) -> object:
    if isinstance(value, dict) and value and all(k in LANGUAGES and isinstance(v, str) for k, v in value.items()):
        return Words.of({str(k): str(v) for k, v in value.items()}, source=next(iter(value)))
    raise ValueError('a table of texts by language is wanted, for example { en = "Opening", ko = "개회" }')


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset, for example 2026-02-05T06:00:00Z")
    return value.astimezone(UTC)


def _naive(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("a local time has no offset; its zone is that of the meeting or stands beside it")
    return value


Text = Annotated[Words, BeforeValidator(_words)]
Moment = Annotated[datetime, AfterValidator(_aware)]
LocalTime = Annotated[datetime, AfterValidator(_naive)]


class Entry(BaseModel):
    """An entry; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class AgencyEntry(Entry):
    """A body of a party."""

    code: str
    name: Text
    parent: str | None = None


class PersonEntry(Entry):
    """Somebody whom a party can send. `account`: may sign in."""

    key: str
    name: str
    latin_name: str
    language: str
    zone: str
    email: str | None = None
    grade: str | None = None
    capacity: Capacity = Capacity.DELEGATE
    printed_as: PrintedAs = PrintedAs.NAME
    agency: str | None = None
    account: bool = False


class PartyEntry(Entry):
    """A party with its agencies and people."""

    code: str
    kind: PartyKind
    short_name: Text
    long_name: Text | None = None
    agencies: list[AgencyEntry] = []
    people: list[PersonEntry] = []
    illustrative: bool = False


class AccountEntry(Entry):
    """An account that belongs to no delegate."""

    key: str
    email: str
    name: str
    language: str
    zone: str
    administrator: bool = False


class OperationEntry(Entry):
    """The operation."""

    code: str
    name: Text
    purpose: Text | None = None
    lead: str
    starts_on: date
    at: Moment


class RoleEntry(Entry):
    """What an account is in a meeting."""

    account: str
    role: Role
    delegation: str | None = None


class PlaceEntry(Entry):
    """A room, or a table in one."""

    code: str
    kind: PlaceKind
    name: Text
    seats: int
    booths: int = 0
    room: str | None = None


class InterpreterEntry(Entry):
    """An interpreter of a meeting."""

    name: str
    latin_name: str
    language: str
    zone: str
    email: str | None = None
    pairs: list[str]
    modes: list[str]
    longest_run_minutes: int | None = None
    longest_day_minutes: int | None = None


class HoursEntry(Entry):
    """A stretch of time by the venue's clock."""

    starts: LocalTime
    ends: LocalTime


class DelegationEntry(Entry):
    """A party at a meeting."""

    party: str
    status: DelegationStatus
    state: DelegationState = DelegationState.CONFIRMED
    teams: int = 1
    languages: list[str]
    people: list[str] = []
    hours: list[HoursEntry] = []
    illustrative: bool = False


class AgendaEntry(Entry):
    """An item of the agenda."""

    number: str
    title: Text
    expected: ExpectedAction
    chair: str | None = None
    annotation: Text | None = None


class SessionEntry(Entry):
    """A session with a fixed time: plenaries, breaks, ceremonies."""

    key: str
    kind: SessionKind
    title: Text
    description: Text | None = None
    starts: LocalTime
    ends: LocalTime
    place: str | None = None
    everybody: bool = False
    agenda: list[str] = []


class CaseEntry(Entry):
    """A case, nominated for this meeting."""

    from_: Annotated[str, Field(alias="from")]
    reference: str
    title: Text
    summary: Text | None = None
    crime_types: list[CrimeType]
    concerned: list[str]
    tlp: Tlp
    readiness: Readiness = Readiness.INFORMATION_EXCHANGE
    priority: int = 2
    state: NominationState = NominationState.SELECTED
    nominated_on: date
    illustrative: bool = False


class GradeEntry(Entry):
    """How the originator graded a lead."""

    scheme: GradeScheme
    source: str
    information: str


class LeadEntry(Entry):
    """A lead shared at this meeting. `feedback`: by party code."""

    from_: Annotated[str, Field(alias="from")]
    reference: str
    case: str
    kind: LeadKind
    title: Text
    body: Text
    tlp: Tlp
    handling: list[Handling] = []
    grade: GradeEntry | None = None
    to: list[str]
    at: Moment
    feedback: dict[str, FeedbackKind] = {}
    illustrative: bool = False


class RequestEntry(Entry):
    """A meeting request. Who is not named in `answers` accepts; `waiting` and `declined` are the other answers."""

    from_: Annotated[str, Field(alias="from")]
    to: list[str]
    kind: RequestKind = RequestKind.CASE
    minutes: int
    priority: int = 2
    cases: list[str] = []
    interpretation: str | None = None
    answers: dict[str, str] = {}
    reason: str | None = None
    illustrative: bool = False


class CancelEntry(Entry):
    """A session that a publication calls off."""

    session: str
    because: str


class PublicationEntry(Entry):
    """A publication and what was changed before it. A moved session goes to the first free time and table."""

    at: Moment
    note: str | None = None
    move: list[str] = []
    cancel: list[CancelEntry] = []
    restore: list[str] = []


class MeetingEntry(Entry):
    """One edition with everything that is brought to it."""

    slug: str
    number: int
    title: Text
    description: Text | None = None
    venue: Text
    zone: str
    starts_on: date
    ends_on: date
    languages: list[str]
    host: str
    host_counts: bool = True
    slot_minutes: int = 20
    opens: time = time(9)
    closes: time = time(18)
    at: Moment
    state: MeetingState = MeetingState.OPEN
    follows: str | None = None
    roles: list[RoleEntry] = []
    places: list[PlaceEntry] = []
    interpreters: list[InterpreterEntry] = []
    delegations: list[DelegationEntry] = []
    agenda: list[AgendaEntry] = []
    sessions: list[SessionEntry] = []
    cases: list[CaseEntry] = []
    leads: list[LeadEntry] = []
    requests: list[RequestEntry] = []
    publications: list[PublicationEntry] = []


class SourceEntry(Entry):
    """Where figures come from."""

    code: str
    title: Text
    published_on: date | None = None


class AllianceEntry(Entry):
    """A standing framework and its founding members."""

    name: Text
    founded_on: date
    source: str | None = None
    members: list[str]


class ItemEntry(Entry):
    """What all items have: key `PARTY/REFERENCE`, when it was entered, marking, the meetings whose members may read."""

    key: str
    at: Moment
    meetings: list[str]
    tlp: Tlp
    illustrative: bool = False


class TaskForceEntry(ItemEntry):
    """Parties that work together from a date."""

    name: Text
    starts_on: date
    agreed_on: date | None = None
    agreement: Text | None = None
    parties: list[str]


class DueEntry(Entry):
    """A wall time with its zone."""

    local: LocalTime
    zone: str


class StepEntry(Entry):
    """One step of an action request."""

    state: RequestStep
    at: Moment
    by: str
    reason: str | None = None


class ActionRequestEntry(ItemEntry):
    """What one party asked of another; seen by both."""

    meeting: str
    session: str | None = None
    to: str
    kind: RequestedAction
    urgency: Urgency = Urgency.ROUTINE
    channel: Channel = Channel.POLICE
    case: str | None = None
    asked_on: date
    due: DueEntry | None = None
    text: Text
    steps: list[StepEntry] = []


class TookPartEntry(Entry):
    """A party in a joint action, with its officers where somebody counted them."""

    party: str
    officers: int | None = None
    about: bool = False


class StatusEntry(Entry):
    """As what how many of a set were held to be."""

    status: PersonStatus
    count: int
    decided_on: date
    decided_by: str | None = None
    source: str | None = None


class PersonsEntry(Entry):
    """A set of persons found in an action."""

    key: str
    name: Text
    count: int
    statuses: list[StatusEntry] = []


class JointActionEntry(ItemEntry):
    """A joint action; without `on` it is still planned."""

    kind: JointActionKind
    title: Text
    place: Text | None = None
    territory: str | None = None
    coordinates: tuple[float, float] | None = None
    planned_for: date | None = None
    on: date | None = None
    starts: DueEntry | None = None
    about: bool = False
    task_force: str | None = None
    parties: list[TookPartEntry] = []
    cases: list[str] = []
    source: str | None = None
    persons: list[PersonsEntry] = []


class ShareEntry(Entry):
    """A part of a figure along a dimension."""

    dimension: Dimension
    key: str
    value: Decimal
    verified: bool = True


class FigureEntry(Entry):
    """A figure; see "Figures" in docs/data-format.md. `disagrees`: a name that figures of disagreeing sources share."""

    code: str
    kind: FigureKind
    measure: str
    low: Decimal
    high: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    currency: str | None = None
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    at: date | None = None
    source: str
    as_of: date
    status: FigureStatus = FigureStatus.PROVISIONAL
    attribution: Attribution
    owner: str | None = None
    meeting: str | None = None
    action: str | None = None
    task_force: str | None = None
    group: str | None = None
    cases: list[str] = []
    persons: str | None = None
    breakdown: list[ShareEntry] = []
    disagrees: str | None = None
    chosen: bool = False
    note: Text | None = None
    illustrative: bool = False


class OverlapEntry(Entry):
    """Two figures that count the same people, or may."""

    first: str
    second: str
    kind: LinkKind = LinkKind.POSSIBLE
    decision: OverlapDecision = OverlapDecision.OPEN
    reason: Text | None = None


class ValueEntry(Entry):
    """One value of an indicator."""

    at: date
    value: Decimal
    source: str
    month_only: bool = False


class IndicatorEntry(Entry):
    """A number over time that nobody here produces."""

    code: str
    name: Text
    unit: str
    values: list[ValueEntry]


class GroupEntry(ItemEntry):
    """A criminal group."""

    name: Text
    aliases: list[str] = []
    description: Text | None = None


class BaseEntry(Entry):
    """Where a group was; it takes marking and meetings of its group."""

    key: str
    group: str
    name: Text
    territory: str | None = None
    coordinates: tuple[float, float] | None = None
    from_: Annotated[date | None, Field(alias="from")] = None
    to: date | None = None
    confidence: Confidence = Confidence.REPORTED
    illustrative: bool = False


class MoveEntry(Entry):
    """A group left a base."""

    key: str
    group: str
    from_: Annotated[str, Field(alias="from")]
    to: str | None = None
    noticed_on: date
    driver: Driver = Driver.UNKNOWN
    confidence: Confidence = Confidence.REPORTED
    illustrative: bool = False


class LinkEntry(Entry):
    """One step of a chain. Ends are `lead:`, `session:`, `request:`, `task_force:`, `action:` and a key."""

    cause: str
    effect: str
    source: str | None = None
    note: Text | None = None


class DataFile(Entry):
    """A whole file."""

    format: Annotated[int, Field(ge=1, le=1)]
    seed: int = 1
    operation: OperationEntry
    party: list[PartyEntry]
    account: list[AccountEntry]
    meeting: list[MeetingEntry]
    source: list[SourceEntry] = []
    alliance: list[AllianceEntry] = []
    task_force: list[TaskForceEntry] = []
    action_request: list[ActionRequestEntry] = []
    joint_action: list[JointActionEntry] = []
    figure: list[FigureEntry] = []
    overlap: list[OverlapEntry] = []
    indicator: list[IndicatorEntry] = []
    group: list[GroupEntry] = []
    base: list[BaseEntry] = []
    move: list[MoveEntry] = []
    link: list[LinkEntry] = []


def read(path: Path) -> DataFile:
    """Read a data file.

    Raises:
        WrongData: Not TOML, or not of this shape; every fault is named with where it stands.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise WrongData([f"{path.name}: larger than {LARGEST_FILE // 2**20} MB"])
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongData([f"{path.name}: {problem}"]) from problem
    return parse(raw, path.name)


def parse(raw: dict[str, Any], name: str = "data") -> DataFile:
    """A file's content as entries.

    Raises:
        WrongData: Not of this shape.
    """
    try:
        return DataFile.model_validate(raw)
    except ValidationError as wrong:
        faults = [f"{name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in wrong.errors()]
        raise WrongData(faults) from wrong
