"""The JSON of cases and leads as it comes in: read strictly, and every fault told with its place."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, ValidationInfo, field_validator

from confmgr.cases.domain import CrimeType, IdentifierKind, LeadKind, Readiness
from confmgr.cases.identifiers import normal
from confmgr.cases.naming import MOST as MOST_IDENTIFIERS
from confmgr.errors import NotReadable
from confmgr.interchange.exchange.data import FORMAT, KIND
from confmgr.interchange.schema.entries import Entry, Moment, Text
from confmgr.sharing.domain import GradeScheme, Handling, Tlp
from confmgr.values.languages import LANGUAGES
from confmgr.values.words import Words

LARGEST = 5 * 2**20
MOST = 2000
"""Cases and leads of one file together."""
LONGEST_TITLE, LONGEST_TEXT = 300, 20_000
DEEPEST = 30
MOST_KEYS = 60
"""Of one object; a lead has half as many."""
MOST_FAULTS = 10_000
"""Of a file with more it is not said where they are: to say it of each would keep everybody waiting."""
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that no text of a case holds: controls, directions that hide what is written, halves of a character."""


def _within(most: int) -> AfterValidator:
    def check(words: Words) -> Words:
        for value in words.values.values():
            if not value.text.strip():
                raise ValueError("empty")
            if len(value.text) > most:
                raise ValueError("too long")
        return words

    return AfterValidator(check)


def _known(tag: str) -> str:
    if tag not in LANGUAGES:
        raise ValueError("unknown language")
    return tag


Title = Annotated[Text, _within(LONGEST_TITLE)]
Body = Annotated[Text, _within(LONGEST_TEXT)]
Language = Annotated[str, AfterValidator(_known)]
Code = Annotated[str, StringConstraints(min_length=2, max_length=9, pattern=r"^[A-Z0-9]+$")]


def _each_once(codes: list[str]) -> list[str]:
    if len(set(codes)) < len(codes):
        raise ValueError("one twice")
    return codes


def _one_code(reference: str) -> str:
    code, own = reference.split("/", 1)
    if own.startswith(f"{code}/"):
        raise ValueError("the code of its party twice")
    return reference


Reference = Annotated[
    str,
    StringConstraints(max_length=50, pattern=r"^[A-Z0-9]{2,9}/[A-Za-z0-9./-]{1,40}$"),
    AfterValidator(_one_code),
]
Grading = Annotated[str, StringConstraints(min_length=1, max_length=2, pattern=r"^[A-Z0-9]+$")]


class Graded(Entry):
    """A grade as its originator gave it."""

    scheme: GradeScheme
    source: Grading
    information: Grading


class Identifier(Entry):
    """A typed value."""

    kind: IdentifierKind
    value: Annotated[str, StringConstraints(max_length=300)]

    @field_validator("value", mode="after")
    @classmethod
    def _of_its_kind(cls, value: str, info: ValidationInfo) -> str:
        if "kind" in info.data and not normal(info.data["kind"], value):
            raise ValueError("none of its kind")
        return value


class Brought(Entry):
    """What a case and a lead have in common. What only tells where it came from is read and not kept."""

    id: str | None = None
    reference: Reference
    title: Title
    tlp: Tlp
    handling: list[Handling] = Field(default=[], max_length=4)
    handling_text: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        default=None, validate_default=True
    )
    grade: Graded | None = None
    identifiers: list[Identifier] = Field(default=[], max_length=MOST_IDENTIFIERS)
    created_at: Moment | None = None

    @field_validator("handling_text", mode="after")
    @classmethod
    def _restricted(cls, value: str | None, info: ValidationInfo) -> str | None:
        if Handling.H3 in info.data.get("handling", ()) and not (value or "").strip():
            raise ValueError("H3 needs its text")
        return value

    @property
    def party(self) -> str:
        """The code of its originator."""
        return self.reference.split("/", 1)[0]

    @property
    def own_reference(self) -> str:
        """The reference without the code."""
        return self.reference.split("/", 1)[1]


