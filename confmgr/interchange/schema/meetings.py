"""Entries of parties and meetings."""

from datetime import date, time
from typing import Annotated

from pydantic import Field

from confmgr.cases.domain import CrimeType, FeedbackKind, LeadKind, NominationState, Readiness
from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, PrintedAs
from confmgr.interchange.schema.entries import Entry, LocalTime, Moment, Text
from confmgr.meetings.domain import MeetingState, PlaceKind, Role
from confmgr.papers.domain import AgendaKind, ExpectedAction
from confmgr.parties.domain import OperationPhase, PartyKind
from confmgr.scheduling.domain import RequestKind, SessionKind
from confmgr.sharing.domain import GradeScheme, Handling, Tlp


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
    phase: OperationPhase = OperationPhase.PLANNING
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


class DocumentEntry(Entry):
    """A document named under an item of the agenda."""

    title: Text
    symbol: str | None = None
    languages: list[str] = []


class AgendaEntry(Entry):
    """An item of the agenda, in order; `number` is what its place gives it, `under` the number of the item above."""

    number: str
    title: Text
    expected: ExpectedAction
    kind: AgendaKind = AgendaKind.SUBSTANCE
    under: str | None = None
    chair: str | None = None
    speaker: str | None = None
    mandate: Text | None = None
    annotation: Text | None = None
    documents: list[DocumentEntry] = []


class AgendaPaperEntry(Entry):
    """The agenda as a document."""

    symbol: str | None = None
    original_language: str = "en"
    organisation: Text | None = None
    adopted_on: date | None = None


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


class DeclineEntry(Entry):
    """Somebody who declines what is asked, and says why."""

    person: str
    because: str


class AnswersEntry(Entry):
    """What people answer to a publication. Who is named nowhere accepts by mail what is asked."""

    at: Moment
    silent: list[str] = []
    perhaps: list[str] = []
    decline: list[DeclineEntry] = []


class PublicationEntry(Entry):
    """A publication and what was changed before it. A moved session goes to the first free time and table."""

    at: Moment
    note: str | None = None
    move: list[str] = []
    cancel: list[CancelEntry] = []
    restore: list[str] = []
    answers: AnswersEntry | None = None


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
    agenda_paper: AgendaPaperEntry | None = None
    sessions: list[SessionEntry] = []
    cases: list[CaseEntry] = []
    leads: list[LeadEntry] = []
    requests: list[RequestEntry] = []
    publications: list[PublicationEntry] = []
