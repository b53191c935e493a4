"""What a workbook says and what is wrong with it, as values. Plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from confmgr.cases.domain import CrimeType, Readiness
from confmgr.delegations.domain import Capacity, DelegationStatus
from confmgr.interchange.sheets.columns import Column
from confmgr.parties.domain import PartyKind
from confmgr.sharing.domain import Tlp

Words = Mapping[tuple[type[Enum], str], Enum]
"""By which words, written `plain`, the members of enums are known besides their own values."""


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
    phone: str
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

    @property
    def name(self) -> str:
        """The reference with the code of its originator: `KR/C-01`."""
        return f"{self.originator}/{self.reference}"


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
    """Everything that could be read, and every fault; sheets that are `unknown` and columns that were `passed_over`."""

    delegations: list[DelegationRow] = field(default_factory=list)
    delegates: list[DelegateRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    requests: list[RequestRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    keys: set[tuple[str, ...]] = field(default_factory=set)
    heads: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, list[Any]]:
        """What could be read, by sheet, in the order in which rows rest on each other."""
        return {
            "delegations": self.delegations,
            "delegates": self.delegates,
            "cases": self.cases,
            "requests": self.requests,
        }

    @property
    def size(self) -> int:
        """How many rows could be read."""
        return sum(map(len, self.rows.values()))

    def in_parts(self, most: int) -> Iterator["Checked"]:
        """The rows, so many at a time."""
        for kind, rows in self.rows.items():
            for start in range(0, len(rows), most):
                part = Checked()
                part.rows[kind].extend(rows[start : start + most])
                yield part


@dataclass(frozen=True, slots=True)
class Known:
    """What the meeting has already: codes of parties and delegations, heads by delegation, references of cases.

    A head is known by mail address, or name without one. `taken` are references used at other meetings, or by drafts.
    """

    parties: frozenset[str] = frozenset()
    delegations: frozenset[str] = frozenset()
    heads: Mapping[str, str] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    zone: str = "UTC"
