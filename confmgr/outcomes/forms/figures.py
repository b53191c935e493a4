"""Figures, their corrections, overlaps and sources, as the browser sends them."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Rows
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from confmgr.outcomes.domain import Attribution, Dimension, FigureKind, Qualifier
from confmgr.outcomes.measures import Measure
from confmgr.outcomes.models import FigureBreakdown
from confmgr.values.texts import has_controls
from confmgr.web import labels
from confmgr.web.forms import EnumField, Form, VersionField, WordsField, WordsRequired, stripped

LARGEST = 10**18
COUNTED = (NumberRange(min=0), NumberRange(max=LARGEST))
"""Nothing is counted below nothing; two sentences, as the largest number helps nobody who wrote a wrong sign."""


class AmountField(DecimalField):
    """A finite decimal number: `Infinity` and `NaN` are words, not amounts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, and refuse what cannot be compared."""
        super().process_formdata(valuelist)
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


SHARES = ("male", "female", "adult", "minor", "ringleader", "manager", "member", "money_mule", "recruiter")
ROWS = 4
"""Empty rows that a breakdown offers beside those that are filled."""
MOST_ROWS = 60


class ShareForm(Rows):
    """A part of a figure: along what, whose, how many."""

    dimension = EnumField(_l("Along"), Dimension, default=Dimension.NATIONALITY)
    key = StringField(_l("Part"), [Length(max=60)], filters=[stripped])
    value = AmountField(_l("Number"), [Optional(), *COUNTED], places=None)
    verified = BooleanField(_l("Verified"))

    def validate_key(self, field: StringField) -> None:
        """A part with a number has a name; no control characters."""
        if has_controls(field.data or ""):
            raise ValidationError(field.gettext("Remove the invisible control characters."))
        if bool(field.data) != (self.value.data is not None):
            raise ValidationError(_l("Enter the part and its number, or leave both empty."))


def _plain(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == int(value) else value.normalize()


class BreakdownForm(Form):
    """Forms that carry the parts of a figure."""

    breakdown = FieldList(FormField(ShareForm), label=_l("Breakdown"), min_entries=ROWS, max_entries=MOST_ROWS + 1)

    def validate_breakdown(self, field: Field) -> None:
        """Not more rows than are kept; the field reads one more, so that none is dropped in silence."""
        if len(self.breakdown.entries) > MOST_ROWS:
            raise ValidationError(gettext("A figure has at most %(most)s parts.", most=MOST_ROWS))

    def parts(self) -> list[tuple[Dimension, str, Decimal, bool]]:
        """The rows that are filled; what a part is called in the reader's language becomes its code."""
        codes = {labels.term(code, "share").casefold(): code for code in SHARES}
        rows = [entry.form for entry in self.breakdown]
        return [
            (
                row.dimension.data,
                codes.get(str(row.key.data).casefold(), str(row.key.data)),
                row.value.data,
                bool(row.verified.data),
            )
            for row in rows
            if row.key.data and row.value.data is not None
        ]

    def show(self, parts: Iterable[FigureBreakdown]) -> None:
        """Fill the rows with what is kept, some empty ones below."""
        kept = [
            {
                "dimension": part.dimension,
                "key": labels.term(part.key, "share"),
                "value": _plain(part.value),
                "verified": part.verified,
            }
            for part in parts
        ]
        while self.breakdown.entries:
            self.breakdown.pop_entry()
        for part in [*kept, *[{} for _row in range(ROWS)]][:MOST_ROWS]:
            self.breakdown.append_entry(part)


