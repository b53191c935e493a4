"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from confmgr.web.forms import Form, WordsField, WordsRequired


class CopyForm(Form):
    """The next edition of a meeting."""

    title = WordsField(_l("Title"), [WordsRequired()])
    slug = StringField(
        _l("Address"),
        [
            InputRequired(),
            Length(max=60),
            Regexp(r"^[a-z0-9-]+$", message=_l("Use small letters, digits and hyphens.")),
        ],
        description=_l("Stands in the address of its pages, like seoul-2."),
    )
    number = IntegerField(_l("Number of the edition"), [InputRequired(), NumberRange(1, 999)])
    starts_on = DateField(_l("First day"), [InputRequired()])
    places = BooleanField(_l("Places with their seats and opening hours"), default=True)
    parties = BooleanField(_l("Participants, invited anew"), default=True)
    agenda = BooleanField(_l("Agenda items with their texts"), default=True)
    skeleton = BooleanField(_l("Plenaries, breaks and ceremonies at the same times of day"), default=True)
    organisers = BooleanField(_l("Its organisers organise this one too"), default=True)
