"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from confmgr.invitations.domain import PartStat
from confmgr.scheduling.forms import MoveToForm
from confmgr.web.forms import CheckboxesField, Form, VersionField

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


class NoteForm(Form):
    """What somebody said by telephone; the answers to choose from are set by the page."""

    said = RadioField(_l("The answer"), [InputRequired()], coerce=PartStat)
    reason = StringField(_l("Reason"), [Optional(), Length(max=500)], description=_l("In the person's own words."))


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
