"""Task forces as the browser sends them."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from confmgr.cases.forms import MarkedForm
from confmgr.web.forms import CheckboxesField, Form, VersionField, WordsField, WordsRequired


class TaskForceTextForm(Form):
    """What a task force is called, from when to when, and on what it rests."""

    version = VersionField(default=0)
    name = WordsField(_l("Name"), [WordsRequired()])
    starts_on = DateField(_l("First day"), [InputRequired()])
    ends_on = DateField(_l("Last day"), [Optional()])
    agreement = WordsField(_l("Agreement"), lines=2)
    agreed_on = DateField(_l("Agreed on"), [Optional()])
    host_agency = SelectField(_l("Host agency"), coerce=str, default="")
    duty_hours = WordsField(_l("Duty hours"))


class TaskForceForm(TaskForceTextForm, MarkedForm):
    """A new task force."""

    reference = StringField(_l("Your reference"), [InputRequired(), Length(max=39)])
    meeting = SelectField(_l("At the meeting"), coerce=str)
    parties = CheckboxesField(
        _l("Who takes part"), description=_l("If it is AMBER, the delegations of these parties will see it.")
    )
