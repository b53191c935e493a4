"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired

from confmgr.meetings.forms import EditionForm


class CopyForm(EditionForm):
    """The next edition of a meeting."""

    starts_on = DateField(_l("First day"), [InputRequired()])
    places = BooleanField(_l("Places with their seats and opening hours"), default=True)
    parties = BooleanField(_l("Participants, invited anew"), default=True)
    agenda = BooleanField(_l("Agenda items with their texts"), default=True)
    skeleton = BooleanField(_l("Plenaries, breaks and ceremonies at the same times of day"), default=True)
    organisers = BooleanField(_l("Its organisers organise this one too"), default=True)
