"""Rows of text into entries, with every fault named by sheet, row and column. Plain Python."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeVar
from unicodedata import category

from confmgr.cases.domain import CrimeType, Readiness
from confmgr.delegations.domain import Capacity, DelegationStatus
from confmgr.interchange.sheets.columns import COLUMNS, Column, SheetKind, column_of, kind_of
from confmgr.interchange.sheets.reading import Sheet
from confmgr.parties.domain import PARTY_CODE, PartyKind
from confmgr.sharing.domain import Tlp
from confmgr.values import times
from confmgr.values.languages import LANGUAGES

Choice = TypeVar("Choice", bound=Enum)
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST = 300
SHAREABLE = {Tlp.AMBER, Tlp.GREEN}
SMALLEST, LARGEST = 5, 480


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which sheet, row (as the spreadsheet numbers it) and column, and why."""

    sheet: str
    row: int
    column: Column | None
    reason: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation, and its party where it is new."""

    code: str
    name: str
    name_ko: str
    kind: PartyKind
    status: DelegationStatus
    teams: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegateRow:
    """A person of a delegation."""

    delegation: str
    name: str
    latin_name: str
    capacity: Capacity
    email: str
    language: str
    zone: str
    arrives: datetime | None
    departs: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case."""

    originator: str
    reference: str
    title: str
    title_ko: str
    crime_types: tuple[CrimeType, ...]
    concerned: tuple[str, ...]
    tlp: Tlp
    readiness: Readiness
    priority: int


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A meeting request."""

    asking: str
    asked: tuple[str, ...]
    minutes: int
    cases: tuple[str, ...]
    interpretation: str
    priority: int


@dataclass(slots=True)
class Checked:
    """Everything that could be read, and every fault."""

    delegations: list[DelegationRow] = field(default_factory=list)
    delegates: list[DelegateRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    requests: list[RequestRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What the meeting has already: codes of parties and delegations, delegations that have a head, references."""

    parties: frozenset[str] = frozenset()
    delegations: frozenset[str] = frozenset()
    heads: Mapping[str, str] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()
    zone: str = "UTC"


def check(sheets: Iterable[Sheet], known: Known) -> Checked:
    """Read every sheet that is recognised, delegations first; rows without any text are passed over."""
    found = Checked()
    ordered: list[tuple[SheetKind, Sheet, int]] = []
    for sheet in sheets:
        at, headings = _headings(sheet)
        kind = kind_of(sheet.name, headings)
        if kind is None:
            if any(any(row) for row in sheet.rows):
                found.unknown.append(sheet.name)
            continue
        ordered.append((kind, sheet, at))
    order = list(SheetKind)
    for kind, sheet, at in sorted(ordered, key=lambda one: order.index(one[0])):
        _sheet(kind, sheet, at, known, found)
    return found


def _headings(sheet: Sheet) -> tuple[int, list[str]]:
    for at, row in enumerate(sheet.rows[:10]):
        if sum(bool(cell) for cell in row) > 1:
            return at, row
    return 0, sheet.rows[0] if sheet.rows else []


def _sheet(kind: SheetKind, sheet: Sheet, at: int, known: Known, found: Checked) -> None:
    headings = sheet.rows[at] if sheet.rows else []
    columns = [column_of(kind, heading) if heading else None for heading in headings]
    missing = [column for column in COLUMNS[kind] if column.needed and column not in columns]
    found.faults += [Fault(sheet.name, at + 1, column, "column_missing") for column in missing]
    formulas = set(sheet.formulas)
    if missing:
        return
    for number, row in enumerate(sheet.rows[at + 1 :], at + 2):
        if not any(row):
            continue
        cells = {column.name: row[i] for i, column in enumerate(columns) if column is not None and i < len(row)}
        reader = _Row(kind, sheet.name, number, cells, found.faults)
        before = len(found.faults)
        for line, letter in formulas:
            index = ord(letter[-1]) - ord("A")
            column = columns[index] if index < len(columns) else None
            if line == number and column is not None:
                reader.fault(column.name, "formula")
        reader.check_texts()
        _READERS[kind](reader, known, found, before)