class BroughtCase(Brought):
    """A case."""

    summary: Body | None = None
    neutral_title: Title | None = None
    crime_types: list[CrimeType] = Field(default=[], max_length=20)
    concerns: Annotated[list[Code], AfterValidator(_each_once)] = Field(default=[], max_length=200)
    state: str | None = None
    readiness: Readiness = Readiness.INFORMATION_EXCHANGE
    priority: int = Field(default=2, ge=1, le=3)
    minutes: int | None = Field(default=None, ge=5, le=480, multiple_of=5)
    languages: list[Language] = Field(default=[], max_length=len(LANGUAGES))


class BroughtLead(Brought):
    """A lead on a case."""

    case: Reference
    kind: LeadKind
    body: Body
    shared_at: Moment | None = None
    to: list[Code] = Field(default=[], max_length=200)
    feedback: list[dict[str, Any]] = Field(default=[], max_length=500)


class Brings(Entry):
    """The whole file."""

    kind: Literal[KIND]  # type: ignore[valid-type]  # the one text that `data` writes
    format: Literal[FORMAT]  # type: ignore[valid-type]
    made_at: Moment | None = None
    operation: str | None = None
    meeting: str | None = None
    marking: str | None = None
    cases: list[BroughtCase] = Field(default=[], max_length=MOST)
    leads: list[BroughtLead] = Field(default=[], max_length=MOST)


WHOLE = "·"
"""The place of what is wrong with a file as a whole."""


class Wrong(StrEnum):
    """What can be wrong with a place of the file."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    VALUE = "value"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of the file, such as `leads 3 title`, and what is wrong there."""

    place: str
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: what it brings, or what is wrong with it."""

    brings: Brings | None
    faults: Sequence[Fault] = field(default=())


def parsed(content: bytes) -> Any:
    """The data of a file.

    Raises:
        NotReadable: Too large, no JSON, a key twice, a number that is none, or characters that no text holds.
    """
    if len(content) > LARGEST:
        raise NotReadable("exchange_too_large", most=LARGEST // 2**20)
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as broken:
        raise NotReadable("exchange_no_json") from broken
    if not _sound(found):
        raise NotReadable("exchange_no_json")
    return found


def read(data: Any) -> Read:
    """Data as a file of cases and leads, or its faults."""
    try:
        brings = Brings.model_validate(data, strict=False)
    except ValidationError as wrong:
        if wrong.error_count() > MOST_FAULTS:
            return Read(None, [Fault(WHOLE, Wrong.VALUE)])
        return Read(None, [_fault(one) for one in wrong.errors(include_url=False, include_input=False)])
    twice = [*_twice("cases", brings.cases), *_twice("leads", brings.leads)]
    return Read(None, twice) if twice else Read(brings)


def _twice(name: str, rows: Sequence[Brought]) -> list[Fault]:
    known: set[str] = set()
    faults = []
    for number, row in enumerate(rows, 1):
        if row.reference in known:
            faults.append(Fault(f"{name} {number} reference", Wrong.TWICE))
        known.add(row.reference)
    return faults


def _fault(error: Any) -> Fault:
    place = " ".join(str(part + 1) if isinstance(part, int) else str(part)[:60] for part in error["loc"])
    kinds = {"missing": Wrong.MISSING, "extra_forbidden": Wrong.UNKNOWN}
    return Fault(place or WHOLE, kinds.get(error["type"], Wrong.VALUE))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or len(found) > MOST_KEYS:
        raise ValueError("a key twice, or more than there are")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _sound(value: Any, depth: int = 0) -> bool:
    if depth > DEEPEST:
        return False
    if isinstance(value, str):
        return UNFIT.search(value) is None
    if isinstance(value, dict):
        return all(_sound(key, depth + 1) and _sound(one, depth + 1) for key, one in value.items())
    if isinstance(value, list):
        return all(_sound(one, depth + 1) for one in value)
    return True
