"""Figures, their corrections, overlaps and sources, as the browser sends them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.outcomes.domain import Attribution, FigureKind, Qualifier
from confmgr.outcomes.measures import MEASURES
from confmgr.web import labels
from confmgr.web.forms import EnumField, Form, WordsField, WordsRequired

LARGEST = 10**18


class AmountField(DecimalField):
    """A finite decimal number: `Infinity` and `NaN` are words, not amounts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it, and refuse what cannot be compared."""
        super().process_formdata(valuelist)
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


class FigureForm(Form):
    """A number with all that makes it hold."""

    code = StringField(
        _l("Short name"),
        [InputRequired(), Length(max=60)],
        description=_l("Names the record where reports refer to it, like poipet-arrested."),
    )
    title = WordsField(_l("Of whom or what"), description=_l("Stands beside the number in every report, like Poipet."))
    kind = EnumField(_l("Is"), FigureKind)
    measure = SelectField(_l("Measure"), coerce=str)
    qualifier = EnumField(_l("The source says"), Qualifier)
    low = AmountField(_l("Number"), [InputRequired(), NumberRange(0, LARGEST)])
    high = AmountField(
        _l("Upper end"), [Optional(), NumberRange(0, LARGEST)], description=_l("Only if the source gives an interval.")
    )
    currency = StringField(_l("Currency"), [Optional(), Length(min=3, max=3)], description=_l("For money, like KRW."))
    from_on = DateField(_l("First day"), [Optional()])
    to_on = DateField(_l("Last day"), [Optional()])
    at_on = DateField(_l("Or at the date"), [Optional()])
    source = SelectField(_l("Source"), coerce=str)
    as_of = DateField(_l("As of"), [InputRequired()])
    attribution = EnumField(_l("What ties it to the operation"), Attribution)
    meeting = SelectField(_l("Meeting"), coerce=str)
    action = SelectField(_l("Joint action"), coerce=str)
    counting_rule = WordsField(
        _l("How was counted"), lines=2, description=_l("Like: a person once, at the first arrest.")
    )
    note = WordsField(_l("Note"), lines=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the measures of the standard table."""
        super().__init__(*args, **kwargs)
        self.measure.choices = [(code, labels.term(code, "measure")) for code in MEASURES]


class CorrectionForm(Form):
    """What a figure should have been."""

    code = StringField(_l("Short name of the correction"), [InputRequired(), Length(max=60)])
    qualifier = EnumField(_l("The source says"), Qualifier)
    low = AmountField(_l("Number"), [InputRequired(), NumberRange(0, LARGEST)])
    high = AmountField(_l("Upper end"), [Optional(), NumberRange(0, LARGEST)])
    source = SelectField(_l("Source"), coerce=str)
    as_of = DateField(_l("As of"), [InputRequired()])
    note = WordsField(_l("Why it is corrected"), lines=2)


class OverlapForm(Form):
    """Another figure that may count the same people."""

    other = SelectField(_l("Figure"), coerce=str)
    reason = WordsField(_l("Why they may overlap"), lines=2)


class SourceForm(Form):
    """A report, statement or return that figures come from."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=20)])
    title = WordsField(_l("Title"), [WordsRequired()])
    published_on = DateField(_l("Published on"), [Optional()])
