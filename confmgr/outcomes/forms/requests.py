"""Action requests as the browser sends them."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from confmgr.outcomes.domain import Channel, RequestedAction, Urgency
from confmgr.web.forms import SHORT, EnumField, Form, WallDateTimeField, WordsField, WordsRequired, ZoneField

NOTE = 2000


class RequestForm(Form):
    """What one party asks of another."""

    reference = StringField(_l("Your reference"), [InputRequired(), Length(max=39)])
    meeting = SelectField(_l("At the meeting"), coerce=str)
    asked = SelectField(_l("Asked of"), coerce=str)
    kind = EnumField(_l("What is asked"), RequestedAction)
    text = WordsField(_l("In words"), [WordsRequired()], lines=4)
    urgency = EnumField(_l("Urgency"), Urgency)
    channel = EnumField(_l("Channel"), Channel)
    due = WallDateTimeField(_l("Due, by the clock of the party asked"), [Optional()])
    zone = ZoneField(_l("Its time zone"), [Optional(), SHORT], default="Asia/Seoul")


class AdvanceForm(Form):
    """How far an action request is."""

    state = RadioField(_l("It is"), [InputRequired()])
    reason = TextAreaField(
        _l("Reason"),
        [Optional(), Length(max=NOTE)],
        description=_l("Needed when it is declined; the asking side reads it."),
    )
