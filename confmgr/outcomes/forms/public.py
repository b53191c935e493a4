"""A figure on its way to the public, as the browser sends it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from confmgr.web.forms import Form, VersionField, WallDateTimeField, WordsField, ZoneField


class ProposeForm(Form):
    """Which words go out with a number, when, and who clears it."""

    wording = WordsField(
        _l("Words for the public"), lines=2, description=_l("Stand beside the number; without them its title does.")
    )
    clearing_party = SelectField(_l("Party of the territory, which clears it"), coerce=str)
    embargo = WallDateTimeField(_l("Not before"), [Optional()])
    zone = ZoneField(_l("Time zone"), [Optional()], default="UTC")


class ReleaseForm(Form):
    """The second person's yes."""

    small_numbers = BooleanField(_l("Fewer than five persons: I say that this may go out all the same"))
    version = VersionField(default=0)
