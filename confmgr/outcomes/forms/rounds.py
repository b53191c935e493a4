"""Reporting rounds and returns as the browser sends them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from confmgr.errors import Refused
from confmgr.outcomes.domain import AnswerKind, Dimension, Publishing
from confmgr.outcomes.models import RoundAnswer, RoundReturn
from confmgr.outcomes.returns import FIXED, Asked, Said, Written, read_answer, shown_nationalities
from confmgr.outcomes.totals import Total
from confmgr.values.texts import has_controls
from confmgr.web import formats, labels
from confmgr.web.forms import (
    SHORT,
    CheckboxesField,
    Form,
    VersionField,
    WallDateTimeField,
    WordsField,
    WordsRequired,
    ZoneField,
)

LONGEST_CELL = 2100
PARTS = (*(f"{along.value}.{key}" for along, keys in FIXED.items() for key in keys), Dimension.NATIONALITY.value)
"""Cells of a breakdown, by name."""
CELLS = ("kind", "low", "high", "currency", "note", *PARTS)


class RoundForm(Form):
    """What is asked of whom, over which period, until when."""

    version = VersionField(default=0)
    title = WordsField(_l("Title"), [WordsRequired()])
    note = WordsField(_l("Note"), lines=3)
    from_on = DateField(_l("First day"), [InputRequired()])
    to_on = DateField(_l("Last day"), [InputRequired()])
    due = WallDateTimeField(_l("Due"), [Optional()])
    zone = ZoneField(_l("Time zone"), [Optional(), SHORT])
    measures = CheckboxesField(_l("Measures"))
    parties = CheckboxesField(_l("Parties that are asked"))


class SendBackForm(Form):
    """A question, or why a return is opened again."""

    version = VersionField(default=0)
    reason = TextAreaField(_l("Your question or reason; the party reads it"), [Optional(), Length(max=2000)])


@dataclass(slots=True)
class Row:
    """The cells of one measure (or of one currency of it), what is wrong with them, and what was saved meanwhile."""

    asked: Asked
    slot: str
    cells: Written
    errors: dict[str, str] = field(default_factory=dict)
    there: str | None = None

    @property
    def first(self) -> bool:
        """Whether it is the first of its measure."""
        return self.slot.endswith(".0")

    def cell(self, name: str) -> str:
        """The text of a cell."""
        return self.cells.shares.get(name, "") if name in PARTS else str(getattr(self.cells, name))

    @property
    def has_parts(self) -> bool:
        """Whether a part is written or wrong, so that the breakdown stands open."""
        return any(self.cell(name) or name in self.errors for name in PARTS)


_TO_HAND_IN = _l("Needed to hand it in.")


class ReturnForm(Form):
    """A party's return; the cells of its measures are named by their slots."""

    version = VersionField(default=0)
    compiled_by = StringField(_l("Compiled by"), [SHORT], description=_TO_HAND_IN)
    released_by = StringField(_l("Released by (authority)"), [SHORT], description=_TO_HAND_IN)
    story = TextAreaField(_l("What happened, in at most ten lines"))
    new_methods = TextAreaField(_l("New ways of committing offences"))
    obstacles = TextAreaField(_l("Obstacles and needs"))
    publishing = RadioField(_l("Declaration: what may be published of this return"), [InputRequired()])

    rows: list[Row]
    answers: list[Said]
    meanwhile = False

    def __init__(self, row: RoundReturn, asked: Sequence[Asked]) -> None:
        """What is saved of the return, or what was sent."""
        super().__init__(obj=row)
        self.publishing.choices = [(one.value, labels.of(one)) for one in Publishing]
        if request.method != "POST":
            self.publishing.data = row.publishing.value
        saved, self.answers = saved_cells(row.answers, asked), []
        sent = request.method == "POST"
        self.rows = [
            Row(one, slot, _sent(slot) if sent else saved.get(slot, Written())) for one in asked for slot in one.slots
        ]

    def fill_in(self, records: Mapping[str, Sequence[tuple[str | None, Total]]]) -> int:
        """Put the own records into cells that are empty; gives how many. Nothing is saved by it."""
        filled = 0
        for row in self.rows:
            found = list(records.get(row.asked.code, ()))
            at = int(row.slot.rpartition(".")[2])
            if at < len(found) and row.cells.is_empty:
                currency, sums = found[at]
                row.cells, filled = cells_of(sums.low, sums.high, currency), filled + 1
        return filled

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, and every cell; `answers` is set where all are right."""
        right = bool(super().validate(extra_validators))
        for row in self.rows:
            self._read(row)
        wrong = [row for row in self.rows if row.errors]
        for row in wrong:
            self.form_errors.extend(
                gettext("%(field)s: %(problem)s", field=name_of(row.asked), problem=problem)
                for problem in row.errors.values()
            )
        return right and not wrong

    def _read(self, row: Row) -> None:
        texts = [row.cell(name) for name in CELLS]
        if any(has_controls(text) for text in texts):
            row.errors["low"] = gettext("Remove the invisible control characters.")
            return
        try:
            said = read_answer(row.asked, row.cells)
        except Refused as refused:
            row.errors[refused.field or "low"] = labels.sentence(refused)
            return
        if said is not None:
            self.answers.append(said)

    def show_meanwhile(self, row: RoundReturn, asked: Sequence[Asked]) -> None:
        """Somebody saved the return since: say so, and beside each cell that differs what stands there now."""
        self.meanwhile = True
        self.version.data = row.version
        saved = saved_cells(row.answers, asked)
        for one in self.rows:
            there = saved.get(one.slot, Written())
            if there != one.cells:
                words = (
                    labels.of(AnswerKind(there.kind)) if there.kind not in {"", AnswerKind.VALUE.value} else "",
                    "–".join(filter(None, (there.low, there.high))),
                    there.currency if there.low else "",
                    there.note,
                )
                one.there = " ".join(filter(None, words)) or gettext("empty")


def _sent(slot: str) -> Written:
    def text(name: str) -> str:
        return request.form.get(f"{slot}:{name}", "")[:LONGEST_CELL]

    return Written(
        **{name: text(name) for name in ("kind", "low", "high", "currency", "note")},
        shares={name: sent for name in PARTS if (sent := text(name))},
    )


def saved_cells(answers: Iterable[RoundAnswer], asked: Iterable[Asked]) -> dict[str, Written]:
    """Saved answers as cells, by slot."""
    by_measure: dict[str, list[RoundAnswer]] = {}
    for answer in sorted(answers, key=lambda one: (one.measure, one.currency or "")):
        by_measure.setdefault(answer.measure, []).append(answer)
    return {
        slot: _written(answer)
        for one in asked
        for slot, answer in zip(one.slots, by_measure.get(one.code, ()), strict=False)
    }


def _written(answer: RoundAnswer) -> Written:
    note, currency = answer.note or "", answer.currency or ""
    if answer.low is None or answer.high is None:
        return Written(kind=answer.kind.value, currency=currency, note=note)
    shares = {f"{along}.{key}": text for along, parts in answer.shares.items() for key, text in parts.items()}
    nations = shown_nationalities(answer.shares)
    fixed = {name: text for name, text in shares.items() if name in PARTS}
    number = cells_of(answer.low, answer.high, answer.currency)
    return Written(
        kind=AnswerKind.VALUE.value,
        low=number.low,
        high=number.high,
        currency=currency,
        note=note,
        shares=fixed | ({Dimension.NATIONALITY.value: nations} if nations else {}),
    )


def cells_of(low: Decimal, high: Decimal, currency: str | None) -> Written:
    """A number as the cells hold it; the upper end only where it differs."""
    return Written(
        kind=AnswerKind.VALUE.value,
        low=_plain(low),
        high="" if low == high else _plain(high),
        currency=currency or "",
    )


def _plain(value: Decimal) -> str:
    return f"{value.to_integral() if value == value.to_integral() else value.normalize():f}"


def name_of(asked: Asked) -> str:
    """What a measure is called: by the table, or in the operation's own words."""
    return formats.plain_words(asked.name) if asked.name else labels.term(asked.code, "measure")
