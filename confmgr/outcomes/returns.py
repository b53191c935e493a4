"""Returns of a reporting round: what a party writes of each measure, what is refused of it, how far a return is.

Plain Python; the form in the browser and the workbook are read by the same rules.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from babel.numbers import is_currency

from confmgr.errors import Refused
from confmgr.outcomes.domain import RETURN_STEPS, AnswerKind, Dimension, ReturnState, RoundState
from confmgr.outcomes.measures import Nature, Unit
from confmgr.values.words import Words

LARGEST = Decimal(10) ** 18
DECIMALS = -4
"""How far after the point an amount is kept."""
CURRENCIES = 2
"""In how many currencies one measure of money may be answered."""
STORY_LINES = 10
LONGEST_NOTE = 2000
MOST_MEASURES = 60
FIXED = {Dimension.SEX: ("male", "female"), Dimension.AGE: ("adult", "minor")}
"""Parts of a measure of persons that have a cell each; nationalities are written in one, like `KR 5, CN 3`."""
COUNTED_HERE = frozenset({"cases", "cases_ready", "leads", "countries", "countries_with_cases"})
"""Measures that nobody types in: they are counted from records (decision 8)."""
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,\u00a0\u202f ][0-9]{3})+(?:\.[0-9]+)?")
_NATIONALITY = re.compile(r"([A-Z]{2})\s*:?\s*([0-9][0-9 ,]*?)")
_RETURN_CODE = re.compile(r"RR[0-9]+-[A-Z0-9]+")


class Coverage(StrEnum):
    """How much of what was asked a return answers."""

    NONE = "none"
    PARTLY = "partly"
    NIL = "nil"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure of a round. Those of the standard table are named by the labels, an operation's own by its words."""

    code: str
    unit: Unit
    nature: Nature
    name: Words | None = None
    definition: Words | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the cells: one, or one a currency."""
        return tuple(f"{self.code}.{at}" for at in range(CURRENCIES if self.unit is Unit.MONEY else 1))

    @property
    def has_parts(self) -> bool:
        """Whether its answers can be broken down."""
        return self.unit is Unit.PERSONS


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into the cells of one slot, as text. `shares` are keyed `sex.male` … and `nationality`."""

    kind: str = ""
    low: str = ""
    high: str = ""
    currency: str = ""
    note: str = ""
    shares: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in any cell; a chosen currency alone says nothing."""
        texts = (self.kind, self.low, self.high, self.note, *self.shares.values())
        return not any(text.strip() for text in texts)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that holds: `low` and `high` only where it is a value. `shares` by dimension and key, as text."""

    measure: str
    kind: AnswerKind
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    note: str | None = None
    shares: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_answer(asked: Asked, cells: Written) -> Said | None:
    """What the cells of a slot say; None where they are empty, which says nothing, not nil.

    Raises:
        Refused: What cannot be right; `field` is the cell.
    """
    if cells.is_empty:
        return None
    note = cells.note.strip() or None
    if note is not None and len(note) > LONGEST_NOTE:
        raise Refused("note_too_long", field="note", limit=LONGEST_NOTE)
    kind = _kind(cells)
    if kind is not AnswerKind.VALUE:
        return Said(asked.code, kind, note=note)
    low = read_number(cells.low, asked.unit, field="low")
    high = read_number(cells.high, asked.unit, field="high") if cells.high.strip() else low
    if high < low:
        raise Refused("interval_reversed", field="high")
    currency = _currency(asked, cells.currency.strip().upper())
    if high == 0:
        return Said(asked.code, AnswerKind.NIL, note=note)
    shares = _shares(asked, cells.shares, high)
    return Said(asked.code, AnswerKind.VALUE, low, high, currency, note, shares)


def _kind(cells: Written) -> AnswerKind:
    has_number = bool(cells.low.strip() or cells.high.strip())
    text = cells.kind.strip() or (AnswerKind.VALUE.value if has_number else "")
    if not text:
        raise Refused("answer_not_said", field="kind")
    try:
        kind = AnswerKind(text)
    except ValueError:
        raise Refused("answer_unknown", field="kind", value=text[:40]) from None
    if kind is AnswerKind.VALUE and not cells.low.strip():
        raise Refused("value_missing", field="low")
    if kind is not AnswerKind.VALUE and has_number:
        raise Refused("value_and_word", field="low")
    if kind is not AnswerKind.VALUE and any(text.strip() for text in cells.shares.values()):
        raise Refused("parts_without_value", field="low")
    return kind