class _Row:
    """One row being read: each getter notes its own fault and gives a harmless value instead."""

    def __init__(self, kind: SheetKind, sheet: str, number: int, cells: Mapping[str, str], faults: list[Fault]) -> None:
        self.kind = kind
        self.sheet = sheet
        self.number = number
        self.cells = cells
        self.faults = faults

    def fault(self, name: str, reason: str, **facts: object) -> None:
        column = next((column for column in COLUMNS[self.kind] if column.name == name), None)
        self.faults.append(Fault(self.sheet, self.number, column, reason, facts))

    def check_texts(self) -> None:
        for name, text in self.cells.items():
            if len(text) > LONGEST:
                self.fault(name, "cell_too_long", most=LONGEST)
            if any(category(char) in {"Cc", "Cf"} and char not in "\n\t\r\u200c\u200d" for char in text):
                self.fault(name, "control_characters")
        for column in COLUMNS[self.kind]:
            if column.needed and not self.cells.get(column.name):
                self.fault(column.name, "cell_empty")

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    def code(self, name: str, among: Iterable[str]) -> str:
        text = self.text(name).upper()
        if text and text not in among:
            self.fault(name, "unknown_delegation", code=text)
        return text

    def codes(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        wanted = tuple(dict.fromkeys(part.strip().upper() for part in _parts(self.text(name))))
        known = set(among)
        for code in wanted:
            if code not in known:
                self.fault(name, "unknown_delegation", code=code)
        return wanted

    def choice(self, name: str, kind: type[Choice], default: Choice) -> Choice:
        text = self.text(name).lower().replace(" ", "_").replace("-", "_")
        if not text:
            return default
        for member in kind:
            if text == str(member.value).lower().replace("-", "_"):
                return member
        self.fault(name, "not_one_of", value=self.text(name), choices=", ".join(str(m.value) for m in kind))
        return default

    def number_in(self, name: str, low: int, high: int, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
            self.fault(name, "number_out_of_range", value=text, low=low, high=high)
            return default
        return int(text)

    def moment(self, name: str, zone: str) -> datetime | None:
        text = self.text(name).replace("T", " ")
        if not text:
            return None
        for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
            try:
                wall = datetime.strptime(text, form)  # noqa: DTZ007  # a wall time at the venue
                times.instant(wall, zone)
            except (times.NoSuchTime, times.TwoSuchTimes):
                self.fault(name, "no_such_time", time=text, zone=zone)
                return None
            except ValueError:
                continue
            else:
                return wall
        self.fault(name, "not_a_date", value=text)
        return None


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;/\n]\s*", text) if part.strip()]


def _languages(row: _Row, name: str, default: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in _parts(row.text(name))) or (default,)
    for tag in wanted:
        if tag not in LANGUAGES:
            row.fault(name, "unknown_language_cell", language=tag)
    return wanted


def _delegation(row: _Row, known: Known, found: Checked, before: int) -> None:
    code = row.text("code").upper()
    if code and not PARTY_CODE.fullmatch(code):
        row.fault("code", "party_code_malformed", code=code)
    if code in {one.code for one in found.delegations}:
        row.fault("code", "twice_in_file", value=code)
    if code not in known.parties and not row.text("name"):
        row.fault("name", "new_party_needs_name", code=code)
    default = PartyKind.STATE if len(code) == 2 else PartyKind.ORGANISATION  # noqa: PLR2004  # ISO codes have two letters
    parsed = DelegationRow(
        code=code,
        name=row.text("name"),
        name_ko=row.text("name_ko"),
        kind=row.choice("kind", PartyKind, default),
        status=row.choice("status", DelegationStatus, DelegationStatus.MEMBER),
        teams=row.number_in("teams", 1, 50, 1),
        languages=_languages(row, "languages", "en"),
    )
    if len(found.faults) == before:
        found.delegations.append(parsed)


def _here(known: Known, found: Checked) -> set[str]:
    return set(known.delegations) | {one.code for one in found.delegations}


def _delegate(row: _Row, known: Known, found: Checked, before: int) -> None:
    delegation = row.code("delegation", _here(known, found))
    capacity = row.choice("capacity", Capacity, Capacity.DELEGATE)
    email = row.text("email").lower()
    if email and not MAIL.fullmatch(email):
        row.fault("email", "not_a_mail_address", value=email)
    heads = {**known.heads, **{d.delegation: d.email for d in found.delegates if _is_head(d.capacity)}}
    if _is_head(capacity) and delegation in heads and heads[delegation] != email:
        row.fault("capacity", "second_head_in_file", code=delegation)
    zone = row.text("zone") or known.zone
    try:
        times.zone(zone)
    except times.UnknownZone:
        row.fault("zone", "unknown_zone_cell", zone=zone)
    parsed = DelegateRow(
        delegation=delegation,
        name=row.text("name"),
        latin_name=row.text("latin_name"),
        capacity=capacity,
        email=email,
        language=_languages(row, "language", "en")[0],
        zone=zone,
        arrives=row.moment("arrives", known.zone),
        departs=row.moment("departs", known.zone),
    )
    if parsed.arrives and parsed.departs and parsed.departs <= parsed.arrives:
        row.fault("departs", "departs_before_arriving")
    if len(found.faults) == before:
        found.delegates.append(parsed)


def _is_head(capacity: Capacity) -> bool:
    return capacity is Capacity.HEAD_OF_DELEGATION


def _case(row: _Row, known: Known, found: Checked, before: int) -> None:
    here = _here(known, found)
    crimes = []
    for part in _parts(row.text("crime_types")):
        name = part.strip().lower().replace(" ", "_")
        if name in {member.value for member in CrimeType}:
            crimes.append(CrimeType(name))
        else:
            row.fault("crime_types", "not_one_of", value=part, choices=", ".join(member.value for member in CrimeType))
    tlp = row.choice("tlp", Tlp, Tlp.AMBER)
    if tlp not in SHAREABLE:
        row.fault("tlp", "marking_not_imported", tlp=tlp.label)
    originator = row.code("originator", here)
    reference = row.text("reference")
    if (originator, reference) in {(one.originator, one.reference) for one in found.cases}:
        row.fault("reference", "twice_in_file", value=reference)
    parsed = CaseRow(
        originator=originator,
        reference=reference,
        title=row.text("title"),
        title_ko=row.text("title_ko"),
        crime_types=tuple(crimes),
        concerned=row.codes("concerned", here),
        tlp=tlp,
        readiness=row.choice("readiness", Readiness, Readiness.INFORMATION_EXCHANGE),
        priority=row.number_in("priority", 1, 3, 2),
    )
    if len(found.faults) == before:
        found.cases.append(parsed)


def _request(row: _Row, known: Known, found: Checked, before: int) -> None:
    here = _here(known, found)
    asking, asked = row.code("asking", here), row.codes("asked", here)
    if asking and asking in asked:
        row.fault("asked", "meets_itself", code=asking)
    minutes = row.number_in("minutes", SMALLEST, LARGEST, 40)
    if minutes % 5:
        row.fault("minutes", "steps_of_five", value=minutes)
    references = set(known.cases) | {f"{one.originator}/{one.reference}" for one in found.cases}
    cases = tuple(part.strip() for part in re.split(r"[,;\n]\s*", row.text("cases")) if part.strip())
    for name in cases:
        if name not in references:
            row.fault("cases", "unknown_case", case=name)
    parsed = RequestRow(
        asking=asking,
        asked=asked,
        minutes=minutes,
        cases=cases,
        interpretation=row.text("interpretation"),
        priority=row.number_in("priority", 1, 3, 2),
    )
    if len(found.faults) == before:
        found.requests.append(parsed)


_READERS = {
    SheetKind.DELEGATIONS: _delegation,
    SheetKind.DELEGATES: _delegate,
    SheetKind.CASES: _case,
    SheetKind.REQUESTS: _request,
}
