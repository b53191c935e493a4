"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.scheduling.forms import MoveToForm
from confmgr.web.forms import CheckboxesField, Form, LanguageField, VersionField

LENGTHS = range(5, 245, 5)
"""Minutes that a meeting of the day may last."""
NOTE = 1000
"""Characters of the note in the list of publications."""


class PublishForm(Form):
    """Publish what the page showed; `seen` is the mark of that preview."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    note = TextAreaField(
        _l("Note for the list of publications"),
        [Optional(), Length(max=NOTE)],
        description=_l("Only organisers read it."),
    )


class FeedForm(Form):
    """A calendar to subscribe to."""

    shows = SelectField(_l("What it shows"), coerce=str)
    language = LanguageField(_l("Language"), default="en")
    without_answered = BooleanField(
        _l("Leave out what I have accepted or declined by mail"),
        description=_l("Your calendar shows those already. Of your own sessions only."),
    )


class BusyFileForm(Form):
    """A calendar file of a delegate's own."""

    file = FileField(
        _l("Calendar file (.ics)"),
        [FileRequired(_l("Choose a file."))],
        description=_l("At most 1 MB. Only the times are read, no titles, notes or people, and nothing is sent."),
    )


class BusyTimesForm(Form):
    """Times that a page showed: minutes from the beginning of the meeting's days, like `540-600 1980-2040`."""

    times = HiddenField(validators=[Length(max=4000)])


class LeaveForm(Form):
    """A delegation does not come, or leaves."""

    reason = StringField(
        _l("Reason"), [InputRequired(), Length(max=300)], description=_l("For the organisers; no mail carries it.")
    )


class SwapForm(Form):
    """Who sits for one side of a session."""

    version = VersionField(default=0)
    people = CheckboxesField(
        _l("Who sits there"), description=_l("Nobody ticked: the whole delegation if it has one team, else its head.")
    )


class MeetForm(MoveToForm):
    """A meeting on the spot: who meets how long, and which of the free slots; comes by GET until one is pressed."""

    delegations = CheckboxesField(_l("Who meets"))
    minutes = IntegerField(_l("Length in minutes"), [InputRequired(), NumberRange(LENGTHS[0], LENGTHS[-1])], default=20)


class SlotForm(MoveToForm):
    """A delegation asks another for a free slot; comes by GET until one is pressed."""

    asked = SelectField(_l("Whom to meet"), coerce=str)
    minutes = IntegerField(_l("Length in minutes"), [InputRequired(), NumberRange(LENGTHS[0], LENGTHS[-1])], default=20)
