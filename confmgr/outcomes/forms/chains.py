"""What led to what, as the browser sends it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from confmgr.web import labels
from confmgr.web.forms import EnumField, Form, WordsField


class Way(StrEnum):
    """On which side of a thing another one stands."""

    LED_TO = "led_to"
    CAME_OF = "came_of"


labels.register({Way.LED_TO: _l("It led to"), Way.CAME_OF: _l("It came of")})


class LinkForm(Form):
    """One thing led to another."""

    way = EnumField(_l("Which way"), Way)
    other = SelectField(_l("The other"), [InputRequired()], coerce=str)
    note = WordsField(_l("Note"), lines=2)
    source = SelectField(_l("Source"), coerce=str, default="")
