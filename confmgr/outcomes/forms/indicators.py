"""Indicators and their values, as the browser sends them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from confmgr.outcomes.forms.figures import LARGEST, AmountField
from confmgr.outcomes.measures import Unit
from confmgr.web.forms import EnumField, Form, WordsField, WordsRequired


class IndicatorForm(Form):
    """A number over time that nobody here produces."""

    name = WordsField(_l("Name"), [WordsRequired()])
    code = StringField(
        _l("Short name"),
        [
            InputRequired(),
            Length(max=60),
            Regexp(r"[a-z0-9][a-z0-9-]*\Z", message=_l("Small letters, digits and hyphens.")),
        ],
        description=_l("Stands in the address of its page, like missing-in-cambodia."),
    )
    definition = WordsField(_l("Definition"), lines=3, description=_l("What exactly is counted, by whom."))
    unit = EnumField(_l("Unit"), Unit)
    seen = HiddenField()


class ValueForm(Form):
    """What a source says of one date or month."""

    at_on = DateField(_l("Date"), [InputRequired()])
    month_only = BooleanField(
        _l("Of the whole month"), description=_l("The day does not matter then, any day of the month will do.")
    )
    value = AmountField(_l("Value"), [InputRequired(), NumberRange(0, LARGEST)])
    source = SelectField(_l("Source"), coerce=str)
    seen = HiddenField()
