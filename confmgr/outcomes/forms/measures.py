"""Measures of an operation, as the browser sends them."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from confmgr.outcomes.measures import Nature, Unit
from confmgr.web.forms import CheckboxesField, EnumField, Form, WordsField, WordsRequired


class MeasuresForm(Form):
    """Which measures of the standard table forms offer."""

    measures = CheckboxesField(_l("Measures in use"), coerce=str)


class RewordForm(Form):
    """What an own measure is called, and what is printed with it."""

    name = WordsField(_l("Name"), [WordsRequired()])
    definition = WordsField(_l("Definition"), [WordsRequired()], lines=2)


class OwnMeasureForm(RewordForm):
    """A measure that the standard table does not have."""

    code = StringField(_l("Short name"), [InputRequired(), Length(max=60)])
    unit = EnumField(_l("What is counted"), Unit)
    nature = EnumField(_l("How it is counted"), Nature)
