"""What the browser may send to this room."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from confmgr.web.forms import Form

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