def read_number(text: str, unit: Unit, *, field: str) -> Decimal:
    """A number as people write it: digits, grouped by commas or spaces or not, with a point for decimals of money.

    Raises:
        Refused: It is none; negative; not whole where things are counted; too large.
    """
    plain = text.strip()
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"[,\u00a0\u202f ]", "", plain)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Refused("not_a_number", field=field, value=text.strip()[:40])
    if value < 0:
        raise Refused("negative", field=field)
    if value >= LARGEST:
        raise Refused("too_large", field=field)
    if unit is not Unit.MONEY and value != value.to_integral():
        raise Refused("number_not_whole", field=field)
    exact = value.quantize(Decimal(1).scaleb(DECIMALS))
    if value != exact:
        raise Refused("number_too_fine", field=field)
    return exact.to_integral() if exact == exact.to_integral() else exact.normalize()


def _currency(asked: Asked, text: str) -> str | None:
    if asked.unit is not Unit.MONEY:
        return None
    if not text or not is_currency(text):
        raise Refused("currency_not_right", field="currency", currency=text[:10])
    return text


def _shares(asked: Asked, cells: Mapping[str, str], most: Decimal) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not asked.has_parts:
        return found
    for dimension, keys in FIXED.items():
        for key in keys:
            text = cells.get(f"{dimension.value}.{key}", "").strip()
            if text:
                value = read_number(text, asked.unit, field=f"{dimension.value}.{key}")
                found.setdefault(dimension.value, {})[key] = f"{value:f}"
    nations = _nationalities(cells.get(Dimension.NATIONALITY.value, ""), asked)
    if nations:
        found[Dimension.NATIONALITY.value] = nations
    for name, parts in found.items():
        if sum(map(Decimal, parts.values())) > most:
            raise Refused("parts_exceed", field="low", along=Dimension(name))
    return found


def _nationalities(text: str, asked: Asked) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[;\n]|,(?![0-9]{3}(?![0-9]))", text))):
        match = _NATIONALITY.fullmatch(part.upper())
        if match is None:
            raise Refused("nationality_not_read", field="nationality", value=part[:40])
        if match[1] in found:
            raise Refused("answered_twice", field="nationality", value=match[1])
        found[match[1]] = f"{read_number(match[2], asked.unit, field='nationality'):f}"
    return found


def shown_nationalities(shares: Mapping[str, Mapping[str, str]]) -> str:
    """Nationalities as they are written into their cell."""
    return ", ".join(f"{code} {number}" for code, number in shares.get(Dimension.NATIONALITY.value, {}).items())


def parts_of(shares: Mapping[str, Mapping[str, str]]) -> list[tuple[Dimension, str, Decimal]]:
    """The parts of an answer as a figure has them."""
    return [
        (Dimension(name), key, Decimal(value)) for name, parts in sorted(shares.items()) for key, value in parts.items()
    ]


def coverage(asked: Iterable[str], answers: Mapping[str, AnswerKind]) -> Coverage:
    """How much of what was asked is answered; nil only where every answer is nil."""
    kinds = [answers.get(measure) for measure in asked]
    if not any(kinds):
        return Coverage.NONE
    if not all(kinds):
        return Coverage.PARTLY
    return Coverage.NIL if set(kinds) == {AnswerKind.NIL} else Coverage.ANSWERED


def may_be_written(
    round_state: RoundState, closed_at: datetime | None, state: ReturnState, returned_at: datetime | None
) -> bool:
    """Whether a party may write its return now: a closed round takes only what was reopened after it was closed."""
    if state not in {ReturnState.NOT_ANSWERED, ReturnState.DRAFT, ReturnState.RETURNED}:
        return False
    if round_state is RoundState.OPEN:
        return True
    reopened = returned_at is not None and (closed_at is None or returned_at >= closed_at)
    return state is ReturnState.RETURNED and reopened


TO_TAKE_BACK = timedelta(days=1)
"""How long a round that was closed by mistake can be opened for all again."""


def may_be_taken_back(round_state: RoundState, closed_at: datetime | None, now: datetime) -> bool:
    """Whether the closing of a round can be taken back."""
    return round_state is RoundState.CLOSED and closed_at is not None and now - closed_at <= TO_TAKE_BACK


def may_be_reopened(round_state: RoundState, state: ReturnState) -> bool:
    """Accepted returns always; those never handed in once the round is closed."""
    if ReturnState.RETURNED in RETURN_STEPS[state]:
        return True
    return round_state is RoundState.CLOSED


def order_of(measures: Sequence[str], chosen: Iterable[str]) -> list[str]:
    """What was chosen, in the order in which the measures are offered."""
    wanted = set(chosen)
    return [code for code in measures if code in wanted]


def source_code(number: int, party: str) -> str:
    """The short name of the source that a party's return of the operation's nth round is."""
    return f"RR{number}-{party}"


def is_source_of_return(code: str) -> bool:
    """Whether a source's short name is kept for returns."""
    return _RETURN_CODE.fullmatch(code) is not None
