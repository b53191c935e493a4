"""Issuing and checking reports, as the browser sends it."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length, Optional

from confmgr.web.forms import Form

LARGEST = 10
"""Megabytes of a file that is checked."""


class IssueForm(Form):
    """Nothing but the press of a button."""


class VerifyForm(Form):
    """The number of a report, its file, or both."""

    number = StringField(
        _l("Number of the report"),
        [Optional(), Length(max=60, message=_l("A number has twenty letters and digits, in five groups of four."))],
        description=_l("It stands at the foot of every page."),
    )
    file = FileField(
        _l("File of the report (PDF)"),
        description=_l("At most 10 MB. It is compared and not kept."),
    )
