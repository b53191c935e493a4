"""Entries of what came of the meetings."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from confmgr.interchange.schema.entries import Entry, LocalTime, Moment, Text
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
from confmgr.parties.domain import ContactChannel
from confmgr.sharing.domain import Tlp


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


class ContactEntry(Entry):
    """A post of an agency to turn to: key `PARTY/NAME`, when its party last said that it is right."""

    key: str
    agency: str
    at: Moment
    subject: Text
    holder: str | None = None
    deputy: str | None = None
    reachable: Text | None = None
    channels: dict[ContactChannel, str]
    illustrative: bool = False


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
    duty_hours: Text | None = None
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
    contact: str | None = None


class ActionRequestEntry(ItemEntry):
    """What one party asked of another; seen by both."""

    meeting: str
    session: str | None = None
    to: str
    kind: RequestedAction
    urgency: Urgency = Urgency.ROUTINE
    channel: Channel = Channel.POLICE
    case: str | None = None
    contact: str | None = None
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


class PersonShareEntry(Entry):
    """How many of a set share a nationality, sex, age or role."""

    dimension: Dimension
    key: str
    count: int
    verified: bool = False


class PersonsEntry(Entry):
    """A set of persons found in an action."""

    key: str
    name: Text
    count: int
    statuses: list[StatusEntry] = []
    shares: list[PersonShareEntry] = []


class LineEntry(Entry):
    """A line of the log of an action under way, by the clock there; `corrects` is the place of a line, from 1."""

    local: LocalTime
    zone: str
    at: Moment
    text: str
    tallies: dict[str, int] = {}
    corrects: int | None = None


class JointActionEntry(ItemEntry):
    """A joint action; without `on` it is still planned, or under way where it has `begun`.

    `confirmed`: when the party of the territory confirmed it.
    """

    kind: JointActionKind
    title: Text
    place: Text | None = None
    territory: str | None = None
    coordinates: tuple[float, float] | None = None
    planned_for: date | None = None
    plan: Text | None = None
    begun: Moment | None = None
    log: list[LineEntry] = []
    on: date | None = None
    confirmed: Moment | None = None
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


class ConversionEntry(Entry):
    """A sum in another currency: `rate` of it for one of the figure's own, on which day, by which source."""

    currency: str
    rate: Decimal
    rate_on: date
    source: str


class FigureEntry(Entry):
    """A figure; see "Figures" in docs/data-format.md. `disagrees`: a name that figures of disagreeing sources share."""

    code: str
    title: Text | None = None
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
    conversions: list[ConversionEntry] = []
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
    definition: Text | None = None
    values: list[ValueEntry]


class BorderEntry(Entry):
    """A stretch of a border to watch, its one or two sides, and the parties that ask to be told."""

    key: str
    at: Moment
    name: Text
    sides: Annotated[list[str], Field(min_length=1, max_length=2)]
    coordinates: tuple[float, float] | None = None
    note: Text | None = None
    watched_by: list[str] = []


class GroupEntry(ItemEntry):
    """A criminal group. `same_as`: an earlier group that it is, for a `reason`."""

    name: Text
    aliases: list[str] = []
    description: Text | None = None
    same_as: str | None = None
    reason: str = ""


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
    sections: list[str] = []
    illustrative: bool = False


class LinkEntry(Entry):
    """One step of a chain. Ends are `lead:`, `session:`, `request:`, `task_force:`, `action:` and a key."""

    cause: str
    effect: str
    source: str | None = None
    note: Text | None = None