class FigureForm(BreakdownForm):
    """A number with all that makes it hold."""

    code = StringField(
        _l("Short name"),
        [InputRequired(), Length(max=45)],
        description=_l("Names the record where reports refer to it, like poipet-arrested."),
    )
    title = WordsField(_l("Of whom or what"), description=_l("Stands beside the number in every report, like Poipet."))
    kind = EnumField(_l("Is"), FigureKind)
    measure = SelectField(_l("Measure"), [InputRequired()], coerce=str)
    qualifier = EnumField(_l("The source says"), Qualifier)
    low = AmountField(_l("Number"), [InputRequired(), *COUNTED])
    high = AmountField(_l("Upper end"), [Optional(), *COUNTED], description=_l("Only if the source gives an interval."))
    currency = StringField(_l("Currency"), [Optional(), Length(min=3, max=3)], description=_l("For money, like KRW."))
    from_on = DateField(_l("First day"), [Optional()])
    to_on = DateField(_l("Last day"), [Optional()])
    at_on = DateField(_l("Or at the date"), [Optional()], description=_l("Enter either a period or a date."))
    source = SelectField(_l("Source"), [InputRequired()], coerce=str)
    as_of = DateField(_l("As of"), [InputRequired()])
    attribution = EnumField(_l("What ties it to the operation"), Attribution, default=Attribution.SAME_PERIOD)
    meeting = SelectField(_l("Meeting"), coerce=str)
    action = SelectField(_l("Joint action"), coerce=str)
    persons = SelectField(
        _l("Set of persons"), coerce=str, default="", description=_l("Of the joint action, where it has sets.")
    )
    cases = SelectMultipleField(_l("Cases"), coerce=str)
    group = SelectField(_l("Group"), coerce=str, default="")
    counting_rule = WordsField(
        _l("How was counted"), lines=2, description=_l("Like: a person once, at the first arrest.")
    )
    note = WordsField(_l("Note"), lines=2)

    anyway = BooleanField(_l("Save all the same"))

    def offer(self, measures: Iterable[Measure]) -> None:
        """The measures that the operation uses; none is chosen."""
        self.measure.choices = [("", "–"), *((row.code, labels.term(row.code, "measure")) for row in measures)]


class CorrectionForm(BreakdownForm):
    """What a figure should have been."""

    code = StringField(_l("Short name of the correction"), [InputRequired(), Length(max=45)])
    qualifier = EnumField(_l("The source says"), Qualifier)
    low = AmountField(_l("Number"), [InputRequired(), *COUNTED])
    high = AmountField(_l("Upper end"), [Optional(), *COUNTED])
    source = SelectField(_l("Source"), coerce=str)
    as_of = DateField(_l("As of"), [InputRequired()])
    note = WordsField(_l("Why it is corrected"), lines=2)
    version = VersionField(default=0)
    anyway = BooleanField(_l("Save all the same"))


class DescribeForm(BreakdownForm):
    """What stands beside a number; the number itself is corrected, not edited."""

    title = WordsField(_l("Of whom or what"))
    attribution = EnumField(_l("What ties it to the operation"), Attribution)
    counting_rule = WordsField(_l("How was counted"), lines=2)
    note = WordsField(_l("Note"), lines=2)
    version = VersionField(default=0)


class ReasonForm(Form):
    """Why something is taken back."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=1000)])
    version = VersionField(default=0)


class ConversionForm(Form):
    """A sum in another currency, beside the original."""

    currency = StringField(_l("Currency"), [InputRequired(), Length(min=3, max=3)])
    rate = AmountField(
        _l("Rate"), [InputRequired()], places=None, description=_l("How much of it for one of the original currency.")
    )
    rate_on = DateField(_l("Rate of"), [InputRequired()])
    source = SelectField(_l("Source of the rate"), coerce=str)


class OverlapForm(Form):
    """Another figure that may count the same people."""

    other = SelectField(_l("Figure"), coerce=str)
    how = SelectField(
        _l("The two count"),
        coerce=str,
        default="possible",
        choices=lambda: [
            ("possible", gettext("Perhaps the same people")),
            ("same", gettext("The same people")),
            ("rival", gettext("The same, as another source tells it: only one is used")),
        ],
    )
    reason = WordsField(_l("Why they may overlap"), lines=2)


class SourceForm(Form):
    """A report, statement or return that figures come from."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=15)])
    title = WordsField(_l("Title"), [WordsRequired()])
    published_on = DateField(_l("Published on"), [Optional()])
