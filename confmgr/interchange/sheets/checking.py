"""Rows of text into entries, with every fault named by sheet, row and column. Plain Python."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from itertools import combinations
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from confmgr.cases.domain import CrimeType, Readiness
from confmgr.delegations.domain import Capacity, DelegationStatus, holds_passport_data, is_telephone
from confmgr.interchange.sheets.columns import COLUMNS, SheetKind, column_of, kind_of, only_explains, plain
from confmgr.interchange.sheets.entries import (
    CaseRow,
    Checked,
    DelegateRow,
    DelegationRow,
    Fault,
    Known,
    RequestRow,
    Words,
)
from confmgr.interchange.sheets.reading import Sheet
from confmgr.parties.domain import PARTY_CODE, PartyKind
from confmgr.sharing.domain import Tlp
from confmgr.values import times
from confmgr.values.languages import LANGUAGES, OWN_NAMES, pair
from confmgr.values.texts import has_controls

Choice = TypeVar("Choice", bound=Enum)
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,38}")
PAIRS = frozenset(pair(*two) for two in combinations(LANGUAGES, 2))
TAGS = {plain(word): tag for tag, name in OWN_NAMES.items() for word in (tag, name)}
LONGEST = 300
PERSONAL = frozenset({"name", "latin_name"})
"""Columns into which people put passport data."""
SHAREABLE = {Tlp.AMBER, Tlp.GREEN}
SMALLEST, LARGEST = 5, 480


def check(sheets: Iterable[Sheet], known: Known, words: Words) -> Checked:
    """Read every sheet that is recognised, delegations first; rows without any text are passed over."""
    found = Checked()
    ordered: list[tuple[SheetKind, Sheet, int]] = []
    for sheet in sheets:
        at, headings = _headings(sheet)
        kind = kind_of(sheet.name, headings)
        if kind is None:
            if any(any(row) for row in sheet.rows) and not only_explains(sheet.name):
                found.unknown.append(sheet.name)
            continue
        ordered.append((kind, sheet, at))
    order = list(SheetKind)
    for kind, sheet, at in sorted(ordered, key=lambda one: order.index(one[0])):
        _sheet(kind, sheet, at, known, words, found)
    return found


def _headings(sheet: Sheet) -> tuple[int, list[str]]:
    for at, row in enumerate(sheet.rows[:10]):
        if sum(bool(cell) for cell in row) > 1:
            return at, row
    return 0, sheet.rows[0] if sheet.rows else []


def _sheet(kind: SheetKind, sheet: Sheet, at: int, known: Known, words: Words, found: Checked) -> None:
    headings = sheet.rows[at] if sheet.rows else []
    columns = [column_of(kind, heading) if heading else None for heading in headings]
    found.passed_over += [
        f"{heading[:80]} ({sheet.name})"
        for heading, column in zip(headings, columns, strict=True)
        if heading and column is None
    ]
    missing = [column for column in COLUMNS[kind] if column.needed and column not in columns]
    found.faults += [Fault(sheet.name, at + 1, column, "column_missing") for column in missing]
    found.faults += [
        Fault(sheet.name, at + 1, column, "column_twice") for column in COLUMNS[kind] if columns.count(column) > 1
    ]
    formulas = {(row, columns[i - 1]) for row, i in sheet.formulas if i <= len(columns)}
    if missing:
        return
    for number, row in enumerate(sheet.rows[at + 1 :], at + 2):
        if not any(row):
            continue
        cells = {column.name: row[i] for i, column in enumerate(columns) if column is not None and i < len(row)}
        reader = _Row(kind, sheet.name, number, cells, words, found.faults)
        before = len(found.faults)
        for column in COLUMNS[kind]:
            if (number, column) in formulas:
                reader.fault(column.name, "formula")
        reader.check_texts()
        _READERS[kind](reader, known, found, before)


class _Row:
    """One row being read: each getter notes its own fault and gives a harmless value instead."""

    def __init__(
        self,
        kind: SheetKind,
        sheet: str,
        number: int,
        cells: Mapping[str, str],
        words: Words,
        faults: list[Fault],
    ) -> None:
        self.kind = kind
        self.sheet = sheet
        self.number = number
        self.cells = cells
        self.words = words
        self.faults = faults

    def fault(self, name: str, reason: str, **facts: object) -> None:
        column = next((column for column in COLUMNS[self.kind] if column.name == name), None)
        self.faults.append(Fault(self.sheet, self.number, column, reason, facts))

    def check_texts(self) -> None:
        for name, text in self.cells.items():
            if len(text) > LONGEST:
                self.fault(name, "cell_too_long", most=LONGEST)
            if has_controls(text):
                self.fault(name, "control_characters")
            if name in PERSONAL and holds_passport_data(text):
                self.fault(name, "passport_data")
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
        text = self.text(name)
        return self.member(name, kind, text) or default if text else default

    def member(self, name: str, kind: type[Choice], text: str) -> Choice | None:
        for member in kind:
            if plain(text) == plain(str(member.value)):
                return member
        found = self.words.get((kind, plain(text)))
        if isinstance(found, kind):
            return found
        self.fault(name, "not_one_of", value=text, choices=tuple(kind))
        return None

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
    tags = []
    for part in _parts(row.text(name)):
        if plain(part) in TAGS:
            tags.append(TAGS[plain(part)])
        else:
            row.fault(name, "unknown_language_cell", language=part.strip())
    return tuple(dict.fromkeys(tags)) or (default,)


def _mail_address(row: _Row, name: str) -> str:
    text = row.text(name)
    if not text:
        return ""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        row.fault(name, "not_a_mail_address", value=text)
        return ""


def _telephone(row: _Row) -> str:
    text = row.text("phone")
    if text and not is_telephone(text):
        row.fault("phone", "not_a_telephone", value=text)
    return text


def _pair(row: _Row, name: str) -> str:
    """Two languages to interpret between, in either order: `km-ko`."""
    text = row.text(name)
    if not text:
        return ""
    tags = [TAGS.get(plain(part), "") for part in re.split(r"[-/,+]", text.replace("zh-Hans", "zhHans"))]
    found = pair(*tags) if len(tags) == 2 else ""  # noqa: PLR2004  # a pair
    if found not in PAIRS:
        row.fault(name, "unknown_pair", pairs=text)
    return found


def _delegation(row: _Row, known: Known, found: Checked, before: int) -> None:
    code = row.text("code").upper()
    if code and not PARTY_CODE.fullmatch(code):
        row.fault("code", "party_code_malformed", code=code)
    if ("delegation", code) in found.keys:
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
        found.keys.add(("delegation", code))


def _here(known: Known, found: Checked) -> set[str]:
    return set(known.delegations) | {one.code for one in found.delegations}


def _delegate(row: _Row, known: Known, found: Checked, before: int) -> None:
    delegation = row.code("delegation", _here(known, found))
    capacity = row.choice("capacity", Capacity, Capacity.DELEGATE)
    email = _mail_address(row, "email")
    who = email or row.text("name")
    if who and ("delegate", delegation, who) in found.keys:
        row.fault("email" if email else "name", "twice_in_file", value=who)
    head = found.heads.get(delegation) or known.heads.get(delegation)
    if capacity is Capacity.HEAD_OF_DELEGATION and head and head not in {email, row.text("name")}:
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
        phone=_telephone(row),
        language=_languages(row, "language", "en")[0],
        zone=zone,
        arrives=row.moment("arrives", known.zone),
        departs=row.moment("departs", known.zone),
    )
    if parsed.arrives and parsed.departs and parsed.departs <= parsed.arrives:
        row.fault("departs", "departs_before_arriving")
    if len(found.faults) == before:
        found.delegates.append(parsed)
        found.keys.add(("delegate", delegation, who))
        if capacity is Capacity.HEAD_OF_DELEGATION:
            found.heads[delegation] = who


def _case(row: _Row, known: Known, found: Checked, before: int) -> None:
    here = _here(known, found)
    crimes = [row.member("crime_types", CrimeType, part) for part in _parts(row.text("crime_types"))]
    tlp = row.choice("tlp", Tlp, Tlp.AMBER)
    if tlp not in SHAREABLE:
        row.fault("tlp", "marking_not_imported", tlp=tlp.label)
    originator = row.code("originator", here)
    text = row.text("reference")
    reference = text.removeprefix(f"{originator}/") or text  # as it is kept
    if ("case", f"{originator}/{reference}") in found.keys:
        row.fault("reference", "twice_in_file", value=reference)
    if reference and not REFERENCE.fullmatch(reference):
        row.fault("reference", "reference_malformed")
    if f"{originator}/{reference}" in known.taken:
        row.fault("reference", "reference_elsewhere", reference=reference)
    parsed = CaseRow(
        originator=originator,
        reference=reference,
        title=row.text("title"),
        title_ko=row.text("title_ko"),
        crime_types=tuple(dict.fromkeys(crime for crime in crimes if crime is not None)),
        concerned=row.codes("concerned", here),
        tlp=tlp,
        readiness=row.choice("readiness", Readiness, Readiness.INFORMATION_EXCHANGE),
        priority=row.number_in("priority", 1, 3, 2),
    )
    if len(found.faults) == before:
        found.cases.append(parsed)
        found.keys.add(("case", f"{originator}/{reference}"))


def _request(row: _Row, known: Known, found: Checked, before: int) -> None:
    here = _here(known, found)
    asking, asked = row.code("asking", here), row.codes("asked", here)
    if asking and asking in asked:
        row.fault("asked", "meets_itself", code=asking)
    minutes = row.number_in("minutes", SMALLEST, LARGEST, 40)
    if minutes % 5:
        row.fault("minutes", "steps_of_five", value=minutes)
    cases = tuple(part.strip() for part in re.split(r"[,;\n]\s*", row.text("cases")) if part.strip())
    for name in cases:
        if name not in known.cases and ("case", name) not in found.keys:
            row.fault("cases", "unknown_case", case=name)
    parsed = RequestRow(
        asking=asking,
        asked=asked,
        minutes=minutes,
        cases=cases,
        interpretation=_pair(row, "interpretation"),
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
