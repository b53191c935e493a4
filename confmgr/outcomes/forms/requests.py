"""Action requests as the browser sends them."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.errors import Refused
from confmgr.outcomes.domain import Channel, RequestedAction, Urgency
from confmgr.values import times
from confmgr.web.forms import (
    SHORT,
    EnumField,
    Form,
    VersionField,
    WallDateTimeField,
    WordsField,
    WordsRequired,
    ZoneField,
)

NOTE = 2000
MOST_HOURS = 14 * 24


class WishForm(Form):
    """What the asking party may change as long as nobody has answered."""

    version = VersionField(default=0)
    text = WordsField(_l("In words"), [WordsRequired()], lines=4)
    urgency = EnumField(_l("Urgency"), Urgency)
    channel = EnumField(_l("Channel"), Channel)
    due = WallDateTimeField(_l("Due, by the clock of the party asked"), [Optional()])
    zone = ZoneField(
        _l("Its time zone"),
        [Optional(), SHORT],
        description=_l("Left empty, it is the one of the head of its delegation."),
    )
    hours = IntegerField(_l("Or due in so many hours from now"), [Optional(), NumberRange(1, MOST_HOURS)])
    contact = SelectField(_l("Your contact"), coerce=str, default="")

    def due_time(self, now: datetime, own: str | None) -> tuple[datetime, str] | None:
        """Wall time and zone of the executing party; `own` is the zone that it has if none is written.

        Raises:
            Refused: Both a time and hours, or no zone.
        """
        if self.due.data and self.hours.data:
            raise Refused("due_twice", field="hours")
        if not self.due.data and not self.hours.data:
            return None
        zone = str(self.zone.data or own or "")
        if not zone:
            raise Refused("unknown_zone", field="zone", zone="")
        if self.due.data:
            return self.due.data, zone
        ends = (now + timedelta(hours=self.hours.data or 0)).replace(second=0, microsecond=0)
        return times.wall_time(ends, zone), zone


class RequestForm(WishForm):
    """What one party asks of another."""

    reference = StringField(_l("Your reference"), [InputRequired(), Length(max=39)])
    meeting = SelectField(_l("At the meeting"), coerce=str)
    asked = SelectField(_l("Asked of"), [InputRequired()], coerce=str)
    kind = EnumField(_l("What is asked"), RequestedAction)
    case = SelectField(_l("On the case"), coerce=str, default="")
    cause = SelectField(_l("It rests on"), coerce=str, default="")


class AdvanceForm(Form):
    """How far an action request is, and to whom to turn."""

    version = VersionField(default=0)
    state = RadioField(_l("It is"), [InputRequired()])
    contact = SelectField(_l("Your contact"), coerce=str, default="")
    reason = TextAreaField(
        _l("Reason"),
        [Optional(), Length(max=NOTE)],
        description=_l("Needed when it is declined; the asking side reads it."),
    )
